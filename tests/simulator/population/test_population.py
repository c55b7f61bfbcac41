"""A synthetic population: margins, households, neighbourhoods, traits, state at the start."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.foundations.categories import (
    ADULT_BAND,
    AGE_BANDS,
    DEPRIVATION,
    HOUSEHOLD,
    HOUSEHOLD_LIMIT,
    WEEKS_PER_YEAR,
)
from simulator.places import load_place, place_names
from simulator.population.build import build_population
from simulator.population.columns import BAND_ENDS, TRAITS
from simulator.population.joint_table import cell_counts, fitted_table, margins, rounded
from tests.helpers.populated_places import population, rates, sized

ADDRESSED_BY_BERTH_ALONE = ("frailty", "transient", "personal_need", "continuity")


def shares(values: np.ndarray, kinds: int) -> np.ndarray:
    return np.bincount(values, minlength=kinds) / len(values)


# Margins ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", place_names())
def test_the_fit_meets_every_margin(name: str) -> None:
    place = load_place(name)
    table = fitted_table(place)
    by_deprivation, by_age_alone, by_sex = margins(place)
    assert table.sum(axis=(1, 2, 3)) == pytest.approx(by_deprivation, abs=1e-3)
    assert table.sum(axis=(0, 3)) == pytest.approx(by_age_alone, abs=1e-3)
    assert table.sum(axis=(0, 1, 2)) == pytest.approx(by_sex, abs=1e-3)


def test_the_fit_keeps_the_association_of_age_and_deprivation() -> None:
    """Deming and Stephan 1940: the odds ratios of the seed do not change."""
    place = load_place("frome")
    fitted = fitted_table(place).sum(axis=(2, 3))
    seed = np.array(place.age_by_deprivation)
    ratio = fitted / seed
    cross = ratio * ratio[0, 0] / (ratio[:, :1] * ratio[:1, :])
    assert cross == pytest.approx(np.ones_like(cross), rel=0.05)


def test_a_fifth_nobody_lives_in_stays_empty() -> None:
    place = load_place("frome").model_copy(update={"deprivation": (0.0, 0.4, 0.3, 0.3, 0.0)})
    counts = cell_counts(place)
    assert counts.sum() == place.residents
    assert counts[0].sum() == counts[4].sum() == 0
    assert len(build_population(place, rates(), 0)) == place.residents


@given(st.lists(st.floats(0.0, 50.0), min_size=1, max_size=40))
def test_rounding_keeps_the_sum_and_moves_each_cell_by_less_than_one(expected: list[float]) -> None:
    table = np.array(expected)
    counts = rounded(table)
    assert counts.sum() == round(float(table.sum()))
    assert np.all(np.abs(counts - table) < 1.0 + 1e-9)


@pytest.mark.parametrize("name", place_names())
def test_residents_meet_the_margins_to_a_tenth_of_a_point(name: str) -> None:
    place = load_place(name)
    residents = population(name, place.residents)
    assert len(residents) == place.residents
    assert shares(residents.age_band, len(AGE_BANDS)) == pytest.approx(np.array(place.age), abs=1e-3)
    assert shares(residents.deprivation, len(DEPRIVATION)) == pytest.approx(np.array(place.deprivation), abs=1e-3)
    assert shares(residents.sex, 2) == pytest.approx(np.array(place.sex), abs=1e-3)
    for band in range(ADULT_BAND, len(AGE_BANDS)):
        alone = residents.lives_alone[residents.age_band == band].mean()
        assert alone == pytest.approx(place.living_alone[band], abs=0.005), AGE_BANDS[band]


def test_household_sizes_of_frome_are_within_a_point() -> None:
    place = load_place("frome")
    size = np.bincount(np.bincount(population().household))[1:]
    assert size / size.sum() == pytest.approx(np.array(place.household_sizes), abs=0.01)


def test_a_small_place_still_meets_its_margins_roughly() -> None:
    place = sized("rural_district", 2000)
    residents = population("rural_district", 2000)
    assert shares(residents.age_band, len(AGE_BANDS)) == pytest.approx(np.array(place.age), abs=0.004)
    assert shares(residents.deprivation, len(DEPRIVATION)) == pytest.approx(np.array(place.deprivation), abs=0.004)


# Ages ---------------------------------------------------------------------------------------------------------------


def test_ages_lie_in_their_band_and_are_even_but_for_the_oldest() -> None:
    residents = population()
    ends = np.asarray(BAND_ENDS)
    starts = np.concatenate([[0], ends[:-1]])
    assert np.all(residents.age_weeks >= starts[residents.age_band])
    assert np.all(residents.age_weeks < ends[residents.age_band])
    middle = residents.age_weeks[residents.age_band == AGE_BANDS.index("35-49")] / WEEKS_PER_YEAR
    assert middle.mean() == pytest.approx(42.5, abs=0.25)
    oldest = residents.age_weeks[residents.age_band == AGE_BANDS.index("85+")] / WEEKS_PER_YEAR
    assert oldest.max() < 100.0
    assert (oldest < 90.0).mean() > 0.6


# Luck ---------------------------------------------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_residents_and_another_seed_others() -> None:
    first, again = population(residents=3000), build_population(sized("frome", 3000), rates(), 1)
    for trait in TRAITS:
        assert np.array_equal(first[trait], again[trait]), trait
    other = build_population(sized("frome", 3000), rates(), 2)
    assert not np.array_equal(first.frailty, other.frailty)


def test_one_more_resident_does_not_change_others_random_numbers() -> None:
    fewer, more = population(residents=3000), population(residents=3001)
    for trait in ADDRESSED_BY_BERTH_ALONE:
        assert np.array_equal(fewer[trait], more[trait][:3000]), trait
    same = (fewer.age_band == more.age_band[:3000]) & (fewer.deprivation == more.deprivation[:3000])
    assert same.mean() > 0.15  # berths that hold a resident of the same age and fifth: others hold someone else
    for trait in ("conditions", "digital_capability"):
        assert np.array_equal(fewer[trait][same], more[trait][:3000][same]), trait


@settings(max_examples=8)
@given(
    residents=st.integers(2000, 4000),
    name=st.sampled_from(place_names()),
    seed=st.integers(0, 2**63 - 1),
)
def test_any_place_of_any_size_makes_a_population(residents: int, name: str, seed: int) -> None:
    built = build_population(sized(name, residents), rates(), seed)
    assert len(built) == residents
    assert np.bincount(built.household).max() <= HOUSEHOLD_LIMIT
    housemates = (built.context == HOUSEHOLD).sum(axis=1)
    assert np.array_equal(housemates, np.bincount(built.household)[built.household] - 1)
