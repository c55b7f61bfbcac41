"""Estimators of the four study designs: rates in admissions per person-year, with intervals.

Each design gives a rate of the people it is about, the rate *expected* for them without the programme, and the
difference. 95 % intervals use the linearised variance over persons: an estimate is a smooth function of means, so its
error is a weighted sum of persons' deviations, with variance ``sum(w^2 (z - mean z)^2) n / (n - 1)`` in each group,
treating groups as independent (Särndal, Swensson and Wretman 1992, Model Assisted Survey Sampling, ch. 5.5). The
interval of a ratio is computed on its logarithm. With equal weights that of a difference of two groups is Welch's.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

Floats = NDArray[np.float64]

_BEYOND: Final = 700.0
"""Logarithm of a ratio too large for a number, as between scores that are 0 on average."""
LEVEL: Final = 0.95
"""Confidence level of the intervals."""


class Estimate(NamedTuple):
    """Result of a study. Rates and differences per person-year; ratios are rate / expected."""

    rate: float
    expected: float
    difference: float
    low: float
    high: float
    ratio_low: float
    ratio_high: float


class Group(NamedTuple):
    """Data on each person of a group, each array of shape (persons,): admissions of two years, or two scores."""

    before: Floats
    after: Floats
    weight: Floats  # adds up to 1


def group(before: Floats, after: Floats, weight: Floats | None = None) -> Group:
    """A group with weights scaled to add up to 1, by default equal."""
    weights = np.ones(len(after)) if weight is None else np.asarray(weight, np.float64)
    total = weights.sum()
    return Group(np.asarray(before, np.float64), np.asarray(after, np.float64), weights / total if total else weights)


def before_after(people: Group) -> Estimate:
    """The year after compared with the year before, in the same people.

    >>> two = group(np.array([2.0, 1.0]), np.array([1.0, 0.0]))
    >>> before_after(two)[:3]
    (0.5, 1.5, -1.0)
    """
    rate, expected = _mean(people, people.after), _mean(people, people.before)
    by_ratio = _share(people.after, rate) - _share(people.before, expected)
    return _estimate(rate, expected, [(people, people.after - people.before)], [(people, by_ratio)])


def against_comparators(people: Group, comparators: Group) -> Estimate:
    """The year after of people compared with that of comparators: matched controls or the control arm.

    >>> people, others = group(np.zeros(2), np.array([1.0, 0.0])), group(np.zeros(3), np.array([1.0, 0.0, 2.0]))
    >>> against_comparators(people, others)[:3]
    (0.5, 1.0, -0.5)
    """
    rate, expected = _mean(people, people.after), _mean(comparators, comparators.after)
    return _estimate(
        rate,
        expected,
        [(people, people.after), (comparators, comparators.after)],
        [(people, _share(people.after, rate)), (comparators, _share(comparators.after, expected))],
    )


def difference_in_differences(people: Group, comparators: Group) -> Estimate:
    """The change of people from the year before to the year after, minus the change of comparators.

    The expected rate is the people's year before plus the comparators' change (parallel trends).

    >>> people, others = group(np.array([3.0, 1.0]), np.array([1.0, 0.0])), group(np.ones(2), np.array([1.0, 0.0]))
    >>> difference_in_differences(people, others)[:3]
    (0.5, 1.5, -1.0)
    """
    change, others = people.after - people.before, comparators.after - comparators.before
    rate = _mean(people, people.after)
    expected = _mean(people, people.before) + _mean(comparators, others)
    by_ratio = _share(people.after, rate) - _share(people.before, expected)
    return _estimate(
        rate,
        expected,
        [(people, change), (comparators, others)],
        [(people, by_ratio), (comparators, _share(others, expected))],
    )


def adjusted_for_before(people: Group, comparators: Group) -> tuple[Group, Group]:
    """Both groups with ``after`` less what ``before`` predicts of it: analysis of covariance with one common slope.

    >>> people, others = group(np.array([0.0, 2.0]), np.array([0.0, 1.0])), group(np.ones(1), np.ones(1))
    >>> [one.after.tolist() for one in adjusted_for_before(people, others)]
    [[0.0, 0.0], [0.5]]
    """
    products, squares = 0.0, 0.0
    for one in (people, comparators):
        deviation = one.before - _mean(one, one.before)
        products += len(one.after) * float((one.weight * deviation * one.after).sum())
        squares += len(one.after) * float((one.weight * deviation**2).sum())
    slope = products / squares if squares > 0.0 else 0.0
    return (
        people._replace(after=people.after - slope * people.before),
        comparators._replace(after=comparators.after - slope * comparators.before),
    )


def compliers(offered: Group, took_part: Floats, others: Group) -> Estimate:
    """The effect on those who take part if offered: the intention-to-treat effect over the share who take part.

    The instrumental-variable estimate with the offer as instrument, valid where no one else can take part (Bloom HS
    1984, Evaluation Review 8:225; Angrist, Imbens and Rubin 1996, JASA 91:444). ``took_part`` is 1 for those offered
    who did. NaN throughout if no one did.

    >>> offered, others = group(np.zeros(4), np.array([0.0, 0.0, 1.0, 1.0])), group(np.zeros(2), np.array([1.0, 1.0]))
    >>> compliers(offered, np.array([1.0, 1.0, 0.0, 0.0]), others)[:3]
    (0.0, 1.0, -1.0)
    """
    share = _mean(offered, took_part)
    if share <= 0.0:
        return Estimate(*[math.nan] * len(Estimate._fields))
    takers, rest = offered.after * took_part, offered.after * (1.0 - took_part)
    rate = _mean(offered, takers) / share
    difference = (_mean(offered, offered.after) - _mean(others, others.after)) / share
    expected = rate - difference
    by_difference = (offered.after - difference * took_part) / share
    # Rate over expected is E[takers] over (E[others] - E[rest]): the share cancels.
    by_ratio = _share(takers, rate * share) + _share(rest, expected * share)
    return _estimate(
        rate,
        expected,
        [(offered, by_difference), (others, others.after / share)],
        [(offered, by_ratio), (others, _share(others.after, expected * share))],
    )


def _estimate(
    rate: float, expected: float, differences: list[tuple[Group, Floats]], ratios: list[tuple[Group, Floats]]
) -> Estimate:
    reach = float(ndtri(0.5 + LEVEL / 2.0))
    difference = rate - expected
    error = reach * math.sqrt(sum(_variance(people, values) for people, values in differences))
    low, high = difference - error, difference + error
    if not (rate > 0.0 and expected > 0.0):
        return Estimate(rate, expected, difference, low, high, math.nan, math.nan)
    log_error = reach * math.sqrt(sum(_variance(people, values) for people, values in ratios))
    factor = math.exp(log_error) if log_error < _BEYOND else math.inf
    return Estimate(rate, expected, difference, low, high, rate / expected / factor, rate / expected * factor)


def _mean(people: Group, values: Floats) -> float:
    return float((people.weight * values).sum()) if len(values) else math.nan


def _variance(people: Group, values: Floats) -> float:
    """Variance of the weighted mean of ``values`` over persons; NaN with fewer than two."""
    count = len(values)
    if count < 2:
        return math.nan
    deviation = people.weight * (values - _mean(people, values))
    return float((deviation**2).sum()) * count / (count - 1)


def _share(values: Floats, of: float) -> Floats:
    return values / of if of else np.full(len(values), math.nan)
