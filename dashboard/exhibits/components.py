"""Exhibits as components of a page: finding, note on the statistic, figure, table and provenance."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

import plotly.graph_objects as go
from dash import dcc, html
from dash.development.base_component import Component

from dashboard.exhibits.exhibit import AnyExhibit, Drawing, Exhibit, Tile, Tiles, edge_of
from dashboard.figures import dots, marks_key
from dashboard.figures.chart import Chart
from dashboard.figures.curves import Curves, curves
from dashboard.text.lens_names import lens_class
from dashboard.text.tables import Cells

Part = Component | AnyExhibit | tuple[AnyExhibit | Component, ...]
"""A part of a page: a component, an exhibit, or several of them side by side."""


def components(parts: Iterable[Part]) -> list[Component]:
    """The components of a page for its parts."""
    return [_component(part) for part in parts]


def _component(part: Part) -> Component:
    if isinstance(part, tuple):
        return html.Div(components(part), className="pair") if len(part) > 1 else _component(part[0])
    return shown(part) if isinstance(part, Exhibit) else part


def shown(described: AnyExhibit) -> Component:
    """An exhibit with any kind of figure."""
    figure = described.figure
    if isinstance(figure, Tiles):
        drawn = [_tiles(figure, described.alternative)]
    else:
        drawn = [graph(drawn_figure(figure), described.name, described.alternative), save_buttons()]
    return framed(described, drawn)


def framed(described: AnyExhibit, drawn: Sequence[Component]) -> Component:
    """An exhibit around its figure as drawn: finding, statistic, tables (folded) and provenance."""
    return html.Section(
        [
            html.H3(unbroken(described.title)),
            html.P(statistic_of(described), className="statistic"),
            html.Figure([*drawn, html.Figcaption(described.source)]),
            html.Details([html.Summary("Table of the numbers"), *(table(cells) for cells in described.tables)]),
        ],
        className="exhibit",
    )


def drawn_figure(figure: Chart | Curves | Drawing) -> go.Figure:
    """The Plotly figure of a figure."""
    if isinstance(figure, Drawing):
        return figure.figure
    return dots(figure) if isinstance(figure, Chart) else curves(figure)


def statistic_of(described: AnyExhibit) -> str:
    """The statistic of an exhibit, with the meaning of marks that show a verdict."""
    key = marks_key(described.figure) if isinstance(described.figure, Chart) else ""
    return f"{described.statistic} {key}".strip()


def _tiles(figure: Tiles, alternative: str) -> Component:
    """One tile per outcome, with number and range for each lens; the main lens comes first and is largest."""
    several = len(figure.by_series()) > 1
    found = [
        html.Li(
            [html.H4(label), *(_through(tile, front=tile is mine[0], named=several) for tile in mine)],
            className=f"tile {edge_of(mine)}",
        )
        for label, mine in figure.by_label().items()
    ]
    return html.Ul(found, className="tiles several" if several else "tiles", **spoken(alternative))


def _through(tile: Tile, *, front: bool, named: bool) -> Component:
    said = [html.P(unbroken(text), className=name) for name, text in tile.lines(named=named)]
    return html.Div(said, className=f"through {'front' if front else 'beside'} {lens_class(tile.series)}")


def table(cells: Cells) -> Component:
    """A table whose first columns are row headers; it scrolls by itself where it is too wide.

    The browser builds it from its cells (`assets/tables.js`), since each cell as a component would take a millisecond.
    """
    said: dict[str, Any] = {"data-table": json.dumps(cells._asdict(), ensure_ascii=False), **spoken(cells.caption)}
    return html.Div(className="scroll", tabIndex=0, role="region", **said)


# The only use of ``dcc.Graph``, so that every chart has a name and a text alternative, and loads nothing from outside.


CONFIG: Final[Any] = {
    "displayModeBar": False,
    "displaylogo": False,
    "showSendToCloud": False,
    "responsive": True,
    "scrollZoom": False,
}


def graph(figure: go.Figure, name: str, alternative: str) -> html.Div:
    """A figure with an id; ``alternative`` is its text alternative."""
    height = f"{figure.layout.height or 300}px"
    drawn = dcc.Graph(id=name, figure=figure, config=CONFIG, responsive=True, style={"height": height})
    return html.Div(drawn, role="img", className="chart", **spoken(alternative))


# Names for screen readers.


def spoken(label: str) -> Any:
    """Properties that name a component for screen readers: ``html.Nav(..., **spoken("Pages"))``."""
    return {"aria-label": label}


# Text without line breaks between a sign and its number.


_SIGNED: Final = re.compile(r"([−+]£?[\d,.]*\d)")


def unbroken(text: str) -> list[Any]:
    """Parts of a text, with each signed number in one piece.

    >>> unbroken("lost: −£5,000 a year")[0], len(unbroken("lost: −£5,000 a year"))
    ('lost: ', 3)
    """
    parts = _SIGNED.split(text)
    return [
        html.Span(part, className="number-unbroken") if position % 2 else part
        for position, part in enumerate(parts)
        if part
    ]


# Buttons below a chart to save it as a picture, which the browser draws with title and provenance.


KINDS: Final = ("svg", "png")
SAVE_BUTTONS: Final = "save-chart"


def save_buttons() -> Component:
    """One button per kind, handled by `assets/take_away.js`."""
    buttons = [
        html.Button(
            kind.upper(), type="button", **{"data-picture": kind, **spoken(f"Save this chart as {kind.upper()}")}
        )
        for kind in KINDS
    ]
    return html.P(["Save the chart as ", *buttons], className=SAVE_BUTTONS)
