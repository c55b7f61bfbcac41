"""Spread of a practice between places: waves calculated by hand, limits, and monotonicity."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.counties.spread import Candles, Network, RollOut, adoption_table, adoptions, overtaken_in, reach_table
from simulator.evidence import load_evidence
from simulator.evidence.parameters import Spread
from simulator.specification.fidelity import fidelity_at_start, fidelity_in_week, mean_fidelity
from simulator.specification.spec import rates_from

CENTRAL = rates_from(load_evidence()).spread
WEEKS = 260
QUICK = RollOut(0, 4, 13)
SLOWEST = 10


def row_of(places: int) -> Network:
    """Places in a row, the origin at one end, a thousand residents each."""
    names = tuple(f"place_{number}" for number in range(places))
    return Network(names, (1000,) * places, tuple(itertools.pairwise(names)), names[0])


def begun(found, week: int) -> int:
    return sum(one.week is not None and one.week <= week for one in found)


@st.composite
def networks(draw: st.DrawFn) -> Network:
    """Up to twelve places of any size, each the neighbour of an earlier one and perhaps of others."""
    count = draw(st.integers(2, 12))
    names = tuple(f"place_{number}" for number in range(count))
    beside = [(name, names[draw(st.integers(0, index))]) for index, name in enumerate(names[1:])]
    beside += draw(st.lists(st.tuples(st.sampled_from(names), st.sampled_from(names)), max_size=6))
    residents = draw(st.lists(st.integers(2000, 60_000), min_size=count, max_size=count))
    return Network(names, tuple(residents), tuple(beside), draw(st.sampled_from(names)))


def test_two_learners_per_half_year_triple_the_number_of_places():
    rates = CENTRAL._replace(learners_at_once=2.0, apprenticeship=26.0, practice_before_teaching=0.0)
    found = adoptions(row_of(30), Candles(0), rates, WEEKS)
    assert [begun(found, week) for week in (0, 25, 26, 51, 52, 77, 78)] == [1, 1, 3, 3, 9, 9, 27]


def test_equal_learning_and_practice_times_give_fibonacci_growth():
    rates = CENTRAL._replace(learners_at_once=1.0, apprenticeship=26.0, practice_before_teaching=26.0)
    found = adoptions(row_of(30), Candles(0), rates, WEEKS)
    assert [begun(found, week) for week in range(0, 183, 26)] == [1, 2, 3, 5, 8, 13, 21, 30]


def test_a_roll_out_goes_in_waves_from_near_to_far_and_loses_fidelity():
    found = adoptions(row_of(7), RollOut(4, 2, 10), CENTRAL._replace(kept_by_manual=0.5), WEEKS)
    assert [one.week for one in found] == [4, 14, 14, 24, 24, 34, 34]
    assert [one.hand_overs for one in found] == list(range(7))
    starts = [fidelity_at_start(one, CENTRAL._replace(kept_by_manual=0.5)) for one in found]
    assert starts == [0.5**steps for steps in range(7)]


def test_neighbours_are_taught_before_those_further_off():
    places = ("far", "origin", "near", "beyond")
    network = Network(places, (1000,) * 4, (("origin", "near"), ("near", "far"), ("far", "beyond")), "origin")
    rates = CENTRAL._replace(learners_at_once=1.0, apprenticeship=10.0, practice_before_teaching=1000.0)
    found = {one.place: one for one in adoptions(network, Candles(0), rates, WEEKS)}
    assert [found[place].week for place in ("origin", "near", "far", "beyond")] == [0, 10, 20, 30]
    assert found["beyond"].hand_overs == 1  # a manual would have been handed on three times


def test_teaching_does_not_reduce_the_teachers_fidelity():
    rates = CENTRAL._replace(kept_by_teaching=0.5, local_learning=0.0, practice_before_teaching=0.0)
    alone, among_many = (adoptions(row_of(places), Candles(0), rates, WEEKS) for places in (2, 12))
    taught = [one for one in among_many if one.line and one.line[-1] == among_many[0].week]
    assert len(taught) >= 2
    for teacher in (0, 1):
        before, after = (
            [fidelity_in_week(found[teacher], rates, week) for week in range(WEEKS)] for found in (alone, among_many)
        )
        assert before == after


def test_teachers_pass_on_later_practice_and_manuals_do_not():
    rates = CENTRAL._replace(kept_by_teaching=0.5, kept_by_manual=0.5, local_learning=1.0)
    network = row_of(12)
    candles = adoptions(network, Candles(0), rates, WEEKS)
    second_hand = next(one for one in candles if one.hand_overs == 2)
    assert fidelity_at_start(second_hand, rates) > 0.25
    assert fidelity_at_start(adoptions(network, QUICK, rates, WEEKS)[2], rates) == 0.25


@given(networks())
def test_a_quick_roll_out_that_loses_nothing_is_never_behind(network: Network):
    rates = CENTRAL._replace(kept_by_manual=1.0, kept_by_teaching=1.0)
    rollout, candles = (
        reach_table(network, adoptions(network, plan, rates, WEEKS), rates, WEEKS) for plan in (QUICK, Candles(0))
    )
    assert (rollout["faithful_years"] >= candles["faithful_years"]).all()
    assert overtaken_in(rollout, candles) is None


def test_with_large_losses_candles_lead_within_three_years_and_stay_ahead():
    network, rates = row_of(12), CENTRAL._replace(kept_by_manual=0.5)
    rollout, candles = (
        reach_table(network, adoptions(network, plan, rates, WEEKS), rates, WEEKS) for plan in (QUICK, Candles(0))
    )
    assert (rollout["faithful_years"] >= candles["faithful_years"]).iloc[:4].all()
    quarter = overtaken_in(rollout, candles)
    assert quarter is not None
    assert 4 < quarter <= 12
    assert (candles["faithful_years"] > rollout["faithful_years"]).iloc[quarter - 1 :].all()


@given(networks(), st.integers(1, 4), st.integers(1, 60), st.integers(0, 60))
def test_twice_the_learners_are_never_slower(network: Network, learners: int, lasts: int, practises: int):
    rates = CENTRAL._replace(apprenticeship=float(lasts), practice_before_teaching=float(practises))
    few, many = (
        adoptions(network, Candles(0), rates._replace(learners_at_once=float(times * learners)), WEEKS)
        for times in (1, 2)
    )
    assert all(begun(many, week) >= begun(few, week) for week in range(0, WEEKS, SLOWEST))


@given(networks(), st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_higher_fidelity_never_reduces_reach(network: Network, one_share: float, other_share: float):
    low, high = sorted((one_share, other_share))
    for name, plan in (("kept_by_manual", QUICK), ("kept_by_teaching", Candles(0))):
        less, more = (
            reach_table(network, adoptions(network, plan, rates, WEEKS), rates, WEEKS)
            for rates in (CENTRAL._replace(**{name: share}) for share in (low, high))
        )
        assert (more["faithful_reach"] >= less["faithful_reach"] - 1e-12).all()
        assert more["places"].equals(less["places"])


@given(networks(), st.integers(1, 12), st.integers(1, 60))
def test_fidelity_and_reach_are_shares_and_reach_never_falls(network: Network, wave: int, between: int):
    for plan in (RollOut(0, wave, between), Candles(0)):
        table = reach_table(network, adoptions(network, plan, CENTRAL, WEEKS), CENTRAL, WEEKS)
        assert table["reach"].is_monotonic_increasing
        assert table["faithful_years"].is_monotonic_increasing
        assert (table["faithful_reach"] <= table["reach"] + 1e-12).all()
        assert table["reach"].between(0.0, 1.0 + 1e-12).all()
        assert table["places"].iloc[-1] <= len(network.places)


def test_places_that_are_not_reached_in_time_have_no_week_and_no_fidelity():
    rates = CENTRAL._replace(learners_at_once=0.0)
    never = adoptions(row_of(3), Candles(0), rates, WEEKS)[2]
    late = adoptions(row_of(3), RollOut(0, 1, 100), CENTRAL, 200)[2]
    for one in (never, late):
        assert one.week is None
        assert fidelity_at_start(one, CENTRAL) == fidelity_in_week(one, CENTRAL, 199) == 0.0
        assert mean_fidelity(one, CENTRAL, 200) == 0.0
    assert begun(adoptions(row_of(3), Candles(0), rates, WEEKS), WEEKS) == 1


def test_the_adoption_table_says_who_began_when_at_what_fidelity():
    rates = Spread(0.5, 0.5, 0.0, 1.0, 26.0, 26.0)
    table = adoption_table(adoptions(row_of(3), RollOut(0, 1, 150), rates, WEEKS), rates, WEEKS)
    assert table["week"].tolist()[:2] == [0, 150]
    assert table["week"].isna().tolist() == [False, False, True]
    assert table["fidelity_at_start"].tolist() == [1.0, 0.5, 0.0]
    assert table["mean_fidelity"].tolist() == [1.0, 0.5, 0.0]


def test_reach_is_weighted_by_residents_and_fidelity():
    network = Network(("small", "large"), (1000, 3000), (("small", "large"),), "small")
    rates = CENTRAL._replace(kept_by_manual=0.5, local_learning=0.0)
    table = reach_table(network, adoptions(network, RollOut(0, 1, 13), rates, 26), rates, 26)
    assert table["reach"].tolist() == [0.25, 1.0]
    assert table["faithful_reach"].tolist() == [0.25, 0.625]
    assert table["faithful_years"].tolist() == pytest.approx([0.25 * 0.25, 0.25 * 0.25 + 0.625 * 0.25])


def test_overtaken_means_ahead_to_the_end():
    leader = reach_table(row_of(2), (), CENTRAL, 0)  # no quarters
    assert overtaken_in(leader, leader) is None
    table = leader.reindex(range(4)).assign(quarter=[1, 2, 3, 4])
    first, second = (table.assign(faithful_years=years) for years in ([1.0, 1.0, 1.0, 1.0], [2.0, 0.0, 1.5, 2.0]))
    assert overtaken_in(first, second) == 3
    assert overtaken_in(second, first) is None
    assert overtaken_in(first, table.assign(faithful_years=2.0)) == 1
