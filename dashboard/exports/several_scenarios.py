"""Several scenarios beside each other: a chart an outcome, a category a scenario, a colour a lens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import pandas as pd

from dashboard.exhibits.exhibit import Exhibit
from dashboard.exhibits.tiles import tiles
from dashboard.exports.column import Column, columns_of
from dashboard.exports.content import Content, More, Shown, content, source_of
from dashboard.figures.chart import Chart, chart_of
from dashboard.text import labels as words
from dashboard.text.phrases import listed
from dashboard.topics.several_scenarios import name_of, strip_finding
from dashboard.topics.through_lenses import range_note, rows_by_name, told
from simulator.comparison.comparison import Comparison

BESIDE: Final = (
    "emergency_admissions",
    "bed_days",
    "often_always_lonely",
    "net_cost",
    "net_cash",
    "unmet_needs",
    "ae_attendances",
    "deaths",
)
"""Outcomes that have a chart."""


def content_beside(found: Mapping[str, Sequence[Comparison]]) -> Content:
    """The content of take-aways of several scenarios; ``found`` holds for each lens a comparison a scenario.

    The first lens is the one that is read through in words; a scenario may lack others. Raises ValueError for none.
    """
    by_lens = [columns_of(comparisons) for comparisons in found.values() if comparisons]
    if not by_lens:
        raise ValueError("a take-away needs at least one comparison")
    titles = [column.title for column in by_lens[0]]
    record = by_lens[0][0].record
    columns = tuple(column for columns in by_lens for column in columns)
    named = {column.title: column for column in by_lens[0]}
    source = source_of(columns)
    charts = tuple(_chart(measure, by_lens, source) for measure in BESIDE)
    first = tiles({title: column.comparison for title, column in named.items()}, source, by="title")
    shown = Shown(replace(first, title=charts[0].title), charts)
    title = f"{listed(titles)} in {record['place_title']}"
    return content(columns, named, title, shown, More(question=_question(by_lens)))


def _question(by_lens: Sequence[Sequence[Column]]) -> str:
    base = by_lens[0][0].comparison.baseline.record["scenario_title"]
    lenses = [columns[0].name for columns in by_lens]
    in_words = f" Numbers that are told in words are through {lenses[0]}." if len(lenses) > 1 else ""
    return f"Each is compared with '{base}', through {listed(lenses)}.{in_words}"


def _chart(measure: str, by_lens: Sequence[Sequence[Column]], source: str) -> Exhibit[Chart]:
    tables = []
    for columns in by_lens:
        mine = {one.title: one.comparison for one in columns}
        rows = rows_by_name(mine, lambda one: one.summary((measure,), rounded=False), "title")
        tables.append(rows.assign(reading=columns[0].name))
    found = pd.concat(tables, ignore_index=True)
    unit = str(found["unit"].iloc[0])
    thousands = unit.startswith("pounds")
    said = words.difference_unit(unit).replace("pounds", "£ thousand")
    return Exhibit(
        measure,
        told(found, strip_finding),
        f"{name_of(found.iloc[0])}: mean of the paired differences from the base. {range_note(found)}",
        chart_of(
            found.assign(name=found["title"], scale=1e-3 if thousands else 1.0),
            f"{said}, less (left) or more (right)",
            missing="not run through any lens shown",
        ),
        source,
    )
