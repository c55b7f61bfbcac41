"""Whether the prior can reach each target, and the distance if not."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from scipy.optimize import minimize

from calibration.fitting.emulation import CheckedEmulator, EmulatorSet
from calibration.fitting.plan import Plan
from calibration.fitting.priors import Priors
from calibration.fitting.problem import Floats, Problem
from calibration.fitting.simulating import Runs
from simulator.errors import FitError

MARGIN: Final = 2.0
"""Standard deviations (of error and discrepancy) by which a target may lie outside the range reached."""
FARTHEST: Final = 2.5
"""Largest normal score of a prior that is searched."""
_STEP: Final = 1e-3


def range_of_runs(problem: Problem, plan: Plan, runs: Runs) -> pd.DataFrame:
    """The range reached by some runs, extended by its width each way: few runs cover only a part of many parameters.

    Columns: target, value, lowest, highest, beyond (in the target's sd; 0 within), reachable.
    """
    values = runs.values[runs.succeeded][:, : len(problem.targets)]
    lowest, highest = values.min(axis=0), values.max(axis=0)
    return _table(problem, plan, 2.0 * lowest - highest, 2.0 * highest - lowest)


def range_of_emulators(problem: Problem, plan: Plan, emulated: EmulatorSet, pool: Floats) -> pd.DataFrame:
    """The range that emulators reach within the prior, searched from ``pool``; columns as for `range_of_runs`."""
    priors = Priors(problem.parameters)
    lowest, highest = [], []
    for emulator in emulated.emulators[: len(problem.targets)]:
        means = emulator.mean(priors.coordinates(pool))
        lowest.append(_least(priors, emulator, 1.0, pool[means.argmin()]))
        highest.append(-_least(priors, emulator, -1.0, pool[means.argmax()]))
    return _table(problem, plan, np.array(lowest), np.array(highest))


def refuse_unreachable(table: pd.DataFrame, when: str) -> None:
    """Raise FitError if any target is out of reach, with the distance of each."""
    out = table[~table.reachable]
    if len(out):
        raise FitError(
            "\n".join(
                f"target '{row.target}' is out of reach: it is {row.value:g}, {row.beyond:.1f} sd outside {when}, "
                f"{row.lowest:g} to {row.highest:g}. Widen the priors that affect it if the evidence allows, "
                "correct the target, or leave it out and report that"
                for row in out.itertuples()
            )
        )


def _table(problem: Problem, plan: Plan, lowest: Floats, highest: Floats) -> pd.DataFrame:
    values = np.array([target.value for target in problem.targets])
    sds = np.array([target.sd for target in problem.targets])
    missing = np.array(
        [
            plan.discrepancy * target.sd if target.discrepancy is None else target.discrepancy
            for target in problem.targets
        ]
    )
    beyond = np.maximum(np.maximum(lowest - values, values - highest), 0.0) / np.hypot(sds, missing)
    return pd.DataFrame(
        {
            "target": [target.name for target in problem.targets],
            "value": values,
            "lowest": lowest,
            "highest": highest,
            "beyond": beyond,
            "reachable": beyond <= MARGIN,
        }
    )


def _least(priors: Priors, emulator: CheckedEmulator, sign: float, start: Floats) -> float:
    """The minimum of ``sign`` times an emulator's mean within the prior, searched from ``start``."""
    steps = _STEP * np.eye(len(start))
    unit = emulator.emulator.unit

    def downhill(at: Floats) -> tuple[float, Floats]:
        values = sign * emulator.mean(priors.coordinates(np.vstack([at, at + steps, at - steps]))) / unit
        return float(values[0]), (values[1 : len(at) + 1] - values[len(at) + 1 :]) / (2.0 * _STEP)

    bounds = [(-FARTHEST, FARTHEST)] * len(start)
    found = minimize(downhill, np.clip(start, -FARTHEST, FARTHEST), jac=True, method="L-BFGS-B", bounds=bounds)
    return float(found.fun) * unit
