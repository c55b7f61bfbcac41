"""Joining and leaving a programme, and the dose that members receive."""

from __future__ import annotations

import math

from simulator.foundations.compiling import rule

NOT_ENROLLED, DECLINED, ENROLLED, FINISHED, CONTROL = range(5)
"""Values of ``programme_status``; a control of a trial took up an offer but is not a member."""
RESTS, WAITS, DECLINES, JOINS, JOINS_TWO, LEAVES, STAYS_AWAY, COMES = range(8)
"""A person's action in a programme in a week: none, after declining or leaving; eligible, but not offered a place;
declines; joins; joins and is introduced to another; leaves; remains a member without attending; attends."""
HERE, ELSEWHERE = 1, 2
"""Bits: a member of groups attended one this week; missed one."""


@rule
def offer_probability(offer_rate: float, engagement: float, places_free: float, eligible: int) -> float:
    """Probability that an eligible resident is offered a place this week [probability per week].

    At most ``offer_rate``; lower if there are too few free places, given ``engagement`` [probability of taking one up].

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
    """Share of people introduced by another programme who find a place [share].

    ``places_free`` [people], negative if there are too many members; ``brought`` [people] expected this week.

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
    """Whether a member leaves this week: on average after ``mean_weeks`` [weeks], or at once if it has closed.

    >>> leaves_programme(0.5, 26.0, True), leaves_programme(0.5, 26.0, False), leaves_programme(0.01, 26.0, True)
    (False, True, True)
    """
    return not still_open or u < 1.0 / mean_weeks


@rule
def contact_probability(contacts: float, hours: float, weight: float, usual_hours: float) -> float:
    """Weekly probability of a tie's usual contact, equivalent to a member's programme contact [probability per week].

    ``contacts`` [per week] of ``hours`` [hours], weighted by channel with ``weight`` [ratio] and expressed in contacts
    of the tie's ``usual_hours`` [hours]; at most one per week.

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
    """Dose: staff time bought for members as a share of the time they need, at most 1 [share].

    ``hours_bought`` [hours per week] for ``members`` [people] who need ``minutes_needed`` [minutes per week] each. The
    dose is 0 without staff time: naming a GP for everyone over 75 did not change continuity (Barker I, Lloyd T and
    Steventon A 2016, BMJ Open 6:e011422).

    >>> dose(10.0, 60, 10.0), dose(5.0, 60, 10.0), dose(0.0, 60, 10.0)
    (1.0, 0.5, 0.0)
    """
    needed = members * minutes_needed
    if hours_bought <= 0.0:
        return 0.0
    if needed <= 0.0:
        return 1.0
    return min(1.0, 60.0 * hours_bought / needed)


@rule
def week_in_programme(
    status: int,
    weeks: int,
    uniforms: tuple[float, float, float],
    offer: tuple[float, float, float],
    membership: tuple[float, float, bool],
    asked_again: float,
) -> tuple[int, int, int]:
    """Status, weeks since it began and action, after a week of a member or of an eligible person.

    ``uniforms`` are three uniform numbers; ``offer`` contains the probabilities of an offer, of taking it up and of
    being introduced to another programme; ``membership`` the mean duration [weeks], the weekly probability of
    attending, and whether the programme is still open; ``asked_again`` [weeks] after declining or leaving.

    >>> offer, membership = (0.1, 0.5, 0.2), (26.0, 0.7, True)
    >>> week_in_programme(NOT_ENROLLED, 9, (0.05, 0.4, 0.1), offer, membership, 52.0) == (ENROLLED, 0, JOINS_TWO)
    True
    >>> week_in_programme(ENROLLED, 9, (0.5, 0.4, 0.1), offer, membership, 52.0) == (ENROLLED, 10, COMES)
    True
    >>> week_in_programme(DECLINED, 51, (0.5, 0.4, 0.1), offer, membership, 52.0) == (NOT_ENROLLED, 52, RESTS)
    True
    """
    if status == NOT_ENROLLED:
        if uniforms[0] >= offer[0]:
            return status, weeks, WAITS
        if uniforms[1] >= offer[1]:
            return DECLINED, 0, DECLINES
        return ENROLLED, 0, JOINS_TWO if uniforms[2] < offer[2] else JOINS
    if status == ENROLLED:
        mean_weeks, attendance, still_open = membership
        if leaves_programme(uniforms[0], mean_weeks, still_open):
            return FINISHED, 0, LEAVES
        return ENROLLED, weeks + 1, COMES if uniforms[1] < attendance else STAYS_AWAY
    return NOT_ENROLLED if weeks + 1 >= asked_again else status, weeks + 1, RESTS


@rule
def randomised(status: int, action: int, is_control: bool) -> tuple[int, int]:
    """Status and action of someone who takes up an offer and is then randomised; a control is counted as declining.

    >>> randomised(ENROLLED, JOINS_TWO, True) == (CONTROL, DECLINES)
    True
    >>> randomised(ENROLLED, JOINS, False) == (ENROLLED, JOINS), randomised(ENROLLED, COMES, True) == (ENROLLED, COMES)
    (True, True)
    """
    if is_control and action in (JOINS, JOINS_TWO):
        return CONTROL, DECLINES
    return status, action


@rule
def programme_counts(action: int) -> tuple[int, int, int, int]:
    """Increments from a week's action: people who could be offered a place, offers, engagements and members.

    >>> programme_counts(WAITS), programme_counts(JOINS), programme_counts(COMES), programme_counts(LEAVES)
    ((1, 0, 0, 0), (0, 1, 1, 1), (0, 0, 0, 1), (0, 0, 0, 0))
    """
    joins = action in (JOINS, JOINS_TWO)
    return (
        int(action == WAITS),
        int(joins or action == DECLINES),
        int(joins),
        int(joins or action in (STAYS_AWAY, COMES)),
    )


@rule
def seen_at_group(action: int) -> int:
    """Whether a group's member attended it: `HERE`, `ELSEWHERE` if not, 0 for people who are not members.

    >>> seen_at_group(COMES), seen_at_group(LEAVES), seen_at_group(DECLINES)
    (1, 2, 0)
    """
    if action in (JOINS, JOINS_TWO, COMES):
        return HERE
    return ELSEWHERE if action in (LEAVES, STAYS_AWAY) else 0


@rule
def seat_in_circle(usual: float, u: float, circle: float) -> int:
    """Position [1/2**32] at which someone sits this week, near their ``usual`` one in [0, 1), given a uniform number.

    A group meets in units, such as cafés: within ``circle``, the share of its members that one unit has, places are
    taken at random, so that those who come regularly meet the same people.

    >>> seat_in_circle(0.5, 0.5, 0.25) / 2**32, seat_in_circle(0.75, 0.5, 1.0) / 2**32
    (0.625, 0.25)
    """
    place = usual + u * min(1.0, circle)
    return int((place - math.floor(place)) * 4294967296.0)


@rule
def misses_groups(missed: bool, seen: int) -> bool:
    """Whether a person misses all group meetings this week, given the bits of `seen_at_group` and the week before.

    >>> misses_groups(True, HERE | ELSEWHERE), misses_groups(False, ELSEWHERE), misses_groups(True, 0)
    (False, True, True)
    """
    if seen & HERE:
        return False
    return missed or seen == ELSEWHERE
