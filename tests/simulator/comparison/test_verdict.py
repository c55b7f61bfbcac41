"""The verdict on a difference: what decides it, and the smallest differences that it is judged by."""

from __future__ import annotations

import math

import numpy as np
import pytest

from simulator.comparison.comparison import compare
from simulator.comparison.headline import chance_text, verdict_text
from simulator.comparison.outcomes import OUTCOMES
from simulator.comparison.smallest_differences import (
    entry,
    matters_in_words,
    matters_parts,
    read_matters,
    smallest_differences,
)
from simulator.comparison.verdict import ThreeChances, three_chances, verdict, what_would_tell
from simulator.errors import UnknownNameError
from tests.helpers.synthetic_results import results, run


def pairs_of(change, pairs=8, usual=1000, **how):
    """A comparison in which every pair changes admissions by this, or by this function of the seed."""
    moved = change if callable(change) else (lambda _: change)
    base = {seed: run({"overnight_admissions": usual}) for seed in range(pairs)}
    other = {seed: run({"overnight_admissions": usual + moved(seed)}) for seed in range(pairs)}
    return compare(results("plan", other), results("baseline", base), **how)


def row_of(comparison, measure="emergency_admissions"):
    return comparison.summary((measure,), rounded=False).iloc[0]


@pytest.mark.parametrize(
    ("change", "pairs", "kind"),
    [(-40, 8, "better"), (40, 8, "worse"), (5, 8, "small"), (0, 8, "small"), (-40, 2, "unsure"), (-40, 1, "unsure"),
     (lambda seed: -60 if seed % 4 < 2 else 60, 16, "unsure")],
)  # fmt: skip
def test_a_difference_is_judged_by_the_smallest_that_matters(change, pairs, kind, messages):
    row = row_of(pairs_of(change, pairs))
    assert row["matters"] == pytest.approx(row["baseline"] / 100.0)
    assert row["verdict"] == kind
    messages.check(verdict_text(row))


def test_certain_harm_that_is_tiny_is_too_small_to_matter():
    row = row_of(pairs_of(2))
    assert row["low"] > 0.0
    assert row["fewer_in"] == 0
    assert row["verdict"] == "small"
    assert chance_text(row).endswith("either way")


def test_two_pairs_never_decide_and_their_shared_draw_counts_once():
    differences = np.array([-9.0, -11.0, -6.0, -6.0])
    assert all(math.isnan(chance) for chance in three_chances(differences[:2], np.arange(2), 1.0))
    together, apart = (three_chances(differences, draws, 4.0) for draws in (np.array([0, 0, 1, 1]), np.arange(4)))
    assert sum(together) == pytest.approx(1.0)
    assert sum(apart) == pytest.approx(1.0)
    assert 0.80 < together.less < apart.less < 1.0


def test_few_pairs_decide_where_they_are_far_from_what_matters_and_many_by_their_share():
    near, far = (three_chances(np.array([-3.0, 2.0, -1.0, 1.0]), np.arange(4) // 2, d) for d in (1.5, 50.0))
    assert (verdict(near, "less"), verdict(far, "less")) == ("unsure", "small")
    skewed = np.concatenate([np.full(190, -30.0), np.full(10, -3000.0)])
    assert three_chances(skewed, np.arange(200), 26.0).less > 0.97


def test_outcomes_without_a_good_direction_are_different_and_no_chance_is_no_verdict():
    assert verdict(ThreeChances(0.9, 0.1, 0.1), "neither") == "different"
    assert verdict(ThreeChances(math.nan, math.nan, math.nan), "less") == "unsure"
    assert all(math.isnan(chance) for chance in three_chances(np.array([1.0]), np.array([0]), 1.0))


@pytest.mark.parametrize("good", ["less", "more"])
def test_a_chance_of_four_in_five_decides_and_a_smaller_one_does_not(good):
    worse = "more" if good == "less" else "less"
    for side, kind in ((good, "better"), (worse, "worse"), ("small", "small")):
        for chance, found in ((0.80, kind), (0.79, "unsure")):
            chances = ThreeChances(*dict.fromkeys(ThreeChances._fields, (1.0 - chance) / 2.0).values())
            assert verdict(chances._replace(**{side: chance}), good) == found


def test_what_would_tell_is_more_runs_only_where_they_could():
    row = {"runs": 64, "less_chance": 0.5, "small_chance": 0.3, "more_chance": 0.2, "stochastic_share": 0.1}
    assert "better evidence" in what_would_tell(row)
    assert "chance alone" in what_would_tell({**row, "stochastic_share": 0.8})
    assert what_would_tell({**row, "less_chance": 0.78}).startswith("256 pairs")
    assert what_would_tell({**row, "runs": 1}).startswith("1 pair of runs is too few")


def test_smallest_differences_that_a_user_sets_change_the_verdict_and_nothing_else():
    usual = pairs_of(-40)
    strict = usual.judged_by(read_matters(["admissions=5"]))
    before, after = row_of(usual), row_of(strict)
    assert (before["verdict"], after["verdict"]) == ("better", "small")
    assert after["matters"] == pytest.approx(5.0 * before["matters"])
    judged = ["matters", "less_chance", "small_chance", "more_chance", "verdict"]
    assert before.drop(judged).equals(after.drop(judged))
    assert row_of(pairs_of(-40, matters={"admissions": 5.0}))["verdict"] == "small"


def test_costs_are_judged_by_the_cost_of_care_on_every_basis():
    comparison = pairs_of(-40)
    for basis in ("year", "total", "1,000"):
        shown = comparison.per(basis)
        care = row_of(shown, "care_cost")["baseline"]
        assert row_of(shown, "net_cost")["matters"] == pytest.approx(care / 200.0)
        assert shown.costs(rounded=False)["matters"].tolist() == pytest.approx([care / 200.0] * len(shown.costs()))


def test_every_outcome_has_a_smallest_difference_with_its_reason():
    used = {one.smallest_difference for one in OUTCOMES.values()}
    assert used == set(smallest_differences())
    assert OUTCOMES["often_always_lonely"].smallest_difference == "loneliness"
    assert (entry("admissions").value, entry("loneliness").value, entry("cost").value) == (1.0, 0.5, 0.5)


@pytest.mark.parametrize("wrong", ["admissions=0", "admissions", "cost=much", "cost=-1", "loneliness=inf"])
def test_a_smallest_difference_is_a_number_above_zero(wrong, messages):
    with messages.raised(ValueError):
        read_matters([wrong])


def test_smallest_differences_are_read_back_and_an_unknown_one_is_named(messages):
    chosen = read_matters(["cost=2%", "admissions=1", "loneliness = 0.25"])
    assert matters_parts(chosen) == ["cost=2", "loneliness=0.25"]
    assert read_matters(matters_parts(chosen)) == {"cost": 2.0, "loneliness": 0.25}
    messages.check(matters_in_words(chosen))
    with messages.raised(UnknownNameError):
        read_matters(["admision=1"])
