"""The parts of an effect by channel: rows of a figure, a table, and a finding."""

from __future__ import annotations

import math
from typing import Final

import pandas as pd

from dashboard.tables import Cells
from dashboard.words import CHANNELS, MINUS
from simulator.attribution import CHANGED_EVIDENCE, INTERACTION, TOTAL

UNITS: Final = {
    "emergency_admissions": ("Emergency admissions", "admissions a year"),
    "bed_days": ("Bed days", "days a year"),
    "ae_attendances": ("A&E attendances", "attendances a year"),
    "consultations": ("GP consultations", "consultations a year"),
    "often_always_lonely_weeks": ("Weeks often or always lonely", "weeks a year"),
    "unmet_needs": ("Needs left unmet", "needs a year"),
}
"""Outcomes that can be split (`simulator.attribution.OUTCOMES`), with what they are called and their unit."""


def channel_rows(table: pd.DataFrame, outcome: str) -> pd.DataFrame:
    """Rows of one outcome: channel, label, part, low, high, alone, monte_carlo_error and kind (part, note or total)."""
    rows = table[table["outcome"] == outcome].copy()
    unused = (rows["channel"] == CHANGED_EVIDENCE) & (rows["part"] == 0.0)
    rows = rows[~unused]
    kinds = {INTERACTION: "note", TOTAL: "total"}
    return rows.assign(
        label=rows["channel"].map(CHANNELS), kind=[kinds.get(str(channel), "part") for channel in rows["channel"]]
    )


def channel_finding(rows: pd.DataFrame, label: str, unit: str) -> str:
    """Which channel does most, and whether its part is clear."""
    parts = rows[rows["kind"] == "part"]
    if not parts["part"].abs().sum():
        return f"{label}: no channel changes them"
    top = parts.iloc[int(parts["part"].abs().to_numpy().argmax())]
    clear = top["low"] > 0.0 or top["high"] < 0.0
    total = rows[rows["kind"] == "total"].iloc[0]
    name = str(top["label"]).split(":")[0]
    sure = "and that is clear" if clear else "though that is not clear"
    sure = "which one seed cannot make clear" if math.isnan(top["monte_carlo_error"]) else sure
    sure = "its range is withheld" if math.isnan(top["low"]) else sure
    share = f"{_signed(top['part'])} of {_signed(total['part'])} {unit}"
    return f"{label}: the largest part is {name.lower()} ({share}), {sure}"


def channel_cells(rows: pd.DataFrame, unit: str) -> Cells:
    """Parts as a table."""
    body = [
        [
            str(row["label"]),
            _signed(row["part"]),
            *("withheld" if math.isnan(row[name]) else _signed(row[name]) for name in ("low", "high")),
            f"{row['monte_carlo_error']:,.2g}",
            "" if row["alone"] != row["alone"] or row["kind"] != "part" else _signed(row["alone"]),
        ]
        for _, row in rows.iterrows()
    ]
    return Cells(
        f"Parts of the effect: {unit}", ["Channel", "Part", "Lower", "Upper", "Monte Carlo error", "Alone"], body, 1
    )


def _signed(value: float) -> str:
    return f"{value:+,.1f}".replace("-", MINUS)
