"""An exhibit: a figure, what it shows in a sentence, its table, its words for those who do not see it, its source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

from dashboard.figures.chart import Chart
from dashboard.text.tables import Cells


class Tile(NamedTuple):
    """One outcome through one lens, in words."""

    series: str  # the lens
    label: str
    number: str
    unit: str
    range: str
    level: str  # without the policy, or what the number is made of
    verdict: str
    pairs: str  # in how many pairs it is less; empty where that is withheld
    kind: str  # `dashboard.figures.style.kind_of`

    def lines(self, *, named: bool) -> tuple[tuple[str, str], ...]:
        """All that it says below its label, by what kind of thing each line is; its lens first if that is ``named``."""
        verdict = f"{self.verdict}: {self.pairs}" if self.pairs else self.verdict
        return (
            *([("lens_title", self.series)] if named else []),
            ("number", self.number),
            ("unit", self.unit),
            ("range", self.range),
            ("range", self.level),
            ("verdict", verdict),
        )


@dataclass(frozen=True)
class Tiles:
    """Numbers to be read first, side by side: outcome by outcome through one lens, then through the next."""

    tiles: tuple[Tile, ...]

    def by_series(self) -> dict[str, list[Tile]]:
        """The tiles of each lens."""
        return {name: [tile for tile in self.tiles if tile.series == name] for name in self._names("series")}

    def by_label(self) -> dict[str, list[Tile]]:
        """The tiles of each outcome, the lens in front first."""
        return {name: [tile for tile in self.tiles if tile.label == name] for name in self._names("label")}

    def spoken(self) -> str:
        """Every number with its range, in words."""
        several = len(self.by_series()) > 1
        return "; ".join(
            f"{f'{one.series}, ' if several else ''}{one.label}: {one.number} {one.unit} ({one.range})"
            for one in self.tiles
        )

    def _names(self, field: str) -> list[str]:
        return list(dict.fromkeys(str(getattr(tile, field)) for tile in self.tiles))


Figure = TypeVar("Figure", Chart, Tiles)


@dataclass(frozen=True)
class Exhibit(Generic[Figure]):
    """What every medium shows of one exhibit. A renderer arranges this and works nothing out."""

    name: str  # of letters, digits and underscores
    title: str  # the finding
    statistic: str  # what the numbers are
    figure: Figure
    source: str  # what was run, on what
    table: Cells | None = None  # None of a chart that only take-aways have, beside tables of everything

    @property
    def alternative(self) -> str:
        """The finding and every number, for those who do not see the figure."""
        return f"{self.title}. {self.figure.spoken()}."
