"""Colours and layout shared by all figures.

Colours and their order follow the Government Analysis Function's guidance for charts; the baseline is grey. Text is
always dark, since turquoise and orange are too pale to read.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go
import plotly.io

NAVY: Final = "#12436D"
TURQUOISE: Final = "#28A197"
PURPLE: Final = "#801650"
ORANGE: Final = "#F46A25"
GREY: Final = "#6F777B"
TEXT: Final = "#1D1D1B"
LINE: Final = "#D5D9DC"
FONT: Final = "system-ui, -apple-system, 'Segoe UI', Roboto, Arial, sans-serif"
PLANS: Final = ("#9A7400", "#8A63C9", "#3F86C0", "#7A4B2A")
"""Colours of up to four scenarios, or of other series; none of them stands for a lens or for a verdict."""
_LENSES: Final = {"On trial evidence": NAVY, "As claimed": PURPLE, "Evidence as written": "#3D3D3D"}
"""Colours of lenses by title, the same everywhere and used for nothing else beside them."""
VERDICT_COLOURS: Final = {
    "better": TURQUOISE,
    "worse": ORANGE,
    "different": NAVY,
    "small": GREY,
    "unsure": GREY,
    "withheld": GREY,
    "": NAVY,
}
"""By `kind_of`; the shape of the mark has the same meaning, for readers who cannot distinguish the colours."""
VERDICT_SYMBOLS: Final = {
    "better": "circle",
    "worse": "square",
    "different": "diamond",
    "small": "triangle-up",
    "unsure": "circle-open",
    "withheld": "x-thin",
    "": "circle",
}
_DEPTH: Final = 0.45
_NEAR: Final = 0.2
"""Share of a chart's width from an end within which a label is written away from that end."""
_AXIS: Final = {"ticks": "", "title": {"standoff": 15}, "linecolor": "white", "zerolinecolor": "white"}
_BARS: Final = {
    **{f"error_{axis}": {"color": "#2a3f5f"} for axis in "xy"},
    "marker": {"line": {"color": "#E5ECF6", "width": 0.5}},
}
plotly.io.templates["offset"] = go.layout.Template(
    data={"bar": [_BARS]},
    layout={
        "autotypenumbers": "strict",
        "font": {"color": "#2a3f5f"},
        "hovermode": "closest",
        "hoverlabel": {"align": "left"},
        "xaxis": _AXIS,
        "yaxis": _AXIS,
        "annotationdefaults": {"arrowhead": 0, "arrowwidth": 1},
    },
)
plotly.io.templates.default = "offset"
"""What these figures use of Plotly's own template, which is fifty times as long and copied with every chart."""


def kind_of(row: pd.Series[Any]) -> str:
    """The verdict on a row, or ``withheld`` where the range is withheld; empty for rows that are not judged."""
    if row.get("withheld", False):
        return "withheld"
    return str(row.get("verdict", ""))


def series_colour(name: str, number: int = 0) -> str:
    """The colour of a series: that of the lens of this title, with any settings; by ``number`` if it is no such lens.

    >>> series_colour("As claimed, 0.5 of Frome's gap") == series_colour("As claimed", 1) == PURPLE
    True
    """
    return _LENSES.get(name.partition(",")[0], PLANS[number % len(PLANS)] if name else NAVY)


def pale(colour: str) -> str:
    """A colour mixed with white, for bars on which the thin line of a range stays visible.

    >>> pale("#12436D")
    '#94AABD'
    """
    parts = [int(colour[begin : begin + 2], 16) for begin in (1, 3, 5)]
    return "#" + "".join(f"{round(255 - _DEPTH * (255 - part)):02X}" for part in parts)


def spread(rows: pd.DataFrame, scale: Any) -> dict[str, Any]:
    """Error bars from the lower to the upper end, in units of the difference times ``scale``."""
    return {
        "type": "data",
        "symmetric": False,
        "array": (rows["high"] - rows["difference"]) * scale,
        "arrayminus": (rows["difference"] - rows["low"]) * scale,
        "color": NAVY,
        "thickness": 2,
        "width": 0,
    }


_NUMBERS: Final[dict[str, Any]] = {"exponentformat": "none", "separatethousands": True}
"""How an axis writes its numbers."""


def styled(figure: go.Figure, *, height: int, x_title: str, **axes: Any) -> go.Figure:
    """The figure with the shared layout; ``axes`` are more of it, such as ``xaxis``."""
    x_axis = {
        "title": {"text": in_lines(x_title), "font": {"size": 13}},
        "automargin": True,
        "gridcolor": LINE,
        "zeroline": True,
        "fixedrange": True,
        "zerolinecolor": TEXT,
        "zerolinewidth": 1.5,
        "rangemode": "tozero",
        **_NUMBERS,
    }
    y_axis = {
        "automargin": True,
        "gridcolor": "#FFFFFF",
        "zeroline": False,
        "fixedrange": True,
        "ticklabelstandoff": 6,
        **_NUMBERS,
        "title": {"font": {"size": 13}},
    }
    layout = {
        "height": height,
        "margin": {"l": 8, "r": 12, "t": 8, "b": 8},
        "paper_bgcolor": "#FFFFFF",
        "plot_bgcolor": "#FFFFFF",
        "font": {"family": FONT, "size": 13, "color": TEXT},
        "showlegend": False,
        "hoverlabel": {"bgcolor": "#FFFFFF", "font": {"color": TEXT}},
        **{str(name): x_axis for name in figure.layout if str(name).startswith("xaxis")},
        **{str(name): y_axis for name in figure.layout if str(name).startswith("yaxis")},
    }
    there = {key: value for key, value in figure.layout.to_plotly_json().items() if key != "template"}
    figure.layout.update(
        _merged(there, _merged(layout, axes)), overwrite=True
    )  # Plotly's own merging takes ten times as long
    return figure


def _merged(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Both, group by group; of a value in both, that of the other."""
    both = {key: value for key, value in other.items() if key in one and isinstance(value, Mapping)}
    return {**one, **other, **{key: _merged(one[key], value) for key, value in both.items()}}


def faint(colour: str, opacity: float) -> str:
    """A colour that lets through what is behind it.

    >>> faint("#12436D", 0.5)
    'rgba(18,67,109,0.5)'
    """
    red, green, blue = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity:g})"


def mark_no_change(figure: go.Figure, low: float, high: float) -> None:
    """Label the line at zero above a chart from ``low`` to ``high``, on the side with more room."""
    ends = min(low, 0.0), max(high, 0.0)
    at = -ends[0] / (ends[1] - ends[0]) if ends[1] > ends[0] else 0.5
    side = "left" if at < _NEAR else "right" if at > 1.0 - _NEAR else "center"
    figure.add_annotation(x=0, y=1, yref="paper", yanchor="bottom", xanchor=side, text="no change", showarrow=False)


def in_lines(title: str) -> str:
    """The title of an axis broken after commas and before ``or``, to fit on a narrow screen.

    >>> in_lines("admissions a year, less (left) or more (right)")
    'admissions a year,<br>less (left)<br>or more (right)'
    """
    return title.replace(", ", ",<br>").replace(" or ", "<br>or ")


def wrapped(text: str, width: int = 24) -> str:
    """A label broken into lines, to leave room for the chart on a narrow screen.

    >>> wrapped("Emergency admissions without a night", 20)
    'Emergency admissions<br>without a night'
    """
    return "<br>".join(textwrap.wrap(text, width))
