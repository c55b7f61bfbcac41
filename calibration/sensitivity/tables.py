"""The tables of a sensitivity analysis, computed from the emulators of its pairs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from calibration.fitting.priors import Z_HIGH
from calibration.fitting.problem import Floats
from calibration.sensitivity.comparison_draws import ComparisonDraws
from calibration.sensitivity.discovery import discover
from calibration.sensitivity.emulators import EMULATORS, DifferenceEmulators, scores_of
from calibration.sensitivity.findings import BOXES, CHANCES, MOVES, VALUES
from calibration.sensitivity.indices import morris, sobol
from calibration.sensitivity.one_way import swing_of
from calibration.sensitivity.pairs import COLUMNS, MONEY
from calibration.sensitivity.screening import detectable_share
from calibration.sensitivity.value_of_information import value_of_information
from simulator.comparison.outcomes import OUTCOMES
from simulator.comparison.paired_statistics import INTERVAL, components_of_variance


@dataclass(frozen=True)
class SensitivityInputs:
    """Emulators (None: no effect was detectable), the parameter draws, and the pairs that were run."""

    emulation: DifferenceEmulators | None
    drawn: ComparisonDraws
    pairs: pd.DataFrame

    @cached_property
    def scores(self) -> Floats:
        """Normal scores of the emulated parameters, shape (draws, parameters)."""
        assert self.emulation is not None
        return scores_of(self.drawn, self.emulation.emulators)

    def moved_by(self, column: str) -> list[str]:
        """The parameters with a detectable effect on a column."""
        return [] if self.emulation is None else self.emulation.moved_by[column]

    def expected(self, column: str) -> Floats:
        """The emulated values of a column at every draw, shape (draws,)."""
        assert self.emulation is not None
        return self.emulation.emulators.expected(column, self.scores)


def emulators(asked: SensitivityInputs) -> pd.DataFrame:
    """Accuracy of the emulators; without any, what the runs could have detected."""
    if asked.emulation is not None:
        return asked.emulation.table
    rows = []
    for column in COLUMNS:
        stochastic = components_of_variance(
            asked.pairs[column].to_numpy(np.float64), asked.pairs["draw"].to_numpy(np.int64)
        )
        draws = asked.pairs["draw"].nunique()
        least = detectable_share(draws, asked.drawn.values.shape[1])
        rows.append((column, 0, 0.0, stochastic.stochastic_share, least, np.nan, draws, len(asked.pairs)))
    return pd.DataFrame(rows, columns=list(EMULATORS))


def moves(asked: SensitivityInputs) -> pd.DataFrame:
    """The parameters that affect each column, strongest first."""
    rows = []
    for column in COLUMNS:
        if asked.emulation is None or not asked.moved_by(column):
            continue
        indices = sobol(asked.emulation.emulators, (column,)).set_index("parameter").to_dict("index")
        effects = morris(asked.emulation.emulators, (column,)).set_index("parameter").to_dict("index")
        for path in asked.moved_by(column):
            drawn = asked.drawn.values[path]
            ends = (float(drawn.quantile(share)) for share in INTERVAL)
            swing = swing_of(asked.emulation, asked.scores, column, path)
            index, effect = indices[path], effects[path]
            measures = (("first", "first_error"), ("total", "total_error"))
            found = [number for name, error in measures for number in _around(index[name], index[error])]
            found += _around(effect["strength"], effect["strength_error"])
            rows.append((column, path, asked.drawn.label(path), asked.drawn.of[path].unit, *ends, *swing, *found))
    table = pd.DataFrame(rows, columns=list(MOVES))
    order = table["column"].map({column: place for place, column in enumerate(COLUMNS)})
    table = table.assign(order=order).sort_values(["order", "total"], ascending=[True, False], ignore_index=True)
    return table.drop(columns="order")


def strongest(table: pd.DataFrame, most: int) -> list[tuple[str, str]]:
    """Columns and paths of the ``most`` strongest parameters, those that affect net cost first."""
    paths = list(dict.fromkeys(table["path"]))[:most]
    return [(str(row["column"]), str(row["path"])) for _, row in table.iterrows() if row["path"] in paths]


def values(asked: SensitivityInputs) -> pd.DataFrame:
    """Value of knowing each parameter that affects net cost before deciding, in pounds a year."""
    paths = asked.moved_by(MONEY)
    if asked.emulation is None or not paths:
        return pd.DataFrame(columns=list(VALUES))
    places = [asked.emulation.emulators.names.index(path) for path in paths]
    known = pd.DataFrame(asked.scores[:, places], columns=paths)
    benefits = pd.DataFrame({"leave": 0.0, "do": -asked.expected(MONEY)})
    found = value_of_information(known, benefits, tuple(paths))
    rows = [
        (row["parameter"], asked.drawn.label(str(row["parameter"])), *_around(row["evppi"], Z_HIGH * row["error"]))
        for row in found.to_dict("records")
    ]
    table = pd.DataFrame(rows, columns=list(VALUES[:-1]))
    return table.assign(share=found["share"].to_numpy(), pounds_low=table["pounds_low"].clip(lower=0.0))


def chances(asked: SensitivityInputs) -> pd.DataFrame:
    """How often the plan costs more, and how often it brings more admissions."""
    rows = []
    for column in COLUMNS:
        happens = "dearer" if column == MONEY else OUTCOMES[column].change(better=False)
        of_draws = float((asked.expected(column) > 0.0).mean()) if asked.moved_by(column) else np.nan
        rows.append((column, happens, float((asked.pairs[column] > 0.0).mean()), of_draws))
    return pd.DataFrame(rows, columns=list(CHANCES))


def boxes(asked: SensitivityInputs) -> pd.DataFrame:
    """Parameter ranges in which the plan costs more or brings more admissions, with the pairs that were run there."""
    rows = [row for column in COLUMNS for row in _boxes(asked, column)]
    return pd.DataFrame(rows, columns=list(BOXES))


def _boxes(asked: SensitivityInputs, column: str) -> Iterator[tuple[Any, ...]]:
    paths = asked.moved_by(column)
    if not paths:
        return
    happens = asked.expected(column) > 0.0
    if happens.all() or not happens.any():
        return
    table = discover(asked.drawn.values, happens, tuple(paths))
    for box, rows in table.groupby("box"):
        inside = _inside(asked, rows)
        run = int(inside.sum())
        density = float((asked.pairs.loc[inside, column] > 0.0).mean()) if run else np.nan
        for row in rows.to_dict("records"):
            path = str(row["parameter"])
            measures = (row["above"], row["up_to"], row["share"], row["density"], row["caught"])
            yield (column, box, path, asked.drawn.label(path), asked.drawn.of[path].unit, *measures, run, density)


def _inside(asked: SensitivityInputs, bounds: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Which pairs have parameters within a box."""
    inside = np.ones(len(asked.pairs), dtype=np.bool_)
    for row in bounds.to_dict("records"):
        drawn = asked.drawn.values[str(row["parameter"])].to_numpy(np.float64)[asked.pairs["draw"]]
        inside &= (drawn > row["above"]) & (drawn <= row["up_to"])
    return inside


def _around(value: float, half: float) -> tuple[float, float, float]:
    return float(value), float(value - half), float(value + half)
