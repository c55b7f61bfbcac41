"""Sections of page Answer on finished runs: findings, probability of harm, outcomes and limitations, by lens."""

from __future__ import annotations

from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboard.application.parts import matters
from dashboard.application.parts.exhibit import shown
from dashboard.application.parts.head import lens_notes
from dashboard.exhibits.paired_forest import paired_forest
from dashboard.exhibits.tiles import tiles
from dashboard.runs.view import View
from dashboard.text import labels as words
from dashboard.text.lens_names import key_title, lens_class
from dashboard.text.phrases import capital
from dashboard.topics.harm import (
    CHANCES_WITHHELD,
    TOO_FEW,
    detail,
    harm_heading,
    percent,
    size_in_words,
    warnings_of,
    worse_by,
)
from dashboard.topics.through_lenses import (
    Through,
    agreement,
    by_title,
    is_withheld,
    line_through,
    rows_through,
    sentences,
    within,
)
from simulator.comparison.chance_of_harm import chances
from simulator.comparison.comparison import Comparison
from simulator.comparison.outcomes import OUTCOMES
from simulator.comparison.verdict import FEWEST


def sections(view: View, found: Through) -> list[Component]:
    """The sections below the answer, of one scenario against its base, for all lenses shown."""
    record = found[view.lens].scenario.record
    named, line = by_title(found), line_through(found)
    boxes = [_harm(one, key_title(key) if len(found) > 1 else "") for key, one in found.items()]
    alarming = any(alarm for _, alarm in boxes)
    harm = html.Div([box for box, _ in boxes], className="pair")
    headline = _headline(found)
    return [
        *lens_notes(view, found),
        *((harm, headline) if alarming else (headline, harm)),
        html.H2("What changes"),
        shown(tiles(named, line)),
        shown(paired_forest(named, line)),
        matters.settings(view),
        _limits(record),
    ]


def _headline(found: Through) -> Component:
    """The findings of each lens, preceded by their agreement if there are several."""
    if len(found) == 1:
        (comparison,) = found.values()
        return html.Div([html.P(said) for said in sentences(comparison)], className="headline")
    rows = rows_through(found, lambda one: one.per("year").summary("agreement", rounded=False))
    by_measure = rows.groupby("measure", sort=False)
    short = ". ".join(agreement(mine, capital(OUTCOMES[str(measure)].noun)) for measure, mine in by_measure)
    columns = [
        html.Div(
            [
                html.P(key_title(key), className=f"reading {lens_class(key_title(key))}"),
                *(html.P(said) for said in sentences(comparison)),
            ]
        )
        for key, comparison in found.items()
    ]
    return html.Div([html.P(html.Strong(f"{short}.")), html.Div(columns, className="pair")], className="headline")


def _harm(comparison: Comparison, lens_title: str) -> tuple[Component, bool]:
    """The box on higher costs and harm with their probabilities, and whether it comes first."""
    named = f", {within(lens_title)}" if lens_title else ""
    if is_withheld(comparison):
        inside = [html.H2(f"Chances of harm{named}"), html.P(CHANCES_WITHHELD)]
        return html.Section(inside, className="harm calm"), False
    rows = chances(comparison, "first chances")
    if len(comparison.seeds) < FEWEST:
        return _box("calm", f"Can it make things worse{named}?", f"{TOO_FEW}.", rows), False
    found = warnings_of(comparison)
    kind = "alarm" if found.alarming else "calm"
    return _box(kind, f"{harm_heading(found, rows)}{named}", detail(found), rows), found.alarming


def _box(kind: str, heading: str, said: str, rows: pd.DataFrame) -> Component:
    cells = [
        html.Li(
            [
                html.Strong(percent(row)),
                f" chance of {worse_by(row)} ",
                html.Span(size_in_words(row), className="pairs"),
            ]
        )
        for _, row in rows.iterrows()
    ]
    inside = [html.H2(heading), html.Ul(cells, className="chances"), html.P(said)]
    return html.Section(inside, className=f"harm {kind}")


def _limits(record: Any) -> Component:
    points = [html.Li(caveat) for caveat in words.caveats(record)]
    return html.Section([html.H2("Limitations"), html.Ul(points)], className="limits")
