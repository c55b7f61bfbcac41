"""Distributions of evidence values as quantile functions: the value is the median, with low and high on either side.

Each distribution has two halves that meet at the median, so that an interval need not be symmetric (two-piece
distributions: Wallis KF 2014, "The two-piece normal, binormal, or double Gaussian distribution", Statistical Science
29:106; here each half has half of the probability, so that the published central value is the median).
"""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import Final, Literal

Distribution = Literal["fixed", "normal", "lognormal", "logit-normal", "uniform", "triangular"]

INTERVAL_ENDS: Final = (0.025, 0.975)
"""Quantiles of low and high; in a uniform or triangular distribution they are the ends, quantiles 0 and 1."""
_Z_HIGH: Final = NormalDist().inv_cdf(INTERVAL_ENDS[1])


def quantile_of(distribution: Distribution, value: float, low: float, high: float, quantile: float) -> float:
    """The value at ``quantile`` (strictly between 0 and 1) of the distribution, in the unit of ``value``.

    >>> quantile_of("lognormal", 1.15, 1.05, 1.40, 0.5)
    1.15
    >>> round(quantile_of("lognormal", 1.15, 1.05, 1.40, 0.975), 6)
    1.4
    >>> quantile_of("uniform", 4.0, 0.0, 5.0, 0.25)
    2.0
    """
    if distribution == "fixed" or low == value == high or quantile == 0.5:
        return value
    far = low if quantile < 0.5 else high
    if distribution == "uniform":
        return value + (far - value) * abs(2.0 * quantile - 1.0)
    if distribution == "triangular":
        return value + (far - value) * (1.0 - math.sqrt(2.0 * min(quantile, 1.0 - quantile)))
    distance = abs(NormalDist().inv_cdf(quantile)) / _Z_HIGH
    if distribution == "normal":
        return value + (far - value) * distance
    if distribution == "lognormal":
        return value * math.exp(math.log(far / value) * distance)
    return _from_logit(_logit(value) + (_logit(far) - _logit(value)) * distance)


def why_impossible(distribution: Distribution, value: float, low: float, high: float) -> str | None:
    """Reason why these three numbers cannot form this distribution, or None if they can.

    >>> why_impossible("lognormal", 1.0, 0.0, 2.0)
    'a lognormal value must be above 0'
    """
    if low == value == high:
        return None
    if distribution == "lognormal" and low <= 0.0:
        return "a lognormal value must be above 0"
    if distribution == "logit-normal" and not (low > 0.0 and high < 1.0):
        return "a logit-normal value must be above 0 and below 1"
    return None


def _logit(share: float) -> float:
    return math.log(share / (1.0 - share))


def _from_logit(log_odds: float) -> float:
    return 1.0 / (1.0 + math.exp(-log_odds))
