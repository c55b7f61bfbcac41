"""A picture of a chart, SVG or PNG, with its title, what the bars are, and where it comes from.

Plotly's kaleido draws it with the Chromium or Chrome that is installed; in the dashboard the browser draws it itself.
"""

from __future__ import annotations

import textwrap
from typing import Final

import plotly.graph_objects as go

from dashboard.exports.content import Chart, Content
from dashboard.figures.style import GREY, LINE, NAVY, ORANGE, PURPLE, TEXT, TURQUOISE, styled, wrapped
from simulator.errors import SimulatorError

COLOURS: Final = (NAVY, TURQUOISE, PURPLE, ORANGE)
_ACROSS: Final = ("years",)
_WIDTH: Final = 1100
_LEFT: Final = 250
_LINE: Final = 168  # letters of provenance in a line
_TITLE: Final = 88


class PictureError(SimulatorError):
    """No picture can be drawn here."""


def figure_of(chart: Chart, content: Content) -> go.Figure:
    """The chart as a Plotly figure that carries its title and provenance."""
    figure = go.Figure()
    across = chart.name in _ACROSS
    for colour, series in zip(COLOURS, chart.series, strict=False):
        spread = {
            "type": "data",
            "symmetric": False,
            "array": [high - value for value, high in zip(series.values, series.high, strict=True)],
            "arrayminus": [value - low for value, low in zip(series.values, series.low, strict=True)],
            "color": TEXT,
            "thickness": 2,
            "width": 4,
        }
        names = [name if across else wrapped(name, 34) for name in chart.categories]
        figure.add_bar(
            x=names if across else series.values,
            y=series.values if across else names,
            name=series.name,
            orientation="v" if across else "h",
            marker={"color": colour},
            **{"error_y" if across else "error_x": spread},
        )
    title = textwrap.wrap(chart.title, _TITLE)
    statistic = f"<span style='font-size:14px;color:{GREY}'>{chart.statistic}</span>"
    foot = [line for whole in content.provenance for line in textwrap.wrap(whole, _LINE)]
    height = 190 + 24 * len(title) + 15 * len(foot) + 44 * len(chart.categories) * max(1, len(chart.series) // 2 + 1)
    if across:
        height = 480 + 24 * len(title) + 15 * len(foot)
    styled(figure, height=height, x_title="" if across else chart.axis)
    if across:
        figure.update_yaxes(title={"text": chart.axis}, gridcolor=LINE, zeroline=True, zerolinecolor=TEXT)
    else:
        figure.update_yaxes(autorange="reversed")
    top, bottom = 66 + 24 * len(title) + 26 * (len(chart.series) > 1), 66 + 15 * len(foot)
    left = 90 if across else _LEFT
    figure.update_yaxes(automargin=False)
    figure.update_layout(
        width=_WIDTH,
        margin={"l": left, "r": 24, "t": top, "b": bottom},
        showlegend=len(chart.series) > 1,
        legend={"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0},
        title={
            "text": f"<b>{'<br>'.join(title)}</b><br>{statistic}",
            "font": {"size": 19},
            "x": 16 / _WIDTH,
            "y": 1 - 24 / height,
            "yanchor": "top",
            "yref": "container",
        },
        annotations=[
            {
                "text": "<br>".join(foot),
                "font": {"size": 10, "color": GREY},
                "align": "left",
                "showarrow": False,
                "xref": "paper",
                "yref": "paper",
                "x": 0,
                "y": 0,
                "xanchor": "left",
                "yanchor": "top",
                "xshift": 16 - left,
                "yshift": -48,
            }
        ],
    )
    return figure


def picture(chart: Chart, content: Content, kind: str) -> bytes:
    """The chart as ``svg`` or ``png``.

    Raises PictureError if no browser is found to draw it with.
    """
    figure = figure_of(chart, content)
    try:
        drawn: bytes = figure.to_image(format=kind, scale=2 if kind == "png" else 1)
    except Exception as error:
        if type(error).__name__ not in {"ChromeNotFoundError", "BrowserFailedError", "RuntimeError"}:
            raise
        raise PictureError(
            f"a picture as {kind} is drawn with Chrome or Chromium, and none could be started ({error}). Install one, "
            "or choose among the other formats."
        ) from error
    return drawn
