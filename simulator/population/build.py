"""Construction of a population from a place's margins: ages, households, neighbourhoods, ties and initial traits.

Rows of a household are adjacent, and so are households of a neighbourhood; berths are numbered by row. Random numbers
are addressed by seed and number, so the same place, rates and seed give bit-identical residents.
"""

from __future__ import annotations

import numpy as np

from simulator.evidence.parameters import Rates
from simulator.foundations.categories import DEPRIVATION
from simulator.places import Place
from simulator.population.columns import Residents, empty_residents, records_of
from simulator.population.households import People, arrange, upper_income
from simulator.population.initial_ties import make_ties
from simulator.population.joint_table import cell_counts
from simulator.population.traits import (
    CareAtStart,
    add_up_support,
    draw_admissions,
    draw_ages,
    draw_care,
    draw_loneliness,
    draw_traits,
)
from simulator.specification.lookup_tables import Tables, build_tables


def build_population(place: Place, rates: Rates, seed: int, tables: Tables | None = None) -> Residents:
    """The initial residents of ``place``, ``place.residents`` in number, drawn with this seed.

    Margins are met to within a few residents, because the joint table is rounded
    (`simulator.description.place.describe_place` reports how well). The fitted joint table is cached by place.
    ``tables`` are those of the rates, if they are known already.
    """
    tables = tables or build_tables(rates)
    residents = _housed(_people(place, seed), place, seed)
    make_ties(residents, rates, tables, seed)
    draw_traits(residents, rates, tables, seed)
    add_up_support(residents, tables.support_weight, rates.contacts.trust_support, rates.ties.support_half)
    draw_loneliness(residents, rates, tables, seed)
    draw_admissions(residents, rates, seed)
    social = rates.social_care
    start = CareAtStart(
        social.home_care_prevalence,
        social.care_home_prevalence,
        tables.care_request * (1.0 - social.advice_share),
        social.request_alone_ratio,
        social.waiting_weeks,
    )
    draw_care(records_of(residents), start, seed)
    return residents


def _people(place: Place, seed: int) -> People:
    """People with ages, cell by cell of the joint table."""
    counts = cell_counts(place)
    # Columns of one byte: for a large place, int64 columns would take more memory than its residents.
    columns = (np.repeat(kind.astype(np.uint8), counts.ravel()) for kind in np.indices(counts.shape).reshape(4, -1))
    deprivation, age_band, alone, sex = columns
    by_fifth = counts.reshape(len(DEPRIVATION), -1).sum(axis=1)
    edges = np.concatenate([[0], np.cumsum(by_fifth)])
    return People(draw_ages(age_band, place.old_age_decline, seed), age_band, sex, alone, deprivation, edges)


def _housed(people: People, place: Place, seed: int) -> Residents:
    """Residents with age, sex, deprivation, household, neighbourhood and income half."""
    sizes = np.array(place.household_sizes[1:])
    arranged = arrange(
        people, seed, np.array(place.neighbourhoods), np.array(place.living_as_couple), sizes / sizes.sum()
    )
    residents, person = empty_residents(place.residents), arranged.person
    residents.household, residents.neighbourhood = arranged.household, arranged.neighbourhood
    residents.age_weeks, residents.age_band = people.age_weeks[person], people.age_band[person]
    residents.sex, residents.deprivation = people.sex[person], people.deprivation[person]
    above = np.array(place.above_median_income)
    residents.income_half = upper_income(seed, arranged.household, people.deprivation[person], above)
    return residents
