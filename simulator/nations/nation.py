"""A nation: areas by name, each of which can be made into a place of any size, one at a time."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from simulator.places import FEWEST_RESIDENTS, Place


class Area(NamedTuple):
    """One area: how many residents it really has, and how to make a place of so many of them."""

    name: str
    title: str
    residents: int
    build: Callable[[int], Place]  # raises PlaceError


@dataclass(frozen=True)
class Nation:
    """Areas that make up a nation, the largest first, equals by name."""

    name: str
    title: str
    composite: bool  # True if its areas exist nowhere
    scale: float  # at which it is run unless asked otherwise
    areas: tuple[Area, ...]
    content: str  # what the areas were read from, by hash

    @property
    def residents(self) -> int:
        """Residents of all areas."""
        return sum(area.residents for area in self.areas)

    def __iter__(self) -> Iterator[Area]:
        return iter(self.areas)


def in_order(areas: Sequence[Area]) -> tuple[Area, ...]:
    """The largest first, so that the last to be run are quick; equals by name."""
    return tuple(sorted(areas, key=lambda area: (-area.residents, area.name)))


def simulated_residents(area: Area, scale: float) -> int:
    """How many residents stand for an area at a scale: no fewer than a place needs, and no more than it has.

    Raises ValueError unless ``scale`` is above 0 and at most 1.
    """
    if not 0.0 < scale <= 1.0:
        raise ValueError(f"a nation can be scaled down by a number above 0 and up to 1, not by {scale:g}")
    return min(area.residents, max(FEWEST_RESIDENTS, round(scale * area.residents)))


def content_hash(*parts: bytes) -> str:
    """Eight hexadecimal digits of what a nation was read from."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()[:8]
