"""Findings and tables on the certainty of an outcome."""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import pandas as pd

from dashboard.text.labels import MINUS, error_text, signed
from dashboard.text.tables import Cells, cells_of
from simulator.comparison.headline import chance_percent
from simulator.comparison.paired_statistics import Floats

STEPS: Final = 40
"""Minimum number of steps of a slider."""


class Slider(NamedTuple):
    """A slider over the differences: its ends, step and initial position."""

    ends: tuple[float, float]
    step: float
    usual: float


def slider_of(differences: Floats) -> Slider:
    """Round ends that include every difference and zero, in steps of 1, 2 or 5 times a power of ten.

    >>> import numpy as np
    >>> slider_of(np.array([-17.0, 11.0]))
    Slider(ends=(-18.0, 12.0), step=0.5, usual=0.0)
    """
    low, high = min(0.0, float(differences.min())), max(0.0, float(differences.max()))
    width = (high - low) or 1.0
    raw = width / STEPS
    power = 10.0 ** math.floor(math.log10(raw))
    step = max(factor * power for factor in (0.5, 1.0, 2.0, 5.0) if factor * power <= raw)
    coarse = 4 * step
    places = max(0, 2 - math.floor(math.log10(step)))
    ends = (round(math.floor(low / coarse) * coarse, places), round(math.ceil(high / coarse) * coarse, places))
    return Slider(ends, round(step, places), 0.0)


def target_text(target: float, unit: str, *, less: bool) -> str:
    """A target in words.

    >>> target_text(0.0, "days a year", less=True), target_text(-5.0, "days a year", less=True)
    ('Target: no change, or less', 'Target: −5 days a year, or less')
    """
    goal = "no change" if target == 0.0 else f"{target:+,.4g} {unit}".replace("-", MINUS)
    return f"Target: {goal}, or {'less' if less else 'more'}"


def target_finding(target: float, unit: str, chance: float) -> str:
    """The chance of reaching a target, in words.

    >>> target_finding(-5.0, "days a year", 0.75)
    'Chance of reaching −5 days a year: 75 %'
    """
    goal = "no change or better" if target == 0.0 else f"reaching {target:+,.4g} {unit}".replace("-", MINUS)
    return f"Chance of {goal}: {chance_percent(chance)}"


def parts_finding(rows: pd.DataFrame) -> str:
    """The number of outcomes whose range is mostly due to chance, and mostly due to parameter uncertainty."""
    stochastic = int((rows["stochastic"] > rows["parameter"]).sum())
    most = f"Chance variation accounts for most of the range in {stochastic} of {len(rows)} outcomes"
    return f"{most}, parameter uncertainty in {len(rows) - stochastic}"


def curve_cells(rows: pd.DataFrame, unit: str) -> Cells:
    """The S-curve as a table."""
    shown, caption = rows.assign(percent=100.0 * rows["share"]), f"Chance of a difference: {unit}"
    return cells_of(shown, caption, "Difference={difference:+,.4g} | Chance of this much or less={percent:.0f} %")


def running_cells(rows: pd.DataFrame, unit: str) -> Cells:
    """The running mean as a table."""
    body = [
        [
            str(int(row["replicates"])),
            *(signed(row[name], row["error"], unit).replace("too few", "") for name in ("mean", "low", "high")),
            error_text(row["error"]),
        ]
        for _, row in rows.iterrows()
    ]
    return Cells(f"Mean as pairs are added: {unit}", ["Pairs", "Mean", "Lower", "Upper", "Monte Carlo error"], body, 1)


def parts_cells(rows: pd.DataFrame) -> Cells:
    """The parts of the range as a table."""
    shown = rows.assign(**{part: 100.0 * rows[part] for part in ("parameter", "stochastic")})
    columns = "Outcome={label} | Parameter uncertainty={parameter:.0f} % | Chance={stochastic:.0f} %"
    return cells_of(shown, "Share of the variance between pairs", columns)
