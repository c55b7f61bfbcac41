"""The finding in words, whichever way it went."""

from __future__ import annotations

import pandas as pd
import pytest

from simulator.comparison.comparison import compare
from simulator.comparison.headline import events, money
from simulator.comparison.outcomes import OUTCOMES
from tests.helpers.made_up import ledger, results, run


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
    ("found", "sentence"),
    [
        (
            row(-42.4, -80.0, -12.0, fewer=29),
            "It leads to about 42 fewer emergency admissions a year: the middle 80 % of runs lie between 12 fewer and "
            "80 fewer; fewer in 29 of 30 paired runs.",
        ),
        (
            row(42.4, 12.0, 80.0, fewer=1),
            "It makes things worse, with about 42 more emergency admissions a year: the middle 80 % of runs lie "
            "between 12 more and 80 more; fewer in 1 of 30 paired runs.",
        ),
        (
            row(-4.0, -30.0, 20.0, fewer=17, equal=1),
            "It makes no clear difference to emergency admissions: on average 4 fewer a year, but the middle 80 % of "
            "runs lie between 30 fewer and 20 more; fewer in 17 of 30 paired runs, and equal in 1.",
        ),
        (
            row(0.0, 0.0, 0.0, 0.0, equal=30),
            "It gives exactly as many emergency admissions, in each of 30 paired runs.",
        ),
        (
            row(-42.4, -42.4, -42.4, float("nan"), fewer=1, runs=1),
            "It gives 42 fewer emergency admissions a year in the one pair of runs made: no more can be said.",
        ),
    ],
)
def test_admissions_in_words(found, sentence):
    assert events(found, "It", OUTCOMES["emergency_admissions"]) == sentence


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        (
            row(-42_400.0, -80e3, -12e3, 900.0),
            "It saves about £42,400 (the middle 80 % of runs from £12,000 less to £80,000 less).",
        ),
        (
            row(42_400.0, 12e3, 80e3, 900.0),
            "It costs £42,400 (the middle 80 % of runs from £12,000 more to £80,000 more).",
        ),
        (
            row(400.0, -9e3, 8e3, 900.0),
            "It makes no clear difference: on average it costs £400 (the middle 80 % of runs from £9,000 less to "
            "£8,000 more).",
        ),
        (row(0.0, 0.0, 0.0, 0.0, equal=30), "It changes nothing."),
        (row(512.0, 512.0, 512.0, float("nan"), runs=1), "It costs £510 in that pair."),
    ],
)
def test_money_in_words(found, sentence):
    assert money(found, "It", ("costs {}", "saves about {}")) == sentence


def test_the_headline_can_say_that_it_costs_more_and_makes_things_worse():
    runs = range(6)
    book = ledger((0, "gp_practice", "technology", 500_000), (0, "gp_practice", "banked", -500_000))
    worse = {seed: run({"overnight_admissions": 90 + seed % 2, "bed_days": 400}, book=book) for seed in runs}
    usual = {seed: run({"overnight_admissions": 50, "bed_days": 400}) for seed in runs}
    said = compare(results("wrong_thing", worse), results("baseline", usual)).headline()
    assert said.startswith(
        "'Wrong thing' in Smallton, compared with 'Baseline', makes things worse, with about 40.5 more"
    )
    assert "fewer in 0 of 6 paired runs." in said
    assert "In money it costs about £8,040 a year more" in said
    assert said.endswith("Prices are those of 2023/24, discounted.")
