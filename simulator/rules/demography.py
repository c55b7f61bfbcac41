"""Death, moving, leaving home, separation and other demographic events."""

from __future__ import annotations

from simulator.foundations.compiling import rule

NOTHING, DIES, MOVES_AWAY, LEAVES_HOME, SEPARATES, MOVES_IN, RETIRES, MAKES_FRIEND = range(8)
"""Demographic events that can happen to a resident in a week."""


@rule
def dies(u: float, hazard: float, lonely: int, lonely_ratio: float) -> bool:
    """Whether a resident dies this week.

    ``hazard`` [probability per week] for age, deprivation and conditions; ``lonely_ratio`` [ratio] applies to people
    who are often or always lonely.

    >>> dies(0.001, 0.0015, 0, 2.0), dies(0.002, 0.0015, 1, 2.0)
    (True, True)
    """
    if lonely:
        return u < hazard * lonely_ratio
    return u < hazard


@rule
def move_week(u: float, first_week: int, probability: float) -> int:
    """The week in which a household moves away, within 52 weeks from ``first_week``, or -1 if it stays.

    One draw per household and year: the household moves if ``u`` is below the yearly ``probability``, in a week that
    depends on how far below.

    >>> move_week(0.5, 52, 0.08), move_week(0.04, 52, 0.08)
    (-1, 78)
    """
    if u >= probability:
        return -1
    return first_week + int(52.0 * u / probability)


@rule
def could_leave_home(age_weeks: int, oldest_age_weeks: int, youngest: float, oldest: float, gap: float) -> bool:
    """Whether a resident is from ``youngest`` to ``oldest`` [years] and lives with someone ``gap`` [years] older.

    >>> could_leave_home(20 * 52, 50 * 52, 18.0, 29.0, 18.0)
    True
    """
    age = age_weeks / 52.0
    return youngest <= age < oldest + 1.0 and oldest_age_weeks - age_weeks >= gap * 52.0


@rule
def are_partners(age_weeks_a: int, age_weeks_b: int, adult_age: float, gap: float) -> bool:
    """Whether two members of a household count as a couple: both adults, with ages within ``gap`` [years].

    >>> are_partners(40 * 52, 45 * 52, 18.0, 15.0), are_partners(40 * 52, 17 * 52, 18.0, 15.0)
    (True, False)
    """
    youngest = adult_age * 52.0
    return age_weeks_a >= youngest and age_weeks_b >= youngest and abs(age_weeks_a - age_weeks_b) <= gap * 52.0


@rule
def drawn_event(u: float, leave_home: float, separation: float, moving_in: float, friend_making: float) -> int:
    """The household event that ``u`` selects, or NOTHING; whether circumstances allow it is checked elsewhere.

    The probabilities [per week] take up adjacent intervals of ``u``, so that events exclude each other.

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
