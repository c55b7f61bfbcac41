"""A place's margins into residents: counts, ages, households, neighbourhoods, ties, traits and their state at the start.

Rows of a household are adjacent, and so are households of a neighbourhood; berths are numbered by row. Luck is
addressed by seed and number, so the same place, rates and seed give the same residents, bit for bit.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.categories import AGE_BANDS, DEPRIVATION, SEXES
from simulator.columns import Residents, empty_residents
from simulator.households import arrange, shuffled_blocks, upper_income
from simulator.places import Place
from simulator.rates import Rates
from simulator.synthesis import cell_counts
from simulator.tables import build_tables
from simulator.tie_making import make_ties
from simulator.traits import add_up_support, draw_admissions, draw_ages, draw_loneliness, draw_traits

U8 = NDArray[np.uint8]


class People(NamedTuple):
    """Who lives in a place before they have households: (N,) columns, in the order of deprivation fifths."""

    deprivation: U8
    age_band: U8
    alone: U8  # 1 = is to live alone
    sex: U8
    edges: NDArray[np.int64]  # (6,) first person of each fifth, and the end


def build_population(place: Place, rates: Rates, seed: int) -> Residents:
    """The residents of ``place`` at the start, ``place.residents`` of them, by this seed's luck.

    Margins are met to within a few residents (rounding of the joint table); what is reached is told by
    `simulator.describe_place.describe_place`. The joint table is fitted once a place and kept.
    """
    tables = build_tables(rates)
    residents = empty_residents(place.residents)
    _house(residents, _people(place), place, seed)
    make_ties(residents, rates, tables, seed)
    draw_traits(residents, rates, tables, seed)
    add_up_support(residents, tables.support_weight, rates.contacts.trust_support, rates.ties.support_half)
    draw_loneliness(residents, rates, seed)
    draw_admissions(residents, rates, seed)
    return residents


def _people(place: Place) -> People:
    """The cells of the joint table as people, cell by cell."""
    counts = cell_counts(place)
    cells = np.repeat(np.arange(counts.size, dtype=np.uint16), counts.ravel())
    deprivation, age_band, alone, sex = np.unravel_index(cells, counts.shape)
    by_fifth = counts.reshape(len(DEPRIVATION), len(AGE_BANDS) * 2 * len(SEXES)).sum(axis=1)
    edges = np.concatenate([[0], np.cumsum(by_fifth)]).astype(np.int64)
    return People(
        deprivation.astype(np.uint8), age_band.astype(np.uint8), alone.astype(np.uint8), sex.astype(np.uint8), edges
    )


def _house(residents: Residents, people: People, place: Place, seed: int) -> None:
    """Set age, sex, deprivation, household, neighbourhood and income half, row by row."""
    age_weeks = draw_ages(people.age_band, 0, place.old_age_decline, seed)
    size_shares = np.array(place.household_sizes[1:]) / max(sum(place.household_sizes[1:]), 1e-12)
    neighbourhoods = np.array(place.neighbourhoods, np.int64)
    order, household, neighbourhood = arrange(
        (age_weeks, people.age_band, people.sex, people.alone),
        seed,
        people.edges,
        neighbourhoods,
        np.array(place.living_as_couple),
        size_shares,
    )
    neighbourhood = shuffled_blocks(seed, int(neighbourhoods.sum()))[neighbourhood]
    rows = np.argsort(neighbourhood, kind="stable")
    household, order = household[rows], order[rows]
    residents.neighbourhood = neighbourhood[rows]
    residents.household = np.cumsum(np.diff(household.astype(np.int64), prepend=household[0]) != 0)
    residents.age_weeks = age_weeks[order]
    residents.age_band = people.age_band[order]
    residents.sex = people.sex[order]
    residents.deprivation = people.deprivation[order]
    above = np.array(place.above_median_income)
    residents.income_half = upper_income(seed, residents.household, residents.deprivation, above)
