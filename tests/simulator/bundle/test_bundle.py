"""Ready results: which are made, that they are those of a comparison, and never those of another model."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from simulator.bundle import (
    BundlePlan,
    bundled,
    check_bundle,
    load_bundle,
    make_tables,
    reading,
    same_numbers,
    write_bundle,
)
from simulator.bundle.plan import shipped_places, shipped_scenarios
from simulator.bundle.tables import KEYS, SIZES, TABLES, compared
from simulator.comparison.comparison import compare
from simulator.errors import IncompleteEnsembleError, ResultsError, UnknownNameError
from simulator.experiments.scaled_plans import MULTIPLES
from simulator.running import ensemble
from simulator.running.ensemble import run_ensemble
from simulator.scenario.files import scenario_names
from tests.helpers.synthetic_results import lively, results, run_of

PLAN = BundlePlan((0, 1, 2, 3), ("cautious", "digital_exclusion"), ("frome", "rural_district"), ("evidence",), years=1)
KEYS_OF_PLAN = (
    ("digital_exclusion", "deprived_coastal_town", "evidence"),
    ("cautious", "frome", "evidence"),
    ("cautious", "rural_district", "evidence"),
)


@pytest.fixture
def made_up_runs(monkeypatch):
    monkeypatch.setattr(ensemble, "simulate", run_of)


@pytest.fixture(scope="module")
def tables():
    """The tables of `PLAN`, of made-up runs: only read."""
    with pytest.MonkeyPatch.context() as patch, ThreadPoolExecutor(1) as here:
        patch.setattr(ensemble, "simulate", run_of)
        return make_tables(PLAN.work(), PLAN.seeds, here)


@pytest.fixture
def write(tmp_path, tables):
    def written(plan=PLAN, **changed):
        write_bundle(tmp_path / "bundle", plan, {**tables, **changed})
        return load_bundle(tmp_path / "bundle")

    return written


def faults(bundle):
    with ThreadPoolExecutor(1) as here:
        return check_bundle(bundle, here)


def test_a_scenario_with_its_own_place_or_calendar_is_run_there_alone():
    pairs = replace(PLAN, scenarios=("frome", *PLAN.scenarios)).pairs()
    assert [pair.key for pair in pairs] == [*KEYS_OF_PLAN[:2], ("frome", "frome", "evidence"), KEYS_OF_PLAN[2]]
    assert {str(pair.base.starts) for pair in pairs if pair.spec.scenario.name == "frome"} == {"2013-04-01"}
    assert {pair.base.scenario.name for pair in pairs} == {"baseline"}


def test_without_a_choice_everything_shipped_that_is_about_one_place_is_made():
    assert set(scenario_names()) - set(shipped_scenarios()) == {"baseline", "candles", "rollout"}
    assert shipped_places() == ("frome", "deprived_coastal_town", "rural_district", "young_city_borough")
    assert {pair.key[2] for pair in BundlePlan((0,), ("cautious",), ("frome",)).pairs()} == {
        "as-claimed",
        "trial-evidence",
        "evidence",
    }


def test_the_base_is_run_once_for_each_place_and_the_longest_group_comes_first():
    plan = replace(PLAN, scenarios=("cautious", "three_shifts"))
    groups = [part.group for part in plan.work()]
    names = [[spec.scenario.name for spec in group.specs] for group in groups]
    assert names == [["baseline", "cautious", "three_shifts"]] * 2
    assert [group.specs[0].place.name for group in groups] == ["frome", "rural_district"]


def test_the_command_of_a_plan_makes_it_again():
    assert PLAN.command == (
        "offset bundle --scenario cautious --scenario digital_exclusion --place frome --place rural_district "
        "--lens evidence --seeds 4 --years 1"
    )
    assert BundlePlan((3, 4)).command == "offset bundle --seeds 3-4"
    assert BundlePlan.of_record(PLAN.record) == PLAN


def test_the_tables_are_those_of_the_comparison(write, made_up_runs):
    bundle = write()
    assert bundle.keys == KEYS_OF_PLAN
    pair = PLAN.pairs()[1]
    with ThreadPoolExecutor(1) as here:
        base, scenario = run_ensemble(pair, PLAN.seeds, executor=here)
    comparison = compare(scenario, base)
    ready = bundle.of(*pair.key)
    frames = {
        "summary": comparison.summary(rounded=False),
        "costs": comparison.costs("payer", "kind", "item", rounded=False),
        "ledger": comparison.ledger(),
        "by_age_band": comparison.by("age_band", rounded=False),
    }
    for name, frame in frames.items():
        pd.testing.assert_frame_equal(ready.tables[name], frame, check_exact=True, check_dtype=len(frame) > 0)
    assert ready.record["spec_hash"] == pair.spec.hash
    assert ready.base_record == {
        name: value for name, value in base.record.items() if name not in ("created", "versions")
    }
    admissions = ready.tables["pairs"].query("measure == 'emergency_admissions'")
    assert (admissions["baseline"] - admissions["scenario"]).tolist() == [20.0, 21.0, 22.0, 23.0]


def test_spending_and_counts_by_group_add_up():
    more = {"weeks": 260, "lens": "evidence", "lens_hash": "0"}
    arms = [results(name, lively(4, effect), **more) for name, effect in (("baseline", 0.0), ("offset", 0.1))]
    (found,) = compared(arms)
    spent = found["spending"].set_index("measure")
    bought, ledger = arms[1].programmes, arms[1].ledger
    released = ledger[ledger["account"] == "released"]["pence"].sum()
    assert spent.loc["spent", "scenario"] == pytest.approx(bought["pence"].sum() / 100 / 4 / 5)
    assert spent.loc["released", "difference"] == pytest.approx(released / 100 / 4 / 5)
    assert spent.loc["spent", "low"] < spent.loc["spent", "difference"] < spent.loc["spent", "high"]
    parts = spent.loc[["reinvested", "other_money"], "scenario"]
    assert parts.sum() == pytest.approx(spent.loc["spent", "scenario"])
    by_age = found["chances_by_age_band"].query("measure == 'emergency_admissions'")
    admitted = arms[0].cells[["zero_night_admissions", "overnight_admissions"]].to_numpy().sum() / 4
    assert by_age["baseline_counted"].sum() == pytest.approx(admitted)
    assert set(found) == set(TABLES)
    assert all(tuple(table.columns[:3]) == KEYS for table in found.values())


def test_values_of_a_pair_do_not_depend_on_the_other_pairs():
    base, offset = lively(8, 0.0), lively(8, 0.1)

    def first(pairs):
        arms = [
            results(name, {seed: arm[seed] for seed in range(pairs)}, weeks=260)
            for name, arm in (("offset", offset), ("baseline", base))
        ]
        return TABLES["pairs"](compare(*arms))

    more = first(8)
    pd.testing.assert_frame_equal(first(2), more[more["seed"] < 2].reset_index(drop=True), check_exact=True)


def test_the_same_runs_give_the_same_bytes_in_any_order(write, tmp_path, tables, made_up_runs):
    write()
    with ThreadPoolExecutor(1) as here:
        again = make_tables(PLAN.work()[::-1], PLAN.seeds, here)
    write_bundle(tmp_path / "again", PLAN, again)
    files = sorted(path.name for path in (tmp_path / "again").iterdir())
    assert files == sorted(["record.json", *(f"{name}.parquet" for name in TABLES)])
    assert all((tmp_path / "bundle" / name).read_bytes() == (tmp_path / "again" / name).read_bytes() for name in files)


def test_a_further_table_is_read_by_its_name_and_refused_without_the_keys(write, messages):
    with pytest.raises(ValueError, match="Table curves begins with multiple") as refused:
        write(curves=pd.DataFrame({"multiple": [1.0]}))
    messages.check(refused.value)
    key = dict(zip(KEYS, KEYS_OF_PLAN[1], strict=True))
    held = write(curves=pd.DataFrame([{**key, "multiple": 2.0}]))
    assert held.of(*KEYS_OF_PLAN[1]).tables["curves"].to_dict("records") == [{"multiple": 2.0}]
    assert held.of(*KEYS_OF_PLAN[0]).tables["curves"].empty


def test_results_of_another_model_are_refused(write, monkeypatch, tmp_path, messages):
    write()
    for module in (reading, same_numbers):
        monkeypatch.setattr(module, "model_version", lambda: "0.1.0+00000000")
    with pytest.raises(ResultsError) as refused:
        load_bundle(tmp_path / "bundle")
    messages.check(refused.value)
    held = load_bundle(tmp_path / "bundle", any_version=True)
    assert held.keys == KEYS_OF_PLAN
    assert faults(held) == (str(refused.value),)


def test_a_ready_result_is_found_by_scenario_place_and_lens(write, tmp_path, messages):
    write()
    assert bundled("cautious", folder=tmp_path / "bundle").record["place"] == "frome"
    own = bundled("digital_exclusion", folder=tmp_path / "bundle")
    assert own.record["place"] == "deprived_coastal_town"
    with pytest.raises(UnknownNameError) as unknown:
        bundled("cautious", "somerset", folder=tmp_path / "bundle")
    messages.check(unknown.value)


def test_the_result_of_a_scenario_that_has_changed_since_is_refused(write, tmp_path, messages):
    held = write(replace(PLAN, years=2))
    with pytest.raises(ResultsError) as refused:
        bundled("cautious", folder=tmp_path / "bundle")
    messages.check(refused.value)
    messages.check("\n".join(faults(held)))


@pytest.mark.parametrize(
    ("record", "part"), [("record", "scenario_hash"), ("record", "lens_hash"), ("base_record", "scenario_hash")]
)
def test_another_scenario_lens_or_base_than_that_of_now_is_refused(write, tables, tmp_path, record, part):
    entries = tables["entries"].copy()
    row = entries.index[(entries["scenario_name"] == "cautious") & (entries["place"] == "frome")][0]
    entries.loc[row, record] = json.dumps({**json.loads(entries.loc[row, record]), part: "00000000"})
    write(entries=entries)
    with pytest.raises(ResultsError, match="the scenario, the base or the lens has changed since"):
        bundled("cautious", folder=tmp_path / "bundle")
    assert bundled("cautious", "rural_district", folder=tmp_path / "bundle").record["place"] == "rural_district"


@pytest.mark.thorough
def test_a_sample_made_again_is_compared_to_the_last_bit(write, tables, made_up_runs, messages):
    assert faults(write()) == ()
    pairs = tables["pairs"].copy()
    row = pairs.index[(pairs["measure"] == "bed_days") & (pairs["seed"] == 1)][1]
    pairs.loc[row, "scenario"] = np.nextafter(pairs.loc[row, "scenario"], np.inf)
    (fault,) = faults(write(pairs=pairs))
    messages.check(fault)


def test_a_comparison_that_is_missing_or_not_shipped_is_a_fault(write, messages):
    messages.check("\n".join(faults(write(replace(PLAN, scenarios=("cautious", "three_shifts"))))))


@pytest.mark.thorough
def test_a_plan_at_several_sizes_has_its_tables_and_is_checked(tmp_path, made_up_runs, messages):
    plan = BundlePlan((0, 1), ("relational_offset_as_claimed",), ("frome",), ("evidence",), years=1)
    with ThreadPoolExecutor(1) as here:
        tables = make_tables(plan.work(), plan.seeds, here)
    write_bundle(tmp_path / "bundle", plan, tables)
    held = load_bundle(tmp_path / "bundle")
    ready = held.of("relational_offset_as_claimed", "frome")
    sizes, curves = ready.tables[SIZES], ready.tables["size_curves"]
    assert sizes["multiple"].tolist() == list(MULTIPLES)
    assert sizes.loc[sizes["multiple"] == 1.0, "spec_hash"].item() == ready.record["spec_hash"]
    assert set(sizes["base_spec_hash"]) == {ready.base_record["spec_hash"]}
    admissions = curves[curves["measure"] == "emergency_admissions"]
    assert admissions["difference"].tolist() == [-20.5] * len(MULTIPLES)
    assert faults(held) == ()
    tables[SIZES].loc[tables[SIZES]["multiple"] == 2.0, "spec_hash"] = "00000000"
    write_bundle(tmp_path / "bundle", plan, tables)
    messages.check("\n".join(faults(load_bundle(tmp_path / "bundle"))))


def test_a_failed_run_leaves_no_tables(monkeypatch):
    def fail(spec, seed, parameter_draw):
        raise ArithmeticError("no")

    monkeypatch.setattr(ensemble, "simulate", fail)
    with ThreadPoolExecutor(1) as here, pytest.raises(IncompleteEnsembleError):
        make_tables(PLAN.work()[:1], PLAN.seeds, here)
