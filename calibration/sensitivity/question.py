"""The question itself: pairs run with drawn beliefs, emulators that stand for them, and what the decision turns on.

Sobol indices and Morris' effects take each belief by itself, in the shape it was drawn with. The value of information
and the boxes take beliefs as they were drawn together, which matters for a fitted lens, whose draws go together.
"""

from __future__ import annotations

from typing import Final

import pandas as pd

from calibration.sensitivity.drawn import drawn_beliefs
from calibration.sensitivity.emulators import stand_for
from calibration.sensitivity.findings import Sensitivity
from calibration.sensitivity.moving import CHECK, checked
from calibration.sensitivity.pairs import How, differences, seeds_for
from calibration.sensitivity.tables import Asked, boxes, chances, emulators, moves, strongest, values
from simulator.specification.spec import Spec

DRAWS: Final = 1000
"""Draws of beliefs at which emulators are asked."""
CHECKED: Final = 3
"""Beliefs that are moved on the simulator too: those that emulators say matter most."""
ALONE: Final = How()


def sensitivity(
    before: Spec, after: Spec, *, pairs: int = 200, checks: int = CHECKED, how: How = ALONE, draws: int = DRAWS
) -> Sensitivity:
    """Which beliefs move the difference between two specifications that may be compared (`specify_alike`).

    ``pairs`` are run with beliefs drawn as in any comparison, then ``checks`` beliefs are moved on the simulator.
    Raises FitError for too few pairs, IncompleteEnsembleError if none finished.
    """
    seeds = seeds_for(pairs)
    ran = differences(before, after, (*seeds.twice, *seeds.once), how)
    drawn = drawn_beliefs(before, after, max(draws, int(ran.pairs["draw"].max()) + 1))
    standing = stand_for(drawn, ran.pairs, seeds)
    asked = Asked(standing, drawn, ran.pairs)
    moved = moves(asked)
    check = pd.DataFrame(columns=list(CHECK))
    wanted = strongest(moved, checks)
    if standing is not None and wanted:
        check = checked(standing, drawn, (before, after), wanted, seeds, how)
    told = [] if standing is None else list(standing.stand.names)
    beliefs = drawn.values[told].iloc[ran.pairs["draw"]].reset_index(drop=True)
    return Sensitivity(
        moves=moved,
        value=values(asked),
        boxes=boxes(asked),
        chances=chances(asked),
        check=check,
        emulators=emulators(asked),
        pairs=pd.concat([ran.pairs, beliefs], axis=1),
        record={**ran.scenario, "baseline": ran.baseline},
    )
