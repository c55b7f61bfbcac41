"""Signs: the outcomes of the first screen, each with one mark for each lens, whose colour and shape are fixed."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd

from dashboard.text.lens_names import condition
from dashboard.text.phrases import capital, listed
from dashboard.topics.through_lenses import verdict_of
from simulator.comparison.headline import NO_CHANGE, PEOPLE, chance_text, change_text, number_text, range_words
from simulator.comparison.outcomes import OUTCOMES
from simulator.comparison.verdict import what_would_tell
from simulator.districts import load_place
from simulator.errors import SimulatorError
from simulator.foundations.categories import ADULT_BAND

LONELY: Final = "often_always_lonely"
SIGNS: Final = {
    "emergency_admissions": "Emergency admissions a year",
    LONELY: "Adults often or always lonely",
    "net_cash": "Money a year",
}
"""The outcomes of the first screen, with their headings."""


class Mark(NamedTuple):
    """One outcome through one lens at one size."""

    lens: str  # key
    condition: str  # under which it holds
    number: str  # what changes, in words
    range: str
    verdict: str  # with its chance and size
    kind: str  # `dashboard.figures.style.kind_of`
    ends: tuple[float, float, float]  # low, mean and high, in the outcome's unit; low and high NaN if withheld


class Sign(NamedTuple):
    """One outcome of the first screen."""

    measure: str
    heading: str
    level: str  # that of the base
    scale: tuple[float, float]  # ends of the axis, the same at every size
    marks: tuple[Mark, ...]

    def place(self, value: float) -> float:
        """Where a value is on the axis, from 0 at its first end to 1 at its last; values beyond are at the ends.

        >>> sign = Sign("bed_days", "Bed days", "", (-4.0, 0.0), ())
        >>> [sign.place(value) for value in (-8.0, -3.0, 0.0, 9.0)]
        [0.0, 0.25, 1.0, 1.0]
        """
        first, last = self.scale
        return min(max((value - first) / ((last - first) or 1.0), 0.0), 1.0)

    @property
    def spoken(self) -> str:
        """Every number as text."""
        return f"{self.heading}: " + "; ".join(f"{m.condition}, {m.number}, {m.range}, {m.verdict}" for m in self.marks)


def in_people(row: pd.Series[Any], adults: float) -> pd.Series[Any]:
    """A row of a percentage of adults as a number of adults, if it is known how many there are."""
    if math.isnan(adults):
        return row
    amounts = ("difference", "low", "high", "monte_carlo_error", "matters")
    return pd.Series({**row, **{name: adults / 100.0 * float(row[name]) for name in amounts}, "unit": PEOPLE})


def mark_of(row: pd.Series[Any], adults: float) -> Mark:
    """The mark of an unrounded row with ``lens`` and ``withheld``; ``adults`` of the place, NaN if not known."""
    ends = tuple(float(row[name]) for name in ("low", "difference", "high"))
    shown = in_people(row, adults) if row["measure"] == LONELY else row
    ranged = "range withheld" if row["withheld"] else range_words(shown).removeprefix("80 % range ")
    unsure = row["verdict"] == "unsure"
    chance = chance_text(shown).replace(" chance of ", ": ").replace("less than", "under").removesuffix(" either way")
    more = "" if row["withheld"] else f": {what_would_tell(row)}" if unsure else f" ({chance})"
    verdict = f"{verdict_of(row)}{more}"
    kind = "withheld" if row["withheld"] else str(row["verdict"])
    lens, number = str(row["lens"]), capital(change_text(shown, shown["difference"]))
    return Mark(lens, condition(lens), number, ranged, verdict, kind, ends)  # type: ignore[arg-type]


def change_of(row: pd.Series[Any], adults: float) -> str:
    """A difference with its noun, such as '21 fewer emergency admissions'."""
    measure = str(row["measure"])
    shown = in_people(row, adults) if measure == LONELY else row
    change, noun = change_text(shown, shown["difference"]), OUTCOMES[measure].noun
    if measure == "net_cash":
        noun = "spending" if change == NO_CHANGE else "spent"
    if change == NO_CHANGE:
        return f"{NO_CHANGE} in {noun}"
    return f"{change} {noun if shown is row else 'lonely adults'}"


def sentence_of(rows: pd.DataFrame, adults: float) -> str:
    """What a plan does through each lens, with sizes; ``rows`` are a year, with ``lens``."""
    signs = rows[rows["measure"].isin(list(SIGNS))]
    parts = [
        f"{condition(str(key))}, {listed([change_of(row, adults) for _, row in mine.iterrows()])}"
        for key, mine in signs.groupby("lens", sort=False)
    ]
    return f"A year, {'; '.join(parts)}."


def level_of(rows: pd.DataFrame, adults: float) -> str:
    """The level without the plan, through every lens."""
    unit, levels = str(rows["unit"].iloc[0]), sorted(float(level) for level in rows["baseline"])
    if unit.startswith("pounds"):
        return "left of the stroke it saves, right of it it costs"
    texts = [number_text(level, 0.03 * abs(level)) for level in (levels[0], levels[-1])]
    said = texts[0] if texts[0] == texts[1] else f"{texts[0]} to {texts[1]}"
    if not unit.startswith("%"):
        return f"{said} without the plan"
    people = "" if math.isnan(adults) else f" (some {number_text(levels[0] / 100.0 * adults, 50.0)})"
    return f"{said} % of adults{people} without the plan"


def signs_of(rows: pd.DataFrame, adults: float, scales: Mapping[str, tuple[float, float]] | None = None) -> list[Sign]:
    """The signs of rows a year, with ``lens`` and ``withheld``.

    ``scales`` are the ends of each outcome's axis; without them it ends where its marks do.
    """
    found = []
    for measure, heading in SIGNS.items():
        mine = rows[rows["measure"] == measure]
        ends = mine[["low", "difference", "high"]].to_numpy(float)
        own = min(0.0, float(np.nanmin(ends))), max(0.0, float(np.nanmax(ends)))
        marks = tuple(mark_of(row, adults) for _, row in mine.iterrows())
        found.append(Sign(measure, heading, level_of(mine, adults), scales[measure] if scales else own, marks))
    return found


def adults_of(place: str, residents: int) -> float:
    """Adults among the residents of a place; NaN for a place that is not shipped."""
    try:
        return residents * (1.0 - math.fsum(load_place(place).age[:ADULT_BAND]))
    except SimulatorError:
        return math.nan
