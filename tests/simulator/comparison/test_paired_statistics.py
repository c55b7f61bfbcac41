"""Statistics of paired replications, against published examples, known truth and limits."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.comparison.comparison_row import OutcomeLabel, Pairs, contrast
from simulator.comparison.paired_statistics import (
    components_of_variance,
    decimals_for,
    monte_carlo_error,
    paired_difference,
    percentile,
    rounded,
)


def test_percentile_is_definition_8_of_hyndman_and_fan():
    # Hyndman and Fan 1996: position n p + (p + 1) / 3; here 9 * 0.1 + 1.1 / 3 = 1.2667 of 1..9.
    assert percentile(np.arange(1.0, 10.0), 0.1) == pytest.approx(1.0 + 0.26666667)
    assert percentile(np.arange(1.0, 10.0), 0.9) == pytest.approx(9.0 - 0.26666667)


def test_percentile_of_a_tiny_sample_stays_within_it():
    assert percentile(np.array([2.0, 4.0]), 0.1) == 2.0
    assert percentile(np.array([3.0]), 0.9) == 3.0


def test_components_of_variance_of_a_textbook_table():
    # One-way random model, equal groups: within 3.5, between 46.5 (by hand), n0 = 2.
    values = np.array([10.0, 12.0, 15.0, 18.0, 20.0, 19.0])
    found = components_of_variance(values, np.array([0, 0, 1, 1, 2, 2]))
    within = (2.0 + 4.5 + 0.5) / 3
    between = 2 * ((11.0 - 47 / 3) ** 2 + (16.5 - 47 / 3) ** 2 + (19.5 - 47 / 3) ** 2) / 2
    assert found.stochastic == pytest.approx(within)
    assert found.parameter == pytest.approx((between - within) / 2)


def test_components_of_variance_recover_a_known_truth_with_unequal_groups():
    rng = np.random.default_rng(3)
    groups = np.repeat(np.arange(4000), rng.integers(1, 4, 4000))
    values = rng.normal(0.0, 2.0, 4000)[groups] + rng.normal(0.0, 3.0, len(groups))
    found = components_of_variance(values, groups)
    assert found.parameter == pytest.approx(4.0, rel=0.1)
    assert found.stochastic == pytest.approx(9.0, rel=0.1)
    assert found.stochastic_share == pytest.approx(9.0 / 13.0, abs=0.03)


def test_a_negative_parameter_variance_estimate_is_zero():
    found = components_of_variance(np.array([0.0, 10.0, 0.0, 10.0]), np.array([0, 0, 1, 1]))
    assert (found.parameter, found.stochastic_share) == (0.0, 1.0)


@pytest.mark.parametrize(("values", "groups"), [([1.0, 2.0], [0, 0]), ([1.0, 2.0, 3.0], [0, 1, 2]), ([1.0], [0])])
def test_the_stochastic_share_needs_two_groups_and_a_pair(values, groups):
    assert math.isnan(components_of_variance(np.array(values), np.array(groups)).stochastic_share)


def test_the_stochastic_share_is_unknown_without_variation():
    assert math.isnan(components_of_variance(np.zeros(4), np.array([0, 0, 1, 1])).stochastic_share)


def test_monte_carlo_error_of_independent_runs_is_the_usual_standard_error():
    values = np.array([1.0, 2.0, 3.0, 4.0])
    assert monte_carlo_error(values, np.zeros(4, np.int64)) == pytest.approx(values.std(ddof=1) / 2.0)


def test_with_only_parameter_variance_the_error_is_that_of_group_means():
    values = np.repeat([1.0, 5.0, 9.0], 2)
    error = monte_carlo_error(values, np.repeat([0, 1, 2], 2))
    assert error == pytest.approx(np.array([1.0, 5.0, 9.0]).std(ddof=1) / math.sqrt(3))


def test_monte_carlo_error_says_how_far_the_mean_is_from_the_truth():
    rng = np.random.default_rng(11)
    groups = np.repeat(np.arange(15), 2)
    means, errors = [], []
    for _ in range(2000):
        values = rng.normal(0.0, 2.0, 15)[groups] + rng.normal(0.0, 1.0, 30)
        means.append(values.mean())
        errors.append(monte_carlo_error(values, groups))
    assert np.mean(errors) == pytest.approx(np.std(means), rel=0.05)


def test_one_run_has_no_monte_carlo_error():
    assert math.isnan(monte_carlo_error(np.array([3.0]), np.array([0])))


def test_ties_are_counted_separately():
    found = paired_difference(np.array([-1.0, 0.0, 0.0, 2.0]), np.array([0, 0, 1, 1]))
    assert (found.fewer_in, found.equal_in, found.runs) == (1, 2, 4)


@pytest.mark.parametrize(
    ("error", "value", "decimals"),
    [(0.4, 12.0, 1), (0.96, 12.0, 0), (9.6, 120.0, -1), (3.0, 1234.0, 0), (140.0, 1234.0, -2), (math.nan, 0.123, 2)],
)
def test_numbers_end_at_the_first_digit_of_their_error(error, value, decimals):
    assert decimals_for(error, value) == decimals


@given(st.floats(-1e9, 1e9), st.floats(1e-6, 1e6))
def test_rounding_never_moves_a_number_by_more_than_its_error(value, error):
    assert abs(rounded(value, decimals_for(error, value)) - value) <= 0.53 * error + 1e-9 * abs(value)


@pytest.mark.parametrize(("unit", "percent"), [("admissions", -50.0), ("SD", math.nan)])
def test_a_difference_in_standard_deviations_has_no_percentage(unit, percent):
    described = OutcomeLabel("some", "Some", unit, "less")
    pairs = Pairs(np.array([0.02, 0.02]), np.array([0.01, 0.01]), np.array([0, 1]))
    row = contrast(described, pairs, math.nan, to_error=False)
    assert row["verdict"] == ""
    assert row["percent"] == pytest.approx(percent, nan_ok=True)
    assert row["difference"] == pytest.approx(-0.01)
