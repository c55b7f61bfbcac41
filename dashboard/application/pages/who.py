"""Who and where: differences by age, deprivation and both, absolute or relative to each group's own level."""

from __future__ import annotations

from typing import Final

from dash import Dash, html
from dash.development.base_component import Component

from dashboard.application.parts import options, take_away
from dashboard.application.parts.head import head, lens_notes, through_lenses
from dashboard.exhibits.components import components
from dashboard.exhibits.people import SCALES, people
from dashboard.runs.view import View
from dashboard.topics.through_lenses import by_title, line_through

PATH: Final = "/who"
TITLE: Final = "Who and where"
_LEAD: Final = "Who gains and who loses. The same difference per head means more to a group that has more of it."


def layout(view: View) -> Component:
    """Differences by group of one scenario against its base, for each lens."""
    found = through_lenses(view)
    shown = people(by_title(found), line_through(found), options.chosen(view, "scale", SCALES))
    return html.Div(
        [
            *head(TITLE, found[view.lens], _LEAD),
            take_away.menu(view, list(found.values())),
            *lens_notes(view, found),
            options.select(view, "scale", "Differences", SCALES),
            *components(shown),
        ]
    )


def register(app: Dash) -> None:
    """Choices are stored in the address."""
