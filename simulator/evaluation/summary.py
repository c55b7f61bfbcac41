"""Many studies of one design as one row: what they report on average, what was true, how often they mislead."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
import pandas as pd

from simulator.evaluation.truth import PARTS

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
    "missed_in",
    "found_less_in",
    "found_more_in",
)


def summary_of(estimates: pd.DataFrame) -> pd.DataFrame:
    """One row per design and whom the effect is on, over the studies that could be made.

    ``people`` and ``comparators`` are means per study; ``rate``, ``expected``, ``difference``, ``low`` and ``high`` are
    means of what studies print, per person-year, and ``true_difference`` of what was true of the same people.
    ``bias`` is their difference, ``bias_error`` its standard error over studies. ``percent`` is the mean difference
    in per cent of the mean expected rate, ``true_percent`` the same of the truth; unknown (NaN) if none is expected, or
    less than none, as by a small study. ``missed_in`` counts studies whose 95 % interval does not hold the truth,
    ``found_less_in`` and ``found_more_in`` those whose interval lies below and above nothing.
    """
    rows = [
        _row(str(design), str(effect_on), table)
        for (design, effect_on), table in estimates.groupby(["design", "effect_on"], sort=False)
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def parts_of(estimates: pd.DataFrame, parts: pd.DataFrame) -> pd.DataFrame:
    """What the mean before-after difference is made of: part, difference per person-year, points of the year before.

    The rows add up to the difference of `summary_of`. Empty if there is no before-after study.
    """
    studies = estimates[(estimates["design"].isin(parts["design"])) & estimates["difference"].notna()]
    means = parts[parts["seed"].isin(studies["seed"])].groupby("part")["difference"].mean()
    before = float(studies["expected"].mean()) if len(studies) else math.nan
    rows = [(part, float(means[part]), 100.0 * float(means[part]) / before) for part in PARTS if part in means.index]
    return pd.DataFrame(rows, columns=["part", "difference", "points"])


def _row(design: str, effect_on: str, table: pd.DataFrame) -> dict[str, Any]:
    made = table[table["difference"].notna() & table["true_difference"].notna()]
    bias = (made["difference"] - made["true_difference"]).to_numpy(float)
    means = made.mean(numeric_only=True)
    error = float(bias.std(ddof=1) / math.sqrt(len(bias))) if len(bias) > 1 else math.nan
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
        "bias_error": error,
        "percent": _percent(means["difference"], means["expected"]),
        "true_percent": _percent(means["true_difference"], means["true_expected"]),
        "missed_in": int(outside.sum()),
        "found_less_in": int((made["high"] < 0.0).sum()),
        "found_more_in": int((made["low"] > 0.0).sum()),
    }


def _percent(difference: float, expected: float) -> float:
    return 100.0 * float(difference) / float(expected) if np.isfinite(expected) and expected > 0.0 else math.nan
