"""Paired runs for a sensitivity analysis: their seeds and their differences."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd

from simulator.api import run_comparable
from simulator.comparison.arms import values
from simulator.comparison.comparison import compare
from simulator.comparison.outcomes import shown_in
from simulator.errors import FitError
from simulator.results.results import SEEDS_PER_DRAW, Results, parameter_draw_of
from simulator.specification.spec import Spec

FEWEST: Final = 60
"""Smallest number of pairs: with fewer, almost no effect is detectable."""
_TWICE: Final = 10
"""One draw in ten, and at least ten, is run with two seeds, which estimates stochastic variation."""
COLUMNS: Final = shown_in("sensitivity")
"""Outcomes analysed, as differences per year."""
MONEY: Final = "net_cost"
"""The outcome on which the decision is based."""
OnProgress = Callable[[int, int], None]


class RunSettings(NamedTuple):
    """The executor or number of processes, and the progress callback."""

    workers: int | Executor | None = None
    progress: OnProgress | None = None


class Seeds(NamedTuple):
    """Seeds of an analysis: pairs of seeds that share a parameter draw, and one seed of each further draw."""

    twice: tuple[int, ...]
    once: tuple[int, ...]

    @property
    def fresh(self) -> tuple[int, ...]:
        """Seeds that share the draws of ``once``, with other random numbers; no emulator was fitted to their runs."""
        return tuple(seed + 1 for seed in self.once)


def seeds_for(pairs: int) -> Seeds:
    """Seeds for a number of pairs of runs. Raises FitError if they are too few.

    >>> seeds_for(60).twice[-1], seeds_for(60).once[:2], len(seeds_for(200).twice) + len(seeds_for(200).once)
    (19, (20, 22), 200)
    """
    if pairs < FEWEST:
        raise FitError(f"{pairs} pairs of runs are too few to detect the effect of a parameter. Give {FEWEST} or more")
    both = SEEDS_PER_DRAW * max(_TWICE, pairs // (SEEDS_PER_DRAW * _TWICE))
    return Seeds(tuple(range(both)), tuple(range(both, both + SEEDS_PER_DRAW * (pairs - both), SEEDS_PER_DRAW)))


class PairedRuns(NamedTuple):
    """Differences of pairs, one row each (seed, draw, `COLUMNS`), and the run records of both scenarios."""

    pairs: pd.DataFrame
    scenario: dict[str, Any]
    baseline: dict[str, Any]


def differences(before: Spec, after: Spec, seeds: Sequence[int], how: RunSettings) -> PairedRuns:
    """Run pairs and return their differences per year. Failed pairs are left out.

    Raises IncompleteEnsembleError if none is left.
    """
    return paired(run_comparable([before, after], seeds, *how))


def paired(arms: Sequence[Results]) -> PairedRuns:
    """The differences per year between the results of a baseline and a scenario, in this order."""
    before, after = arms
    found = compare(after, before, incomplete=True)
    table = pd.DataFrame({"seed": found.seeds, "draw": [parameter_draw_of(seed) for seed in found.seeds]})
    for column in COLUMNS:
        one, other = (values(arm, column, (), "year") for arm in found.arms)
        table[column] = np.asarray(other - one, dtype=np.float64)
    return PairedRuns(table, dict(after.record), dict(before.record))
