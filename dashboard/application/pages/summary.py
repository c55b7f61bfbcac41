"""Summary: findings and their certainty, probability of harm, and limitations, for both lenses."""

from __future__ import annotations

from typing import Final

from dash import Dash, html
from dash.development.base_component import Component

from dashboard.application.parts import matters, take_away
from dashboard.application.parts.head import lens_notes, through_lenses
from dashboard.exhibits.answer import limitations, opening
from dashboard.exhibits.components import shown
from dashboard.exhibits.paired_forest import paired_forest
from dashboard.exhibits.tiles import tiles
from dashboard.runs.view import View
from dashboard.topics.through_lenses import by_title, line_through

PATH: Final = "/"
TITLE: Final = "Summary"


def layout(view: View) -> Component:
    """The summary of one scenario against its base, for all lenses shown."""
    found = through_lenses(view)
    comparison = found[view.lens]
    record = comparison.scenario.record
    named, line = by_title(found), line_through(found)
    return html.Div(
        [
            html.H1(f"{record['scenario_title']} in {record['place_title']}"),
            html.P(record["question"], className="question"),
            take_away.menu(view, list(found.values())),
            matters.settings(view),
            *lens_notes(view, found),
            *opening(named),
            html.H2("What changes"),
            shown(tiles(named, line)),
            shown(paired_forest(named, line)),
            limitations(record),
        ]
    )


def register(app: Dash) -> None:
    """The page has no callbacks."""
