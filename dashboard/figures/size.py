"""Dose and response of a plan: one curve and band for each lens, over multiples of the plan."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.by_lens import band, series_by_lens, with_legend
from dashboard.figures.money import money_scale
from dashboard.figures.style import LINE, NAVY, TEXT, styled


def dose_response(rows: pd.DataFrame, unit: str, *, here: float = 1.0) -> go.Figure:
    """Curves with the middle 80 % of runs as a band, the runs' own means as marks, and a line at the multiple ``here``.

    ``rows`` of one outcome have lens_title, multiple, low, high and withheld, the height of the curve (``curve``), and
    the mean of the runs (``difference``), NaN where none were made. ``unit`` is the title of the axis; pounds are
    scaled if it is empty.
    """
    divisor = 1.0
    if not unit:
        divisor, unit = money_scale(rows[["curve", "low", "high"]].abs().max().max())
        unit = f"{unit} a year"
    figure, series = go.Figure(), list(series_by_lens(rows))
    for one in series:
        mine = one.rows
        if not mine["withheld"].any():
            band(figure, mine["multiple"].tolist(), mine[["low", "high"]] / divisor, one.colour)
        figure.add_scatter(
            x=mine["multiple"],
            y=mine["curve"] / divisor,
            mode="lines",
            name=one.lens_title,
            line={"color": one.colour, "width": 2.5},
            hovertemplate=f"{one.lens_title}, %{{x:.2~f}} times: %{{y:,.3~r}}<extra></extra>",
        )
        run = mine[mine["difference"].notna()]
        figure.add_scatter(
            x=run["multiple"],
            y=run["difference"] / divisor,
            mode="markers",
            marker={"color": one.colour, "size": 7, "symbol": "circle-open"},
            hovertemplate=f"runs, {one.lens_title}, %{{x:g}} times: %{{y:,.3~r}}<extra></extra>",
            showlegend=False,
        )
    figure.add_hline(y=0, line={"color": TEXT, "width": 1.5})
    figure.add_vline(x=here, line={"color": NAVY, "width": 1.5, "dash": "dot"})
    styled(figure, height=300, x_title="times the plan (dotted: you are here)")
    with_legend(figure, series)
    return figure.update_yaxes(gridcolor=LINE, nticks=6, title={"text": unit})
