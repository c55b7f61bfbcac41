"""The practice's appointments, A&E, admission, stay, discharge."""

from __future__ import annotations

import math

from simulator.foundations.compiling import rule


@rule
def urgent_seen_probability(appointments: float, urgent_share: float, urgent_requests: int) -> float:
    """Probability that an urgent request is seen this week, from ``appointments`` of which a share is kept for them.

    >>> urgent_seen_probability(100.0, 0.3, 60), urgent_seen_probability(100.0, 0.3, 10)
    (0.5, 1.0)
    """
    kept = appointments * urgent_share
    if urgent_requests <= kept:
        return 1.0
    return kept / urgent_requests


@rule
def routine_seen_probability(
    appointments: float, urgent_share: float, urgent_requests: int, routine_requests: int
) -> float:
    """Probability that a routine request is seen this week, from the appointments that urgent requests leave.

    >>> routine_seen_probability(100.0, 0.3, 10, 180), routine_seen_probability(100.0, 0.3, 10, 20)
    (0.5, 1.0)
    """
    kept = appointments * urgent_share
    used = urgent_requests if urgent_requests < kept else kept
    left = appointments - used
    if routine_requests <= left:
        return 1.0
    return left / routine_requests


@rule
def goes_to_ae_probability(seen: bool, after_gp: float, without_gp: float) -> float:
    """Probability that an episode goes to A&E, seen by the practice or not.

    >>> goes_to_ae_probability(True, 0.2, 0.6)
    0.2
    """
    if seen:
        return after_gp
    return without_gp


@rule
def overnight_probability(usual: float, support_gap: float, support_effect: float, programme_effect: float) -> float:
    """Probability that an A&E episode is admitted overnight.

    ``usual`` [probability] of the age; ``support_gap`` [score] is support minus the place's mean at the start;
    effects are log ratios (``programme_effect`` 0 outside programmes). At most 1.

    >>> overnight_probability(0.3, 0.0, -0.5, 0.0), overnight_probability(0.9, 0.0, 0.0, 1.0)
    (0.3, 1.0)
    """
    probability = usual * math.exp(support_effect * support_gap + programme_effect)
    return min(1.0, probability)


@rule
def zero_night_probability(usual: float, growth_per_year: float, week: int) -> float:
    """Probability that an A&E episode not kept overnight is recorded as a zero-night admission, in this week.

    Recording has a trend of its own: 79 % of the growth of emergency admissions in England 2013/14 to 2016/17 was
    admissions without a night (NAO 2018, Reducing emergency admissions, HC 833). At most 1.

    >>> zero_night_probability(0.2, 0.0, 100), round(zero_night_probability(0.2, 0.05, 52), 6)
    (0.2, 0.21)
    """
    return min(1.0, usual * math.exp(math.log(1.0 + growth_per_year) * week / 52.0))


@rule
def wait_probability(usual: float, lives_alone: int, alone_ratio: float) -> float:
    """Probability of waiting to leave when medically fit; ``alone_ratio`` [ratio] for someone who lives alone.

    >>> wait_probability(0.2, 1, 1.5), wait_probability(0.9, 1, 1.5)
    (0.30000000000000004, 1.0)
    """
    if lives_alone:
        return min(1.0, usual * alone_ratio)
    return min(1.0, usual)


@rule
def continuity_after(continuity: float, same_doctor: bool, memory: float) -> float:
    """Continuity [share] after one more consultation: a running share of consultations with the usual doctor.

    >>> continuity_after(0.5, True, 0.2), continuity_after(0.5, False, 0.2)
    (0.6, 0.4)
    """
    if same_doctor:
        return continuity + memory * (1.0 - continuity)
    return continuity - memory * continuity


@rule
def goes_to_ae_on_average(asks_first: float, after_gp: float, without_gp: float) -> float:
    """Probability that an episode goes to A&E where all are seen who ask, of whom the share ``asks_first`` does.

    >>> goes_to_ae_on_average(0.5, 0.2, 0.6)
    0.4
    """
    return asks_first * after_gp + (1.0 - asks_first) * without_gp


@rule
def readmitted_overnight_probability(usual: float, zero_night: float) -> float:
    """Probability that a readmission, which is an admission by definition, is one overnight.

    ``usual`` [probability] of an A&E episode to be kept overnight, and ``zero_night`` [probability] of one not kept to
    be recorded as an admission: the first among both.

    >>> readmitted_overnight_probability(0.3, 1.0), readmitted_overnight_probability(0.3, 0.0)
    (0.3, 1.0)
    >>> readmitted_overnight_probability(0.0, 0.0)
    0.0
    """
    admitted = usual + (1.0 - usual) * zero_night
    if admitted <= 0.0:
        return 0.0
    return usual / admitted
