"""Ensembles with a store: only missing runs are made, after any interruption, with the same results."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from dashboard.command_line import app
from simulator.api import run_comparable
from simulator.errors import StoreError
from simulator.results import run_record
from simulator.results.results import TABLES, read_results
from simulator.running import ensemble
from simulator.store import open_store, storing_executor
from tests.helpers.place_files import GOOD, write
from tests.helpers.small_runs import small_spec
from tests.helpers.synthetic_results import lively, run

pytestmark = pytest.mark.thorough

ROOT = Path(__file__).parents[3]


def specs():
    return [small_spec(name) for name in ("baseline", "relational_offset")]


def assert_same(one, other):
    for name in TABLES:
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name), check_exact=True)
    assert {**one.record, "created": ""} == {**other.record, "created": ""}


def test_stored_and_new_runs_together_equal_one_run(tmp_path):
    plain = run_comparable(specs(), range(4), workers=1)
    store = open_store(tmp_path)
    with storing_executor(store, 1) as workers:
        run_comparable(specs()[:1], [1, 2], workers)
        assert (workers.read, workers.made) == (0, 2)
    with storing_executor(store, 1) as workers:
        both = run_comparable(specs(), range(4), workers)
        assert (workers.read, workers.made) == (2, 6)
    with storing_executor(store, 1) as workers:
        again = run_comparable(specs(), range(4), workers)
        assert (workers.read, workers.made) == (8, 0)
    assert len(store.runs()) == 8
    for found in (both, again):
        for one, other in zip(plain, found, strict=True):
            assert_same(one, other)


def test_a_failed_run_is_not_kept_and_is_tried_again(tmp_path, monkeypatch):
    quick = lively(3, 0.1, quarters=1)

    def simulate(spec, seed, parameter_draw):
        if seed == 1:
            raise RuntimeError("out of luck")
        return quick[seed]

    monkeypatch.setattr(ensemble, "simulate", simulate)
    store = open_store(tmp_path)
    with storing_executor(store, 1) as workers:
        (results,) = run_comparable([small_spec()], range(3), workers)
    assert list(results.failures["message"]) == ["out of luck"]
    assert list(store.runs()["seed"]) == [0, 2]
    monkeypatch.setattr(ensemble, "simulate", lambda spec, seed, draw: quick[seed])
    with storing_executor(store, 1) as workers:
        (results,) = run_comparable([small_spec()], range(3), workers)
        assert (workers.read, workers.made) == (2, 1)
    assert results.finished == (0, 1, 2)


def test_other_tasks_pass_through_and_a_callers_executor_stays_open(tmp_path):
    with ThreadPoolExecutor(1) as mine:
        with storing_executor(open_store(tmp_path), mine) as workers:
            assert workers.submit(len, "three").result() == 5
        assert mine.submit(len, "open").result() == 4


def test_a_store_that_cannot_be_written_stops_everything_and_says_so(tmp_path, monkeypatch):
    begun = []

    def simulate(spec, seed, parameter_draw):
        begun.append(seed)
        if seed == 1:
            (store.folder / "incoming").rmdir()
            (store.folder / "incoming").write_text("in the way", encoding="utf-8")
        return run(quarters=1)

    monkeypatch.setattr(ensemble, "simulate", simulate)
    store = open_store(tmp_path)
    with pytest.raises(StoreError, match=r"could not be written: .*incoming"), storing_executor(store, 1) as workers:
        run_comparable([small_spec()], range(50), workers)
    assert list(store.runs()["seed"]) == [0]
    assert len(begun) < 50


def test_an_interrupt_keeps_what_had_finished(tmp_path, monkeypatch):
    monkeypatch.setattr(ensemble, "simulate", lambda spec, seed, draw: run(quarters=1))

    def interrupt(done, total):
        if done == 3:
            raise KeyboardInterrupt

    store = open_store(tmp_path)
    with pytest.raises(KeyboardInterrupt), storing_executor(store, 1) as workers:
        run_comparable([small_spec()], range(50), workers, interrupt)
    assert 3 <= len(store.runs()) < 50


def test_a_lost_worker_is_a_failure_and_not_a_run(tmp_path):
    class Gone(ThreadPoolExecutor):
        def submit(self, function, /, *args, **kwargs):
            lost = Future()
            lost.set_exception(OSError("gone"))
            return lost

    store = open_store(tmp_path)
    with storing_executor(store, Gone()) as workers:
        (results,) = run_comparable([small_spec()], [0], workers)
    assert (results.failures.iloc[0]["error"], len(store.runs())) == ("OSError", 0)


def small_place(folder):
    return write(folder, GOOD.replace("residents: 12000", "residents: 2000"))


def command(*arguments):
    return [sys.executable, "-m", "dashboard.command_line", *map(str, arguments)]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no SIGKILL")
def test_a_killed_ensemble_resumes_where_it_stopped(tmp_path):
    store, out = tmp_path / "store", tmp_path / "out"
    asked = ["run", "baseline", "--place", small_place(tmp_path), "--years", 1, "--seeds", 6, "--workers", 1]
    first = subprocess.Popen(
        command(*asked, "--store", store), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    deadline = time.monotonic() + 300
    while written(store) < 2:
        assert first.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.005)
    first.send_signal(signal.SIGKILL)
    first.wait()
    kept = written(store)
    assert 2 <= kept < 6
    done = CliRunner().invoke(app, [str(part) for part in [*asked, "--store", store, "--out", out]])
    assert done.exit_code == 0, done.output
    assert f"Store {store}: {kept} runs read, {6 - kept} added." in done.stderr
    opened = open_store(store)
    writers = opened.runs()["written_by"].value_counts()
    assert sorted(writers) == sorted([kept, 6 - kept])
    assert str(os.getpid()) in " ".join(writers.index)
    plain = CliRunner().invoke(app, [str(part) for part in [*asked, "--out", tmp_path / "plain"]])
    assert plain.exit_code == 0
    assert_same(read_results(tmp_path / "plain"), read_results(out))


def written(store: Path) -> int:
    """Runs that are in their place, seen from outside."""
    return len(list(store.glob("runs/*/*")))


def made_up(monkeypatch):
    quick = {name: lively(4, effect, quarters=4) for name, effect in (("baseline", 0.0), ("relational_offset", 0.1))}
    monkeypatch.setattr(ensemble, "simulate", lambda spec, seed, draw: quick[spec.scenario.name][seed])


@pytest.fixture(scope="module")
def written_once(tmp_path_factory):
    """A store of made-up runs, written by the command line."""
    folder = tmp_path_factory.mktemp("filled") / "my_runs"
    asked = (
        "compare",
        "relational_offset",
        "--lens",
        "evidence",
        "--years",
        1,
        "--seeds",
        3,
        "--workers",
        1,
        "--store",
        folder,
    )
    with pytest.MonkeyPatch.context() as monkeypatch:
        made_up(monkeypatch)
        done = offset(*asked)
    assert done.exit_code == 0
    assert f"Store {folder}: 0 runs read, 6 added." in done.stderr
    return folder


@pytest.fixture
def filled(tmp_path, monkeypatch, written_once):
    """A copy of it; what else is run is made up too."""
    made_up(monkeypatch)
    return shutil.copytree(written_once, tmp_path / "my_runs")


def offset(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_a_comparison_with_a_store_says_the_same(filled):
    asked = ("compare", "relational_offset", "--lens", "evidence", "--years", 1, "--seeds", 4, "--workers", 1)
    kept = offset(*asked, "--store", filled)
    assert kept.stdout == offset(*asked).stdout
    assert f"Store {filled}: 6 runs read, 2 added." in kept.stderr
    assert offset(*asked, "--store", filled, "--quiet").stderr == ""


def test_runs_are_listed(filled):
    done = offset("runs", filled)
    assert (done.exit_code, done.stdout.splitlines()[0]) == (0, f"6 runs in {filled}")
    assert [line.split()[0] for line in done.stdout.splitlines()[-2:]] == ["baseline", "relational_offset"]
    assert "0-2" in done.stdout
    assert "of another model" not in done.stdout
    rows = json.loads(offset("runs", filled, "--json").stdout)["runs"]
    assert [row["seed"] for row in rows] == [0, 1, 2, 0, 1, 2]


def test_runs_of_another_model_are_listed_as_such(filled, monkeypatch):
    written_by = run_record.model_version()
    monkeypatch.setattr(run_record, "model_version", lambda: "0.1.0+00000000")
    done = offset("runs", filled)
    assert done.stdout.splitlines()[-1] == (
        "6 of them come from another model version and are not used by model 0.1.0+00000000."
    )
    assert written_by in done.stdout.splitlines()[-3]


def test_runs_are_checked(filled):
    assert offset("runs", filled, "--check").stdout.splitlines()[-1] == (
        "Runs in the store: 6 complete, 0 damaged and set aside, 0 incomplete and removed."
    )
    damaged = next(filled.glob("runs/*/*/ledger.parquet"))
    damaged.write_bytes(b"")
    done = offset("runs", filled, "--check")
    assert done.exit_code == 1
    assert done.stdout.splitlines()[-1].split(":")[-1].split(", ")[0] == " 5 complete"
    assert f"{damaged} has changed since it was written: its hash differs from the record's." in done.stderr
    assert json.loads(offset("runs", filled, "--check", "--json").stdout)["check"]["whole"] == 5


def test_a_folder_that_is_not_a_store_is_refused(tmp_path):
    done = offset("runs", tmp_path / "none")
    assert done.exit_code == 1
    assert "is not a store: it has no runs" in done.stderr
    assert not (tmp_path / "none").exists()
