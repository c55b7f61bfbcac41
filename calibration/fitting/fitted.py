"""What a fit leaves: tidy frames, and the emulators behind them."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from calibration.fitting.emulation import Emulated
from calibration.fitting.plan import Plan
from calibration.fitting.problem import Problem


@dataclass(frozen=True)
class Fit:
    """A fit as tidy frames. Amounts are in the units of the problem; quantiles are named q05, q50 and so on.

    ``parameters``: one row a parameter: parameter, distribution, value, low, high (the prior), mean, sd, q025, q10,
    q50, q90, q975 (the posterior), width_ratio (posterior over prior width of the central 80 %), label (learned or
    prior-driven), r_hat, ess_bulk, ess_tail.
    ``draws``: posterior draws, one row each: draw, one column a parameter, discrepancy_scale.
    ``targets``: one row a target: target, value, sd, group, weight (what it counts for; 1 on its own), mean,
    sd_predicted, q05, q50, q95 (posterior predictive, of the simulator where it was run, as ``source`` says), z,
    lowest, highest (what the prior can reach), reachable.
    ``discrepancy``: target, mean, q05, q95 of the model's own error in the target's unit, and in_sd, mean over sd.
    ``emulators``: one row a target or output: column, noise_sd (between seeds of one point), nugget_sd, lack_of_fit
    (their ratio), z_rms, z_rms_waves, explained (share of variance, leave-one-out), inflation (of the variance);
    and of runs at draws of the posterior: bias_posterior (simulated less emulated), bias_error, z_rms_posterior.
    ``leave_one_out``: column, stage, run, simulated, predicted, sd, z.
    ``waves``: stage, runs, failed, not_ruled_out (share of the prior), z_rms (worst of the targets).
    ``runs``: every simulation: stage, point, seed, reason, the parameters, the targets and outputs.
    ``pairs``: first, second, correlation of posterior draws.
    ``conflicts``: one row a target or group left out: left_out, target, value, mean, sd_predicted, z, reliable.
    ``coverage``: one row a truth and parameter: truth, parameter, true, quantile (of the truth in its posterior),
    effective_size (of the draws that say so).
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
    emulated: Emulated
