"""Life events: each has its probability, its ages, and its part of the shared draw."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.rules import demography

draws = st.floats(1e-9, 1.0 - 1e-9)
small = st.floats(0.0, 0.1)
ages = st.integers(0, 100 * 52)


@given(u=draws, hazard=small, worse=small)
def test_a_higher_hazard_never_prevents_an_event(u: float, hazard: float, worse: float) -> None:
    low, high = sorted([hazard, worse])
    assert demography.dies(u, high, 0, 2.0) >= demography.dies(u, low, 0, 2.0)
    assert demography.dies(u, low, 1, 2.0) >= demography.dies(u, low, 0, 2.0)
    assert demography.dies(u, low, 1, 1.0) == demography.dies(u, low, 0, 1.0)


def test_death_has_the_probability_of_its_hazard() -> None:
    grid = np.linspace(5e-5, 1 - 5e-5, 10_000).tolist()
    assert sum(demography.dies(u, 0.03, 0, 1.5) for u in grid) == 300
    assert sum(demography.dies(u, 0.03, 1, 1.5) for u in grid) == 450


@given(u=draws, first=st.integers(0, 5_000), probability=st.floats(1e-6, 1.0))
def test_a_move_falls_in_the_year_that_it_was_drawn_for(u: float, first: int, probability: float) -> None:
    week = demography.move_week(u, first, probability)
    assert (week == -1) == (u >= probability)
    assert week == -1 or first <= week < first + 52


def test_moves_are_spread_evenly_over_the_year() -> None:
    grid = np.linspace(5e-6, 1 - 5e-6, 100_000).tolist()
    weeks = [week for u in grid if (week := demography.move_week(u, 0, 0.52)) >= 0]
    assert len(weeks) == pytest.approx(52_000, abs=2)
    assert np.bincount(weeks).tolist() == pytest.approx([1_000] * 52, abs=2)


def test_no_one_moves_at_a_rate_of_zero() -> None:
    assert demography.move_week(1e-12, 0, 0.0) == -1


@given(age=ages, oldest=ages)
def test_leaving_home_needs_the_age_and_someone_older(age: int, oldest: int) -> None:
    could = demography.could_leave_home(age, oldest, 18.0, 29.0, 16.0)
    assert could == (18 * 52 <= age < 30 * 52 and oldest - age >= 16 * 52)


@given(a=ages, b=ages, gap=st.integers(0, 30))
def test_a_couple_is_two_adults_of_like_age_whoever_asks(a: int, b: int, gap: int) -> None:
    couple = demography.are_partners(a, b, 18.0, float(gap))
    assert couple == demography.are_partners(b, a, 18.0, float(gap))
    assert couple == (min(a, b) >= 18 * 52 and abs(a - b) <= gap * 52)


@given(
    parts=st.lists(st.floats(0.0, 0.25), min_size=4, max_size=4),
)
def test_every_event_keeps_its_own_size_on_the_draw(parts: list[float]) -> None:
    count = 5_000
    events = [demography.drawn_event((k + 0.5) / count, *parts) for k in range(count)]
    named = (demography.LEAVES_HOME, demography.SEPARATES, demography.MOVES_IN, demography.MAKES_FRIEND)
    for event, share in zip(named, parts, strict=True):
        assert events.count(event) / count == pytest.approx(share, abs=2.0 / count)
    assert events.count(demography.NOTHING) / count == pytest.approx(1.0 - sum(parts), abs=4.0 / count)


def test_events_have_separate_random_numbers() -> None:
    names = ("NOTHING", "DIES", "MOVES_AWAY", "LEAVES_HOME", "SEPARATES", "MOVES_IN", "RETIRES", "MAKES_FRIEND")
    assert len({getattr(demography, name) for name in names}) == len(names)
