"""Ready results of districts: made by one plan, read only for this model, estimated for each district."""

from __future__ import annotations

import numpy as np
import pytest

from simulator.bundle import DistrictsPlan, load_district_results, make_tables, write_bundle
from simulator.bundle.districts import FOLDER, MEASURES, estimates
from simulator.comparison.outcomes import OUTCOMES
from simulator.comparison.smallest_differences import smallest_differences
from simulator.districts import district_kinds
from simulator.errors import ResultsError, UnknownNameError
from simulator.running.ensemble import own_executor
from tests.helpers.district_results import EFFECTS, made_up_tables, write_made_up

MATTERING = ("emergency_admissions", "net_cash")
"""Outcomes of which a share matters: of the baseline, and of the cost of care."""


@pytest.fixture(scope="module")
def held(tmp_path_factory):
    return write_made_up(tmp_path_factory.mktemp("made_up") / "districts")


@pytest.fixture
def one_district():
    return DistrictsPlan(draws=4, lenses=("trial-evidence",), districts=("isles_of_scilly",))


@pytest.mark.thorough
def test_one_district_runs_again_to_the_same_bytes_alone_and_among_others(one_district):
    tables = {}
    for districts_run in (("isles_of_scilly",), ("city_of_london", "isles_of_scilly")):
        plan = DistrictsPlan(2, 2000, lenses=one_district.lenses, districts=districts_run)
        with own_executor(1) as executor:
            made = make_tables(plan.work(), plan.seeds, executor)
        tables[districts_run] = {
            name: table[table["place"] == "isles_of_scilly"].reset_index(drop=True) for name, table in made.items()
        }
    alone, among = tables.values()
    for name in ("entries", "pairs"):
        assert alone[name].to_csv().encode() == among[name].to_csv().encode()
    assert set(alone["pairs"]["measure"]) == set(MEASURES)
    assert sorted(alone["pairs"]["seed"].unique()) == [0, 2]


def test_the_shipped_results_are_those_of_a_run_made_now():
    """A district drawn from those that ship: its first pair, to the last bit."""
    shipped = load_district_results(FOLDER)
    plan = DistrictsPlan.of_record(shipped.record)
    assert len(shipped.tables["entries"]) == 326 * len(plan.lenses)
    one = DistrictsPlan(plan.draws, plan.residents, plan.scenario, plan.lenses[:1], ("mendip",))
    with own_executor(1) as executor:
        again = make_tables(one.work(), plan.seeds[:1], executor)["pairs"]
    named = [*again.columns[:3], "measure", "seed"]
    both = again.merge(shipped.tables["pairs"], on=named, suffixes=("", "_shipped"), validate="one_to_one")
    assert len(both) == len(MEASURES)
    for column in ("baseline", "difference"):
        np.testing.assert_array_equal(both[column], both[f"{column}_shipped"])


def test_a_plan_runs_each_district_by_its_own_random_numbers_with_one_seed_for_each_draw(one_district):
    assert one_district.seeds == (0, 2, 4, 6)
    both = DistrictsPlan(draws=4, lenses=("trial-evidence",), districts=("mendip", "isles_of_scilly")).work()
    assert len({work.group.seed_offset for work in both}) == 2
    assert [work.group.specs[0].place.residents for work in both] == [2000, 2000]
    assert DistrictsPlan.of_record(one_district.record) == one_district
    assert one_district.record["command"] == "offset bundle --districts 4"


def test_estimates_follow_the_kind_of_a_district_where_it_explains_the_difference(held):
    rows = estimates(held, "trial-evidence").set_index(["measure", "place"])
    admissions = rows.loc["emergency_admissions"]
    assert len(admissions) == 326
    expected = 2.0 * EFFECTS["emergency_admissions"][1] * district_kinds()["deprived"]
    assert (admissions["difference"] - expected).std() < 0.3  # of one pair: 2
    assert admissions["difference"].corr(expected) > 0.98
    assert (admissions["low"] < admissions["difference"]).all()
    assert (admissions["difference"] < admissions["high"]).all()
    liverpool = admissions.loc["liverpool"]
    assert liverpool["verdict"] == "better"
    assert liverpool["a_year"] == pytest.approx(liverpool["difference"] * liverpool["residents"] / 1000.0)
    assert np.isnan(rows.loc[("often_always_lonely", "liverpool"), "a_year"])
    assert set(rows.loc["net_cash", "verdict"]) <= {"unsure", "small"}
    shares = [smallest_differences()[OUTCOMES[name].smallest_difference].value / 100.0 for name in MATTERING]
    for name, share, level in zip(MATTERING, shares, (100.0, EFFECTS["care_cost"][0]), strict=True):
        np.testing.assert_allclose(rows.loc[name, "matters"], share * level)


def test_a_larger_smallest_difference_makes_verdicts_too_small_to_matter(held):
    rows = estimates(held, "trial-evidence", {"admissions": 50.0})
    assert set(rows[rows["measure"] == "emergency_admissions"]["verdict"]) == {"small"}


def test_results_of_another_lens_or_model_are_refused(held, tmp_path, monkeypatch, messages):
    with pytest.raises(UnknownNameError) as unknown:
        estimates(held, "evidence")
    for name in ("trial-evidence", "relational_offset"):
        now = DistrictsPlan().hashes
        with monkeypatch.context() as patch:
            patch.setattr(DistrictsPlan, "hashes", {**now, name: "00000000"})
            write_bundle(tmp_path / name, DistrictsPlan(), made_up_tables())
        with pytest.raises(ResultsError, match=f"earlier files: {name}\\.") as outdated:
            load_district_results(tmp_path / name)
    write_made_up(tmp_path / "old")
    for module in ("reading", "same_numbers"):
        monkeypatch.setattr(f"simulator.bundle.{module}.model_version", lambda: "0.1.0+ffffffff")
    with pytest.raises(ResultsError) as other:
        load_district_results(tmp_path / "old")
    said = (
        str(error.value).replace(DistrictsPlan().record["command"], "COMMAND") for error in (unknown, outdated, other)
    )
    messages.check("\n".join(one.replace(held.record["model_version"], "VERSION") for one in said))
