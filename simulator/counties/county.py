"""What a county file may say, and a county in memory."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Annotated, Any, ClassVar, Final, Self

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
    """One place of a county: as an existing place, perhaps with another size, and what lies beside it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    renamed_fields: ClassVar = {"like": "based_on", "beside": "neighbours"}

    name: Name = Field(description="Short name within the county")
    title: str = Field(min_length=3, description="What readers call it")
    based_on: str = Field(
        min_length=1,
        max_length=LONGEST_REFERENCE,
        description="The place whose margins it has: a shipped one, a place file, or table.csv:Area",
    )
    residents: Annotated[int, Field(ge=FEWEST_RESIDENTS, le=MOST_RESIDENTS, strict=True)] | None = Field(
        None, description="Residents, 2,000 or more; as many as the place it is like, if not given"
    )
    neighbours: list[Name] = Field(min_length=1, description="Places beside it; enough if one of two names the other")


class CountyFile(SourceFields):
    """Places beside each other."""

    model_config = ConfigDict(title="A county")

    name: Name = Field(description="The name of the file without .yaml")
    title: str = Field(min_length=3, description="What readers call it")
    composite: bool = Field(False, description="True if no such county exists")
    origin: Name = Field(description="The place where the practice was made, and from which it spreads")
    places: list[CountyPlace] = Field(min_length=2, description="Its places")

    @model_validator(mode="after")
    def _one_county(self) -> Self:
        names = [place.name for place in self.places]
        for index, name in enumerate(names):
            if name in names[:index]:
                wrong = f"there is a place '{name}' already, in entry {names.index(name) + 1}"
                raise InvalidValue(wrong, "Give each place a name of its own", ("places", index, "name"))
        for index, place in enumerate(self.places):
            for position, other in enumerate(place.neighbours):
                at = ("places", index, "neighbours", position)
                if other == place.name:
                    raise InvalidValue(f"'{other}' cannot lie beside itself", "Name other places", at)
                if other not in names:
                    raise InvalidValue(f"there is no place '{other}' in this county", did_you_mean(other, names), at)
        if self.origin not in names:
            right = did_you_mean(self.origin, names)
            raise InvalidValue(f"there is no place '{self.origin}' in this county", right, ("origin",))
        for index, name in enumerate(names):
            if name not in self._within_reach():
                wrong = f"no way leads from {self.origin} to '{name}'"
                raise InvalidValue(wrong, "Name a place beside it that can be reached", ("places", index, "neighbours"))
        return self

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Pairs of places beside each other, each pair once, in the order of the file."""
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
    """A county: its places, which of them lie beside each other, and where the practice was made."""

    name: str
    title: str
    composite: bool
    origin: str
    places: tuple[Place, ...]
    neighbours: tuple[tuple[str, str], ...]

    @property
    def hash(self) -> str:
        """Eight hexadecimal digits of all that the county says."""
        content = (self.name, self.origin, [place.hash for place in self.places], self.neighbours)
        return hashlib.sha256(repr(content).encode()).hexdigest()[:8]

    @property
    def residents(self) -> int:
        """Residents of all places."""
        return sum(place.residents for place in self.places)

    def __iter__(self) -> Iterator[Place]:
        return iter(self.places)


def scaled(county: County, scale: float) -> County:
    """The county with ``scale`` times its residents, rounded, but no place too small for its neighbourhoods.

    Raises ValueError unless ``scale`` is above 0.
    """
    if not scale > 0.0:
        raise ValueError(f"a county can be scaled by a number above 0, not by {scale:g}")
    places = tuple(
        place.model_copy(update={"residents": max(fewest_residents(place), round(scale * place.residents))})
        for place in county.places
    )
    return replace(county, places=places)


def fewest_residents(place: Place) -> int:
    """The fewest residents with which a place of these margins can be built, or as many as it has if that is less."""
    smallest = min(share for share in place.deprivation if share > 0.0)
    return min(place.residents, max(FEWEST_RESIDENTS, math.ceil(SMALLEST_FIFTH / smallest)))


def counties_schema() -> dict[str, Any]:
    """JSON Schema of a county file, for editors; shipped as ``simulator/counties/schema.json``."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **CountyFile.model_json_schema()}
