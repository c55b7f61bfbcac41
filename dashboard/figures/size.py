"""Dose and response of a plan: one curve and band for each lens, over multiples of the plan."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.by_lens import band, series_by_lens, with_legend
from dashboard.figures.money import money_scale
from dashboard.figures.style import LINE, NAVY, TEXT, styled


def dose_response(rows: pd.DataFrame, unit: str) -> go.Figure:
    """Curves with the middle 80 % of runs as a band, and the runs' own means as marks.

    ``rows`` are those of one outcome in `SizedPlan.curves`; ``unit`` is the title of the axis, unless it is money.
    """
    divisor = 1.0
    if str(rows["unit"].iloc[0]).startswith("pounds"):
        divisor, unit = money_scale(rows[["difference", "smooth_low", "smooth_high"]].abs().max().max())
        unit = f"{unit} a year"
    figure, series = go.Figure(), list(series_by_lens(rows))
    for one in series:
        mine = one.rows
        x = [0.0, *mine["multiple"]]
        ends = {end: [0.0, *(mine[f"smooth_{end}"] / divisor)] for end in ("low", "high")}
        if not mine["withheld"].any():
            band(figure, x, pd.DataFrame(ends), one.colour)
        figure.add_scatter(
            x=x,
            y=[0.0, *(mine["smooth"] / divisor)],
            mode="lines",
            name=one.lens_title,
            line={"color": one.colour, "width": 2.5},
            hovertemplate=f"{one.lens_title}, %{{x:g}} times: %{{y:,.3~f}}<extra></extra>",
        )
        figure.add_scatter(
            x=mine["multiple"],
            y=mine["difference"] / divisor,
            mode="markers",
            marker={"color": one.colour, "size": 7, "symbol": "circle-open"},
            hovertemplate=f"runs, {one.lens_title}, %{{x:g}} times: %{{y:,.3~f}}<extra></extra>",
            showlegend=False,
        )
    figure.add_hline(y=0, line={"color": TEXT, "width": 1.5})
    figure.add_vline(x=1, line={"color": NAVY, "width": 1, "dash": "dot"})
    styled(figure, height=320, x_title="multiples of the plan (dotted: the plan as it is)")
    with_legend(figure, series)
    return figure.update_yaxes(gridcolor=LINE, nticks=6, title={"text": unit})
