"""A fit as tidy frames, computed from its draws (described at `Fit`)."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np
import pandas as pd

from calibration.fitting.emulation import EmulatorSet
from calibration.fitting.likelihood import Errors, Likelihood
from calibration.fitting.plan import Plan
from calibration.fitting.priors import Priors
from calibration.fitting.problem import Floats, Problem
from calibration.fitting.sampling import Convergence
from calibration.fitting.simulating import Runs

INFORMED_WIDTH: Final = 0.8
"""Ratio of the widths of the central 80 % of posterior and prior, below which the targets informed a parameter."""
SCALE: Final = "discrepancy_scale"
"""Column of the common discrepancy, in sd of the targets."""
_QUANTILES: Final = {"q025": 0.025, "q10": 0.1, "q50": 0.5, "q90": 0.9, "q975": 0.975}


def draws_frame(problem: Problem, likelihood: Likelihood, scores: Floats) -> pd.DataFrame:
    """Draws in the units of the parameters."""
    values = Priors(problem.parameters).values(scores[:, :-1])
    frame = pd.DataFrame(values, columns=list(problem.names))
    frame.insert(0, "draw", np.arange(len(frame)))
    frame[SCALE] = likelihood.scale(scores)
    return frame


def parameters_frame(problem: Problem, scores: Floats, convergence: Convergence) -> pd.DataFrame:
    """Prior and posterior of each parameter, with convergence diagnostics; ``scores`` are all posterior draws."""
    priors = Priors(problem.parameters)
    values = priors.values(scores[:, :-1])
    ends = priors.scores(np.array([[0.1], [0.9]])) * np.ones((1, len(priors)))
    prior_low, prior_high = priors.values(ends)
    rows = []
    for column, parameter in enumerate(problem.parameters):
        own = values[:, column]
        quantiles = {name: float(np.quantile(own, at)) for name, at in _QUANTILES.items()}
        ratio = (quantiles["q90"] - quantiles["q10"]) / (prior_high[column] - prior_low[column])
        rows.append(
            {
                "parameter": parameter.name,
                "distribution": parameter.distribution,
                "value": parameter.value,
                "low": parameter.low,
                "high": parameter.high,
                "mean": float(own.mean()),
                "sd": float(own.std()),
                **quantiles,
                "width_ratio": float(ratio),
                "label": "informed" if ratio < INFORMED_WIDTH else "prior-driven",
                "r_hat": float(convergence.r_hat[column]),
                "ess_bulk": float(convergence.ess_bulk[column]),
                "ess_tail": float(convergence.ess_tail[column]),
            }
        )
    return pd.DataFrame(rows)


def pairs_frame(draws: pd.DataFrame, names: tuple[str, ...]) -> pd.DataFrame:
    """Rank correlations of posterior draws, strongest first."""
    ranks = draws[list(names)].rank().to_numpy()
    correlation = np.corrcoef(ranks, rowvar=False).reshape(len(names), len(names))
    rows = [
        {"first": names[one], "second": names[other], "correlation": float(correlation[one, other])}
        for one, other in combinations(range(len(names)), 2)
    ]
    frame = pd.DataFrame(rows, columns=["first", "second", "correlation"])
    return frame.sort_values("correlation", key=np.abs, ascending=False, ignore_index=True)


def targets_frame(
    problem: Problem, likelihood: Likelihood, scores: Floats, checked: Runs | None, reach: pd.DataFrame
) -> pd.DataFrame:
    """Posterior predictive of each target, with its published value.

    Predictions come from the simulator at the draws of ``checked``, or else from the emulators at ``scores``. z is the
    distance to the published value in standard deviations of both combined.
    """
    if checked is None:
        predicted = likelihood.predict(scores)
        noise = np.random.default_rng(len(scores)).standard_normal(predicted.mean.shape)
        simulated = predicted.mean + np.sqrt(predicted.variance) * noise
    else:
        simulated = checked.values[checked.succeeded][:, : len(problem.targets)]
    errors: Errors = likelihood.errors
    rows = []
    for column, target in enumerate(problem.targets):
        own = simulated[:, column]
        spread = float(own.std(ddof=1))
        rows.append(
            {
                "target": target.name,
                "value": target.value,
                "sd": target.sd,
                "group": target.group,
                "weight": float(errors.weight[column]),
                "source": "emulator" if checked is None else "simulator",
                "mean": float(own.mean()),
                "sd_predicted": spread,
                "q05": float(np.quantile(own, 0.05)),
                "q50": float(np.quantile(own, 0.5)),
                "q95": float(np.quantile(own, 0.95)),
                "z": (target.value - float(own.mean())) / float(np.hypot(spread, target.sd)),
            }
        )
    limits = reach[["target", "lowest", "highest", "beyond", "reachable"]]
    return pd.DataFrame(rows).merge(limits, on="target", how="left", validate="one_to_one")


@dataclass(frozen=True)
class Fit:
    """A fit as tidy frames, with the emulators. Amounts are in the problem's units; q05, q50 and so on are quantiles.

    ``parameters``: one row per parameter: parameter, distribution, value, low, high (the prior), mean, sd, q025, q10,
    q50, q90, q975 (the posterior), width_ratio (posterior over prior width of the central 80 %), label (informed or
    prior-driven), r_hat, ess_bulk, ess_tail.
    ``draws``: posterior draws, one row each: draw, one column per parameter, discrepancy_scale.
    ``targets``: one row per target: target, value, sd, group, weight (1 for a target outside groups), source (of the
    predictions: simulator or emulator), mean, sd_predicted, q05, q50, q95 (posterior predictive), z, lowest, highest
    (the range that the prior can reach), beyond, reachable.
    ``discrepancy``: target, mean, q05, q95 of the model's own error in the target's unit, and in_sd, mean over sd.
    ``emulators``: one row per target or output: column, noise_sd (between seeds of one point), nugget_sd, lack_of_fit
    (their ratio), unresolved_sd, z_rms, z_rms_waves, explained (share of variance, leave-one-out), inflation (of the
    variance); at draws of the posterior: bias_posterior (simulated minus emulated), bias_error, z_rms_posterior.
    ``leave_one_out``: column, stage, run, simulated, predicted, sd, z.
    ``waves``: stage, runs, failed, not_ruled_out (share of the prior), z_rms (worst of the targets).
    ``runs``: every simulation: stage, point, seed, reason, the parameters, the targets and outputs.
    ``pairs``: first, second, correlation of posterior draws.
    ``conflicts``: one row per target left out: left_out (it or its group), target, value, mean, sd_predicted, z,
    reliable.
    ``coverage``: one row per truth and parameter: truth, parameter, true, quantile (of the truth in its posterior),
    effective_size (of the draws).
    """

    problem: Problem
    plan: Plan
    parameters: pd.DataFrame
    draws: pd.DataFrame
    targets: pd.DataFrame
    discrepancy: pd.DataFrame
    emulators: pd.DataFrame
    leave_one_out: pd.DataFrame
    waves: pd.DataFrame
    runs: pd.DataFrame
    pairs: pd.DataFrame
    conflicts: pd.DataFrame
    coverage: pd.DataFrame
    emulated: EmulatorSet
