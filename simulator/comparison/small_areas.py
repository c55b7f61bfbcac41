"""Estimates for many small areas at once, each drawing on the others: the model of Fay and Herriot.

An area simulated with few residents differs from others mostly by chance. What its own runs say is therefore combined
with what areas of its kind show: ``y = x b + v + e``, where ``y`` is the mean difference of an area's pairs, ``x`` says
of which kind it is, ``v`` is its own departure from its kind, of variance ``t``, and ``e`` is chance, of variance
``c``. The estimate is ``x b + w (y - x b)`` with the weight ``w = t / (t + c)`` of the area's own runs, and its error
the leading terms of its mean squared error, ``w c + (1 - w)^2 x V x'`` with V the variance of b. (Fay and Herriot 1979,
Estimates of income for small places, J Am Stat Assoc 74:269; Rao and Molina 2015, Small Area Estimation, 2nd ed.,
section 6.1, where ``t`` is found by moments.)

Chance is what remains of a pair's difference after those of its area and of its parameter draw, in proportion to one
over the number of residents. Parameters are shared by all areas: how the effect on each kind differs between draws is
kept, so that a range covers it.
"""

from __future__ import annotations

from statistics import NormalDist
from typing import Final, NamedTuple

import numpy as np
from scipy import optimize

from simulator.comparison.paired_statistics import Floats

POINTS: Final = 9
"""Points of the normal distribution that stand for an estimate's error: the middles of so many equal shares."""
_LEAST: Final = 1e-12
"""The least variance of chance, as a share of all variance: weights stay finite where runs do not vary."""
_NORMAL: Final = np.array([NormalDist().inv_cdf((point + 0.5) / POINTS) for point in range(POINTS)])


class SmallAreas(NamedTuple):
    """Estimates of n areas from s pairs each, in the outcome's unit."""

    estimate: Floats  # shape (n,)
    error: Floats  # standard error without that of parameters, shape (n,)
    own: Floats  # weight of an area's own runs, from 0 to 1, shape (n,)
    by_pair: Floats  # what its kind shows in each pair, less the mean of the pairs, shape (s, n)

    @property
    def monte_carlo_error(self) -> Floats:
        """Standard error of the estimates over the pairs made, those of parameters among it, shape (n,)."""
        pairs = len(self.by_pair)
        return np.asarray(np.sqrt(self.error**2 + self.by_pair.var(axis=0, ddof=1) / pairs))

    def differences(self, area: int) -> Floats:
        """Values of an area that its estimate allows, `POINTS` for each pair, shape (s * POINTS,)."""
        error = self.error[area] * _NORMAL
        return np.asarray((self.estimate[area] + self.by_pair[:, area, None] + error[None, :]).ravel())


def small_areas(differences: Floats, residents: Floats, kinds: Floats) -> SmallAreas:
    """Estimates from the differences of s pairs in n areas, shape (s, n).

    ``residents`` are those simulated, shape (n,); ``kinds`` describes the areas, shape (n, k), without a constant.
    Raises ValueError for fewer than two pairs, or fewer areas than there are coefficients.

    >>> kinds = np.array([[0.0], [1.0], [2.0], [3.0]])
    >>> exact = small_areas(np.array([[1.0, 2.0, 3.0, 4.0], [3.0, 4.0, 5.0, 6.0]]), np.ones(4), kinds)
    >>> exact.estimate.round(6).tolist(), exact.by_pair.round(6)[:, 0].tolist()
    ([2.0, 3.0, 4.0, 5.0], [-1.0, 1.0])
    """
    s, n = differences.shape
    x = np.column_stack([np.ones(n), kinds - kinds.mean(axis=0)])
    if s < 2 or n <= x.shape[1]:
        raise ValueError(
            f"{s} pairs in {n} areas are too few: give 2 pairs or more, and {x.shape[1] + 1} or more areas."
        )
    mean = differences.mean(axis=0)
    rest = differences - mean - differences.mean(axis=1, keepdims=True) + differences.mean()
    chance = float((residents * rest**2).sum()) / ((s - 1) * (n - 1)) / (s * residents)
    chance = np.maximum(chance, _LEAST * (float(differences.var()) or 1.0))
    departure = _variance_between(mean, chance, x)
    coefficients, variance = _fitted(mean, chance + departure, x)
    own = departure / (departure + chance)
    of_kind = x @ coefficients
    squared = own * chance + (1.0 - own) ** 2 * np.einsum("ij,jk,ik->i", x, variance, x)
    by_pair = np.stack([x @ _fitted(one, chance + departure, x)[0] for one in differences])
    return SmallAreas(of_kind + own * (mean - of_kind), np.sqrt(squared), own, by_pair - by_pair.mean(axis=0))


def _variance_between(mean: Floats, chance: Floats, x: Floats) -> float:
    """The variance t of areas about their kind at which weighted squares are as expected; 0 if chance is enough."""
    expected = float(len(mean) - x.shape[1])

    def beyond(variance: float) -> float:
        coefficients, _ = _fitted(mean, chance + variance, x)
        return float((((mean - x @ coefficients) ** 2) / (chance + variance)).sum()) - expected

    if beyond(0.0) <= 0.0:
        return 0.0
    found: float = optimize.brentq(beyond, 0.0, float(((mean - mean.mean()) ** 2).sum()))
    return found


def _fitted(values: Floats, variance: Floats, x: Floats) -> tuple[Floats, Floats]:
    """Coefficients by weighted least squares, and their variance."""
    weights = 1.0 / variance
    inverse = np.asarray(np.linalg.pinv(x.T @ (weights[:, None] * x)), np.float64)
    return inverse @ (x.T @ (weights * values)), inverse
