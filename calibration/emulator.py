"""A Gaussian process emulator of one output: quadratic trend, two scales per parameter, and nuggets.

The covariance of two points is a trend, whose constant, linear and quadratic coefficients have normal priors, with one
weight per parameter, plus a squared exponential with one length-scale per parameter; the nugget is the variance between
seeds, one for each kind of run, such as towns of two sizes:

    k(x, y) = C + L p + Q p^2 + S exp(-sum_k (x_k - y_k)^2 / (2 l_k^2)),  p = sum_k w_k^2 x_k y_k,  var(output) = k + N.

Runs of one kind share an offset of their own. The last kind is predicted; the others inform it, as far as their noise
allows. Trend coefficients are shrunk as far as the data require, and parameters without effect lose their weight, so
few runs suffice for many parameters. Logarithms of the scales are fitted by their posterior mode with analytic
gradients (Rasmussen CE, Williams CKI 2006, Gaussian Processes for Machine Learning: prediction 2.25-2.26, likelihood
and gradient 5.8-5.9, leave-one-out 5.12).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.linalg import cho_solve, cholesky, lapack
from scipy.linalg.blas import dtrmm
from scipy.optimize import minimize

Floats = npt.NDArray[np.float64]
Kinds = npt.NDArray[np.int64]
CONSTANT: Final = 100.0
"""Variance of the trend's constant, in variances of the output: the data determine the level."""
OFFSET: Final = 0.01
"""Variance of the offset of a kind of run, in variances of the output: sizes of town differ little in level."""
_STARTS: Final = {"linear": -2.0, "quadratic": -4.0, "smooth": -1.5, "nugget": -3.0, "length": 1.0, "weight": 0.0}
"""Start of the search: logarithms of variances (for an output of variance 1), of lengths (for a prior 2 wide) and of
weights."""
_SPREADS: Final = {"linear": 4.0, "quadratic": 4.0, "smooth": 3.0, "nugget": 4.0, "length": 1.0, "weight": 1.5}
"""Standard deviations of their weak normal priors, which bound scales that the data do not determine."""
_SHAPES: Final = ("linear", "quadratic", "smooth")
_BOUNDS: Final = {
    "linear": (-20, 5),
    "quadratic": (-20, 5),
    "smooth": (-16, 4),
    "nugget": (-16, 1),
    "length": (-2.5, 5),
    "weight": (-6, 2),
}


_PRECISION: Final = 1e-6
"""Relative change of the misfit, which is in the hundreds, at which the search for the scales ends."""


class LeaveOneOut(NamedTuple):
    """Leave-one-out predictions of the runs, each of shape (runs,)."""

    mean: Floats
    sd: Floats  # of a run: the emulator's error and the noise of a seed


@dataclass(frozen=True)
class Emulator:
    """An emulated output; made by `emulate` or `conditioned`. Points are coordinates, shape (n, parameters)."""

    points: Floats
    outputs: Floats  # (runs,), in the output's unit
    kinds: Kinds  # (runs,): 0, 1, ...
    scales: Floats  # logarithms: linear, quadratic, smooth, lengths, weights, then a nugget for each kind of run
    centre: float
    unit: float  # the output's sd
    weights: Floats  # (runs,)
    inverse_root: Floats  # (runs, runs): lower triangular; inverse_root.T @ inverse_root inverts the covariance

    def mean(self, points: Floats) -> Floats:
        """Expected output at points, over seeds, shape (n,)."""
        return np.asarray(self.centre + self.unit * (self._cross(points) @ self.weights), dtype=np.float64)

    def mean_and_variance(self, points: Floats) -> tuple[Floats, Floats]:
        """Expected output, and the variance of the emulator's own error in it, each of shape (n,)."""
        cross = self._cross(points)
        explained = np.square(dtrmm(1.0, self.inverse_root.T, cross.T, trans_a=1)).sum(axis=0)
        linear, quadratic, smooth = np.exp(self.scales[:3])
        norms = np.square(points * self._weights).sum(axis=1)
        prior = CONSTANT + OFFSET + linear * norms + quadratic * norms**2 + smooth
        variance = self.unit**2 * np.maximum(prior - explained, 1e-10)
        return self.centre + self.unit * (cross @ self.weights), np.asarray(variance, dtype=np.float64)

    @property
    def nuggets(self) -> Floats:
        """Variance between seeds at one point, by kind of run, in the output's unit squared."""
        own = self.scales[_nuggets_of(self.points.shape[1], self.kinds)]
        return np.asarray(self.unit**2 * np.exp(own), dtype=np.float64)

    def leave_one_out(self) -> LeaveOneOut:
        """Prediction of each run by an emulator of the others, with the scales unchanged."""
        precision = np.square(self.inverse_root).sum(axis=0)  # the diagonal of the inverse
        residual = self.unit * self.weights / precision
        return LeaveOneOut(self.outputs - residual, self.unit / np.sqrt(precision))

    @property
    def _weights(self) -> Floats:
        return np.asarray(np.exp(self.scales[_weights_of(self.points.shape[1])]), dtype=np.float64)

    def _cross(self, points: Floats) -> Floats:
        linear, quadratic, smooth = np.exp(self.scales[:3])
        products = (points * self._weights**2) @ self.points.T
        trend = CONSTANT + OFFSET * (self.kinds == self.kinds.max()) + products * (linear + quadratic * products)
        lengths = self.scales[_lengths_of(points.shape[1])]
        return np.asarray(trend + smooth * _bell(points, self.points, lengths), dtype=np.float64)


def emulate(points: Floats, outputs: Floats, start: Floats | None = None, kinds: Kinds | None = None) -> Emulator:
    """Fit an emulator to runs: points (runs, parameters), outputs (runs,), ``kinds`` (runs,) from 0 (default: all 0).

    ``start``: scales of an earlier one, perhaps of fewer kinds.
    """
    kinds = np.zeros(len(outputs), np.int64) if kinds is None else kinds
    centre, unit = _level(outputs)
    standard = (outputs - centre) / unit
    expected, spread, bounds = _prior(points.shape[1], int(kinds.max()) + 1)
    begin = expected.copy()
    if start is not None:
        begin[: len(start)], begin[len(start) :] = start, start[-1]
    found = minimize(
        _misfit,
        begin,
        args=(points, standard, kinds, expected, spread),
        jac=True,
        method="L-BFGS-B",
        bounds=bounds,
        options={"ftol": _PRECISION},
    )
    return _conditioned(points, outputs, kinds, np.asarray(found.x, dtype=np.float64), (centre, unit))


def conditioned(points: Floats, outputs: Floats, like: Emulator) -> Emulator:
    """The emulator of these runs, of the first kind, with the scales of another."""
    return _conditioned(points, outputs, np.zeros(len(outputs), np.int64), like.scales, (like.centre, like.unit))


def with_scales(points: Floats, outputs: Floats, scales: Floats) -> Emulator:
    """The emulator of runs of one kind to which these scales were fitted before (`emulate`)."""
    return _conditioned(points, outputs, np.zeros(len(outputs), np.int64), scales, _level(outputs))


def _level(outputs: Floats) -> tuple[float, float]:
    """Mean and sd of outputs, or 1 if they are all the same."""
    return float(outputs.mean()), float(outputs.std()) or 1.0


def _conditioned(points: Floats, outputs: Floats, kinds: Kinds, scales: Floats, level: tuple[float, float]) -> Emulator:
    centre, unit = level
    root = cholesky(_covariance(points, kinds, scales)[0], lower=True)
    inverse_root, _ = lapack.dtrtri(root, lower=1)
    weights = inverse_root.T @ (inverse_root @ ((outputs - centre) / unit))
    return Emulator(points, outputs, kinds, scales, centre, unit, weights, np.ascontiguousarray(inverse_root))


def _lengths_of(parameters: int) -> slice:
    return slice(len(_SHAPES), len(_SHAPES) + parameters)


def _weights_of(parameters: int) -> slice:
    return slice(len(_SHAPES) + parameters, len(_SHAPES) + 2 * parameters)


def _nuggets_of(parameters: int, kinds: Kinds) -> slice:
    first = len(_SHAPES) + 2 * parameters
    return slice(first, first + int(kinds.max()) + 1)


def _prior(parameters: int, kinds: int) -> tuple[Floats, Floats, list[tuple[float, float]]]:
    names = [*_SHAPES, *(["length"] * parameters), *(["weight"] * parameters), *(["nugget"] * kinds)]
    expected = np.array([_STARTS[name] for name in names])
    return expected, np.array([_SPREADS[name] for name in names]), [_BOUNDS[name] for name in names]


def _misfit(
    scales: Floats, points: Floats, standard: Floats, kinds: Kinds, expected: Floats, spread: Floats
) -> tuple[float, Floats]:
    """Negative log posterior density of the scales, up to a constant, and its gradient."""
    covariance, smooth, products = _covariance(points, kinds, scales)
    try:
        root = cholesky(covariance, lower=True)
    except np.linalg.LinAlgError:
        return 1e12, np.zeros_like(scales)
    weights = cho_solve((root, True), standard)
    inverse, _ = lapack.dpotri(root, lower=1)
    inverse = np.tril(inverse) + np.tril(inverse, -1).T
    # d(misfit)/d(covariance); every gradient below is the sum of its product with d(covariance)/d(log scale)
    slope = 0.5 * (inverse - np.outer(weights, weights))
    bent = slope * smooth
    variances = np.exp(scales)
    gradient = np.empty_like(scales)
    gradient[0] = variances[0] * np.vdot(slope, products)
    gradient[1] = variances[1] * np.vdot(slope, products**2)
    gradient[2] = bent.sum()
    nuggets = _nuggets_of(points.shape[1], kinds)
    gradient[nuggets] = variances[nuggets] * np.bincount(kinds, np.diag(slope))
    # sum_ij bent_ij (x_ik - x_jk)^2 for every k at once, without an array of (runs, runs, parameters)
    squares = 2.0 * (bent.sum(axis=1) @ points**2) - 2.0 * np.einsum("ik,ik->k", points, bent @ points)
    lengths = _lengths_of(points.shape[1])
    gradient[lengths] = squares / variances[lengths] ** 2
    weights_of = _weights_of(points.shape[1])
    trended = slope * (variances[0] + 2.0 * variances[1] * products)
    gradient[weights_of] = 2.0 * variances[weights_of] ** 2 * np.einsum("ik,ik->k", points, trended @ points)
    off = (scales - expected) / spread
    misfit = 0.5 * float(standard @ weights) + float(np.log(np.diag(root)).sum()) + 0.5 * float(off @ off)
    return misfit, gradient + off / spread


def _covariance(points: Floats, kinds: Kinds, scales: Floats) -> tuple[Floats, Floats, Floats]:
    """Covariance of runs, its smooth part, and the products of points, each of shape (runs, runs)."""
    linear, quadratic, variance = np.exp(scales[: len(_SHAPES)])
    weighted = points * np.exp(scales[_weights_of(points.shape[1])])
    products = weighted @ weighted.T
    smooth = variance * _bell(points, points, scales[_lengths_of(points.shape[1])])
    covariance = CONSTANT + OFFSET * np.equal.outer(kinds, kinds) + products * (linear + quadratic * products) + smooth
    covariance[np.diag_indices_from(covariance)] += np.exp(scales[_nuggets_of(points.shape[1], kinds)])[kinds]
    return covariance, smooth, products


def _bell(first: Floats, second: Floats, lengths: Floats) -> Floats:
    """exp(-distance^2 / 2) between two sets of points, distances in length-scales, shape (first, second)."""
    one, two = first * np.exp(-lengths), second * np.exp(-lengths)
    squared = np.square(one).sum(axis=1)[:, None] + np.square(two).sum(axis=1)[None, :] - 2.0 * one @ two.T
    return np.asarray(np.exp(-0.5 * np.maximum(squared, 0.0)), dtype=np.float64)
