"""What a plan of the response surface does: estimates, or exact results where it has been run, through both lenses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from calibration.surface import Point, Surface
from dashboard.text.labels import difference_unit, measured
from dashboard.text.lens_names import key_title
from dashboard.text.phrases import difference_text, listed, lowered, range_text
from dashboard.topics.through_lenses import CHANCES, ENDS, as_shown, verdict_of, within
from simulator.comparison.comparison import Comparison
from simulator.comparison.smallest_differences import Matters
from simulator.experiments.sized_plan import MEASURES

SIGNS: Final = {
    "emergency_admissions": "Emergency admissions a year",
    "often_always_lonely": "Often or always lonely, points of adults",
    "net_cash": "Net cost in money a year",
}
"""The outcomes that are shown first, with their headings."""
Exact = Callable[[str], Comparison | None]
"""The finished runs of a plan through a lens, if there are any."""


def plan_rows(surface: Surface, point: Point, place: str, matters: Matters, exact: Exact) -> pd.DataFrame:
    """One row for each outcome and lens, as of a comparison, with ``exact``, ``runs_used`` and ``missed_by``.

    Where a plan has been run through a lens, its results replace the estimate. Where a lens failed a check, range,
    chances and verdict are left out. Raises as `Surface.estimate`.
    """
    tables = []
    for lens in surface.record["lenses"]:
        found = exact(lens)
        rows = surface.estimate(point, place, lens, matters)
        if found is not None:
            summary = found.per("year").judged_by(matters).summary(MEASURES, rounded=False)
            rows = as_shown(found, summary).assign(missed_by=np.nan, runs_used=2 * len(found.seeds))
        elif rows["withheld"].any():
            rows[[*ENDS, *CHANCES]] = np.nan
            rows["verdict"] = ""
        rows.insert(0, "lens_title", key_title(lens))
        tables.append(rows.assign(exact=found is not None))
    return pd.concat(tables, ignore_index=True)


class Mark(NamedTuple):
    """One outcome through one lens, in per cent of the width of its line."""

    lens_title: str
    at: float
    low: float | None  # None where the range is withheld
    high: float | None
    number: str
    said: str  # range and verdict


class Sign(NamedTuple):
    """One outcome: its marks on one line with services as they are, and what is too small to matter."""

    title: str
    zero: float  # all in per cent of the width of the line
    small: tuple[float, float]
    marks: tuple[Mark, ...]
    how: str  # how sure the numbers are

    @property
    def spoken(self) -> str:
        """Every number, as text."""
        return f"{self.title}. {'; '.join(f'{one.lens_title}: {one.number}, {one.said}' for one in self.marks)}."


def signs(rows: pd.DataFrame) -> list[Sign]:
    """The signs of `SIGNS` from `plan_rows`."""
    return [_sign(title, rows[rows["measure"] == measure]) for measure, title in SIGNS.items()]


def _sign(title: str, rows: pd.DataFrame) -> Sign:
    matters = float(rows["matters"].max())
    ends = np.array([*rows[["difference", *ENDS]].to_numpy(float).ravel(), -1.5 * matters, 1.5 * matters])
    least, most = float(np.nanmin(ends)), float(np.nanmax(ends))
    room = 0.04 * (most - least)

    def place(value: float) -> float:
        return 100.0 * (value - least + room) / (most - least + 2.0 * room)

    marks = []
    for _, row in rows.iterrows():
        low, high = (None if np.isnan(row[end]) else place(row[end]) for end in ENDS)
        ranged = range_text(row) if row["withheld"] else f"80 % range {range_text(row)}"
        said = ranged if row["withheld"] else f"{ranged}: {lowered(verdict_of(row))}"
        marks.append(Mark(str(row["lens_title"]), place(row["difference"]), low, high, difference_text(row), said))
    return Sign(title, place(0.0), (place(-matters), place(matters)), tuple(marks), _how(rows))


def _how(rows: pd.DataFrame) -> str:
    """How the numbers of one outcome were found, and how far estimates miss plans not seen."""
    said = []
    run, estimated = rows[rows["exact"]], rows[~rows["exact"]]
    if len(run):
        lenses = listed([within(str(name)) for name in run["lens_title"]])
        said.append(f"Run exactly {lenses}: {int(run['runs'].max())} pairs of runs.")
    if len(estimated):
        errors = [
            f"{measured(row['missed_by'], row['missed_by'], row['unit'])} {within(str(row['lens_title']))}"
            for _, row in estimated.iterrows()
        ]
        unit = difference_unit(str(rows["unit"].iloc[0])).partition(" of ")[0].removesuffix(" a year")
        unit = "" if unit == "pounds" else f" {unit}"
        said.append(
            f"Estimated from {int(estimated['runs_used'].max()):,} runs; mean error on plans not seen: "
            f"{' and '.join(errors)}{unit}."
        )
    return " ".join(said)
