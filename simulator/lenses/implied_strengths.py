"""Implied effect sizes: each fitted mechanism's strength as a multiple of what controlled studies support."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from simulator.lenses.lens import Lens

if TYPE_CHECKING:
    import pandas as pd

COLUMNS: Final = (
    "path",
    "label",
    "unit",
    "evidence",
    "evidence_low",
    "evidence_high",
    "fitted",
    "fitted_low",
    "fitted_high",
    "times",
    "outside",
    "informed",
    "reason",
)


def implied_strengths(lens: Lens, *, mechanisms_only: bool = True) -> pd.DataFrame:
    """One row per mechanism with `COLUMNS`.

    ``times`` is the fitted strength over the trial strength, ratios by their logarithms: 1 is what studies support, a
    negative number is the opposite direction, and NaN means that studies support no effect, so that no multiple
    exists. ``outside`` says whether the fitted median lies outside the range of the evidence.
    """
    import pandas as pd

    rows = []
    for path, value in lens.file.parameters.items():
        if mechanisms_only and value.role != "mechanism":
            continue
        trial, fitted = value.evidence, value.fitted
        none = (math.nan, math.nan, math.nan)
        bounds = none if trial is None else (trial.value, trial.low, trial.high)
        times = math.nan if trial is None else strength(value.unit, fitted.value, trial.value)
        outside = trial is not None and not trial.low <= fitted.value <= trial.high
        numbers = (*bounds, fitted.value, fitted.low, fitted.high, times)
        rows.append((path, value.label, value.unit, *numbers, outside, value.informed, value.reason))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def strength(unit: str, fitted: float, trial: float) -> float:
    """A fitted strength as a multiple of the trial strength; the strength of a ratio is its logarithm.

    >>> strength("log ratio", -0.5, -0.25), round(strength("ratio", 1.1025, 1.05), 6), strength("log ratio", -0.2, 0.0)
    (2.0, 2.0, nan)
    """
    if unit == "ratio":
        fitted, trial = math.log(fitted), math.log(trial)
    return fitted / trial if trial else math.nan
