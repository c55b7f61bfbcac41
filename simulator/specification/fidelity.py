"""How a place came by a practice, the fidelity that it has from there, and what its programmes give at that fidelity.

A place that takes up the practice at less than full fidelity spends the same money on the same posts, and gets less:
fewer who are offered a place take it up, contact is shorter, the tie to a connector starts weaker, a care plan does
less of what it does, for better or worse. `at_reduced_fidelity` is the only function that says so.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Final, Literal, NamedTuple

from simulator.evidence.parameters import Spread
from simulator.programme_files import Numbers
from simulator.rules import spread

Mode = Literal["rollout", "candles"]
_GIVEN: Final = (
    "engagement",
    "contact_hours",
    "tie_strength",
    "acute_episodes",
    "overnight_admission",
    "waiting",
    "readmission",
    "continuity_gain",
    "training_hours",
    "volunteer_leaving",
)
"""Numbers of a programme that are what it does, not what it is paid, has or offers."""


class Adoption(NamedTuple):
    """How and when one place takes up a practice.

    ``line`` holds the weeks in which those began from whom the practice came, the place that made it first; it is
    empty for that place itself, and for places that have it by manual.
    """

    place: str
    mode: Mode
    week: int | None  # first week; None if not within the time looked at
    hand_overs: int  # from the people who made the practice
    line: tuple[int, ...] = ()


def fidelity_at_start(adoption: Adoption, rates: Spread) -> float:
    """Fidelity [share] with which the place begins; 0 if it never does.

    A manual is as good as it was written, so that only hand-overs count. People teach what they do, so that what
    a teacher has learnt since is taught too.
    """
    if adoption.week is None:
        return 0.0
    fidelity = 1.0
    if adoption.mode == "rollout":
        for _ in range(adoption.hand_overs):
            fidelity = spread.handed_on(fidelity, rates.kept_by_manual)
        return fidelity
    for began, taught in pairwise((*adoption.line, adoption.week)):
        known = spread.practised(fidelity, rates.local_learning, float(taught - began))
        fidelity = spread.handed_on(known, rates.kept_by_teaching)
    return fidelity


def fidelity_in_week(adoption: Adoption, rates: Spread, week: int) -> float:
    """Fidelity [share] of the place in a week of the scenario; 0 before it begins."""
    if adoption.week is None or week < adoption.week:
        return 0.0
    return spread.practised(fidelity_at_start(adoption, rates), rates.local_learning, float(week - adoption.week))


def mean_fidelity(adoption: Adoption, rates: Spread, weeks: int) -> float:
    """Mean fidelity [share] from the first week of the place to the end of a run of ``weeks``; 0 if it never begins.

    A run takes this mean throughout: a place's own learning within the run is in it, its timing is not.
    """
    if adoption.week is None or adoption.week >= weeks:
        return 0.0
    start = fidelity_at_start(adoption, rates)
    return spread.mean_practised(start, rates.local_learning, float(weeks - adoption.week))


def at_reduced_fidelity(numbers: Numbers, fidelity: float) -> dict[str, float]:
    """What a programme gives at ``fidelity`` [share]. Money, posts, caseloads and offers stay as they are."""
    return {name: spread.at_fidelity(value, fidelity) if name in _GIVEN else value for name, value in numbers.items()}
