"""Studies with controls from another place without the programme, as national data allow.

Controls from the same place are people whom the programme never reached. They are healthier than its members, since
people who fall ill again become eligible again. Elsewhere no one is reached, and anyone eligible can be a control.
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
"""Added to the seed for the other place: same margins and parameters, different random numbers."""
_ARITHMETIC: Final = {"matched": estimates.against_comparators, "did": estimates.difference_in_differences}
DESIGNS_ELSEWHERE: Final = tuple(_ARITHMETIC)
"""Designs that can take their controls from elsewhere."""


class ElsewhereEstimates(NamedTuple):
    """Estimates of a study with controls from elsewhere, by design, and numbers of people."""

    estimates: dict[str, Estimate]
    people: int  # members with a match
    comparators: int


def study_elsewhere(plan: EvaluationPlan, seed: int, parameter_draw: int | None) -> ElsewhereEstimates:
    """Members compared with exact matches in another place who were eligible in the week in which they joined.

    Matching is on age band, sex, deprivation, conditions and admissions in the year before, or on fewer of these if
    there is no match (`simulator.evaluation.cohorts.MATCH_ON`). Raises KeyError for a design without such controls.
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
    people = estimates.group(year_before(panel, rows, weeks).astype(np.float64), year_after(panel, rows, weeks))
    others = estimates.group(*(controls[name].to_numpy(float) for name in ("before", "after", "weight")))
    by_design = {design: _ARITHMETIC[design](people, others) for design in plan.designs}
    return ElsewhereEstimates(by_design, len(members), len(controls))
