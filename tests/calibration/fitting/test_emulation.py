"""Emulators of all outputs: when their noise is more than that between seeds, and what is then made of it."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from scipy.stats import norm, qmc

from calibration.fitting.emulation import Noise, emulate_all
from calibration.fitting.priors import Priors
from calibration.fitting.simulating import Runs
from tests.calibration.fitting.known import expected, known_problem, simulate

FREEDOM = 20
PROBLEM = known_problem()


def stage(name, count, first, kind=0, quieter=1.0):
    """Runs of a stage, whose noise is that of the known simulator times ``quieter``."""
    scores = norm.ppf(np.clip(qmc.Sobol(2, rng=first).random(count), 0.01, 0.99))
    points, seeds = Priors(PROBLEM.parameters).values(scores), tuple(range(first, first + count))
    values = expected(points) + quieter * (simulate(points, seeds) - expected(points))
    return Runs(name, scores, seeds, values, ("",) * count, kind)


def emulated(stages, variance):
    return emulate_all(PROBLEM, stages, Noise(np.asarray(variance, np.float64), FREEDOM)).emulators


def test_noise_beyond_that_between_seeds_is_an_error_only_if_chance_among_all_outputs_is_an_unlikely_cause():
    design = [stage("design", 64, 0)]
    nuggets = np.array([one.emulator.nuggets[0] for one in emulated(design, [1.0] * 3)])
    alone, among_three = (stats.f.isf(sure, 64, FREEDOM) for sure in (0.01, 0.01 / 3))
    assert alone < among_three
    likely = emulated(design, nuggets / (0.5 * (alone + among_three)))
    assert [one.unresolved for one in likely] == [0.0] * 3
    between = nuggets / (1.01 * among_three)
    unlikely = emulated(design, between)
    assert [one.unresolved for one in unlikely] == pytest.approx(list(nuggets - between))
    assert [one.noise for one in unlikely] == pytest.approx(list(between))


def test_what_is_missed_is_missed_by_runs_of_every_kind_and_leaves_no_noise_below_none():
    stages = [stage("design", 64, 0), stage("wave 1", 32, 1000, kind=1, quieter=0.1)]
    for one in emulated(stages, [1e-6] * 3):
        coarse, fine = one.emulator.nuggets
        assert fine < 0.2 * coarse
        assert one.unresolved == fine
        assert one.noise == 0.0
