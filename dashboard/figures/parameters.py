"""Figures on parameters: the tornado of a result, and fitted values compared with those of studies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.style import GREY, LINE, NAVY, ORANGE, TEXT, TURQUOISE, spread, styled, wrapped

_WIDE: Final = 26
"""Characters per line of a name, next to a chart of full page width."""


def tornado(rows: pd.DataFrame, x_title: str) -> go.Figure:
    """Mean difference where a parameter is low and where it is high; ``rows`` from `dashboard.topics.why.tornado`."""
    shown = rows.iloc[::-1]
    names = [wrapped(str(label), 22) for label in shown["label"]]
    figure = go.Figure()
    middle = (shown["low_half"] + shown["high_half"]) / 2.0
    for half, name, colour in (("low_half", "where it is low", TURQUOISE), ("high_half", "where it is high", NAVY)):
        figure.add_bar(
            x=shown[half] - middle,
            base=middle,
            y=names,
            name=name,
            orientation="h",
            marker={"color": colour, "opacity": [1.0 if sure else 0.35 for sure in shown["beyond_chance"]]},
            customdata=shown[half],
            hovertemplate=f"%{{y}}, {name}: %{{customdata:,.3~r}}<extra></extra>",
        )
    styled(figure, height=_height(names, 110), x_title=x_title, barmode="overlay")
    figure.update_layout(
        showlegend=True, legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "traceorder": "normal"}
    )
    figure.update_yaxes(type="category", categoryorder="array", categoryarray=list(dict.fromkeys(names)))
    return figure


def ranged(rows: pd.DataFrame, x_title: str) -> go.Figure:
    """One bar per parameter with its range, unless withheld; ``rows`` has label, amount, low and high."""
    shown = rows.iloc[::-1].rename(columns={"amount": "difference"})
    names = [wrapped(str(label), 22) for label in shown["label"]]
    figure = go.Figure(
        go.Bar(
            x=shown["difference"],
            y=names,
            orientation="h",
            marker={"color": TURQUOISE},
            error_x=spread(shown, 1.0),
            hovertemplate="%{y}: %{x:,.3~r}<extra></extra>",
        )
    )
    styled(figure, height=_height(names, 100), x_title=x_title).update_xaxes(nticks=5, tickangle=0)
    return figure.update_yaxes(type="category")


def target_distances(rows: pd.DataFrame) -> go.Figure:
    """Distance of each target from its simulated value, in standard deviations of both.

    ``rows`` from `dashboard.credibility.fitted_lens.target_rows`. Filled marks were fitted, open ones held out; squares
    were not reached.
    """
    shown = rows.iloc[::-1]
    names = [wrapped(str(label), _WIDE) for label in shown["label"]]
    symbols = [
        f"{'circle' if row['reached'] else 'square'}{'' if row['fitted'] else '-open'}" for _, row in shown.iterrows()
    ]
    colours = [NAVY if reached else ORANGE for reached in shown["reached"]]
    figure = go.Figure(
        go.Scatter(
            x=shown["z"],
            y=names,
            mode="markers",
            marker={"size": 11, "symbol": symbols, "color": colours, "line": {"width": 2, "color": colours}},
            customdata=[
                f"published {row['value']:g}, simulated {row['simulated']:.4g} {row['unit']}"
                for _, row in shown.iterrows()
            ],
            hovertemplate="%{y}: %{customdata}, z %{x:.1f}<extra></extra>",
            cliponaxis=False,
        )
    )
    figure.add_vrect(x0=-2.0, x1=2.0, fillcolor=LINE, opacity=0.6, line_width=0, layer="below")
    styled(figure, height=_height(names, 100), x_title="published less<br>simulated, standard deviations")
    far = max(3.0, float(shown["z"].abs().max()) * 1.1)
    return figure.update_xaxes(range=[-far, far])


def strength_ratios(rows: pd.DataFrame) -> go.Figure:
    """Fitted strength as a multiple of that in studies; ``rows`` from `fitted_lens.strength_rows`."""
    shown = rows.dropna(subset=["times"]).iloc[::-1]
    colours = [ORANGE if outside else NAVY for outside in shown["outside"]]
    names = [wrapped(str(label), 22) for label in shown["label"]]
    figure = go.Figure(
        go.Bar(
            x=shown["times"],
            y=names,
            orientation="h",
            marker={"color": colours},
            text=[f"{row['times']:.2g}{' ◆' if row['outside'] else ''}" for _, row in shown.iterrows()],
            textposition="outside",
            cliponaxis=False,
            hovertemplate="%{y}: %{x:.2f} times<extra></extra>",
        )
    )
    styled(figure, height=_height(names, 100), x_title="multiple of the strength<br>found in studies")
    figure.add_vline(x=1.0, line={"color": TEXT, "width": 1.5, "dash": "dash"})
    low, high = min(0.0, float(shown["times"].min())), max(1.0, float(shown["times"].max()))
    return figure.update_xaxes(range=[1.15 * low, 1.2 * high])


def widths(rows: pd.DataFrame) -> go.Figure:
    """Width of each posterior in per cent of the prior's; ``rows`` from `fitted_lens.strength_rows`."""
    shown = rows.sort_values("width", ascending=False)
    names = {path: wrapped(str(label), 22) for path, label in zip(shown.index, shown["label"], strict=True)}
    figure = go.Figure()
    for name, colour, mine in (
        ("informed", NAVY, shown[shown["informed"]]),
        ("prior-driven", GREY, shown[~shown["informed"]]),
    ):
        figure.add_bar(
            x=100.0 * mine["width"],
            y=[names[path] for path in mine.index],
            name=name,
            orientation="h",
            marker={"color": colour},
            hovertemplate=f"%{{y}}: %{{x:.0f}} % of the prior's width, {name}<extra></extra>",
        )
    styled(figure, height=_height(list(names.values()), 130), x_title="posterior width,<br>% of the prior's")
    figure.update_layout(
        barmode="overlay", showlegend=True, legend={"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0}
    )
    figure.add_vline(x=100.0, line={"color": TEXT, "width": 1.5, "dash": "dash"})
    return figure.update_yaxes(
        type="category", categoryorder="array", categoryarray=list(dict.fromkeys(names.values()))
    )


def movers(rows: pd.DataFrame) -> go.Figure:
    """Share of a target's variance that each parameter explains; ``rows`` from `fitted_lens.mover_rows`."""
    shown = rows.iloc[::-1]
    names = [wrapped(str(label), _WIDE) for label in shown["label"]]
    figure = go.Figure(
        go.Bar(
            x=100.0 * shown["total"],
            y=names,
            orientation="h",
            marker={"color": NAVY},
            error_x={"type": "data", "array": 100.0 * shown["total_error"], "color": TEXT, "thickness": 1.5},
            hovertemplate="%{y}: %{x:.0f} %<extra></extra>",
        )
    )
    return styled(figure, height=_height(names, 100), x_title="% of the<br>target's variance<br>over the prior")


def _height(names: Sequence[str], around: int) -> int:
    """Height in pixels of a chart with names of several lines, and ``around`` for its margins."""
    lines = max((name.count("<br>") + 1 for name in names), default=1)
    return around + len(names) * max(40, 17 * lines + 8)
