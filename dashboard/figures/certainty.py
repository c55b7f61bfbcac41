"""Figures on certainty: S-curve with a target, running mean, parts of the range, channels, probabilities of harm."""

from __future__ import annotations

from typing import Final

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.by_lens import band, series_by_lens, with_legend
from dashboard.figures.style import (
    GREY,
    LINE,
    NAVY,
    ORANGE,
    TEXT,
    TURQUOISE,
    VERDICT_COLOURS,
    VERDICT_SYMBOLS,
    mark_no_change,
    styled,
    wrapped,
)
from dashboard.text.labels import name_of
from simulator.comparison.verdict import HIGH


def s_curve(rows: pd.DataFrame, target: float, x_title: str) -> go.Figure:
    """Share of pairs at or below each difference, and the target; ``rows`` from `series.exceedance`."""
    figure, series = go.Figure(), list(series_by_lens(rows))
    for one in series:
        figure.add_scatter(
            x=one.rows["difference"],
            y=100.0 * one.rows["share"],
            mode="lines+markers",
            name=one.lens_title,
            line={"color": one.colour, "width": 2.5, "shape": "hv"},
            marker={"size": 6},
            hovertemplate=f"{one.lens_title} %{{x:,.3~r}} or less in %{{y:.0f}} % of pairs<extra></extra>",
        )
    figure.add_vline(x=0, line={"color": TEXT, "width": 1.5})
    mark_no_change(figure, rows["difference"].min(), rows["difference"].max())
    figure.add_vline(x=target, line={"color": ORANGE, "width": 3, "dash": "dash"})
    drawn = [*rows["difference"], target, 0.0]
    right = target > (min(drawn) + max(drawn)) / 2.0
    how = {"xanchor": "right", "xshift": -6} if right else {"xanchor": "left", "xshift": 6}
    figure.add_annotation(x=target, y=0.02, yref="paper", yanchor="bottom", text="target", showarrow=False, **how)
    styled(figure, height=340, x_title=x_title)
    figure.update_layout(margin={"t": 26})
    with_legend(figure, series, above=True)
    return figure.update_yaxes(range=[-3, 103], gridcolor=LINE, title={"text": "% of pairs at or below"})


def running(rows: pd.DataFrame) -> go.Figure:
    """Mean difference as pairs are added, plus or minus one Monte Carlo error; ``rows`` from `running_mean`."""
    figure, series = go.Figure(), list(series_by_lens(rows))
    for one in series:
        known = one.rows.dropna(subset=["error"])
        band(figure, list(known["replicates"]), known, one.colour)
        figure.add_scatter(
            x=one.rows["replicates"],
            y=one.rows["mean"],
            mode="lines+markers",
            name=one.lens_title,
            line={"color": one.colour, "width": 2.5},
            marker={"size": 6},
            hovertemplate=f"{one.lens_title} after %{{x}} pairs: %{{y:,.3~r}}<extra></extra>",
        )
    figure.add_hline(y=0, line={"color": TEXT, "width": 1.5})
    styled(figure, height=320, x_title="pairs of runs")
    with_legend(figure, series)
    figure.update_xaxes(showgrid=False, zeroline=False, rangemode="normal")
    return figure.update_yaxes(gridcolor=LINE, nticks=6)


def variance_components(rows: pd.DataFrame) -> go.Figure:
    """Parts of the variance of each outcome, in per cent; ``rows`` from `dashboard.topics.series.parts_of_range`."""
    shown = rows.iloc[::-1]
    names = [wrapped(label) for label in shown["label"]]
    figure = go.Figure()
    for part, name, colour in (("parameter", "parameter uncertainty", NAVY), ("stochastic", "chance", GREY)):
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
    """Parts of an effect with their ranges; ``rows`` has label, part, low, high and kind (part, note or total)."""
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


# Probability that each outcome is worse.


_ROOM: Final = 72
"""Width for the counts of pairs on the right, in pixels."""


def chances_of_worse(rows: pd.DataFrame) -> go.Figure:
    """Probabilities in per cent with intervals, one line per outcome; ``rows`` from `chance_of_harm.chances`."""
    shown = rows[rows["runs"] > 0].iloc[::-1]
    names = [wrapped(name_of(row)) for _, row in shown.iterrows()]
    kinds = ["worse" if kind == "worse" else "unsure" for kind in shown["verdict"]]
    colours = [VERDICT_COLOURS[kind] for kind in kinds]
    chance = 100.0 * shown["chance"]
    figure = go.Figure(
        go.Scatter(
            x=chance,
            y=names,
            mode="markers",
            error_x={
                "type": "data",
                "symmetric": False,
                "array": 100.0 * shown["high"] - chance,
                "arrayminus": chance - 100.0 * shown["low"],
                "color": NAVY,
                "thickness": 2,
                "width": 0,
            },
            marker={
                "size": 11,
                "color": colours,
                "symbol": [VERDICT_SYMBOLS[kind] for kind in kinds],
                "line": {"width": 2, "color": colours},
            },
            customdata=[f"worse in {row['worse_in']} of {row['runs']}" for _, row in shown.iterrows()],
            hovertemplate="%{y}: %{x:.0f} %, %{customdata}<extra></extra>",
            cliponaxis=False,
        )
    )
    for name, (_, row) in zip(names, shown.iterrows(), strict=True):
        figure.add_annotation(
            x=1.0,
            xref="paper",
            y=name,
            text=f"{row['worse_in']} of {row['runs']}",
            showarrow=False,
            xanchor="left",
            xshift=8,
        )
    figure.add_vline(x=100.0 * HIGH, line={"color": TEXT, "width": 1.5})
    styled(figure, height=90 + 42 * max(1, len(shown)), x_title="chance that it is worse by more than matters, %")
    figure.update_layout(margin={"r": _ROOM})
    return figure.update_xaxes(range=[-3, 103], tickvals=[0, 25, 50, 75, 100], zeroline=False)
