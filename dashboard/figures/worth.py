"""Figures on costs and value: waterfall by payer, break-even, cost-effectiveness plane and acceptability curve."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.by_lens import band, series_by_lens, with_legend
from dashboard.figures.money import money_scale
from dashboard.figures.style import GREY, LINE, NAVY, ORANGE, TEXT, TURQUOISE, styled, wrapped
from dashboard.text.labels import SAVED_OR_SPENT


def waterfall(steps: pd.DataFrame) -> go.Figure:
    """Steps from zero to the net cost, as stacked bars; ``steps`` has label and pounds, and the last is the sum."""
    divisor, unit = money_scale(max(steps["pounds"].abs().max(), steps["pounds"].cumsum().abs().max()))
    inner = steps.iloc[:-1]
    starts = inner["pounds"].cumsum() - inner["pounds"]
    labels = [wrapped(name, 20) for name in steps["label"]]
    figure = go.Figure()
    for position, (_, step) in enumerate(inner.iterrows()):
        figure.add_bar(
            x=[step["pounds"] / divisor],
            y=[labels[position]],
            base=[starts.iloc[position] / divisor],
            orientation="h",
            marker={"color": ORANGE if step["pounds"] > 0 else TURQUOISE},
            hovertemplate=f"{step['label']}: %{{x:,.3~f}} {unit}<extra></extra>",
        )
    total = float(steps["pounds"].iloc[-1])
    figure.add_bar(
        x=[total / divisor],
        y=[labels[-1]],
        orientation="h",
        marker={"color": NAVY},
        hovertemplate=f"{steps['label'].iloc[-1]}: %{{x:,.3~f}} {unit}<extra></extra>",
    )
    styled(figure, height=100 + 40 * len(steps), x_title=f"{unit}, {SAVED_OR_SPENT}", barmode="overlay")
    return figure.update_yaxes(type="category", categoryorder="array", categoryarray=labels[::-1])


def cumulative(rows: pd.DataFrame) -> go.Figure:
    """Cumulative net cost with the middle 80 % of runs, and the break-even line.

    ``rows`` from `dashboard.topics.series.cumulative_cost`.
    """
    divisor, unit = money_scale(rows[["mean", "low", "high"]].abs().max().max())
    figure, series = go.Figure(), list(series_by_lens(rows))
    for one in series:
        mine = one.rows.assign(low=one.rows["low"] / divisor, high=one.rows["high"] / divisor)
        years = [f"Year {year}" for year in mine["year"]]
        band(figure, years, mine, one.colour)
        figure.add_scatter(
            x=years,
            y=mine["mean"] / divisor,
            mode="lines+markers",
            name=one.lens_title,
            line={"color": one.colour, "width": 2.5},
            marker={"size": 8},
            hovertemplate=f"{one.lens_title} %{{x}}: %{{y:,.3~f}} {unit}<extra></extra>",
        )
    figure.add_hline(y=0, line={"color": TEXT, "width": 1.5})
    figure.add_annotation(
        x=1,
        xref="paper",
        xanchor="right",
        y=0,
        yref="paper",
        yanchor="bottom",
        text="below zero it has paid for itself",
        showarrow=False,
    )
    styled(figure, height=340, x_title="")
    with_legend(figure, series)
    figure.update_xaxes(showgrid=False, zeroline=False)
    return figure.update_yaxes(gridcolor=LINE, nticks=6, title={"text": unit})


def cost_plane(pairs: pd.DataFrame, x_title: str) -> go.Figure:
    """One dot per pair, by amount avoided and net cost; ``pairs`` from `dashboard.topics.series.plane`."""
    divisor, unit = money_scale(pairs["cost"].abs().max())
    figure, series = go.Figure(), list(series_by_lens(pairs))
    for one in series:
        figure.add_scatter(
            x=one.rows["avoided"],
            y=one.rows["cost"] / divisor,
            mode="markers",
            name=one.lens_title,
            marker={"color": one.colour, "size": 9, "opacity": 0.6},
            hovertemplate=f"{one.lens_title} avoided %{{x:,.3~r}}, cost %{{y:,.3~f}} {unit}<extra></extra>",
        )
        figure.add_scatter(
            x=[one.rows["avoided"].mean()],
            y=[one.rows["cost"].mean() / divisor],
            mode="markers+text",
            marker={"symbol": "x", "size": 13, "color": one.colour if one.lens_title else TEXT},
            text=["mean"],
            textposition="top center",
            hoverinfo="skip",
            showlegend=False,
        )
    figure.add_hline(y=0, line={"color": TEXT, "width": 1.5})
    figure.add_vline(x=0, line={"color": TEXT, "width": 1.5})
    corners = (
        (0.99, 0.99, "helps,<br>costs more", "right", "top"),
        (0.99, 0.01, "helps,<br>saves", "right", "bottom"),
        (0.01, 0.99, "harms,<br>costs more", "left", "top"),
        (0.01, 0.01, "harms,<br>saves", "left", "bottom"),
    )
    for x, y, text, x_anchor, y_anchor in corners:
        figure.add_annotation(
            x=x,
            y=y,
            xref="paper",
            yref="paper",
            text=text,
            showarrow=False,
            xanchor=x_anchor,
            yanchor=y_anchor,
            font={"color": "#4A5158", "size": 12},
        )
    styled(figure, height=420, x_title=x_title)
    with_legend(figure, series)
    costs = pd.concat([pairs["cost"] / divisor, pd.Series([0.0])])
    room = 0.22 * float(np.ptp(costs)) or 1.0  # above and below the dots, for words in the corners
    ends = [float(costs.min()) - room, float(costs.max()) + room]
    return figure.update_yaxes(gridcolor=LINE, title={"text": f"net cost, {unit}"}, range=ends)


def acceptability_curve(rows: pd.DataFrame, marks: Sequence[float], x_title: str) -> go.Figure:
    """Probability of being cost-effective, by the worth of one avoided (`dashboard.topics.series.acceptability`)."""
    figure, series = go.Figure(), list(series_by_lens(rows))
    for one in series:
        figure.add_scatter(
            x=one.rows["worth"],
            y=100.0 * one.rows["share"],
            mode="lines",
            name=one.lens_title,
            line={"color": one.colour, "width": 2.5, "shape": "hv"},
            hovertemplate=f"{one.lens_title} at £%{{x:,.0f}}: %{{y:.0f}} % of pairs<extra></extra>",
        )
    figure.add_hline(y=50, line={"color": GREY, "width": 1, "dash": "dot"})
    styled(figure, height=340, x_title=x_title)
    with_legend(figure, series)
    figure.update_xaxes(tickprefix="£", tickvals=list(marks), tickformat=",", range=[0, 1.06 * max(marks)])
    return figure.update_yaxes(range=[-3, 103], gridcolor=LINE, title={"text": "% of pairs"})
