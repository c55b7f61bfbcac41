"""Findings of simulated studies in plain sentences."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

NAMES: Final = {
    ("before-after", "members"): "A before-after study of the {}",
    ("matched", "members"): "A study of the {} with matched controls",
    ("did", "members"): "A difference-in-differences study of the {}",
    ("trial", "participants"): "A randomised trial of the {} among people who took up an offer",
    ("trial", "offered"): "A randomised trial of the offer of the {}",
    ("trial", "takers"): "The same trial of the {}, analysed for those who take part if offered,",
}
"""Subjects of the sentences."""
PARTS: Final = {
    "true_effect": "the programme itself",
    "regression_to_the_mean": "regression to the mean",
    "trend_and_ageing": "trend and ageing",
    "not_paired": "people not in both runs",
}
_TRUE: Final = {
    "members": "of its members",
    "participants": "of its participants",
    "offered": "of those offered it",
    "takers": "of those who took part",
}
SAID_AT: Final = 26
"""Weeks after joining of the loneliness that is said in sentences, or the nearest that was surveyed."""


def findings(summary: pd.DataFrame, parts: pd.DataFrame, record: Mapping[str, Any]) -> tuple[str, ...]:
    """A sentence for each design: the estimate it would have reported, the true effect, and how often it misleads.

    If the lens failed checks, the number of intervals that miss the truth is withheld.
    """
    failed = len(record.get("lens_faults", ()))
    caution = f"Do not rely on the intervals: this lens failed {failed} check{'s' if failed > 1 else ''}."
    return (*(_sentence(row, parts, record) for _, row in summary.iterrows()), *([caution] if failed else []))


def loneliness_findings(summary: pd.DataFrame, record: Mapping[str, Any]) -> tuple[str, ...]:
    """A sentence for each design on loneliness half a year after joining, and who is lonely no longer.

    The number of intervals that miss the truth is in the table; see `findings` for lenses that failed a check.
    """
    if summary.empty:
        return ()
    nearest = int(min(summary["weeks"], key=lambda weeks: (abs(weeks - SAID_AT), weeks)))
    return tuple(
        _lonely_sentence(row, record) for _, row in summary[summary["weeks"] == nearest].iterrows() if row["studies"]
    )


def deviations(value: float) -> str:
    """A difference in standard deviations with its sign and two decimals.

    >>> deviations(-0.304), deviations(-0.001), deviations(float("nan"))
    ('-0.30', '0.00', 'unknown')
    """
    if math.isnan(value):
        return "unknown"
    rounded = round(value, 2) + 0.0
    return f"{rounded:+.2f}" if rounded else "0.00"


def share(value: float) -> str:
    """A share in per cent.

    >>> share(0.214), share(float("nan"))
    ('21 %', 'unknown')
    """
    return "unknown" if math.isnan(value) else f"{100.0 * value:.0f} %"


def _lonely_sentence(row: pd.Series[Any], record: Mapping[str, Any]) -> str:
    name = NAMES[row["design"], row["effect_on"]].format(str(record["programme"]).replace("_", " "))
    said = f"Loneliness after {row['weeks']} weeks. {name} would have reported {deviations(row['difference'])}"
    said += f" standard deviations (standard error of one study {row['error']:.2f}"
    if row["design"] == "before-after":
        parts = ("true_difference", *list(PARTS)[1:])
        listed = "; ".join(f"{PARTS.get(part, PARTS['true_effect'])} {deviations(float(row[part]))}" for part in parts)
        said += f"; of that: {listed}"
    said += f"); the true change {_TRUE[row['effect_on']]} was {deviations(row['true_difference'])}"
    if not row["lonely"]:
        return f"{said}."
    others = f"; of their comparators {share(row['no_longer_compared'])}"
    if math.isnan(row["no_longer_compared"]):
        others = ""
    return (
        f"{said}. Of those often or always lonely at the start {share(row['no_longer'])} no longer were{others}; "
        f"without the programme {share(row['no_longer_without'])} of them."
    )


def signed(percent: float) -> str:
    """A change in whole per cent with its sign; one decimal below ten.

    >>> signed(-34.6), signed(2.04), signed(-0.04), signed(float("nan"))
    ('-35', '+2.0', '0', 'unknown')
    """
    if math.isnan(percent):
        return "unknown"
    rounded = round(percent, 1 if abs(percent) < _WHOLE_FROM else 0) + 0.0
    return "0" if rounded == 0.0 else f"{rounded:+.{1 if abs(rounded) < _WHOLE_FROM else 0}f}"


_WHOLE_FROM: Final = 10.0


def _reported(row: pd.Series[Any]) -> str:
    if not math.isnan(row["percent"]):
        return f"{signed(row['percent'])} % emergency admissions"
    return f"{row['difference']:+.2f} emergency admissions per person-year (no percentage, as it expects none)"


def _sentence(row: pd.Series[Any], parts: pd.DataFrame, record: Mapping[str, Any]) -> str:
    name = NAMES[row["design"], row["effect_on"]].format(str(record["programme"]).replace("_", " "))
    studies = int(row["studies"])
    if not studies:
        return f"{name} was not possible in any run: too few people took part."
    reported = f"{name} would have reported {_reported(row)}"
    if row["design"] == "before-after":
        points = parts.set_index("part")["points"]
        listed = "; ".join(f"{PARTS[str(part)]} {signed(float(amount))}" for part, amount in points.items())
        reported += f" (in percentage points: {listed})"
    truth = f"the true change {_TRUE[row['effect_on']]} was {signed(row['true_percent'])} %"
    missed = f"; {int(row['missed_in'])} of {studies} 95 % intervals miss the truth"
    return f"{reported}; {truth}{'' if record.get('lens_faults') else missed}."
