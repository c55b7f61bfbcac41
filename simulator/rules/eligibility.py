"""Who is eligible for a programme: one small condition each; an alternative asks for all of its conditions."""

from __future__ import annotations

from typing import Final

from simulator.foundations.compiling import rule

_SIGN_BIT: Final = 63
"""No category has this bit or a later one, by which no 64-bit number can be shifted."""


@rule
def of_age(age_weeks: int, youngest: int, older_than_all: int) -> bool:
    """Whether someone's age [weeks] is ``youngest`` [weeks] or more and below ``older_than_all`` [weeks].

    >>> of_age(832, 832, 52000), of_age(831, 832, 52000), of_age(884, 832, 884)
    (True, False, False)
    """
    return youngest <= age_weeks < older_than_all


@rule
def matches_rule(value: int, wanted: int) -> bool:
    """Whether a trait of 0 or 1 is the one that is wanted; any will do where ``wanted`` is -1.

    >>> matches_rule(1, 1), matches_rule(0, 1), matches_rule(0, -1)
    (True, False, True)
    """
    return wanted < 0 or value == wanted


@rule
def is_among(category: int, bits: int) -> bool:
    """Whether a category is one of those whose bits are set.

    >>> is_among(0, 0b101), is_among(1, 0b101), is_among(2, 0b101)
    (True, False, True)
    """
    return (bits >> min(category, _SIGN_BIT)) & 1 == 1


@rule
def was_in_hospital(days_left: int, weeks_since: int, at_most: int) -> bool:
    """Whether someone is in hospital (``days_left`` [days]) or came home at most this many weeks ago; any if -1.

    >>> was_in_hospital(3, 255, 2), was_in_hospital(0, 2, 2), was_in_hospital(0, 3, 2), was_in_hospital(0, 255, -1)
    (True, True, False, True)
    """
    return at_most < 0 or days_left > 0 or weeks_since <= at_most


@rule
def predicted_risk(usual: float, admissions: int, per_admission: float) -> float:
    """Weekly risk of an acute episode as a practice's risk tool sees it [probability per week].

    ``usual`` [probability per week] of someone of this age, deprivation and number of conditions; each emergency
    admission of the last year adds ``per_admission`` [ratio] of it. Frailty, passing risk and loneliness are not in
    any record, so the tool does not know them.

    >>> predicted_risk(0.01, 2, 1.5)
    0.04
    """
    return usual * (1.0 + per_admission * admissions)
