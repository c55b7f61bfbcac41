"""Certainty: the probability of reaching a target, whether there were enough runs, and the parts of the range."""

from __future__ import annotations

from typing import Final

from dash import Dash, html
from dash.development.base_component import Component

from dashboard.application.parts import options
from dashboard.application.parts.head import head, lens_notes, through_lenses
from dashboard.exhibits.certainty import certainty, target_slider, unit_of
from dashboard.exhibits.components import components
from dashboard.runs.view import View
from dashboard.text.labels import labels_in
from dashboard.topics.certainty import target_text
from dashboard.topics.through_lenses import by_title, line_through
from simulator.comparison.outcomes import OUTCOMES

PATH: Final = "/certainty"
TITLE: Final = "Certainty"
_LEAD: Final = (
    "How likely it is to do at least so much; whether enough runs were made to say so; and what makes the range."
)


def layout(view: View) -> Component:
    """The certainty of one outcome of one scenario, for each lens."""
    found = through_lenses(view)
    named, words = by_title(found), labels_in("certainty")
    measure = options.chosen(view, "outcome", words)
    slider, key, target, bar = target_slider(named, measure), f"target_{measure}", 0.0, []
    if slider:
        target = min(max(options.chosen_number(view, key, slider.usual), slider.ends[0]), slider.ends[1])
        unit = unit_of(named, measure)
        said = html.P(target_text(target, unit, less=OUTCOMES[measure].good != "more"), className="target")
        handle = options.slider(view, key, f"Target, {unit}", slider.usual, slider.ends, slider.step)
        bar = [html.Div([said, handle], className="slider")]
    return html.Div(
        [
            *head(TITLE, found[view.lens], _LEAD),
            *lens_notes(view, found),
            options.select(view, "outcome", "Outcome", words),
            *bar,
            *components(certainty(named, line_through(found), measure, target)),
        ]
    )


def register(app: Dash) -> None:
    """Choices are stored in the address."""
