"""Simulated values kept in one SQLite file as they arrive, so that a killed fit goes on where it stopped.

A row is kept under what decides it: the problem's simulation hash, the point to the last bit, and the seed; targets and
priors may change without losing a run. The points that a stage chose are kept too, for a wave's choice rests on
emulators, and these on sums whose last bits another number of threads may change.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import sqlalchemy as sa

from calibration.fitting.problem import Floats
from simulator.errors import StoreError

_METADATA: Final = sa.MetaData()
_RUNS: Final = sa.Table(
    "simulated",
    _METADATA,
    sa.Column("simulation", sa.String(16), primary_key=True),
    sa.Column("point", sa.String(32), primary_key=True),
    sa.Column("seed", sa.BigInteger, primary_key=True),
    sa.Column("outputs", sa.LargeBinary, nullable=False),  # float64, little-endian
    sa.Column("reason", sa.Text, nullable=False),
)
_CHOSEN: Final = sa.Table(
    "chosen",
    _METADATA,
    sa.Column("fit", sa.String(32), primary_key=True),
    sa.Column("stage", sa.String(40), primary_key=True),
    sa.Column("scores", sa.LargeBinary, nullable=False),  # float64, little-endian, one row a point
    sa.Column("parameters", sa.Integer, nullable=False),
)
_PATIENCE: Final = 60.0  # seconds to wait for another process that writes


class Kept(NamedTuple):
    """One simulated row."""

    values: Floats  # (targets + outputs,)
    reason: str


class Memory:
    """A file of simulated rows; with None they are remembered for the length of the fit only."""

    def __init__(self, path: str | Path | None) -> None:
        """Open the file, or make it. Raises StoreError if it cannot be used."""
        self._shown = "memory" if path is None else str(path)
        with self._told("opened"):
            if path is not None:
                Path(path).parent.mkdir(parents=True, exist_ok=True)
            where = sa.URL.create("sqlite", database=None if path is None else str(path))
            self._engine = sa.create_engine(where, connect_args={"timeout": _PATIENCE})
            sa.event.listen(self._engine, "connect", _write_ahead)
            _METADATA.create_all(self._engine)

    def find(self, simulation: str, point: Floats, seed: int) -> Kept | None:
        """The row of a point (in the parameters' units) and seed, if it was kept."""
        query = sa.select(_RUNS.c.outputs, _RUNS.c.reason).where(
            _RUNS.c.simulation == simulation, _RUNS.c.point == _name(point), _RUNS.c.seed == seed
        )
        with self._told("read"), self._engine.connect() as connection:
            row = connection.execute(query).first()
        return None if row is None else Kept(_numbers(row.outputs), row.reason)

    def keep(self, simulation: str, point: Floats, seed: int, row: Kept) -> None:
        """Keep a row; when this returns it outlives the process."""
        values = {
            "simulation": simulation,
            "point": _name(point),
            "seed": seed,
            "outputs": _bytes(row.values),
            "reason": row.reason,
        }
        with self._told("written"), self._engine.begin() as connection:
            connection.execute(sa.insert(_RUNS).prefix_with("OR IGNORE"), values)

    def chosen(self, fit: str, stage: str) -> Floats | None:
        """The scores that a stage of a fit chose, shape (points, parameters)."""
        query = sa.select(_CHOSEN.c.scores, _CHOSEN.c.parameters).where(_CHOSEN.c.fit == fit, _CHOSEN.c.stage == stage)
        with self._told("read"), self._engine.connect() as connection:
            row = connection.execute(query).first()
        return None if row is None else _numbers(row.scores).reshape(-1, row.parameters)

    def choose(self, fit: str, stage: str, scores: Floats) -> None:
        """Keep the scores that a stage has chosen."""
        values = {"fit": fit, "stage": stage, "scores": _bytes(scores), "parameters": scores.shape[1]}
        with self._told("written"), self._engine.begin() as connection:
            connection.execute(sa.insert(_CHOSEN).prefix_with("OR REPLACE"), values)

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()

    @contextmanager
    def _told(self, deed: str) -> Iterator[None]:
        try:
            yield
        except (sa.exc.SQLAlchemyError, OSError) as error:
            cause = str(getattr(error, "orig", None) or error)
            raise StoreError(f"the fit's runs cannot be {deed} in {self._shown}: {cause}. Name another file") from error


def _write_ahead(connection: Any, _record: object) -> None:
    """A killed process loses nothing that was committed, and a commit does not wait for the disk's platter."""
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")


def _name(point: Floats) -> str:
    return hashlib.sha256(_bytes(point)).hexdigest()[:32]


def _bytes(numbers: Floats) -> bytes:
    return np.ascontiguousarray(numbers, dtype="<f8").tobytes()


def _numbers(stored: bytes) -> Floats:
    return np.frombuffer(stored, dtype="<f8").astype(np.float64)
