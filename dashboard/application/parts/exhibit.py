"""A chart as pages show it: its finding as title, what the numbers are, its table, and what it rests on."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any, Final

import plotly.graph_objects as go
from dash import dcc, html
from dash.development.base_component import Component

from dashboard.text.tables import Cells


def exhibit(title: str, statistic: str, drawn: Component, tables: Sequence[Cells], provenance: str) -> Component:
    """A chart with its finding, its statistic, its tables (folded) and its provenance."""
    return html.Section(
        [
            html.H3(unbroken(title)),
            html.P(statistic, className="statistic"),
            html.Figure([drawn, save_buttons(), html.Figcaption(provenance)]),
            html.Details([html.Summary("Table of the numbers"), *(table(cells) for cells in tables)]),
        ],
        className="exhibit",
    )


def charted(figure: go.Figure, name: str, alternative: str) -> Component:
    """A figure with its id and what it shows in words."""
    return graph(figure, name, alternative)


def table(cells: Cells) -> Component:
    """A table whose first columns head their rows; it scrolls by itself where it is too wide.

    The browser builds it from its cells (`assets/tables.js`): as components, each cell would take it a millisecond.
    """
    held = {"caption": cells.caption, "heads": cells.heads, "names": cells.names, "body": cells.body}
    said: dict[str, Any] = {"data-table": json.dumps(held, ensure_ascii=False), **spoken(cells.caption)}
    return html.Div(className="scroll", tabIndex=0, role="region", **said)


# The only place of ``dcc.Graph``: every chart has a name, says in words what it shows, and calls nobody outside.


CONFIG: Final[Any] = {
    "displayModeBar": False,
    "displaylogo": False,
    "showSendToCloud": False,
    "responsive": True,
    "scrollZoom": False,
}


def graph(figure: go.Figure, name: str, alternative: str) -> html.Div:
    """A figure under an id; ``alternative`` says in words what it shows, for those who do not see it."""
    height = f"{figure.layout.height or 300}px"
    drawn = dcc.Graph(id=name, figure=figure, config=CONFIG, responsive=True, style={"height": height})
    return html.Div(drawn, role="img", className="chart", **spoken(alternative))


# Names that a screen reader says.


def spoken(label: str) -> Any:
    """Properties that give a component a name: ``html.Nav(..., **spoken("Pages"))``."""
    return {"aria-label": label}


# Text in which no line ends between a sign and its number.


_SIGNED: Final = re.compile(r"([−+]£?[\d,.]*\d)")


def unbroken(text: str) -> list[Any]:
    """Parts of a text, each signed number in one piece.

    >>> unbroken("lost: −£5,000 a year")[0], len(unbroken("lost: −£5,000 a year"))
    ('lost: ', 3)
    """
    parts = _SIGNED.split(text)
    return [
        html.Span(part, className="number-unbroken") if position % 2 else part
        for position, part in enumerate(parts)
        if part
    ]


# Buttons below a chart that save it as a picture: the browser draws it, with its title and provenance.


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
