"""How likely each outcome is to be worse."""

from __future__ import annotations

from typing import Final

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.style import CLEAR_COLOURS, CLEAR_SYMBOLS, NAVY, TEXT, styled, wrapped
from dashboard.words import SHORT
from simulator.chances import EVEN, PROBABLE

_ROOM: Final = 72
"""Pixels at the right for the counts of pairs."""


def chances_of_worse(rows: pd.DataFrame) -> go.Figure:
    """Chances in per cent with their intervals, one line an outcome. ``rows`` as of `simulator.chances.chances`."""
    shown = rows[rows["runs"] > 0].iloc[::-1]
    names = [wrapped(SHORT.get(row["measure"], row["label"])) for _, row in shown.iterrows()]
    kinds = [
        _kind(chance, low, high) for chance, low, high in zip(shown["chance"], shown["low"], shown["high"], strict=True)
    ]
    colours = [CLEAR_COLOURS[kind] for kind in kinds]
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
                "symbol": [CLEAR_SYMBOLS[kind] for kind in kinds],
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
    figure.add_vline(x=100.0 * EVEN, line={"color": TEXT, "width": 1.5})
    styled(figure, height=90 + 42 * max(1, len(shown)), x_title="chance that it is worse, %")
    figure.update_layout(margin={"r": _ROOM})
    return figure.update_xaxes(range=[-3, 103], tickvals=[0, 25, 50, 75, 100], zeroline=False)


def _kind(chance: float, low: float, high: float) -> str:
    if chance > PROBABLE and low > EVEN:
        return "worse"
    return "better" if chance < 1.0 - PROBABLE and high < EVEN else "unclear"
