"""A stochastic simulator whose posterior is known, on a grid."""

from __future__ import annotations

import numpy as np

from calibration.fitting import Parameter, Plan, Problem, Target

TRUTH = (1.4, 0.3)
NOISE = 0.05
SD = 0.1
PARAMETERS = (Parameter("growth", "lognormal", 1.0, 0.4, 2.5), Parameter("share", "uniform", 0.5, 0.0, 1.0))
PLAN = Plan(
    noise_points=8,
    noise_seeds=4,
    design_points=64,
    waves=1,
    wave_points=24,
    check_points=60,
    truths=56,
    effective_size=600,
    most_steps=1000,
    discrepancy=0.0,
)


def expected(points):
    """Three outputs of two parameters, neither of them linear."""
    growth, share = points.T
    return np.column_stack([np.log(growth) + share, growth * share, np.sin(2.0 * share) - 0.3 * growth])


def simulate(points, seeds):
    luck = np.array([np.random.default_rng(seed).standard_normal(3) for seed in seeds])
    return expected(points) + NOISE * luck


def known_problem(**changes):
    values = expected(np.array([TRUTH]))[0]
    targets = tuple(Target(f"figure {n}", float(value), SD) for n, value in enumerate(values, start=1))
    return Problem(**{"parameters": PARAMETERS, "targets": targets, "simulate": simulate, "version": "1", **changes})


def grid_posterior(problem, size=400):
    """Points (n, 2) of an even grid of prior quantiles, and the weight of each in the posterior."""
    from calibration.fitting.priors import Priors

    edge = (np.arange(size) + 0.5) / size
    quantiles = np.stack(np.meshgrid(edge, edge), axis=-1).reshape(-1, 2)
    priors = Priors(problem.parameters)
    points = priors.values(priors.scores(quantiles))
    off = expected(points) - np.array([target.value for target in problem.targets])
    logs = -0.5 * np.square(off / SD).sum(axis=1)
    weights = np.exp(logs - logs.max())
    return points, weights / weights.sum()
