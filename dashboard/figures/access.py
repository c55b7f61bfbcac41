"""The practice with more and with fewer clinicians, quarter by quarter."""

from __future__ import annotations

from typing import Final

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from dashboard.figures.style import FONT, GREY, LINE, NAVY, PURPLE, TEXT

_PANELS: Final = {
    "waiting_list_weeks": "Waiting list, weeks of consultations",
    "leaving_per_year_%": "Clinicians who leave, % a year",
    "capacity_%": "Hours of clinicians, % of usual",
}
_COLOURS: Final = (NAVY, GREY, PURPLE)


def access_figure(table: pd.DataFrame) -> go.Figure:
    """Three panels of `simulator.description.access.access_table`, with a line for each change of clinicians' hours."""
    figure = make_subplots(rows=1, cols=len(_PANELS), subplot_titles=list(_PANELS.values()), horizontal_spacing=0.07)
    for (name, rows), colour in zip(table.groupby("clinicians", sort=False), _COLOURS, strict=True):
        for column, measure in enumerate(_PANELS, start=1):
            line = go.Scatter(
                x=rows["quarter"],
                y=rows[measure],
                name=f"clinicians {name}",
                legendgroup=str(name),
                showlegend=column == 1,
                mode="lines+markers",
                line={"color": colour, "width": 2},
            )
            figure.add_trace(line, row=1, col=column)
    figure.update_layout(
        width=1100,
        height=380,
        margin={"l": 40, "r": 16, "t": 64, "b": 48},
        paper_bgcolor="#FFFFFF",
        plot_bgcolor="#FFFFFF",
        font={"family": FONT, "size": 13, "color": TEXT},
        legend={"orientation": "h", "y": 1.2, "yanchor": "bottom", "x": 0},
    )
    figure.update_xaxes(title={"text": "quarter"}, gridcolor=LINE, dtick=2)
    figure.update_yaxes(gridcolor=LINE)
    figure.update_yaxes(rangemode="tozero", row=1, col=1)
    return figure
