"""Curves with their bands, as plain numbers and words, and their figure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.by_lens import band, with_legend
from dashboard.figures.chart import plain
from dashboard.figures.style import LINE, NAVY, ORANGE, TEXT, mark_no_change, series_colour, styled, wrapped

_MOST_SAID: Final = 9
"""Points of a curve in its text alternative; with more, some that are evenly spaced."""
_FEW: Final = 10
"""Width of an axis of whole numbers below which each has its mark, and nothing between them."""


class Curve(NamedTuple):
    """A line through points, with a band where ``low`` and ``high`` are known (NaN: withheld)."""

    name: str
    x: tuple[float | str, ...]
    y: tuple[float, ...]
    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()
    of: str = ""  # the series whose colour it has, if not its own
    colour: str = ""  # default: that of the series
    line: str = "solid"  # Plotly's name of a dash; "steps"; "none" for marks alone
    mark: str = "circle"  # Plotly's name of a symbol; "none" for a line alone
    words: tuple[str, ...] = ()  # each y with its range, rounded to its error; default: to three significant digits

    def ends(self) -> list[float]:
        """All heights and ends of ranges."""
        return [end for ends in (self.y, self.low, self.high) for end in ends if not math.isnan(end)]


@dataclass(frozen=True)
class Curves:
    """Curves over one axis."""

    x_title: str
    y_title: str
    curves: tuple[Curve, ...]
    y_ends: tuple[float, float] | None = None
    note: str = ""  # written at the foot of the chart
    target: float | None = None  # a marked value of x, with that of no change
    here: float | None = None  # the value of x where one is, a dotted line: the second shape, after that at zero
    pounds: bool = False  # of x

    def spoken(self) -> str:
        """The points of every curve as text."""
        several = len(self.curves) > 1
        said = "; ".join(
            f"{f'{one.name}, ' if several else ''}{_at(x)}: {_words(one, position)}"
            for one in self.curves
            for position, x in enumerate(one.x)
            if position in _said(len(one.x))
        )
        return f"{self.y_title}: {said}" if self.y_title else said


def curves_of(
    rows: pd.DataFrame, x: str, y: str, *, scale: float = 1.0, line: str = "solid", mark: str = "circle"
) -> tuple[Curve, ...]:
    """A curve for each ``lens_title`` of rows; ``low`` and ``high`` are its band, ``words`` its text, if they exist."""
    made = []
    for name, mine in rows.groupby("lens_title", sort=False):
        at = tuple(f"Year {year}" for year in mine[x]) if x == "year" else tuple(mine[x])
        low, high = (tuple(scale * mine[end]) if end in mine else () for end in ("low", "high"))
        said = tuple(mine["words"]) if "words" in mine else ()
        made.append(Curve(str(name), at, tuple(scale * mine[y]), low, high, line=line, mark=mark, words=said))
    return tuple(made)


def curves(shown: Curves) -> go.Figure:
    """The figure of curves; they are named in a legend if there are several."""
    figure, several = go.Figure(), len(shown.curves) > 1
    for number, one in enumerate(shown.curves):
        colour = one.colour or series_colour(one.of or one.name, number)
        marked = one.line == "none" or len(one.x) == 1  # a single point has a bar, since a band would have no width
        if one.low and not marked:
            ends = pd.DataFrame({"low": one.low, "high": one.high}).dropna()
            band(figure, [one.x[at] for at in ends.index], ends, colour)
        steps = one.line == "steps"
        figure.add_scatter(
            x=one.x,
            y=one.y,
            mode="+".join([*([] if marked else ["lines"]), *(["markers"] if one.mark != "none" else [])]),
            name=wrapped(one.name, 40),
            line={"color": colour, "width": 2.5, "shape": "hv" if steps else "linear"}
            | ({} if steps or marked else {"dash": one.line}),
            marker={"size": 7, **({} if one.mark == "none" else {"symbol": one.mark, "color": colour})},
            error_y=_ends(one) if marked and one.low else None,
            hovertemplate=f"{f'{one.name}, ' if several else ''}%{{x}}: %{{y:,.3~r}}<extra></extra>",
        )
    if shown.here is not None or any(min(one.y, default=0.0) < 0.0 for one in shown.curves):
        figure.add_hline(y=0, line={"color": TEXT, "width": 1.5})
    if shown.here is not None:
        figure.add_vline(x=shown.here, line={"color": NAVY, "width": 1.5, "dash": "dot"})
    if shown.note:
        figure.add_annotation(
            x=1, xref="paper", xanchor="right", y=0, yref="paper", yanchor="bottom", text=shown.note, showarrow=False
        )
    if shown.target is not None:
        _mark_target(figure, shown, shown.target)
    styled(figure, height=340, x_title=shown.x_title)
    if shown.target is not None:
        figure.update_layout(margin={"t": 26})
    with_legend(figure, shown.curves, above=shown.target is not None)
    scattered = all(one.line == "none" for one in shown.curves)
    if scattered:
        figure.add_vline(x=0, line={"color": TEXT, "width": 1.5})
    dated = any(isinstance(x, str) for one in shown.curves for x in one.x)
    numbers = [float(x) for one in shown.curves for x in one.x if not isinstance(x, str)]
    few = bool(numbers) and all(x.is_integer() for x in numbers) and max(numbers) - min(numbers) < _FEW
    figure.update_xaxes(
        zeroline=False,
        rangemode="tozero" if shown.target is not None or scattered else "normal",
        **({"tickprefix": "£", "tickformat": ","} if shown.pounds else {}),
        **({"showgrid": False} if dated else {"dtick": 1} if few else {}),
    )
    return figure.update_yaxes(
        gridcolor=LINE, nticks=6, title={"text": shown.y_title}, rangemode="normal", range=shown.y_ends
    )


def _mark_target(figure: go.Figure, shown: Curves, target: float) -> None:
    drawn = [float(x) for one in shown.curves for x in one.x]
    figure.add_vline(x=0, line={"color": TEXT, "width": 1.5})
    mark_no_change(figure, min(drawn), max(drawn))
    figure.add_vline(x=target, line={"color": ORANGE, "width": 3, "dash": "dash"})
    right = target > (min(*drawn, target, 0.0) + max(*drawn, target, 0.0)) / 2.0
    where = {"xanchor": "right", "xshift": -6} if right else {"xanchor": "left", "xshift": 6}
    figure.add_annotation(x=target, y=0.02, yref="paper", yanchor="bottom", text="target", showarrow=False, **where)


def _ends(one: Curve) -> dict[str, Any]:
    array = [high - y for high, y in zip(one.high, one.y, strict=True)]
    less = [y - low for low, y in zip(one.low, one.y, strict=True)]
    return {"type": "data", "symmetric": False, "array": array, "arrayminus": less, "thickness": 2, "width": 0}


def _said(points: int) -> range:
    return range(0, points, max(1, math.ceil((points - 1) / (_MOST_SAID - 1))) if points > _MOST_SAID else 1)


def _at(x: float | str) -> str:
    return x if isinstance(x, str) else plain(x)


def _words(one: Curve, position: int) -> str:
    if one.words:
        return one.words[position]
    said = plain(one.y[position])
    if not one.low or math.isnan(one.low[position]):
        return said
    return f"{said} ({plain(one.low[position])} to {plain(one.high[position])})"
