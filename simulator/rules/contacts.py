"""Routine contacts with services: answered by staff, answered automatically, failed, returned."""

from __future__ import annotations

from simulator.compiling import rule

BY_STAFF = 0
AUTOMATED = 1
RETURNED = 2
UNMET = 3


@rule
def outcome(
    u_channel: float, u_fails: float, u_returns: float, level: float, failure: float, return_share: float
) -> int:
    """What becomes of a contact: 0 by staff, 1 automated and done, 2 failed and back with staff, 3 failed and unmet.

    ``level`` [share] of the task's contacts that is automated this week, ``failure`` [probability] for this
    resident, ``return_share`` [share] of failures that come back.

    >>> outcome(0.5, 0.5, 0.5, 0.4, 0.2, 0.7), outcome(0.3, 0.5, 0.5, 0.4, 0.2, 0.7)
    (0, 1)
    >>> outcome(0.3, 0.1, 0.5, 0.4, 0.2, 0.7), outcome(0.3, 0.1, 0.8, 0.4, 0.2, 0.7)
    (2, 3)
    """
    if u_channel >= level:
        return BY_STAFF
    if u_fails >= failure:
        return AUTOMATED
    if u_returns < return_share:
        return RETURNED
    return UNMET


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
