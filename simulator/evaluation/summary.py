"""Summary of many studies of one design: mean estimate, true effect, bias, and how often intervals mislead."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
import pandas as pd

from simulator.comparison.paired_statistics import INTERVAL, Floats, monte_carlo_error, percentile
from simulator.evaluation.truth import PARTS
from simulator.results.results import parameter_draw_of

COLUMNS: Final = (
    "design",
    "effect_on",
    "studies",
    "people",
    "comparators",
    "rate",
    "expected",
    "difference",
    "low",
    "high",
    "true_difference",
    "bias",
    "bias_error",
    "percent",
    "true_percent",
    "percent_error",
    "percent_low",
    "percent_high",
    "true_percent_error",
    "true_percent_low",
    "true_percent_high",
    "missed_in",
    "found_less_in",
    "found_more_in",
)
PARTS_COLUMNS: Final = ("part", "difference", "points", "points_error", "points_low", "points_high")


def summary_of(estimates: pd.DataFrame) -> pd.DataFrame:
    """One row per design and group that the effect is on, over the studies that were possible.

    ``people`` and ``comparators`` are means per study; ``rate``, ``expected``, ``difference``, ``low`` and ``high`` are
    means of the studies' results, per person-year, and ``true_difference`` of the true effect on the same people.
    ``bias`` is their difference, ``bias_error`` its standard error over studies. ``percent`` is the mean difference
    in per cent of the mean expected rate, ``true_percent`` the same for the true effect; NaN if the expected rate is 0
    or negative, as it can be in a small study; both have their Monte Carlo ``error``. ``percent_low`` and
    ``percent_high`` are ``low`` and ``high`` in per cent; ``true_percent_low`` and ``true_percent_high`` the 10th and
    90th percentiles of the true effect over studies. ``missed_in`` counts studies whose 95 % interval does not contain
    the true effect, ``found_less_in`` and ``found_more_in`` those whose interval lies wholly below and above 0.
    """
    rows = [
        _row(str(design), str(effect_on), table)
        for (design, effect_on), table in estimates.groupby(["design", "effect_on"], sort=False)
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def parts_of(estimates: pd.DataFrame, parts: pd.DataFrame) -> pd.DataFrame:
    """The mean before-after difference by part: part, difference per person-year, points of the year before [%].

    The rows add up to the difference of `summary_of`. ``points_error`` is the Monte Carlo error, ``points_low`` and
    ``points_high`` the 10th and 90th percentiles of studies. Empty if there is no before-after study.
    """
    studies = estimates[(estimates["design"].isin(parts["design"])) & estimates["difference"].notna()]
    made = parts[parts["seed"].isin(studies["seed"])]
    before = float(studies["expected"].mean()) if len(studies) else math.nan
    rows = []
    for part in PARTS:
        mine = made[made["part"] == part]
        if len(mine):
            found = mine["difference"].to_numpy(np.float64)
            error = _percent(_shared_error(found, mine["seed"]), before)
            rows.append((part, float(found.mean()), _percent(found.mean(), before), error, *_ends(found, before)))
    return pd.DataFrame(rows, columns=list(PARTS_COLUMNS))


def loneliness_summary_of(loneliness: pd.DataFrame) -> pd.DataFrame:
    """One row per design, group that the effect is on and weeks after week 0, over the studies that were possible.

    Means over studies of the columns of `simulator.evaluation.loneliness`; the shares of lonely people who no longer
    are count every lonely person of every study once. ``difference_error`` is the Monte Carlo error of the mean,
    ``bias`` the mean difference minus the mean true one, ``bias_error`` its standard error; ``missed_in``,
    ``found_less_in`` and ``found_more_in`` are as in `summary_of`.
    """
    rows = [
        {"design": design, "effect_on": effect_on, "weeks": weeks, **_lonely_row(table)}
        for (design, effect_on, weeks), table in loneliness.groupby(["design", "effect_on", "weeks"], sort=False)
    ]
    return pd.DataFrame(rows)


def _lonely_row(table: pd.DataFrame) -> dict[str, Any]:
    made = table[table["difference"].notna() & table["true_difference"].notna()]
    bias = (made["difference"] - made["true_difference"]).to_numpy(np.float64)
    outside = (made["true_difference"] < made["low"]) | (made["true_difference"] > made["high"])
    by_number = {
        name: _weighted(made, name, "surveyed_lonely" if name.startswith("surveyed") else "lonely")
        for name in made.columns
        if "no_longer" in name
    }
    means = made.drop(columns=["seed", "design", "effect_on", "weeks"]).mean().to_dict()
    return {
        "studies": len(made),
        **{str(name): value for name, value in means.items()},
        **by_number,
        "difference_error": _shared_error(made["difference"].to_numpy(np.float64), made["seed"]),
        "bias": float(bias.mean()) if len(bias) else math.nan,
        "bias_error": _error(bias),
        "missed_in": int(outside.sum()),
        "found_less_in": int((made["high"] < 0.0).sum()),
        "found_more_in": int((made["low"] > 0.0).sum()),
    }


def _weighted(made: pd.DataFrame, name: str, by: str) -> float:
    """Mean of a column, weighted by another; NaN if no row has both."""
    values, weights = (made[column].to_numpy(np.float64) for column in (name, by))
    known = ~np.isnan(values) & (weights > 0.0)
    return float(np.average(values[known], weights=weights[known])) if known.any() else math.nan


def _row(design: str, effect_on: str, table: pd.DataFrame) -> dict[str, Any]:
    made = table[table["difference"].notna() & table["true_difference"].notna()]
    reported, true = (made[name].to_numpy(np.float64) for name in ("difference", "true_difference"))
    bias = reported - true
    means = made.mean(numeric_only=True)
    true_expected = means["true_expected"]
    true_low, true_high = _ends(true, true_expected)
    outside = (made["true_difference"] < made["low"]) | (made["true_difference"] > made["high"])
    return {
        "design": design,
        "effect_on": effect_on,
        "studies": len(made),
        **{
            name: float(means[name])
            for name in ("people", "comparators", "rate", "expected", "difference", "low", "high", "true_difference")
        },
        "bias": float(bias.mean()) if len(bias) else math.nan,
        "bias_error": _error(bias),
        "percent": _percent(means["difference"], means["expected"]),
        "true_percent": _percent(means["true_difference"], true_expected),
        "percent_error": _percent(_shared_error(reported, made["seed"]), means["expected"]),
        "percent_low": _percent(means["low"], means["expected"]),
        "percent_high": _percent(means["high"], means["expected"]),
        "true_percent_error": _percent(_shared_error(true, made["seed"]), true_expected),
        "true_percent_low": true_low,
        "true_percent_high": true_high,
        "missed_in": int(outside.sum()),
        "found_less_in": int((made["high"] < 0.0).sum()),
        "found_more_in": int((made["low"] > 0.0).sum()),
    }


def _percent(difference: float, expected: float) -> float:
    return 100.0 * float(difference) / float(expected) if np.isfinite(expected) and expected > 0.0 else math.nan


def _error(over_studies: Floats) -> float:
    """The standard error of a mean over studies; NaN for a single study."""
    return float(over_studies.std(ddof=1) / math.sqrt(len(over_studies))) if len(over_studies) > 1 else math.nan


def _shared_error(over_studies: Floats, seeds: pd.Series[int]) -> float:
    """The Monte Carlo error of a mean over studies, allowing for parameter draws shared by neighbouring seeds."""
    return monte_carlo_error(over_studies, np.array([parameter_draw_of(seed) for seed in seeds], np.int64))


def _ends(over_studies: Floats, expected: float) -> tuple[float, float]:
    """The middle 80 % of studies, in per cent of the expected rate."""
    if not len(over_studies):
        return math.nan, math.nan
    low, high = (_percent(percentile(over_studies, end), expected) for end in INTERVAL)
    return low, high
