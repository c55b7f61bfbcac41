"""Enough replications: batches of seeds until the Monte Carlo error of the headline difference is small enough.

The error is the standard error of the mean paired difference in emergency admissions, as a share of the baseline's
mean. A batch is as large as the error so far says will do, and at most as large as all before it. Stopping when an
estimate is small stops too early when the estimate happens to be too small (Chow and Robbins 1965, On the asymptotic
theory of fixed-width sequential confidence intervals, Annals of Mathematical Statistics 36:457). So there is a least
number of draws of the parameters before anything is believed, batches grow instead of going seed by seed, and what is
said at the end says how well the error itself is known.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import pandas as pd

from simulator.comparison.comparison import Comparison, compare
from simulator.results.results import SEEDS_PER_DRAW, TABLES, Results

MEASURE: Final = "emergency_admissions"
LEAST_DRAWS: Final = 10
"""Draws of the parameters before the error is believed: its own relative error is then about a quarter."""
LEAST: Final = LEAST_DRAWS * SEEDS_PER_DRAW
"""Replications before the error is believed."""
MOST: Final = 1000
"""Replications at which to give up, unless told otherwise."""
GROWTH: Final = 2.0
"""A batch at most doubles the number of replications."""
Run = Callable[[Sequence[int]], list[Results]]
"""Runs specifications with these seeds, and hands back one `Results` a specification: baseline, scenario."""


class SequentialReplications(NamedTuple):
    """Replications of a baseline and a scenario, and how precisely they tell the headline difference."""

    arms: list[Results]  # baseline, scenario
    error: float  # Monte Carlo error, as a share of the baseline's level
    target: float  # the share that was asked for
    batches: tuple[int, ...]  # replications after each batch

    @property
    def replications(self) -> int:
        """Pairs of runs asked for."""
        return self.batches[-1]

    @property
    def reached(self) -> bool:
        """Whether the error is no larger than was asked for."""
        return self.error <= self.target

    def sentences(self) -> tuple[str, ...]:
        """How many replications it took, what that is worth, and what to beware of."""
        count, draws = self.replications, self.replications // SEEDS_PER_DRAW
        error = f"{100.0 * self.error:.2g} % of the baseline's emergency admissions"
        if self.reached:
            first = f"Enough after {count} paired replications: the Monte Carlo error of the difference is {error}"
        else:
            first = f"Not enough after {count} paired replications, the most allowed: the Monte Carlo error is {error}"
        said = [f"{first} ({100.0 * self.target:g} % was asked for)."]
        if count < LEAST:
            said.append(
                f"Beware: fewer than {LEAST} replications ({LEAST_DRAWS} draws of the parameters) cannot tell their "
                "own error; it may be several times as large. Allow more with --at-most."
            )
        else:
            own = 1.0 / math.sqrt(2.0 * (draws - 1))
            said.append(
                f"It rests on {draws} draws of the parameters, and is itself known to about {100.0 * own:.0f} %."
            )
        return tuple(said)


def run_until(
    run: Run,
    target: float,
    *,
    at_most: int = MOST,
    incomplete: bool = False,
    on_progress: Callable[[str], None] | None = None,
) -> SequentialReplications:
    """Run seeds 0, 1, 2, ... in batches until the error is at most ``target``, a share of the baseline's level.

    Whole draws of the parameters only, at least `LEAST_DRAWS` of them unless ``at_most`` replications are fewer.
    ``on_progress`` is called with a sentence after each batch that is not enough. The same runs give the same batches,
    on any
    number of workers. Raises ValueError for a target that is not between 0 and 1 or fewer than two draws, and
    IncompleteEnsembleError as `simulator.compare` does.
    """
    if not 0.0 < target < 1.0:
        raise ValueError(f"the error to reach is a share between 0 and 1, such as 0.005, not {target:g}")
    most = at_most - at_most % SEEDS_PER_DRAW
    if most < 2 * SEEDS_PER_DRAW:
        raise ValueError(f"at least {2 * SEEDS_PER_DRAW} replications are needed to know an error, not {at_most}")
    batches = [min(LEAST, most)]
    arms = run(range(batches[0]))
    while True:
        error = relative_error(compare(arms[1], arms[0], incomplete=incomplete))
        found = SequentialReplications(arms, error, target, tuple(batches))
        if found.reached or found.replications >= most:
            return found
        batches.append(min(next_count(found), most))
        if on_progress is not None:
            on_progress(f"Error {100.0 * error:.2g} % after {batches[-2]} replications: going on to {batches[-1]}.")
        new = run(range(batches[-2], batches[-1]))
        arms = [joined((old, more)) for old, more in zip(arms, new, strict=True)]


def relative_error(comparison: Comparison) -> float:
    """Monte Carlo error of the paired difference in emergency admissions, as a share of the baseline's mean.

    Infinite if it is not known, or if the baseline has no emergency admissions.
    """
    row = comparison.summary((MEASURE,), rounded=False).iloc[0]
    error, level = float(row["monte_carlo_error"]), float(row["baseline"])
    return error / level if level > 0.0 and not math.isnan(error) else math.inf


def next_count(found: SequentialReplications) -> int:
    """Replications after the next batch: what the error so far asks for (it shrinks with the square root), at most
    twice as many as there are, at least one draw more, and whole draws.

    >>> next_count(SequentialReplications([], 0.006, 0.005, (20,)))
    30
    >>> next_count(SequentialReplications([], 0.05, 0.005, (20,)))
    40
    """
    count = found.replications
    wanted = count * min(GROWTH, (found.error / found.target) ** 2)
    draws = math.ceil(wanted / SEEDS_PER_DRAW)
    return max(draws * SEEDS_PER_DRAW, count + SEEDS_PER_DRAW)


def joined(parts: Sequence[Results]) -> Results:
    """Results of one scenario with seeds that follow each other, as if they had been run in one sitting."""
    seeds = [seed for part in parts for seed in part.seeds]
    tables = {name: pd.concat([getattr(part, name) for part in parts], ignore_index=True) for name in TABLES}
    return Results(**tables, record={**parts[-1].record, "seeds": seeds})
