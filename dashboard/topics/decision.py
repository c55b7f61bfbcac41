"""Which beliefs a decision turns on, as `offset sensitivity` found it: rows for figures, and tables with all of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd

from dashboard.text.labels import MINUS
from dashboard.text.phrases import lowered
from dashboard.text.tables import Cells
from simulator.comparison.outcomes import OUTCOMES

Frames = Mapping[str, pd.DataFrame]
"""Frames of `calibration.sensitivity.Sensitivity` by name."""
COST: Final = "net_cost"
SHOWN: Final = 8
"""Beliefs in a figure; its table has all."""


def moving_rows(frames: Frames) -> pd.DataFrame:
    """What moves the net cost, the strongest first: label, amount, low and high [pounds a year]."""
    moves = frames["moves"]
    mine = moves[moves["column"] == COST].head(SHOWN)
    return mine.rename(columns={"swing": "amount", "swing_low": "low", "swing_high": "high"})


def worth_rows(frames: Frames) -> pd.DataFrame:
    """What knowing a belief is worth, the most first: label, amount, low and high [pounds a year]."""
    return frames["value"].head(SHOWN).rename(columns={"pounds": "amount", "pounds_low": "low", "pounds_high": "high"})


def without_ranges(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of a lens that failed checks: their ranges are withheld."""
    return rows.assign(low=np.nan, high=np.nan)


def in_words(rows: pd.DataFrame) -> str:
    """Every number of a figure of these rows."""
    said = []
    for _, row in rows.iterrows():
        ends = "range withheld" if pd.isna(row["low"]) else f"{_number(row['low'])} to {_number(row['high'])}"
        said.append(f"{row['label']}: {_number(row['amount'])} pounds a year, {ends}")
    return "; ".join(said)


def moving_finding(rows: pd.DataFrame) -> str:
    """Which belief moves the net cost most."""
    return f"Of what is believed, this moves the net cost most: {lowered(str(rows['label'].iloc[0]))}"


def worth_finding(rows: pd.DataFrame) -> str:
    """Which belief is worth knowing, if any is."""
    if not (rows["amount"] > 0.0).any():
        return "Knowing any one belief better would not change the decision"
    return f"Worth most to know before deciding: {lowered(str(rows['label'].iloc[0]))}"


def boxes_finding(frames: Frames) -> str:
    """How often it costs more than it saves; that nothing was discovered, where there is no box."""
    chances = frames["chances"].set_index("column")["of_pairs"]
    often = f"It costs more than it saves in {100.0 * chances[COST]:.0f} % of the pairs of runs"
    if not (frames["boxes"]["column"] == COST).any():
        return f"{often}; no bounds of beliefs were found that tell where"
    return f"{often}; mostly within these bounds"


def moving_cells(frames: Frames, *, withheld: bool) -> Cells:
    """What moves each outcome, with Sobol's and Morris' indices and their ranges."""
    body = [
        [
            str(row["label"]),
            OUTCOMES[str(row["column"])].noun,
            f"{row['value_low']:.3g} to {row['value_high']:.3g} {row['unit']}",
            *_amounts(row, "swing", withheld=withheld),
            OUTCOMES[str(row["column"])].unit,
            *(_shares(row, name, withheld=withheld) for name in ("total", "first")),
            *_amounts(row, "morris", withheld=withheld),
        ]
        for _, row in frames["moves"].iterrows()
    ]
    heads = ["Belief", "Moves", "Between", "By, a year", "Lower", "Upper", "Unit"]
    sobol = ["Sobol, with others (95 %)", "Sobol, by itself (95 %)"]
    return Cells("What moves it", [*heads, *sobol, "Morris", "Lower", "Upper"], body, 2)


def worth_cells(frames: Frames, *, withheld: bool) -> Cells:
    """What knowing each belief is worth."""
    body = [
        [str(row["label"]), *_amounts(row, "pounds", withheld=withheld), f"{100.0 * row['share']:.0f} %"]
        for _, row in frames["value"].iterrows()
    ]
    heads = ["Belief", "Pounds a year", "Lower", "Upper", "Of knowing all"]
    return Cells("What knowing a belief before deciding is worth to this place", heads, body, 1)


def boxes_cells(frames: Frames) -> Cells:
    """Bounds of beliefs within which it loses, box by box."""
    body = [
        [
            f"{OUTCOMES[str(row['column'])].noun}, {int(row['box'])}",
            str(row["label"]),
            *(_bound(row[name]) for name in ("above", "up_to")),
            str(row["unit"]),
            *(f"{100.0 * row[name]:.0f} %" for name in ("share", "density", "caught")),
            f"{100.0 * row['run_density']:.0f} % of {int(row['run'])}" if row["run"] else "none run",
        ]
        for _, row in frames["boxes"].iterrows()
    ]
    heads = [
        "More of",
        "Belief",
        "Lower",
        "Upper",
        "Unit",
        "Of all beliefs",
        "Loses in",
        "Of all losses",
        "Pairs there",
    ]
    return Cells("Bounds of beliefs in which it costs more, or brings more emergency admissions", heads, body, 2)


def _amounts(row: pd.Series[Any], name: str, *, withheld: bool) -> list[str]:
    ends = ["withheld"] * 2 if withheld else [_number(row[f"{name}_{end}"]) for end in ("low", "high")]
    return [_number(row[name]), *ends]


def _shares(row: pd.Series[Any], name: str, *, withheld: bool) -> str:
    low, high = (f"{100.0 * max(0.0, row[f'{name}_{end}']):.0f}" for end in ("low", "high"))
    return f"{100.0 * row[name]:.0f} % ({'withheld' if withheld else f'{low} to {high}'})"


def _number(value: float) -> str:
    """An amount to two significant digits.

    >>> _number(-12345.0), _number(0.0321)
    ('−12,000', '0.032')
    """
    said = f"{float(f'{value:.2g}'):,.0f}" if abs(value) >= 10.0 else f"{value:.2g}"
    return said.replace("-", MINUS)


def _bound(value: float) -> str:
    return f"{value:.3g}" if np.isfinite(value) else "none"
