"""Eligibility: each condition alone."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from simulator.rules import eligibility

weeks = st.integers(0, 6_000)
flags = st.integers(0, 1)


@given(age=weeks, youngest=weeks, oldest=weeks)
def test_an_age_lies_between_both_ends(age: int, youngest: int, oldest: int) -> None:
    assert eligibility.of_age(age, youngest, oldest) == (age >= youngest and age < oldest)


@given(value=flags, wanted=st.integers(-1, 1))
def test_a_trait_matches_its_condition_or_has_none(value: int, wanted: int) -> None:
    assert eligibility.matches_rule(value, wanted) == (wanted == -1 or value == wanted)


@given(chosen=st.sets(st.integers(0, 4)), category=st.integers(0, 4))
def test_bits_stand_for_the_categories_chosen(chosen: set[int], category: int) -> None:
    assert eligibility.is_among(category, sum(1 << one for one in chosen)) == (category in chosen)


@given(days=st.integers(0, 30), since=st.integers(0, 255), at_most=st.integers(-1, 60))
def test_in_hospital_or_home_for_a_short_time(days: int, since: int, at_most: int) -> None:
    expected = at_most == -1 or days > 0 or since <= at_most
    assert eligibility.was_in_hospital(days, since, at_most) == expected


@given(usual=st.floats(0.0, 1.0), admissions=st.integers(0, 50), each=st.floats(0.0, 5.0))
def test_risk_as_the_tool_sees_it_rises_with_admissions(usual: float, admissions: int, each: float) -> None:
    risk = eligibility.predicted_risk(usual, admissions, each)
    assert risk >= usual
    assert eligibility.predicted_risk(usual, admissions + 1, each) >= risk
    assert eligibility.predicted_risk(usual, 0, each) == usual
