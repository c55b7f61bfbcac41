"""Outcomes of a nation: by place, the spread between places, and totals with one of two intervals.

**Over pairs.** A pair is the whole nation run twice, with one parameter draw that all places share. The 10th and 90th
percentiles of the pairs reflect parameter and stochastic uncertainty. Chance in scaled-down places is that of fewer
people and so is larger than a nation's would be.

**Over places.** The error of the nation's total from adding up this sample of places and their random numbers, by the
spread of places about the common rate: variance ``n / (n - 1) sum e^2`` with ``e = d - r N``, where ``d`` is a place's
difference, ``N`` its residents, and ``r = sum d / sum N`` (the ratio estimator of Cochran 1977, Sampling Techniques,
3rd edition, chapter 6, with places as the sample). It shows how far a nation of other, similar places might differ, and
includes real differences between places. It is available from a single pair, and does not include parameter
uncertainty.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from statistics import NormalDist
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simulator.comparison.comparison import Comparison
from simulator.comparison.outcomes import OUTCOMES
from simulator.comparison.paired_statistics import INTERVAL
from simulator.results.results import SEEDS_PER_DRAW

LEAST_PAIRS: Final = 2 * SEEDS_PER_DRAW
"""Minimum number of pairs (two parameter draws) for an interval over pairs."""
OUTCOME_COLUMNS: Final = (
    "place",
    "title",
    "residents",
    "simulated",
    "factor",
    "measure",
    "label",
    "unit",
    "baseline",
    "scenario",
    "difference",
    "low",
    "high",
    "monte_carlo_error",
    "pairs",
    "fewer_in",
    "rate",
    "rate_unit",
)
"""A place's outcomes: amounts a year, scaled up to its real residents; ``rate`` is the difference per 1,000 residents a
year, or for a ratio the difference itself."""
SPREAD_COLUMNS: Final = (
    "measure",
    "label",
    "rate_unit",
    "places",
    "lowest",
    "low",
    "median",
    "high",
    "highest",
    "residents_with_fewer",
)
"""The spread of ``rate`` between places; low, median and high are percentiles of residents."""


def outcomes_of_place(comparison: Comparison, about: Mapping[str, Any]) -> pd.DataFrame:
    """Outcomes of one place's paired runs, `OUTCOME_COLUMNS`; ``about`` is its name, title, residents and factor."""
    factor = float(about["factor"])
    per_year = comparison.per("year").summary("nation", rounded=False)
    rates = comparison.per("1,000").summary("nation", rounded=False)
    rows = []
    for (_, row), (_, rate) in zip(per_year.iterrows(), rates.iterrows(), strict=True):
        times = 1.0 if OUTCOMES[row["measure"]].per else factor  # a ratio does not grow with residents
        amounts = ("baseline", "scenario", "difference", "low", "high", "monte_carlo_error")
        rows.append(
            {
                **about,
                **{name: row[name] for name in ("measure", "label", "unit", "fewer_in")},
                **{name: times * row[name] for name in amounts},
                "pairs": row["runs"],
                "rate": rate["difference"],
                "rate_unit": rate["unit"],
            }
        )
    return pd.DataFrame(rows, columns=list(OUTCOME_COLUMNS))


def total_table(comparison: Comparison, outcomes: pd.DataFrame) -> pd.DataFrame:
    """The nation's outcomes per year: those of `Comparison.summary`, with ``places_error`` and ``interval``.

    ``interval`` is the kind of interval of low and high: ``pairs``, from `LEAST_PAIRS` on, or else ``places``; ``none``
    for a ratio, or with a single place.
    """
    table = comparison.per("year").summary(rounded=False)
    errors = {
        str(measure): places_error(rows["difference"].to_numpy(), rows["residents"].to_numpy(np.float64))
        for measure, rows in outcomes.groupby("measure", sort=False)
        if not OUTCOMES[str(measure)].per
    }
    table["places_error"] = [errors.get(measure, math.nan) for measure in table["measure"]]
    covers = "pairs" if len(comparison.seeds) >= LEAST_PAIRS else "places"
    if covers == "places":
        half = NormalDist().inv_cdf(INTERVAL[1]) * table["places_error"]
        table["low"], table["high"] = table["difference"] - half, table["difference"] + half
    table["interval"] = np.where(table["low"].notna(), covers, "none")
    return table


def places_error(differences: NDArray[np.float64], residents: NDArray[np.float64]) -> float:
    """Standard error of the sum of places' differences as a ratio estimate; NaN for fewer than two places.

    >>> places_error(np.array([2.0, 4.0]), np.array([1.0, 2.0]))
    0.0
    >>> places_error(np.array([3.0, 1.0]), np.array([1.0, 1.0]))
    2.0
    """
    count = len(differences)
    if count < 2:
        return math.nan
    rest = differences - differences.sum() / residents.sum() * residents
    return math.sqrt(count / (count - 1) * float((rest**2).sum()))


def spread_table(outcomes: pd.DataFrame) -> pd.DataFrame:
    """Differences between places in the scenario's effects, one row per measure, with `SPREAD_COLUMNS`."""
    rows = []
    for measure, places in outcomes.groupby("measure", sort=False):
        rates, residents = places["rate"].to_numpy(np.float64), places["residents"].to_numpy(np.float64)
        low, median, high = (weighted_percentile(rates, residents, share) for share in (INTERVAL[0], 0.5, INTERVAL[1]))
        fewer = float(residents[rates < 0.0].sum() / residents.sum())
        front = (str(measure), places["label"].iloc[0], places["rate_unit"].iloc[0], len(places))
        rows.append((*front, rates.min(), low, median, high, rates.max(), fewer))
    return pd.DataFrame(rows, columns=list(SPREAD_COLUMNS))


def weighted_percentile(values: NDArray[np.float64], weights: NDArray[np.float64], share: float) -> float:
    """The smallest value with at least ``share`` of the total weight at or below it.

    >>> weighted_percentile(np.array([3.0, 1.0, 2.0]), np.array([1.0, 1.0, 8.0]), 0.5)
    2.0
    """
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(reached, share * reached[-1])])


def interval_text(table: pd.DataFrame, pairs: int, places: int) -> str:
    """A sentence on the intervals of a nation's totals."""
    covered: Sequence[str] = [str(name) for name in table["interval"]]
    if "pairs" in covered:
        return (
            f"Ranges (80 %) are those of {pairs} pairs of the whole nation. They reflect what the model leaves out, "
            "parameter uncertainty, the same in all places of a pair, and chance variation, which is overstated if "
            "places are scaled down."
        )
    if "places" in covered:
        return (
            f"Intervals (80 %) come from the spread of {places} places: the results that other, similar places might "
            f"give. They do not include parameter uncertainty; run {LEAST_PAIRS} pairs or more to include it."
        )
    return "No interval can be given. Run more pairs, or more places."
