"""The response surface: its plans as scenarios, its estimates of made-up runs, its check, and what ships."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from calibration.surface import FOLDER, Point, Surface, load_surface
from calibration.surface.making import SurfacePlan, repeated
from calibration.surface.points import MOST_MONEY, PAYERS, STEP, design, freed
from simulator.api import load, specify_comparable
from simulator.errors import ResultsError, UnknownNameError
from simulator.experiments.sized_plan import MEASURES
from simulator.lenses import EVIDENCE
from simulator.places import load_place
from simulator.results.run_record import model_version
from simulator.specification.spec import expected_release
from tests.helpers.made_up_surface import SMALL, fewer, write_surface

WORST = 0.10
"""Largest mean error on plans not seen that is accepted, as a share of the range of an outcome."""
SURE = Point(0.5, 0.4, 0.2, 0.2, 30.0)


@pytest.fixture(scope="module")
def held(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("made") / "surface"
        return write_surface(folder, patch, replace(SMALL, lenses=(EVIDENCE,))), folder


def row(surface, point, measure="emergency_admissions"):
    rows = surface.estimate(point, "frome", EVIDENCE).set_index("measure")
    assert list(rows.index) == list(MEASURES)
    return rows.loc[measure]


def test_a_point_is_a_scenario_with_the_plans_tasks_and_its_own_money():
    point = Point(0.5, 0.3, 0.3, 0.3, 90.0)
    scenario, whole = point.scenario(), load("relational_offset")
    assert [entry.path for entry in scenario.automate] == [entry.path for entry in whole.automate]
    assert scenario.automate[0].share == pytest.approx(0.5 * whole.automate[0].share)
    assert scenario.reinvest.share == pytest.approx(0.9)
    assert sum(scenario.reinvest.programmes.values()) == pytest.approx(1.0)
    assert {fund.programme: fund.payer for fund in scenario.funding} == PAYERS
    assert sum(fund.pounds_per_resident for fund in scenario.funding) == pytest.approx(90.0)
    assert Point(0.0, 0.5, 0.0, 0.0, 0.0).nothing
    assert Point(0.0, 0.0, 0.0, 0.0, 50.0).nothing  # new money that buys nothing
    assert not Point(0.0, 0.0, 0.0, 0.0, 50.0).scenario().funding


def test_the_design_fills_the_space_with_plans_that_sliders_can_say():
    points = design(64)
    assert len(set(points)) == 64
    shares = np.array([point[:4] for point in points])
    assert np.allclose(shares / STEP, np.round(shares / STEP))
    assert all(0.0 < point.spent <= 1.0 + 1e-9 and 0.0 <= point.new_money <= MOST_MONEY for point in points)
    assert 0.05 < np.mean(shares[:, 0] == 0.0) < 0.3
    assert np.all(shares[:, 1:].max(axis=0) > 0.6)


@pytest.mark.thorough
def test_what_is_freed_is_what_the_ledger_of_the_plan_expects():
    place = load_place("frome")
    point = Point(0.5, 0.4, 0.2, 0.2, 0.0)
    (spec,) = specify_comparable([point.scenario()], place=place).specs
    quarter, expected = freed(place).quarter(point), expected_release(spec)[-1]
    assert np.allclose(quarter, expected, atol=1.0)
    assert freed(place).hours_at(point) == pytest.approx(
        freed(place).hours_at(point._replace(automation=1.0)) / 2, rel=0.05
    )


def test_estimates_follow_runs_and_services_as_they_are_stay_so(held):
    surface, _ = held
    found, true = row(surface, SURE), 4.0 * np.mean([fewer(SURE.scenario(), seed) for seed in SMALL.seeds])
    assert found["difference"] == pytest.approx(-true, rel=0.15)
    assert found["low"] < found["difference"] < found["high"] < 0.0
    assert found["verdict"] == "better"
    assert row(surface, Point(0.0, 0.5, 0.0, 0.0, 0.0))["difference"] == 0.0
    check = surface.tables["check"].set_index("measure").loc["emergency_admissions"]
    assert check["points"] == 8
    assert found["missed_by"] == check["missed_by"] < 0.05 * check["range"]
    assert found["runs_used"] == 25 * 2


def test_the_smallest_difference_that_matters_is_the_users(held):
    surface, _ = held
    rows = surface.estimate(SURE, "frome", EVIDENCE, {"admissions": 50.0}).set_index("measure")
    assert rows.loc["emergency_admissions", "verdict"] == "small"


@pytest.mark.thorough
def test_the_same_runs_give_the_same_bytes_and_a_changed_number_is_found(held, tmp_path, monkeypatch, messages):
    surface, folder = held
    again = tmp_path / "surface"
    write_surface(again, monkeypatch, replace(SMALL, lenses=(EVIDENCE,)))
    for path in folder.iterdir():
        assert path.read_bytes() == (again / path.name).read_bytes(), path.name
    with ThreadPoolExecutor(1) as executor:
        assert repeated(surface, executor) == ()
        pairs = surface.tables["pairs"]
        last = (pairs["point"] == 31) & (pairs["measure"] == "bed_days") & (pairs["seed"] == 0)
        changed = pairs.assign(scenario=pairs["scenario"] + last)
        (fault,) = repeated(Surface({**surface.tables, "pairs": changed}, surface.record), executor)
    messages.check(fault)


def test_a_surface_of_another_model_or_lens_says_so_instead_of_answering(held, messages):
    surface, _ = held
    older = Surface(surface.tables, {**surface.record, "model_version": "0.0.1+0123abcd"})
    with pytest.raises(ResultsError) as refused:
        older.estimate(SURE, "frome", EVIDENCE)
    messages.check(str(refused.value).replace(model_version(), "VERSION"))
    other = Surface(surface.tables, {**surface.record, "lenses": {EVIDENCE: "00000000"}})
    with pytest.raises(ResultsError) as refused:
        other.estimate(SURE, "frome", EVIDENCE)
    messages.check(str(refused.value))
    with pytest.raises(UnknownNameError):
        surface.estimate(SURE, "somerset", EVIDENCE)


def test_without_a_surface_it_is_said_how_to_make_one(tmp_path):
    with pytest.raises(ResultsError, match="They are made with 'offset surface'"):
        load_surface(tmp_path / "none")


def test_the_plan_of_a_record_is_its_command():
    assert SurfacePlan(16, 4, 5000, ("frome",), (EVIDENCE,), 2).command == (
        "offset surface --points 16 --draws 4 --residents 5000 --place frome --lens evidence --years 2"
    )


# What ships.

made = pytest.mark.skipif(not FOLDER.is_dir(), reason="no surface ships: make it with 'offset surface'")


@made
def test_the_shipped_surface_is_of_this_model_and_keeps_its_word():
    shipped = load_surface()
    assert shipped.outdated is None
    check = shipped.tables["check"]
    assert len(check) == len(MEASURES) * len(shipped.record["lenses"]) * len(shipped.record["places"])
    assert (check["points"] >= 8).all()
    again = shipped.checked()
    assert np.allclose(again["missed_by"], check["missed_by"], rtol=1e-6)
    assert (again["missed_by"] <= WORST * again["range"]).all(), again[["lens", "measure", "missed_by", "range"]]
    assert again["inside"].mean() > 0.7
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 1_000_000
    assert json.loads((FOLDER / "record.json").read_text(encoding="utf-8"))["command"] == shipped.record["command"]


@pytest.mark.thorough
@made
def test_a_pair_of_runs_of_the_shipped_surface_gives_the_same_numbers_again():
    with ThreadPoolExecutor(1) as executor:
        assert repeated(load_surface(), executor) == ()
