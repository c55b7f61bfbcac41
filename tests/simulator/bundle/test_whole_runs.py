"""Whole results that ship: those of the ready results, for this model and these files only."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import pytest

from simulator.bundle import SHIPS, load_bundle, whole_comparison, write_whole_runs
from simulator.bundle.plan import SIZED
from simulator.bundle.whole_runs import FOLDER, check_whole_runs, shipped_seeds, whole_groups
from simulator.comparison.verdict import ENOUGH
from simulator.errors import IncompleteEnsembleError
from simulator.lenses import ORDER
from simulator.results.results import TABLES, read_results
from simulator.running import ensemble
from tests.helpers.synthetic_results import run_of

ASKED = ("relational_offset", "baseline", "frome", "as-claimed")


@pytest.mark.parametrize("scenario", SIZED)
@pytest.mark.parametrize("lens", ORDER)
def test_what_ships_are_the_runs_of_the_ready_results(scenario, lens):
    comparison = whole_comparison(scenario, "baseline", "frome", lens)
    assert comparison is not None
    assert comparison.scenario.record[SHIPS]
    tables = load_bundle().of(scenario, "frome", lens).tables
    summary = comparison.per("year").summary(rounded=False)
    for column in ("difference", "low", "high", "less_chance", "more_chance", "matters"):
        # Ready results are made again when ranges or chances are found in another way, which alters no run.
        np.testing.assert_allclose(tables["summary"][column], summary[column], rtol=1e-12, err_msg=column)
    held = tables["pairs"]
    made = comparison.by_pair("command line")
    assert len(made) == len(held) > 0
    both = made.merge(held, on=["measure", "seed"], suffixes=("", "_held"), validate="one_to_one")
    assert len(both) == len(held)
    for arm in ("baseline", "scenario"):
        np.testing.assert_array_equal(both[arm], both[f"{arm}_held"])


def test_what_ships_has_the_pairs_of_a_comparison():
    assert shipped_seeds() == tuple(range(ENOUGH))


@pytest.fixture
def made_up(tmp_path, monkeypatch):
    """Whole results of made-up runs."""
    monkeypatch.setattr(ensemble, "simulate", run_of)
    with ThreadPoolExecutor(1) as here:
        assert write_whole_runs((0, 1), here, tmp_path) == 2 * sum(len(group.specs) for group in whole_groups())
    return tmp_path


def test_each_lens_and_plan_is_written_with_its_base(made_up):
    folders = {path.parent.relative_to(made_up).as_posix() for path in made_up.glob("*/*/record.json")}
    assert folders == {f"{lens}/{scenario}" for lens in ORDER for scenario in ("baseline", *SIZED)}
    found = whole_comparison(*ASKED, made_up)
    assert found is not None
    assert found.seeds == (0, 1)
    assert whole_comparison(*ASKED, made_up) is found


@pytest.mark.thorough
def test_what_ships_takes_less_space_and_has_the_same_tables(tmp_path):
    folder = FOLDER / "as-claimed" / "relational_offset"
    shipped = read_results(folder)
    again = read_results(shipped.write(tmp_path / "plain"))
    for name in TABLES:
        pd.testing.assert_frame_equal(getattr(shipped, name), getattr(again, name))
    small, plain = (sum(path.stat().st_size for path in one.glob("*.parquet")) for one in (folder, tmp_path / "plain"))
    assert small < 0.8 * plain


def test_made_up_numbers_and_missing_results_are_found(made_up):
    assert list(check_whole_runs()) == []
    faults = list(check_whole_runs(made_up))
    assert len(faults) == len(ORDER) * len(SIZED)
    assert all("are not those of the ready results. They are made again with" in one for one in faults)
    (made_up / "as-claimed" / "relational_offset" / "record.json").unlink()
    (missing, *_) = check_whole_runs(made_up)
    assert missing.startswith("The whole results of relational_offset through as-claimed are missing")


def test_a_run_that_failed_leaves_nothing(tmp_path, monkeypatch):
    def fail(spec, seed, parameter_draw):
        if seed == 1:
            raise ValueError("no room")
        return run_of(spec, seed, parameter_draw)

    monkeypatch.setattr(ensemble, "simulate", fail)
    with (
        ThreadPoolExecutor(1) as here,
        pytest.raises(IncompleteEnsembleError, match="first cause: ValueError: no room"),
    ):
        write_whole_runs((0, 1), here, tmp_path / "runs")
    assert not (tmp_path / "runs").exists()


class Changed:
    hash = "ffffffff"


@pytest.mark.parametrize(
    ("where", "is_now"),
    [
        ("whole_runs.is_this_model", False),
        ("whole_runs.apply_lens", Changed()),
        ("whole_runs.load_scenario", Changed()),
    ],
)
def test_results_of_another_model_lens_or_scenario_are_not_shown(made_up, monkeypatch, where, is_now):
    monkeypatch.setattr(f"simulator.bundle.{where}", lambda *_: is_now)
    assert whole_comparison(*ASKED, made_up) is None


@pytest.mark.parametrize("position", range(4))
def test_other_questions_have_no_whole_results(made_up, position):
    other = ("cautious", "frome", "rural_district", "evidence")[position]
    assert whole_comparison(*ASKED[:position], other, *ASKED[position + 1 :], made_up) is None


def test_the_seeds_are_those_of_the_ready_results():
    assert shipped_seeds() == tuple(load_bundle().record["plan"]["seeds"])
