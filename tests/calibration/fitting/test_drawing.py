"""Draws from known densities: walkers, weighted draws, and detection of non-convergence."""

from __future__ import annotations

import numpy as np
import pytest

from calibration.fitting.importance import Proposal, importance_sample, mode_and_shape
from calibration.fitting.sampling import ENSEMBLES, R_HAT, StoppingRule, converged, sample, walkers_for

pytestmark = pytest.mark.thorough

DIMENSIONS = 8
LUCK = np.random.default_rng(5)
FACTORS = LUCK.standard_normal((4, DIMENSIONS))
SEEN = LUCK.standard_normal(4)
SHAPE = np.linalg.inv(FACTORS.T @ FACTORS / 0.09 + np.eye(DIMENSIONS))
MIDDLE = SHAPE @ FACTORS.T @ SEEN / 0.09
SD = np.sqrt(np.diag(SHAPE))


def log_likelihood(scores):
    return -0.5 * np.square((scores @ FACTORS.T - SEEN) / 0.3).sum(axis=1)


def log_posterior(scores):
    return log_likelihood(scores) - 0.5 * np.square(scores).sum(axis=1)


def test_mode_and_shape_are_those_of_a_normal_density():
    mode, shape = mode_and_shape(log_posterior, np.zeros(DIMENSIONS))
    assert mode == pytest.approx(MIDDLE, abs=1e-3)
    assert shape == pytest.approx(SHAPE, rel=1e-3, abs=1e-5)


def test_weighted_draws_have_the_posterior_s_mean_and_spread():
    drawn = importance_sample(log_likelihood, np.zeros(DIMENSIONS), LUCK, 2000)
    assert drawn.effective > 500.0
    assert np.abs((drawn.weights @ drawn.scores - MIDDLE) / SD).max() < 0.2
    assert drawn.spread == pytest.approx(SD, rel=0.15)


def test_a_likelihood_to_the_power_of_a_quarter_is_half_as_sharp():
    wide = np.linalg.inv(0.25 * FACTORS.T @ FACTORS / 0.09 + np.eye(DIMENSIONS))
    drawn = importance_sample(log_likelihood, np.zeros(DIMENSIONS), LUCK, 2000, power=0.25)
    assert drawn.spread == pytest.approx(np.sqrt(np.diag(wide)), rel=0.15)


@pytest.mark.parametrize("matched", [True, False])
def test_walkers_have_the_posterior_s_mean_and_spread_and_say_when_they_are_done(matched):
    walkers = ENSEMBLES * walkers_for(DIMENSIONS)
    starts = MIDDLE + 1.5 * LUCK.standard_normal((walkers, DIMENSIONS)) @ np.linalg.cholesky(SHAPE).T
    elsewhere = Proposal(np.ones(DIMENSIONS), np.eye(DIMENSIONS))
    proposal = importance_sample(log_likelihood, np.zeros(DIMENSIONS), LUCK, 1000).proposal if matched else elsewhere
    drawn = sample(log_posterior, starts, proposal, StoppingRule(600, 3000), LUCK)
    assert drawn.steps < 3000
    assert drawn.convergence.r_hat.max() <= R_HAT
    assert min(drawn.convergence.ess_bulk.min(), drawn.convergence.ess_tail.min()) >= 600
    assert np.abs((drawn.scores.mean(axis=0) - MIDDLE) / SD).max() < 0.15
    assert (drawn.scores.std(axis=0) / SD).mean() == pytest.approx(1.0, abs=0.04)  # a wrong move makes it narrow


@pytest.mark.parametrize(("fault", "offset"), [("apart", [0.0, 0.0, 0.0, 1.0]), ("drifting", [0.0, 0.0, 0.0, 0.0])])
def test_ensembles_that_disagree_or_drift_have_not_converged(fault, offset):
    chains = np.random.default_rng(2).standard_normal((ENSEMBLES, 200, 32, 1))
    assert converged(chains).r_hat[0] < R_HAT
    chains += np.array(offset)[:, None, None, None]
    if fault == "drifting":
        chains += np.linspace(0.0, 2.0, 200)[None, :, None, None]
    assert converged(chains).r_hat[0] > 1.05


def test_repeated_draws_count_less():
    steps = np.random.default_rng(3).standard_normal((ENSEMBLES, 100, 32, 1))
    slow = np.repeat(steps, 4, axis=1)
    assert converged(steps).ess_bulk[0] == pytest.approx(12800, rel=0.2)
    assert converged(slow).ess_bulk[0] == pytest.approx(12800, rel=0.3)
