"""Summary: what was found, how surely, whether it can do harm, and what this cannot tell."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
from dash import Dash, html
from dash.development.base_component import Component

from dashboard import figures, findings, words
from dashboard.application.current import library
from dashboard.application.exhibit import charted, exhibit
from dashboard.application.text import unbroken
from dashboard.application.view import View
from dashboard.harm import (
    FEWEST_RUNS,
    FIRST,
    WORSE,
    detail,
    ends_in_words,
    pairs_in_words,
    percent,
    verdict,
    warnings_of,
)
from dashboard.report import AMOUNTS, OUTCOMES, PARTS, TILES
from dashboard.saying import alternative, difference_words, range_words
from dashboard.tables import contrasts_cells
from simulator.chances import chances
from simulator.comparison import Comparison
from simulator.headline import pairs_words

PATH: Final = "/"
TITLE: Final = "Summary"


def layout(view: View) -> Component:
    """The summary of one scenario against its base."""
    comparison = library().comparison(view.scenario, view.base, view.place, view.lens).per(view.per)
    record = comparison.scenario.record
    line = words.provenance(record, comparison.baseline.record, len(comparison.seeds))
    box, alarming = _harm(comparison)
    headline = html.Div([html.P(said) for said in comparison.findings()], className="headline")
    return html.Div(
        [
            html.H1(f"{record['scenario_title']} in {record['place_title']}"),
            html.P(record["question"], className="question"),
            *((box, headline) if alarming else (headline, box)),
            _tiles(comparison),
            html.H2("What changes"),
            _forest(comparison, line),
            _limits(record),
        ]
    )


def register(app: Dash) -> None:
    """The summary has no callbacks of its own."""


def _harm(comparison: Comparison) -> tuple[Component, bool]:
    """Whether it costs more or harms someone, and how likely; and whether that is to be said first."""
    rows = chances(comparison, FIRST)
    if len(comparison.seeds) < FEWEST_RUNS:
        said = "One pair of runs cannot say how likely it is to do harm."
        return _box("calm", "Can it make things worse?", said, rows), False
    found = warnings_of(comparison)
    return _box("alarm" if any(found) else "calm", verdict(found, rows), detail(found), rows), any(found)


def _box(kind: str, heading: str, said: str, rows: pd.DataFrame) -> Component:
    cells = [
        html.Li(
            [
                html.Strong(percent(row)),
                f" chance of {WORSE[row['measure']]} ",
                html.Span(pairs_in_words(row) + ends_in_words(row), className="pairs"),
            ]
        )
        for _, row in rows.iterrows()
    ]
    inside = [html.H2(heading), html.Ul(cells, className="chances"), html.P(said)]
    return html.Section(inside, className=f"harm {kind}")


def _tiles(comparison: Comparison) -> Component:
    rows = {str(row["measure"]): row for _, row in comparison.summary((*TILES, *PARTS), rounded=False).iterrows()}
    parts = "; ".join(f"{words.PARTS[part]} {difference_words(rows[part])}" for part in PARTS)
    return html.Ul([tile(rows[name], parts) for name in TILES], className="tiles")


def tile(row: pd.Series[Any], parts: str) -> Component:
    """One number with its range, what it is measured against (a net cost: its ``parts``), and how clear it is."""
    kind = findings.clearness(row)
    percent_sign = " %" if str(row["unit"]).startswith("%") else ""
    level = f"baseline {words.measured(row['baseline'], row['baseline_error'], row['unit'])}{percent_sign}"
    less = "fewer" if row["measure"] in AMOUNTS else "lower"
    return html.Li(
        [
            html.H2(row["label"]),
            html.P(unbroken(difference_words(row)), className="number"),
            html.P(words.difference_unit(row["unit"]), className="unit"),
            html.P(unbroken(f"80 % of runs: {range_words(row)}"), className="range"),
            html.P(
                unbroken(f"of which {parts}" if parts and row["measure"] == "net_cost" else level), className="range"
            ),
            html.P(f"{words.VERDICTS[kind]}: {pairs_words(row, less)}", className="verdict"),
        ],
        className=f"tile {kind}",
    )


def _forest(comparison: Comparison, line: str) -> Component:
    rows = comparison.summary(OUTCOMES, rounded=False)
    title = findings.outcomes_finding(rows)
    drawn = charted(figures.forest(rows), "outcomes", alternative(f"{title}.", rows, "label"))
    return exhibit(title, words.FOREST_NOTE, drawn, [contrasts_cells(rows, "Outcomes")], line)


def _limits(record: Any) -> Component:
    points = [html.Li(caveat) for caveat in words.caveats(record)]
    return html.Section([html.H2("What this cannot tell you"), html.Ul(points)], className="limits")
