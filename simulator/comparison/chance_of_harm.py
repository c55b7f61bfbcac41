"""Probability of harm: the chance that a scenario makes an outcome worse by more than matters, with its interval.

A share of n pairs is itself uncertain, and pairs that share a parameter draw are worth less than independent ones. Its
interval is that of Clopper and Pearson (1934, Biometrika 26:404) at the effective number of pairs p (1 - p) / error^2,
with the error of `simulator.comparison.paired_statistics.monte_carlo_error`: Korn EL and Graubard BI 1998, Confidence
intervals for proportions with small expected number of positive counts estimated from survey data, Survey Methodology
24:193. The effective number is at least the number of parameter draws, which is used where all pairs agree and the
error is 0, and at most the number of pairs.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from simulator.comparison.arms import values
from simulator.comparison.comparison import Comparison
from simulator.comparison.outcomes import Measures
from simulator.comparison.paired_statistics import Floats, widened
from simulator.comparison.verdict import effective_pairs

CONFIDENCE: Final = 0.95
"""Confidence level of the interval of a probability."""
COLUMNS: Final = (
    "measure",
    "label",
    "unit",
    "matters",
    "difference",
    "difference_low",
    "difference_high",
    "monte_carlo_error",
    "verdict",
    "chance",
    "low",
    "high",
    "worse_in",
    "small_in",
    "better_in",
    "runs",
)


def interval_of(happened: NDArray[np.bool_], draws: NDArray[np.int64]) -> tuple[float, float]:
    """The interval of the share of pairs in which an event happens; NaN without pairs.

    ``happened`` is of shape (n,), ``draws`` numbers the parameter draw of each pair, shape (n,).

    >>> [round(end, 2) for end in interval_of(np.array([True] * 9 + [False]), np.arange(10))]
    [0.55, 1.0]
    """
    if len(happened) == 0:
        return math.nan, math.nan
    pairs = effective_pairs(happened, draws)
    return clopper_pearson(float(happened.mean()) * pairs, pairs)


def clopper_pearson(events: float, trials: float) -> tuple[float, float]:
    """Interval of a probability after ``events`` in ``trials``, which need not be whole numbers.

    Clopper and Pearson 1934, from beta quantiles.

    >>> [round(end, 3) for end in clopper_pearson(0, 10)]
    [0.0, 0.308]
    """
    tail = (1.0 - CONFIDENCE) / 2.0
    low = float(special.betaincinv(events, trials - events + 1.0, tail)) if events > 0.0 else 0.0
    high = float(special.betaincinv(events + 1.0, trials - events, 1.0 - tail)) if events < trials else 1.0
    return low, high


def chances(comparison: Comparison, measures: Measures = "chances", groups: Sequence[str] = ()) -> pd.DataFrame:
    """Chance that each measure gets worse by more than matters: one row per measure and group, groups before `COLUMNS`.

    Worse means more where less is good, and vice versa. The chance is NaN for measures that have no good
    direction, and for groups without anyone to count. Raises UnknownNameError for an unknown measure.
    """
    table = comparison.by(*groups, measures=measures, rounded=False)
    rows = []
    for measure, mine in table.groupby("measure", sort=False):
        baseline, scenario = (
            values(arm, str(measure), groups, comparison.basis).reshape(len(comparison.seeds), -1)
            for arm in comparison.arms
        )
        for column, (_, row) in enumerate(mine.iterrows()):
            found = _chance_row(row, scenario[:, column] - baseline[:, column], comparison.draws)
            rows.append({**{name: row[name] for name in groups}, **found})
    return pd.DataFrame(rows, columns=[*groups, *COLUMNS])


def _chance_row(row: pd.Series[Any], difference: Floats, draws: NDArray[np.int64]) -> dict[str, Any]:
    there = np.isfinite(difference) & (row["good"] != "neither")
    change, draws = difference[there], draws[there]
    sign = 1.0 if row["good"] == "less" else -1.0
    worse, better = sign * change > row["matters"], sign * change < -row["matters"]
    counts = {"worse_in": int(worse.sum()), "better_in": int(better.sum()), "runs": len(change)}
    side = "more" if row["good"] == "less" else "less"
    chance = row[f"{side}_chance"] if counts["runs"] else math.nan
    ends = {"chance": chance, "difference_low": row["low"], "difference_high": row["high"]}
    small = {"small_in": counts["runs"] - counts["worse_in"] - counts["better_in"]}
    interval = interval_of(sign * widened(change) > row["matters"], draws) if len(change) else (math.nan, math.nan)
    return {**row, **ends, **dict(zip(("low", "high"), interval, strict=True)), **counts, **small}


def probably_worse(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of `chances` whose verdict is that they are worse."""
    return rows[rows["verdict"] == "worse"]
