"""The question itself: pairs run with drawn beliefs, emulators that stand for them, and what the decision turns on.

Sobol indices and Morris' effects take each belief by itself, in the shape it was drawn with. The value of information
and the boxes take beliefs as they were drawn together, which matters for a fitted lens, whose draws go together.
"""

from __future__ import annotations

from typing import Final

import pandas as pd

from calibration.sensitivity.comparison_draws import comparison_draws
from calibration.sensitivity.emulators import emulate_differences
from calibration.sensitivity.findings import Sensitivity
from calibration.sensitivity.one_way import CHECK, checked
from calibration.sensitivity.pairs import RunSettings, differences, seeds_for
from calibration.sensitivity.tables import SensitivityInputs, boxes, chances, emulators, moves, strongest, values
from simulator.specification.spec import Spec

DRAWS: Final = 1000
"""Draws of beliefs at which emulators are asked."""
CHECKED: Final = 3
"""Beliefs that are moved on the simulator too: those that emulators say matter most."""
ALONE: Final = RunSettings()


def sensitivity(
    before: Spec, after: Spec, *, pairs: int = 200, checks: int = CHECKED, how: RunSettings = ALONE, draws: int = DRAWS
) -> Sensitivity:
    """Which beliefs move the difference between two specifications that may be compared (`specify_comparable`).

    ``pairs`` are run with beliefs drawn as in any comparison, then ``checks`` beliefs are moved on the simulator.
    Raises FitError for too few pairs, IncompleteEnsembleError if none finished.
    """
    seeds = seeds_for(pairs)
    paired_runs = differences(before, after, (*seeds.twice, *seeds.once), how)
    drawn = comparison_draws(before, after, max(draws, int(paired_runs.pairs["draw"].max()) + 1))
    emulation = emulate_differences(drawn, paired_runs.pairs, seeds)
    asked = SensitivityInputs(emulation, drawn, paired_runs.pairs)
    moved = moves(asked)
    check = pd.DataFrame(columns=list(CHECK))
    wanted = strongest(moved, checks)
    if emulation is not None and wanted:
        check = checked(emulation, drawn, (before, after), wanted, seeds, how)
    told = [] if emulation is None else list(emulation.emulators.names)
    parameters = drawn.values[told].iloc[paired_runs.pairs["draw"]].reset_index(drop=True)
    return Sensitivity(
        moves=moved,
        value=values(asked),
        boxes=boxes(asked),
        chances=chances(asked),
        check=check,
        emulators=emulators(asked),
        pairs=pd.concat([paired_runs.pairs, parameters], axis=1),
        record={**paired_runs.scenario, "baseline": paired_runs.baseline},
    )
