"""Coverage: whether intervals contain known truths as often as they should, tested on simulated data.

A truth is a point of the design: its run, with the targets' errors and a discrepancy added, serves as the published
figures, and it is estimated with emulators conditioned on the runs of the other folds. As truths come from the prior,
80 % intervals should contain 80 % of them (Cook SR, Gelman A, Rubin DB 2006, J Comput Graph Stat 15:675). The nugget
is part of the errors here, since each truth is observed by a single run.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from calibration.emulator import conditioned
from calibration.fitting.emulation import CheckedEmulator, EmulatorSet
from calibration.fitting.importance import importance_sample
from calibration.fitting.likelihood import Likelihood
from calibration.fitting.plan import Plan
from calibration.fitting.posterior import likelihood_of
from calibration.fitting.priors import Priors
from calibration.fitting.problem import Problem
from calibration.fitting.simulating import Runs

FOLDS: Final = 5
FEWEST: Final = 50
"""Effective sample size below which the posterior of a truth is not counted."""
COLUMNS: Final = ("truth", "parameter", "true", "quantile", "effective_size")


def cover(
    problem: Problem, plan: Plan, design: Runs, emulated: EmulatorSet, generator: np.random.Generator
) -> pd.DataFrame:
    """Where each of `Plan.truths` truths lies in its posterior: one row per truth and parameter, columns `COLUMNS`."""
    good = np.flatnonzero(design.succeeded)
    truths = generator.permutation(good)[: plan.truths]
    rows: list[dict[str, object]] = []
    for fold in np.array_split(truths, min(FOLDS, max(len(truths), 1))):
        known = likelihood_of(problem, plan, _without(problem, emulated, design, np.setdiff1d(good, fold)))
        known = replace(known, errors=known.errors._replace(chance=np.ones(len(problem.targets))))
        for truth in fold:
            rows.extend(_one(problem, known, design, int(truth), generator))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def covered(coverage: pd.DataFrame, level: float) -> float:
    """Share of truths and parameters that central intervals of this level contain, where enough draws were effective.

    >>> covered(pd.DataFrame({"quantile": [0.05, 0.2, 0.5, 0.8], "effective_size": 100.0}), 0.8)
    0.75
    """
    counted = coverage[coverage.effective_size >= FEWEST]
    return float(np.mean(np.abs(counted["quantile"] - 0.5) <= 0.5 * level)) if len(counted) else float("nan")


def _without(problem: Problem, emulated: EmulatorSet, design: Runs, kept: npt.NDArray[np.intp]) -> EmulatorSet:
    """Emulators conditioned on these runs of the design alone, with scales and errors estimated from all runs."""
    points = Priors(problem.parameters).coordinates(design.scores[kept])
    emulators = []
    for column, checked in enumerate(emulated.emulators):
        known = conditioned(points, np.ascontiguousarray(design.values[kept, column]), checked.emulator)
        emulators.append(CheckedEmulator(known, checked.inflation, checked.unresolved))
    return emulated._replace(emulators=tuple(emulators))


def _one(
    problem: Problem, likelihood: Likelihood, design: Runs, truth: int, generator: np.random.Generator
) -> list[dict[str, object]]:
    """A row for each parameter of a truth."""
    known = design.scores[truth]
    size = max(600, 60 * likelihood.dimensions)
    start = np.append(known, generator.standard_normal())
    scale = likelihood.scale(start[None])
    sd = np.sqrt(likelihood.stated_variance(scale))[0]
    error = generator.multivariate_normal(np.zeros(len(sd)), likelihood.correlations * np.outer(sd, sd))
    published = design.values[truth, : len(sd)] + error
    informed = replace(likelihood, values=published)
    drawn = importance_sample(informed.log_density, start, generator, size)
    below = drawn.weights @ (drawn.scores[:, : len(known)] < known)
    values = Priors(problem.parameters).values(known[None])[0]
    return [
        {"truth": truth, "parameter": name, "true": value, "quantile": quantile, "effective_size": drawn.effective}
        for name, value, quantile in zip(problem.names, values, below, strict=True)
    ]
