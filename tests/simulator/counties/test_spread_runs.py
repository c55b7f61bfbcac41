"""A county run: a specification for each place, random numbers and parameters, sums, leads, the command."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from simulator.counties import County, load_county, scaled
from simulator.counties.county_results import summed_over_places
from simulator.counties.spread_runs import (
    comparable_spreads,
    compare_modes,
    county_of,
    county_spread,
    effects,
    groups_of,
    overtaking_by_fidelity,
    seed_offset_of,
    sums,
)
from simulator.errors import IncomparableRunsError, IncompleteEnsembleError, ScenarioError
from simulator.results.results import parameter_draw_of
from simulator.running import ensemble
from simulator.running.ensemble import run_groups
from simulator.scenario.scenario import load_scenario
from tests.helpers.spread_files import make_up_runs, write_county
from tests.helpers.synthetic_results import lively, results

pytestmark = pytest.mark.thorough

NAMES = ("candles", "rollout")
HEAD = "name: plan\ntitle: Plan\nquestion: What if?\n"


def write(folder: Path, body: str) -> Path:
    path = folder / "plan.yaml"
    path.write_text(HEAD + body, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def county() -> County:
    return scaled(load_county("somerset_like"), 0.1)


@pytest.fixture
def small(tmp_path: Path) -> County:
    return load_county(write_county(tmp_path))


@pytest.fixture
def calls(monkeypatch):
    return make_up_runs(monkeypatch)


@pytest.fixture
def runs(calls, small):
    spreads = comparable_spreads([load_scenario(name) for name in NAMES], small)
    return spreads, run_groups(groups_of(small, load_scenario("baseline"), spreads), range(4), workers=1)


def test_each_place_has_its_own_spec_and_begins_when_its_turn_comes(county):
    for one in comparable_spreads([load_scenario(name) for name in NAMES], county):
        offset = load_scenario("relational_offset")
        for spec, adoption, place in zip(one.specs, one.found, county, strict=True):
            assert spec.place == place
            assert spec.adoption == adoption
            first = [
                task.from_week - plain.from_week for task, plain in zip(spec.automation, offset.automate, strict=True)
            ]
            assert set(first) == {adoption.week}
        assert len({spec.hash for spec in one.specs}) == len(county.places)


def test_the_roll_out_is_first_everywhere_and_candles_are_better_done(county):
    candles, rollout = comparable_spreads([load_scenario(name) for name in NAMES], county)
    table = candles.adoption().merge(rollout.adoption(), on="place", suffixes=("_candles", "_rollout"))
    others = table[table["place"] != county.origin]
    assert (others["week_rollout"] <= others["week_candles"]).all()
    assert (others["mean_fidelity_rollout"] < others["mean_fidelity_candles"]).all()
    reach = {one.scenario.name: one.reach() for one in (candles, rollout)}
    assert reach["rollout"]["faithful_years"].iloc[3] > reach["candles"]["faithful_years"].iloc[3]
    assert reach["candles"]["faithful_years"].iloc[-1] > reach["rollout"]["faithful_years"].iloc[-1]


def test_candles_win_sooner_the_more_a_manual_loses_and_the_more_a_team_can_teach(county):
    table = overtaking_by_fidelity(comparable_spreads([load_scenario(name) for name in NAMES], county))
    never = 10_000
    wide = table.assign(quarter=table["quarter"].fillna(never)).pivot(
        index="kept_by_manual", columns="learners_at_once", values="quarter"
    )
    assert (wide.diff(axis=0).iloc[1:] >= 0).all(axis=None)  # rows go from much lost to nothing lost
    assert (wide.diff(axis=1).iloc[:, 1:] <= 0).all(axis=None)
    assert (wide.loc[1.0] == never).all()
    assert (wide.iloc[0] < never).all()
    assert overtaking_by_fidelity(comparable_spreads([load_scenario("candles")], county)) is None


def test_places_have_separate_random_numbers_and_shared_parameters(calls, small):
    spreads = comparable_spreads([load_scenario("candles")], small)
    found = run_groups(groups_of(small, load_scenario("baseline"), spreads), [0, 1, 2], workers=1)
    luck = {(spec.place.name, seed) for spec, seed, _ in calls}
    assert luck == {(place.name, seed_offset_of(place.name) + seed) for place in small for seed in range(3)}
    assert len({seed for _, seed, _ in calls}) == 3 * len(small.places)
    assert all(draw == parameter_draw_of(seed % 2**32) for _, seed, draw in calls)
    held = {seed % 2**32: draw for _, seed, draw in calls}
    for cells in (one.cells for arms in found for one in arms):
        assert cells["parameter_draw"].tolist() == [held[seed] for seed in cells["seed"]]


def test_the_sum_over_places_counts_everything_once(runs, small):
    _, by_place = runs
    everywhere = sums(small, by_place)
    for arm, in_all in enumerate(everywhere):
        places = [arms[arm] for arms in by_place]
        added = sum(place.counts(range(4)) for place in places)
        assert np.array_equal(in_all.counts(range(4)), added)
        for table in ("ledger", "programmes"):
            pence = sum(int(getattr(place, table)["pence"].sum()) for place in places)
            assert int(getattr(in_all, table)["pence"].sum()) == pence
        assert in_all.record["residents"] == small.residents
        assert len(in_all.record["places"]) == 3


def test_effects_are_reported_by_year_for_the_county_and_each_place(runs, small):
    _, by_place = runs
    table = effects(by_place, sums(small, by_place))
    assert set(table["place"]) == {small.name, *(place.name for place in small)}
    admissions = table[(table["measure"] == "emergency_admissions") & (table["scenario"] == "candles")]
    by_year = admissions.groupby(["year", admissions["place"] == small.name])["difference"].sum().unstack()
    assert np.allclose(by_year[True], by_year[False])
    assert (by_year[True] < 0).all()


def test_who_is_ahead_follows_from_the_pairs(runs, small):
    spreads, by_place = runs
    found = compare_modes(spreads, sums(small, by_place))
    admissions = found[found["measure"] == "emergency_admissions"].set_index("year")
    assert (admissions["ahead"] == "candles").all()
    assert admissions["difference"].is_monotonic_decreasing  # a lead that adds up year by year
    assert (admissions["candles_ahead_in"] == 4).all()
    assert compare_modes(spreads[:1], sums(small, by_place)[:2]) is None


def test_a_seed_lost_in_one_place_is_lost_for_the_county_and_says_where(calls, small, monkeypatch, messages):
    whole = ensemble.simulate

    def simulate(spec, seed, parameter_draw):
        if spec.place.name == "levels" and seed % 2**32 == 2:
            raise MemoryError("no room left")
        return whole(spec, seed, parameter_draw)

    monkeypatch.setattr(ensemble, "simulate", simulate)
    spreads = comparable_spreads([load_scenario("candles")], small)
    by_place = run_groups(groups_of(small, load_scenario("baseline"), spreads), range(4), workers=1)
    baseline, candles = sums(small, by_place)
    assert candles.finished == baseline.finished == (0, 1, 3)
    assert candles.failures["message"].tolist() == ["in levels: no room left"]
    with messages.raised(IncompleteEnsembleError):
        effects(by_place, [baseline, candles])
    assert effects(by_place, [baseline, candles], incomplete=True)["runs"].isin([3, 4]).all()


def test_runs_of_other_lengths_are_not_added_up(messages):
    long, short = (results("candles", lively(2, 0.1, quarters=quarters)) for quarters in (8, 4))
    with messages.raised(ValueError):
        summed_over_places([long, short], {"place": "county"})


@pytest.mark.parametrize(
    ("body", "at"),
    [
        ("spread: {mode: rollout, reason: r, places_per_wave: 4}", "4 spread.weeks_between_waves"),
        ("spread: {mode: candles, reason: r, places_per_wave: 4}", "4 spread.places_per_wave"),
        ("spread: {mode: candels, reason: r}", "4 spread.mode"),
        ("spread: {mode: candles}", "4 spread.reason"),
        ("spread: {mode: candles, reason: r, from_week: 260}", "4 spread.from_week"),
        ("spread: {mode: candles, reason: r}\ncommitments: [{programme: talking_cafes, units: 0.1}]", "4 spread"),
        ("spread: {mode: candles, reason: r, amounts_for: 0}", "4 spread.amounts_for"),
    ],
)
def test_a_problem_in_the_part_spread_is_reported_with_its_line(tmp_path: Path, body: str, at, messages):
    with messages.raised(ScenarioError, at):
        load_scenario(write(tmp_path, body))


def test_a_scenario_without_spread_or_with_an_origin_elsewhere_is_refused(tmp_path: Path, county, messages):
    with messages.raised(ScenarioError):
        county_spread(load_scenario("baseline"), county)
    path = write(tmp_path, "spread: {mode: candles, reason: r, origin: mil_town}")
    with messages.raised(ScenarioError):
        county_spread(load_scenario(path), county)


def test_an_origin_of_the_scenario_begins_instead_of_the_countys(tmp_path: Path, county):
    path = write(tmp_path, "spread: {mode: candles, reason: r, origin: coast_town, from_week: 13}")
    table = county_spread(load_scenario(path), county).adoption().set_index("place")
    assert table["week"]["coast_town"] == 13
    assert table["week"]["market_town"] > 13


def test_a_county_is_the_one_named_for_the_run_or_by_the_scenarios(tmp_path: Path, messages):
    candles = load_scenario("candles")
    assert county_of([candles]) == load_county("somerset_like")
    with messages.raised(IncomparableRunsError):
        county_of([load_scenario("baseline")])
    other = load_scenario(write(tmp_path, "spread: {mode: candles, reason: r, county: my_county.yaml}"))
    with messages.raised(IncomparableRunsError):
        county_of([candles, other])
    assert county_of([candles, other], "somerset_like").name == "somerset_like"


def test_spreads_on_other_calendars_or_of_one_name_are_refused(tmp_path: Path, county, messages):
    candles = load_scenario("candles")
    other = load_scenario(write(tmp_path, "calendar: {years: 2}\nspread: {mode: candles, reason: r}"))
    with messages.raised(IncomparableRunsError):
        comparable_spreads([candles, other], county)
    assert len(comparable_spreads([candles, other], county, 52)) == 2
    with messages.raised(IncomparableRunsError):
        comparable_spreads([candles, candles], county)
