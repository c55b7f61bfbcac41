"""The only place of ``dcc.Graph``: every chart has a name, says in words what it shows, and calls nobody outside."""

from __future__ import annotations

from typing import Any, Final

import plotly.graph_objects as go
from dash import dcc, html

from dashboard.application.spoken import spoken

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
