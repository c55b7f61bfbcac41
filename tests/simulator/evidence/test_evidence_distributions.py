"""Distributions of evidence values: low, value and high are respected, and values stay within their unit."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.evidence.distributions import INTERVAL_ENDS, quantile_of, why_impossible
from simulator.evidence.values import Value
from simulator.foundations.categories import CONDITIONS

SHAPES = st.sampled_from(["normal", "lognormal", "logit-normal", "uniform", "triangular"])
SHARES = st.lists(st.floats(0.01, 0.99), min_size=3, max_size=3).map(sorted)
QUANTILES = st.floats(1e-9, 1 - 1e-9)


def value(**changes: object) -> Value:
    fields: dict[str, object] = {
        "path": "care.wait_days",
        "label": "Days",
        "unit": "days",
        "by": None,
        "value": 7.0,
        "low": 5.0,
        "high": 12.0,
        "distribution": "lognormal",
        "grade": "assumption",
        "source": "a judgement",
        "reference": None,
        "note": None,
        "file": "care.yaml",
        "line": 1,
    }
    return Value(**{**fields, **changes})  # type: ignore[arg-type]


@given(SHAPES, SHARES)
def test_value_is_the_median(shape: str, numbers: list[float]) -> None:
    low, middle, high = numbers
    assert quantile_of(shape, middle, low, high, 0.5) == middle  # type: ignore[arg-type]


@pytest.mark.parametrize("shape", ["normal", "lognormal", "logit-normal"])
@given(numbers=SHARES)
def test_low_and_high_are_the_interval(shape: str, numbers: list[float]) -> None:
    low, middle, high = numbers
    ends = [quantile_of(shape, middle, low, high, quantile) for quantile in INTERVAL_ENDS]  # type: ignore[arg-type]
    assert ends == pytest.approx([low, high])


@pytest.mark.parametrize("shape", ["uniform", "triangular"])
@given(numbers=SHARES)
def test_low_and_high_are_the_ends(shape: str, numbers: list[float]) -> None:
    low, middle, high = numbers
    ends = [quantile_of(shape, middle, low, high, quantile) for quantile in (1e-15, 1 - 1e-15)]  # type: ignore[arg-type]
    assert ends == pytest.approx([low, high], abs=1e-6)


@given(SHAPES, SHARES, QUANTILES, QUANTILES)
def test_a_higher_quantile_is_never_a_lower_value(shape: str, numbers: list[float], one: float, other: float) -> None:
    low, middle, high = numbers
    below, above = sorted([one, other])
    first = quantile_of(shape, middle, low, high, below)  # type: ignore[arg-type]
    second = quantile_of(shape, middle, low, high, above)  # type: ignore[arg-type]
    assert first <= second + 1e-12


@given(SHARES, QUANTILES)
def test_logit_normal_stays_between_nought_and_one(numbers: list[float], quantile: float) -> None:
    low, middle, high = numbers
    assert 0.0 < quantile_of("logit-normal", middle, low, high, quantile) < 1.0


@given(QUANTILES)
def test_fixed_has_one_value(quantile: float) -> None:
    assert quantile_of("fixed", 3.0, 3.0, 3.0, quantile) == 3.0


def test_triangular_density_falls_in_a_straight_line() -> None:
    """Half of the upper half's probability lies within 1 - sqrt(1/2) of its width."""
    assert quantile_of("triangular", 0.0, -1.0, 1.0, 0.75) == pytest.approx(1.0 - math.sqrt(0.5))


def test_a_side_without_width_stays_at_the_value() -> None:
    assert quantile_of("lognormal", 1.0, 1.0, 2.0, 0.1) == pytest.approx(1.0)


@given(st.floats(-3.0, 3.0), QUANTILES)
def test_values_never_leave_their_unit(middle: float, quantile: float) -> None:
    wide = value(unit="share", distribution="normal", value=min(max(middle, 0.0), 1.0), low=0.0, high=1.0)
    assert 0.0 <= wide.at(quantile) <= 1.0  # type: ignore[operator]


def test_keys_of_a_table_move_together() -> None:
    ratios = value(
        by="conditions", unit="ratio", value=(1.0, 1.5, 2.0, 3.0), low=(1.0, 1.2, 1.6, 2.0), high=(1.0, 2.0, 3.0, 5.0)
    )
    assert ratios.at(0.975) == pytest.approx((1.0, 2.0, 3.0, 5.0))
    assert ratios.at(0.025) == pytest.approx((1.0, 1.2, 1.6, 2.0))
    assert tuple(ratios.by_category()) == CONDITIONS
    assert value().by_category() == {}


@pytest.mark.parametrize("quantile", [0.0, 1.0, -0.1, float("nan")])
def test_a_quantile_lies_between_nought_and_one(quantile: float, messages) -> None:
    with messages.raised(ValueError):
        value().at(quantile)


def test_impossible_distributions_are_refused(messages) -> None:
    messages.check(why_impossible("lognormal", 1.0, 0.0, 2.0))
    assert why_impossible("logit-normal", 0.5, 0.1, 1.0) is not None
    assert why_impossible("lognormal", 0.0, 0.0, 0.0) is None, "a key of a table that is certain may be 0"
    assert why_impossible("normal", 0.0, -1.0, 1.0) is None
