"""Sensitivity analysis against formulas: indices, the value of information, and known boxes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm, qmc

from calibration.fitting.priors import Priors
from calibration.sensitivity.discovery import discover
from calibration.sensitivity.indices import morris, sobol
from calibration.sensitivity.value_of_information import value_of_information
from simulator.errors import FitError, UnknownNameError
from tests.calibration.fitting.known import expected

pytestmark = pytest.mark.thorough

LUCK = np.random.default_rng(11)


@pytest.mark.thorough
def test_sobol_indices_are_those_of_the_simulator_s_expectation(known_fit):
    found = sobol(known_fit, ("figure 1", "figure 3"), size=1024).set_index(["column", "parameter"])
    priors = Priors(known_fit.problem.parameters)
    quantiles = 0.005 + 0.99 * qmc.Sobol(2, rng=1).random(4096)
    values = expected(priors.values(priors.scores(quantiles)))
    for column, name in ((0, "figure 1"), (2, "figure 3")):  # sums of functions of one parameter each: first is total
        alone = priors.scores(np.column_stack([quantiles[:, 0], np.full(4096, 0.5)]))
        share = expected(priors.values(alone))[:, column].var() / values[:, column].var()
        assert found.loc[(name, "growth"), "first"] == pytest.approx(share, abs=0.05)
        assert found.loc[(name, "growth"), "total"] == pytest.approx(share, abs=0.05)
        assert found.loc[(name, "share"), "total"] == pytest.approx(1.0 - share, abs=0.05)


def test_morris_reports_direction_size_and_interaction(known_fit):
    found = morris(known_fit).set_index(["column", "parameter"])
    assert found.loc[("figure 1", "share"), "effect"] == pytest.approx(1.0, abs=0.1)  # its slope
    assert found.loc[("figure 3", "growth"), "effect"] < 0.0
    assert found.loc[("figure 1", "share"), "spread"] < 0.2
    assert found.loc[("figure 2", "share"), "spread"] > 0.5  # a product


def test_an_unknown_column_is_reported(known_fit, messages):
    with messages.raised(UnknownNameError):
        sobol(known_fit, ("figure 9",))


def test_the_value_of_information_is_that_of_the_normal_decision(messages):
    known, idle = LUCK.standard_normal((2, 4000))
    benefit = 0.3 + known + 0.5 * LUCK.standard_normal(4000)
    draws = pd.DataFrame({"known": known, "idle": idle})
    options = pd.DataFrame({"nothing": 0.0, "act": benefit})
    found = value_of_information(draws, options, ("idle", "known"))
    assert found.parameter.tolist() == ["known", "idle"]
    exact = norm.pdf(0.3) - 0.3 * norm.cdf(-0.3)  # of a normal benefit with mean 0.3 and sd 1 that can be refused
    assert found.evppi[0] == pytest.approx(exact, abs=0.03)
    assert found.evppi[1] < 0.02
    spread = np.sqrt(1.25)
    everything = spread * (norm.pdf(0.3 / spread) - 0.3 / spread * norm.cdf(-0.3 / spread))
    assert found.share[0] == pytest.approx(exact / everything, abs=0.05)
    with messages.raised(FitError):
        value_of_information(draws, options[["act"]], ("known",))
    with messages.raised(FitError):
        value_of_information(draws[:10], options[:10], ("known",))


def test_discovery_finds_the_box_where_it_happens(messages):
    draws = pd.DataFrame(LUCK.uniform(0.0, 1.0, (2000, 3)), columns=["a", "b", "c"])
    happens = ((draws.a > 0.6) & (draws.b < 0.3)).to_numpy()
    found = discover(draws, happens, ("a", "b", "c"))
    assert found.box.unique().tolist() == [1]
    bounds = found.set_index("parameter")
    assert set(bounds.index) == {"a", "b"}
    assert bounds.above["a"] == pytest.approx(0.6, abs=0.02)
    assert bounds.up_to["b"] == pytest.approx(0.3, abs=0.02)
    assert bounds.up_to["a"] == np.inf
    assert bounds.density["a"] > 0.97
    assert bounds.caught["a"] > 0.97
    with messages.raised(FitError):
        discover(draws, np.zeros(2000, dtype=bool), ("a",))
