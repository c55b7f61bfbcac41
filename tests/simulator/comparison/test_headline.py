"""The headline finding in words."""

from __future__ import annotations

import pandas as pd
import pytest

from simulator.comparison.comparison import compare
from simulator.comparison.headline import events, money
from simulator.comparison.outcomes import OUTCOMES
from tests.helpers.synthetic_results import ledger, results, run


def row(difference, low, high, error=1.0, *, fewer=0, equal=0, runs=30):
    return pd.Series(
        {
            "difference": difference,
            "low": low,
            "high": high,
            "monte_carlo_error": error,
            "fewer_in": fewer,
            "equal_in": equal,
            "runs": runs,
        },
        dtype=object,
    )


@pytest.mark.parametrize(
    "found",
    [
        row(-42.4, -80.0, -12.0, fewer=29),
        row(42.4, 12.0, 80.0, fewer=1),
        row(-4.0, -30.0, 20.0, fewer=17, equal=1),
        row(0.0, 0.0, 0.0, 0.0, equal=30),
        row(-42.4, -42.4, -42.4, float("nan"), fewer=1, runs=1),
    ],
)
def test_admissions_in_words(found, messages):
    messages.check(events(found, "It", OUTCOMES["emergency_admissions"]))


@pytest.mark.parametrize(
    "found",
    [
        row(-42_400.0, -80e3, -12e3, 900.0),
        row(42_400.0, 12e3, 80e3, 900.0),
        row(400.0, -9e3, 8e3, 900.0),
        row(0.0, 0.0, 0.0, 0.0, equal=30),
        row(512.0, 512.0, 512.0, float("nan"), runs=1),
    ],
)
def test_money_in_words(found, messages):
    messages.check(money(found, "It", ("costs {}", "saves about {}")))


def test_the_headline_can_say_that_it_costs_more_and_makes_things_worse(messages):
    runs = range(6)
    book = ledger((0, "gp_practice", "technology", 500_000), (0, "gp_practice", "saved", -500_000))
    worse = {seed: run({"overnight_admissions": 90 + seed % 2, "bed_days": 400}, book=book) for seed in runs}
    usual = {seed: run({"overnight_admissions": 50, "bed_days": 400}) for seed in runs}
    said = compare(results("wrong_thing", worse), results("baseline", usual)).headline()
    messages.check(said)
