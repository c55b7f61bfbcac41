"""Figures of the pages are pure, and the numbers that they draw are those of the comparison."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from dashboard.credibility.fitted_lens import fit_finding, fit_rows
from dashboard.exhibits.certainty import certainty
from dashboard.exhibits.components import drawn_figure
from dashboard.exhibits.exhibit import Drawing, Tiles, exhibits_in
from dashboard.exhibits.money import money, spending
from dashboard.exhibits.parameters import channels
from dashboard.exhibits.people import people
from dashboard.exhibits.scenarios import outcome_of_scenarios, scenarios_by_year
from dashboard.figures.by_lens import dots
from dashboard.figures.chart import Chart, chart_of, plain_rows
from dashboard.figures.curves import Curves
from dashboard.topics.costs import break_even_finding, plane_finding
from dashboard.topics.groups import relative
from dashboard.topics.hour import flow_finding, flows, hours_text, reached_people, shortfall
from dashboard.topics.series import (
    acceptability,
    cumulative_cost,
    exceedance,
    pair_values,
    plane,
    reached,
    running_mean,
)
from dashboard.topics.several_scenarios import rows_of_lenses, strip_finding
from dashboard.topics.why import channel_finding, channel_rows
from simulator.comparison.comparison import compare
from simulator.comparison.outcomes import OUTCOMES
from simulator.comparison.paired_statistics import widened
from simulator.evidence import load_evidence
from simulator.experiments.attribution import INTERACTION, TOTAL
from tests.helpers.finished_runs import made_up_arms


@pytest.fixture(scope="module")
def helps():
    baseline, offset, *_ = made_up_arms()
    return compare(offset, baseline)


@pytest.fixture(scope="module")
def named(helps):
    baseline, _, nothing, *_ = made_up_arms()
    return {"Relational offset": helps, "Volunteers only": compare(nothing, baseline)}


CHANNELS = pd.DataFrame(
    [
        ("emergency_admissions", "new_ties", -4.0, -6.0, -2.0, 0.5, -3.0),
        ("emergency_admissions", "access", 1.0, -1.0, 2.0, 0.5, 1.0),
        ("emergency_admissions", INTERACTION, -1.0, -2.0, 0.0, 0.5, np.nan),
        ("emergency_admissions", TOTAL, -3.0, -5.0, -1.0, 0.5, -3.0),
    ],
    columns=["outcome", "channel", "part", "low", "high", "monte_carlo_error", "alone"],
)


def test_every_kind_of_exhibit_is_drawn_from_its_numbers_alone(helps, named):
    """Drawing an exhibit twice gives the same figure, which has the numbers that its text alternative has."""
    one = {"": helps}
    parts = [*money(one, "A line."), *certainty(one, "A line.", "bed_days", -1.0), *people(one, "A line.", "relative")]
    parts += scenarios_by_year({"": named}, "A line.")
    parts.append(outcome_of_scenarios({"": named}, "bed_days", "A line."))
    parts += channels({"": (CHANNELS, "A line.")}, OUTCOMES["emergency_admissions"], {"": ""})
    found = list(exhibits_in(parts))
    kinds = {type(exhibit.figure) for exhibit in found}
    assert kinds == {Chart, Curves, Tiles, Drawing}
    for exhibit in found:
        assert exhibit.tables, exhibit.name
        assert exhibit.title in exhibit.alternative
        if isinstance(exhibit.figure, Tiles):
            continue
        first, second = (drawn_figure(exhibit.figure) for _ in range(2))
        assert first.to_json() == second.to_json(), exhibit.name
        assert first.layout.height > 100, exhibit.name
        if isinstance(exhibit.figure, Chart):
            drawn = first.data[0].y if exhibit.figure.across else first.data[0].x
            assert list(drawn) == pytest.approx([*exhibit.figure.series[0].values], nan_ok=True)


def test_all_amounts_of_page_money_by_payer_and_service_have_one_scale(helps):
    charts = [one.figure for one in spending({"": helps}, "A line.")]
    assert len(charts) == 3
    assert len({chart.scale() for chart in charts}) == 1
    payers = charts[0]
    net = helps.summary(("net_cost",), rounded=False)["difference"].iloc[0]
    at = payers.categories.index("Money and capacity together")
    assert 1e3 * payers.series[0].values[at] == pytest.approx(net)
    money_and_capacity = [payers.categories.index(name) for name in ("All money", "All capacity")]
    assert 1e3 * sum(payers.series[0].values[at] for at in money_and_capacity) == pytest.approx(net, abs=0.01)
    assert payers.categories[-1].startswith("Beside, in no cost")


def test_cost_added_up_ends_at_the_net_cost_of_the_whole_run(helps):
    rows = cumulative_cost(helps)
    whole = helps.per("total").summary(("net_cost",), rounded=False).iloc[0]
    assert rows["mean"].iloc[-1] == pytest.approx(whole["difference"])
    assert rows["low"].iloc[-1] == pytest.approx(whole["low"])
    assert rows["runs"].tolist() == [8] * 5


@pytest.mark.parametrize(
    "means",
    [
        [5.0, 1.0, -2.0],
        [-1.0, 2.0, 3.0],
        [0.0, 0.0, 0.0],
    ],
)
def test_when_it_has_paid_for_itself(means, messages):
    rows = pd.DataFrame({"year": [1, 2, 3], "mean": means, "low": means, "high": means, "saved_in": 6, "runs": 8})
    messages.check(break_even_finding(rows))


def test_a_net_cost_whose_range_includes_zero_may_be_either(messages):
    rows = pd.DataFrame({"year": [1], "mean": [-1.0], "low": [-5.0], "high": [4.0], "saved_in": 6, "runs": 8})
    messages.check(break_even_finding(rows))


def test_the_plane_counts_what_was_avoided_over_the_whole_run(helps):
    pairs = plane(helps, "emergency_admissions")
    whole = pair_values(helps.per("total"), "emergency_admissions")
    np.testing.assert_allclose(pairs["avoided"], -whole["difference"])
    years = plane(helps, "often_always_lonely")["avoided"]
    weeks = [helps.arms[arm].counts[..., 2].sum(axis=(1, 2, 3, 4)) for arm in (0, 1)]
    np.testing.assert_allclose(years, (weeks[0] - weeks[1]) / 52)


def test_acceptability_counts_pairs_that_are_worth_their_cost():
    pairs = pd.DataFrame({"seed": [0, 1, 2, 3], "cost": [100.0, 100.0, -50.0, 0.0], "avoided": [1.0, 2.0, 0.0, -1.0]})
    assert acceptability(pairs, [60.0, 150.0])["share"].tolist() == [0.5, 0.75]
    # Worth nothing, -100, -100, 50 and 0 pounds remain, of a median of -50: the last is further away from it than run.
    assert acceptability(pairs, [0.0])["share"].tolist() == [0.5]


def test_words_on_the_plane(messages):
    pairs = pd.DataFrame({"seed": [0, 1], "cost": [100.0, 300.0], "avoided": [1.0, 3.0]})
    messages.check(plane_finding(pairs, "admissions"))
    messages.check(plane_finding(pairs.assign(avoided=-1.0), "admissions"))
    messages.check(plane_finding(pairs.assign(cost=-100.0), "admissions"))


def test_the_s_curve_and_its_target_agree():
    differences = np.array([3.0, -5.0, 0.0, -1.0])
    rows = exceedance(differences)
    assert rows["difference"].tolist() == sorted(widened(differences).tolist())
    assert rows["share"].tolist() == [0.25, 0.5, 0.75, 1.0]
    assert reached(differences, -1.0, less=True) == 0.5
    assert reached(differences, 0.0, less=False) == 0.5


def test_the_running_mean_ends_at_the_mean_with_its_error(helps):
    rows = running_mean(helps, "emergency_admissions")
    found = helps.summary(("emergency_admissions",), rounded=False).iloc[0]
    assert rows["mean"].iloc[-1] == pytest.approx(found["difference"])
    assert rows["error"].iloc[-1] == pytest.approx(found["monte_carlo_error"])


def test_the_strip_states_the_verdict_on_every_scenario(named, messages):
    messages.check(strip_finding(rows_of_lenses({"": named}, "bed_days")))


def test_the_flow_keeps_the_balance_of_the_ledger(helps):
    results, seeds = helps.scenario, helps.seeds
    rows = flows(results, seeds)
    by_kind = rows.groupby("kind")["pounds"].sum()
    book = helps.ledger().groupby("account")["pounds"].sum()
    for account in ("rework", "technology", "released", "reinvested", "saved", "absorbed"):
        assert by_kind[account] == pytest.approx(book[account], abs=1.0), account
    assert by_kind["released"] == pytest.approx(by_kind[["reinvested", "saved", "absorbed"]].sum(), abs=1.0)
    assert by_kind["programme"] == pytest.approx(by_kind["reinvested"], abs=1.0)
    assert flow_finding(rows).startswith("Of £")
    assert shortfall(results, seeds) == []


def test_one_service_and_one_quarter_are_part_of_the_whole(helps):
    results, seeds = helps.scenario, helps.seeds
    whole = flows(results, seeds)["pounds"].sum()
    one = flows(results, seeds, "gp_practice", 3)
    assert 0.0 < one["pounds"].sum() < whole / 10
    assert not one["source"].str.startswith("Council").any()
    assert "Pump priming" not in set(one["source"])


def test_amounts_that_the_flow_cannot_show_are_reported(helps, messages):
    results = helps.scenario
    ledger = results.ledger.copy()
    ledger.loc[ledger["account"].isin(["released", "saved"]), "pence"] = -100_000
    short = type(results)(**{**vars(results), "ledger": ledger})
    said = shortfall(short, helps.seeds)
    assert any("−£" in sentence for sentence in said)
    messages.check("\n".join(said))


def test_pounds_become_hours_at_what_an_hour_of_the_automated_tasks_costs(helps, messages):
    results = helps.scenario
    record = {**results.record, "automates": ["gp_practice.test_result"]}
    priced = type(results)(**{**vars(results), "record": record})
    book = results.ledger[(results.ledger["account"] == "automated") & (results.ledger["service"] == "gp_practice")]
    cost = load_evidence()["contacts.hourly_cost"].by_category()["gp_practice.test_result"]
    hours = book["pence"].sum() / 100.0 / len(helps.seeds) / cost
    said = hours_text(priced, helps.seeds, "gp_practice")
    assert f" {float(f'{hours:.2g}'):,.0f} " in said
    messages.check(said)


def test_people_reached_are_counted_once_whatever_paid_for_them(helps):
    cells = reached_people(helps.scenario, helps.seeds, "As claimed")
    connectors = next(row for row in cells.body if row[0] == "Health connectors")
    assert connectors[1:3] == ["1.5", "60"]
    assert cells.caption.startswith("As claimed: ")


def test_groups_relative_to_their_own_level():
    rows = pd.DataFrame(
        {
            "baseline": [50.0, 0.0],
            "difference": [-5.0, 1.0],
            "low": -10.0,
            "high": 0.0,
            "monte_carlo_error": 1.0,
            "unit": "x",
        }
    )
    found = relative(rows)
    assert found["difference"].iloc[0] == pytest.approx(-10.0)
    assert np.isnan(found["difference"].iloc[1])


def test_channels_name_the_largest_part_and_keep_the_interaction_apart(messages):
    rows = channel_rows(CHANNELS, "emergency_admissions")
    assert rows["kind"].tolist() == ["part", "part", "note", "total"]
    messages.check(channel_finding(rows, "Emergency admissions", "admissions a year"))
    alone = channel_finding(rows.assign(monte_carlo_error=np.nan), "Emergency admissions", "admissions a year")
    messages.check(alone)


def test_the_fit_says_which_targets_are_missed(helps, messages):
    rows = fit_rows(helps.baseline)
    messages.check(fit_finding(rows.assign(in_range=True)))
    messages.check(fit_finding(rows.assign(in_range=rows.index != 0)))
    inside = rows["in_range"]
    assert (rows.loc[inside, "simulated_at"].between(-1, 101)).all()


def test_names_of_many_lines_do_not_overlap():
    long = "Emergency admissions a head in the first year, relative to the county's, held out of the fit"
    rows = pd.DataFrame({"label": [long, "Bed days"], "value": [1.0, 2.0]})
    figure = dots(chart_of(plain_rows(rows, "value"), "%"))
    lines = max(name.count("<br>") + 1 for name in figure.layout.yaxis.ticktext)
    assert lines > 2
    assert (figure.layout.height - 90) / 2 >= 17 * lines
