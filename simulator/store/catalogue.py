"""The catalogue of a store: one row a run, in any database that SQLAlchemy speaks to."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError

from simulator.errors import StoreError
from simulator.store.rows import KEY_DIGITS

LAYOUT: Final = 1
"""Version of the store's layout; a store of another layout is refused, never guessed at."""
CATALOGUE: Final = "catalogue.sqlite"
"""The file that a store keeps its own catalogue in."""
PATIENCE: Final = 60.0
"""Seconds to wait for another writer's turn to end; a turn lasts some thousandths of a second."""
_WORD, _TEXT = sa.String(200), sa.Text()
_METADATA: Final = sa.MetaData()
_TURNS: Final = sa.Table(
    "store",
    _METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("layout", sa.Integer, nullable=False),
    sa.Column("turns", sa.BigInteger, nullable=False),
)
RUNS: Final = sa.Table(
    "runs",
    _METADATA,
    sa.Column("key", sa.String(KEY_DIGITS), primary_key=True),
    sa.Column("folder", _WORD, nullable=False, unique=True),  # below the store, with forward slashes
    sa.Column("spec_hash", _WORD, nullable=False, index=True),
    sa.Column("scenario", _WORD, nullable=False),
    sa.Column("place", _WORD, nullable=False),
    sa.Column("residents", sa.BigInteger, nullable=False),
    sa.Column("starts", _WORD, nullable=False),
    sa.Column("weeks", sa.Integer, nullable=False),
    sa.Column("seed", sa.BigInteger, nullable=False),
    sa.Column("parameter_draw", sa.BigInteger),  # NULL: central values
    sa.Column("model_version", _WORD, nullable=False),
    sa.Column("scenario_hash", _WORD, nullable=False),
    sa.Column("place_hash", _WORD, nullable=False),
    sa.Column("evidence_hash", _WORD, nullable=False),
    sa.Column("base_evidence_hash", _WORD, nullable=False),
    sa.Column("versions", _TEXT, nullable=False),  # JSON: library to version
    sa.Column("files", _TEXT, nullable=False),  # JSON: file name to SHA-256
    sa.Column("bytes", sa.BigInteger, nullable=False),
    sa.Column("written", _WORD, nullable=False),  # UTC, ISO 8601
    sa.Column("written_by", _WORD, nullable=False),  # host:process
)


class Kept(NamedTuple):
    """What the catalogue says of one run, as far as reading it goes."""

    key: str
    folder: str
    files: Mapping[str, str]


class Catalogue:
    """The rows of a store. Threads may share it."""

    def __init__(self, url: sa.URL) -> None:
        """Connect to a database, and make the tables if they are not there.

        Raises StoreError if the catalogue is of another layout, SQLAlchemyError if the database cannot be used.
        """
        waits = {"timeout": PATIENCE} if url.get_backend_name() == "sqlite" else {}
        self._engine = sa.create_engine(url, connect_args=waits)
        self._make_tables()

    @contextmanager
    def turn(self) -> Iterator[sa.Connection]:
        """A transaction that no other writer's overlaps, wherever it runs.

        Its first statement changes the one row of ``store``: every database makes the next writer wait for that.
        """
        with self._engine.begin() as connection:
            connection.execute(sa.update(_TURNS).values(turns=_TURNS.c.turns + 1))
            yield connection

    def find(self, key: str, connection: sa.Connection | None = None) -> Kept | None:
        """The run of this key, if the store holds it."""
        query = sa.select(RUNS.c.key, RUNS.c.folder, RUNS.c.files).where(RUNS.c.key == key)
        if connection is None:
            with self._engine.connect() as own:
                row = own.execute(query).first()
        else:
            row = connection.execute(query).first()
        return None if row is None else Kept(row.key, row.folder, json.loads(row.files))

    def any(self) -> bool:
        """Whether there is a row."""
        with self._engine.connect() as connection:
            return connection.execute(sa.select(RUNS.c.key).limit(1)).first() is not None

    def kept(self) -> list[Kept]:
        """Every run, by folder."""
        with self._engine.connect() as connection:
            rows = connection.execute(sa.select(RUNS.c.key, RUNS.c.folder, RUNS.c.files).order_by(RUNS.c.folder))
            return [Kept(row.key, row.folder, json.loads(row.files)) for row in rows]

    def folders(self, connection: sa.Connection, spec_hash: str | None = None) -> set[str]:
        """Folders of all runs, or of those of one specification."""
        query = sa.select(RUNS.c.folder)
        if spec_hash is not None:
            query = query.where(RUNS.c.spec_hash == spec_hash)
        return set(connection.execute(query).scalars())

    def table(self) -> list[dict[str, Any]]:
        """Every row as a dictionary, by scenario, place and seed."""
        order = (RUNS.c.scenario, RUNS.c.place, RUNS.c.spec_hash, RUNS.c.seed, RUNS.c.key)
        with self._engine.connect() as connection:
            return [dict(row) for row in connection.execute(sa.select(RUNS).order_by(*order)).mappings()]

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def _make_tables(self) -> None:
        try:
            _METADATA.create_all(self._engine)
        except (OperationalError, ProgrammingError, IntegrityError):
            # Another process may have made them at the same moment; if not, the next statement says what is wrong.
            _METADATA.create_all(self._engine)
        with self._engine.connect() as connection:
            layout = connection.execute(sa.select(_TURNS.c.layout)).scalar()
        if layout is None:
            layout = self._lay_out()
        if layout != LAYOUT:
            raise StoreError(
                f"{self._engine.url} is a store of layout {layout}; this version of the simulator reads layout "
                f"{LAYOUT}. Name another store."
            )

    def _lay_out(self) -> int:
        try:
            with self._engine.begin() as connection:
                connection.execute(sa.insert(_TURNS).values(id=1, layout=LAYOUT, turns=0))
        except IntegrityError:
            pass  # another process has just done it
        return LAYOUT


def local_catalogue(folder: Path) -> sa.URL:
    """The address of a store's own catalogue, a file in its folder."""
    return sa.URL.create("sqlite", database=str(folder / CATALOGUE))
