"""Pictures of charts, SVG or PNG, with title, statistic and provenance.

Plotly's kaleido draws them with an installed Chromium or Chrome; in the dashboard the user's browser draws them.
"""

from __future__ import annotations

import asyncio
import io
import textwrap
from collections.abc import Sequence
from typing import Final

import plotly.graph_objects as go
from lxml import etree
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from dashboard.exhibits.exhibit import Exhibit
from dashboard.exports.content import Content
from dashboard.figures import dots, marks_key
from dashboard.figures.chart import Chart
from dashboard.figures.style import GREY
from simulator.errors import SimulatorError

_SVG: Final = "http://www.w3.org/2000/svg"
_PATIENCE: Final = 60.0
"""Seconds to wait for one picture."""
_WIDTH: Final = 1100
_LEFT: Final = 250
_LINE: Final = 168  # characters of provenance per line
_TITLE: Final = 88
_STATISTIC: Final = 128


class PictureError(SimulatorError):
    """A picture cannot be drawn on this computer."""


def figure_of(exhibit: Exhibit[Chart], content: Content) -> go.Figure:
    """The chart of an exhibit as a Plotly figure with its title and source."""
    figure, chart = dots(exhibit.figure), exhibit.figure
    title = textwrap.wrap(exhibit.title, _TITLE)
    said = textwrap.wrap(f"{exhibit.statistic} {marks_key(chart)}", _STATISTIC)
    statistic = f"<span style='font-size:14px;color:{GREY}'>{'<br>'.join(said)}</span>"
    foot = [line for whole in (exhibit.source, *_again(content)) for line in textwrap.wrap(whole, _LINE)]
    top, bottom = 30 + 24 * len(title) + 20 * len(said) + 26 * (len(chart.series) > 1), 66 + 15 * len(foot)
    height = figure.layout.height + top + bottom
    if not chart.across:
        figure.update_xaxes(title={"text": chart.axis})
    left = 110 if chart.across else _LEFT
    figure.update_yaxes(automargin=False)
    figure.update_layout(
        width=_WIDTH,
        height=height,
        margin={"l": left, "r": 24, "t": top, "b": bottom},
        legend={"y": 1.0},
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


def _again(content: Content) -> tuple[str, ...]:
    return tuple(f"Reproduce: {command}" for command in content.commands)


def pictures(content: Content, kind: str) -> dict[str, bytes]:
    """Every chart as ``svg`` or ``png``, by name, with its text alternative and provenance in the file.

    Raises PictureError if no browser can draw them.
    """
    drawn = asyncio.run(_drawn([figure_of(exhibit, content) for exhibit in content.charts], kind))
    label = {"svg": svg_with_text, "png": png_with_text}[kind]
    return {one.name: label(picture, one, content) for one, picture in zip(content.charts, drawn, strict=True)}


def draw(figure: go.Figure, kind: str) -> bytes:
    """A figure as ``svg`` or ``png``. Raises PictureError if no browser can draw it."""
    return asyncio.run(_drawn([figure], kind))[0]


def svg_with_text(drawn: bytes, exhibit: Exhibit[Chart], content: Content) -> bytes:
    """An SVG with a title and a description for screen readers, and its provenance."""
    root = etree.fromstring(drawn)
    root.set("role", "img")
    for position, (name, text) in enumerate((("title", exhibit.title), ("desc", exhibit.alternative))):
        part = etree.Element(f"{{{_SVG}}}{name}")
        part.text = text
        root.insert(position, part)
    metadata = etree.SubElement(root, f"{{{_SVG}}}metadata")
    metadata.text = content.line
    whole: bytes = etree.tostring(root, encoding="utf-8", xml_declaration=True)
    return whole


def png_with_text(drawn: bytes, exhibit: Exhibit[Chart], content: Content) -> bytes:
    """A PNG with its title, text alternative and provenance as text chunks."""
    words = PngInfo()
    for name, text in (
        ("Title", exhibit.title),
        ("Description", exhibit.alternative),
        ("Source", content.line),
        ("Software", "Relational offset policy simulator"),
    ):
        words.add_itxt(name, text, "en-GB")
    file = io.BytesIO()
    with Image.open(io.BytesIO(drawn)) as picture:
        picture.save(file, "PNG", pnginfo=words, optimize=True)
    return file.getvalue()


async def _drawn(figures: Sequence[go.Figure], kind: str) -> list[bytes]:
    """Figures drawn one by one in one browser, which loads nothing from the network."""
    try:
        import kaleido
    except ImportError:
        raise PictureError(
            f"Pictures ({kind}) are drawn by kaleido, which is not installed. Install it with the simulator: "
            'python -m pip install -c constraints.txt ".[pictures]". The other formats do not need it.'
        ) from None
    try:
        async with kaleido.Kaleido(n=1, mathjax=False, timeout=_PATIENCE) as browser:
            opts = {"format": kind, "scale": 2 if kind == "png" else 1}
            return [
                await browser.calc_fig(
                    figure.to_plotly_json(),
                    opts={**opts, "width": figure.layout.width, "height": figure.layout.height},
                )
                for figure in figures
            ]
    except (RuntimeError, OSError, TimeoutError) as error:
        raise PictureError(
            f"Pictures ({kind}) are drawn with Chrome or Chromium, but neither could be started "
            f"({type(error).__name__}). Install Google Chrome, or Chromium (on Debian and Ubuntu the package is called "
            "chromium), or set BROWSER_PATH to an installed one. The other formats do not need it, and the dashboard "
            "saves pictures with the browser in which it is open."
        ) from error
