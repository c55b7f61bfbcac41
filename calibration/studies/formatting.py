"""Predictions and published estimates as text, for the console and for pages."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

HEADS: Final = (
    "Study",
    "Predicted",
    "80 % of such studies",
    "Published",
    "95 % interval",
    "Unit",
    "Verdict",
    "No effect at all",
)
RULE: Final = (
    "Hit: the published estimate lies in the 80 % predictive interval, which reflects parameter uncertainty and the "
    "study's own sampling error. 'No effect at all' is the verdict on an equally wide interval around no effect. * The "
    "study is among the sources of the evidence, or strengths or the lens may be fitted to it, so agreement is not an "
    "independent test. The others had no part in choosing a parameter."
)
HIT, MISS = "hit", "MISS"


def shown(value: float, unit: str) -> str:
    """An estimate as text: ratios and rates with two decimals, others with one; all but ratios with a sign.

    >>> shown(0.884, "odds ratio"), shown(-6.66, "%"), shown(-0.01, "%"), shown(-0.304, "SD")
    ('0.88', '-6.7', '0.0', '-0.30')
    """
    if unit == "odds ratio":
        return f"{value:.2f}"
    decimals = 2 if unit in ("admissions a person-year", "SD") else 1
    rounded = round(value, decimals) + 0.0
    return f"{rounded:+.{decimals}f}" if rounded else f"{0.0:.{decimals}f}"


def cells(row: pd.Series[Any]) -> list[str]:
    """A row of `BlindPredictions.table` as text, with columns `HEADS`."""
    unit = str(row["unit"])
    interval = "not reported"
    if not pd.isna(row["published_low"]):
        interval = f"{shown(row['published_low'], unit)} to {shown(row['published_high'], unit)}"
    nothing = "" if pd.isna(row["nothing_hits"]) else (HIT if row["nothing_hits"] else MISS)
    return [
        f"{row['title']}{' *' if row['informs'] or row['fitted'] else ''}",
        shown(row["predicted"], unit),
        f"{shown(row['low'], unit)} to {shown(row['high'], unit)}",
        shown(row["published"], unit),
        interval,
        unit,
        HIT if row["hit"] else MISS,
        nothing,
    ]
