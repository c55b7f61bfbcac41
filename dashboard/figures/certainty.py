"""How sure: the S-curve with a target, the running mean, and what the range is made of."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.style import GREY, LINE, NAVY, ORANGE, TEXT, TURQUOISE, mark_no_change, styled, wrapped
from dashboard.figures.through import band, by_reading, with_legend


def s_curve(rows: pd.DataFrame, target: float, x_title: str) -> go.Figure:
    """Share of pairs at or below each difference, and the target. ``rows`` as of `dashboard.series.exceedance`."""
    figure, series = go.Figure(), list(by_reading(rows))
    for one in series:
        figure.add_scatter(
            x=one.rows["difference"],
            y=100.0 * one.rows["share"],
            mode="lines+markers",
            name=one.reading,
            line={"color": one.colour, "width": 2.5, "shape": "hv"},
            marker={"size": 6},
            hovertemplate=f"{one.reading} %{{x:,.3~r}} or less in %{{y:.0f}} % of pairs<extra></extra>",
        )
    figure.add_vline(x=0, line={"color": TEXT, "width": 1.5})
    mark_no_change(figure, rows["difference"].min(), rows["difference"].max())
    figure.add_vline(x=target, line={"color": ORANGE, "width": 3, "dash": "dash"})
    figure.add_annotation(x=target, y=0.02, yref="paper", yanchor="bottom", text="target", showarrow=False, xshift=24)
    styled(figure, height=340, x_title=x_title)
    figure.update_layout(margin={"t": 26})
    with_legend(figure, series, above=True)
    return figure.update_yaxes(range=[-3, 103], gridcolor=LINE, title={"text": "% of pairs at or below"})


def running(rows: pd.DataFrame) -> go.Figure:
    """Mean difference as pairs are added, with one Monte Carlo error either side. ``rows`` as of `running_mean`."""
    figure, series = go.Figure(), list(by_reading(rows))
    for one in series:
        known = one.rows.dropna(subset=["error"])
        band(figure, list(known["replicates"]), known, one.colour)
        figure.add_scatter(
            x=one.rows["replicates"],
            y=one.rows["mean"],
            mode="lines+markers",
            name=one.reading,
            line={"color": one.colour, "width": 2.5},
            marker={"size": 6},
            hovertemplate=f"{one.reading} after %{{x}} pairs: %{{y:,.3~r}}<extra></extra>",
        )
    figure.add_hline(y=0, line={"color": TEXT, "width": 1.5})
    styled(figure, height=320, x_title="pairs of runs")
    with_legend(figure, series)
    figure.update_xaxes(showgrid=False, zeroline=False, rangemode="normal")
    return figure.update_yaxes(gridcolor=LINE, nticks=6)


def luck_and_belief(rows: pd.DataFrame) -> go.Figure:
    """What the range of each outcome is made of, in per cent. ``rows`` as of `dashboard.series.parts_of_range`."""
    shown = rows.iloc[::-1]
    names = [wrapped(label) for label in shown["label"]]
    figure = go.Figure()
    for part, name, colour in (("belief", "what is not known", NAVY), ("luck", "luck", GREY)):
        figure.add_bar(
            x=100.0 * shown[part],
            y=names,
            name=name,
            orientation="h",
            marker={"color": colour},
            hovertemplate=f"{name}: %{{x:.0f}} %<extra></extra>",
        )
    styled(figure, height=130 + 36 * len(shown), x_title="% of the variance<br>between pairs", barmode="stack")
    figure.update_layout(
        showlegend=True,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "traceorder": "normal"},
    )
    return figure.update_xaxes(range=[0, 100])


def channels(rows: pd.DataFrame, x_title: str) -> go.Figure:
    """Parts of an effect with their ranges. ``rows`` has label, part, low, high and kind (part, note or total)."""
    shown = rows.iloc[::-1]
    colours = {"part": TURQUOISE, "note": GREY, "total": NAVY}
    figure = go.Figure(
        go.Bar(
            x=shown["part"],
            y=[wrapped(label, 28) for label in shown["label"]],
            orientation="h",
            marker={"color": [colours[kind] for kind in shown["kind"]]},
            error_x={
                "type": "data",
                "symmetric": False,
                "array": shown["high"] - shown["part"],
                "arrayminus": shown["part"] - shown["low"],
                "color": TEXT,
                "width": 4,
            },
            hovertemplate="%{y}: %{x:,.3~r}<extra></extra>",
        )
    )
    return styled(figure, height=90 + 48 * len(shown), x_title=x_title)
