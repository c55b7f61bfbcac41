"""The probability that something is worse, and its interval."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from simulator.comparison.chance_of_harm import chances, clopper_pearson, interval_of, probably_worse
from simulator.comparison.comparison import compare
from simulator.comparison.outcomes import shown_in
from simulator.errors import UnknownNameError
from tests.helpers.synthetic_results import lively, results, run

ONE = 10**9
"""A change in support of more than one point."""


def test_the_interval_is_that_of_the_exact_binomial_test() -> None:
    for events, trials in ((0, 8), (3, 8), (8, 8), (27, 30)):
        exact = stats.binomtest(events, trials).proportion_ci(0.95, method="exact")
        assert clopper_pearson(events, trials) == pytest.approx((exact.low, exact.high))


def test_pairs_that_share_a_draw_count_for_less() -> None:
    happened = np.repeat([True, True, True, False], 4)
    apart, together = interval_of(happened, np.arange(16)), interval_of(happened, np.repeat(np.arange(4), 4))
    assert together[0] < apart[0] < apart[1] < together[1]
    assert together == pytest.approx(clopper_pearson(3, 4))


def test_if_all_pairs_agree_each_draw_counts_once() -> None:
    happened = np.ones(10, np.bool_)
    assert interval_of(happened, np.arange(10) // 2) == pytest.approx(clopper_pearson(5, 5))
    assert interval_of(happened, np.zeros(10, np.int64)) == pytest.approx(clopper_pearson(10, 10))


def test_worse_is_more_where_less_is_good_and_less_where_more_is() -> None:
    usual = {seed: run({"overnight_admissions": 50, "lonely_weeks": 4000}) for seed in range(4)}
    other = {
        seed: run(
            {"overnight_admissions": 50 + (seed > 0), "lonely_weeks": 2000, "support_millionths": -(10**9) * seed}
        )
        for seed in range(4)
    }
    found = chances(
        compare(results("other", other), results("baseline", usual)),
        ("emergency_admissions", "often_always_lonely", "support", "consultations"),
    ).set_index("measure")
    counted = found[["worse_in", "small_in", "better_in", "runs"]]
    assert counted.loc["emergency_admissions"].tolist() == [3, 1, 0, 4]
    assert counted.loc["often_always_lonely"].tolist() == [0, 0, 4, 4]
    assert counted.loc["support"].tolist() == [3, 1, 0, 4]
    assert counted.loc["consultations", "runs"] == 0
    assert np.isnan(found.loc["consultations", "chance"])


def test_each_group_has_its_probability_and_empty_groups_have_none() -> None:
    comparison = compare(results("plan", lively(6, 0.2), weeks=260), results("baseline", lively(6, 0.0), weeks=260))
    found = chances(comparison, ("often_always_lonely",), ("age_band",))
    assert found["runs"].tolist() == [0, 0, *[6] * 7]
    assert found["age_band"].tolist()[0] == "0-4"
    assert (found["worse_in"] + found["small_in"] + found["better_in"] == found["runs"]).all()


def test_few_runs_are_not_enough_to_call_anyone_harmed() -> None:
    def found(worse: int, pairs: int) -> int:
        usual = {seed: run({"deaths": 5}) for seed in range(pairs)}
        other = {seed: run({"deaths": 6 if seed < worse else 4}) for seed in range(pairs)}
        arms = results("other", other, parameters="central"), results("baseline", usual, parameters="central")
        return len(probably_worse(chances(compare(*arms), ("deaths",))))

    assert [found(2, 2), found(8, 8), found(9, 10), found(16, 20), found(26, 30)] == [0, 1, 1, 0, 1]


def test_every_measure_shown_can_be_worse_and_an_unknown_one_is_named(messages) -> None:
    comparison = compare(results("same", lively(4, 0.0), weeks=260), results("baseline", lively(4, 0.0), weeks=260))
    found = chances(comparison)
    assert found["measure"].tolist() == list(shown_in("chances"))
    assert (found["small_in"] == 4).all()
    assert found["chance"].tolist() == [0.0] * len(found)
    with messages.raised(UnknownNameError):
        chances(comparison, ("death",))
