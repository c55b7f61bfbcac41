"""A chart as pages show it: its finding as title, what the numbers are, its table, and what it rests on."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

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
    """A table whose first columns head their rows; it scrolls by itself where it is too wide.

    The browser builds it from its cells (`assets/tables.js`): as components, each cell would take it a millisecond.
    """
    held = {"caption": cells.caption, "heads": cells.heads, "names": cells.names, "body": cells.body}
    said: dict[str, Any] = {"data-table": json.dumps(held, ensure_ascii=False), **spoken(cells.caption)}
    return html.Div(className="scroll", tabIndex=0, role="region", **said)
