"""Sensitivity analysis of a comparison: paired runs with drawn parameters, emulators, indices, value of information.

Sobol indices and Morris effects treat parameters as independent, each with its own distribution. The value of
information and the boxes use the joint draws, which matters for a fitted lens, whose parameters are correlated.
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
"""Parameter draws at which emulators are evaluated."""
CHECKED: Final = 3
"""Number of the most influential parameters whose effects are checked with the simulator."""
ALONE: Final = RunSettings()


def sensitivity(
    before: Spec, after: Spec, *, pairs: int = 200, checks: int = CHECKED, how: RunSettings = ALONE, draws: int = DRAWS
) -> Sensitivity:
    """Which parameters drive the difference between two comparable specifications (`specify_comparable`).

    ``pairs`` are run with parameters drawn as in any comparison, then ``checks`` parameters are varied one by one.
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
    emulated = [] if emulation is None else list(emulation.emulators.names)
    parameters = drawn.values[emulated].iloc[paired_runs.pairs["draw"]].reset_index(drop=True)
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
