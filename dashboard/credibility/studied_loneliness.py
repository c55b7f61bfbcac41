"""Loneliness in simulated studies of a programme: differences as surveyed beside the true ones, and who recovers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd

from dashboard.credibility.simulated_studies import DESIGNS, SUBJECTS, Kept
from dashboard.text.labels import MINUS
from dashboard.text.phrases import capital, listed
from dashboard.text.tables import Cells
from dashboard.topics.through_lenses import within
from simulator.evaluation import loneliness_summary_of
from simulator.evaluation.findings import PARTS, SAID_AT, deviations, share

NOTE: Final = (
    "In standard deviations of the people studied, as surveyed with the error of a real scale; a minus means less "
    "lonely. Truth: the same people in the same weeks, lived with and without the programme. "
    "Lonely no longer: of those often or always lonely at the start, the share who no longer are."
)
_FIRST: Final = ("trial", "participants")
"""The design of most published trials of loneliness, which the title is about if it was simulated."""
_ENDS: Final = ["low", "high"]
_NO_LONGER: Final = ("no_longer", "no_longer_compared", "no_longer_without")
_PARTS: Final = {"true_difference": PARTS["true_effect"], **{name: PARTS[name] for name in list(PARTS)[1:]}}


def loneliness_rows(found: Mapping[str, Kept]) -> pd.DataFrame:
    """Designs by lens and week: rows of `loneliness_summary_of` with lens title, label of the design and ``withheld``.

    Where a lens failed checks, ``withheld`` is true and the ends of intervals are NaN. Empty if nothing was surveyed.
    """
    tables = []
    for lens_title, (frames, record) in found.items():
        rows = loneliness_summary_of(frames["loneliness"])
        if rows.empty:
            continue
        rows = rows[rows["studies"] > 0]
        rows.insert(0, "lens_title", lens_title)
        rows.insert(1, "label", [DESIGNS[key] for key in zip(rows["design"], rows["effect_on"], strict=True)])
        rows = rows.assign(withheld=bool(record.get("lens_faults")))
        rows.loc[rows["withheld"], _ENDS] = np.nan
        tables.append(rows)
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame()


def loneliness_finding(rows: pd.DataFrame) -> str:
    """What a trial among participants would report half a year after joining, by lens; the first design without one."""
    keys = list(zip(rows["design"], rows["effect_on"], strict=True))
    key = _FIRST if _FIRST in keys else keys[0]
    same = rows[[one == key for one in keys]]
    weeks = int(min(same["weeks"], key=lambda one: (abs(one - SAID_AT), one)))
    several = rows["lens_title"].nunique() > 1
    said = []
    for _, row in same[same["weeks"] == weeks].iterrows():
        through = f" {within(row['lens_title'])}" if several else ""
        truth = _deviations(row["true_difference"])
        said.append(f"{_deviations(row['difference'])} standard deviations{through} (truth {truth})")
    subject = SUBJECTS[key]
    return f"Loneliness after {weeks} weeks: {subject[0].lower()}{subject[1:]} would report {listed(said)}"


def loneliness_cells(rows: pd.DataFrame) -> Cells:
    """Every design by lens and weeks after joining: the difference reported, the true one, and who recovers."""
    body = [
        [
            str(row["label"]),
            str(row["lens_title"]),
            f"{row['weeks']:.0f}",
            *(_deviations(row[name], withheld=row["withheld"]) for name in ("difference", *_ENDS)),
            _deviations(row["true_difference"]),
            *("none" if math.isnan(row[name]) else share(row[name]) for name in _NO_LONGER),
            "withheld" if row["withheld"] else f"{row['missed_in']:.0f} of {row['studies']:.0f}",
        ]
        for _, row in rows.iterrows()
    ]
    heads = ["Design", "Lens", "Weeks", "Would report, SD", "Lower", "Upper", "Truth, SD"]
    recovered = ["Lonely no longer", "Comparators", "Without the programme"]
    return Cells("Loneliness, reported and true", [*heads, *recovered, "Intervals that miss the truth"], body, 3)


def loneliness_parts_cells(rows: pd.DataFrame) -> Cells | None:
    """Parts of the before-after change of loneliness, which add up to it; None if there is no before-after study."""
    mine = rows[rows["design"] == "before-after"]
    if mine.empty:
        return None
    body = [
        [capital(title), str(lens_title), *(_deviations(value) for value in table[name])]
        for lens_title, table in mine.groupby("lens_title", sort=False)
        for name, title in {**_PARTS, "difference": "together"}.items()
    ]
    weeks = [f"{one} weeks" for one in mine["weeks"].unique()]
    return Cells("Parts of the before-after change of loneliness, SD", ["Part", "Lens", *weeks], body, 2)


def _deviations(value: Any, *, withheld: bool = False) -> str:
    """A difference in standard deviations; the ends of an interval may be withheld."""
    return "withheld" if withheld and math.isnan(value) else deviations(float(value)).replace("-", MINUS)
