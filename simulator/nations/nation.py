"""A nation: areas, each of which can be made into a place of any size."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from simulator.places import FEWEST_RESIDENTS, Place


class Area(NamedTuple):
    """One area: its real number of residents, and a function that builds a place with a given number."""

    name: str
    title: str
    residents: int
    build: Callable[[int], Place]  # raises PlaceError


@dataclass(frozen=True)
class Nation:
    """Areas that make up a nation, the largest first, then by name."""

    name: str
    title: str
    composite: bool  # True if its areas are composites
    scale: float  # default scale
    areas: tuple[Area, ...]
    content: str  # hash of the source of the areas

    @property
    def residents(self) -> int:
        """Residents of all areas."""
        return sum(area.residents for area in self.areas)

    def __iter__(self) -> Iterator[Area]:
        return iter(self.areas)


def in_order(areas: Sequence[Area]) -> tuple[Area, ...]:
    """Areas with the largest first, so that the last to be run are quick; then by name."""
    return tuple(sorted(areas, key=lambda area: (-area.residents, area.name)))


def simulated_residents(area: Area, scale: float) -> int:
    """Number of residents simulated for an area at a scale: at least what a place needs, at most its own number.

    Raises ValueError unless ``scale`` is above 0 and at most 1.
    """
    if not 0.0 < scale <= 1.0:
        raise ValueError(f"The scale of a nation must be above 0 and at most 1, not {scale:g}.")
    return min(area.residents, max(FEWEST_RESIDENTS, round(scale * area.residents)))


def content_hash(*parts: bytes) -> str:
    """Eight hexadecimal digits of the source of a nation."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()[:8]
