"""Adult social care arranged by the council: a request, an assessment, home care, a care home."""

from __future__ import annotations

import math

from simulator.foundations.compiling import rule

NO_CARE, WAITING, HOME_CARE, CARE_HOME = range(4)
"""Values of ``care_state``: none; asked and not assessed yet; care at home; in a care home."""


@rule
def care_at_start(u: float, home_care: float, care_home: float) -> int:
    """Care state of someone new to the model, of whose age the shares ``home_care`` and ``care_home`` have care.

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
    """Weekly probability of asking the council for care, ``usual`` [probability] of the age and conditions.

    Ratios for someone who lives alone and for someone just out of hospital: one request in five comes from hospital
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
    """Care state after a week of home care of which the share ``given`` was given.

    ``ends`` and ``moves`` [probability per week] of needing it no longer and of moving into a care home; the latter
    is ``short_ratio`` [ratio] times as likely where none is given, and in proportion between.

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
def share_served(capacity: float, work: float) -> float:
    """Share of ``work`` that ``capacity`` [same unit] suffices for.

    >>> share_served(90.0, 100.0), share_served(100.0, 90.0), share_served(0.0, 0.0)
    (0.9, 1.0, 1.0)
    """
    if work <= capacity:
        return 1.0
    return capacity / work


@rule
def wait_ratio(load: float, usual: float, effect: float) -> float:
    """Ratio on waiting to leave hospital where ``load`` [work per capacity] is not the ``usual``.

    ``effect`` [log ratio] per relative rise. Each home care provider more in an average authority went with 1.6 % fewer
    days of delay due to social care (Allan S and others 2021, BMC Health Serv Res 21:1297).

    >>> wait_ratio(0.9, 0.9, 0.5), round(wait_ratio(1.8, 0.9, 0.5), 4)
    (1.0, 1.6487)
    """
    return math.exp(effect * (load / usual - 1.0))
