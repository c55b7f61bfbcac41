"""Onset of and recovery from loneliness (feeling lonely often or always).

onset = onset_rate exp(steepness (need - support) + illness_effect conditions), recovery = recovery_rate
exp(-steepness (need - support)) / (1 + weeks_lonely / hardening_weeks). Need for connection falls with age
(socioemotional selectivity: Carstensen LL 1992, Psychol Aging 7:331); recovery slows the longer loneliness lasts
(persistence: Victor C and Bowling A 2012, J Psychol 146:313). The functional form is an assumption.
"""

from __future__ import annotations

import math

from simulator.foundations.compiling import rule
from simulator.rules import chance


@rule
def gap(need: float, personal_need: float, support: float) -> float:
    """Need for connection less support [score].

    >>> gap(0.75, 0.25, 0.5)
    0.5
    """
    return need + personal_need - support


@rule
def becomes_lonely(
    u: float, unmet: float, conditions: int, onset_rate: float, steepness: float, illness: float
) -> bool:
    """Whether someone who is not lonely becomes lonely this week.

    ``unmet`` [score] is `gap`; ``onset_rate`` [per week]; ``steepness`` and ``illness`` [log ratio].

    >>> becomes_lonely(0.00099, 0.0, 0, 0.001, 3.0, 0.2), becomes_lonely(0.0011, 0.0, 0, 0.001, 3.0, 0.2)
    (True, False)
    """
    exponent = steepness * unmet + illness * conditions
    if chance.certainly_above(u, onset_rate, exponent):
        return False
    rate = onset_rate * math.exp(exponent)
    # 1 - exp(-rate) is below rate, so most draws need no second exponential.
    return u < rate and u < 1.0 - math.exp(-rate)


@rule
def stops_being_lonely(
    u: float, unmet: float, weeks_lonely: int, recovery_rate: float, steepness: float, hardening_weeks: float
) -> bool:
    """Whether someone who is lonely recovers this week.

    ``recovery_rate`` [per week] applies when need equals support and loneliness is new; ``hardening_weeks`` [weeks].

    >>> stops_being_lonely(0.0099, 0.0, 0, 0.01, 3.0, 52.0), stops_being_lonely(0.0099, 0.0, 52, 0.01, 3.0, 52.0)
    (True, False)
    """
    rate = recovery_rate * math.exp(-steepness * unmet) / (1.0 + weeks_lonely / hardening_weeks)
    return u < rate and u < 1.0 - math.exp(-rate)


@rule
def lonely_after_week(
    state: tuple[int, int],
    u: float,
    unmet: float,
    conditions: int,
    becoming: tuple[float, float, float],
    ceasing: tuple[float, float, float],
) -> tuple[int, int]:
    """Whether someone is lonely after a week, and for how many weeks; ``state`` contains both before it.

    ``becoming`` and ``ceasing`` are the last three arguments of `becomes_lonely` and of `stops_being_lonely`.

    >>> becoming, ceasing = (0.001, 3.0, 0.2), (0.01, 3.0, 52.0)
    >>> [lonely_after_week(state, 0.0005, 0.0, 0, becoming, ceasing) for state in ((0, 0), (1, 9))]
    [(1, 1), (0, 0)]
    >>> [lonely_after_week(state, 0.5, 0.0, 0, becoming, ceasing) for state in ((0, 0), (1, 9))]
    [(0, 0), (1, 10)]
    """
    lonely, weeks = state
    if lonely:
        ends = stops_being_lonely(u, unmet, weeks, ceasing[0], ceasing[1], ceasing[2])
        return (0, 0) if ends else (1, weeks + 1)
    begins = becomes_lonely(u, unmet, conditions, becoming[0], becoming[1], becoming[2])
    return (1, 1) if begins else (0, weeks)


@rule
def discounted_ratio(relative_risk: float, causal_discount: float) -> float:
    """The causal part [ratio] of an observed relative risk, for a causal share [share] of its logarithm.

    >>> discounted_ratio(1.15, 0.0), round(discounted_ratio(1.15, 1.0), 6)
    (1.0, 1.15)
    """
    return math.exp(causal_discount * math.log(relative_risk))
