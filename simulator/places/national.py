"""Margins of England, used where a place lacks one."""

from __future__ import annotations

import math
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

from pydantic import BaseModel, ConfigDict

from simulator.errors import PlaceError
from simulator.foundations.categories import DEPRIVATION, SEXES
from simulator.foundations.input_files import read_as
from simulator.places.bands import decline_per_year, even_years, mean_by_model_band, model_bands
from simulator.places.margins import HOUSEHOLD_SIZES, AgeByDeprivation, Margin, SharesByAge, SharesByDeprivation

CLOSE_FRIENDS: Final = ("none", "1", "2-3", "4-5", "6+")
"""Numbers of close friends as published."""
NATIONAL_FILE: Final = Path(__file__).parent / "national" / "england.yaml"


class NationalFile(BaseModel):
    """Margins of England, each with its source."""

    model_config = ConfigDict(extra="forbid", frozen=True, title="National margins")

    ages: Margin
    age_by_deprivation: AgeByDeprivation
    sex: Margin
    women: SharesByAge
    living_alone: SharesByAge
    women_living_alone: SharesByAge
    living_as_couple: SharesByAge
    household_sizes: Margin
    above_median_income: SharesByDeprivation
    close_friends: Margin


class Source(NamedTuple):
    """The source of one margin of a place."""

    margin: str
    source: str
    reference: str | None
    grade: str
    note: str | None


class National(NamedTuple):
    """National numbers in the model's categories. A = 9 age bands, D = 5 deprivation fifths."""

    years: tuple[float, ...]  # (100,) residents by single year of age
    age_by_deprivation: tuple[tuple[float, ...], ...]  # (D, A) residents
    sex: tuple[float, ...]  # (2,) share
    women: tuple[float, ...]  # (A,) share of residents
    living_alone: tuple[float, ...]  # (A,) share of residents
    women_living_alone: tuple[float, ...]  # (A,) share of those living alone
    living_as_couple: tuple[float, ...]  # (A,) share of those not living alone
    household_sizes: tuple[float, ...]  # (6,) share of households
    above_median_income: tuple[float, ...]  # (D,) share of households
    close_friends: tuple[float, ...]  # (5,) share of adults by CLOSE_FRIENDS
    decline: float  # per year: decline of numbers with age from 85 on
    sources: dict[str, Source]


def source_of(margin: str, given: Margin | SharesByAge | SharesByDeprivation | AgeByDeprivation) -> Source:
    """The source of a margin, as an entry in a place's list of sources."""
    note = given.note.strip() if given.note else None
    return Source(margin, given.source.strip(), given.reference, given.grade, note)


def divided(margin: Margin, keys: tuple[str, ...]) -> tuple[float, ...]:
    """Shares of a margin in the order of ``keys``, adding up to 1 despite rounding in the source."""
    total = math.fsum(margin.parts.values())
    return tuple(margin.parts[key] / total for key in keys)


@lru_cache(maxsize=1)
def england() -> National:
    """The shipped national margins. Raises PlaceError if the file is damaged."""
    read, _ = read_as(NationalFile, NATIONAL_FILE, PlaceError, "simulator/places/national/england.yaml")
    years = tuple(even_years(read.ages.parts))

    def by_band(given: SharesByAge) -> tuple[float, ...]:
        return mean_by_model_band(given.shares, years)

    counts = read.age_by_deprivation.counts
    return National(
        years=years,
        age_by_deprivation=tuple(model_bands(even_years(counts[fifth])) for fifth in DEPRIVATION),
        sex=divided(read.sex, SEXES),
        women=by_band(read.women),
        living_alone=by_band(read.living_alone),
        women_living_alone=by_band(read.women_living_alone),
        living_as_couple=by_band(read.living_as_couple),
        household_sizes=divided(read.household_sizes, HOUSEHOLD_SIZES),
        above_median_income=tuple(read.above_median_income.shares[fifth] for fifth in DEPRIVATION),
        close_friends=divided(read.close_friends, CLOSE_FRIENDS),
        decline=decline_per_year(read.ages.parts, "85-89", "90+"),
        sources={name: source_of(name, getattr(read, name)) for name in NationalFile.model_fields},
    )
