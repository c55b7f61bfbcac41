"""The arithmetic of each design against examples by hand, and its intervals against known spreads."""

from __future__ import annotations

import math

import numpy as np
import pytest

from simulator.evaluation.estimates import (
    against_comparators,
    before_after,
    compliers,
    difference_in_differences,
    group,
)

REACH = 1.959963984540054


def people(before: list[float], after: list[float], weight: list[float] | None = None):
    return group(np.array(before, float), np.array(after, float), None if weight is None else np.array(weight, float))


def test_before_after_by_hand() -> None:
    """Changes -2, 0, -1, -1: mean -1, standard deviation sqrt(2/3), four people."""
    found = before_after(people([3, 1, 2, 2], [1, 1, 1, 1]))
    assert found[:3] == (1.0, 2.0, -1.0)
    error = REACH * math.sqrt(2 / 3) / 2
    assert (found.low, found.high) == pytest.approx((-1 - error, -1 + error))
    # after/1 - before/2: -0.5, 0.5, 0, 0, of standard deviation sqrt(0.5/3).
    factor = math.exp(REACH * math.sqrt(0.5 / 3) / 2)
    assert (found.ratio_low, found.ratio_high) == pytest.approx((0.5 / factor, 0.5 * factor))


def test_matched_controls_count_by_their_weight() -> None:
    """Controls weigh 1/2, 1/4, 1/4: their rate is 1.25; Welch's interval with weights."""
    found = against_comparators(people([0, 0], [1, 0]), people([0, 0, 0], [2, 1, 0], [2, 1, 1]))
    assert found[:3] == (0.5, 1.25, -0.75)
    theirs = (0.5 * 0.75) ** 2 + (0.25 * 0.25) ** 2 + (0.25 * 1.25) ** 2
    error = REACH * math.sqrt(0.5 / 2 + theirs * 3 / 2)
    assert (found.low, found.high) == pytest.approx((-0.75 - error, -0.75 + error))


def test_difference_in_differences_subtracts_the_comparators_change() -> None:
    """People -1.5, comparators -0.5: an effect of -1 whatever the levels."""
    found = difference_in_differences(people([3, 2], [1, 1]), people([9, 7], [8, 7]))
    assert found[:3] == (1.0, 2.0, -1.0)
    error = REACH * math.sqrt(0.25 + 0.25)
    assert (found.low, found.high) == pytest.approx((-1 - error, -1 + error))


def test_the_effect_on_takers_is_that_of_the_offer_over_the_share_who_take_part() -> None:
    """Offered 0.75 against 1.0, and half take part: -0.5 on takers, whose own rate is 0.5."""
    offered, others = people([0] * 4, [1, 0, 1, 1]), people([0] * 4, [1, 1, 2, 0])
    found = compliers(offered, np.array([1.0, 1.0, 0.0, 0.0]), others)
    assert found[:3] == (0.5, 1.0, -0.5)
    by_offer = against_comparators(offered, others)
    assert found.difference == pytest.approx(by_offer.difference / 0.5)
    # (after + 0.5 took part) / 0.5: 3, 1, 2, 2 for those offered, after / 0.5: 2, 2, 4, 0 for the others.
    error = REACH * math.sqrt(2 / 3 / 4 + 8 / 3 / 4)
    assert (found.low, found.high) == pytest.approx((-0.5 - error, -0.5 + error))


def test_an_undefined_ratio_is_nan() -> None:
    none_before = before_after(people([0, 0], [1, 0]))
    assert none_before.difference == 0.5
    assert math.isnan(none_before.ratio_low)
    nobody_took_part = compliers(people([0, 0], [1, 0]), np.zeros(2), people([0, 0], [1, 0]))
    assert all(math.isnan(number) for number in nobody_took_part)
    nobody = before_after(people([], []))
    assert math.isnan(nobody.difference)
    assert math.isnan(before_after(people([1], [0])).low), "one person has no spread"


def test_intervals_have_their_nominal_coverage() -> None:
    """Of 400 studies each, with frailty that varies between people; 95 % give or take three standard errors."""
    luck = np.random.default_rng(1)
    held = np.zeros((3, 2))
    for _ in range(400):
        risk, others_risk = luck.gamma(1.0, 1.0, 300), luck.gamma(1.0, 1.0, 400)
        one = group(luck.poisson(risk), luck.poisson(0.8 * risk))
        other = group(luck.poisson(others_risk), luck.poisson(others_risk))
        took = (luck.random(300) < 0.6).astype(float)
        part = group(one.before, luck.poisson(risk * (1 - 0.4 * took)))
        for row, (found, truth, ratio) in enumerate(
            [
                (before_after(one), -0.2, 0.8),
                (difference_in_differences(one, other), -0.2, 0.8),
                (compliers(part, took, other), -0.4, 0.6),
            ]
        ):
            held[row] += (found.low <= truth <= found.high, found.ratio_low <= ratio <= found.ratio_high)
    assert (np.abs(held / 400 - 0.95) < 3 * math.sqrt(0.95 * 0.05 / 400)).all(), held / 400


def test_a_ratio_of_means_near_zero_has_no_interval_but_a_difference_has() -> None:
    """As of scores adjusted for those at entry, whose means can be anything."""
    found = against_comparators(people([0, 0], [1.001, -1.0]), people([0, 0], [1.0, -0.999]))
    assert (found.ratio_low, found.ratio_high) == (0.0, math.inf)
    assert found.low < 0.0 < found.high
