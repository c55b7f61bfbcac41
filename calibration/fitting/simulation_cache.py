"""Simulated values kept in one SQLite file as they arrive, so that a killed fit goes on where it stopped.

A row is kept under what decides it: the problem's simulation hash, the point to the last bit, and the seed; targets and
priors may change without losing a run. The points that a stage chose are kept too, for a wave's choice rests on
emulators, and these on sums whose last bits another number of threads may change.
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
        scores blob not null, -- float64, little-endian, one row a point
        parameters integer not null,
        primary key (fit, stage)
    )
"""


class CachedRow(NamedTuple):
    """One simulated row."""

    values: Floats  # (targets + outputs,)
    reason: str


class SimulationCache:
    """A file of simulated rows; with None they are remembered for the length of the fit only."""

    def __init__(self, path: str | Path | None) -> None:
        """Open the file, or make it. Raises StoreError if it cannot be used."""
        remedy = "Name another file, or delete this one and begin anew"
        self._file = Database(None if path is None else Path(path), _TABLES, holds="the runs of a fit", remedy=remedy)
        self.close = self._file.close

    def find(self, simulation: str, point: Floats, seed: int) -> CachedRow | None:
        """The row of a point (in the parameters' units) and seed, if it was kept."""
        row = self._file.first(
            "select outputs, reason from simulated where simulation = ? and point = ? and seed = ?",
            (simulation, _name(point), seed),
        )
        return None if row is None else CachedRow(_numbers(row["outputs"]), row["reason"])

    def keep(self, simulation: str, point: Floats, seed: int, row: CachedRow) -> None:
        """Keep a row; when this returns it outlives the process."""
        values = (simulation, _name(point), seed, _bytes(row.values), row.reason)
        with self._file.change() as change:
            change.execute("insert or ignore into simulated values (?, ?, ?, ?, ?)", values)

    def of_others(self, simulation: str) -> int:
        """How many rows there are, if none is of this simulation."""
        query = "select count(*) as rows, coalesce(sum(simulation = ?), 0) as mine from simulated"
        row = self._file.read(query, (simulation,))[0]
        return 0 if row["mine"] else int(row["rows"])

    def chosen(self, fit: str, stage: str) -> Floats | None:
        """The scores that a stage of a fit chose, shape (points, parameters)."""
        row = self._file.first("select scores, parameters from chosen where fit = ? and stage = ?", (fit, stage))
        return None if row is None else _numbers(row["scores"]).reshape(-1, row["parameters"])

    def choose(self, fit: str, stage: str, scores: Floats) -> None:
        """Keep the scores that a stage has chosen."""
        with self._file.change() as change:
            values = (fit, stage, _bytes(scores), scores.shape[1])
            change.execute("insert or replace into chosen values (?, ?, ?, ?)", values)


def _name(point: Floats) -> str:
    return hashlib.sha256(_bytes(point)).hexdigest()[:32]


def _bytes(numbers: Floats) -> bytes:
    return np.ascontiguousarray(numbers, dtype="<f8").tobytes()


def _numbers(stored: bytes) -> Floats:
    return np.frombuffer(stored, dtype="<f8").astype(np.float64)
