"""A store keeps each run as it finishes, so that an interrupted ensemble can continue where it stopped.

    runs/<spec>/<seed>-<key>/   one run: tidy Parquet tables and a run record, as `simulator.results` writes them; the
                                record contains the hash of each table and, in a store, its own
    incoming/                   runs being written
    set_aside/                  damaged runs

A run is in the store once its folder is in its place. It is written elsewhere, forced to disk, and renamed, so that a
writer killed at any moment leaves either the complete run or none, and the first of two writers of the same run wins.
`simulator.store.database` is a separate file for other data that several processes share.
"""

from simulator.store.store import Store, StoreCheck, open_store
from simulator.store.storing_executor import StoringExecutor, storing_executor
