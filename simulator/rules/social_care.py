"""Adult social care arranged by the council: requests, assessments, home care and care homes."""

from __future__ import annotations

import math
from typing import Final

from simulator.foundations.compiling import rule
from simulator.rules import chance

NO_CARE, WAITING, HOME_CARE, CARE_HOME = range(4)
"""Values of ``care_state``: none; waiting for an assessment; receiving home care; in a care home."""
NOTHING, ADVISED, JOINED, ASSESSED, WITHDRAWN = range(5)
"""What happens to a request in a week: nothing; answered with advice at once; joins the waiting list; assessed; taken
back while waiting."""
WAITS, SHORT = 1, 2
"""Bits of a household member's strain: someone there waits for an assessment; someone's home care is not all given."""
MOST_WEEKS: Final = 65535
"""Upper limit of ``care_weeks``."""
LONG_WAIT: Final = 26
"""Weeks from which a wait for an assessment counts as long: six months, as directors of social services report it."""
COUNTED: Final = (
    "care_requests",
    "care_advice",
    "care_waiting_weeks",
    "care_long_waiting_weeks",
    "assessments",
    "care_withdrawals",
    "home_care_weeks",
    "home_care_hours_millionths",
    "home_care_missed_millionths",
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
def weeks_waited_at_start(u: float, uniform: float, joins: float, mean_weeks: float) -> int:
    """Weeks for which someone without care has waited for an assessment at the start [weeks]; -1 if not waiting.

    The list is in balance: as many wait as join it in ``mean_weeks`` [weeks] (Little's law), with geometric waits.
    ``joins`` [probability per week] of joining it; the upper end of ``u`` is used, ``uniform`` for the wait.

    >>> weeks_waited_at_start(0.99, 0.5, 0.001, 19.0), weeks_waited_at_start(0.97, 0.5, 0.001, 19.0)
    (13, -1)
    """
    if u < 1.0 - joins * mean_weeks:
        return -1
    return int(-mean_weeks * math.log(uniform))


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
def assessment_probability(capacity: float, hours: float, waiting: int, least_weeks: float) -> float:
    """Weekly probability of an assessment for each of ``waiting`` people, with assessors' ``capacity`` [hours].

    ``hours`` for each assessment; however short the list, it takes ``least_weeks`` [weeks] on average.

    >>> assessment_probability(42.0, 6.0, 140, 5.0), assessment_probability(42.0, 6.0, 7, 5.0)
    (0.05, 0.2)
    """
    fastest = 1.0 / max(1.0, least_weeks)
    if waiting * hours * fastest <= capacity:
        return fastest
    return capacity / (waiting * hours)


@rule
def assessment_probability_at_rest(mean_weeks: float, utilisation: float) -> float:
    """The same where the list is in balance: people wait ``mean_weeks`` [weeks], and ``utilisation`` [ratio] join it
    for each who is assessed; the rest take their requests back, die or move.

    >>> assessment_probability_at_rest(16.0, 1.25)
    0.05
    """
    return min(1.0, 1.0 / (mean_weeks * utilisation))


@rule
def to_care_home(usual: float, weeks: int, long_ratio: float) -> float:
    """Probability that an assessment after ``weeks`` [weeks] ends in a care home; ``usual`` without a wait.

    ``long_ratio`` [ratio] times as likely from `LONG_WAIT` on, with linear interpolation in between.

    >>> to_care_home(0.1, 0, 1.5), round(to_care_home(0.1, 13, 1.5), 6), round(to_care_home(0.1, 60, 1.5), 6)
    (0.1, 0.125, 0.15)
    """
    return usual * (1.0 + (long_ratio - 1.0) * min(1.0, weeks / LONG_WAIT))


@rule
def week_of_request(u: float, used: float, probability: float, advice: float) -> tuple[int, int]:
    """Care state, and what happens, after a week without care; the first arguments are `chance.happens_beyond`'s.

    The share ``advice`` of requests is answered at once; the others wait for an assessment.

    >>> week_of_request(0.1, 0.05, 0.2, 0.5) == (NO_CARE, ADVISED)
    True
    >>> week_of_request(0.2, 0.05, 0.2, 0.5) == (WAITING, JOINED)
    True
    """
    if not chance.happens_beyond(u, used, probability):
        return NO_CARE, NOTHING
    if chance.happens_beyond(u, used, probability * advice):
        return NO_CARE, ADVISED
    return WAITING, JOINED


@rule
def week_of_waiting(
    u: float, u_outcome: float, assessed: float, withdraws: float, home_care: float, care_home: float
) -> tuple[int, int]:
    """Care state, and what happens, after a week of waiting.

    ``assessed`` and ``withdraws`` [probability per week]; ``home_care`` and ``care_home`` [probability] of an
    assessment's outcome, decided by ``u_outcome``.

    >>> week_of_waiting(0.1, 0.6, 0.3, 0.01, 0.5, 0.2) == (CARE_HOME, ASSESSED)
    True
    >>> week_of_waiting(0.995, 0.6, 0.3, 0.01, 0.5, 0.2) == (NO_CARE, WITHDRAWN)
    True
    """
    if u < assessed:
        return care_at_start(u_outcome, home_care, care_home), ASSESSED
    if u >= 1.0 - withdraws:
        return NO_CARE, WITHDRAWN
    return WAITING, NOTHING


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
    state: tuple[int, int],
    uniforms: tuple[float, float],
    assessment: tuple[float, float, float, float, float],
    home_care: tuple[float, float, float, float],
    care_home_end: float,
) -> tuple[int, int]:
    """Care state, and what happens to a request, after a week of waiting, with home care or in a care home.

    ``state`` is the care state before and its weeks; ``uniforms`` are two uniform numbers, the second for an
    assessment's outcome; ``assessment`` and ``home_care`` the last arguments of `week_of_waiting`, with the last of
    `to_care_home`, and of `week_of_home_care`; ``care_home_end`` [probability per week] of leaving a care home.

    >>> waits, home = (0.3, 0.01, 0.5, 0.2, 1.5), (0.01, 0.004, 1.0, 3.0)
    >>> care_after_week((WAITING, 26), (0.1, 0.79), waits, home, 0.01) == (CARE_HOME, ASSESSED)
    True
    >>> care_after_week((HOME_CARE, 8), (0.1, 0.79), waits, home, 0.01) == (HOME_CARE, NOTHING)
    True
    """
    before, weeks = state
    u, u_outcome = uniforms
    if before == WAITING:
        assessed, withdraws, home_care_share, care_home_share, long_ratio = assessment
        into_care_home = to_care_home(care_home_share, weeks, long_ratio)
        return week_of_waiting(u, u_outcome, assessed, withdraws, home_care_share, into_care_home)
    if before == HOME_CARE:
        ends, moves, given, short_ratio = home_care
        return week_of_home_care(u, ends, moves, given, short_ratio), NOTHING
    return (NO_CARE if u < care_home_end else CARE_HOME), NOTHING


@rule
def care_counts(
    before: int, weeks: int, event: int, given: int, missed: int
) -> tuple[int, int, int, int, int, int, int, int, int, int]:
    """Increments of `COUNTED` from a week that began after ``weeks`` in the state ``before``, with this ``event``.

    ``given`` and ``missed`` [millionths of hours] of any home care.

    >>> care_counts(NO_CARE, 0, ADVISED, 9, 1), care_counts(WAITING, 30, ASSESSED, 9, 1)
    ((1, 1, 0, 0, 0, 0, 0, 0, 0, 0), (0, 0, 1, 1, 1, 0, 0, 0, 0, 0))
    >>> care_counts(HOME_CARE, 3, NOTHING, 9, 1)
    (0, 0, 0, 0, 0, 0, 1, 9, 1, 0)
    """
    waited, at_home = int(before == WAITING), int(before == HOME_CARE)
    return (
        int(event in (ADVISED, JOINED)),
        int(event == ADVISED),
        waited,
        waited * int(weeks >= LONG_WAIT),
        int(event == ASSESSED),
        int(event == WITHDRAWN),
        at_home,
        at_home * given,
        at_home * missed,
        int(before == CARE_HOME),
    )


@rule
def needs_of_week(before: int, waiting_need: float, short_need: float, given: float) -> float:
    """Unmet needs added by a week: ``waiting_need`` while waiting; of home care the share ``given`` was delivered.

    ``short_need`` if none was.

    >>> needs_of_week(HOME_CARE, 0.03, 0.2, 0.5), needs_of_week(WAITING, 0.03, 0.2, 0.5)
    (0.1, 0.03)
    >>> needs_of_week(CARE_HOME, 0.03, 0.2, 0.5)
    0.0
    """
    if before == WAITING:
        return waiting_need
    return short_need * (1.0 - given) if before == HOME_CARE else 0.0


@rule
def strain_on_household(state: int, given: float) -> int:
    """Bits of strain on those who share a home with someone in this care ``state``; ``given`` [share] of home care.

    >>> strain_on_household(WAITING, 1.0), strain_on_household(HOME_CARE, 0.9), strain_on_household(HOME_CARE, 1.0)
    (1, 2, 0)
    """
    if state == WAITING:
        return WAITS
    return SHORT if state == HOME_CARE and given < 1.0 else 0


@rule
def carer_needs(strain: int, carer_need: float, given: float) -> float:
    """Unmet needs that a week of ``strain`` (bits) leaves with a household member who cares in place of the council.

    ``carer_need`` where someone waits; where home care is short, the part of it that is not ``given``.

    >>> carer_needs(WAITS, 0.02, 0.9), round(carer_needs(SHORT, 0.02, 0.9), 6), carer_needs(0, 0.02, 0.9)
    (0.02, 0.002, 0.0)
    """
    if strain & WAITS:
        return carer_need
    return carer_need * (1.0 - given) if strain & SHORT else 0.0


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
    """Ratio on waiting to leave hospital for a cause, if ``load`` [work per capacity] of its staff is not ``usual``.

    ``effect`` [log ratio] per relative increase. Each additional home care provider in an average authority was
    associated with 1.6 % fewer days of delay due to social care (Allan S and others 2021, BMC Health Serv Res 21:1297).

    >>> wait_ratio(0.9, 0.9, 0.5), round(wait_ratio(1.8, 0.9, 0.5), 4)
    (1.0, 1.6487)
    """
    return math.exp(effect * (load / usual - 1.0))
