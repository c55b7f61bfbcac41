"""The loneliness score and its state: limits, the direction of each influence, and how much of a risk is causal."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.rules import loneliness, ties

EFFECTS = (6.0, 0.12, 0.3)
needs = st.floats(2.0, 6.0)
shares = st.floats(0.0, 1.0)
scores = st.floats(-4.0, 4.0)
uniforms = st.floats(1e-9, 1.0 - 1e-9)


@given(need=needs, support=shares, other=shares, outlook=shares, conditions=st.integers(0, 2))
def test_support_and_outlook_lower_the_score_and_illness_raises_it(
    need: float, support: float, other: float, outlook: float, conditions: int
) -> None:
    less, more = sorted([support, other])
    score = loneliness.lasting_score(need, less, outlook, conditions, EFFECTS)
    assert loneliness.lasting_score(need, more, outlook, conditions, EFFECTS) <= score
    assert loneliness.lasting_score(need, less, 0.0, conditions, EFFECTS) >= score
    assert loneliness.lasting_score(need, less, outlook, conditions + 1, EFFECTS) == pytest.approx(score + EFFECTS[2])


@given(need=needs, outlook=shares)
def test_seeing_ties_anew_does_nothing_for_someone_without_any(need: float, outlook: float) -> None:
    assert loneliness.lasting_score(need, 0.0, outlook, 0, EFFECTS) == need


@pytest.mark.parametrize("half_life", [4.0, 26.0, 52.0])
def test_mood_keeps_its_spread_and_halves_in_its_half_life(half_life: float) -> None:
    kept = ties.weekly_keep(half_life)
    change = loneliness.change_in_step(0.6, kept)
    mood, moods = 0.0, []
    for u in np.random.default_rng(3).random(100_000):
        mood = loneliness.mood_after_step(mood, u, kept, change)
        moods.append(mood)
    assert np.std(moods) == pytest.approx(0.6, rel=0.15)
    assert kept**half_life == pytest.approx(0.5)


@given(score=scores, other=scores, before=st.integers(0, 1), margin=st.floats(0.0, 1.0))
def test_a_higher_score_never_ends_loneliness_and_a_state_outlasts_small_changes(
    score: float, other: float, before: int, margin: float
) -> None:
    low, high = sorted([score, other])
    after = loneliness.lonely_after_step(before, low, 1.5, margin)
    assert loneliness.lonely_after_step(before, high, 1.5, margin) >= after
    assert loneliness.lonely_after_step(1, low, 1.5, margin) >= loneliness.lonely_after_step(0, low, 1.5, margin)
    if not 1.5 - margin < low <= 1.5:
        assert loneliness.lonely_after_step(1, low, 1.5, margin) == loneliness.lonely_after_step(0, low, 1.5, margin)


@given(outlook=shares, sessions=st.floats(0.0, 3.0), more=st.floats(0.0, 3.0), share=shares)
def test_sessions_never_lower_the_outlook_or_carry_it_beyond_one(
    outlook: float, sessions: float, more: float, share: float
) -> None:
    after = loneliness.outlook_after_sessions(outlook, sessions, share)
    assert outlook - 1e-12 <= after <= 1.0
    assert loneliness.outlook_after_sessions(outlook, sessions + more, share) >= after - 1e-12
    assert loneliness.outlook_after_sessions(outlook, sessions, 0.0) == pytest.approx(outlook)


@given(score=scores)
def test_a_score_is_counted_above_one_if_it_is_above_two(score: float) -> None:
    millionths, high, very_high = loneliness.score_counts(score)
    assert abs(millionths - score * 1e6) < 1.0
    assert high >= very_high
    assert (high, very_high) == (score > 1.0, score > 2.0)


@given(risk=st.floats(0.2, 5.0), share=st.floats(0.0, 1.0))
def test_the_causal_part_lies_between_nothing_and_all_of_the_observed_risk(risk: float, share: float) -> None:
    causal = loneliness.discounted_ratio(risk, share)
    assert min(1.0, risk) - 1e-12 <= causal <= max(1.0, risk) + 1e-12
    assert loneliness.discounted_ratio(risk, 0.0) == 1.0
    assert loneliness.discounted_ratio(risk, share) * loneliness.discounted_ratio(risk, 1.0 - share) == pytest.approx(
        risk
    )
