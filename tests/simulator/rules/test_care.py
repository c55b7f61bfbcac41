"""Appointments, A&E, admission and discharge: limited capacity, and probabilities of at most one."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.rules import care, chance

shares = st.floats(0.0, 1.0)
gaps = st.floats(-1.0, 1.0)
effects = st.floats(-2.0, 2.0)
requests = st.integers(0, 10_000)
appointments = st.floats(0.0, 5_000.0)


@given(appointments=appointments, share=shares, urgent=requests, routine=requests)
def test_no_more_are_seen_than_there_are_appointments(
    appointments: float, share: float, urgent: int, routine: int
) -> None:
    seen_urgent = care.urgent_seen_probability(appointments, share, urgent)
    seen_routine = care.routine_seen_probability(appointments, share, urgent, routine)
    assert 0.0 <= seen_urgent <= 1.0
    assert 0.0 <= seen_routine <= 1.0
    assert seen_urgent * urgent + seen_routine * routine <= appointments + 1e-6


@given(appointments=appointments, share=shares, urgent=requests, routine=requests)
def test_none_is_refused_while_an_appointment_is_left(
    appointments: float, share: float, urgent: int, routine: int
) -> None:
    if urgent + routine <= appointments and urgent <= appointments * share:
        assert care.urgent_seen_probability(appointments, share, urgent) == 1.0
        assert care.routine_seen_probability(appointments, share, urgent, routine) == 1.0


@given(appointments=appointments, more=appointments, share=shares, urgent=requests, routine=requests)
def test_more_appointments_never_refuse_more(
    appointments: float, more: float, share: float, urgent: int, routine: int
) -> None:
    few, many = sorted([appointments, more])
    assert care.urgent_seen_probability(few, share, urgent) <= care.urgent_seen_probability(many, share, urgent)
    # The share kept for urgent requests grows with the appointments, but never by more than they do.
    assert care.routine_seen_probability(few, share, urgent, routine) <= (
        care.routine_seen_probability(many, share, urgent, routine) + 1e-9
    )


def test_a_practice_without_appointments_sees_nobody() -> None:
    assert care.urgent_seen_probability(0.0, 0.3, 5) == 0.0
    assert care.routine_seen_probability(0.0, 0.3, 5, 5) == 0.0


@given(after=shares, without=shares)
def test_seen_patients_attend_ae_at_the_rate_of_seen_people(after: float, without: float) -> None:
    assert care.goes_to_ae_probability(True, after, without) == after
    assert care.goes_to_ae_probability(False, after, without) == without


@given(usual=shares, gap=gaps, support_effect=effects, plan=effects)
def test_the_probability_of_an_overnight_stay_never_exceeds_one(
    usual: float, gap: float, support_effect: float, plan: float
) -> None:
    probability = care.overnight_probability(usual, gap, support_effect, plan)
    assert 0.0 <= probability <= 1.0
    assert probability == pytest.approx(min(1.0, usual * math.exp(support_effect * gap) * math.exp(plan)))
    assert care.overnight_probability(usual, 0.0, support_effect, 0.0) == usual


@given(usual=shares, gap=gaps, more=gaps)
def test_support_keeps_people_at_home_where_its_effect_is_to_protect(usual: float, gap: float, more: float) -> None:
    less, better = sorted([gap, more])
    at_home = care.overnight_probability(usual, better, -0.5, 0.0)
    assert at_home <= care.overnight_probability(usual, less, -0.5, 0.0)


@given(usual=st.floats(0.0, 0.3), growth=st.floats(-0.5, 0.2), weeks=st.integers(0, 260))
def test_recording_grows_by_its_yearly_rate(usual: float, growth: float, weeks: int) -> None:
    expected = min(1.0, usual * (1.0 + growth) ** (weeks / 52.0))
    assert care.zero_night_probability(usual, growth, weeks) == pytest.approx(expected)


@given(usual=shares, weeks=st.integers(0, 5_000))
def test_without_growth_recording_has_no_trend(usual: float, weeks: int) -> None:
    assert care.zero_night_probability(usual, 0.0, weeks) == usual


@given(usual=shares, ratio=st.floats(0.0, 5.0))
def test_waiting_differs_only_for_those_who_live_alone(usual: float, ratio: float) -> None:
    assert care.wait_probability(usual, 0, ratio) == usual
    assert care.wait_probability(usual, 1, ratio) == min(1.0, usual * ratio)


@given(continuity=shares, memory=shares, visits=st.lists(st.booleans(), min_size=1, max_size=30))
def test_continuity_stays_a_share_and_follows_the_visits(continuity: float, memory: float, visits: list[bool]) -> None:
    for same in visits:
        after = care.continuity_after(continuity, same, memory)
        assert (after >= continuity) if same else (after <= continuity)
        continuity = after
        assert -1e-12 <= continuity <= 1.0 + 1e-12


def test_continuity_settles_at_the_share_of_visits_with_the_same_doctor() -> None:
    kept, moved = care.continuity_after(0.6, True, 0.15), care.continuity_after(0.6, False, 0.15)
    assert 0.6 * kept + 0.4 * moved == pytest.approx(0.6)


@given(used=shares, probability=shares)
def test_minor_attendance_uses_its_share_of_the_remaining_random_number(used: float, probability: float) -> None:
    count = 4_000
    hits = sum(chance.happens_beyond((k + 0.5) / count, used, probability) for k in range(count))
    assert hits / count == pytest.approx((1.0 - used) * probability, abs=2.0 / count)
    assert not chance.happens_beyond(used - 1e-9, used, probability)
