"""Routine contacts with services: answered by staff, automated, failed or returned to staff."""

from __future__ import annotations

import math
from typing import Final

from simulator.foundations.compiling import rule
from simulator.rules import care

BY_STAFF, AUTOMATED, RETURNED, UNMET, GAVE_UP = range(5)
"""Result of a contact: answered by staff; automated successfully; automation failed and staff answered; automation
failed and the need was left unmet; staff were not reached and the need was left unmet."""
COUNTED: Final = (
    "human_contacts",
    "automated_contacts",
    "failed_contacts",
    "returned_contacts",
    "missed_appointments",
    "automated_consultations",
    "unmet_needs",
)
"""The measures to which `contact_counts` adds; the first five are also counted by task."""


@rule
def outcome(
    u_channel: float, u_fails: float, u_returns: float, level: float, failure: tuple[float, float], return_share: float
) -> int:
    """Result of a contact.

    ``level`` [share] of the task's contacts that is automated this week; ``failure`` [probability] of an automated
    attempt by this resident, and of an attempt to reach staff; ``return_share`` [share] of failures that are tried
    again until staff answer.

    >>> outcome(0.5, 0.5, 0.5, 0.4, (0.2, 0.1), 0.7) == BY_STAFF
    True
    >>> outcome(0.3, 0.5, 0.5, 0.4, (0.2, 0.1), 0.7) == AUTOMATED
    True
    >>> outcome(0.3, 0.1, 0.5, 0.4, (0.2, 0.1), 0.7) == RETURNED, outcome(0.3, 0.1, 0.8, 0.4, (0.2, 0.1), 0.7) == UNMET
    (True, True)
    >>> outcome(0.5, 0.05, 0.8, 0.4, (0.2, 0.1), 0.7) == GAVE_UP
    True
    """
    automated, to_staff = failure
    gives_up = u_returns >= return_share
    if u_channel >= level:
        return GAVE_UP if u_fails < to_staff and gives_up else BY_STAFF
    if u_fails >= automated:
        return AUTOMATED
    return UNMET if gives_up else RETURNED


@rule
def failure_probability(by_capability: float, task_ratio: float) -> float:
    """Probability that an automated contact fails, for this digital capability and task; at most 1.

    >>> failure_probability(0.3, 0.5), failure_probability(0.9, 2.0)
    (0.15, 1.0)
    """
    return min(1.0, by_capability * task_ratio)


@rule
def not_through_when_relieved(usual: float, load: float, usual_load: float, effect: float) -> float:
    """Probability of not reaching staff whose ``load`` [work per capacity] is below their ``usual_load``.

    ``usual`` [probability] at the usual load; ``effect`` [log ratio] per relative fall of the load, below 0. A load
    above the usual acts through the backlog (`staffing.not_through`).

    >>> not_through_when_relieved(0.2, 0.9, 0.9, -4.0), not_through_when_relieved(0.2, 1.2, 0.9, -4.0)
    (0.2, 0.2)
    >>> round(not_through_when_relieved(0.2, 0.81, 0.9, -4.0), 3), not_through_when_relieved(0.2, 0.5, 0.9, 0.0)
    (0.134, 0.2)
    """
    if load >= usual_load:
        return usual
    return usual * math.exp(effect * (1.0 - load / usual_load))


@rule
def trust_after_contact(trust: float, gain: float, relational_content: float) -> float:
    """Trust [0, 1] after a contact with staff whose task has this relational content [share].

    >>> trust_after_contact(0.5, 0.1, 1.0), trust_after_contact(0.5, 0.1, 0.0)
    (0.55, 0.5)
    """
    return trust + gain * relational_content * (1.0 - trust)


@rule
def remaining_uniform(u: float, lower: float, upper: float) -> float:
    """A uniform number in (0, 1) from ``u``, of which another rule used only that it lies in [lower, upper).

    >>> remaining_uniform(0.25, 0.0, 0.5), remaining_uniform(0.5, 0.5, 0.5)
    (0.5, 1.0)
    """
    if upper <= lower:
        return 1.0
    return (u - lower) / (upper - lower)


@rule
def missed_probability(usual: float, automatic: bool, automatic_ratio: float) -> float:
    """Probability that an appointment is missed; ``automatic_ratio`` [ratio] applies to automated bookings.

    >>> missed_probability(0.07, False, 0.9), round(missed_probability(0.07, True, 0.9), 4)
    (0.07, 0.063)
    """
    if automatic:
        return min(1.0, usual * automatic_ratio)
    return usual


@rule
def asks_staff(result: int, consultation: bool) -> bool:
    """Whether a contact results in a request to the practice for a consultation with staff.

    >>> asks_staff(RETURNED, True), asks_staff(AUTOMATED, True), asks_staff(BY_STAFF, False)
    (True, False, False)
    """
    return consultation and result in (BY_STAFF, RETURNED)


@rule
def answered_by_machine(result: int, consultation: bool) -> bool:
    """Whether a consultation was answered automatically, and so by nobody's doctor.

    >>> answered_by_machine(AUTOMATED, True), answered_by_machine(AUTOMATED, False), answered_by_machine(BY_STAFF, True)
    (True, False, False)
    """
    return consultation and result == AUTOMATED


@rule
def misses(result: int, consultation: bool, u: float, usual: float, automatic_ratio: float) -> bool:
    """Whether the appointment booked by a contact is missed; False if it is still a request for a consultation.

    ``usual`` and ``automatic_ratio`` as in `missed_probability`.

    >>> misses(BY_STAFF, False, 0.05, 0.07, 0.9), misses(UNMET, False, 0.05, 0.07, 0.9)
    (True, False)
    """
    if result in (UNMET, GAVE_UP) or asks_staff(result, consultation):
        return False
    return u < missed_probability(usual, result == AUTOMATED, automatic_ratio)


@rule
def contact_counts(result: int, consultation: bool, missed: bool) -> tuple[int, int, int, int, int, int, int]:
    """Increments of `COUNTED` from a contact. A consultation with staff is counted when it takes place.

    >>> contact_counts(RETURNED, False, False), contact_counts(AUTOMATED, True, True)
    ((1, 1, 1, 1, 0, 0, 0), (0, 1, 0, 0, 1, 1, 0))
    """
    answered, consulted, not_come = int(not consultation), int(consultation), int(missed)
    if result == BY_STAFF:
        return answered, 0, 0, 0, not_come, 0, 0
    if result == AUTOMATED:
        return 0, 1, 0, 0, not_come, consulted, 0
    if result == RETURNED:
        return answered, 1, 1, 1, not_come, 0, 0
    if result == UNMET:
        return 0, 1, 1, 0, not_come, consulted, 1
    return 0, 0, 0, 0, not_come, 0, 1


@rule
def after_contact(
    result: int,
    consultation: bool,
    missed: bool,
    state: tuple[float, float, float],
    relation: tuple[float, float, float],
    needs: tuple[float, float],
) -> tuple[float, float, float]:
    """Trust, continuity and unmet need after a contact; ``state`` contains these three before it.

    ``relation`` is gain and relational content, as in `trust_after_contact`, and the memory of `care.continuity_after`;
    ``needs`` [ratio] are the unmet needs added by a contact left unmet and by a missed appointment.

    >>> after_contact(BY_STAFF, False, False, (0.5, 0.5, 0.0), (0.1, 1.0, 0.2), (1.0, 0.25))
    (0.55, 0.5, 0.0)
    >>> after_contact(AUTOMATED, True, True, (0.5, 0.5, 0.0), (0.1, 1.0, 0.2), (1.0, 0.25))
    (0.5, 0.4, 0.25)
    """
    trust, continuity, unmet_need = state
    gain, relational_content, memory = relation
    left_unmet, left_by_missing = needs
    if result in (UNMET, GAVE_UP):
        return trust, continuity, unmet_need + left_unmet
    if missed:
        unmet_need += left_by_missing
    if result != AUTOMATED and not consultation:
        trust = trust_after_contact(trust, gain, relational_content)
    elif answered_by_machine(result, consultation):
        continuity = care.continuity_after(continuity, False, memory)
    return trust, continuity, unmet_need
