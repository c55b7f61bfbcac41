"""The likelihood of targets: closed forms, correlated groups, and the discrepancy."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import halfnorm, multivariate_normal, norm

from calibration.fitting import Problem, Target
from calibration.fitting.likelihood import Likelihood, errors_of
from calibration.fitting.posterior import without
from calibration.fitting.priors import Priors
from tests.calibration.fitting.known import PARAMETERS, simulate

SCORES = np.array([[0.3, -0.4, 0.8], [-1.0, 0.2, -0.1]])


class Linear:
    """An emulator that adds up its coordinates, with an error that is known."""

    def __init__(self, factor=1.0, variance=0.0):
        self.factor, self.variance = factor, variance

    def mean_and_variance(self, points):
        return self.factor * points.sum(axis=1), np.full(len(points), self.variance)


def likelihood(targets, emulators, correlations=None, discrepancy=0.0):
    problem = Problem(PARAMETERS, tuple(targets), simulate, "1", correlations=correlations or {})
    return Likelihood(
        Priors(PARAMETERS),
        emulators,
        np.full(len(targets), 0.09),
        errors_of(problem),
        np.array([target.value for target in targets]),
        discrepancy,
    )


def mean_at(scores):
    return Priors(PARAMETERS).coordinates(scores[:, :2]).sum(axis=1)


def test_errors_add_up_target_emulator_chance_and_discrepancy():
    one = likelihood([Target("a", 1.0, 0.5, chance_in_sd=False)], [Linear(variance=0.04)], discrepancy=0.5)
    variance = 0.5**2 * (1.0 + (0.5 * halfnorm.ppf(norm.cdf(SCORES[:, 2]))) ** 2) + 0.04 + 0.09
    assert one.log_density(SCORES) == pytest.approx(norm.logpdf(1.0, mean_at(SCORES), np.sqrt(variance)))
    own = likelihood([Target("a", 1.0, 0.5, discrepancy=0.3)], [Linear()], discrepancy=0.5)
    assert own.log_density(SCORES) == pytest.approx(norm.logpdf(1.0, mean_at(SCORES), np.hypot(0.5, 0.3)))


def test_a_stated_correlation_is_that_of_a_multivariate_normal():
    targets = [Target("a", 1.0, 0.5, "g"), Target("b", 2.0, 0.4, "g"), Target("c", 0.0, 1.0)]
    three = likelihood(targets, [Linear(1.0, 0.01), Linear(2.0, 0.02), Linear(3.0)], {"g": 0.7})
    covariance = np.array([[0.26, 0.14, 0.0], [0.14, 0.18, 0.0], [0.0, 0.0, 1.0]])
    values = np.array([1.0, 2.0, 0.0])
    expected = [
        multivariate_normal(mean * np.array([1.0, 2.0, 3.0]), covariance).logpdf(values) for mean in mean_at(SCORES)
    ]
    assert three.log_density(SCORES) == pytest.approx(np.array(expected))
    first_and_last = multivariate_normal([mean_at(SCORES)[0], 3.0 * mean_at(SCORES)[0]], np.diag([0.26, 1.0]))
    assert without(three, (1,)).log_density(SCORES)[0] == pytest.approx(first_and_last.logpdf([1.0, 0.0]))


def information(given):
    """Curvature of the log likelihood along the first parameter, that of one target being 1."""
    at = np.array([[0.1, 0.0, 0.0], [0.0, 0.0, 0.0], [-0.1, 0.0, 0.0]])
    up, middle, down = given.log_density(at)
    slope = np.diff(mean_at(at[[2, 0]]))[0] / 0.2
    return -(up - 2.0 * middle + down) / 0.01 * 0.5**2 / slope**2


def copies(number, group=None, correlations=None):
    targets = [Target(f"copy {n}", 1.0, 0.5, group) for n in range(number)]
    return likelihood(targets, [Linear()] * number, correlations)


def test_targets_of_one_group_never_count_twice():
    assert information(copies(1)) == pytest.approx(1.0, rel=1e-3)
    assert information(copies(3)) == pytest.approx(3.0, rel=1e-3)
    assert information(copies(3, "same")) == pytest.approx(1.0, rel=1e-3)
    assert information(copies(3, "same", {"same": 0.9})) == pytest.approx(3.0 / 2.8, rel=1e-3)
    assert copies(3, "same").errors.weight == pytest.approx(1.0 / 3.0)
    assert copies(3, "same", {"same": 0.9}).errors.weight.sum() == pytest.approx(3.0 / 2.8)
    assert information(copies(3, "same", {"same": 0.0})) == pytest.approx(3.0, rel=1e-3)  # stated to be independent


def test_a_discrepancy_is_worth_more_where_targets_are_missed():
    at = np.array([[0.0, 0.0, -9.0], [0.0, 0.0, 2.0]])  # without and with
    near = likelihood([Target("a", 0.0, 0.5), Target("b", 0.1, 0.5)], [Linear(), Linear()], discrepancy=1.0)
    far = replace(near, values=np.array([3.0, -3.0]))
    met, missed = near.log_density(at), far.log_density(at)
    assert met[0] > met[1]
    assert missed[1] > missed[0]
