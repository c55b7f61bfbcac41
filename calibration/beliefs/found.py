"""What was found of a decision and its beliefs, as tidy frames."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

import pandas as pd

from calibration.beliefs.running import COLUMNS
from simulator.results_folder import read_tables, write_tables

__all__ = ["COLUMNS", "MOVES", "VALUES", "Sensitivity"]

MOVES: Final = (
    "column", "path", "label", "unit", "believed_low", "believed_high", "swing", "swing_low", "swing_high",
    "first", "first_low", "first_high", "total", "total_low", "total_high", "morris", "morris_low", "morris_high",
)  # fmt: skip
VALUES: Final = ("path", "label", "pounds", "pounds_low", "pounds_high", "share")
BOXES: Final = (
    "column", "box", "path", "label", "unit", "above", "up_to", "share", "density", "caught", "run", "run_density",
)  # fmt: skip
CHANCES: Final = ("column", "happens", "of_pairs", "of_draws")


@dataclass(frozen=True)
class Sensitivity:
    """Which beliefs move the difference that a scenario makes, and what it would be worth to know them.

    Amounts are a year, for the place. ``moves``: one row an outcome and belief that can be told to move it (`MOVES`):
    believed_low and believed_high are the ends of its central 80 %, ``swing`` what going from the one to the other
    changes with all else as believed (low and high: the middle 80 % over all else), ``first`` and ``total`` Sobol
    indices with 95 % intervals, ``morris`` Morris' mean modulus of an elementary effect with its 95 % interval.
    ``value``: what knowing a belief before deciding is worth, in pounds, with 95 % interval (`VALUES`).
    ``boxes``: where beliefs make it dearer, or bring more admissions (`BOXES`): share of beliefs, density and caught as
    in `calibration.fitting.discover`; run and run_density are the pairs simulated there and the part of them that did.
    ``chances``: how often that happens at all, of the pairs run and of the draws as emulated (`CHANCES`).
    ``check``: emulated beside simulated anew (`calibration.beliefs.moving.CHECK`). ``emulators``: see
    `calibration.beliefs.standing.Standing`. ``pairs``: every pair run: seed, draw, differences, beliefs told apart.
    """

    moves: pd.DataFrame
    value: pd.DataFrame
    boxes: pd.DataFrame
    chances: pd.DataFrame
    check: pd.DataFrame
    emulators: pd.DataFrame
    pairs: pd.DataFrame
    record: Mapping[str, Any]

    @property
    def frames(self) -> dict[str, pd.DataFrame]:
        """Every frame by name."""
        return {field.name: getattr(self, field.name) for field in fields(self) if field.name != "record"}

    def findings(self) -> tuple[str, ...]:
        """What was found, in sentences."""
        from calibration.beliefs.words import findings

        return tuple(findings(self))

    @classmethod
    def read(cls, folder: str | Path) -> Sensitivity:
        """What `write` wrote. Raises ResultsError if the folder holds none."""
        names = tuple(field.name for field in fields(cls) if field.name != "record")
        tables, record = read_tables(Path(folder), names)
        return cls(**tables, record=record)

    def write(self, folder: str | Path) -> Path:
        """Write every frame (Parquet) and the run record into a folder, all or nothing; return the folder.

        The record then holds the findings too, so that who shows them needs nothing that made them.

        Raises ResultsError if the folder holds something other than results.
        """
        write_tables(Path(folder), self.frames, {**self.record, "findings": list(self.findings())})
        return Path(folder)
