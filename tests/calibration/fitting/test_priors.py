"""Priors of many parameters follow the evidence, quantile by quantile."""

from __future__ import annotations

import numpy as np
import pytest

from calibration.fitting import Parameter
from calibration.fitting.priors import Priors
from simulator.evidence.distributions import quantile_of

PARAMETERS = (
    Parameter("a", "normal", 1.0, -2.0, 2.0),
    Parameter("b", "lognormal", 1.15, 1.05, 1.4),
    Parameter("c", "logit-normal", 0.2, 0.1, 0.6),
    Parameter("d", "uniform", 4.0, 0.0, 5.0),
    Parameter("e", "triangular", 3.0, 1.0, 9.0),
)
QUANTILES = np.array([0.001, 0.025, 0.3, 0.5, 0.7, 0.975, 0.999])


def test_values_are_the_quantiles_of_the_evidence():
    priors = Priors(PARAMETERS)
    scores = priors.scores(np.repeat(QUANTILES[:, None], len(PARAMETERS), axis=1))
    expected = [[quantile_of(p.distribution, p.value, p.low, p.high, float(q)) for p in PARAMETERS] for q in QUANTILES]
    assert priors.values(scores) == pytest.approx(np.array(expected), rel=1e-12)


def test_coordinates_run_from_minus_one_at_low_to_one_at_high():
    priors = Priors(PARAMETERS)
    ends = priors.coordinates(priors.scores(np.array([[0.025] * 5, [0.975] * 5])))
    assert ends[:, :3] == pytest.approx(np.array([[-1.0] * 3, [1.0] * 3]))
    farthest = priors.coordinates(np.array([[-30.0] * 5, [30.0] * 5]))
    assert farthest[:, 3:] == pytest.approx(np.array([[-1.0] * 2, [1.0] * 2]), abs=1e-6)  # bounded priors stay bounded
