"""Statistics of paired replications: mean difference, range, Monte Carlo error, stochastic share, rounding.

Two scenarios run with the same seed share all random numbers that the policy does not affect, so the difference of a
pair varies far less than either run (common random numbers: Law 2015, Simulation Modeling and Analysis, 5th ed.,
section 11.2). Neighbouring seeds share one draw of the uncertain parameters, so that the variance of the differences
can be split into a stochastic and a parameter component. All runs have the same mechanisms, so that ranges and chances
are those of differences that lie further apart (`widened`).
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.comparison.discrepancy import discrepancy

Floats = NDArray[np.float64]

INTERVAL: Final = (0.10, 0.90)
"""An 80 % interval: from the 10th to the 90th percentile."""
DIGITS_WITHOUT_ERROR: Final = 2
"""Significant digits of a number whose Monte Carlo error is unknown (a single run)."""
DIGITS_WHEN_EXACT: Final = 4
"""Significant digits, at least down to whole numbers, of a number that is the same in every run."""


class Variance(NamedTuple):
    """Components of variance of grouped values. NaN where they cannot be separated."""

    stochastic: float  # within groups: same parameters, different random numbers
    parameter: float  # between groups: different parameters; 0 where the estimate is negative

    @property
    def stochastic_share(self) -> float:
        """Share of the variance that is stochastic, in [0, 1]; NaN if unknown or if nothing varies."""
        total = self.stochastic + self.parameter
        return self.stochastic / total if total > 0.0 else math.nan


class PairedDifference(NamedTuple):
    """Summary of n paired replications for one outcome, in the outcome's unit."""

    mean: float
    low: float  # 80 % range
    high: float
    monte_carlo_error: float  # standard error of the mean over the runs made
    stochastic_share: float  # share of the replications' variance that is stochastic
    fewer_in: int  # replications with a difference below zero
    equal_in: int  # replications with a difference of exactly zero
    runs: int


def paired_difference(differences: Floats, draws: NDArray[np.int64]) -> PairedDifference:
    """Summarise differences, shape (n,), whose parameter draws are numbered by ``draws``, shape (n,).

    The range is what one place might see over one horizon: parameter and stochastic uncertainty and the model
    discrepancy together.

    >>> result = paired_difference(np.array([-3.0, -1.0, -2.0, 0.0]), np.array([0, 0, 1, 1]))
    >>> result.mean, result.fewer_in, result.equal_in, result.runs
    (-1.5, 3, 1, 4)
    """
    variance = components_of_variance(differences, draws)
    low, high = range_of(differences)
    return PairedDifference(
        mean=float(differences.mean()),
        low=low,
        high=high,
        monte_carlo_error=_error(differences, draws, variance),
        stochastic_share=variance.stochastic_share,
        fewer_in=int(np.count_nonzero(differences < 0.0)),
        equal_in=int(np.count_nonzero(differences == 0.0)),
        runs=len(differences),
    )


def widened(differences: Floats) -> Floats:
    """Differences, shape (..., n), each further from their median by the ratio of `simulator.comparison.discrepancy`.

    From the median, since a few large differences would move the mean, and with it the many to its other side.

    >>> widened(np.array([-10.0, 0.0, 20.0])).tolist()
    [-12.0, 0.0, 24.0]
    """
    middle = np.median(differences, axis=-1, keepdims=True)
    return np.asarray(middle + discrepancy().ratio * (differences - middle), np.float64)


def range_of(differences: Floats) -> tuple[float, float]:
    """The 80 % range of differences, shape (n,): the middle 80 % of them, `widened`."""
    low, high = np.quantile(widened(differences), INTERVAL, method=_DEFINITION_8).tolist()
    return float(low), float(high)


def percentile(values: Floats, share: float) -> float:
    """Interpolated percentile of a small sample, approximately median-unbiased.

    Hyndman and Fan 1996 (Sample quantiles in statistical packages, American Statistician 50:361), definition 8,
    which they recommend; the smallest or largest value where it lies outside the sample.

    >>> percentile(np.arange(1.0, 10.0), 0.5)
    5.0
    """
    return float(np.quantile(values, share, method=_DEFINITION_8))


_DEFINITION_8: Final = "median_unbiased"


@lru_cache(maxsize=64)
def _grouping(groups: bytes) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Which group each value is of, shape (n,), and how large groups are, shape (a,), from the bytes of their numbers:
    a table asks for the same again and again.
    """
    _, position, sizes = np.unique(np.frombuffer(groups, np.int64), return_inverse=True, return_counts=True)
    return position, sizes


def components_of_variance(values: Floats, groups: NDArray[np.int64]) -> Variance:
    """Stochastic variance within groups and parameter variance between them, by one-way random-effects ANOVA.

    For groups of unequal size, Searle, Casella and McCulloch 1992 (Variance Components), section 3.6: the stochastic
    component is the mean square within, the parameter component (mean square between - mean square within) / n0, and 0
    where that is negative. NaN with fewer than two groups or if no group has two values.

    >>> components_of_variance(np.array([1.0, 3.0, 7.0, 9.0]), np.array([0, 0, 1, 1]))
    Variance(stochastic=2.0, parameter=17.0)
    """
    position, sizes = _grouping(groups.astype(np.int64).tobytes())
    n, a = len(values), len(sizes)
    if a < 2 or n == a:
        return Variance(math.nan, math.nan)
    means = np.bincount(position, weights=values) / sizes
    within = float(((values - means[position]) ** 2).sum() / (n - a))
    between = float((sizes * (means - values.mean()) ** 2).sum() / (a - 1))
    n0 = (n - float((sizes**2).sum()) / n) / (a - 1)
    return Variance(within, max(0.0, (between - within) / n0))


def monte_carlo_error(values: Floats, groups: NDArray[np.int64]) -> float:
    """Standard error of the mean of ``values`` over the runs made, from random numbers and parameter draws.

    ``sqrt(stochastic / n + parameter * sum(size^2) / n^2)`` with the components above: values that share a draw are not
    independent, so the usual ``sd / sqrt(n)`` would be too small. Where the components cannot be separated it is
    ``sd / sqrt(n)``; NaN for a single run. It shrinks as runs are added; the range does not.

    >>> monte_carlo_error(np.array([1.0, 3.0, 7.0, 9.0]), np.array([0, 0, 1, 1]))
    3.0
    """
    return _error(values, groups, components_of_variance(values, groups))


def _error(values: Floats, groups: NDArray[np.int64], variance: Variance) -> float:
    n = len(values)
    if n < 2:
        return math.nan
    stochastic, parameter = variance
    if math.isnan(stochastic):
        return float(values.std(ddof=1) / math.sqrt(n))
    _, sizes = _grouping(groups.astype(np.int64).tobytes())
    return math.sqrt(stochastic / n + parameter * float((sizes**2).sum()) / n**2)


def decimals_for(error: float, value: float) -> int:
    """Decimal places to print: down to the first significant digit of the Monte Carlo error.

    Negative places round to tens, hundreds and so on. A value with an unknown error gets two significant digits; one
    with an error of 0 is exact and gets four, and whole numbers are unchanged.

    >>> decimals_for(0.37, 12.3), decimals_for(3.7, 123.4), decimals_for(37.0, 1234.0)
    (1, 0, -1)
    >>> decimals_for(math.nan, 1234.0), decimals_for(0.0, 12345.67), decimals_for(0.0, 1.2345), decimals_for(0.0, 0.0)
    (-2, 0, 3, 0)
    """
    if math.isnan(error):
        return DIGITS_WITHOUT_ERROR - 1 - _magnitude(value)
    if error == 0.0:
        return 0 if float(value).is_integer() else max(0, DIGITS_WHEN_EXACT - 1 - _magnitude(value))
    return -_magnitude(error)


def rounded(value: float, decimals: int) -> float:
    """``value`` rounded to this number of decimal places; never a negative zero.

    >>> rounded(-1234.5, -2), rounded(-0.04, 1)
    (-1200.0, 0.0)
    """
    return round(value, decimals) + 0.0


def _magnitude(value: float) -> int:
    """Power of ten of the first significant digit after rounding to one digit (0.096 is 0.1)."""
    if value == 0.0 or math.isnan(value):
        return 0
    return int(f"{abs(value):.0e}".split("e")[1])


NOTHING: Final = PairedDifference(math.nan, math.nan, math.nan, math.nan, math.nan, 0, 0, 0)
"""The summary of no replications."""
