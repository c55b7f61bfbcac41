"""From a draw to a number: means, published quantiles, and monotonicity."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from simulator.rules import chance

EVEN = (np.arange(20_000) + 0.5) / 20_000
draws = st.floats(1e-9, 1.0 - 1e-9)


@given(expected=st.floats(0.0, 30.0))
def test_a_whole_number_has_its_mean_and_is_one_of_the_two_nearest(expected: float) -> None:
    numbers = [chance.whole_number(u, expected) for u in EVEN[::10].tolist()]
    assert set(numbers) <= {math.floor(expected), math.floor(expected) + 1}
    assert np.mean(numbers) == pytest.approx(expected, abs=1e-3)


@pytest.mark.parametrize("mean", [1.0, 1.5, 3.7, 10.8])
def test_a_stay_has_its_mean_and_lasts_a_day_at_least(mean: float) -> None:
    days = [chance.whole_days(u, mean) for u in EVEN.tolist()]
    assert min(days) == 1
    assert np.mean(days) == pytest.approx(mean, rel=2e-3)


def test_a_stay_of_less_than_a_day_on_average_is_a_day() -> None:
    assert {chance.whole_days(u, 0.4) for u in (0.001, 0.5, 0.999)} == {1}


@given(mean=st.floats(1.01, 30.0), days=st.integers(1, 60))
def test_a_stay_is_one_and_a_geometric_number_of_days(mean: float, days: int) -> None:
    longer = ((mean - 1.0) / mean) ** days  # the chance of more than this many days
    assert chance.whole_days(longer * 0.999999, mean) > days
    assert chance.whole_days(min(1.0 - 1e-12, longer * 1.000001), mean) <= days


@given(rate=st.floats(0.0, 20.0))
def test_weekly_probabilities_make_up_the_yearly_rate(rate: float) -> None:
    weekly = chance.weekly_probability(rate)
    assert 0.0 <= weekly < 1.0
    assert (1.0 - weekly) ** 52 == pytest.approx(math.exp(-rate), rel=1e-9)


@pytest.mark.parametrize(
    ("probability", "published"),
    [(0.25, -0.6744897501960817), (0.001, -3.090232306167814), (1e-20, -9.262340089798408)],
)
def test_normal_quantiles_of_wichura_1988(probability: float, published: float) -> None:
    """The three test values printed with Algorithm AS 241."""
    assert chance.normal_quantile(probability) == pytest.approx(published, rel=1e-6)


@given(u=draws)
def test_a_normal_quantile_is_that_of_the_normal_distribution(u: float) -> None:
    assert chance.normal_quantile(u) == pytest.approx(float(stats.norm.ppf(u)), rel=2e-6, abs=2e-7)


@given(u=st.floats(1e-6, 0.5))
def test_normal_quantiles_are_symmetric(u: float) -> None:
    assert chance.normal_quantile(1.0 - u) == pytest.approx(-chance.normal_quantile(u), rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("spread", [0.0, 0.3, 0.8])
def test_a_ratio_has_mean_one_and_its_spread(spread: float) -> None:
    ratios = np.array([chance.lognormal_mean_one(u, spread) for u in EVEN.tolist()])
    assert ratios.mean() == pytest.approx(1.0, abs=2e-3)
    assert np.log(ratios).std() == pytest.approx(spread, abs=2e-3)


@given(u=draws, higher=draws, spread=st.floats(0.0, 1.5))
def test_a_higher_random_number_never_gives_a_lower_ratio(u: float, higher: float, spread: float) -> None:
    low, high = sorted([u, higher])
    assert 0.0 < chance.lognormal_mean_one(low, spread) <= chance.lognormal_mean_one(high, spread) * (1 + 1e-6)
