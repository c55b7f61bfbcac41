"""Becoming and ceasing to be lonely: limits, the direction of each influence, and how much of a risk is causal."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.rules import loneliness

unmets = st.floats(-2.0, 2.0)
rates = st.floats(1e-5, 0.2)
draws = st.floats(1e-9, 1.0 - 1e-9)


def onset_probability(unmet: float, conditions: int, rate: float) -> float:
    return 1.0 - math.exp(-rate * math.exp(3.0 * unmet + 0.25 * conditions))


@given(unmet=unmets, conditions=st.integers(0, 3), rate=rates)
def test_onset_has_the_probability_of_its_hazard(unmet: float, conditions: int, rate: float) -> None:
    probability = onset_probability(unmet, conditions, rate)
    assert loneliness.becomes_lonely(probability * 0.999999, unmet, conditions, rate, 3.0, 0.25)
    assert not loneliness.becomes_lonely(min(1.0, probability * 1.000001), unmet, conditions, rate, 3.0, 0.25)


@given(u=draws, unmet=unmets, more=unmets, conditions=st.integers(0, 2), rate=rates)
def test_less_support_or_more_illness_never_protects(
    u: float, unmet: float, more: float, conditions: int, rate: float
) -> None:
    low, high = sorted([unmet, more])
    now = loneliness.becomes_lonely(u, low, conditions, rate, 3.0, 0.25)
    assert loneliness.becomes_lonely(u, high, conditions, rate, 3.0, 0.25) >= now
    assert loneliness.becomes_lonely(u, low, conditions + 1, rate, 3.0, 0.25) >= now


@given(unmet=unmets, weeks=st.integers(0, 600), rate=rates)
def test_recovery_has_the_probability_of_its_hazard(unmet: float, weeks: int, rate: float) -> None:
    probability = 1.0 - math.exp(-rate * math.exp(-3.0 * unmet) / (1.0 + weeks / 104.0))
    assert loneliness.stops_being_lonely(probability * 0.999999, unmet, weeks, rate, 3.0, 104.0)
    assert not loneliness.stops_being_lonely(min(1.0, probability * 1.000001), unmet, weeks, rate, 3.0, 104.0)


@given(u=draws, unmet=unmets, more=unmets, weeks=st.integers(0, 500), longer=st.integers(0, 500), rate=rates)
def test_recovery_falls_with_duration_and_rises_with_support(
    u: float, unmet: float, more: float, weeks: int, longer: int, rate: float
) -> None:
    low, high = sorted([unmet, more])
    ends = loneliness.stops_being_lonely(u, high, weeks + longer, rate, 3.0, 104.0)
    assert loneliness.stops_being_lonely(u, high, weeks, rate, 3.0, 104.0) >= ends
    assert loneliness.stops_being_lonely(u, low, weeks + longer, rate, 3.0, 104.0) >= ends


def test_recovery_halves_after_the_hardening_time() -> None:
    def share(weeks: int) -> float:
        return float(
            np.mean(
                [loneliness.stops_being_lonely(u, 0.0, weeks, 0.001, 3.0, 104.0) for u in np.linspace(0, 0.002, 8001)]
            )
        )

    assert share(104) / share(0) == pytest.approx(0.5, abs=0.01)


@given(need=st.floats(0.0, 2.0), personal=st.floats(-1.0, 1.0), support=st.floats(0.0, 1.0))
def test_the_gap_is_need_less_support(need: float, personal: float, support: float) -> None:
    assert loneliness.gap(need, personal, support) == need + personal - support


@given(risk=st.floats(0.2, 5.0), share=st.floats(0.0, 1.0))
def test_the_causal_part_lies_between_nothing_and_all_of_the_observed_risk(risk: float, share: float) -> None:
    causal = loneliness.discounted_ratio(risk, share)
    assert min(1.0, risk) - 1e-12 <= causal <= max(1.0, risk) + 1e-12
    assert loneliness.discounted_ratio(risk, 0.0) == 1.0
    assert loneliness.discounted_ratio(risk, share) * loneliness.discounted_ratio(risk, 1.0 - share) == pytest.approx(
        risk
    )
