"""A store: runs kept one by one as they finish, so that a killed ensemble goes on where it stopped.

    runs/<spec>/<seed>-<key>/   one run: tidy Parquet tables and a run record, as `simulator.results.results` writes
    them catalogue.sqlite            one row a run, with the hash of each of its files (or a database of your own)
    incoming/                   runs being written set_aside/                  runs whose files were not what had been
    written

A run is in the store when the catalogue says so. It is written beside its place, forced to disk, renamed into place,
and only then entered, so that a writer may be killed at any moment and leaves the whole run or none. What it left of
none is swept up; a run that is whole but not entered, as after the catalogue was lost, is entered again. Renaming and
entering happen in turns, one writer at a time.
"""

from simulator.store.remembering import Remembering, remembering
from simulator.store.store import Check, Store, open_store

__all__ = ["Check", "Remembering", "Store", "open_store", "remembering"]
