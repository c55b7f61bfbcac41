"""Appointments, A&E, admission and discharge: limited capacity, and probabilities of at most one."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.rules import care, chance

Causes = tuple[float, float, float, float]

shares = st.floats(0.0, 1.0)
gaps = st.floats(-1.0, 1.0)
effects = st.floats(-2.0, 2.0)
requests = st.integers(0, 10_000)
appointments = st.floats(0.0, 5_000.0)


@given(appointments=appointments, more=appointments, share=shares, urgent=requests)
def test_more_appointments_never_see_fewer_urgent_requests(
    appointments: float, more: float, share: float, urgent: int
) -> None:
    few, many = sorted([appointments, more])
    seen = care.urgent_seen_probability(few, share, urgent)
    assert 0.0 <= seen <= care.urgent_seen_probability(many, share, urgent) <= 1.0
    assert seen * urgent <= share * few + 1e-6


def test_a_practice_without_appointments_sees_nobody() -> None:
    assert care.urgent_seen_probability(0.0, 0.3, 5) == 0.0


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


@given(gap=gaps, more=gaps, share=shares, larger=shares)
def test_support_and_mobilised_help_shorten_a_stay_where_their_effect_is_to_protect(
    gap: float, more: float, share: float, larger: float
) -> None:
    (less, better), (little, much) = sorted([gap, more]), sorted([share, larger])
    helped = [care.mobilised_help(each, -0.2) for each in (little, much)]
    assert helped[1] <= helped[0] <= 0.0
    assert care.time_in_hospital(better, -0.3, helped[0]) <= care.time_in_hospital(less, -0.3, helped[0])
    assert care.time_in_hospital(gap, -0.3, helped[1]) <= care.time_in_hospital(gap, -0.3, helped[0])
    assert care.time_in_hospital(gap, 0.0, 0.0) == care.time_in_hospital(0.0, -0.3, 0.0) == 1.0


@given(usual=st.floats(0.0, 0.3), growth=st.floats(-0.5, 0.2), weeks=st.integers(0, 260))
def test_recording_grows_by_its_yearly_rate(usual: float, growth: float, weeks: int) -> None:
    expected = min(1.0, usual * (1.0 + growth) ** (weeks / 52.0))
    assert care.zero_night_probability(usual, growth, weeks) == pytest.approx(expected)


@given(usual=shares, weeks=st.integers(0, 5_000))
def test_without_growth_recording_has_no_trend(usual: float, weeks: int) -> None:
    assert care.zero_night_probability(usual, 0.0, weeks) == usual


four_shares = st.tuples(shares, shares, shares, shares)


@given(u=shares, need=shares, causes=four_shares, more=four_shares, alone=st.integers(0, 1))
def test_more_of_any_cause_never_means_fewer_waits(
    u: float, need: float, causes: Causes, more: Causes, alone: int
) -> None:
    higher = tuple(map(max, causes, more))
    waits = [care.cause_of_wait(u, need, 1.0, each, alone) != care.NO_WAIT for each in (causes, higher)]
    assert waits[0] <= waits[1]
    assert care.cause_of_wait(u, 0.0, 1.0, causes, alone) == care.NO_WAIT


@given(causes=four_shares, alone=st.integers(0, 1))
def test_each_cause_has_its_share_and_nobody_at_home_is_for_those_who_live_alone(causes: Causes, alone: int) -> None:
    count, wanted = 2_000, [share / 4.0 for share in causes]
    wanted[care.NOBODY_AT_HOME] *= alone
    found = [care.cause_of_wait((k + 0.5) / count, 0.5, 0.5, causes, alone) for k in range(count)]
    assert [found.count(cause) / count for cause in range(4)] == pytest.approx(wanted, abs=2.0 / count)


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
