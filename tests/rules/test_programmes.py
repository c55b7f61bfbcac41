"""Who a programme is for, how many places it offers, and how long people stay."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.rules import programmes

shares = st.floats(0.0, 1.0)
draws = st.floats(1e-9, 1.0 - 1e-9)
conditions = st.integers(0, 3)
admissions = st.integers(0, 20)
lonely = st.integers(0, 1)


@given(lonely=lonely, ill=conditions, admitted=admissions, unmet=st.floats(-2.0, 2.0))
def test_no_programme_is_for_children(lonely: int, ill: int, admitted: int, unmet: float) -> None:
    assert not programmes.connector_eligible(False, lonely, ill, admitted)
    assert not programmes.cafe_eligible(False, lonely, unmet)
    assert not programmes.hub_eligible(False, ill, admitted)


@given(lonely=lonely, ill=conditions, admitted=admissions)
def test_connectors_are_for_the_lonely_the_ill_and_the_admitted(lonely: int, ill: int, admitted: int) -> None:
    assert programmes.connector_eligible(True, lonely, ill, admitted) == (lonely == 1 or ill >= 2 or admitted >= 1)


@given(lonely=lonely, unmet=st.floats(-2.0, 2.0))
def test_cafes_are_for_those_who_miss_company(lonely: int, unmet: float) -> None:
    assert programmes.cafe_eligible(True, lonely, unmet) == (lonely == 1 or unmet > 0.0)


@given(ill=conditions, admitted=admissions)
def test_the_hub_is_for_those_admitted_twice_or_once_and_ill(ill: int, admitted: int) -> None:
    assert programmes.hub_eligible(True, ill, admitted) == (admitted >= 2 or (admitted == 1 and ill >= 2))


@given(rate=shares, engagement=shares, free=st.floats(-100.0, 1_000.0), eligible=st.integers(0, 10_000))
def test_offers_never_fill_more_places_than_are_free(
    rate: float, engagement: float, free: float, eligible: int
) -> None:
    offer = programmes.offer_probability(rate, engagement, free, eligible)
    assert 0.0 <= offer <= rate
    assert offer * engagement * eligible <= max(0.0, free) + 1e-9


@given(rate=shares, engagement=st.floats(0.01, 1.0), eligible=st.integers(1, 1_000), free=st.floats(0.0, 500.0))
def test_more_free_places_are_never_fewer_offers(rate: float, engagement: float, eligible: int, free: float) -> None:
    few = programmes.offer_probability(rate, engagement, free, eligible)
    assert few <= programmes.offer_probability(rate, engagement, free + 5.0, eligible)
    assert programmes.offer_probability(rate, engagement, engagement * eligible, eligible) == rate


def test_there_is_no_offer_without_places_people_or_interest() -> None:
    assert programmes.offer_probability(0.1, 0.5, 0.0, 10) == 0.0
    assert programmes.offer_probability(0.1, 0.5, -3.0, 10) == 0.0
    assert programmes.offer_probability(0.1, 0.5, 10.0, 0) == 0.0
    assert programmes.offer_probability(0.1, 0.0, 10.0, 10) == 0.0


@pytest.mark.parametrize("mean", [3.0, 15.0, 26.0])
def test_members_stay_for_the_mean_time(mean: float) -> None:
    grid = np.linspace(5e-6, 1 - 5e-6, 100_000).tolist()
    leaving = np.mean([programmes.leaves_programme(u, mean, True) for u in grid])
    assert 1.0 / leaving == pytest.approx(mean, rel=1e-3)


@given(u=draws, mean=st.floats(1.0, 200.0))
def test_everyone_leaves_a_programme_that_closes(u: float, mean: float) -> None:
    assert programmes.leaves_programme(u, mean, False)
