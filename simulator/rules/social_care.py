"""Adult social care arranged by the council: requests, assessments, home care and care homes."""

from __future__ import annotations

import math
from typing import Final

from simulator.foundations.compiling import rule
from simulator.rules import chance

NO_CARE, WAITING, HOME_CARE, CARE_HOME = range(4)
"""Values of ``care_state``: none; waiting for an assessment; receiving home care; in a care home."""
MOST_WEEKS: Final = 65535
"""Upper limit of ``care_weeks``."""
COUNTED: Final = (
    "care_requests",
    "care_waiting_weeks",
    "assessments",
    "home_care_weeks",
    "home_care_hours_millionths",
    "care_home_weeks",
)
"""The measures to which `care_counts` adds."""


@rule
def care_at_start(u: float, home_care: float, care_home: float) -> int:
    """Care state of someone new to the model, given the shares in their age band with ``home_care`` and ``care_home``.

    >>> care_at_start(0.01, 0.02, 0.01), care_at_start(0.025, 0.02, 0.01), care_at_start(0.5, 0.02, 0.01)
    (2, 3, 0)
    """
    if u < home_care:
        return HOME_CARE
    if u < home_care + care_home:
        return CARE_HOME
    return NO_CARE


@rule
def request_probability(
    usual: float, lives_alone: int, alone_ratio: float, just_discharged: bool, discharge_ratio: float
) -> float:
    """Weekly probability of requesting care from the council; ``usual`` [probability] for the age and conditions.

    Ratios apply to people who live alone and to those recently discharged: one request in five comes from hospital
    discharge (The King's Fund 2025, Social care 360). At most 1.

    >>> request_probability(0.001, 1, 2.0, False, 5.0), request_probability(0.001, 0, 2.0, True, 5.0)
    (0.002, 0.005)
    """
    probability = usual
    if lives_alone:
        probability *= alone_ratio
    if just_discharged:
        probability *= discharge_ratio
    return min(1.0, probability)


@rule
def week_of_home_care(u: float, ends: float, moves: float, given: float, short_ratio: float) -> int:
    """Care state after a week of home care, of which the share ``given`` was delivered.

    ``ends`` and ``moves`` [probability per week] of no longer needing it and of moving into a care home; the latter
    is ``short_ratio`` [ratio] times as likely if none is delivered, with linear interpolation in between.

    >>> week_of_home_care(0.005, 0.01, 0.004, 1.0, 3.0), week_of_home_care(0.005, 0.01, 0.004, 0.0, 3.0)
    (0, 3)
    >>> week_of_home_care(0.5, 0.01, 0.004, 1.0, 3.0)
    2
    """
    to_home = min(1.0, moves * (1.0 + (short_ratio - 1.0) * (1.0 - given)))
    if u < to_home:
        return CARE_HOME
    if u < to_home + ends:
        return NO_CARE
    return HOME_CARE


@rule
def care_after_week(
    before: int,
    uniforms: tuple[float, float],
    request: tuple[float, float],
    assessment: tuple[float, float, float],
    home_care: tuple[float, float, float, float],
    care_home_end: float,
) -> int:
    """Care state after a week that began with the state ``before``.

    ``uniforms`` are two uniform numbers, the second for the outcome of an assessment; ``request`` the last arguments of
    `chance.happens_beyond`; ``assessment`` the probability of one this week and the last arguments of `care_at_start`;
    ``home_care`` those of `week_of_home_care`; ``care_home_end`` [probability per week] of leaving a care home.

    >>> home = (0.01, 0.004, 1.0, 3.0)
    >>> care_after_week(NO_CARE, (0.1, 0.5), (0.05, 0.2), (0.3, 0.5, 0.2), home, 0.01) == WAITING
    True
    >>> care_after_week(WAITING, (0.1, 0.6), (0.05, 0.2), (0.3, 0.5, 0.2), home, 0.01) == CARE_HOME
    True
    """
    u, u_outcome = uniforms
    if before == NO_CARE:
        used, probability = request
        return WAITING if chance.happens_beyond(u, used, probability) else NO_CARE
    if before == WAITING:
        assessed, to_home_care, to_care_home = assessment
        return care_at_start(u_outcome, to_home_care, to_care_home) if u < assessed else WAITING
    if before == HOME_CARE:
        ends, moves, given, short_ratio = home_care
        return week_of_home_care(u, ends, moves, given, short_ratio)
    return NO_CARE if u < care_home_end else CARE_HOME


@rule
def care_counts(before: int, after: int, hours: int) -> tuple[int, int, int, int, int, int]:
    """Increments of `COUNTED` from a week from ``before`` to ``after``; ``hours`` [millionths] of any home care.

    >>> care_counts(NO_CARE, WAITING, 0), care_counts(WAITING, HOME_CARE, 0), care_counts(HOME_CARE, HOME_CARE, 9)
    ((1, 0, 0, 0, 0, 0), (0, 1, 1, 0, 0, 0), (0, 0, 0, 1, 9, 0))
    """
    waited, at_home = int(before == WAITING), int(before == HOME_CARE)
    requested, assessed = int(before == NO_CARE and after == WAITING), int(before == WAITING and after != WAITING)
    return requested, waited, assessed, at_home, at_home * hours, int(before == CARE_HOME)


@rule
def needs_of_week(before: int, short_need: float, given: float) -> float:
    """Unmet needs added by a week in which the share ``given`` of home care was delivered; ``short_need`` if none was.

    >>> needs_of_week(HOME_CARE, 0.2, 0.5), needs_of_week(CARE_HOME, 0.2, 0.5)
    (0.1, 0.0)
    """
    return short_need * (1.0 - given) if before == HOME_CARE else 0.0


@rule
def weeks_in_state(weeks: int, before: int, after: int) -> int:
    """Weeks since the care state began, after one more week.

    >>> weeks_in_state(3, WAITING, WAITING), weeks_in_state(3, WAITING, HOME_CARE)
    (4, 0)
    """
    return min(MOST_WEEKS, weeks + 1) if after == before else 0


@rule
def share_served(capacity: float, work: float) -> float:
    """Share of ``work`` that ``capacity`` [same unit] can cover.

    >>> share_served(90.0, 100.0), share_served(100.0, 90.0), share_served(0.0, 0.0)
    (0.9, 1.0, 1.0)
    """
    if work <= capacity:
        return 1.0
    return capacity / work


@rule
def wait_ratio(load: float, usual: float, effect: float) -> float:
    """Ratio applied to the probability of delayed discharge if ``load`` [work per capacity] differs from ``usual``.

    ``effect`` [log ratio] per relative increase. Each additional home care provider in an average authority was
    associated with 1.6 % fewer days of delay due to social care (Allan S and others 2021, BMC Health Serv Res 21:1297).

    >>> wait_ratio(0.9, 0.9, 0.5), round(wait_ratio(1.8, 0.9, 0.5), 4)
    (1.0, 1.6487)
    """
    return math.exp(effect * (load / usual - 1.0))
