"""One row of a comparison: levels, difference, range, errors and verdict of one outcome.

Each number is printed down to the first significant digit of its own Monte Carlo error. A level has a larger error than
the difference of pairs, so printed levels need not differ by exactly the printed difference.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.comparison.paired_statistics import (
    NOTHING,
    Floats,
    decimals_for,
    monte_carlo_error,
    paired_difference,
    rounded,
)
from simulator.comparison.verdict import three_chances, verdict

COLUMNS: Final = (
    "measure",
    "label",
    "unit",
    "good",
    "baseline",
    "scenario",
    "difference",
    "low",
    "high",
    "percent",
    "monte_carlo_error",
    "stochastic_share",
    "fewer_in",
    "equal_in",
    "runs",
    "baseline_error",
    "scenario_error",
    "matters",
    "less_chance",
    "small_chance",
    "more_chance",
    "verdict",
)
_FROM_THE_MEAN: Final = "SD"
"""Unit of outcomes measured from their mean, which is near 0: a difference in per cent of it has no meaning."""


class OutcomeLabel(NamedTuple):
    """Name, label and unit of an outcome, and which direction is good."""

    measure: str
    label: str
    unit: str
    good: str


class Pairs(NamedTuple):
    """The values of n pairs, each of shape (n,), and the number of each pair's parameter draw."""

    baseline: Floats
    scenario: Floats
    draws: NDArray[np.int64]


def contrast(described: OutcomeLabel, pairs: Pairs, matters: float, *, to_error: bool) -> dict[str, Any]:
    """One row with `COLUMNS` from the values of n pairs.

    Pairs without anyone to count (NaN) are left out; ``runs`` is the number that remain. ``percent`` is the mean
    difference in per cent of the baseline's mean, NaN for outcomes in standard deviations; ``baseline_error`` and
    ``scenario_error`` are the Monte Carlo errors of the two levels. ``matters`` is the smallest difference that
    matters; where it is NaN the difference is not judged, and ``verdict`` is empty. With ``to_error`` numbers are
    rounded by their Monte Carlo error.
    """
    there = np.isfinite(pairs.baseline) & np.isfinite(pairs.scenario)
    baseline, scenario, draws = pairs.baseline[there], pairs.scenario[there], pairs.draws[there]
    found = paired_difference(scenario - baseline, draws) if len(draws) else NOTHING
    level = float(baseline.mean()) if len(draws) else math.nan
    percent = 100.0 * found.mean / level if level and described.unit != _FROM_THE_MEAN else math.nan
    sure = three_chances(scenario - baseline, draws, matters)
    row = {
        **described._asdict(),
        "baseline": level,
        "scenario": float(scenario.mean()) if len(draws) else math.nan,
        "difference": found.mean,
        "low": found.low,
        "high": found.high,
        "percent": percent,
        "monte_carlo_error": found.monte_carlo_error,
        "stochastic_share": found.stochastic_share,
        "fewer_in": found.fewer_in,
        "equal_in": found.equal_in,
        "runs": found.runs,
        "baseline_error": monte_carlo_error(baseline, draws),
        "scenario_error": monte_carlo_error(scenario, draws),
        "matters": matters,
        **{f"{name}_chance": share for name, share in sure._asdict().items()},
        "verdict": "" if math.isnan(matters) else verdict(sure, described.good),
    }
    return {**row, **_to_error(row)} if to_error else row


def _to_error(row: Mapping[str, Any]) -> dict[str, float]:
    """The numbers of a row, each rounded by its error."""
    error, difference = row["monte_carlo_error"], row["difference"]
    places = decimals_for(error, difference)
    levels = ("baseline", "scenario")
    errors = ("monte_carlo_error", "baseline_error", "scenario_error")
    percent_error = 100.0 * error / abs(row["baseline"]) if row["baseline"] else math.nan
    return {
        **{name: rounded(row[name], decimals_for(row[f"{name}_error"], row[name])) for name in levels},
        **{name: rounded(row[name], places) for name in ("difference", "low", "high")},
        "percent": rounded(row["percent"], decimals_for(percent_error, row["percent"])),
        **{name: rounded(row[name], 1 + decimals_for(row[name], row[name])) for name in errors},
        "matters": rounded(row["matters"], decimals_for(math.nan, row["matters"])),
        **{name: rounded(row[name], 2) for name in ("stochastic_share", "less_chance", "small_chance", "more_chance")},
    }
