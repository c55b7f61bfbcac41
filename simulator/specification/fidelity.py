"""Adoption of a practice by a place, the resulting fidelity, and the effects of programmes at that fidelity.

A place that takes up the practice at less than full fidelity spends the same money on the same posts for a smaller
effect: fewer offers are taken up, contact is shorter, ties start weaker, fewer old ones come back, there are fewer
sessions, and a care plan has less effect, good or bad (`at_reduced_fidelity`).
"""

from __future__ import annotations

from itertools import pairwise
from typing import Final, Literal, NamedTuple

from simulator.evidence.parameters import Spread
from simulator.programme_files import Numbers
from simulator.rules import spread

Mode = Literal["rollout", "candles"]
_DELIVERED: Final = (
    "engagement",
    "contact_hours",
    "tie_strength",
    "old_ties",
    "sessions",
    "acute_episodes",
    "overnight_admission",
    "waiting",
    "readmission",
    "continuity_gain",
    "training_hours",
    "volunteer_leaving",
    "help_in_illness",
)
"""Numbers of a programme that describe its effects rather than its cost, capacity or offers."""


class Adoption(NamedTuple):
    """How and when one place takes up a practice.

    ``line`` contains the first weeks of the places through which the practice came, beginning with its origin; it is
    empty for the origin itself and for places that use a manual.
    """

    place: str
    mode: Mode
    week: int | None  # first week; None if not within the period
    hand_overs: int  # number of hand-overs from the origin
    line: tuple[int, ...] = ()


def fidelity_at_start(adoption: Adoption, rates: Spread) -> float:
    """Fidelity [share] with which the place starts; 0 if it never does.

    With a manual only the number of hand-overs matters. People teach what they practise, including what they have
    learnt since they started.
    """
    if adoption.week is None:
        return 0.0
    fidelity = 1.0
    if adoption.mode == "rollout":
        for _ in range(adoption.hand_overs):
            fidelity = spread.fidelity_after_hand_over(fidelity, rates.kept_by_manual)
        return fidelity
    for began, taught in pairwise((*adoption.line, adoption.week)):
        known = spread.fidelity_after_practice(fidelity, rates.local_learning, float(taught - began))
        fidelity = spread.fidelity_after_hand_over(known, rates.kept_by_teaching)
    return fidelity


def fidelity_in_week(adoption: Adoption, rates: Spread, week: int) -> float:
    """Fidelity [share] of the place in a week of the scenario; 0 before it starts."""
    if adoption.week is None or week < adoption.week:
        return 0.0
    return spread.fidelity_after_practice(
        fidelity_at_start(adoption, rates), rates.local_learning, float(week - adoption.week)
    )


def mean_fidelity(adoption: Adoption, rates: Spread, weeks: int) -> float:
    """Mean fidelity [share] from the first week of the place to the end of a run of ``weeks``; 0 if it never starts.

    A run uses this mean throughout, which includes the place's own learning but not its timing.
    """
    if adoption.week is None or adoption.week >= weeks:
        return 0.0
    start = fidelity_at_start(adoption, rates)
    return spread.mean_fidelity_over(start, rates.local_learning, float(weeks - adoption.week))


def at_reduced_fidelity(numbers: Numbers, fidelity: float) -> dict[str, float]:
    """A programme's numbers at ``fidelity`` [share]. Money, posts, caseloads and offers are unchanged."""
    return {
        name: spread.at_fidelity(value, fidelity) if name in _DELIVERED else value for name, value in numbers.items()
    }
