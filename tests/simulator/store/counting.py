"""Counting in a shared database, by which tests see that no change is lost."""

from __future__ import annotations

from contextlib import closing

from simulator.store.database import Database

TABLES = "create table if not exists counts (name text primary key, number integer not null)"


def opened(path):
    return closing(Database(path, TABLES, holds="the counts", remedy="Move it away."))


def count(database):
    with database.change() as change:
        change.execute("insert or ignore into counts values ('all', 0)")
        (number,) = change.execute("select number from counts").fetchone()
        change.execute("update counts set number = ?", (number + 1,))
