"""Paired differences: by hand, on every basis and grouping; differing and incomplete runs are refused."""

from __future__ import annotations

import math

import numpy as np
import pytest

from simulator.comparison.comparison import compare
from simulator.comparison.comparison_row import COLUMNS
from simulator.comparison.discrepancy import discrepancy
from simulator.errors import IncomparableRunsError, IncompleteEnsembleError, UnknownNameError
from simulator.foundations.measures import INDEX
from simulator.results.results import Failure
from tests.helpers.synthetic_results import lively, results, run


def pair_of(baseline, scenario, **changed):
    """A comparison of two lists of runs, seeds from 0."""
    arms = [results(name, dict(enumerate(arm)), **changed) for name, arm in (("a", scenario), ("b", baseline))]
    return compare(*arms)


@pytest.fixture(scope="module")
def four_pairs():
    baseline = [run({"zero_night_admissions": n, "overnight_admissions": 20}) for n in (10, 12, 14, 16)]
    scenario = [run({"zero_night_admissions": n, "overnight_admissions": 20}) for n in (9, 12, 11, 12)]
    return pair_of(baseline, scenario)


@pytest.fixture(scope="module")
def large():
    return compare(results("offset", lively(8, 0.1), weeks=260), results("baseline", lively(8, 0.0), weeks=260))


def test_a_difference_by_hand(four_pairs):
    row = four_pairs.summary(("emergency_admissions",), rounded=False).iloc[0]
    assert (row["baseline"], row["scenario"], row["difference"]) == (33.0, 31.0, -2.0)
    assert row["percent"] == pytest.approx(-100 * 2 / 33)
    ratio = discrepancy().ratio
    assert (row["low"], row["high"]) == pytest.approx((-2.0 - 2.0 * ratio, -2.0 + 2.0 * ratio))
    assert (row["fewer_in"], row["equal_in"], row["runs"]) == (3, 1, 4)
    # Pairs (-1, 0) and (-3, -4) share a belief: within 0.5, between 9; error sqrt((between) / 4) = 1.5.
    assert row["monte_carlo_error"] == pytest.approx(1.5)
    assert row["stochastic_share"] == pytest.approx(0.5 / (0.5 + (9 - 0.5) / 2))


def test_printed_numbers_stop_at_their_monte_carlo_error(four_pairs):
    row = four_pairs.summary(("emergency_admissions",)).iloc[0]
    assert (row["difference"], row["monte_carlo_error"], row["stochastic_share"]) == (-2.0, 1.5, 0.11)
    assert row["percent"] == -6.0
    assert list(four_pairs.summary().columns) == list(COLUMNS)


def test_without_parameter_draws_the_stochastic_share_is_unknown():
    runs = [run({"bed_days": days}) for days in (4, 7, 5, 9)]
    row = pair_of(runs[::-1], runs, parameters="central").summary(("bed_days",), rounded=False).iloc[0]
    assert math.isnan(row["stochastic_share"])
    assert row["monte_carlo_error"] == pytest.approx(np.array([-5.0, 2.0, -2.0, 5.0]).std(ddof=1) / 2)


def test_amounts_in_total_a_year_and_per_thousand(large):
    def total_of(basis):
        return large.per(basis).summary(("bed_days", "often_always_lonely"), rounded=False).set_index("measure")

    total, year, thousand = total_of("total"), total_of("year"), total_of("1,000")
    bed_days = total.loc["bed_days", "baseline"]
    assert year.loc["bed_days", "baseline"] == pytest.approx(bed_days / 5)
    residents = 4000 * 90 * 20 / 260
    assert thousand.loc["bed_days", "baseline"] == pytest.approx(bed_days / 5 / residents * 1000)
    assert total.loc["often_always_lonely", "difference"] == thousand.loc["often_always_lonely", "difference"]
    assert list(thousand["unit"]) == ["days per 1,000 residents a year", "% of adults"]


@pytest.mark.parametrize("group", ["age_band", "deprivation", "lonely", "year", "quarter"])
def test_groups_add_up_to_the_whole(large, group):
    total = large.per("total")
    whole = total.summary(("emergency_admissions", "care_cost"), rounded=False).set_index("measure")
    parts = total.by(group, measures=("emergency_admissions", "care_cost"), rounded=False)
    for name in ("baseline", "scenario", "difference"):
        assert parts.groupby("measure")[name].sum().to_dict() == pytest.approx(whole[name].to_dict())


def test_two_groups_at_once_keep_the_order_given(large):
    crossed = large.by("deprivation", "age_band", measures=("deaths",), rounded=False)
    other = large.by("age_band", "deprivation", measures=("deaths",), rounded=False)
    assert list(crossed.columns[:2]) == ["deprivation", "age_band"]
    assert len(crossed) == 45
    keys = ["age_band", "deprivation"]
    left, right = (table.set_index(keys)["baseline"].sort_index() for table in (crossed, other))
    assert left.equals(right)


def test_a_year_is_shown_at_its_own_pace_when_it_is_short():
    runs = run(quarters=5)
    runs.cells[4, 0, INDEX["deaths"]] = 3
    by_year = pair_of([runs], [runs], weeks=65).by("year", measures=("deaths",), rounded=False)
    assert by_year["baseline"].tolist() == [0.0, 12.0]


def test_loneliness_of_children_is_missing_with_a_note(large):
    rows = large.by("age_band", measures=("often_always_lonely",)).set_index("age_band")
    assert rows.loc["5-15", "runs"] == 0
    assert math.isnan(rows.loc["5-15", "difference"])
    assert rows.loc["16-24", "runs"] == 8


def test_a_programmes_money_has_no_age(large):
    assert large.by("age_band", measures=("net_cost",))["difference"].isna().all()
    yearly = large.per("total").by("year", measures=("net_cost",), rounded=False)["difference"].sum()
    assert yearly == pytest.approx(large.per("total").summary(("net_cost",), rounded=False)["difference"].iloc[0])


def test_money_and_capacity_add_up_to_the_net_cost(large):
    rows = large.summary(("net_cash", "net_capacity", "net_cost"), rounded=False)["difference"]
    assert rows[0] + rows[1] == pytest.approx(rows[2])
    by_kind = large.costs("kind", rounded=False).set_index("kind")["difference"]
    assert by_kind["cashable"] == pytest.approx(rows[0])


def test_the_ledger_balances_after_averaging(large):
    wide = large.ledger().pivot(index="service", columns="account", values="pounds")
    assert (wide["automated"] - wide["rework"] - wide["technology"]).to_numpy() == pytest.approx(wide["released"])
    assert (wide["reinvested"] + wide["saved"] + wide["absorbed"]).to_numpy() == pytest.approx(wide["released"])


def test_a_scenario_against_itself_differs_in_nothing():
    same = results("baseline", lively(4, 0.0), weeks=260)
    rows = compare(same, same).summary(rounded=False)
    assert (rows["difference"].abs() == 0).all()
    assert (rows["equal_in"] == 4).all()


@pytest.mark.parametrize(
    "changed",
    [
        {"weeks": 104},
        {"starts": "2013-04-01"},
        {"place": "largeton", "place_hash": "99999999"},
        {"model_version": "2.0"},
        {"base_evidence_hash": "77777777"},
        {"parameters": "central"},
    ],
)
def test_runs_that_differ_are_refused_with_the_differences(changed, messages):
    with messages.raised(IncomparableRunsError):
        compare(results("offset", {0: run()}), results("baseline", {0: run()}, **changed))


def test_different_seeds_are_refused(messages):
    with messages.raised(IncomparableRunsError):
        compare(results("offset", {0: run(), 1: run(), 5: run()}), results("baseline", {0: run(), 1: run(), 2: run()}))


def test_an_incomplete_ensemble_is_refused_by_default(messages):
    lost = results("offset", {0: run(), 1: Failure("LedgerError", "1 pence left"), 2: run()})
    whole = results("baseline", {0: run(), 1: run(), 2: run()})
    with messages.raised(IncompleteEnsembleError):
        compare(lost, whole)
    assert compare(lost, whole, incomplete=True).seeds == (0, 2)


def test_nothing_can_be_compared_where_no_pair_finished(messages):
    left, right = {0: run(), 1: Failure("A", "x")}, {0: Failure("B", "y"), 1: run()}
    with messages.raised(IncompleteEnsembleError):
        compare(results("offset", left), results("baseline", right), incomplete=True)


@pytest.mark.parametrize(
    "ask",
    [
        lambda found: found.per("decade"),
        lambda found: found.by("agebands"),
        lambda found: found.summary(("bed_day",)),
        lambda found: found.costs("payers"),
    ],
)
def test_unknown_names_are_reported_with_a_suggestion(four_pairs, ask, messages):
    with messages.raised(UnknownNameError):
        ask(four_pairs)


def test_year_and_quarter_at_once_are_refused(four_pairs, messages):
    with messages.raised(ValueError):
        four_pairs.by("year", "quarter")
