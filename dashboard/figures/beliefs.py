"""What is believed, and what it does: the tornado of a result, and fitted values beside those of studies."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.style import NAVY, TURQUOISE, styled, wrapped


def tornado(rows: pd.DataFrame, x_title: str) -> go.Figure:
    """Mean difference where a belief is low and where it is high. ``rows`` as of `dashboard.beliefs.tornado`."""
    shown = rows.iloc[::-1]
    names = [wrapped(str(label), 34) for label in shown["label"]]
    figure = go.Figure()
    middle = (shown["low_half"] + shown["high_half"]) / 2.0
    for half, name, colour in (("low_half", "where it is low", TURQUOISE), ("high_half", "where it is high", NAVY)):
        figure.add_bar(
            x=shown[half] - middle,
            base=middle,
            y=names,
            name=name,
            orientation="h",
            marker={"color": colour, "opacity": [1.0 if sure else 0.35 for sure in shown["beyond_luck"]]},
            customdata=shown[half],
            hovertemplate=f"%{{y}}, {name}: %{{customdata:,.3~r}}<extra></extra>",
        )
    styled(figure, height=110 + 46 * len(shown), x_title=x_title, barmode="overlay")
    figure.update_layout(
        showlegend=True, legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "traceorder": "normal"}
    )
    figure.update_yaxes(type="category", categoryorder="array", categoryarray=list(dict.fromkeys(names)))
    return figure
