"""Importance sampling of a posterior about its mode.

The proposal is a t distribution matched to mode and curvature, mixed with the prior to bound the weights; each later
round is matched to the weighted draws of the previous one (population Monte Carlo: Cappé O et al. 2004, J Comput Graph
Stat 13:907). Fast for unimodal posteriors; a small effective size shows where it has failed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np
from scipy.optimize import minimize
from scipy.special import logsumexp
from scipy.stats import multivariate_normal, multivariate_t

from calibration.fitting.problem import Floats

LogLikelihood = Callable[[Floats], Floats]
"""Log likelihood of normal scores (n, dimensions), shape (n,)."""
RandomSource = np.random.Generator | np.random.RandomState
_ROUNDS: Final = 6
_ENOUGH: Final = 0.25  # effective share of a round after which no further round is needed
_FREEDOM: Final = 7.0  # degrees of freedom of the proposal's tails
_FROM_PRIOR: Final = 0.05  # share of each round drawn from the prior
_STEP: Final = 1e-3  # of finite differences, in normal scores
_WIDER: Final = 1.15  # ratio of the proposal's variance to that of the matched distribution


class Proposal:
    """A t distribution, mixed with the prior."""

    def __init__(self, middle: Floats, shape: Floats) -> None:
        self._near = multivariate_t(middle, _WIDER * shape * (_FREEDOM - 2.0) / _FREEDOM, df=_FREEDOM)
        self._prior = multivariate_normal(np.zeros(len(middle)))
        self._dimensions = len(middle)

    def draw(self, number: int, random_state: RandomSource) -> Floats:
        """Draw ``number`` scores, shape (number, dimensions)."""
        near = self._near.rvs(number, random_state=random_state).reshape(number, self._dimensions)
        anywhere = self._prior.rvs(number, random_state=random_state).reshape(number, self._dimensions)
        from_prior = random_state.uniform(size=(number, 1)) < _FROM_PRIOR
        return np.asarray(np.where(from_prior, anywhere, near), dtype=np.float64)

    def log_density(self, scores: Floats) -> Floats:
        """Log density at scores, shape (n,)."""
        near, anywhere = self._near.logpdf(scores), self._prior.logpdf(scores)
        mixture = np.logaddexp(np.log(1.0 - _FROM_PRIOR) + near, np.log(_FROM_PRIOR) + anywhere)
        return np.atleast_1d(np.asarray(mixture, dtype=np.float64))


class WeightedDraws(NamedTuple):
    """Draws with weights that add up to 1, and a proposal matched to them."""

    scores: Floats  # (n, dimensions)
    weights: Floats  # (n,)
    proposal: Proposal

    @property
    def effective(self) -> float:
        """Effective sample size."""
        return _effective(self.weights)

    @property
    def spread(self) -> Floats:
        """Standard deviation of each dimension, shape (dimensions,)."""
        off = self.scores - self.weights @ self.scores
        return np.asarray(np.sqrt(self.weights @ np.square(off)), dtype=np.float64)

    def resampled(self, number: int, generator: np.random.Generator) -> Floats:
        """Resample ``number`` draws of equal weight, shape (number, dimensions)."""
        return self.scores[generator.choice(len(self.weights), size=number, p=self.weights)]


def importance_sample(
    log_likelihood: LogLikelihood, start: Floats, generator: np.random.Generator, size: int, power: float = 1.0
) -> WeightedDraws:
    """Draw ``size`` weighted draws of the prior times the likelihood to the ``power``.

    The prior is standard normal in every dimension; the search for the mode begins at ``start`` (dimensions,).
    """

    def log_density(scores: Floats) -> Floats:
        return np.asarray(power * log_likelihood(scores) - 0.5 * np.square(scores).sum(axis=1), dtype=np.float64)

    middle, shape = mode_and_shape(log_density, start)
    best: WeightedDraws | None = None
    for _ in range(_ROUNDS):
        proposal = Proposal(middle, shape)
        scores = proposal.draw(size, generator)
        logs = log_density(scores) - proposal.log_density(scores)
        weights = np.exp(logs - logsumexp(logs))
        middle, shape = _matched(scores, weights, shape)
        if best is None or _effective(weights) > best.effective:
            best = WeightedDraws(scores, weights, Proposal(middle, shape))
        if best.effective >= _ENOUGH * size:
            break
    assert best is not None  # there is at least one round
    return best


def mode_and_shape(log_density: Callable[[Floats], Floats], start: Floats) -> tuple[Floats, Floats]:
    """The mode of a log density of scores, and the covariance of the normal with the same curvature there."""
    dimensions = len(start)
    steps = _STEP * np.eye(dimensions)

    def downhill(at: Floats) -> tuple[float, Floats]:
        values = log_density(np.vstack([at, at + steps, at - steps]))
        return -float(values[0]), -(values[1 : dimensions + 1] - values[dimensions + 1 :]) / (2.0 * _STEP)

    found = minimize(downhill, start, jac=True, method="L-BFGS-B", options={"maxiter": 200})
    mode = np.asarray(found.x, dtype=np.float64)
    first, second = np.triu_indices(dimensions)
    wide = 30.0 * steps  # second differences need a wider step than first ones
    corners = [mode + one * wide[first] + other * wide[second] for one in (1, -1) for other in (1, -1)]
    up, mixed, against, down = np.split(log_density(np.vstack(corners)), 4)
    bend = np.zeros((dimensions, dimensions))
    bend[first, second] = -(up - mixed - against + down) / (4.0 * wide[0, 0] ** 2)
    bend = np.triu(bend) + np.triu(bend, 1).T
    # Where the density is flat or convex, its curvature is bounded below.
    sizes, axes = np.linalg.eigh(bend)
    return mode, np.asarray((axes / np.maximum(sizes, 0.5)) @ axes.T, dtype=np.float64)


def _matched(scores: Floats, weights: Floats, before: Floats) -> tuple[Floats, Floats]:
    """Mean and covariance of weighted draws; with few effective draws the covariance is shrunk towards ``before``."""
    middle = weights @ scores
    off = scores - middle
    shape = (off * weights[:, None]).T @ off
    effective = _effective(weights)
    known = effective / (effective + 4.0 * scores.shape[1])
    return middle, known * shape + (1.0 - known) * before


def _effective(weights: Floats) -> float:
    return float(1.0 / np.square(weights).sum())
