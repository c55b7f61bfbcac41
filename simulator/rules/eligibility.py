"""Eligibility for programmes: one function per condition. An alternative is met if all of its conditions are."""

from __future__ import annotations

from typing import Final

from simulator.foundations.compiling import rule

_SIGN_BIT: Final = 63
"""Largest shift of a 64-bit number; no category uses this bit."""


@rule
def of_age(age_weeks: int, youngest: int, older_than_all: int) -> bool:
    """Whether an age [weeks] is at least ``youngest`` [weeks] and below ``older_than_all`` [weeks].

    >>> of_age(832, 832, 52000), of_age(831, 832, 52000), of_age(884, 832, 884)
    (True, False, False)
    """
    return youngest <= age_weeks < older_than_all


@rule
def matches_rule(value: int, wanted: int) -> bool:
    """Whether a trait of 0 or 1 has the required value; -1 means that any value is accepted.

    >>> matches_rule(1, 1), matches_rule(0, 1), matches_rule(0, -1)
    (True, False, True)
    """
    return wanted < 0 or value == wanted


@rule
def is_among(category: int, bits: int) -> bool:
    """Whether the bit of a category is set.

    >>> is_among(0, 0b101), is_among(1, 0b101), is_among(2, 0b101)
    (True, False, True)
    """
    return (bits >> min(category, _SIGN_BIT)) & 1 == 1


@rule
def was_in_hospital(days_left: int, weeks_since: int, at_most: int) -> bool:
    """Whether someone is in hospital or was discharged at most ``at_most`` weeks ago; always true if that is -1.

    >>> was_in_hospital(3, 255, 2), was_in_hospital(0, 2, 2), was_in_hospital(0, 3, 2), was_in_hospital(0, 255, -1)
    (True, True, False, True)
    """
    return at_most < 0 or days_left > 0 or weeks_since <= at_most


@rule
def predicted_risk(usual: float, admissions: int, per_admission: float) -> float:
    """Weekly risk of an acute episode as predicted by a practice's risk tool [probability per week].

    ``usual`` [probability per week] for this age, deprivation and number of conditions; each emergency admission in
    the last year adds ``per_admission`` [ratio] of it. Frailty, transient risk and loneliness are not in the records,
    so the tool does not use them.

    >>> predicted_risk(0.01, 2, 1.5)
    0.04
    """
    return usual * (1.0 + per_admission * admissions)
