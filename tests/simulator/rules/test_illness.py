"""Acute episodes: ratios multiply, continuity as published, and the rate that leads to known admissions."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.rules import illness
from simulator.rules.care import NEVER_DISCHARGED

hazards = st.floats(0.0, 0.2)
ratios = st.floats(0.01, 20.0)
gaps = st.floats(-1.0, 1.0)
positive = st.floats(0.01, 1.0)


def test_continuity_as_in_barker_2017() -> None:
    """BMJ 356:j84: 0.2 more of the usual provider of care index, 6.22 % fewer admissions that care could prevent."""
    effect = math.log(1.0 - 0.0622) / 0.2
    usual, better = (illness.episode_hazard(0.01, 1.0, 1.0, gap, effect, 0.0) for gap in (0.0, 0.2))
    assert better / usual - 1.0 == pytest.approx(-0.0622)


@given(growth=st.floats(-0.5, 1.0), week=st.integers(0, 520))
def test_local_demand_compounds_from_one_and_no_growth_is_exactly_one(growth: float, week: int) -> None:
    assert illness.local_demand(0.0, week) == 1.0
    assert illness.local_demand(growth, 0) == 1.0
    year_on = illness.local_demand(growth, week + 52) / illness.local_demand(growth, week)
    assert year_on == pytest.approx(1.0 + growth)


@given(usual=hazards, frailty=ratios, transient=ratios)
def test_reference_values_leave_the_hazard_unchanged(usual: float, frailty: float, transient: float) -> None:
    assert illness.episode_hazard(usual, 1.0, 1.0, 0.0, -0.3, 0.0) == usual
    assert illness.episode_hazard(usual, frailty, transient, 0.0, -0.3, 0.0) == pytest.approx(
        usual * frailty * transient
    )


@given(usual=hazards, frailty=ratios, worse=ratios, gap=gaps, more=gaps, unmet=st.floats(0.0, 3.0))
def test_frailty_and_unmet_need_raise_the_hazard_and_continuity_lowers_it(
    usual: float, frailty: float, worse: float, gap: float, more: float, unmet: float
) -> None:
    low, high = sorted([frailty, worse])
    less, better = sorted([gap, more])
    assert illness.episode_hazard(usual, low, 1.0, gap, -0.3, 0.0) <= illness.episode_hazard(
        usual, high, 1.0, gap, -0.3, 0.0
    )
    assert illness.episode_hazard(usual, 1.0, 1.0, better, -0.3, 0.0) <= illness.episode_hazard(
        usual, 1.0, 1.0, less, -0.3, 0.0
    )
    assert illness.episode_hazard(usual, 1.0, 1.0, gap, -0.3, unmet) >= illness.episode_hazard(
        usual, 1.0, 1.0, gap, -0.3, 0.0
    )


@given(weekly=hazards, gap=gaps, more=gaps)
def test_support_lowers_readmission(weekly: float, gap: float, more: float) -> None:
    less, better = sorted([gap, more])
    with_less, with_more = (illness.readmission_hazard(2, weekly, each, -0.5, 0.0) for each in (less, better))
    assert with_more <= with_less
    assert illness.readmission_hazard(2, weekly, 0.0, -0.5, 0.0) == weekly
    assert illness.readmission_hazard(2, weekly, gap, 0.0, 0.0) == weekly


@given(
    weeks=st.integers(0, 255), lasting=st.floats(0.0, 300.0), effect=st.floats(-2.0, 0.0), stronger=st.floats(0.0, 2.0)
)
def test_aftercare_acts_on_those_just_discharged_and_more_of_it_never_less(
    weeks: int, lasting: float, effect: float, stronger: float
) -> None:
    some, more = (illness.aftercare(weeks, lasting, each) for each in (effect, effect - stronger))
    assert more <= some <= 0.0
    assert some == (effect if weeks <= lasting and weeks < NEVER_DISCHARGED else 0.0)
    assert illness.aftercare(weeks, lasting, 0.0) == 0.0
    assert illness.aftercare(weeks + 1, lasting, effect) >= some, "it fades and never returns"


@given(admissions=st.floats(0.0, 900.0), to_ae=positive, overnight=positive, zero_night=positive)
def test_the_episode_rate_leads_back_to_the_admissions(
    admissions: float, to_ae: float, overnight: float, zero_night: float
) -> None:
    episodes = illness.episode_rate(admissions, to_ae, overnight, zero_night)
    kept = overnight + (1.0 - overnight) * zero_night
    assert 1000.0 * episodes * to_ae * kept == pytest.approx(admissions)
