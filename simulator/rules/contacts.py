"""Routine contacts with services: answered by staff, answered automatically, failed, returned."""

from __future__ import annotations

from simulator.foundations.compiling import rule

BY_STAFF, AUTOMATED, RETURNED, UNMET, GAVE_UP = range(5)
"""What becomes of a contact: answered by staff; automated and done; failed and back with staff; failed and left
unmet; never got through to staff and left unmet."""


@rule
def outcome(
    u_channel: float, u_fails: float, u_returns: float, level: float, failure: tuple[float, float], return_share: float
) -> int:
    """What becomes of a contact.

    ``level`` [share] of the task's contacts that is automated this week; ``failure`` [probability] of an attempt by
    the automated channel for this resident, and of one to get through to staff; ``return_share`` [share] of failures
    that are tried again until staff answer.

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
    """Probability that an automated contact of this task fails for someone of this digital capability; at most 1.

    >>> failure_probability(0.3, 0.5), failure_probability(0.9, 2.0)
    (0.15, 1.0)
    """
    return min(1.0, by_capability * task_ratio)


@rule
def trust_after_contact(trust: float, gain: float, relational_content: float) -> float:
    """Trust [0, 1] after a contact with staff whose task has this relational content [share].

    >>> trust_after_contact(0.5, 0.1, 1.0), trust_after_contact(0.5, 0.1, 0.0)
    (0.55, 0.5)
    """
    return trust + gain * relational_content * (1.0 - trust)


@rule
def luck_left(u: float, lower: float, upper: float) -> float:
    """A uniform number in (0, 1) from ``u``, uniform, of which another rule asked only that it is in [lower, upper).

    >>> luck_left(0.25, 0.0, 0.5), luck_left(0.5, 0.5, 0.5)
    (0.5, 1.0)
    """
    if upper <= lower:
        return 1.0
    return (u - lower) / (upper - lower)


@rule
def missed_probability(usual: float, automatic: bool, automatic_ratio: float) -> float:
    """Probability that what was booked is missed; ``automatic_ratio`` [ratio] for a booking made automatically.

    >>> missed_probability(0.07, False, 0.9), round(missed_probability(0.07, True, 0.9), 4)
    (0.07, 0.063)
    """
    if automatic:
        return min(1.0, usual * automatic_ratio)
    return usual
