"""Ties: the hours of Hall 2019, growth independent of how hours are divided, decay by half-life."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.evidence import load_evidence
from simulator.evidence.parameters import Rates
from simulator.rules import ties
from simulator.specification.spec import rates_from

shares = st.floats(0.0, 1.0)
hours = st.floats(0.0, 2_000.0)
closeness = st.floats(0.05, 0.95)


@pytest.fixture(scope="module")
def rates() -> Rates:
    return rates_from(load_evidence())


def test_hours_to_friendship_match_hall_2019(rates: Rates) -> None:
    """J Soc Pers Relat 36:1278: about 50 hours to a casual friend, 90 to a friend, 200 to a close friend."""
    tie = rates.ties
    assert (tie.hours_to_casual, tie.hours_to_friend, tie.hours_to_close) == (50.0, 90.0, 200.0)
    casual, friend, close = (ties.growth(h, tie.hours_to_close, tie.close_strength) for h in (50.0, 90.0, 200.0))
    assert close == pytest.approx(tie.close_strength)
    assert casual == pytest.approx(1.0 - (1.0 - tie.close_strength) ** 0.25)
    assert friend == pytest.approx(1.0 - (1.0 - tie.close_strength) ** 0.45)


def test_two_hours_a_week_make_a_friend_in_45_weeks(rates: Rates) -> None:
    tie = rates.ties
    a_friend = ties.growth(tie.hours_to_friend, tie.hours_to_close, tie.close_strength)
    grown = ties.growth(2.0, tie.hours_to_close, tie.close_strength)
    strength, weeks = 0.0, 0
    while strength < a_friend - 1e-12:
        strength, weeks = ties.strength_after(strength, 1.0 - grown, grown), weeks + 1
    assert weeks == 45


@given(first=hours, second=hours, close_strength=closeness)
def test_growth_does_not_depend_on_how_hours_are_divided(first: float, second: float, close_strength: float) -> None:
    at_once = ties.growth(first + second, 200.0, close_strength)
    one, two = ties.growth(first, 200.0, close_strength), ties.growth(second, 200.0, close_strength)
    assert ties.strength_after(one, 1.0 - two, two) == pytest.approx(at_once, abs=1e-12)


@given(fewer=hours, more=hours, close_strength=closeness)
def test_more_hours_never_make_a_weaker_tie(fewer: float, more: float, close_strength: float) -> None:
    low, high = sorted([fewer, more])
    assert 0.0 <= ties.growth(low, 200.0, close_strength) <= ties.growth(high, 200.0, close_strength) <= 1.0


@given(half_life=st.floats(0.5, 500.0), strength=shares)
def test_strength_halves_in_its_half_life(half_life: float, strength: float) -> None:
    keep = ties.weekly_keep(half_life)
    assert strength * keep**half_life == pytest.approx(strength / 2)
    assert ties.strength_after(strength, keep, 0.0) <= strength


@given(strength=shares, grown=shares)
def test_a_tie_that_meets_grows_and_stays_within_its_bounds(strength: float, grown: float) -> None:
    after = ties.strength_after(strength, 1.0 - grown, grown)
    assert strength - 1e-15 <= after <= 1.0 + 1e-15


@given(probability=shares, grown=st.floats(1e-4, 0.5), half_life=st.floats(1.0, 300.0))
def test_a_settled_tie_neither_grows_nor_fades_on_average(probability: float, grown: float, half_life: float) -> None:
    keep = ties.weekly_keep(half_life)
    settled = ties.settled_strength(probability, grown, keep)
    met = ties.strength_after(settled, 1.0 - grown, grown)
    missed = ties.strength_after(settled, keep, 0.0)
    assert probability * met + (1.0 - probability) * missed == pytest.approx(settled, abs=1e-12)


def test_a_tie_that_neither_grows_nor_fades_settles_at_zero() -> None:
    assert ties.settled_strength(0.0, 0.5, 1.0) == 0.0
    assert ties.settled_strength(0.5, 0.0, 1.0) == 0.0


@given(often=shares, more_often=shares, grown=st.floats(1e-3, 0.5))
def test_those_who_meet_more_often_settle_closer(often: float, more_often: float, grown: float) -> None:
    low, high = sorted([often, more_often])
    assert ties.settled_strength(low, grown, 0.98) <= ties.settled_strength(high, grown, 0.98)


@pytest.mark.parametrize("mean", [0.1, 0.35, 0.5])
def test_contact_levels_have_their_contexts_mean(mean: float) -> None:
    levels = [ties.contact_level(u, mean) for u in np.linspace(5e-5, 1 - 5e-5, 10_000).tolist()]
    assert np.mean(levels) / 65_536 == pytest.approx(mean, abs=1e-4)
    assert (min(levels), max(levels)) <= (10, 65_535)


@given(u=shares, mean=shares)
def test_a_contact_level_fits_sixteen_bits(u: float, mean: float) -> None:
    assert 0 <= ties.contact_level(u, mean) <= 65_535


@given(weaker=st.floats(0.0, 100.0), stronger=st.floats(0.0, 100.0), half=st.floats(0.1, 10.0))
def test_support_rises_with_diminishing_returns(weaker: float, stronger: float, half: float) -> None:
    low, high = sorted([weaker, stronger])
    assert 0.0 <= ties.support(low, half) <= ties.support(high, half) < 1.0
    middle = ties.support((low + high) / 2, half)
    assert middle >= (ties.support(low, half) + ties.support(high, half)) / 2 - 1e-12
    assert math.isclose(ties.support(half, half), 0.5)
