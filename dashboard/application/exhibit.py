"""A chart as pages show it: its finding as title, what the numbers are, its table, and what it rests on."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go
from dash import html
from dash.development.base_component import Component

from dashboard.application.graph import graph
from dashboard.application.save_buttons import save_buttons
from dashboard.application.spoken import spoken
from dashboard.application.text import unbroken
from dashboard.tables import Cells


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
    """A table whose first columns head their rows; it scrolls by itself where it is too wide."""
    head = html.Tr(
        [
            html.Th(text, scope="col", className="name" if position < cells.names else "")
            for position, text in enumerate(cells.heads)
        ]
    )
    rows = [
        html.Tr(
            [
                *(html.Th(text, scope="row") for text in row[: cells.names]),
                *(html.Td(text) for text in row[cells.names :]),
            ]
        )
        for row in cells.body
    ]
    inner = html.Table([html.Caption(cells.caption), html.Thead(head), html.Tbody(rows)])
    return html.Div(inner, className="scroll", tabIndex=0, role="region", **spoken(cells.caption))
