"""The practice's queue: getting through, being seen this week, waiting for a later week, and being turned away.

A routine request takes these steps in order. Attempts to reach the practice fail or get through. Who gets through is
seen this week, is booked for a later week, or is told to make contact another day. Who waits is seen, gives up or waits
on, a week at a time.
"""

from __future__ import annotations

import math
from typing import Final

from simulator.foundations.compiling import rule
from simulator.rules import chance

NO_REQUEST, BOOKED, CALLS_AGAIN = range(3)
"""Values of ``gp_request``: none; has an appointment in a later week; will call again next week."""
MOST_WEEKS: Final = 255
"""Upper limit of ``gp_request_weeks``."""
TWO_WEEKS: Final = 2
"""Weeks beyond which a consultation counts as late."""
SEEN, IS_BOOKED, TURNED_AWAY = range(3)
"""Answers to a routine request: seen this week; booked for a later week; told to make contact another day."""
STILL_WAITS, WAS_SEEN, LAPSES = range(3)
"""A week on the waiting list: waits on; is seen; gives up."""
TRIES_AGAIN, TO_AE, GIVES_UP = range(3)
"""What someone does who was turned away, or did not get through all week."""


@rule
def attempt_fails(usual: float, busier: float, effect: float, unanswered: float) -> float:
    """Probability that an attempt to reach the practice fails.

    ``usual`` [probability] at the usual load of reception; ``busier`` [ratio] is its load relative to usual, raised to
    ``effect``; ``unanswered`` [probability] is that of not getting through because of reception's backlog.

    >>> attempt_fails(0.25, 1.0, 2.7, 0.0), attempt_fails(0.25, 2.0, 1.0, 0.5), attempt_fails(0.25, 2.0, 0.0, 0.0)
    (0.25, 0.75, 0.25)
    """
    return 1.0 - (1.0 - min(1.0, usual * math.pow(busier, effect))) * (1.0 - unanswered)


@rule
def attempts(u: float, fails: float, most: float) -> tuple[int, int, float]:
    """Attempts made in a week, how many of them failed, and a uniform number left over if all failed.

    Each fails with probability ``fails``; after ``most`` [attempts] someone stops until next week.

    >>> attempts(0.9, 0.5, 3.0), attempts(0.3, 0.5, 3.0), attempts(0.0625, 0.5, 3.0)
    ((1, 0, 1.0), (2, 1, 1.0), (3, 3, 0.5))
    """
    made, all_failed = 1, fails
    while u < all_failed and made < most:
        made, all_failed = made + 1, all_failed * fails
    if u < all_failed:
        return made, made, u / all_failed
    return made, made - 1, 1.0


@rule
def turned_away_probability(waiting: int, appointments: float, per_week: float) -> float:
    """Probability of being told to make contact another day, by the length of the waiting list.

    ``waiting`` [people] over ``appointments`` [per week] is the list in weeks; ``per_week`` [per week of list] is the
    rate at which a longer list turns people away.

    >>> round(turned_away_probability(80, 100.0, 0.065), 4), turned_away_probability(0, 100.0, 0.065)
    (0.0507, 0.0)
    >>> turned_away_probability(80, 100.0, 0.0)
    0.0
    """
    if waiting == 0 or per_week <= 0.0:
        return 0.0
    if appointments <= 0.0:
        return 1.0
    return 1.0 - math.exp(-per_week * waiting / appointments)


@rule
def booked_seen_probability(left: float, asking: float, waiting: int, kept: float) -> float:
    """Probability that someone who waits is seen this week.

    ``left`` [appointments] remain after urgent requests. The share ``kept`` is for those ``waiting`` [people], and what
    those ``asking`` [people, expected, without those turned away] do not need.

    >>> booked_seen_probability(95.0, 95.0, 80, 0.4), booked_seen_probability(100.0, 20.0, 200, 0.3)
    (0.475, 0.4)
    >>> booked_seen_probability(100.0, 20.0, 50, 0.3), booked_seen_probability(100.0, 20.0, 0, 0.3)
    (1.0, 1.0)
    """
    if waiting <= 0:
        return 1.0
    return min(1.0, max(0.0, kept * left, left - asking) / waiting)


@rule
def routine_seen_probability(left: float, asking: float) -> float:
    """Probability that someone who asks is seen this week, from the appointments ``left`` by all others.

    ``asking`` [people] without those turned away.

    >>> routine_seen_probability(57.0, 95.0), routine_seen_probability(100.0, 95.0), routine_seen_probability(-1.0, 0.0)
    (0.6, 1.0, 1.0)
    """
    there = max(0.0, left)
    if asking <= there:
        return 1.0
    return there / asking


@rule
def answer(u: float, turned_away: float, seen: float) -> int:
    """Answer to a routine request that got through; ``seen`` is the probability for those who are not turned away.

    >>> [answer(u, 0.05, 0.6) for u in (0.5, 0.6, 0.96)] == [SEEN, IS_BOOKED, TURNED_AWAY]
    True
    """
    if u < (1.0 - turned_away) * seen:
        return SEEN
    if u >= 1.0 - turned_away:
        return TURNED_AWAY
    return IS_BOOKED


@rule
def week_on_list(u: float, seen: float, lapse: float) -> int:
    """A week of someone who waits for an appointment; ``lapse`` [probability] is for those not ``seen``.

    >>> [week_on_list(u, 0.4, 0.1) for u in (0.3, 0.45, 0.5)] == [WAS_SEEN, LAPSES, STILL_WAITS]
    True
    """
    if u < seen:
        return WAS_SEEN
    return LAPSES if chance.happens_beyond(u, seen, lapse) else STILL_WAITS


@rule
def after_refusal(u: float, to_ae: float, gives_up: float) -> int:
    """What someone does who was turned away or did not get through: ``to_ae`` and ``gives_up`` [probability].

    >>> [after_refusal(u, 0.1, 0.3) for u in (0.05, 0.3, 0.5)] == [TO_AE, GIVES_UP, TRIES_AGAIN]
    True
    """
    if u < to_ae:
        return TO_AE
    return GIVES_UP if u < to_ae + gives_up else TRIES_AGAIN


@rule
def request_after(action: int, weeks: int) -> tuple[int, int]:
    """``gp_request`` and its weeks after a refusal and what followed (TRIES_AGAIN, TO_AE or GIVES_UP).

    >>> request_after(TRIES_AGAIN, 1), request_after(TO_AE, 1), request_after(TRIES_AGAIN, 255)
    ((2, 2), (0, 0), (2, 255))
    """
    if action == TRIES_AGAIN:
        return CALLS_AGAIN, min(MOST_WEEKS, weeks + 1)
    return NO_REQUEST, 0


@rule
def referred(request: int) -> int:
    """``gp_request`` of someone whom a programme sends to the practice: who has no request will make one.

    >>> referred(NO_REQUEST), referred(BOOKED)
    (2, 1)
    """
    return CALLS_AGAIN if request == NO_REQUEST else request
