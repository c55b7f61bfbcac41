"""A place in the model's own categories: what a population is built from."""

from __future__ import annotations

import hashlib
import math
from typing import Final

from pydantic import BaseModel, ConfigDict

from simulator.errors import PlaceError, Problem
from simulator.foundations.categories import ADULT_BAND, AGE_BANDS, DEPRIVATION, SEXES
from simulator.foundations.input_files import Document
from simulator.places.bands import mean_by_model_band, model_bands, single_years
from simulator.places.margins import HOUSEHOLD_SIZES, PlaceFile
from simulator.places.national import Source, divided, england, source_of

SMALLEST_FIFTH: Final = 40
"""Fewer residents cannot make up a neighbourhood with families, couples and people living alone."""
MOST_NEIGHBOURHOODS: Final = 65_536
"""Neighbourhoods are numbered in two bytes."""
MOST_CHILDREN: Final = 0.5
"""A larger share of under-16s than this leaves too few adults to live with."""
Shares = tuple[float, ...]


class Place(BaseModel):
    """A place, complete and frozen. A = 9 age bands, D = 5 deprivation fifths; shares add up to 1 where they divide.

    Two places are equal if every field is; ``hash`` is 8 hexadecimal digits of them all.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    title: str
    residents: int
    composite: bool
    comparator: str | None
    practices: tuple[str, ...]
    gp_appointments_ratio: float
    neighbourhood_size: int
    age: Shares  # (A,) share of residents
    sex: Shares  # (2,) share of residents
    deprivation: Shares  # (D,) share of residents
    age_by_deprivation: tuple[Shares, ...]  # (D, A) any positive scale: how age goes with deprivation
    women: Shares  # (A,) share of residents: how sex goes with age
    living_alone: Shares  # (A,) share of residents
    women_living_alone: Shares  # (A,) share of those living alone
    living_as_couple: Shares  # (A,) share of those not living alone
    household_sizes: Shares  # (6,) share of households of 1, 2, 3, 4, 5, and 6 or more
    above_median_income: Shares  # (D,) share of households
    starting_admissions: float  # ratio to what is expected of the residents, as observed; 1 if not stated
    old_age_decline: float  # per year: how fast numbers fall with age from 85 on
    sources: tuple[Source, ...]

    def __hash__(self) -> int:
        return hash(self.hash)

    @property
    def hash(self) -> str:
        """8 hexadecimal digits of all that the place says."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:8]

    @property
    def neighbourhoods(self) -> tuple[int, ...]:
        """Number of neighbourhoods of each deprivation fifth: at least one where anyone lives."""
        sizes = (share * self.residents for share in self.deprivation)
        return tuple(max(1, round(size / self.neighbourhood_size)) if size > 0.0 else 0 for size in sizes)


def place_from_file(read: PlaceFile, document: Document) -> Place:
    """A checked file as a place, gaps filled from England. Raises PlaceError if too few adults or too small fifths."""
    nation = england()
    sources = dict(nation.sources)
    del sources["ages"], sources["close_friends"]
    for name in PlaceFile.model_fields:
        margin = getattr(read, name)
        if hasattr(margin, "source"):
            sources[name] = source_of(name, margin)
    joint = nation.age_by_deprivation
    if read.age_by_deprivation is not None:
        counts = read.age_by_deprivation.counts
        joint = tuple(model_bands(single_years(counts[fifth], nation.years)) for fifth in DEPRIVATION)
    age = _divide(tuple(math.fsum(column) for column in zip(*joint, strict=True)))
    if read.age is not None:
        age = _divide(model_bands(single_years(read.age.parts, nation.years)))
    deprivation = _divide(tuple(math.fsum(row) for row in joint))
    if read.deprivation is not None:
        deprivation = divided(read.deprivation, DEPRIVATION)
    place = Place(
        name=read.name,
        title=read.title,
        residents=read.residents,
        composite=read.composite,
        comparator=read.comparator,
        practices=tuple(read.practices),
        gp_appointments_ratio=read.gp_appointments_ratio,
        neighbourhood_size=read.neighbourhood_size,
        age=age,
        sex=divided(read.sex, SEXES) if read.sex else nation.sex,
        deprivation=deprivation,
        age_by_deprivation=joint,
        women=nation.women,
        living_alone=mean_by_model_band(read.living_alone.shares, nation.years)
        if read.living_alone
        else nation.living_alone,
        women_living_alone=nation.women_living_alone,
        living_as_couple=nation.living_as_couple,
        household_sizes=divided(read.household_sizes, HOUSEHOLD_SIZES)
        if read.household_sizes
        else nation.household_sizes,
        above_median_income=nation.above_median_income,
        starting_admissions=read.starting_admissions.ratio if read.starting_admissions else 1.0,
        old_age_decline=nation.decline,
        sources=tuple(sources.values()),
    )
    problems = impossible(place, document)
    if problems:
        raise PlaceError(problems)
    return place


def impossible(place: Place, document: Document) -> list[Problem]:
    """Why no households could be made up for these margins; empty if they can."""
    problems = []
    if sum(place.neighbourhoods) > MOST_NEIGHBOURHOODS:
        wrong = f"{place.residents:,} residents make up more than {MOST_NEIGHBOURHOODS:,} neighbourhoods"
        right = f"Give larger ones, such as {-(-place.residents // 60_000)}"
        problems.append(document.problem(("neighbourhood_size",), wrong, right))
    for fifth, share in zip(DEPRIVATION, place.deprivation, strict=True):
        size = share * place.residents
        if 0.0 < size < SMALLEST_FIFTH:
            wrong = f"{size:.0f} residents in deprivation fifth {fifth} are too few to make up a neighbourhood"
            right = f"Give it {SMALLEST_FIFTH} residents or more, or none"
            problems.append(document.problem(("deprivation",), wrong, right))
    for fifth, row in zip(DEPRIVATION, place.age_by_deprivation, strict=True):
        if sum(row) > 0.0 and sum(row[:ADULT_BAND]) > MOST_CHILDREN * sum(row):
            wrong = f"more than half of deprivation fifth {fifth} are under 16"
            problems.append(document.problem(("age_by_deprivation",), wrong, "Give more residents of 16 and over"))
    if sum(place.age[:ADULT_BAND]) > MOST_CHILDREN:
        problems.append(document.problem(("age",), "more than half are under 16", "Give more residents of 16 and over"))
    inhabited = [row for row, share in zip(place.age_by_deprivation, place.deprivation, strict=True) if share > 0.0]
    for band, share, column in zip(AGE_BANDS, place.age, zip(*inhabited, strict=True), strict=True):
        if share > 0.0 and not any(column):
            wrong = f"age {band} has residents, but no deprivation fifth has any of that age"
            problems.append(document.problem(("age_by_deprivation",), wrong, "Give some residents of that age"))
    for fifth, share, row in zip(DEPRIVATION, place.deprivation, place.age_by_deprivation, strict=True):
        if share > 0.0 and not any(row):
            wrong = f"deprivation fifth {fifth} has residents, but none of any age"
            problems.append(document.problem(("age_by_deprivation",), wrong, "Give residents of some age"))
    return problems


def _divide(counts: Shares) -> Shares:
    total = math.fsum(counts)
    return tuple(count / total for count in counts)
