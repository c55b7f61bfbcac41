"""Simulated values cached in one SQLite file as they arrive, so that an interrupted fit resumes where it stopped.

A row is identified by what determines it: the problem's simulation hash, the exact point, and the seed; targets and
priors may change without losing a run. The points that a stage chose are cached too: they depend on emulators, and so
on sums whose last bits may change with the number of threads.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from calibration.fitting.problem import Floats
from simulator.store.database import Database

_TABLES: Final = """
    create table if not exists simulated (
        simulation text not null,
        point text not null,
        seed integer not null,
        outputs blob not null, -- float64, little-endian
        reason text not null,
        primary key (simulation, point, seed)
    );
    create table if not exists chosen (
        fit text not null,
        stage text not null,
        scores blob not null, -- float64, little-endian, one row per point
        parameters integer not null,
        primary key (fit, stage)
    )
"""


class CachedRow(NamedTuple):
    """One simulated row."""

    values: Floats  # (targets + outputs,)
    reason: str


class SimulationCache:
    """A file of simulated rows; with None they are cached in memory for this fit only."""

    def __init__(self, path: str | Path | None) -> None:
        """Open or create the file. Raises StoreError if it cannot be used."""
        remedy = "Name another file, or delete this one and start again"
        self._file = Database(None if path is None else Path(path), _TABLES, holds="the runs of a fit", remedy=remedy)
        self.close = self._file.close

    def find(self, simulation: str, point: Floats, seed: int) -> CachedRow | None:
        """The cached row of a point (in the units of the parameters) and seed, or None."""
        row = self._file.first(
            "select outputs, reason from simulated where simulation = ? and point = ? and seed = ?",
            (simulation, _name(point), seed),
        )
        return None if row is None else CachedRow(_numbers(row["outputs"]), row["reason"])

    def keep(self, simulation: str, point: Floats, seed: int, row: CachedRow) -> None:
        """Cache a row; once this returns it survives a crash."""
        values = (simulation, _name(point), seed, _bytes(row.values), row.reason)
        with self._file.change() as change:
            change.execute("insert or ignore into simulated values (?, ?, ?, ?, ?)", values)

    def rows_of_other_simulations(self, simulation: str) -> int:
        """Number of rows in the file if all belong to other simulations, otherwise 0."""
        query = "select count(*) as rows, coalesce(sum(simulation = ?), 0) as mine from simulated"
        row = self._file.read(query, (simulation,))[0]
        return 0 if row["mine"] else int(row["rows"])

    def chosen(self, fit: str, stage: str) -> Floats | None:
        """The scores that a stage of a fit chose, shape (points, parameters), or None."""
        row = self._file.first("select scores, parameters from chosen where fit = ? and stage = ?", (fit, stage))
        return None if row is None else _numbers(row["scores"]).reshape(-1, row["parameters"])

    def choose(self, fit: str, stage: str, scores: Floats) -> None:
        """Cache the scores that a stage has chosen."""
        with self._file.change() as change:
            values = (fit, stage, _bytes(scores), scores.shape[1])
            change.execute("insert or replace into chosen values (?, ?, ?, ?)", values)


def _name(point: Floats) -> str:
    return hashlib.sha256(_bytes(point)).hexdigest()[:32]


def _bytes(numbers: Floats) -> bytes:
    return np.ascontiguousarray(numbers, dtype="<f8").tobytes()


def _numbers(stored: bytes) -> Floats:
    return np.frombuffer(stored, dtype="<f8").astype(np.float64)
