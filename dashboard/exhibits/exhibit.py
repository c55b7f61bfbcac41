"""An exhibit: a figure with its finding, tables, text alternative and source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

import plotly.graph_objects as go

from dashboard.figures.chart import Chart
from dashboard.figures.curves import Curves
from dashboard.figures.flow import Flow
from dashboard.text.tables import Cells


class Tile(NamedTuple):
    """One outcome through one lens, as text."""

    series: str  # the lens
    label: str
    number: str
    unit: str
    range: str
    level: str  # the baseline, or the parts of the number
    verdict: str
    chance: str  # of a difference that matters, with its size; empty where that is withheld
    kind: str  # `dashboard.figures.style.kind_of`

    def lines(self, *, named: bool) -> tuple[tuple[str, str], ...]:
        """The kind and text of each line below the label; the lens comes first if ``named``."""
        verdict = f"{self.verdict}: {self.chance}" if self.chance else self.verdict
        return (
            *([("lens_title", self.series)] if named else []),
            ("number", self.number),
            ("unit", self.unit),
            ("range", self.range),
            ("range", self.level),
            ("verdict", verdict),
        )


def edge_of(tiles: Sequence[Tile]) -> str:
    """The verdict that colours the edge of tiles in one box; empty if they differ, so that no edge stands for both."""
    kinds = {tile.kind for tile in tiles}
    return kinds.pop() if len(kinds) == 1 else ""


@dataclass(frozen=True)
class Tiles:
    """Key numbers side by side: all outcomes for one lens, then for the next."""

    tiles: tuple[Tile, ...]

    def by_series(self) -> dict[str, list[Tile]]:
        """The tiles of each lens."""
        return {name: [tile for tile in self.tiles if tile.series == name] for name in self._names("series")}

    def by_label(self) -> dict[str, list[Tile]]:
        """The tiles of each outcome, beginning with the main lens."""
        return {name: [tile for tile in self.tiles if tile.label == name] for name in self._names("label")}

    def spoken(self) -> str:
        """Every number with its range, as text."""
        several = len(self.by_series()) > 1
        return "; ".join(
            f"{f'{one.series}, ' if several else ''}{one.label}: {one.number} {one.unit} ({one.range})"
            for one in self.tiles
        )

    def _names(self, field: str) -> list[str]:
        return list(dict.fromkeys(str(getattr(tile, field)) for tile in self.tiles))


@dataclass(frozen=True)
class Drawing:
    """A figure of a kind that no other exhibit has, with its numbers as text."""

    figure: go.Figure
    said: str

    def spoken(self) -> str:
        """Its numbers as text."""
        return self.said


Figure = TypeVar("Figure", Chart, Curves, Flow, Tiles, Drawing)


@dataclass(frozen=True)
class Exhibit(Generic[Figure]):
    """The content of one exhibit. Renderers arrange it and compute nothing."""

    name: str  # of letters, digits and underscores
    title: str  # the finding
    statistic: str  # the statistic of its numbers
    figure: Figure
    source: str  # provenance
    tables: tuple[Cells, ...] = ()

    @property
    def alternative(self) -> str:
        """The text alternative: the finding and every number."""
        return f"{self.title}. {self.figure.spoken()}."


AnyExhibit = Exhibit[Chart] | Exhibit[Curves] | Exhibit[Tiles] | Exhibit[Drawing]


def identifier(text: str) -> str:
    """A text as part of the name of an exhibit.

    >>> identifier("As claimed, 0.5 of Frome's gap")
    'as_claimed_0_5_of_frome_s_gap'
    """
    return "_".join("".join(letter if letter.isalnum() else " " for letter in text.lower()).split())


def exhibits_in(parts: Iterable[object]) -> Iterator[AnyExhibit]:
    """The exhibits among the parts of a page, in their order; several side by side are one part."""
    for part in parts:
        if isinstance(part, Exhibit):
            yield part
        elif isinstance(part, tuple):
            yield from exhibits_in(part)
