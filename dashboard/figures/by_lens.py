"""Figures of paired differences by lens: one colour per lens, one line per name."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.chart import Chart, Series
from dashboard.figures.style import (
    LINE,
    TEXT,
    VERDICT_COLOURS,
    VERDICT_SYMBOLS,
    faint,
    in_lines,
    series_colour,
    styled,
    wrapped,
)
from dashboard.text.labels import MARKS_NOTE, WITHHELD_NOTE

_APART: Final = 0.36
"""Distance between the marks of two series, in lines, if there is room for it."""
_LINE: Final = 18
"""Height of a line of text, in pixels."""
_FEW_LINES: Final = 2
_WIDE: Final = 28
"""Characters of the lines of names that would otherwise have more lines than `_FEW_LINES`."""
_ZERO_LINE: Final = {"color": TEXT, "width": 1.5}
_LEGEND: Final[dict[str, Any]] = {
    "orientation": "h",
    "y": 1.0,
    "yanchor": "bottom",
    "x": 0,
    "xanchor": "left",
    "traceorder": "normal",
}


def with_legend(figure: go.Figure, series: Sequence[object], *, above: bool = False) -> go.Figure:
    """The figure with a legend at its top if there are several lenses; ``above`` puts it above words at the top."""
    if len(series) < 2:
        return figure
    inside, room = figure.layout.height - 60, 24 if above else 4
    height, legend = figure.layout.height + 34 + room, {**_LEGEND, "y": 1.0 + room / inside}
    figure.layout.update({"showlegend": True, "legend": legend, "height": height}, overwrite=True)
    figure.layout.margin.t = 34 + room
    return figure


def band(figure: go.Figure, x: Sequence[Any], rows: pd.DataFrame, colour: str) -> None:
    """Draw the band from ``low`` to ``high`` of rows over ``x``, unless the range is withheld."""
    if rows["low"].isna().all():
        return
    figure.add_scatter(
        x=[*x, *x[::-1]],
        y=[*rows["high"], *rows["low"][::-1]],
        fill="toself",
        fillcolor=faint(colour, 0.18),
        mode="lines",
        line={"width": 0},
        hoverinfo="skip",
        showlegend=False,
    )


def dots(chart: Chart) -> go.Figure:
    """Marks with their ranges, one line per category; coloured by series, or by verdict if there is one series."""
    several, marks = len(chart.series) > 1, []
    names, (along, other) = _names(chart), "yx" if chart.across else "xy"
    for number, one in enumerate(chart.series):
        own = series_colour(one.name, number)
        colour: Any = own if several else [VERDICT_COLOURS[kind] for kind in one.kinds]
        mark = {
            "type": "scatter",
            along: one.values,
            other: _heights(chart, number),
            f"error_{along}": _bars(one, own),
            "mode": "lines+markers" if chart.across else "markers",
            "line": {"color": own, "width": 1.5, "dash": "dot"},
            "name": one.name,
            "cliponaxis": False,
            "marker": {
                "size": 10,
                "color": colour,
                "symbol": [VERDICT_SYMBOLS[kind] for kind in one.kinds],
                "line": {"width": 2, "color": colour},
            },
            "customdata": [
                f"{name}{f', {one.name}' if several else ''}: {words}"
                for name, words in zip(chart.categories, one.words, strict=True)
            ],
            "hovertemplate": "%{customdata}<extra></extra>",
        }
        marks.append(mark)
        marks += [_ticks(chart, number, own)] if one.points else []
    figure = go.Figure(marks)
    places = {"tickvals": _heights(chart), "ticktext": names, "range": [-0.6, len(names) - 0.4]}
    if chart.across:
        styled(
            figure,
            height=300,
            x_title="",
            xaxis={"showgrid": False, "zeroline": False, **places},
            yaxis={"gridcolor": LINE, "nticks": 6, "title": {"text": in_lines(chart.axis)}, "range": _ends(chart)},
            shapes=[_line_at_zero("x", "y")],
        )
    else:
        styled(
            figure,
            height=90 + max(40, 23 * len(chart.series), _LINE * _lines(names) + 8) * len(names),
            x_title=chart.axis,
            xaxis={"range": _ends(chart)},
            yaxis=places,
            shapes=[_line_at_zero("y", "x")],
        )
    return with_legend(figure, chart.series)


def _names(chart: Chart) -> list[str]:
    """The categories in lines, which are wider where some would otherwise have many."""
    narrow = [wrapped(label) for label in chart.labels()]
    return narrow if _lines(narrow) <= _FEW_LINES else [wrapped(label, _WIDE) for label in chart.labels()]


def _lines(names: Sequence[str]) -> int:
    """The lines of the longest name."""
    return max((name.count("<br>") + 1 for name in names), default=1)


def _ticks(chart: Chart, number: int, colour: str) -> dict[str, Any]:
    """A tick for each pair of runs of a series."""
    points = zip(_heights(chart, number), chart.series[number].points, strict=True)
    at = [(point, height) for height, each in points for point in each]
    return {
        "type": "scatter",
        "x": [point for point, _ in at],
        "y": [height for _, height in at],
        "mode": "markers",
        "marker": {"symbol": "line-ns", "size": 9, "opacity": 0.55, "line": {"width": 1.5, "color": colour}},
        "hovertemplate": f"one pair, {chart.series[number].name}: %{{x:,.3~r}}<extra></extra>",
        "showlegend": False,
        "cliponaxis": False,
    }


def _line_at_zero(along: str, other: str) -> dict[str, Any]:
    """The line along one axis where the other is 0, as Plotly's ``add_vline`` draws it in ten times as long."""
    ends = {f"{along}0": 0, f"{along}1": 1, f"{along}ref": f"{along} domain"}
    return {"type": "line", **ends, f"{other}0": 0, f"{other}1": 0, f"{other}ref": other, "line": _ZERO_LINE}


def _bars(series: Series, colour: str) -> dict[str, Any]:
    """Lines from the lower to the upper end of each range, unless it is withheld."""
    less, more = ([None if math.isnan(length) else length for length in lengths] for lengths in series.lengths())
    ends = {"array": more, "arrayminus": less}
    return {"type": "data", "symmetric": False, **ends, "color": colour, "thickness": 2, "width": 0}


def marks_key(chart: Chart) -> str:
    """The meaning of the marks of `dots`; empty if none shows a verdict."""
    kinds = {kind for one in chart.series for kind in one.kinds}
    said = (MARKS_NOTE, *([WITHHELD_NOTE] if "withheld" in kinds else []))
    return " ".join(said) if kinds - {""} else ""


def _heights(chart: Chart, number: int | None = None) -> list[float]:
    """Positions of the marks of a series, the first category at the top or left; without ``number``, of categories."""
    shift = 0.0 if number is None else _shift(number, len(chart.series))
    lines = range(len(chart.categories))
    return [line - shift / 2.0 for line in lines] if chart.across else [line + shift for line in reversed(lines)]


def _shift(number: int, count: int) -> float:
    """The offset of one of several series from the middle of a line, in lines."""
    return min(_APART, 0.8 / count) * ((count - 1) / 2.0 - number)


def _ends(chart: Chart) -> list[float] | None:
    """Ends of the axis, which include all numbers and zero, with room for marks at the ends."""
    drawn = [*chart.numbers(), 0.0]
    room = 0.05 * (max(drawn) - min(drawn))
    return [min(drawn) - room, max(drawn) + room] if room else None
