"""What a plan of the response surface does: estimates, or exact results where it has been run, through both lenses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from calibration.surface import Point, Surface
from dashboard.text.labels import measured
from dashboard.text.lens_names import key_title
from dashboard.text.phrases import difference_text, listed, lowered, range_text
from dashboard.topics.through_lenses import CHANCES, ENDS, as_shown, verdict_of, within
from simulator.comparison.comparison import Comparison
from simulator.comparison.smallest_differences import Matters
from simulator.experiments.sized_plan import MEASURES

SIGNS: Final = {
    "emergency_admissions": "Emergency admissions a year",
    "often_always_lonely": "Often or always lonely, % points",
    "net_cash": "Net cost in money a year",
}
"""The outcomes that are shown first, with their headings."""
_ERRORS: Final = {"emergency_admissions": "{} admissions", "often_always_lonely": "{} points", "net_cash": "{}"}
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
    """One outcome through one lens; positions in per cent of the width of its line."""

    lens_title: str
    at: float
    low: float | None  # None where the range is withheld
    high: float | None
    number: str
    range: str
    verdict: str


class Sign(NamedTuple):
    """One outcome: its marks on one line with services as they are, and what is too small to matter."""

    title: str
    zero: float  # all in per cent of the width of the line
    small: tuple[float, float]
    marks: tuple[Mark, ...]

    @property
    def spoken(self) -> str:
        """Every number, as text."""
        said = (f"{one.lens_title}: {one.number} ({one.range}), {lowered(one.verdict)}" for one in self.marks)
        return f"{self.title}. {'; '.join(said)}."


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
        words = (str(row["lens_title"]), place(row["difference"]), low, high, difference_text(row), range_text(row))
        marks.append(Mark(*words, verdict_of(row)))
    return Sign(title, place(0.0), (place(-matters), place(matters)), tuple(marks))


def how_found(rows: pd.DataFrame) -> str:
    """How the numbers of `plan_rows` were found, and how far estimates miss plans not seen."""
    said = []
    run, estimated = rows[rows["exact"]], rows[~rows["exact"]]
    if len(run):
        pairs, lenses = int(run["runs"].max()), [within(name) for name in dict.fromkeys(run["lens_title"])]
        said.append(f"Run exactly {listed(lenses)}: {pairs} pairs of runs.")
    if len(estimated):
        lenses = [within(name) for name in dict.fromkeys(estimated["lens_title"])]
        errors = []
        for measure, name in _ERRORS.items():
            mine = estimated[estimated["measure"] == measure]
            each = [measured(row["missed_by"], row["missed_by"], row["unit"]) for _, row in mine.iterrows()]
            errors.append(name.format(" and ".join(each)))
        said.append(
            f"Estimated {listed(lenses)} from {int(estimated['runs_used'].max()):,} runs each; mean error on plans not "
            f"seen: {listed(errors)}."
        )
    return " ".join([*said, "Line: middle 80 % of runs. Grey: too small to matter."])
