"""A store: runs kept one by one as they finish, so that a killed ensemble goes on where it stopped.

    runs/<spec>/<seed>-<key>/   one run: tidy Parquet tables and a run record, as `simulator.results` writes them; the
                                record carries the hash of each table and, for a store, its own
    incoming/                   runs being written
    set_aside/                  runs whose files were not what had been written

A run is in the store when its folder is in its place. It is written beside it, forced to disk, and renamed, so that a
writer may be killed at any moment and leaves the whole run or none, and of two that write the same run the first wins.
`simulator.store.database` is what else is kept in a file that several share.
"""

from simulator.store.store import Store, StoreCheck, open_store
from simulator.store.storing_executor import StoringExecutor, storing_executor

__all__ = ["Store", "StoreCheck", "StoringExecutor", "open_store", "storing_executor"]
