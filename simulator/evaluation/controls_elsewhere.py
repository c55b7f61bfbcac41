"""Studies whose controls come from another place, where the programme is not, as national data allow.

Controls from the place itself are those whom the programme never reached, which makes them healthier than its members:
whoever falls ill again is found again. Elsewhere nobody is reached, and whoever is eligible can serve.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final, NamedTuple

import numpy as np

from simulator.evaluation import estimates
from simulator.evaluation.cohorts import (
    first_joined,
    matched_controls_elsewhere,
    per_person,
    with_follow_up,
    year_after,
    year_before,
)
from simulator.evaluation.designs import WEEKS_BEFORE, EvaluationPlan
from simulator.evaluation.estimates import Estimate
from simulator.evaluation.panel import record_scenario, record_warm_up
from simulator.specification.entries import ControlArm

OTHER_SEED_OFFSET: Final = 1 << 20
"""Added to the seed of the place itself: the other has the same make-up and beliefs, and a life of its own."""
_ARITHMETIC: Final = {"matched": estimates.against_comparators, "did": estimates.difference_in_differences}
DESIGNS_ELSEWHERE: Final = tuple(_ARITHMETIC)
"""Designs that can take their controls from elsewhere."""


class ElsewhereEstimates(NamedTuple):
    """What a study with controls from elsewhere would print, by design, and from how many."""

    estimates: dict[str, Estimate]
    people: int  # members with a match
    comparators: int


def study_elsewhere(plan: EvaluationPlan, seed: int, parameter_draw: int | None) -> ElsewhereEstimates:
    """Members against people of another place who are eligible in the week in which they joined, matched exactly.

    They match on age band, sex, deprivation, conditions and admissions in the year before, as far as anyone does
    (`simulator.evaluation.cohorts.MATCH_ON`). Raises KeyError for a design that has no such controls.
    """
    spec, programme = plan.spec, plan.programme
    start = record_warm_up(spec, seed, parameter_draw, programme)
    panel = record_scenario(spec, seed, parameter_draw, programme, start)
    without = replace(spec, control_arm=ControlArm(programme, 1.0))
    seed_offset = seed + OTHER_SEED_OFFSET
    start = record_warm_up(without, seed_offset, parameter_draw, programme)
    other = record_scenario(without, seed_offset, parameter_draw, programme, start, screened=True)
    panel, other = (replace(one, follow_up=plan.follow_up) for one in (panel, other))
    members = with_follow_up(panel, first_joined(panel), weeks_before=WEEKS_BEFORE)
    found, served = matched_controls_elsewhere(panel, members, other)
    controls = per_person(other, found)
    members = members[served]
    rows, weeks = members["row"].to_numpy(), members["week"].to_numpy()
    theirs = estimates.group(year_before(panel, rows, weeks).astype(np.float64), year_after(panel, rows, weeks))
    others = estimates.group(*(controls[name].to_numpy(float) for name in ("before", "after", "weight")))
    printed = {design: _ARITHMETIC[design](theirs, others) for design in plan.designs}
    return ElsewhereEstimates(printed, len(members), len(controls))
