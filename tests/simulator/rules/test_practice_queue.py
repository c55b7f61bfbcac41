"""The practice's queue: no more are seen than there are appointments, and more of them never serve anyone worse."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.rules import chance
from simulator.rules import practice_queue as queue

shares = st.floats(0.0, 1.0)
people = st.integers(0, 10_000)
appointments = st.floats(0.0, 5_000.0)
uniforms = st.floats(0.0, 1.0, exclude_min=True, exclude_max=True)


@given(left=appointments, asking=people, waiting=people, kept=shares)
def test_no_more_are_seen_than_there_are_appointments_and_none_is_left_while_someone_waits(
    left: float, asking: int, waiting: int, kept: float
) -> None:
    later = queue.booked_seen_probability(left, asking, waiting, kept)
    now = queue.routine_seen_probability(left - later * waiting, asking)
    assert 0.0 <= now <= 1.0
    assert 0.0 <= later <= 1.0
    assert now * asking + later * waiting == pytest.approx(min(left, asking + waiting))


@given(left=appointments, more=appointments, asking=people, waiting=people, kept=shares)
def test_more_appointments_serve_neither_side_worse(
    left: float, more: float, asking: int, waiting: int, kept: float
) -> None:
    few, many = sorted([left, more])
    fewer, better = (queue.booked_seen_probability(each, asking, waiting, kept) for each in (few, many))
    assert fewer <= better + 1e-9
    now = [queue.routine_seen_probability(few - fewer * waiting, asking)]
    now.append(queue.routine_seen_probability(many - better * waiting, asking))
    assert now[0] <= now[1] + 1e-9


@given(waiting=people, longer=people, there=appointments, rate=st.floats(0.0, 2.0))
def test_a_longer_list_turns_more_away(waiting: int, longer: int, there: float, rate: float) -> None:
    short, long = sorted([waiting, longer])
    assert queue.turned_away_probability(short, there, rate) >= 0.0
    assert queue.turned_away_probability(short, there, rate) <= queue.turned_away_probability(long, there, rate) <= 1.0
    assert queue.turned_away_probability(long, there, 0.0) == queue.turned_away_probability(0, there, rate) == 0.0


@given(u=uniforms, fails=shares, most=st.integers(1, 6))
def test_attempts_end_when_one_gets_through_or_the_week_is_over(u: float, fails: float, most: int) -> None:
    made, failed, u_left = queue.attempts(u, fails, float(most))
    assert 1 <= made <= most
    assert failed in (made - 1, made)
    assert (failed == made) == (u < fails**most) or u == pytest.approx(fails**most)
    assert made == most or failed == made - 1
    assert 0.0 < u_left <= 1.0
    assert queue.attempts(u, 0.0, float(most)) == (1, 0, 1.0), "whom nothing keeps gets through at once"


@given(usual=shares, busier=st.floats(0.0, 3.0), effect=st.floats(0.0, 4.0), unanswered=shares)
def test_a_busier_reception_is_harder_to_reach(usual: float, busier: float, effect: float, unanswered: float) -> None:
    fails = queue.attempt_fails(usual, busier, effect, unanswered)
    assert 0.0 <= fails <= 1.0
    assert queue.attempt_fails(usual, busier + 0.1, effect, unanswered) >= fails
    assert queue.attempt_fails(usual, busier, 0.0, 0.0) == pytest.approx(usual)


@given(u=uniforms, turned_away=shares, seen=shares, better=shares)
def test_whom_a_better_week_serves_worse_there_is_none(
    u: float, turned_away: float, seen: float, better: float
) -> None:
    """The same random numbers: seen comes before booked, and booked before turned away."""
    order = (queue.SEEN, queue.IS_BOOKED, queue.TURNED_AWAY)
    worse = order.index(queue.answer(u, turned_away, min(seen, better)))
    assert order.index(queue.answer(u, turned_away, max(seen, better))) <= worse
    assert order.index(queue.answer(u, turned_away * better, min(seen, better))) <= worse


@given(u=uniforms, expected=st.floats(0.0, 3.0))
def test_what_is_left_of_a_uniform_number_is_one(u: float, expected: float) -> None:
    assert 0.0 <= chance.left_of(u, expected) <= 1.0


def test_what_is_left_of_a_uniform_number_is_independent_of_the_count() -> None:
    draws = [(one + 0.5) / 10_000 for one in range(10_000)]
    for wanted in (0, 1):
        left = [chance.left_of(u, 0.3) for u in draws if chance.whole_number(u, 0.3) == wanted]
        assert sum(left) / len(left) == pytest.approx(0.5, abs=1e-3)
