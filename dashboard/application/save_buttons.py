"""Buttons below a chart that save it as a picture: the browser draws it, with its title and provenance."""

from __future__ import annotations

from typing import Final

from dash import html
from dash.development.base_component import Component

from dashboard.application.spoken import spoken

KINDS: Final = ("svg", "png")


def save_buttons() -> Component:
    """A button for each kind; `assets/take_away.js` does the rest."""
    buttons = [
        html.Button(
            kind.upper(), type="button", **{"data-picture": kind, **spoken(f"Save this chart as {kind.upper()}")}
        )
        for kind in KINDS
    ]
    return html.P(["Save the chart as ", *buttons], className="save-chart")
