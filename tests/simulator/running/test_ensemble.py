"""Many runs: the same on any executor, and no failure lost."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from simulator.results.results import TABLES, read_results
from simulator.results.run_record import model_version, run_record
from simulator.running import ensemble
from simulator.running.ensemble import run_ensemble
from tests.helpers.small_runs import small_spec
from tests.helpers.synthetic_results import run

SPECS = ("baseline", "relational_offset")


@pytest.fixture
def recorded(monkeypatch):
    """Runs are made up; their arguments are kept."""
    calls = []

    def simulate(spec, seed, parameter_draw):
        calls.append((spec.scenario.name, seed, parameter_draw))
        return run({"bed_days": seed}, quarters=1)

    monkeypatch.setattr(ensemble, "simulate", simulate)
    return calls


def specs():
    return [small_spec(name) for name in SPECS]


def test_a_seed_gives_the_same_run_in_any_ensemble():
    (alone,) = run_ensemble([small_spec()], [5], workers=1)
    in_company = run_ensemble(specs(), [4, 5], workers=1)[0]
    assert np.array_equal(alone.counts([5]), in_company.counts([5]))
    assert alone.cells["resident_weeks"].sum() == 2000 * 13


def test_both_arms_of_a_seed_share_random_numbers_and_parameters(recorded):
    run_ensemble(specs(), range(4), workers=1)
    assert sorted(recorded) == [(name, seed, seed // 2) for name in sorted(SPECS) for seed in range(4)]


class Counted(ThreadPoolExecutor):
    """Workers, with the specifications of every task that they are given."""

    def __init__(self, workers):
        super().__init__(workers)
        self.given = []

    def submit(self, call, specs, *others):
        self.given.append(len(specs))
        return super().submit(call, specs, *others)


@pytest.mark.parametrize(("seeds", "workers", "tasks"), [([4], 2, [1, 1]), ([4, 5], 2, [2, 2]), ([4], 1, [2])])
def test_with_fewer_seeds_than_workers_the_arms_run_at_the_same_time_and_are_the_same(seeds, workers, tasks):
    done = []
    with Counted(workers) as executor:
        found = run_ensemble(specs(), seeds, executor=executor, progress=lambda *counts: done.append(counts))
        assert executor.given == tasks
    usual = run_ensemble(specs(), seeds, workers=1)
    for one, other in zip(found, usual, strict=True):
        for name in TABLES:
            pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name), check_exact=True)
    assert done[-1] == (2 * len(seeds), 2 * len(seeds))


def test_central_runs_draw_nothing(recorded):
    (results,) = run_ensemble([small_spec()], [0, 1], workers=1, parameters="central")
    assert [draw for _, _, draw in recorded] == [None, None]
    assert results.record["parameters"] == "central"


def test_progress_is_reported_for_every_run(recorded):
    reported = []
    run_ensemble(specs(), range(3), workers=1, progress=lambda done, total: reported.append((done, total)))
    assert reported == [(2, 6), (4, 6), (6, 6)]


def test_a_callers_executor_is_used_and_left_open(recorded):
    with ThreadPoolExecutor(2) as mine:
        (results,) = run_ensemble([small_spec()], range(5), executor=mine)
        assert mine.submit(len, "open").result() == 4
    assert results.finished == (0, 1, 2, 3, 4)


def test_one_arm_may_fail_and_the_other_is_kept(monkeypatch):
    def simulate(spec, seed, parameter_draw):
        if seed == 1 and spec.scenario.name == "relational_offset":
            raise ZeroDivisionError("nothing to divide by")
        return run(quarters=1)

    monkeypatch.setattr(ensemble, "simulate", simulate)
    baseline, offset = run_ensemble(specs(), [0, 1], workers=1)
    assert (baseline.finished, offset.finished) == ((0, 1), (0,))
    failure = offset.failures.iloc[0]
    assert (failure["seed"], failure["error"], failure["message"]) == (1, "ZeroDivisionError", "nothing to divide by")


class Gone(Executor):
    """An executor whose workers have died."""

    def submit(self, function, /, *args, **kwargs):
        future = Future()
        future.set_exception(BrokenProcessPool("terminated abruptly"))
        return future


def test_a_worker_that_dies_is_a_failure_of_both_arms_with_advice(messages):
    for results in run_ensemble(specs(), [0], executor=Gone()):
        failure = results.failures.iloc[0]
        assert failure["error"] == "BrokenProcessPool"
        messages.check(failure["message"])


class Slow(Executor):
    """An executor that has finished its first task and begun no other."""

    def __init__(self):
        self.futures = []

    def submit(self, function, /, *args, **kwargs):
        future = Future()
        if not self.futures:
            future.set_result([run(quarters=1)])
        self.futures.append(future)
        return future


def test_an_interrupt_cancels_what_has_not_begun():
    slow = Slow()

    def interrupt(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_ensemble([small_spec()], range(4), executor=slow, progress=interrupt)
    assert [future.cancelled() for future in slow.futures] == [False, True, True, True]


@pytest.mark.parametrize(
    "seeds",
    [[], [1, 1]],
)
def test_seeds_must_be_given_and_distinct(seeds, messages):
    with messages.raised(ValueError):
        run_ensemble([small_spec()], seeds)


SCRIPT = f"""
import os, signal, sys
import simulator.api
print(sorted({{"mesa", "numba", "scipy.stats", "simulator.model.place_model"}} & set(sys.modules)))
from tests.helpers.small_runs import small_spec
from simulator.running.ensemble import own_executor, run_ensemble
workers = own_executor(2)
found = run_ensemble([small_spec(name) for name in {SPECS!r}], [3], executor=workers)
for results in found:
    results.write(sys.argv[1] + "/" + results.scenario)
print("finished", *found[0].finished, flush=True)
os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
"""
"""It says what requesting runs has imported, has no main guard, runs in a worker, and is killed
while the worker waits for more.
"""


@pytest.fixture(scope="module")
def killed_script(tmp_path_factory):
    """What the script has printed, and its folder. To read the output, which the worker has inherited, to its end is to
    wait until the worker has ended too.
    """
    folder = tmp_path_factory.mktemp("script")
    (folder / "walk.py").write_text(SCRIPT, encoding="utf-8")
    quiet = "ignore:resource_tracker"  # which tidies up after the parent, and warns that it had to
    done = subprocess.run(
        [sys.executable, str(folder / "walk.py"), str(folder)],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3]), "PYTHONWARNINGS": quiet},
    )
    return done, folder


@pytest.mark.thorough
def test_a_script_without_a_main_guard_runs_once_with_the_same_results(killed_script, tmp_path):
    done, folder = killed_script
    assert (done.stdout.splitlines()[1:], done.stderr) == (["finished 3"], "")
    for name, alone in zip(SPECS, run_ensemble(specs(), [3], workers=1), strict=True):
        alone, beside = read_results(alone.write(tmp_path / name)), read_results(folder / name)
        assert len(alone.failures) == len(beside.failures) == 0
        for table in TABLES:
            pd.testing.assert_frame_equal(getattr(alone, table), getattr(beside, table), check_exact=True)


def test_requesting_runs_imports_neither_the_model_nor_statistics(killed_script):
    assert killed_script[0].stdout.splitlines()[0] == "[]"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_workers_end_with_a_parent_that_is_killed(killed_script):
    done, _ = killed_script
    assert done.returncode == -9  # and its output has ended


def test_the_record_says_what_was_run():
    spec = small_spec("relational_offset")
    record = run_record(spec, [0, 1], "drawn")
    assert json.loads(json.dumps(record)) == record
    assert (record["scenario"], record["scenario_hash"], record["spec_hash"]) == (
        "relational_offset",
        spec.scenario.hash,
        spec.hash,
    )
    assert (record["place"], record["residents"], record["weeks"], record["seeds"]) == ("frome", 2000, 13, [0, 1])
    assert record["automates"][0] == "gp_practice.appointment_booking"
    assert set(record["versions"]) == {"python", "numpy", "numba", "mesa", "pandas"}
    assert record["model_version"] == model_version()


@pytest.mark.thorough
@pytest.mark.parametrize(("compiled", "there", "halves"), [(False, 2, 2), (False, 1, 0), (True, 2, 0)])
def test_a_lone_run_compiles_in_two_processes_if_there_are_two_cores(monkeypatch, compiled, there, halves):
    tasks = []
    monkeypatch.setattr(ensemble, "is_compiled_ahead", lambda: compiled)
    monkeypatch.setattr(ensemble, "cores", lambda: there)
    monkeypatch.setattr(ensemble, "COMPILE_AHEAD", ((str.upper, "first"), (str.title, "last")))
    monkeypatch.setattr(ensemble, "wait", tasks.extend)
    with ensemble.own_executor(1) as executor:
        ensemble.compile_first(executor, "a spec")
    assert [task.result() for task in tasks] == ["A SPEC", "A Spec"][:halves]
