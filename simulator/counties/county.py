"""County files, and a county in memory."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Annotated, ClassVar, Final, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from simulator.errors import did_you_mean
from simulator.foundations.input_files import InvalidValue
from simulator.places import FEWEST_RESIDENTS, Place
from simulator.places.margins import SourceFields
from simulator.places.place import SMALLEST_FIFTH

MOST_RESIDENTS: Final = 1_000_000
LONGEST_REFERENCE: Final = 200
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


class CountyPlace(BaseModel):
    """One place of a county: based on an existing place, possibly of another size, with its neighbours."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    renamed_fields: ClassVar = {"like": "based_on", "beside": "neighbours"}

    name: Name = Field(description="Short name within the county")
    title: str = Field(min_length=3, description="Name for readers")
    based_on: str = Field(
        min_length=1,
        max_length=LONGEST_REFERENCE,
        description="The place whose margins it has: a shipped one, a place file, or table.csv:Area",
    )
    residents: Annotated[int, Field(ge=FEWEST_RESIDENTS, le=MOST_RESIDENTS, strict=True)] | None = Field(
        None, description="Residents, 2,000 or more; by default the number of the place it is based on"
    )
    neighbours: list[Name] = Field(
        min_length=1, description="Neighbouring places; one of two neighbours may name the other"
    )


class CountyFile(SourceFields):
    """A county file: places and their neighbours."""

    model_config = ConfigDict(title="A county")

    name: Name = Field(description="The name of the file without .yaml")
    title: str = Field(min_length=3, description="Name for readers")
    composite: bool = Field(False, description="True if no such county exists")
    origin: Name = Field(description="The place where the practice was developed, and from which it spreads")
    places: list[CountyPlace] = Field(min_length=2, description="Places of the county")

    @model_validator(mode="after")
    def _one_county(self) -> Self:
        names = [place.name for place in self.places]
        for index, name in enumerate(names):
            if name in names[:index]:
                wrong = f"the name '{name}' is already used in entry {names.index(name) + 1}"
                raise InvalidValue(wrong, "Give each place a different name", ("places", index, "name"))
        for index, place in enumerate(self.places):
            for position, other in enumerate(place.neighbours):
                at = ("places", index, "neighbours", position)
                if other == place.name:
                    raise InvalidValue(f"'{other}' cannot be its own neighbour", "Name other places", at)
                if other not in names:
                    raise InvalidValue(f"there is no place '{other}' in this county", did_you_mean(other, names), at)
        if self.origin not in names:
            right = did_you_mean(self.origin, names)
            raise InvalidValue(f"there is no place '{self.origin}' in this county", right, ("origin",))
        for index, name in enumerate(names):
            if name not in self._within_reach():
                wrong = f"'{name}' is not connected to {self.origin} through neighbours"
                raise InvalidValue(wrong, "Add a neighbour that is connected", ("places", index, "neighbours"))
        return self

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Pairs of neighbouring places, each pair once, in the order of the file."""
        both = (sorted((place.name, other)) for place in self.places for other in place.neighbours)
        return tuple(dict.fromkeys((one, other) for one, other in both))

    def _within_reach(self) -> set[str]:
        reached, edge = {self.origin}, {self.origin}
        while edge:
            edge = {end for pair in self.pairs() for end in pair if edge & set(pair)} - reached
            reached |= edge
        return reached


@dataclass(frozen=True)
class County:
    """A county: its places, pairs of neighbours, and the place where the practice was developed."""

    name: str
    title: str
    composite: bool
    origin: str
    places: tuple[Place, ...]
    neighbours: tuple[tuple[str, str], ...]

    @property
    def hash(self) -> str:
        """Eight hexadecimal digits of the county's content."""
        content = (self.name, self.origin, [place.hash for place in self.places], self.neighbours)
        return hashlib.sha256(repr(content).encode()).hexdigest()[:8]

    @property
    def residents(self) -> int:
        """Residents of all places."""
        return sum(place.residents for place in self.places)

    def __iter__(self) -> Iterator[Place]:
        return iter(self.places)


def scaled(county: County, scale: float) -> County:
    """The county with ``scale`` times its residents, rounded, with no place too small for its neighbourhoods.

    Raises ValueError unless ``scale`` is above 0.
    """
    if not scale > 0.0:
        raise ValueError(f"A county can be scaled by a number above 0, not by {scale:g}.")
    places = tuple(
        place.model_copy(update={"residents": max(fewest_residents(place), round(scale * place.residents))})
        for place in county.places
    )
    return replace(county, places=places)


def fewest_residents(place: Place) -> int:
    """The smallest number of residents with which a place of these margins can be built, at most its own number."""
    smallest = min(share for share in place.deprivation if share > 0.0)
    return min(place.residents, max(FEWEST_RESIDENTS, math.ceil(SMALLEST_FIFTH / smallest)))
