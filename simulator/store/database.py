"""One SQLite file that several threads and processes share: how it is opened, waited for, and what is said of faults.

A file is of the version before if a table has other columns than are asked for, so whoever changes what a column means
gives it another name.
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
"""Seconds to wait for another's change, which lasts some thousandths of a second."""
_COLUMNS: Final = """
    select t.name, c.name from sqlite_master t, pragma_table_info(t.name) c
    where t.type = 'table' and t.name not like 'sqlite%' order by t.name, c.cid
"""
Row = sqlite3.Row
Values = Mapping[str, Any] | Sequence[Any]


class Database:
    """One file, or memory for as long as the process lasts. What was changed when a change ends outlives the process.

    The threads of a process take turns; so do the changes of all processes.
    """

    def __init__(self, path: Path | None, tables: str, *, holds: str, remedy: str) -> None:
        """Open a file, or make it with these tables (``create table if not exists`` statements).

        ``holds`` says what is in it and ``remedy`` what to do about one that cannot be used, in every StoreError: also
        if it is another version's.
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
            """Let go of the file."""
            self._connection.row_factory = Row
            # Who reads does not wait for another process's change.
            self._connection.execute("pragma journal_mode = wal")
            found = _columns(self._connection)
            if found and found != _columns_of(tables):
                raise StoreError(f"{self._named} are another version's of the simulator. {remedy}")
            self._connection.executescript(f"begin immediate; {tables}; commit")

    def read(self, query: str, values: Values = ()) -> list[Row]:
        """All rows of a query."""
        with self._lock, self._faults("read"):
            return self._connection.execute(query, values).fetchall()

    def first(self, query: str, values: Values = ()) -> Row | None:
        """The first row of a query, if there is one."""
        with self._lock, self._faults("read"):
            row: Row | None = self._connection.execute(query, values).fetchone()
            return row

    @contextmanager
    def change(self) -> Iterator[sqlite3.Connection]:
        """A change that no other overlaps, whole or not at all."""
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
