"""Probability of harm: the share of paired runs in which a scenario made an outcome worse, with its interval.

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
from itertools import product
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from simulator.comparison.arms import group_labels, outcome_label, values
from simulator.comparison.comparison import Comparison
from simulator.comparison.outcomes import Measures, names_of
from simulator.comparison.paired_statistics import Floats, monte_carlo_error

CONFIDENCE: Final = 0.95
"""Confidence level of the interval of a probability."""
PROBABLE: Final = 0.80
"""A group counts as harmed if the probability that it is worse off is above this, and the interval above one half."""
EVEN: Final = 0.5
COLUMNS: Final = ("measure", "label", "unit", "chance", "low", "high", "worse_in", "equal_in", "better_in", "runs")


class Chance(NamedTuple):
    """Probability that an outcome is worse, and its interval."""

    chance: float
    low: float
    high: float


def chance_of(happened: NDArray[np.bool_], draws: NDArray[np.int64]) -> Chance:
    """The share of pairs in which an event happened, shape (n,), with its interval; NaN without pairs.

    ``draws`` numbers the parameter draw of each pair, shape (n,).

    >>> found = chance_of(np.array([True] * 9 + [False]), np.arange(10))
    >>> [round(number, 2) for number in found]
    [0.9, 0.55, 1.0]
    """
    n = len(happened)
    if n == 0:
        return Chance(math.nan, math.nan, math.nan)
    share = float(happened.mean())
    error = monte_carlo_error(happened.astype(np.float64), draws)
    n_draws = len(np.unique(draws))
    fewest = n_draws if n_draws > 1 else n  # with a single draw, pairs differ by chance only and are independent
    pairs = min(float(n), max(float(fewest), share * (1.0 - share) / error**2 if error > 0.0 else 0.0))
    low, high = clopper_pearson(share * pairs, pairs)
    return Chance(share, low, high)


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
    """Probability that each measure got worse: one row per measure and group, with the groups before `COLUMNS`.

    Worse means more where less is good, and vice versa. The probability is NaN for measures that have no good
    direction, and for groups without anyone to count. Raises UnknownNameError for an unknown measure.
    """
    labels = list(product(*group_labels(comparison.arms[0], tuple(groups))))
    rows: list[dict[str, Any]] = []
    for measure in names_of(measures):
        words = outcome_label(measure, comparison.basis)
        baseline, scenario = (
            values(arm, measure, groups, comparison.basis).reshape(len(comparison.seeds), -1) for arm in comparison.arms
        )
        for column, label in enumerate(labels):
            row = _row(words.good, scenario[:, column] - baseline[:, column], comparison.draws)
            named = {"measure": words.measure, "label": words.label, "unit": words.unit}
            rows.append({**dict(zip(groups, label, strict=True)), **named, **row})
    return pd.DataFrame(rows, columns=[*groups, *COLUMNS])


def _row(good: str, difference: Floats, draws: NDArray[np.int64]) -> dict[str, Any]:
    there = np.isfinite(difference) & (good != "neither")
    change, draws = difference[there], draws[there]
    worse = change > 0.0 if good == "less" else change < 0.0
    equal = int(np.count_nonzero(change == 0.0))
    found = chance_of(worse, draws)
    worse_in = int(np.count_nonzero(worse))
    better_in = len(change) - worse_in - equal
    return {**found._asdict(), "worse_in": worse_in, "equal_in": equal, "better_in": better_in, "runs": len(change)}


def probably_worse(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of `chances` whose probability is above `PROBABLE` and whose interval lies above one half."""
    return rows[(rows["chance"] > PROBABLE) & (rows["low"] > EVEN)]
