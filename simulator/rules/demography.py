"""Who ages, dies, moves, leaves home, separates, retires."""

from __future__ import annotations

from simulator.foundations.compiling import rule

NOTHING, DIES, MOVES_AWAY, LEAVES_HOME, SEPARATES, MOVES_IN, RETIRES, MAKES_FRIEND = range(8)
"""What may happen to a resident in a week of life."""


@rule
def dies(u: float, hazard: float, lonely: int, lonely_ratio: float) -> bool:
    """Whether a resident dies this week, given the weekly ``hazard`` [probability per week] of age, deprivation and
    conditions and the ``lonely_ratio`` [ratio] for someone often or always lonely.

    >>> dies(0.001, 0.0015, 0, 2.0), dies(0.002, 0.0015, 1, 2.0)
    (True, True)
    """
    if lonely:
        return u < hazard * lonely_ratio
    return u < hazard


@rule
def move_week(u: float, first_week: int, probability: float) -> int:
    """The week in which a household leaves, in the 52 weeks from ``first_week``, or -1 if it stays.

    One draw a household and year: u below the yearly ``probability`` [probability] moves, and where it falls
    below it tells the week.

    >>> move_week(0.5, 52, 0.08), move_week(0.04, 52, 0.08)
    (-1, 78)
    """
    if u >= probability:
        return -1
    return first_week + int(52.0 * u / probability)


@rule
def could_leave_home(age_weeks: int, oldest_age_weeks: int, youngest: float, oldest: float, gap: float) -> bool:
    """Whether a resident is of an age to leave home [years] and lives with someone ``gap`` [years] older.

    >>> could_leave_home(20 * 52, 50 * 52, 18.0, 29.0, 18.0)
    True
    """
    age = age_weeks / 52.0
    return youngest <= age < oldest + 1.0 and oldest_age_weeks - age_weeks >= gap * 52.0


@rule
def are_partners(age_weeks_a: int, age_weeks_b: int, adult_age: float, gap: float) -> bool:
    """Whether two people of one household count as a couple: both adults, ages within ``gap`` [years].

    >>> are_partners(40 * 52, 45 * 52, 18.0, 15.0), are_partners(40 * 52, 17 * 52, 18.0, 15.0)
    (True, False)
    """
    youngest = adult_age * 52.0
    return age_weeks_a >= youngest and age_weeks_b >= youngest and abs(age_weeks_a - age_weeks_b) <= gap * 52.0


@rule
def drawn_event(u: float, leave_home: float, separation: float, moving_in: float, friend_making: float) -> int:
    """Which household event a draw brings, if the resident's circumstances allow it, or NOTHING.

    The weekly probabilities [probability per week] lie one behind the other on the draw, so each keeps its own size.

    >>> drawn_event(0.001, 0.002, 0.001, 0.001, 0.01) == LEAVES_HOME
    True
    >>> drawn_event(0.0035, 0.002, 0.001, 0.001, 0.01) == MOVES_IN, drawn_event(0.5, 0.002, 0.001, 0.001, 0.01)
    (True, 0)
    """
    if u < leave_home:
        return LEAVES_HOME
    if u < leave_home + separation:
        return SEPARATES
    if u < leave_home + separation + moving_in:
        return MOVES_IN
    if u < leave_home + separation + moving_in + friend_making:
        return MAKES_FRIEND
    return NOTHING
