"""The ties residents start with: number, strength and kind."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.foundations.categories import ADULT_BAND, CONTEXTS, FRIEND, HOUSEHOLD, KIN, NEIGHBOUR, NO_TIE, TIE_SLOTS
from simulator.places import place_names
from simulator.population.ties import FULL_LEVEL
from simulator.rules import ties as rules
from tests.helpers.populated_places import assert_mirrored, population, rates


@settings(max_examples=6)
@given(name=st.sampled_from(place_names()), residents=st.integers(2000, 3000))
def test_ties_of_any_place_are_mirrored(name: str, residents: int) -> None:
    built = population(name, residents)
    assert_mirrored(built)
    assert (built.context != NO_TIE).sum(axis=1).max() <= TIE_SLOTS


def test_mean_ties_by_context_are_near_the_evidence() -> None:
    """Within 10 %: full slots and pairs whose tie would be forgotten leave a little less."""
    residents = population()
    for context in (KIN, FRIEND, NEIGHBOUR):
        reached = np.count_nonzero(residents.context == context) / len(residents)
        asked = float(rates().ties.mean_ties[context])
        assert 0.90 * asked < reached < 1.03 * asked, CONTEXTS[context]
    degree = (residents.context != NO_TIE).sum(axis=1)
    assert 9.0 < degree.mean() < 11.5
    assert (degree == 0).mean() < 0.001


def test_a_ties_strength_is_where_contact_and_fading_settle() -> None:
    residents = population()
    tie = rates().ties
    for context in (KIN, FRIEND, NEIGHBOUR):
        rows, slots = np.nonzero(residents.context == context)
        grown = rules.growth(float(tie.hours_per_contact[context]), tie.hours_to_close, tie.close_strength)
        keep = rules.weekly_keep(float(tie.half_life[context]))
        for i, j in zip(rows[:50], slots[:50], strict=True):
            level = int(residents.contact_level[i, j])
            settled = rules.settled_strength(level / 65_536.0, grown, keep)
            assert residents.strength[i, j] == np.float32(settled)
            assert settled >= tie.forgotten_strength


def test_household_ties_are_strong_and_certain() -> None:
    residents = population()
    rows, slots = np.nonzero(residents.context == HOUSEHOLD)
    assert residents.strength[rows, slots].min() >= np.float32(0.9)
    assert np.all(residents.contact_level[rows, slots] == FULL_LEVEL)
    assert np.all(residents.meetings[rows, slots] == 255)
    assert np.array_equal(residents.household[rows], residents.household[residents.other[rows, slots]])


def test_nobody_but_housemates_shares_a_household() -> None:
    residents = population()
    rows, slots = np.nonzero((residents.context != NO_TIE) & (residents.context != HOUSEHOLD))
    assert np.all(residents.household[rows] != residents.household[residents.other[rows, slots]])


def test_friends_are_similar_in_age_income_and_neighbourhood() -> None:
    residents = population()
    tie = rates().ties
    rows, slots = np.nonzero(residents.context == FRIEND)
    other = residents.other[rows, slots]
    near = residents.neighbourhood[rows] == residents.neighbourhood[other]
    assert near.mean() == pytest.approx(tie.same_neighbourhood_share, abs=0.02)
    band = residents.age_band.astype(np.int64)
    adults = band[rows] >= ADULT_BAND
    close = np.abs(band[rows] - band[other]) <= 1
    assert close[adults].mean() == pytest.approx(tie.same_age_share, abs=0.02)
    assert np.array_equal(band[rows] >= ADULT_BAND, band[other] >= ADULT_BAND), "an adult befriends a child"
    lower = residents.income_half[rows] == 0
    assert residents.income_half[other][lower].mean() == pytest.approx(tie.cross_income_share, abs=0.04)


def test_residents_differ_in_how_many_friends_they_have() -> None:
    residents = population()
    friends = (residents.context == FRIEND).sum(axis=1)[residents.age_band == 4]
    assert friends.var() > 1.2 * friends.mean(), "more variety than chance alone (Poisson) would give"
    assert (friends == 0).mean() > 0.02


def test_kin_are_of_other_generations_too() -> None:
    residents = population()
    rows, slots = np.nonzero(residents.context == KIN)
    gap = np.abs(residents.age_weeks[rows] - residents.age_weeks[residents.other[rows, slots]]) / 52
    assert 0.3 < (gap < 15).mean() < 0.65
    assert ((gap > 15) & (gap < 50)).mean() > 0.25
