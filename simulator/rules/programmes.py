"""Who joins a programme, when they leave, and what a unit's time amounts to."""

from __future__ import annotations

from simulator.foundations.compiling import rule


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
def room(places_free: float, brought: float) -> float:
    """Share of those whom another programme brings that finds a place [share].

    ``places_free`` [people], below 0 if there are too many already; ``brought`` [people] to be expected this week.

    >>> room(3.0, 12.0), room(3.0, 2.0), room(-1.0, 2.0), room(0.0, 0.0), room(2.0, 0.0)
    (0.25, 1.0, 0.0, 0.0, 1.0)
    """
    if places_free <= 0.0:
        return 0.0
    if brought <= places_free:
        return 1.0
    return places_free / brought


@rule
def leaves_programme(u: float, mean_weeks: float, still_open: bool) -> bool:
    """Whether a member leaves this week: on average after ``mean_weeks`` [weeks], or at once when it has closed.

    >>> leaves_programme(0.5, 26.0, True), leaves_programme(0.5, 26.0, False), leaves_programme(0.01, 26.0, True)
    (False, True, True)
    """
    return not still_open or u < 1.0 / mean_weeks


@rule
def contact_probability(contacts: float, hours: float, weight: float, usual_hours: float) -> float:
    """Weekly probability of a usual contact that stands for what a member gets [probability per week].

    ``contacts`` [per week] of ``hours`` [hours], each hour counting ``weight`` [ratio] by its channel, in contacts of
    the tie's ``usual_hours`` [hours]; at most one a week.

    >>> contact_probability(1.0, 0.5, 1.0, 1.0), contact_probability(2.0, 1.0, 1.0, 1.0)
    (0.5, 1.0)
    >>> contact_probability(0.0, 1.0, 1.0, 1.0)
    0.0
    """
    if usual_hours <= 0.0:
        return 0.0
    return min(1.0, contacts * hours * weight / usual_hours)


@rule
def dose(hours_bought: float, members: int, minutes_needed: float) -> float:
    """Share of the time that members need which was bought for them, at most 1 [share].

    ``hours_bought`` [hours per week] for ``members`` [people] who need ``minutes_needed`` [minutes per week] each. A
    promise without time has a dose of 0: naming a doctor for everyone over 75 left continuity as it was (Barker I,
    Lloyd T and Steventon A 2016, BMJ Open 6:e011422).

    >>> dose(10.0, 60, 10.0), dose(5.0, 60, 10.0), dose(0.0, 60, 10.0)
    (1.0, 0.5, 0.0)
    """
    needed = members * minutes_needed
    if hours_bought <= 0.0:
        return 0.0
    if needed <= 0.0:
        return 1.0
    return min(1.0, 60.0 * hours_bought / needed)
