"""Checks of targets against posterior draws, compared with calculations by hand: one parameter and linear emulators."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from calibration.fitting import Parameter, Problem, Target
from calibration.fitting.checks import conflicts, discrepancies
from calibration.fitting.likelihood import Likelihood, errors_of
from calibration.fitting.priors import Z_HIGH, Priors

LUCK = np.random.default_rng(4)


class Score:
    """An emulator that gives the parameter's normal score, without error."""

    def mean_and_variance(self, points):
        return Z_HIGH * points[:, 0], np.zeros(len(points))


def asked(*targets):
    parameter = Parameter("x", "normal", 0.0, -Z_HIGH, Z_HIGH)
    problem = Problem((parameter,), targets, lambda points, seeds: points, "1")
    values = np.array([target.value for target in targets])
    emulators = [Score()] * len(targets)
    return problem, Likelihood(Priors((parameter,)), emulators, np.zeros(len(targets)), errors_of(problem), values, 0.0)


def test_a_target_is_left_out_and_predicted_by_the_other():
    problem, likelihood = asked(Target("a", 1.0, 0.5), Target("b", 2.0, 0.5))
    # Precisions 1 of the prior, 4 of each target: means 12 / 9 with both, 4 / 5 with a alone, 8 / 5 with b alone.
    scores = np.column_stack([norm.rvs(12 / 9, 1 / 3, 4000, random_state=1), np.zeros(4000)])
    found = conflicts(problem, likelihood, scores, LUCK).set_index("left_out")
    assert found["mean"].to_dict() == pytest.approx({"a": 1.6, "b": 0.8}, abs=0.12)
    assert found["sd_predicted"].to_numpy() == pytest.approx(np.sqrt(1 / 5 + 0.25), rel=0.1)
    assert found["z"].to_dict() == pytest.approx({"a": -0.6 / 0.67, "b": 1.2 / 0.67}, rel=0.2)
    assert found["reliable"].all()


def test_discrepancy_is_its_variance_share_of_the_distance():
    problem, likelihood = asked(Target("a", 2.0, 0.3, discrepancy=0.4), Target("b", 2.0, 0.3, discrepancy=0.0))
    scores = np.zeros((20_000, 2))
    found = discrepancies(problem, likelihood, scores, LUCK).set_index("target")
    middle, sd = 2.0 * 0.16 / 0.25, np.sqrt(0.16 * 0.09 / 0.25)
    assert found.loc["a", ["mean", "q05", "q95"]].tolist() == pytest.approx(
        [middle, middle - 1.645 * sd, middle + 1.645 * sd], abs=0.03
    )
    assert found.loc["a", "in_sd"] == pytest.approx(found.loc["a", "mean"] / 0.3)
    assert found.loc["b", "mean"] == 0.0
