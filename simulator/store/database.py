"""One SQLite file shared by several threads and processes: opening, locking and error messages.

A file whose tables have other columns than expected is taken to be from another version, so a column whose meaning
changes must be renamed.
"""

from __future__ import annotations

import sqlite3
import threading
import weakref
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

from simulator.errors import StoreError

PATIENCE: Final = 60.0
"""Seconds to wait for another process's change, which takes a few milliseconds."""
_COLUMNS: Final = """
    select t.name, c.name from sqlite_master t, pragma_table_info(t.name) c
    where t.type = 'table' and t.name not like 'sqlite%' order by t.name, c.cid
"""
Row = sqlite3.Row
Values = Mapping[str, Any] | Sequence[Any]


class Database:
    """An SQLite file, or a database in memory. Committed changes outlive the process.

    Threads of a process take turns, and so do changes by all processes.
    """

    def __init__(self, path: Path | None, tables: str, *, holds: str, remedy: str) -> None:
        """Open a file, or create it with these tables (``create table if not exists`` statements).

        Every StoreError, also about a file of another version, names the content (``holds``) and advises ``remedy``.
        """
        self._named, self._remedy = f"{holds} in {path or 'memory'}", remedy
        self._lock = threading.RLock()
        with self._faults("opened", (sqlite3.Error, OSError)):
            if path is not None:
                path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(
                path or ":memory:", timeout=PATIENCE, isolation_level=None, check_same_thread=False
            )
            self.close = weakref.finalize(self, self._connection.close)
            """Close the file."""
            self._connection.row_factory = Row
            # Reading does not wait for another process's change.
            self._connection.execute("pragma journal_mode = wal")
            found = _columns(self._connection)
            if found and found != _columns_of(tables):
                raise StoreError(f"{self._named} were written by another version of the simulator. {remedy}")
            self._connection.executescript(f"begin immediate; {tables}; commit")

    def read(self, query: str, values: Values = ()) -> list[Row]:
        """All rows of a query."""
        with self._lock, self._faults("read"):
            return self._connection.execute(query, values).fetchall()

    def first(self, query: str, values: Values = ()) -> Row | None:
        """The first row of a query, or None."""
        with self._lock, self._faults("read"):
            row: Row | None = self._connection.execute(query, values).fetchone()
            return row

    @contextmanager
    def change(self) -> Iterator[sqlite3.Connection]:
        """An exclusive change, made completely or not at all."""
        with self._lock, self._faults("written"):
            self._connection.execute("begin immediate")
            with self._connection:
                yield self._connection

    @contextmanager
    def _faults(self, doing: str, kinds: tuple[type[Exception], ...] = (sqlite3.Error,)) -> Iterator[None]:
        try:
            yield
        except kinds as error:
            raise StoreError(f"{self._named} cannot be {doing}: {error}. {self._remedy}") from error


def _columns(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    return [(row[0], row[1]) for row in connection.execute(_COLUMNS)]


def _columns_of(tables: str) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(":memory:")) as empty:
        empty.executescript(tables)
        return _columns(empty)
