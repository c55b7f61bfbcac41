"""Figures of the pages are pure, and the numbers that they draw are those of the comparison."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from dashboard import figures
from dashboard.credibility.fitted_lens import fit_finding, fit_rows
from dashboard.topics.certainty import verdict_finding
from dashboard.topics.costs import break_even_finding, plane_finding, steps_of
from dashboard.topics.groups import age_by_deprivation, group_rows, relative
from dashboard.topics.hour import flow_finding, flows, hours_text, reached_people, shortfall
from dashboard.topics.series import (
    acceptability,
    cumulative_cost,
    exceedance,
    over_time,
    pair_values,
    parts_of_range,
    plane,
    reached,
    running_mean,
)
from dashboard.topics.several_scenarios import pairs_of_lenses, rows_of_lenses, strip_finding, years_of
from dashboard.topics.why import channel_finding, channel_rows
from simulator.comparison.comparison import compare
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


def frames(helps, named):
    """Every figure of the pages with its data."""
    rows = rows_of_lenses({"evidence": named}, "bed_days")
    admitted = group_rows(helps, "age_band", "emergency_admissions").iloc[:9]
    return {
        "strip": (figures.strip, (rows, pairs_of_lenses({"evidence": named}, "bed_days"), "days")),
        "line_and_band": (
            figures.line_and_band,
            (over_time(helps, "bed_days"), {"baseline": "As now", "scenario": "Offset"}, "days"),
        ),
        "differences_over_years": (figures.differences_over_years, (years_of(named, "bed_days"), "days")),
        "waterfall": (figures.waterfall, (steps_of(helps),)),
        "cumulative": (figures.cumulative, (cumulative_cost(helps),)),
        "cost_plane": (figures.cost_plane, (plane(helps, "often_always_lonely"), "years")),
        "acceptability_curve": (
            figures.acceptability_curve,
            (acceptability(plane(helps, "often_always_lonely"), [0.0, 1e3, 2e3]), [0.0, 2e3], "worth"),
        ),
        "s_curve": (figures.s_curve, (exceedance(np.array([-2.0, 1.0, 4.0])), -1.0, "days")),
        "running": (figures.running, (running_mean(helps, "bed_days"),)),
        "variance_components": (figures.variance_components, (parts_of_range(helps, ("bed_days", "net_cost")),)),
        "channels": (figures.channels, (channel_rows(CHANNELS, "emergency_admissions"), "admissions")),
        "tile_grid": (figures.tile_grid, (age_by_deprivation(helps),)),
        "residuals": (figures.residuals, (fit_rows(helps.baseline),)),
        "hour_flow": (figures.hour_flow, (flows(helps.scenario, helps.seeds),)),
        "by_group": (figures.by_group, (relative(admitted), "age_band", "%")),
    }


def test_figures_are_pure(helps, named):
    for name, (draw, given) in frames(helps, named).items():
        before = [part.copy() if isinstance(part, pd.DataFrame) else part for part in given]
        first, second = draw(*given), draw(*given)
        assert first.to_json() == second.to_json(), name
        for part, old in zip(given, before, strict=True):
            if isinstance(part, pd.DataFrame):
                pd.testing.assert_frame_equal(part, old)
        assert first.layout.height > 100, name


def test_steps_of_the_waterfall_add_up_to_the_net_cost(helps):
    steps = steps_of(helps)
    net = helps.summary(("net_cost",), rounded=False)["difference"].iloc[0]
    assert steps["label"].iloc[-1] == "Net cost"
    assert steps["pounds"].iloc[-1] == pytest.approx(net, abs=0.01)
    assert steps["pounds"].iloc[:-1].sum() == pytest.approx(net, abs=0.01)


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
    assert acceptability(pairs, [0.0, 60.0, 150.0])["share"].tolist() == [0.25, 0.5, 0.75]


def test_words_on_the_plane(messages):
    pairs = pd.DataFrame({"seed": [0, 1], "cost": [100.0, 300.0], "avoided": [1.0, 3.0]})
    messages.check(plane_finding(pairs, "admissions"))
    messages.check(plane_finding(pairs.assign(avoided=-1.0), "admissions"))
    messages.check(plane_finding(pairs.assign(cost=-100.0), "admissions"))


def test_the_s_curve_and_its_target_agree():
    differences = np.array([3.0, -5.0, 0.0, -1.0])
    rows = exceedance(differences)
    assert rows["difference"].tolist() == [-5.0, -1.0, 0.0, 3.0]
    assert rows["share"].tolist() == [0.25, 0.5, 0.75, 1.0]
    assert reached(differences, -1.0, less=True) == (2, 4)
    assert reached(differences, 0.0, less=False) == (2, 4)


def test_the_running_mean_ends_at_the_mean_with_its_error(helps, messages):
    rows = running_mean(helps, "emergency_admissions")
    found = helps.summary(("emergency_admissions",), rounded=False).iloc[0]
    assert rows["mean"].iloc[-1] == pytest.approx(found["difference"])
    assert rows["error"].iloc[-1] == pytest.approx(found["monte_carlo_error"])
    messages.check(verdict_finding(found))


def test_the_strip_states_the_verdict_on_every_scenario(named, messages):
    messages.check(strip_finding(rows_of_lenses({"evidence": named}, "bed_days")))


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
    cost = pd.DataFrame({"seed": helps.seeds, "path": "contacts.hourly_cost.gp_practice.test_result", "value": 50.0})
    record = {**results.record, "automates": ["gp_practice.test_result"]}
    priced = type(results)(**{**vars(results), "parameters": cost, "record": record})
    book = results.ledger[(results.ledger["account"] == "automated") & (results.ledger["service"] == "gp_practice")]
    hours = book["pence"].sum() / 100.0 / len(helps.seeds) / 50.0
    said = hours_text(priced, helps.seeds, "gp_practice")
    assert f" {float(f'{hours:.2g}'):,.0f} " in said
    messages.check(said)


def test_people_reached_are_counted_once_whatever_paid_for_them(helps):
    cells = reached_people(helps.scenario, helps.seeds)
    connectors = next(row for row in cells.body if row[0] == "Health connectors")
    assert connectors[1:3] == ["1.5", "60.0"]


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
