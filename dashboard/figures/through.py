"""Paired differences through several lenses: a colour a lens, one line a name, marks as ever."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.paired import hover_words
from dashboard.figures.style import NAVY, PURPLE, TEXT, TURQUOISE, mark_no_change, styled, symbol_of, wrapped
from dashboard.text.labels import FEWER_OR_MORE, FIFTHS, name_of

LENS_COLOURS: Final = (NAVY, PURPLE, TURQUOISE)
"""The lens in front first."""
_APART: Final = 0.36
"""Between the marks of two lenses, in lines."""
_LEGEND: Final[dict[str, Any]] = {
    "orientation": "h",
    "y": 1.0,
    "yanchor": "bottom",
    "x": 0,
    "xanchor": "left",
    "traceorder": "normal",
}


class Series(NamedTuple):
    """The rows of one lens, and how they are drawn."""

    reading: str  # empty where there is but one lens
    colour: str
    rows: pd.DataFrame
    shift: float  # in lines, from the middle of a name's line


def by_reading(rows: pd.DataFrame) -> Iterator[Series]:
    """The series of each lens, the one in front first; one without a name if rows tell of no lens or of one."""
    readings = list(dict.fromkeys(rows["reading"])) if "reading" in rows else []
    if len(readings) < 2:
        yield Series("", NAVY, rows, 0.0)
        return
    for position, reading in enumerate(readings):
        shift = _APART * ((len(readings) - 1) / 2.0 - position)
        colour = LENS_COLOURS[position % len(LENS_COLOURS)]
        yield Series(str(reading), colour, rows[rows["reading"] == reading], shift)


def with_legend(figure: go.Figure, series: Sequence[Series], *, above: bool = False) -> go.Figure:
    """The figure with the names of the lenses over it, if there are several; ``above`` words that stand there."""
    if len(series) < 2:
        return figure
    inside, room = figure.layout.height - 60, 24 if above else 4
    figure.update_layout(
        showlegend=True,
        legend={**_LEGEND, "y": 1.0 + room / inside},
        margin={"t": 34 + room},
        height=figure.layout.height + 34 + room,
    )
    return figure


def band(figure: go.Figure, x: Sequence[Any], rows: pd.DataFrame, colour: str) -> None:
    """Draw the band from ``low`` to ``high`` of rows over ``x``; nothing where the range is withheld."""
    if rows["low"].isna().all():
        return
    red, green, blue = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    figure.add_scatter(
        x=[*x, *x[::-1]],
        y=[*rows["high"], *rows["low"][::-1]],
        fill="toself",
        fillcolor=f"rgba({red},{green},{blue},0.18)",
        mode="lines",
        line={"width": 0},
        hoverinfo="skip",
        showlegend=False,
    )


def forest_through(rows: pd.DataFrame) -> go.Figure:
    """`dashboard.figures.forest` for rows of several lenses (`dashboard.topics.through_lenses.rows_through`)."""
    shown = rows[rows["baseline"].abs() > 0]
    names = [wrapped(name_of(row)) for _, row in shown.iterrows()]
    return dots(shown.assign(name=names, scale=100.0 / shown["baseline"].abs()), f"%, {FEWER_OR_MORE}")


def by_group_through(rows: pd.DataFrame, group: str, x_title: str) -> go.Figure:
    """`dashboard.figures.by_group` for rows of several lenses; what is too small to show is left empty."""
    names = [FIFTHS[int(name) - 1] if group == "deprivation" else str(name) for name in rows[group]]
    return dots(rows.assign(name=names, scale=1.0), x_title)


def by_causal_share(rows: pd.DataFrame, x_title: str) -> go.Figure:
    """Differences of one measure at each causal share. ``rows`` as of `dashboard.topics.why.causal_rows`."""
    return dots(rows.assign(name=rows["share"], scale=1.0), x_title)


def strip_through(rows: pd.DataFrame, pairs: pd.DataFrame, x_title: str) -> go.Figure:
    """`dashboard.figures.strip` for several lenses: ``rows`` and ``pairs`` have title and reading."""
    names = {title: wrapped(str(title), 22) for title in rows["title"]}
    figure = dots(rows.assign(name=rows["title"].map(names), scale=1.0), x_title, above=True)
    lines = {name: position for position, name in enumerate(list(dict.fromkeys(names.values()))[::-1])}
    for one in by_reading(rows):
        mine = pairs[pairs["reading"] == one.reading]
        figure.add_scatter(
            x=mine["difference"],
            y=[lines[names[title]] + one.shift for title in mine["title"]],
            mode="markers",
            marker={"symbol": "line-ns", "size": 9, "opacity": 0.55, "line": {"width": 1.5, "color": one.colour}},
            hovertemplate=f"one pair, {one.reading}: %{{x:,.3~r}}<extra></extra>",
            showlegend=False,
            cliponaxis=False,
        )
    mark_no_change(figure, pairs["difference"].min(), pairs["difference"].max())
    return figure


def dots(rows: pd.DataFrame, x_title: str, *, above: bool = False) -> go.Figure:
    """Differences times ``scale`` with their ranges, one line a ``name``, a colour a lens.

    ``above`` leaves room for words over the chart.
    """
    figure, series = go.Figure(), list(by_reading(rows))
    order = list(dict.fromkeys(rows["name"]))[::-1]
    for one in series:
        mine, scale = one.rows, one.rows["scale"]
        figure.add_scatter(
            x=mine["difference"] * scale,
            y=[order.index(name) + one.shift for name in mine["name"]],
            mode="markers",
            name=one.reading,
            cliponaxis=False,
            error_x={
                "type": "data",
                "symmetric": False,
                "array": _known(mine["high"] - mine["difference"], scale),
                "arrayminus": _known(mine["difference"] - mine["low"], scale),
                "color": one.colour,
                "thickness": 2,
                "width": 0,
            },
            marker={
                "size": 10,
                "color": one.colour,
                "symbol": [symbol_of(row) for _, row in mine.iterrows()],
                "line": {"width": 2, "color": one.colour},
            },
            customdata=[f"{row['name']}, {one.reading}: {hover_words(row)}" for _, row in mine.iterrows()],
            hovertemplate="%{customdata}<extra></extra>",
        )
    styled(figure, height=90 + 46 * len(order), x_title=x_title)
    figure.add_vline(x=0, line={"color": TEXT, "width": 1.5})
    figure.update_xaxes(range=_ends(rows))
    figure.update_yaxes(tickvals=list(range(len(order))), ticktext=order, range=[-0.6, len(order) - 0.4])
    return with_legend(figure, series, above=above)


def _ends(rows: pd.DataFrame) -> list[float] | None:
    """Ends of the axis: what is drawn and nothing, with room for marks that stand at an end."""
    numbers = rows[["difference", "low", "high"]].mul(rows["scale"], axis=0).to_numpy(np.float64)
    drawn = np.append(numbers[np.isfinite(numbers)], 0.0)
    low, high = float(drawn.min()), float(drawn.max())
    return [low - 0.05 * (high - low), high + 0.05 * (high - low)] if high > low else None


def _known(lengths: pd.Series[float], scale: pd.Series[float]) -> list[float | None]:
    """Lengths of bars; none where a range is withheld."""
    return [None if np.isnan(length) else float(length) for length in lengths * scale]
