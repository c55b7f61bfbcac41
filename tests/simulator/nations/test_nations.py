"""A nation: every place run once, scaled up, added up exactly, with two intervals; failures are rows."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from simulator.api import nation as run_places
from simulator.counties.county_results import summed_over_places
from simulator.counties.spread_runs import seed_offset_of
from simulator.errors import IncomparableRunsError, IncompleteEnsembleError, PlaceError, UnknownNameError
from simulator.foundations.measures import NAMES
from simulator.nations import load_nation, nation_question, run_nation
from simulator.nations.amounts import in_proportion, reference_size
from simulator.nations.nation import simulated_residents
from simulator.nations.question import specs_in
from simulator.places import england
from simulator.places.writing import import_places
from simulator.running import ensemble
from simulator.running.ensemble import RunGroup, run_groups
from simulator.scenario.scenario import load_scenario
from simulator.specification.spec import build_spec
from simulator.store import open_store, storing_executor
from tests.helpers.synthetic_results import run
from tests.simulator.places.test_places_table import rows_of, table
from tests.simulator.places.test_places_writing import AREAS

pytestmark = pytest.mark.thorough

EFFECT = {"City of London": 4, "Mendip": 30, "Rutland": 10, "Isles of Scilly": 0}


@pytest.fixture
def calls(monkeypatch):
    """Runs are made up: fewer admissions in the scenario, by place; in one place a run fails on request."""
    made = []

    def simulate(spec, seed, parameter_draw):
        place = spec.place.title
        made.append((spec.scenario.name, place, seed % 2**32, parameter_draw, spec.place.residents))
        if ("fails", place) in made and spec.scenario.name != "baseline":
            raise MemoryError("no room")
        fewer = EFFECT.get(place, 5) if spec.scenario.name != "baseline" else 0
        return run({"overnight_admissions": 1000 - fewer - seed % 2**32, "bed_days": 3000}, quarters=spec.weeks // 13)

    monkeypatch.setattr(ensemble, "simulate", simulate)
    return made


def admissions(runs) -> pd.Series:
    table = runs.outcomes[runs.outcomes["measure"] == "emergency_admissions"]
    return table.set_index("title")["difference"]


def test_the_shipped_england_adds_up_to_england_and_is_called_composite():
    shipped = load_nation("england")
    assert len(shipped.areas) == 20
    assert shipped.composite
    assert shipped.residents == 56_550_138
    assert shipped.residents == pytest.approx(sum(england().years))
    joint = sum(
        area.residents
        * np.outer(place.deprivation, 1)
        * np.array(place.age_by_deprivation)
        / np.array(place.age_by_deprivation).sum(axis=1, keepdims=True)
        for area in shipped
        for place in [area.build(area.residents)]
    )
    assert joint == pytest.approx(np.array(england().age_by_deprivation), rel=1e-6)
    place = shipped.areas[0].build(28_000)
    assert place.composite
    source = {source.margin: source for source in place.sources}["age_by_deprivation"]
    assert "326 local authorities" in source.source
    assert source.grade == "B"
    assert source.reference is not None


def test_every_composite_can_be_built_at_the_shipped_scale():
    shipped = load_nation("england")
    sizes = [area.build(simulated_residents(area, shipped.scale)).residents for area in shipped]
    assert min(sizes) >= 2000
    assert sum(sizes) == pytest.approx(shipped.scale * shipped.residents, rel=0.001)


def test_places_of_a_folder_are_those_of_the_table_it_was_made_from(tmp_path: Path):
    import_places(AREAS, tmp_path / "areas")
    by_table, by_folder = load_nation(AREAS), load_nation(tmp_path / "areas")
    assert [area[:3] for area in by_table] == [area[:3] for area in by_folder]
    assert [area.residents for area in by_table] == sorted((area.residents for area in by_table), reverse=True)


def test_each_place_is_run_scaled_down_and_scaled_up_again(calls, messages):
    runs = run_places("relational_offset", places=AREAS, scale=0.05, seeds=range(4), years=1, workers=1)
    sizes = {title: residents for _, title, _, _, residents in calls}
    assert sizes == {"Mendip": 5814, "Rutland": 2024, "City of London": 2000, "Isles of Scilly": 2000}
    assert len(calls) == 4 * 4 * 2
    assert admissions(runs)["Mendip"] == pytest.approx(-30 * 116_288 / 5814)
    assert runs.places.set_index("place")["factor"]["city_of_london"] == pytest.approx(10_938 / 2000)
    totals = runs.totals().set_index("measure")
    expected = -sum(
        fewer * residents / sizes[area]
        for area, fewer in EFFECT.items()
        for residents in [runs.places.set_index("title")["residents"][area]]
    )
    assert totals["difference"]["emergency_admissions"] == pytest.approx(expected, abs=0.51)
    assert totals["interval"]["emergency_admissions"] == "pairs"
    assert totals["factor"].iloc[0] == pytest.approx(runs.places["residents"].sum() / runs.places["simulated"].sum())
    first, second = runs.sentences()
    messages.check(first)
    messages.check(second)
    messages.check(runs.headline())


def test_with_one_pair_the_interval_is_that_of_places_and_says_so(calls, messages):
    runs = run_places("relational_offset", places=AREAS, scale=0.05, seeds=[0], years=1, workers=1)
    row = runs.totals().set_index("measure").loc["emergency_admissions"]
    assert row["interval"] == "places"
    d, n = admissions(runs), runs.places.set_index("title")["residents"].astype(float)
    rest = d - d.sum() / n.sum() * n[d.index]
    error = math.sqrt(4 / 3 * float((rest**2).sum()))
    assert row["places_error"] == pytest.approx(error)
    assert row["high"] - row["low"] == pytest.approx(2 * 1.2815516 * error)
    messages.check(runs.sentences()[1])


def test_the_spread_between_places_is_by_the_residents_who_live_there(calls):
    spread = run_places("relational_offset", places=AREAS, scale=0.05, seeds=[0], years=1, workers=1).spread()
    row = spread.set_index("measure").loc["emergency_admissions"]
    assert row["places"] == 4
    per_1000 = 1000.0 / (90 * 4 * 100 / 52)  # of the made-up residents
    assert row["lowest"] == pytest.approx(-30 * per_1000)
    assert row["median"] == pytest.approx(-30 * per_1000)  # Mendip has more than half of the residents
    assert row["highest"] == 0.0
    assert row["residents_with_fewer"] == pytest.approx(1 - 2226 / 169_928)


def test_a_place_in_which_a_run_fails_is_left_out_with_a_row(calls, tmp_path: Path, messages):
    calls.append(("fails", "Rutland"))
    small = table(tmp_path, [*AREAS.read_text(encoding="utf-8").splitlines()[1:], "Hamlet,1,0-4,30", "Hamlet,1,90+,9"])
    on_progress = []
    runs = run_places(
        "relational_offset", places=small, scale=0.05, seeds=[0, 1], years=1, workers=1, on_progress=on_progress.append
    )
    assert set(runs.outcomes["title"]) == {"Mendip", "City of London", "Isles of Scilly"}
    assert runs.places.set_index("title")["left_out"].to_dict() == {
        "Mendip": False,
        "Rutland": True,
        "City of London": False,
        "Isles of Scilly": False,
        "Hamlet": True,
    }
    failures = runs.failures.set_index("title")
    assert set(failures.loc["Rutland", "error"]) == {"MemoryError"}
    assert list(failures.loc["Rutland", "seed"]) == [0, 1]
    messages.check(failures.loc["Hamlet", "message"])
    messages.check(runs.sentences()[2])
    assert runs.comparison.scenario.record["residents"] == 129_452
    assert len(on_progress) == 5
    assert on_progress[-1].done == 169_967


def test_a_nation_in_which_every_place_fails_is_an_error(calls, messages):
    calls.extend(("fails", area) for area in EFFECT)
    with messages.raised(IncompleteEnsembleError):
        run_places("relational_offset", places=AREAS, scale=0.05, seeds=[0], years=1, workers=1)


def test_real_places_add_up_to_the_last_count_on_any_workers(tmp_path: Path):
    path = table(tmp_path, [*rows_of("Ashby", 3), *rows_of("Bexton", 5, (1, 3)), *rows_of("Corley", 4, (4, 5))])
    arms = (load_scenario("frome"), load_scenario("baseline"))
    small = load_nation(path)
    question = nation_question(small, arms, [1], 0.1, weeks=13)
    runs = run_nation(question, workers=1)
    assert list(runs.places["simulated"]) == [2000, 2000, 2000]
    whole = nation_question(small, arms, [1], 1.0, weeks=13)
    sized = [area.build(2000) for area in small]
    groups = [RunGroup(specs_in(whole, place), seed_offset_of(place.name)) for place in sized]
    alone = run_groups(groups, [1], workers=1)
    factors = runs.places["factor"].tolist()
    for arm, found in enumerate((runs.comparison.baseline, runs.comparison.scenario)):
        expected = sum(
            factor * places[arm].cells[list(NAMES)].to_numpy(float)
            for factor, places in zip(factors, alone, strict=True)
        )
        assert np.array_equal(found.cells[list(NAMES)].to_numpy(), np.rint(expected))
    beside = run_nation(question, opened=lambda: ThreadPoolExecutor(2))
    pd.testing.assert_frame_equal(runs.totals(), beside.totals())
    pd.testing.assert_frame_equal(runs.outcomes, beside.outcomes)


def test_the_sum_at_full_size_is_that_of_a_county(tmp_path: Path):
    path = table(tmp_path, [*rows_of("Ashby", 1, (1, 2, 3)), *rows_of("Bexton", 1)])
    tiny = load_nation(path)
    arms = (load_scenario("frome"), load_scenario("baseline"))
    question = nation_question(tiny, arms, [3], 1.0, weeks=13)
    runs = run_nation(question, workers=1)
    groups = [
        RunGroup(specs_in(question, place), seed_offset_of(place.name))
        for area in tiny
        for place in [area.build(area.residents)]
    ]
    alone = run_groups(groups, [3], workers=1)
    for arm, found in enumerate((runs.comparison.baseline, runs.comparison.scenario)):
        county = summed_over_places([places[arm] for places in alone], found.record)
        pd.testing.assert_frame_equal(found.cells.drop(columns="place"), county.cells.drop(columns="place"))
        for name, keys in (("ledger", ["service", "account"]), ("services", ["service", "role"])):
            one, other = (getattr(results, name).sort_values(["quarter", *keys]) for results in (found, county))
            one, other = (each.drop(columns="place").reset_index(drop=True) for each in (one, other))
            one = one[other.columns]
            pd.testing.assert_frame_equal(one, other, check_exact=False, rtol=1e-12, check_dtype=False)
        money = ["programme", "source", "payer"]
        if len(county.programmes):
            one, other = (results.programmes.sort_values(["quarter", *money]) for results in (found, county))
            assert one["pence"].tolist() == other["pence"].tolist()
    assert "factor 1" in runs.sentences()[0]
    assert "representing" not in runs.headline()


def test_a_killed_nation_resumes_where_it_stopped(calls, tmp_path: Path):
    arms = (load_scenario("relational_offset"), load_scenario("baseline"))
    question = nation_question(load_nation(AREAS), arms, [0], 0.05, weeks=13)

    class Killed(BaseException):
        pass

    def kill(done) -> None:
        if done.about["place"] == "rutland":
            raise Killed

    store = open_store(tmp_path / "store")
    with pytest.raises(Killed):
        run_nation(question, opened=lambda: storing_executor(store, 1), on_progress=kill)
    before = len(calls)
    assert before >= 2 * 2
    with storing_executor(store, 1) as again:
        resumed = run_nation(question, workers=again)
        assert again.read >= 2 * 2
    assert len(calls) - before == 4 * 2 - again.read
    pd.testing.assert_frame_equal(resumed.totals(), run_nation(question, workers=1).totals())


def test_amounts_are_in_proportion_to_residents():
    frome = load_scenario("frome")
    assert reference_size([frome, load_scenario("baseline")]) == 28_000
    assert reference_size([load_scenario("relational_offset")]) is None
    half = in_proportion(frome, 0.5)
    assert [entry.units for entry in half.funding] == [None if e.units is None else e.units / 2 for e in frome.funding]
    assert half.hash != frome.hash
    assert in_proportion(load_scenario("relational_offset"), 0.5) is not None
    each = load_scenario("relational_offset_as_claimed")
    assert reference_size([each]) is None, "pounds for each resident need no size"
    both = each.model_copy(update={"funding": (*each.funding, *frome.funding)})
    pounds = [fund.pounds_per_resident for fund in in_proportion(both, 0.5).funding[: len(each.funding)]]
    assert pounds == [fund.pounds_per_resident for fund in each.funding]
    shipped = load_nation(AREAS)
    question = nation_question(shipped, (frome, load_scenario("baseline")), [0], 0.05, weeks=52)
    place = shipped.areas[0].build(5814)
    scaled, whole = specs_in(question, place)[1], build_spec(frome, place, weeks=52)
    ratio = [
        one.pence_per_week / other.pence_per_week for one, other in zip(scaled.funding, whole.funding, strict=True)
    ]
    assert ratio == pytest.approx([5814 / 28_000] * len(ratio), rel=1e-4)


def test_impossible_requests_are_refused(tmp_path: Path, messages):
    with messages.raised(UnknownNameError):
        load_nation("englnd")
    with messages.raised(PlaceError):
        load_nation(table(tmp_path, ["Ashby,1,x,4"]))
    with messages.raised(PlaceError):
        load_nation(table(tmp_path, [*rows_of("Ashby", 3), *rows_of("ashby!", 3)]))
    with messages.raised(PlaceError):
        load_nation(table(tmp_path, []))
    empty = tmp_path / "empty"
    empty.mkdir()
    with messages.raised(PlaceError):
        load_nation(empty)
    arms = (load_scenario("relational_offset"), load_scenario("baseline"))
    with messages.raised(ValueError):
        nation_question(load_nation(AREAS), arms, [0], 2.0)
    with messages.raised(ValueError):
        nation_question(load_nation(AREAS), arms, [0, 0])
    surge = load_scenario("covid_surge")
    if surge.calendar is not None:
        with messages.raised(IncomparableRunsError):
            nation_question(load_nation(AREAS), (surge, load_scenario("frome")), [0])
    nowhere = load_scenario("frome").model_copy(update={"place": None})
    with messages.raised(IncomparableRunsError):
        reference_size([nowhere])
