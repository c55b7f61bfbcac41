"""How near a simulated baseline comes to what was published."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.style import GREY, LINE, NAVY, ORANGE, TEXT, styled, wrapped


def residuals(rows: pd.DataFrame) -> go.Figure:
    """Simulated (dot) beside published (tick) within each target's range, which is drawn from 0 to 100.

    ``rows`` has label, simulated_at, published_at [per cent of the range] and in_range.
    """
    shown = rows.iloc[::-1]
    names = [wrapped(label, 34) for label in shown["label"]]
    figure = go.Figure()
    figure.add_bar(
        x=[100.0] * len(shown), y=names, orientation="h", marker={"color": LINE}, width=0.4, hoverinfo="skip"
    )
    figure.add_scatter(
        x=shown["published_at"],
        y=names,
        mode="markers",
        marker={"symbol": "line-ns", "size": 16, "line": {"width": 3, "color": TEXT}},
        hovertemplate="published<extra></extra>",
    )
    figure.add_scatter(
        x=shown["simulated_at"],
        y=names,
        mode="markers",
        marker={
            "size": 12,
            "color": [NAVY if inside else ORANGE for inside in shown["in_range"]],
            "symbol": ["circle" if inside else "square" for inside in shown["in_range"]],
            "line": {"width": 1, "color": "#FFFFFF"},
        },
        customdata=[f"{row['simulated']:,.4g} against {row['value']:g} {row['unit']}" for _, row in shown.iterrows()],
        hovertemplate="%{y}: %{customdata}<extra></extra>",
        cliponaxis=False,
    )
    styled(figure, height=110 + 40 * len(shown), x_title="% of the way through the published range")
    return figure.update_xaxes(zeroline=False, zerolinecolor=GREY)
