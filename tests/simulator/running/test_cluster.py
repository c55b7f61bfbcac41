"""Runs on a real Dask cluster of one or two workers: the same results, and failures of workers reported."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import wait
from pathlib import Path

import pandas as pd
import pytest
from distributed import Client
from typer.testing import CliRunner

from dashboard.command_line import app
from simulator.api import run_comparable
from simulator.errors import ClusterError
from simulator.results.results import TABLES
from simulator.running import cluster
from simulator.running.cluster import cluster_executor, differences, do, fingerprint
from simulator.running.ensemble import run_seed
from simulator.store import open_store, storing_executor
from tests.helpers.messages import unboxed
from tests.helpers.place_files import GOOD, write
from tests.helpers.small_runs import small_spec

pytestmark = [pytest.mark.thorough, pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no SIGKILL")]
ROOT = Path(__file__).parents[3]
SEEDS = range(4)


def start(module, *arguments, path=ROOT):
    """A scheduler or a worker in a separate process."""
    return subprocess.Popen(
        [sys.executable, "-m", f"distributed.cli.{module}", *arguments],
        env={**os.environ, "PYTHONPATH": str(path)},
        cwd=path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def start_scheduler(folder):
    """A scheduler and its address."""
    file = folder / "scheduler.json"
    quiet = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(file))
    scheduler = start("dask_scheduler", *quiet)
    until(lambda: file.is_file() and file.read_text(encoding="utf-8").rstrip().endswith("}"))
    return scheduler, json.loads(file.read_text(encoding="utf-8"))["address"]


class Workers:
    """Workers of a scheduler, of one thread each, without automatic restart."""

    def __init__(self, address):
        self.address = address
        self.client = Client(self.address, set_as_default=False)
        self.workers = []

    def add(self, path=ROOT):
        quiet = ("--no-dashboard", "--no-nanny", "--nthreads", "1", "--death-timeout", "60")
        return start("dask_worker", self.address, *quiet, path=path)

    def count(self, wanted):
        """Wait until there are so many workers."""
        until(lambda: len(self.client.scheduler_info(n_workers=-1)["workers"]) == wanted)

    def tasks(self):
        return self.client.run_on_scheduler(lambda dask_scheduler: len(dask_scheduler.tasks))

    def of(self, number):
        """Start as many workers as are lacking, and wait until they are there."""
        while len(self.workers) < number:
            self.workers.append(self.add())
        self.count(number)
        return self

    def close(self):
        self.client.close()
        for process in self.workers:
            process.kill()
            process.wait()


def until(true):
    deadline = time.monotonic() + 300
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.fixture(scope="module")
def refused(tmp_path_factory):
    """The address of a scheduler, and how it was refused before it had workers."""
    scheduler, address = start_scheduler(tmp_path_factory.mktemp("scheduler"))
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(cluster, "PATIENCE", 0.5)
        with pytest.raises(ClusterError) as error, cluster_executor(address):
            pass
    yield address, error.value
    scheduler.kill()
    scheduler.wait()


@pytest.fixture(scope="module")
def running(refused):
    running = Workers(refused[0])
    yield running
    running.close()


@pytest.fixture
def one(running):
    return running.of(max(1, len(running.workers)))


@pytest.fixture
def two(running):
    return running.of(2)


@pytest.fixture(scope="module")
def serial():
    return run_comparable(specs(), SEEDS, 1)


def specs():
    return [small_spec(name) for name in ("baseline", "relational_offset")]


def assert_same(found, expected):
    for one, other in zip(found, expected, strict=True):
        for name in TABLES:
            pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name), check_exact=True)


def test_a_cluster_gives_the_same_results_as_one_process(one, serial):
    with cluster_executor(one.address) as workers:
        assert_same(run_comparable(specs(), SEEDS, workers), serial)
        assert workers.submit(len, "three").result() == 5
        answered = one.client.run(lambda dask_worker: len(dask_worker.state.tasks))
        assert len(answered) == len(one.workers)
    until(lambda: one.tasks() == 0)


def test_specifications_are_sent_once(one):
    sent = tuple(specs())
    with cluster_executor(one.address) as workers:
        wait([workers.submit(run_seed, sent, seed, None) for seed in range(3)])
        keys = one.client.run_on_scheduler(lambda dask_scheduler: [str(key) for key in dask_scheduler.tasks])
    assert len([key for key in keys if key.startswith("specs-")]) == 1


@pytest.mark.slow
def test_a_worker_killed_while_it_runs_costs_only_its_own_task(two, serial, tmp_path):
    victim = two.workers.pop()
    killed_at = []

    def progress(done, total):
        if not killed_at:
            victim.send_signal(signal.SIGKILL)
            killed_at.append((done, total))

    with cluster_executor(two.address) as inner, storing_executor(open_store(tmp_path), inner) as workers:
        found = run_comparable(specs(), SEEDS, workers, progress)
        assert (workers.read, workers.made) == (0, 2 * len(SEEDS))
    victim.wait()
    two.count(1)
    assert killed_at[0][0] < killed_at[0][1]
    assert [len(results.failures) for results in found] == [0, 0]
    assert_same(found, serial)


@pytest.mark.slow
def test_a_worker_with_other_versions_is_refused(two, tmp_path, messages):
    other, empty = tmp_path / "other", tmp_path / "empty"
    shutil.copytree(ROOT / "simulator", other / "simulator", ignore=shutil.ignore_patterns("__pycache__"))
    evidence = other / "simulator" / "evidence" / "loneliness.yaml"
    text = evidence.read_text(encoding="utf-8")
    evidence.write_text(re.sub(r"(?m)^( +value: 0\.\d+)$", r"\g<1>1", text, count=1), encoding="utf-8")
    assert evidence.read_text(encoding="utf-8") != text
    (empty / "simulator").mkdir(parents=True)
    (empty / "simulator" / "__init__.py").write_text("", encoding="utf-8")
    unlike = [two.add(other), two.add(empty)]
    two.count(4)
    with pytest.raises(ClusterError) as refused, cluster_executor(two.address):
        pass
    for process in unlike:
        process.kill()
        process.wait()
    two.count(2)
    said = str(refused.value)
    messages.check(said.split(": ")[0], ADDRESS=two.address)
    messages.check(said.rpartition(". ")[2])
    assert re.search(rf"tcp://\S+ has package \S+, here \S+; evidence \w+, here {fingerprint()['evidence']}\. ", said)
    assert re.search(r"tcp://\S+ cannot load this package \(.*No module named 'simulator\.", said)


def test_a_worker_that_joins_later_fetches_the_specifications(messages):
    assert do(fingerprint(), len, "three") == 5
    with messages.raised(ClusterError, SOURCES=fingerprint()["compiled sources"]):
        do({**fingerprint(), "compiled sources": "00000000"}, len, "three")
    assert differences(fingerprint(), fingerprint()) == ""
    assert set(fingerprint()) >= {"package", "compiled sources", "evidence", "python", "numpy", "numba"}


INTERRUPTIBLE = """
import runpy, signal
signal.signal(signal.SIGINT, signal.default_int_handler)
runpy.run_module("dashboard.command_line", run_name="__main__")
"""
"""The command line as at a terminal: what a shell starts in the background inherits that interrupts are ignored."""


@pytest.mark.slow
def test_the_command_line_runs_on_it_and_an_interrupt_leaves_nothing_behind(two, tmp_path):
    store = tmp_path / "store"
    place = write(tmp_path, GOOD.replace("residents: 12000", "residents: 2000"))
    asked = ["run", "baseline", "--place", str(place), "--years", "10", "--cluster", two.address, "--store", str(store)]
    long = subprocess.Popen(
        [sys.executable, "-c", INTERRUPTIBLE, *asked, "--seeds", "500"],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    until(lambda: any(store.glob("runs/*/*/record.json")))
    long.send_signal(signal.SIGINT)
    try:
        assert long.wait(timeout=300) == 130
    finally:
        long.kill()
    until(lambda: two.tasks() == 0)
    opened = open_store(store)
    kept = len(opened.runs())
    assert opened.check() == (kept, (), ())
    assert 1 <= kept < 500
    on_the_cluster = CliRunner().invoke(app, [*asked, "--seeds", "3"])
    assert (on_the_cluster.exit_code, "runs read, " in on_the_cluster.stderr) == (0, True)
    here = CliRunner().invoke(app, [*asked[:6], "--workers", "1", "--seeds", "3"])
    assert on_the_cluster.stdout == here.stdout


def test_a_missing_scheduler_or_worker_is_reported(refused, monkeypatch, messages):
    monkeypatch.setattr(cluster, "PATIENCE", 0.5)
    with (
        messages.raised(ClusterError),
        cluster_executor("tcp://127.0.0.1:9"),
    ):
        pass
    address, error = refused
    messages.check(error, ADDRESS=address)


def test_without_dask_it_says_what_to_install(monkeypatch, messages):
    monkeypatch.setitem(sys.modules, "distributed", None)
    done = CliRunner().invoke(app, ["run", "baseline", "--seeds", "2", "--cluster", "local"])
    assert done.exit_code == 1
    messages.check(done.stderr.strip())


@pytest.mark.parametrize("address", ["here", "tcp://host", "http://host:80"])
def test_an_invalid_address_is_a_usage_error(address, messages):
    done = CliRunner().invoke(app, ["run", "baseline", "--cluster", address])
    assert done.exit_code == 2
    messages.check(unboxed(done.stderr))


@pytest.mark.thorough
def test_workers_cannot_be_set_for_an_existing_cluster(messages):
    done = CliRunner().invoke(app, ["run", "baseline", "--cluster", "tcp://127.0.0.1:9", "--workers", "2"])
    assert done.exit_code == 1
    messages.check(done.stderr)
