"""Parameters that a decision depends on, from `offset sensitivity`: rows for figures and complete tables."""

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
"""Parameters in a figure; its table has all."""


def moving_rows(frames: Frames) -> pd.DataFrame:
    """Parameters with an effect on the net cost, the strongest first: label, amount, low and high [pounds a year]."""
    moves = frames["moves"]
    mine = moves[moves["column"] == COST].head(SHOWN)
    return mine.rename(columns={"swing": "amount", "swing_low": "low", "swing_high": "high"})


def worth_rows(frames: Frames) -> pd.DataFrame:
    """Value of knowing each parameter, the highest first: label, amount, low and high [pounds a year]."""
    return frames["value"].head(SHOWN).rename(columns={"pounds": "amount", "pounds_low": "low", "pounds_high": "high"})


def moving_finding(rows: pd.DataFrame) -> str:
    """The parameter with the largest effect on the net cost."""
    return f"The parameter with the largest effect on the net cost: {lowered(str(rows['label'].iloc[0]))}"


def worth_finding(rows: pd.DataFrame) -> str:
    """The parameter that is worth most to know, if any is."""
    if not (rows["amount"] > 0.0).any():
        return "Better evidence on any single parameter would not change the decision"
    return f"Better evidence would be worth most on: {lowered(str(rows['label'].iloc[0]))}"


def boxes_finding(frames: Frames) -> str:
    """How often the scenario costs more than it saves, and whether parameter bounds were found that predict it."""
    chances = frames["chances"].set_index("column")["of_pairs"]
    often = f"It costs more than it saves in {100.0 * chances[COST]:.0f} % of the pairs of runs"
    if not (frames["boxes"]["column"] == COST).any():
        return f"{often}; no parameter bounds were found that predict where"
    return f"{often}; mostly within these parameter bounds"


def moving_cells(frames: Frames, *, withheld: bool) -> Cells:
    """Effects of parameters on each outcome, with Sobol and Morris indices and their intervals."""
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
    heads = ["Parameter", "Outcome", "Between", "Change a year", "Lower", "Upper", "Unit"]
    sobol = ["Sobol total effect (95 %)", "Sobol first-order (95 %)"]
    return Cells("Effects of parameters on outcomes", [*heads, *sobol, "Morris", "Lower", "Upper"], body, 2)


def worth_cells(frames: Frames, *, withheld: bool) -> Cells:
    """The value of perfect information about each parameter."""
    body = [
        [str(row["label"]), *_amounts(row, "pounds", withheld=withheld), f"{100.0 * row['share']:.0f} %"]
        for _, row in frames["value"].iterrows()
    ]
    heads = ["Parameter", "Pounds a year", "Lower", "Upper", "Share of knowing all"]
    return Cells("Value to this place of knowing a parameter before deciding", heads, body, 1)


def boxes_cells(frames: Frames) -> Cells:
    """Parameter bounds within which the scenario loses, box by box."""
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
        "Increase in",
        "Parameter",
        "Lower",
        "Upper",
        "Unit",
        "Share of draws",
        "Losses within",
        "Share of losses",
        "Pairs run there",
    ]
    return Cells("Parameter bounds with higher costs, or more emergency admissions", heads, body, 2)


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
