"""The Gaussian process against finite differences, refits, another implementation and known functions."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import qmc
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF, ConstantKernel, DotProduct, WhiteKernel

from calibration.fitting import emulator as module
from calibration.fitting.emulator import conditioned, emulate

POINTS = 2.0 * qmc.Sobol(4, rng=1).random(64) - 1.0
LUCK = np.random.default_rng(1)
NOISE = 0.2


def function(points):
    return 10.0 + 3.0 * points[:, 0] + points[:, 1] ** 2 - points[:, 0] * points[:, 2] + np.sin(3.0 * points[:, 3])


OUTPUTS = function(POINTS) + NOISE * LUCK.standard_normal(len(POINTS))


@pytest.fixture(scope="module")
def fitted():
    return emulate(POINTS, OUTPUTS)


def test_the_gradient_is_that_of_differences():
    expected, spread, _ = module._prior(4, 2)
    kinds = (np.arange(len(POINTS)) >= 40).astype(np.int64)
    at = expected + 0.5 * LUCK.standard_normal(expected.size)
    standard = (OUTPUTS - OUTPUTS.mean()) / OUTPUTS.std()
    _, gradient = module._misfit(at, POINTS, standard, kinds, expected, spread)
    for k in range(at.size):
        step = 1e-5 * np.eye(at.size)[k]
        up, down = (module._misfit(at + way * step, POINTS, standard, kinds, expected, spread)[0] for way in (1, -1))
        assert gradient[k] == pytest.approx((up - down) / 2e-5, rel=1e-4, abs=1e-4)


def test_predictions_are_those_of_scikit_learn_with_the_same_covariance(fitted):
    (linear, quadratic, smooth), (nugget,) = np.exp(fitted.scales[:3]), np.exp(fitted.scales[-1:])
    lengths, weights = np.exp(fitted.scales[3:-1]).reshape(2, 4)
    dots = DotProduct(0.0, "fixed")
    kernel = (
        ConstantKernel(module.CONSTANT + module.OFFSET, "fixed")
        + ConstantKernel(linear, "fixed") * dots
        + ConstantKernel(quadratic, "fixed") * dots**2
        + ConstantKernel(smooth, "fixed") * RBF(lengths * weights, "fixed")
        + WhiteKernel(nugget, "fixed")
    )
    other = GaussianProcessRegressor(kernel, alpha=0.0, optimizer=None)
    other.fit(weights * POINTS, (OUTPUTS - OUTPUTS.mean()) / OUTPUTS.std())
    points = LUCK.uniform(-1.0, 1.0, (20, 4))
    mean, sd = other.predict(weights * points, return_std=True)
    own_mean, own_variance = fitted.mean_and_variance(points)
    assert own_mean == pytest.approx(OUTPUTS.mean() + OUTPUTS.std() * mean, rel=1e-6)
    assert own_variance + fitted.nuggets[0] == pytest.approx((OUTPUTS.std() * sd) ** 2, rel=1e-4)


def test_leaving_one_out_is_refitting_without_it(fitted):
    left = fitted.leave_one_out()
    for run in (0, 17, 63):
        others = np.delete(np.arange(len(POINTS)), run)
        mean, variance = conditioned(POINTS[others], OUTPUTS[others], fitted).mean_and_variance(POINTS[run : run + 1])
        assert left.mean[run] == pytest.approx(mean[0], rel=1e-6)
        assert left.sd[run] ** 2 == pytest.approx(variance[0] + fitted.nuggets[0], rel=1e-6)


def test_it_finds_the_function_and_knows_how_well(fitted):
    points = LUCK.uniform(-1.0, 1.0, (500, 4))
    mean, variance = fitted.mean_and_variance(points)
    off = mean - function(points)
    assert np.sqrt(np.mean(off**2)) < NOISE
    assert 0.6 < np.sqrt(np.mean(off**2 / variance)) < 1.4
    assert np.sqrt(fitted.nuggets[0]) == pytest.approx(NOISE, rel=0.3)
    assert fitted.mean(points) == pytest.approx(mean)


def test_runs_of_two_kinds_have_a_noise_and_an_offset_each_and_the_last_is_predicted():
    many = 2.0 * qmc.Sobol(4, rng=2).random(256) - 1.0
    kinds = (np.arange(256) >= 192).astype(np.int64)
    luck = np.random.default_rng(5).standard_normal(256)
    noise, offset = np.array([0.8, 0.1]), np.array([0.3, 0.0])
    outputs = function(many) + offset[kinds] + noise[kinds] * luck
    both = emulate(many, outputs, kinds=kinds)
    assert np.sqrt(both.nuggets) == pytest.approx(noise, rel=0.35)
    points = LUCK.uniform(-1.0, 1.0, (500, 4))
    mean, variance = both.mean_and_variance(points)
    off = mean - function(points)
    assert abs(off.mean()) < 0.08
    assert 0.6 < np.sqrt(np.mean(off**2 / variance)) < 1.4
    # Neither a noise common to both kinds, nor the precise runs alone, do as well.
    others = [emulate(many, outputs).mean(points), emulate(many[192:], outputs[192:]).mean(points)]
    assert all(np.square(off).mean() < np.square(other - function(points)).mean() for other in others)


def test_an_output_that_never_changes_is_emulated_as_it_is():
    still = emulate(POINTS, np.full(len(POINTS), 3.0))
    assert still.mean(POINTS[:3]) == pytest.approx(3.0)
