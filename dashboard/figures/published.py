"""Figures on studies and targets: published and predicted results, residuals, and simulated studies."""

from __future__ import annotations

import math
from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.by_lens import series_by_lens, with_legend
from dashboard.figures.style import GREY, LINE, NAVY, ORANGE, TEXT, styled, wrapped

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


# Simulated baseline compared with published figures.


def residuals(rows: pd.DataFrame) -> go.Figure:
    """Simulated (dot) and published (tick) values within each target's range, which is drawn from 0 to 100.

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
    styled(figure, height=110 + 40 * len(shown), x_title="position in the published range, %")
    return figure.update_xaxes(zeroline=False, zerolinecolor=GREY)


# Results that simulated studies of a programme would report, and true effects, by design.


_APART: Final = 0.07
"""Distance of a mark from the middle of its lens, in lines: the study above, the truth below."""
_LINE: Final = 66
"""Height per design, in pixels."""


def simulated_studies(rows: pd.DataFrame) -> go.Figure:
    """Reported result of each design with its interval, and the truth; ``rows`` from `simulated_studies.study_rows`.

    Discs, or crosses where intervals are withheld, are reported results; open diamonds are the truth.
    """
    shown = rows[rows["percent"].notna() | rows["true_percent"].notna()]
    order = list(dict.fromkeys(shown["label"]))[::-1]
    figure, series = go.Figure(), list(series_by_lens(shown))
    for one in series:
        mine = one.rows
        lines = pd.Series([order.index(label) + one.shift for label in mine["label"]], index=mine.index)
        prefix = f"{one.lens_title}: " if one.lens_title else ""
        symbols = ["x-thin" if withheld else "circle" for withheld in mine["withheld"]]
        drawn = (
            ("percent", lines + _APART, f"{prefix}reported by the study", symbols, _bars(mine, one.colour)),
            ("true_percent", lines - _APART, f"{prefix}the truth", "diamond-open", None),
        )
        for name, height, what, symbol, bars in drawn:
            figure.add_scatter(
                x=mine[name],
                y=height,
                mode="markers",
                name=f"{what[0].upper()}{what[1:]}",
                cliponaxis=False,
                error_x=bars,
                marker={"size": 10, "color": one.colour, "symbol": symbol, "line": {"width": 2, "color": one.colour}},
                customdata=[f"{label}, {what}" for label in mine["label"]],
                hovertemplate="%{customdata}: %{x:+.2~r} %<extra></extra>",
            )
    styled(figure, height=120 + _LINE * len(order), x_title="emergency admissions, % fewer or more")
    figure.add_vline(x=0, line={"color": TEXT, "width": 1.5})
    names = [wrapped(label, 20) for label in order]
    figure.update_yaxes(tickvals=list(range(len(order))), ticktext=names, range=[-0.6, len(order) - 0.4])
    with_legend(figure, series)
    legend = {"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0, "xanchor": "left", "traceorder": "normal"}
    return figure.update_layout(showlegend=True, legend=legend)


def _bars(rows: pd.DataFrame, colour: str) -> dict[str, Any]:
    """Error bars of reported results, unless withheld."""
    return {
        "type": "data",
        "symmetric": False,
        "array": rows["percent_high"] - rows["percent"],
        "arrayminus": rows["percent"] - rows["percent_low"],
        "color": colour,
        "thickness": 2,
        "width": 0,
    }
