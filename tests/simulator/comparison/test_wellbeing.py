"""Wellbeing in money by hand, the cost of each adult no longer lonely, and neither in any cost."""

from __future__ import annotations

import math

import pytest

from simulator.comparison.comparison import compare
from simulator.comparison.headline import pounds_text
from simulator.comparison.wellbeing import cost_of_each, wellbeing_finding
from tests.helpers.synthetic_results import results, run

ADULTS = 100
PRICES = {"prices.wellby": 13_000.0, "prices.lonely_life_satisfaction": 0.5}


def pairs(lonely_after, *, quarters=4, saved=()):
    """Pairs in which 40 of 100 adults are lonely all year, and after the policy as many as given, by seed."""
    before = {seed: run({"lonely_weeks": 40 * 52, "adult_weeks": ADULTS * 52}, quarters=quarters) for seed in range(4)}
    after = {
        seed: run(
            {"lonely_weeks": lonely * 52, "adult_weeks": ADULTS * 52, "ae_attendances": visits}, quarters=quarters
        )
        for seed, (lonely, visits) in enumerate(zip(lonely_after, saved or [0] * 4, strict=True))
    }
    return compare(results("offset", after), results("baseline", before))


def test_a_year_less_lonely_is_worth_half_a_wellby():
    found = pairs([39, 38, 39, 38]).summary(("wellbeing_lost", "net_cost", "net_cash"), rounded=False)
    lost, cost, cash = found.to_dict("records")
    assert lost["baseline"] == pytest.approx(40 * 0.5 * 13_000)
    assert lost["difference"] == pytest.approx(-1.5 * 0.5 * 13_000)
    assert (cost["difference"], cash["difference"]) == (0.0, 0.0)


def test_wellbeing_has_its_own_discount_rate():
    later = compare(
        *(
            results(name, {0: _in_year_two(lonely), 1: _in_year_two(lonely)}, weeks=104)
            for name, lonely in (("offset", 39), ("baseline", 40))
        )
    )
    (row,) = later.per("total").summary(("wellbeing_lost",), rounded=False).to_dict("records")
    assert row["difference"] == pytest.approx(-0.5 * 13_000 / 1.015)


def _in_year_two(lonely):
    frames = run({"lonely_weeks": lonely * 52, "adult_weeks": ADULTS * 52}, quarters=8)
    frames.cells[4] = frames.cells[0]
    frames.cells[0] = 0
    return frames


def test_cost_of_each_adult_no_longer_lonely(messages):
    found = pairs([38, 38, 36, 36], saved=[100, 100, 100, 100])
    each = cost_of_each(found)
    assert each.fewer == pytest.approx(3.0)
    assert each.pounds == pytest.approx(100 * 230.0 / 3.0)
    assert each.money == pytest.approx(0.05 * each.pounds)
    assert each.chance == 1.0
    assert each.low < each.pounds < each.high
    messages.check(wellbeing_finding(found))


def test_the_error_of_the_cost_of_each_is_that_of_the_net_cost():
    found = pairs([38, 38, 36, 36], saved=[90, 110, 80, 120])
    (cost,) = found.summary(("net_cost",), rounded=False).to_dict("records")
    assert cost["monte_carlo_error"] > 0.0
    assert cost_of_each(found).error == pytest.approx(cost["monte_carlo_error"] / 3.0)


def test_the_part_that_is_money_is_not_rounded_to_nothing_by_the_error_of_the_whole():
    found = pairs([38, 38, 36, 36], saved=[10, 190, 20, 180])
    each = cost_of_each(found)
    assert each.money > 0.0
    assert pounds_text(each.money, each.error) == "£0"
    assert f"of which {pounds_text(each.money, each.money)} in money" in wellbeing_finding(found)


def test_a_cost_of_each_has_a_finite_range_or_is_not_given():
    pairs = 20
    adults = {"lonely_weeks": 40 * 52, "adult_weeks": ADULTS * 52}
    before = results("baseline", {seed: run(adults) for seed in range(pairs)})
    for more_lonely, given in ((1, True), (2, False)):
        after = {
            seed: run({**adults, "lonely_weeks": (41 if seed < more_lonely else 38) * 52}) for seed in range(pairs)
        }
        each = cost_of_each(compare(results("offset", after), before))
        assert each.chance == 1.0 - more_lonely / pairs
        assert [math.isfinite(number) for number in (each.pounds, each.low, each.high)] == [given] * 3


def test_pairs_with_hardly_fewer_lonely_count_as_none_where_the_others_have_many():
    found = pairs([39, 33, 33, 33])  # 1 fewer is 6 less than the median, and 7.2 less for what the model leaves out
    each = cost_of_each(found)
    assert (each.chance, each.fewer) == (0.75, pytest.approx(5.5))
    assert math.isnan(each.pounds)
    assert "the chance that there are fewer lonely adults is only 75 %" in wellbeing_finding(found)


def test_no_cost_of_each_where_too_few_pairs_have_fewer_lonely(messages):
    found = pairs([39, 39, 39, 41])
    assert math.isnan(cost_of_each(found).pounds)
    messages.check(wellbeing_finding(found))
