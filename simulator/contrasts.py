"""One row of a comparison: what paired runs say of one outcome, rounded to what they can say.

A number is printed down to the first significant digit of its own Monte Carlo error and no further. A level has a
larger error than the difference of pairs, so printed levels need not differ by exactly the printed difference.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.paired import (
    Floats,
    PairedDifference,
    decimals_for,
    monte_carlo_error,
    paired_difference,
    rounded,
)

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
    "luck_share",
    "fewer_in",
    "equal_in",
    "runs",
    "baseline_error",
    "scenario_error",
)
_NOTHING: Final = PairedDifference(math.nan, math.nan, math.nan, math.nan, math.nan, 0, 0, 0)


class Described(NamedTuple):
    """What an outcome is called."""

    measure: str
    label: str
    unit: str
    good: str


def contrast(
    described: Described, baseline: Floats, scenario: Floats, draws: NDArray[np.int64], *, to_error: bool
) -> dict[str, Any]:
    """One row with `COLUMNS` from the values of n pairs, each of shape (n,).

    ``draws`` numbers the belief of each pair. Pairs in which nobody was there to be counted (NaN) are left out;
    ``runs`` says how many remain. ``percent`` is the mean difference in per cent of the baseline's mean;
    ``baseline_error`` and ``scenario_error`` are the Monte Carlo errors of the two levels. With ``to_error`` numbers
    are rounded by their Monte Carlo error.
    """
    there = np.isfinite(baseline) & np.isfinite(scenario)
    baseline, scenario, draws = baseline[there], scenario[there], draws[there]
    found = paired_difference(scenario - baseline, draws) if len(draws) else _NOTHING
    level = float(baseline.mean()) if len(draws) else math.nan
    percent = 100.0 * found.mean / level if level else math.nan
    row = {
        **described._asdict(),
        "baseline": level,
        "scenario": float(scenario.mean()) if len(draws) else math.nan,
        "difference": found.mean,
        "low": found.low,
        "high": found.high,
        "percent": percent,
        "monte_carlo_error": found.monte_carlo_error,
        "luck_share": found.luck_share,
        "fewer_in": found.fewer_in,
        "equal_in": found.equal_in,
        "runs": found.runs,
        "baseline_error": monte_carlo_error(baseline, draws),
        "scenario_error": monte_carlo_error(scenario, draws),
    }
    return {**row, **_to_error(row)} if to_error else row


def _to_error(row: Mapping[str, Any]) -> dict[str, float]:
    """The numbers of a row at the places their errors allow."""
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
        "luck_share": rounded(row["luck_share"], 2),
    }
