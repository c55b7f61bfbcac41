"""Simulated studies of a programme, compared with its true effect: rows, findings and tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd

from dashboard.figures.chart import Chart, chart_of, plain_rows
from dashboard.text.labels import signed
from dashboard.text.phrases import listed
from dashboard.text.tables import Cells
from dashboard.topics.through_lenses import finding_by_lens, within
from simulator.evaluation import parts_of, summary_of
from simulator.evaluation.findings import PARTS

Kept = tuple[Mapping[str, pd.DataFrame], Mapping[str, Any]]
"""Frames of an evaluation by name, and its run record, as returned by `dashboard.runs.library.Library.evaluation`."""
DESIGNS: Final = {
    ("before-after", "members"): "Before and after",
    ("matched", "members"): "Matched controls",
    ("did", "members"): "Difference in differences",
    ("trial", "participants"): "Randomised trial, participants",
    ("trial", "offered"): "Randomised trial, those offered",
    ("trial", "takers"): "Randomised trial, those who take part",
}
SUBJECTS: Final = {
    ("before-after", "members"): "A before-after study",
    ("matched", "members"): "A study with matched controls",
    ("did", "members"): "A difference-in-differences study",
    ("trial", "participants"): "A randomised trial among participants",
    ("trial", "offered"): "A randomised trial of the offer",
    ("trial", "takers"): "A randomised trial, for those who take part,",
}
SENTENCE_PARTS: Final = ("true_effect", "regression_to_the_mean")
"""Parts of a before-after difference that are named in the title."""
_RANGES: Final = ["percent_low", "percent_high", "true_percent_low", "true_percent_high"]
_UNIT: Final = "%"
_DUST: Final = 9
"""Decimals beyond which digits are rounding errors of floating-point sums."""


def study_rows(found: Mapping[str, Kept]) -> pd.DataFrame:
    """Designs by lens: rows of `summary_of` with lens title, label of the design and ``withheld``.

    Where a lens failed checks, ``withheld`` is true and the ends of ranges are NaN.
    """
    tables = []
    for lens_title, (frames, record) in found.items():
        rows = summary_of(frames["estimates"])
        rows.insert(0, "lens_title", lens_title)
        rows.insert(1, "label", [DESIGNS[key] for key in _keys(rows)])
        withheld = bool(record.get("lens_faults"))
        tables.append(_withheld(rows, _RANGES) if withheld else rows.assign(withheld=False))
    return pd.concat(tables, ignore_index=True)


def part_rows(found: Mapping[str, Kept]) -> pd.DataFrame:
    """Parts of the before-after difference by lens: rows of `parts_of` with lens title, label and ``withheld``."""
    tables = []
    for lens_title, (frames, record) in found.items():
        rows = parts_of(frames["estimates"], frames["parts"])
        rows.insert(0, "lens_title", lens_title)
        rows.insert(1, "label", [PARTS[part] for part in rows["part"]])
        withheld = bool(record.get("lens_faults"))
        tables.append(_withheld(rows, ["points_low", "points_high"]) if withheld else rows.assign(withheld=False))
    return pd.concat(tables, ignore_index=True)


def studies_finding(rows: pd.DataFrame, parts: pd.DataFrame) -> str:
    """The result the first design would report for each lens, its parts, and the true effect."""
    known = rows[rows["percent"].notna()]
    if known.empty:
        return "No design could estimate a change in per cent"
    first = known.iloc[0]
    same = known[(known["design"] == first["design"]) & (known["effect_on"] == first["effect_on"])]
    several = rows["lens_title"].nunique() > 1
    said = []
    for _, row in same.iterrows():
        mine = parts[(parts["lens_title"] == row["lens_title"]) & parts["part"].isin(SENTENCE_PARTS)].iloc[::-1]
        made_of = ", ".join(f"{part['label']} {_value(part, 'points')}" for _, part in mine.iterrows())
        points = f"{made_of}; " if made_of and row["design"] == "before-after" else ""
        through = f" {within(row['lens_title'])}" if several else ""
        said.append(f"{_percent(row, 'percent')}{through} ({points}truth {_percent(row, 'true_percent')})")
    return f"{SUBJECTS[first['design'], first['effect_on']]} would report {listed(said)}"


def parts_finding(parts: pd.DataFrame) -> str:
    """The largest part of the before-after difference, by lens."""

    def finding(mine: pd.DataFrame) -> str:
        largest = str(mine.sort_values("points", key=abs)["label"].iloc[-1])
        return f"{largest[0].upper()}{largest[1:]} is the largest part of the before-after change"

    return finding_by_lens(parts.assign(withheld=False), finding)  # the finding mentions no range


def studies_chart(rows: pd.DataFrame) -> Chart:
    """The result that each design would report with its interval, and the true effect, by lens."""
    several, drawn = rows["lens_title"].nunique() > 1, []
    for lens_title, mine in rows.groupby("lens_title", sort=False):
        lens = f"{lens_title}: " if several else ""
        ends = [
            "range withheld" if row["withheld"] else f"{_end(row, 'percent_low')} to {_end(row, 'percent_high')}"
            for _, row in mine.iterrows()
        ]
        reported = [f"{_percent(row, 'percent')}, {end}" for (_, row), end in zip(mine.iterrows(), ends, strict=True)]
        true = [_percent(row, "true_percent") for _, row in mine.iterrows()]
        drawn += [
            plain_rows(mine, "percent", "percent_low", "percent_high").assign(
                lens_title=f"{lens}reported by the study", words=reported
            ),
            plain_rows(mine.assign(withheld=False), "true_percent").assign(lens_title=f"{lens}the truth", words=true),
        ]
    return chart_of(pd.concat(drawn), "emergency admissions, % fewer or more", missing="unknown")


def studies_cells(rows: pd.DataFrame) -> Cells:
    """Every design by lens: people compared, reported effect, and true effect in the same people."""
    body = [
        [
            str(row["label"]),
            str(row["lens_title"]),
            *("none" if not row[name] > 0 else f"{row[name]:,.0f}" for name in ("people", "comparators")),
            *(_value(row, name) for name in ("percent", "percent_low", "percent_high")),
            *(_value(row, f"true_{name}") for name in ("percent", "percent_low", "percent_high")),
            "withheld" if row["withheld"] else f"{row['missed_in']} of {row['studies']}",
        ]
        for _, row in rows.iterrows()
    ]
    heads = ["Design", "Lens", "People", "Compared", "Would report, %", "Lower", "Upper", "Truth, %", "Lower", "Upper"]
    return Cells("Reported and true effect by design", [*heads, "Intervals that miss the truth"], body, 2)


def parts_cells(parts: pd.DataFrame) -> Cells:
    """Parts of a before-after difference in percentage points of the year before, which add up to it."""
    body = [
        [
            str(row["label"]).capitalize(),
            str(row["lens_title"]),
            *(_value(row, name) for name in ("points", "points_low", "points_high")),
        ]
        for _, row in parts.iterrows()
    ]
    caption = "Parts of the before-after change, % of the year before"
    return Cells(caption, ["Part", "Lens", "Points", "Lower", "Upper"], body, 2)


def _withheld(rows: pd.DataFrame, ends: list[str]) -> pd.DataFrame:
    shown = rows.assign(withheld=True)
    shown[ends] = np.nan
    return shown


def _keys(rows: pd.DataFrame) -> list[tuple[str, str]]:
    return list(zip(rows["design"], rows["effect_on"], strict=True))


def _percent(row: pd.Series[Any], name: str) -> str:
    return "an unknown change" if pd.isna(row[name]) else f"{_end(row, name)} %"


def _end(row: pd.Series[Any], name: str) -> str:
    """A mean or an end of its range with its sign, rounded to the mean's Monte Carlo error."""
    error = row[f"{name.removesuffix('_low').removesuffix('_high')}_error"]
    return signed(round(row[name], _DUST), round(error, _DUST), _UNIT)


def _value(row: pd.Series[Any], name: str) -> str:
    """A number of a table, or the reason why it is missing."""
    end = name.endswith(("_low", "_high"))
    if end and row["withheld"]:
        return "withheld"
    if pd.isna(row[name]):
        return "unknown"
    return _end(row, name)
