"""The arithmetic of the offset: exact splits, limits, and equal results compiled and interpreted."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.foundations.compiling import compiled
from simulator.rules import offset

shares = st.floats(0.0, 1.0)


@given(released=st.integers(-(10**12), 10**12), redeployable=shares, backlog=shares, reinvest=shares)
def test_a_release_is_split_to_the_penny(released: int, redeployable: float, backlog: float, reinvest: float) -> None:
    reinvested, saved, absorbed = offset.split_release(released, redeployable, backlog, reinvest)
    assert reinvested + saved + absorbed == released
    assert reinvested >= 0
    assert absorbed >= 0
    assert (saved >= 0) == (released >= 0)


@given(released=st.integers(-(10**9), 0), reinvest=shares)
def test_a_loss_is_never_reinvested(released: int, reinvest: float) -> None:
    assert offset.split_release(released, 1.0, 0.0, reinvest) == (0, released, 0)


def test_everything_can_be_reinvested() -> None:
    assert offset.split_release(12_345, 1.0, 0.0, 1.0) == (12_345, 0, 0)


@given(share=shares, from_week=st.integers(0, 300), ramp=st.integers(0, 300))
def test_automation_rises_to_its_share_and_stays(share: float, from_week: int, ramp: int) -> None:
    levels = [offset.automation_level(week, share, from_week, ramp) for week in range(from_week + ramp + 2)]
    assert not any(levels[:from_week])
    assert levels == sorted(levels)
    assert levels[from_week + ramp :] == [share, share]


def test_a_ramp_automates_half_of_what_a_switch_does() -> None:
    ramped = sum(offset.automation_level(week, 0.6, 10, 40) for week in range(50))
    switched = sum(offset.automation_level(week, 0.6, 10, 0) for week in range(50))
    assert ramped == pytest.approx(switched / 2)


def test_a_returned_contact_costs_more_than_its_automation_freed() -> None:
    freed = offset.automated_value(1.0, 6.0, 30.0, 1.0)
    assert offset.rework_cost(1.0, 6.0, 0.0, 30.0, 1.0) == freed
    assert offset.rework_cost(1.0, 6.0, 3.0, 30.0, 1.0) == pytest.approx(1.5 * freed)


def test_what_comes_back_takes_back_what_was_counted_as_freed_and_no_more() -> None:
    """Staff time before, less staff time after, is what the ledger books: freed less rework."""
    by_staff, attempts, back, minutes, extra, realised = 60.0, 40.0, 6.0, 5.0, 2.0, 0.45
    before = 100.0 * minutes
    after = offset.minutes_with_staff(by_staff + back, attempts, back, minutes, realised) + back * extra
    booked = offset.automated_value(attempts, minutes, 60.0, realised)
    booked -= offset.rework_cost(back, minutes, extra, 60.0, realised)
    assert before - after == pytest.approx(booked)
    assert offset.rework_cost(back, minutes, 0.0, 60.0, 0.0) == 0.0


def test_failure_falls_with_time_in_use_towards_what_is_never_learnt() -> None:
    course = [offset.failure_after_learning(week, 26.0, 0.4) for week in range(0, 520, 13)]
    assert course == sorted(course, reverse=True)
    assert course[0] == 1.0
    assert course[-1] == pytest.approx(0.6, abs=1e-5)
    assert {offset.failure_after_learning(week, 26.0, 0.0) for week in range(520)} == {1.0}


def test_technology_costs_its_licence_even_without_contacts() -> None:
    assert offset.technology_cost(0.0, 0.25, 300.0, 2000.0, 52.0) == pytest.approx(600.0)
    assert offset.technology_cost(100.0, 0.25, 300.0, 2000.0, 0.0) == pytest.approx(25.0)


def test_units_and_money_are_inverse() -> None:
    pence = offset.whole_pence(46_000.0 * 2.5 / 52.0)
    assert offset.units_from_money(pence, 46_000.0) == pytest.approx(2.5, rel=1e-6)


@compiled
def _both_compiled(week, share, released):  # type: ignore[no-untyped-def]
    level = offset.automation_level(week, share, 10, 40)
    money = offset.automated_value(1000.0 * level, 6.0, 31.0, 0.3) - offset.rework_cost(
        90.0 * level, 6.0, 3.0, 31.0, 0.3
    )
    money -= offset.technology_cost(1000.0 * level, 0.25, 300.0, 28000.0, 13.0)
    blended = offset.blended_share(money, 2.0 * abs(money))
    units = offset.units_from_money(released, 46000.0)
    return level, offset.whole_pence(money), offset.split_release(released, share, 0.2, 0.85), blended, units


@settings(deadline=None)  # the first call compiles
@given(week=st.integers(0, 80), share=shares, released=st.integers(-(10**9), 10**9))
def test_compiled_and_plain_agree_to_the_last_bit(week: int, share: float, released: int) -> None:
    assert _both_compiled(week, share, released) == _both_compiled.py_func(week, share, released)
