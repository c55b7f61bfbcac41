"""Exhibits as HTML of the report: finding, note on the statistic, figure, table and provenance."""

from __future__ import annotations

from html import escape

from dashboard.exhibits.exhibit import Exhibit, Tile, Tiles, edge_of
from dashboard.figures import dots, marks_key
from dashboard.figures.chart import Chart
from dashboard.text.html import chart, exhibit, unbroken
from dashboard.text.lens_names import lens_class
from dashboard.text.tables import html_table


def shown(described: Exhibit[Chart] | Exhibit[Tiles]) -> str:
    """An exhibit with any kind of figure, as HTML."""
    figure, statistic = described.figure, described.statistic
    if isinstance(figure, Tiles):
        drawn = _tiles(figure, described.alternative)
    else:
        drawn = chart(dots(figure), described.name, described.alternative)
        statistic = f"{statistic} {marks_key(figure)}"
    table = html_table(*described.table) if described.table else ""
    return exhibit(described.title, statistic, drawn, table, described.source)


def _tiles(figure: Tiles, alternative: str) -> str:
    several = len(figure.by_series()) > 1
    found = [
        f'<li class="tile {edge_of(mine)}"><h4>{escape(label)}</h4>'
        f"{''.join(_through(tile, front=tile is mine[0], named=several) for tile in mine)}</li>"
        for label, mine in figure.by_label().items()
    ]
    kind = "tiles several" if several else "tiles"
    return f'<ul class="{kind}" aria-label="{escape(alternative)}">{"".join(found)}</ul>'


def _through(tile: Tile, *, front: bool, named: bool) -> str:
    lines = "".join(f'<p class="{name}">{unbroken(text)}</p>' for name, text in tile.lines(named=named))
    return f'<div class="through {"front" if front else "beside"} {lens_class(tile.series)}">{lines}</div>'
