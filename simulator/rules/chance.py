"""Conversions from a uniform random number to a count, a length of stay or a random ratio."""

from __future__ import annotations

import math

from simulator.foundations.compiling import rule


@rule
def whole_number(u: float, expected: float) -> int:
    """A random whole number with mean ``expected``: its whole part, plus 1 with the remainder as probability.

    >>> whole_number(0.3, 1.4), whole_number(0.5, 1.4)
    (2, 1)
    """
    if 0.0 <= expected < 1.0:  # the usual case, and faster than taking the whole part
        return 1 if u < expected else 0
    whole = math.floor(expected)
    if u < expected - whole:
        return int(whole) + 1
    return int(whole)


@rule
def certainly_above(u: float, scale: float, exponent: float) -> bool:
    """Whether ``u`` is certainly not below ``scale * exp(exponent)``, without computing exp; False if uncertain.

    Most draws are far above the small hazard they are compared with. exp(y) is at most (1 - y / 8) ** -8 for y < 8,
    because 1 - z is at most exp(-z); one part in a billion allows for rounding.

    >>> certainly_above(0.5, 0.01, 1.0), certainly_above(0.028, 0.01, 1.0), certainly_above(0.02, 0.01, 1.0)
    (True, False, False)
    """
    if exponent >= 8.0:
        return False
    root = 1.0 - exponent / 8.0
    root = root * root
    root = root * root
    return u * (root * root) >= scale * (1.0 + 1e-9)


@rule
def happens_beyond(u: float, used: float, probability: float) -> bool:
    """Whether an event of this ``probability`` happens, using the part of ``u`` that another rule left unused.

    The other rule used ``u`` below ``used`` [probability].

    >>> happens_beyond(0.1, 0.2, 0.5), happens_beyond(0.5, 0.2, 0.5), happens_beyond(0.7, 0.2, 0.5)
    (False, True, False)
    """
    return used <= u < used + (1.0 - used) * probability


@rule
def whole_days(u: float, mean: float) -> int:
    """A random stay of at least one day with this ``mean`` [days]: one plus a geometric number of days.

    >>> whole_days(0.999999, 5.0), whole_days(0.5, 1.0)
    (1, 1)
    """
    if mean <= 1.0:
        return 1
    return 1 + math.floor(math.log(u) / math.log((mean - 1.0) / mean))


@rule
def weekly_probability(rate_per_year: float) -> float:
    """Weekly probability of an event with this yearly rate [per year], for a constant hazard and a 52-week year.

    >>> weekly_probability(0.0)
    0.0
    """
    return 1.0 - math.exp(-rate_per_year / 52.0)


@rule
def normal_quantile(u: float) -> float:
    """Standard normal quantile of ``u`` in (0, 1), to about 1e-7.

    Source: Wichura MJ 1988, Algorithm AS 241 (PPND7), Applied Statistics 37:477.

    >>> round(normal_quantile(0.5), 9), round(normal_quantile(0.975), 5), round(normal_quantile(0.001), 5)
    (0.0, 1.95996, -3.09023)
    """
    q = u - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        top = ((59.109374720 * r + 159.29113202) * r + 50.434271938) * r + 3.3871327179
        bottom = ((67.187563600 * r + 78.757757664) * r + 17.895169469) * r + 1.0
        return q * top / bottom
    r = u if q < 0.0 else 1.0 - u
    r = math.sqrt(-math.log(r))
    if r <= 5.0:
        r = r - 1.6
        top = ((0.17023821103 * r + 1.3067284816) * r + 2.7568153900) * r + 1.4234372777
        bottom = (0.12021132975 * r + 0.73700164250) * r + 1.0
    else:
        r = r - 5.0
        top = ((0.017337203997 * r + 0.42868294337) * r + 3.0812263860) * r + 6.6579051150
        bottom = (0.012258202635 * r + 0.24197894225) * r + 1.0
    value = top / bottom
    return -value if q < 0.0 else value


@rule
def lognormal_mean_one(u: float, spread: float) -> float:
    """A log-normal ratio with mean 1 and standard deviation ``spread`` of its logarithm.

    >>> lognormal_mean_one(0.5, 0.0)
    1.0
    """
    return math.exp(spread * normal_quantile(u) - 0.5 * spread * spread)
