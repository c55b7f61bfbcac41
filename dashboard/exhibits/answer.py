"""The answer of page and report: findings with their certainty, whether it can make things worse, and limitations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboard.text import labels as words
from dashboard.text.lens_names import lens_class
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
from dashboard.topics.through_lenses import agreement, is_withheld, rows_by_name, sentences, within
from simulator.comparison.chance_of_harm import chances
from simulator.comparison.comparison import Comparison
from simulator.comparison.outcomes import OUTCOMES
from simulator.comparison.verdict import FEWEST


def opening(named: Mapping[str, Comparison]) -> list[Component]:
    """The findings of comparisons by the name of the lens, and a box of each on harm; a warning comes first."""
    boxes = [_harm(one, name if len(named) > 1 else "") for name, one in named.items()]
    harm = html.Div([box for box, _ in boxes], className="pair")
    return [harm, _headline(named)] if any(alarm for _, alarm in boxes) else [_headline(named), harm]


def limitations(record: Mapping[str, Any]) -> Component:
    """What the numbers of a run leave out."""
    points = [html.Li(caveat) for caveat in words.caveats(record)]
    return html.Section([html.H2("Limitations"), html.Ul(points)], className="limits")


def _headline(named: Mapping[str, Comparison]) -> Component:
    """The findings of each lens, preceded by their agreement if there are several."""
    columns = [html.Div([html.P(said) for said in sentences(one)]) for one in named.values()]
    if len(named) == 1:
        return html.Div(columns[0].children, className="headline")
    rows = rows_by_name(named, lambda one: one.per("year").summary("agreement", rounded=False))
    by_measure = rows.groupby("measure", sort=False)
    short = ". ".join(agreement(mine, capital(OUTCOMES[str(measure)].noun)) for measure, mine in by_measure)
    for name, column in zip(named, columns, strict=True):
        column.children = [html.P(name, className=f"lens_title {lens_class(name)}"), *column.children]
    return html.Div([html.P(html.Strong(f"{short}.")), html.Div(columns, className="pair")], className="headline")


def _harm(comparison: Comparison, lens_title: str) -> tuple[Component, bool]:
    """The box on higher costs and harm with their probabilities, and whether it is a warning."""
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
