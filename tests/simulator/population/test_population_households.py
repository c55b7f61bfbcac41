"""Households and their neighbourhoods in a synthetic population."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.foundations.categories import ADULT_BAND, HOUSEHOLD_LIMIT, WEEKS_PER_YEAR
from simulator.places import load_place, place_names
from simulator.population.columns import Residents
from simulator.population.household_heads import size_counts, tilted
from tests.helpers.populated_places import population


def oldest_gap_fits(residents: Residents) -> np.ndarray:
    """For every child, whether it lives with someone 18 to 45 years older."""
    fits = []
    ages = residents.age_weeks / WEEKS_PER_YEAR
    households: dict[int, list[float]] = {}
    for household, age in zip(residents.household.tolist(), ages.tolist(), strict=True):
        households.setdefault(household, []).append(age)
    for household, age in zip(residents.household.tolist(), ages.tolist(), strict=True):
        if age < 16.0:
            fits.append(any(18.0 <= other - age <= 45.0 for other in households[household]))
    return np.array(fits)


@pytest.mark.parametrize("name", place_names())
def test_households_are_plausible(name: str) -> None:
    residents = population(name, load_place(name).residents)
    sizes = np.bincount(residents.household)
    assert sizes.max() <= HOUSEHOLD_LIMIT
    with_adult = np.zeros(len(sizes), np.bool_)
    with_adult[residents.household[residents.age_band >= ADULT_BAND]] = True
    assert with_adult[residents.household].all(), "a child lives without an adult"
    assert oldest_gap_fits(residents).mean() > 0.995
    assert np.array_equal(residents.lives_alone == 1, sizes[residents.household] == 1)


def test_couples_are_of_similar_age() -> None:
    residents = population()
    pairs = np.flatnonzero(np.bincount(residents.household) == 2)
    rows = np.flatnonzero(np.isin(residents.household, pairs)).reshape(-1, 2)
    ages, sexes = residents.age_weeks[rows] / WEEKS_PER_YEAR, residents.sex[rows]
    mixed = (sexes[:, 0] != sexes[:, 1]) & (ages.min(axis=1) >= 30.0)
    gap = np.abs(ages[mixed, 0] - ages[mixed, 1])
    assert np.median(gap) < 5.0
    assert (gap < 12.0).mean() > 0.9


def test_rows_of_a_household_and_of_a_neighbourhood_are_adjacent() -> None:
    residents = population()
    for column in (residents.household, residents.neighbourhood):
        numbers = column.astype(np.int64)
        assert numbers[0] == 0
        assert set(np.diff(numbers).tolist()) == {0, 1}


def test_a_neighbourhood_has_one_deprivation_fifth_and_about_1500_residents() -> None:
    residents = population()
    sizes = np.bincount(residents.neighbourhood)
    assert len(sizes) == sum(load_place("frome").neighbourhoods)
    assert sizes.min() > 1000
    assert sizes.max() < 2200
    for neighbourhood in range(len(sizes)):
        assert len(np.unique(residents.deprivation[residents.neighbourhood == neighbourhood])) == 1


def test_a_household_has_one_income_half_and_less_deprived_fifths_have_more_in_the_upper_half() -> None:
    residents = population()
    low = np.full(int(residents.household.max()) + 1, 2)
    np.minimum.at(low, residents.household, residents.income_half)
    assert np.array_equal(low[residents.household], residents.income_half)
    upper = [residents.income_half[residents.deprivation == fifth].mean() for fifth in range(5)]
    assert upper == pytest.approx(load_place("frome").above_median_income, abs=0.08)  # one fifth has 600 households
    assert upper == sorted(upper)


@given(
    households=st.integers(1, 400),
    mean=st.floats(2.0, 6.0),
    weights=st.lists(st.floats(0.01, 1.0), min_size=5, max_size=5),
)
def test_sizes_hold_exactly_the_people_there_are(households: int, mean: float, weights: list[float]) -> None:
    people = min(max(round(households * mean), 2 * households), 6 * households)
    sizes = size_counts(households, people, np.array(weights) / sum(weights))
    assert sizes.sum() == households
    assert sizes @ np.arange(2, 7) == people
    assert sizes.min() >= 0


def test_sizes_whose_mean_is_right_already_are_not_tilted() -> None:
    given_shares = np.array([0.49, 0.22, 0.19, 0.07, 0.03])
    assert tilted(given_shares, float(given_shares @ np.arange(2, 7))) == pytest.approx(given_shares, abs=1e-9)
