"""Published results of studies beside predicted ones."""

from __future__ import annotations

import math
from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.style import GREY, LINE, NAVY, ORANGE, styled, wrapped

_FARTHEST: Final = 6.0
"""Half intervals from the middle at which the axis ends; values beyond are drawn at the end with a note."""


def predictions(rows: pd.DataFrame) -> go.Figure:
    """Positions of published estimates in their predictive intervals; ``rows`` from `BlindPredictions.table`.

    Since studies differ in unit, the axis is in half predictive intervals from the prediction: between -1 and 1 is a
    hit. 95 % intervals are drawn where the study published one.
    """
    shown = rows.iloc[::-1]
    places = [_places(row) for _, row in shown.iterrows()]
    names = [wrapped(str(row["title"]), 34) for _, row in shown.iterrows()]
    at = [max(-_FARTHEST, min(_FARTHEST, value)) for value, _, _ in places]
    figure = go.Figure(
        go.Scatter(
            x=at,
            y=names,
            mode="markers",
            error_x={
                "type": "data",
                "symmetric": False,
                "array": [max(0.0, high - x) for x, (_, _, high) in zip(at, places, strict=True)],
                "arrayminus": [max(0.0, x - low) for x, (_, low, _) in zip(at, places, strict=True)],
                "color": GREY,
                "thickness": 2,
                "width": 0,
            },
            marker={
                "size": 11,
                "color": [NAVY if hit else ORANGE for hit in shown["hit"]],
                "symbol": ["circle" if hit else "square" for hit in shown["hit"]],
            },
            customdata=[f"{row['published']:g} {row['unit']}" for _, row in shown.iterrows()],
            hovertemplate="%{y}: published %{customdata}, %{x:.1f} half intervals from the prediction<extra></extra>",
        )
    )
    figure.add_vrect(x0=-1.0, x1=1.0, fillcolor=LINE, opacity=0.6, line_width=0, layer="below")
    for name, x, (value, _, _) in zip(names, at, places, strict=True):
        if x != value:
            figure.add_annotation(x=x, y=name, text=f"{value:+.0f}", showarrow=False, yshift=14)
    styled(figure, height=90 + 44 * max(1, len(shown)), x_title="half predictive intervals from the prediction")
    return figure.update_xaxes(range=[-_FARTHEST - 0.3, _FARTHEST + 0.3])


def _places(row: pd.Series[Any]) -> tuple[float, float, float]:
    """The published estimate and the ends of its interval, in half predictive intervals from the prediction.

    Ratios are on the log scale. Without a published interval both ends are the estimate. If the predictive interval
    has no width, distances are not defined, except 0 for an exact prediction.

    >>> row = {"unit": "%", "predicted": 2.0, "high": 6.0, "published": 10.0, "published_low": 4.0}
    >>> _places(pd.Series({**row, "published_high": 16.0}))
    (2.0, 0.5, 3.5)
    """

    def scaled(name: str) -> float:
        value = float(row[name])
        return math.log(value) if row["unit"] == "odds ratio" else value

    middle = scaled("predicted")
    half = scaled("high") - middle
    if not half > 0.0:
        place = 0.0 if row["hit"] else math.copysign(_FARTHEST, scaled("published") - middle)
        return place, place, place
    value = (scaled("published") - middle) / half
    if pd.isna(row["published_low"]):
        return value, value, value
    return value, (scaled("published_low") - middle) / half, (scaled("published_high") - middle) / half
