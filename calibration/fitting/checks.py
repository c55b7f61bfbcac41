"""Checks of the draws against the targets: emulator bias, model discrepancy and targets that contradict the others."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from arviz_stats.base import array_stats  # type: ignore[attr-defined, unused-ignore]

from calibration.fitting.emulation import EmulatorSet
from calibration.fitting.importance import importance_sample
from calibration.fitting.likelihood import Likelihood, Prediction
from calibration.fitting.posterior import without
from calibration.fitting.priors import Priors
from calibration.fitting.problem import Floats, Problem
from calibration.fitting.simulating import Runs

RELIABLE: Final = 0.7
"""Pareto k of importance weights up to which they are reliable (Vehtari A et al. 2024, JMLR 25:72)."""
_SIZE: Final = 1500
_FEWEST: Final = 100


def at_the_posterior(problem: Problem, emulated: EmulatorSet, checked: Runs) -> pd.DataFrame:
    """Accuracy of the emulators at draws of the posterior that were also simulated.

    Columns: column; bias_posterior (mean of simulated minus emulated) and bias_error (its standard error), both in the
    column's unit; z_rms_posterior.
    """
    good = checked.succeeded
    points = Priors(problem.parameters).coordinates(checked.scores[good])
    rows = []
    for column, (name, emulator) in enumerate(zip(problem.columns, emulated.emulators, strict=True)):
        mean, variance = emulator.mean_and_variance(points)
        off = checked.values[good, column] - mean
        rows.append(
            {
                "column": name,
                "bias_posterior": float(off.mean()),
                "bias_error": float(off.std(ddof=1) / np.sqrt(len(off))),
                "z_rms_posterior": float(np.sqrt(np.mean(off**2 / (variance + emulator.noise)))),
            }
        )
    return pd.DataFrame(rows)


def discrepancies(
    problem: Problem, likelihood: Likelihood, scores: Floats, generator: np.random.Generator
) -> pd.DataFrame:
    """Model discrepancy of each target: mean and 90 % interval in the target's unit, and the mean in its sd.

    Given a draw, the discrepancy is normal: its share of the distance to the target is in proportion to its variance.
    """
    predicted, scale = likelihood.predict(scores), likelihood.scale(scores)
    missing = likelihood.discrepancy_variance(scale)
    total = likelihood.errors.variance + missing + predicted.variance
    correlation = likelihood.correlations
    sd = np.sqrt(missing)
    part = correlation * sd[:, :, None] * sd[:, None, :]
    error = np.sqrt(likelihood.stated_variance(scale))
    whole = correlation * error[:, :, None] * error[:, None, :]
    diagonal = np.arange(len(problem.targets))
    whole[:, diagonal, diagonal] = total
    gain = np.linalg.solve(whole, part).transpose(0, 2, 1)  # both are symmetric
    mean = np.einsum("nij,nj->ni", gain, likelihood.values - predicted.mean)
    left = np.maximum(missing - np.einsum("nij,nji->ni", gain, part), 0.0)
    drawn = mean + np.sqrt(left) * generator.standard_normal(mean.shape)
    sds = np.array([target.sd for target in problem.targets])
    return pd.DataFrame(
        {
            "target": [target.name for target in problem.targets],
            "mean": drawn.mean(axis=0),
            "q05": np.quantile(drawn, 0.05, axis=0),
            "q95": np.quantile(drawn, 0.95, axis=0),
            "in_sd": drawn.mean(axis=0) / sds,
        }
    )


def conflicts(problem: Problem, likelihood: Likelihood, scores: Floats, generator: np.random.Generator) -> pd.DataFrame:
    """Each target, or group of targets, left out of the fit and predicted from the others.

    Posterior draws are reweighted without it (Pareto-smoothed); where the weights are unreliable, they are redrawn.
    Columns: left_out, target, value, mean, sd_predicted (of draws, the target's error and discrepancy), z, reliable.
    """
    groups: dict[str, list[int]] = {}
    for column, target in enumerate(problem.targets):
        groups.setdefault(target.group or target.name, []).append(column)
    predicted, scale = likelihood.predict(scores), likelihood.scale(scores)
    full = likelihood.of(predicted, scale)
    rows: list[dict[str, object]] = []
    if len(groups) < 2:
        return pd.DataFrame(rows, columns=["left_out", "target", "value", "mean", "sd_predicted", "z", "reliable"])
    for name, columns in groups.items():
        others = without(likelihood, tuple(columns))
        logs, k = array_stats.psislw(full - others.of(predicted, scale))
        reliable = bool(k <= RELIABLE)
        found, at, weights = predicted, scale, np.exp(logs)
        if not reliable:
            drawn = importance_sample(others.log_density, scores.mean(axis=0), generator, _SIZE)
            found, at, weights = others.predict(drawn.scores), others.scale(drawn.scores), drawn.weights
            reliable = drawn.effective >= _FEWEST
        rows.extend(_left_out(problem, likelihood, name, columns, (found, at, weights), reliable))
    return pd.DataFrame(rows)


def _left_out(
    problem: Problem,
    likelihood: Likelihood,
    name: str,
    columns: list[int],
    draws: tuple[Prediction, Floats, Floats],
    reliable: bool,
) -> list[dict[str, object]]:
    predicted, scale, weights = draws
    weights = weights / weights.sum()
    rows: list[dict[str, object]] = []
    for column in columns:
        target = problem.targets[column]
        mean = float(weights @ predicted.mean[:, column])
        within = predicted.variance[:, column] + likelihood.discrepancy_variance(scale)[:, column] + target.sd**2
        sd = float(np.sqrt(weights @ (within + np.square(predicted.mean[:, column] - mean))))
        rows.append(
            {
                "left_out": name,
                "target": target.name,
                "value": target.value,
                "mean": mean,
                "sd_predicted": sd,
                "z": (target.value - mean) / sd,
                "reliable": reliable,
            }
        )
    return rows
