"""A place in the model's categories, from which a population is built."""

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
"""Smallest number of residents from which a neighbourhood with all kinds of household can be formed."""
MOST_NEIGHBOURHOODS: Final = 65_536
"""Largest number of neighbourhoods: their numbers take two bytes."""
MOST_CHILDREN: Final = 0.5
"""Largest share of under-16s for which there are enough adults to live with."""
Shares = tuple[float, ...]


class Place(BaseModel):
    """A complete, immutable place. A = 9 age bands, D = 5 deprivation fifths; shares of a whole add up to 1."""

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
    age_by_deprivation: tuple[Shares, ...]  # (D, A) on any scale: association of age with deprivation
    women: Shares  # (A,) share of residents: association of sex with age
    living_alone: Shares  # (A,) share of residents
    women_living_alone: Shares  # (A,) share of those living alone
    living_as_couple: Shares  # (A,) share of those not living alone
    household_sizes: Shares  # (6,) share of households of 1, 2, 3, 4, 5, and 6 or more
    above_median_income: Shares  # (D,) share of households
    starting_admissions: float  # ratio to what is expected of the residents, as observed; 1 if not stated
    old_age_decline: float  # per year: decline of numbers with age from 85 on
    sources: tuple[Source, ...]

    def __hash__(self) -> int:
        return hash(self.hash)

    @property
    def hash(self) -> str:
        """Eight hexadecimal digits of a hash of every field."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:8]

    @property
    def neighbourhoods(self) -> tuple[int, ...]:
        """Number of neighbourhoods of each deprivation fifth: at least 1 unless the fifth is empty."""
        sizes = (share * self.residents for share in self.deprivation)
        return tuple(max(1, round(size / self.neighbourhood_size)) if size > 0.0 else 0 for size in sizes)


def place_from_file(read: PlaceFile, document: Document) -> Place:
    """A checked file as a place, with missing margins from England. Raises PlaceError if it cannot be populated."""
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
    """Problems that prevent households from being formed with these margins; empty if there are none."""
    problems = []
    if sum(place.neighbourhoods) > MOST_NEIGHBOURHOODS:
        wrong = f"{place.residents:,} residents would form more than {MOST_NEIGHBOURHOODS:,} neighbourhoods"
        right = f"Give a larger size, such as {-(-place.residents // 60_000)}"
        problems.append(document.problem(("neighbourhood_size",), wrong, right))
    for fifth, share in zip(DEPRIVATION, place.deprivation, strict=True):
        size = share * place.residents
        if 0.0 < size < SMALLEST_FIFTH:
            wrong = f"{size:.0f} residents in deprivation fifth {fifth} are too few for a neighbourhood"
            right = f"Give the fifth at least {SMALLEST_FIFTH} residents, or none"
            problems.append(document.problem(("deprivation",), wrong, right))
    for fifth, row in zip(DEPRIVATION, place.age_by_deprivation, strict=True):
        if sum(row) > 0.0 and sum(row[:ADULT_BAND]) > MOST_CHILDREN * sum(row):
            wrong = f"more than half of the residents of deprivation fifth {fifth} are under 16"
            problems.append(document.problem(("age_by_deprivation",), wrong, "Give more residents aged 16 and over"))
    if sum(place.age[:ADULT_BAND]) > MOST_CHILDREN:
        wrong = "more than half of the residents are under 16"
        problems.append(document.problem(("age",), wrong, "Give more residents aged 16 and over"))
    inhabited = [row for row, share in zip(place.age_by_deprivation, place.deprivation, strict=True) if share > 0.0]
    for band, share, column in zip(AGE_BANDS, place.age, zip(*inhabited, strict=True), strict=True):
        if share > 0.0 and not any(column):
            wrong = f"age band {band} has residents, but no deprivation fifth has residents of that age"
            problems.append(document.problem(("age_by_deprivation",), wrong, "Add residents of that age"))
    for fifth, share, row in zip(DEPRIVATION, place.deprivation, place.age_by_deprivation, strict=True):
        if share > 0.0 and not any(row):
            wrong = f"deprivation fifth {fifth} has residents, but none in any age band"
            problems.append(document.problem(("age_by_deprivation",), wrong, "Add residents in at least one age band"))
    return problems


def _divide(counts: Shares) -> Shares:
    total = math.fsum(counts)
    return tuple(count / total for count in counts)
