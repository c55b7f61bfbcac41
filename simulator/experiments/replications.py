"""Sequential replications: batches of seeds until the Monte Carlo error of the headline difference is small enough.

The error is the standard error of the mean paired difference in emergency admissions, as a share of the baseline's
mean. The size of a batch follows from the error so far, up to the number of all replications before it. Stopping when
an estimated error is small stops too early if the estimate happens to be too small (Chow and Robbins 1965, On the
asymptotic theory of fixed-width sequential confidence intervals, Annals of Mathematical Statistics 36:457). Therefore a
minimum number of parameter draws is required first, batches grow instead of adding single seeds, and the final report
states how well the error itself is known.
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
"""Minimum number of parameter draws for an estimated error: its own relative error is then about a quarter."""
LEAST: Final = LEAST_DRAWS * SEEDS_PER_DRAW
"""Minimum number of replications for an estimated error."""
MOST: Final = 1000
"""Default maximum number of replications."""
GROWTH: Final = 2.0
"""A batch at most doubles the number of replications."""
Run = Callable[[Sequence[int]], list[Results]]
"""Runs specifications with these seeds and returns one `Results` per specification: baseline, scenario."""


class SequentialReplications(NamedTuple):
    """Replications of a baseline and a scenario, and the precision of the headline difference."""

    arms: list[Results]  # baseline, scenario
    error: float  # Monte Carlo error, as a share of the baseline's level
    target: float  # the share requested
    batches: tuple[int, ...]  # replications after each batch

    @property
    def replications(self) -> int:
        """Number of pairs of runs."""
        return self.batches[-1]

    @property
    def reached(self) -> bool:
        """Whether the error is no larger than requested."""
        return self.error <= self.target

    def sentences(self) -> tuple[str, ...]:
        """The number of replications, their precision, and a caution if there are few."""
        count, draws = self.replications, self.replications // SEEDS_PER_DRAW
        error = f"{100.0 * self.error:.2g} % of the baseline's emergency admissions"
        if self.reached:
            first = f"{count} paired replications are enough: the Monte Carlo error of the difference is {error}"
        else:
            first = (
                f"{count} paired replications, the maximum allowed, are not enough: the Monte Carlo error of the "
                f"difference is {error}"
            )
        sentences = [f"{first} (requested: {100.0 * self.target:g} %)."]
        if count < LEAST:
            sentences.append(
                f"Caution: with fewer than {LEAST} replications ({LEAST_DRAWS} parameter draws) this error is not "
                "reliable; the true error may be several times as large. Allow more with --at-most."
            )
        else:
            own = 1.0 / math.sqrt(2.0 * (draws - 1))
            sentences.append(f"It is estimated from {draws} parameter draws, to within about {100.0 * own:.0f} %.")
        return tuple(sentences)


def run_until(
    run: Run,
    target: float,
    *,
    at_most: int = MOST,
    incomplete: bool = False,
    on_progress: Callable[[str], None] | None = None,
) -> SequentialReplications:
    """Run seeds 0, 1, 2, ... in batches until the error is at most ``target``, a share of the baseline's level.

    Batches are whole parameter draws, at least `LEAST_DRAWS` of them unless ``at_most`` allows fewer replications.
    ``on_progress`` is called with a sentence after each batch that is not enough. The same runs give the same batches,
    on any number of workers. Raises ValueError for a target that is not between 0 and 1 or fewer than two draws, and
    IncompleteEnsembleError as `simulator.compare` does.
    """
    if not 0.0 < target < 1.0:
        raise ValueError(f"The error to reach must be a share between 0 and 1, such as 0.005, not {target:g}.")
    most = at_most - at_most % SEEDS_PER_DRAW
    if most < 2 * SEEDS_PER_DRAW:
        raise ValueError(f"Estimating an error needs {2 * SEEDS_PER_DRAW} replications or more, not {at_most}.")
    batches = [min(LEAST, most)]
    arms = run(range(batches[0]))
    while True:
        error = relative_error(compare(arms[1], arms[0], incomplete=incomplete))
        found = SequentialReplications(arms, error, target, tuple(batches))
        if found.reached or found.replications >= most:
            return found
        batches.append(min(next_count(found), most))
        if on_progress is not None:
            on_progress(f"Error {100.0 * error:.2g} % after {batches[-2]} replications: continuing to {batches[-1]}.")
        new = run(range(batches[-2], batches[-1]))
        arms = [joined((old, more)) for old, more in zip(arms, new, strict=True)]


def relative_error(comparison: Comparison) -> float:
    """Monte Carlo error of the paired difference in emergency admissions, as a share of the baseline's mean.

    Infinite if it is unknown, or if the baseline has no emergency admissions.
    """
    row = comparison.summary((MEASURE,), rounded=False).iloc[0]
    error, level = float(row["monte_carlo_error"]), float(row["baseline"])
    return error / level if level > 0.0 and not math.isnan(error) else math.inf


def next_count(found: SequentialReplications) -> int:
    """Replications after the next batch: the number that the error so far requires (it shrinks with the square root),
    at most twice the present number, at least one draw more, and in whole draws.

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
    """Results of one scenario with consecutive seeds, as if they had been run together."""
    seeds = [seed for part in parts for seed in part.seeds]
    tables = {name: pd.concat([getattr(part, name) for part in parts], ignore_index=True) for name in TABLES}
    return Results(**tables, record={**parts[-1].record, "seeds": seeds})
