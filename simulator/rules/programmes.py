"""Who a programme is for, who joins it, and when they leave."""

from __future__ import annotations

from simulator.compiling import rule


@rule
def connector_eligible(adult: bool, lonely: int, conditions: int, admissions: int) -> bool:
    """Adults who are often or always lonely, or have two or more conditions, or were admitted in the last year.

    After the referral criteria of Health Connections Mendip (Abel J et al 2018, BJGP 68:e803).

    >>> connector_eligible(True, 1, 0, 0), connector_eligible(False, 1, 0, 0)
    (True, False)
    """
    return adult and (lonely == 1 or conditions >= 2 or admissions >= 1)


@rule
def cafe_eligible(adult: bool, lonely: int, unmet: float) -> bool:
    """Adults who are often or always lonely or whose need for connection is not met ([score] above 0).

    >>> cafe_eligible(True, 0, 0.1), cafe_eligible(True, 0, -0.1)
    (True, False)
    """
    return adult and (lonely == 1 or unmet > 0.0)


@rule
def hub_eligible(adult: bool, conditions: int, admissions: int) -> bool:
    """Adults admitted twice in the last year, or once with two or more conditions: a high-risk list.

    Choosing people for last year's admissions brings regression to the mean (Roland M and Abel G 2012, BMJ 345:e6017).

    >>> hub_eligible(True, 0, 2), hub_eligible(True, 2, 1), hub_eligible(True, 1, 1)
    (True, True, False)
    """
    return adult and (admissions >= 2 or (admissions >= 1 and conditions >= 2))


@rule
def offer_probability(offer_rate: float, engagement: float, places_free: float, eligible: int) -> float:
    """Probability that an eligible resident is offered a place this week [probability per week].

    At most ``offer_rate``; less when the places that are free, at this ``engagement`` [probability], do not suffice.

    >>> offer_probability(0.1, 0.5, 1000.0, 100), offer_probability(0.1, 0.5, 2.0, 100)
    (0.1, 0.04)
    >>> offer_probability(0.1, 0.5, 0.0, 100)
    0.0
    """
    if places_free <= 0.0 or eligible == 0 or engagement <= 0.0:
        return 0.0
    return min(offer_rate, places_free / (engagement * eligible))


@rule
def leaves_programme(u: float, mean_weeks: float, still_open: bool) -> bool:
    """Whether a member leaves this week: on average after ``mean_weeks`` [weeks], or at once when it has closed.

    >>> leaves_programme(0.5, 26.0, True), leaves_programme(0.5, 26.0, False), leaves_programme(0.01, 26.0, True)
    (False, True, True)
    """
    return not still_open or u < 1.0 / mean_weeks
