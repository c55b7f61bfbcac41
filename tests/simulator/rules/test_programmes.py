"""Offers of places, length of stay, and effects of time in a programme."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.rules import programmes

shares = st.floats(0.0, 1.0)
draws = st.floats(1e-9, 1.0 - 1e-9)


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


@given(hours=st.floats(0.0, 500.0), members=st.integers(0, 500), needed=st.floats(0.0, 60.0))
def test_a_dose_is_a_share_that_grows_with_time_and_falls_with_members(
    hours: float, members: int, needed: float
) -> None:
    dose = programmes.dose(hours, members, needed)
    assert 0.0 <= dose <= 1.0
    assert programmes.dose(hours + 1.0, members, needed) >= dose
    if hours > 0.0:
        assert programmes.dose(hours, members + 1, needed) <= dose


@given(members=st.integers(0, 500), needed=st.floats(0.0, 60.0))
def test_a_named_clinician_without_time_has_no_effect(members: int, needed: float) -> None:
    assert programmes.dose(0.0, members, needed) == 0.0


@given(contacts=st.floats(0.0, 5.0), hours=st.floats(0.0, 3.0), weight=shares)
def test_an_hour_on_the_phone_counts_no_more_than_one_face_to_face(
    contacts: float, hours: float, weight: float
) -> None:
    on_the_phone = programmes.contact_probability(contacts, hours, weight, 1.0)
    assert 0.0 <= on_the_phone <= programmes.contact_probability(contacts, hours, 1.0, 1.0) <= 1.0
    assert programmes.contact_probability(contacts, hours, weight, 0.0) == 0.0
