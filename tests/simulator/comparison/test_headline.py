"""The headline finding in words."""

from __future__ import annotations

import pandas as pd
import pytest

from simulator.comparison.comparison import compare
from simulator.comparison.headline import events, money
from simulator.comparison.outcomes import OUTCOMES
from tests.helpers.synthetic_results import ledger, results, run


def row(outcome, difference, low, high, verdict="unsure", *, error=1.0, equal=0, runs=30):
    chances = {"better": (0.9, 0.1, 0.05), "worse": (0.05, 0.1, 0.9), "small": (0.1, 0.95, 0.1)}
    less, small, more = chances.get(verdict, (0.4, 0.4, 0.2))
    return pd.Series(
        {
            "measure": outcome,
            "unit": OUTCOMES[outcome].unit_on("year"),
            "difference": difference,
            "low": low,
            "high": high,
            "monte_carlo_error": error,
            "stochastic_share": 0.3,
            "equal_in": equal,
            "runs": runs,
            "matters": 26.4 if outcome == "emergency_admissions" else 0.5 if error < 1.0 else 250_000.0,
            "less_chance": less,
            "small_chance": small,
            "more_chance": more,
            "verdict": verdict,
        },
        dtype=object,
    )


ADMISSIONS = "emergency_admissions"
LONELY = "often_always_lonely"


@pytest.mark.parametrize(
    "found",
    [
        row(ADMISSIONS, -42.4, -80.0, -12.0, "better"),
        row(ADMISSIONS, 42.4, 12.0, 80.0, "worse"),
        row(ADMISSIONS, 2.2, -3.0, 7.0, "small"),
        row(ADMISSIONS, -4.0, -30.0, 0.2, equal=1),
        row(ADMISSIONS, 0.2, -30.0, 30.0, "small"),
        row(ADMISSIONS, 0.0, 0.0, 0.0, "small", error=0.0, equal=30),
        row(ADMISSIONS, -42.4, -42.4, -42.4, error=float("nan"), runs=1),
        row(LONELY, -0.62, -0.9, -0.4, "better", error=0.03),
        row(LONELY, 0.001, -0.04, 0.05, "small", error=0.01),
        row(LONELY, 0.0, 0.0, 0.0, "small", error=0.0, equal=30),
    ],
)
def test_counts_and_percentages_in_words(found, messages):
    messages.check(events(found, "It", OUTCOMES[found["measure"]]))


@pytest.mark.parametrize(
    "found",
    [
        row("net_cash", -424_000.0, -800e3, -300e3, "better", error=9000.0),
        row("net_cash", 424_000.0, 300e3, 800e3, "worse", error=9000.0),
        row("net_cash", 400.0, -9e3, 8e3, "small", error=900.0),
        row("net_cash", 400.0, -900e3, 800e3, error=900.0),
        row("net_cash", 0.0, 0.0, 0.0, "small", error=0.0, equal=30),
        row("net_cash", 512.0, 512.0, 512.0, error=float("nan"), runs=1),
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
