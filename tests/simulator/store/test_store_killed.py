"""Stores after killed, simultaneous or failing writers."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

import pytest

from simulator.store import open_store
from tests.helpers.small_runs import small_spec
from tests.simulator.store.test_store import same
from tests.simulator.store.writers import RUNS, spread, write_one

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows knows neither fork nor SIGKILL")
ROOT = Path(__file__).parents[3]


def writer(*arguments):
    return subprocess.Popen(
        [sys.executable, "-m", "tests.simulator.store.writers", *map(str, arguments)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def said_by(process):
    out, err = process.communicate(timeout=600)
    assert (process.returncode, err) == (0, "")
    return out


class Written(NamedTuple):
    """Folders that one process wrote to, and its messages; starting it takes longest."""

    at_once: Path
    kept: list[str]
    killed: Path
    counted: int
    full: Path
    locked: Path
    refused: list[str]


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("written")
    at_once, killed, full = folder / "runs", folder / "killed", folder / "full"
    with tempfile.TemporaryDirectory() as name:  # pytest's own folders may be entered by their owner alone
        Path(name).chmod(0o755)
        locked = Path(name) / "locked"
        for store in (full, locked):
            open_store(store).keep(small_spec(), 0, None, RUNS[0])
        for path in [locked, *locked.iterdir()]:
            path.chmod(0o555 if path.is_dir() else 0o444)
        process = writer("keep", at_once, 0, 5, "then", "killed", killed, MOMENTS, "then", "refused", full, locked)
        assert process.stdout.readline() == "0\n"  # it has begun
        for seed in range(2, 8):
            write_one(at_once, seed)
        *kept, counted, no_room, no_right = said_by(process).splitlines()
        for path in [locked, *locked.iterdir()]:
            path.chmod(0o755)
        yield Written(at_once, kept, killed, int(counted), full, locked, [no_room, no_right])


MOMENTS = 5


def left_by_killed_writers(tmp_path, moments, counted):
    """Stores left by writers killed at several moments; the next writer completes each one."""
    assert counted > moments
    left = {"run": 0, "nothing": 0}
    for moment in spread(counted, moments):
        store = open_store(tmp_path / f"{moment:06d}")
        check = store.check()
        assert check.set_aside == ()
        assert check.swept == ()
        found = store.find(small_spec(), 1, 0)
        assert len(list(store.folder.glob("runs/*/*/cells.parquet"))) == check.whole == (found is not None)
        left["nothing" if found is None else "run"] += 1
        store.keep(small_spec(), 1, 0, RUNS[1])
        assert same(RUNS[1], store.find(small_spec(), 1, 0))
    return left


def test_a_writer_killed_at_any_moment_leaves_the_run_or_nothing(written):
    left = left_by_killed_writers(written.killed, MOMENTS, written.counted)
    assert left["run"] + left["nothing"] == MOMENTS
    assert min(left["run"], left["nothing"]) > 0, left


@pytest.mark.slow
def test_a_writer_killed_at_many_moments_leaves_the_run_or_nothing(tmp_path):
    left = left_by_killed_writers(tmp_path, 200, int(said_by(writer("killed", tmp_path, 200))))
    assert left["run"] + left["nothing"] == 200
    assert min(left.values()) > 0, left


def test_writers_at_the_same_time_lose_nothing(written):
    assert written.kept == ["1", "2", "3", "4", "5"]
    store = open_store(written.at_once)
    assert list(store.runs()["seed"]) == list(range(8))
    assert store.check() == (8, (), ())
    assert all(same(RUNS[seed], store.find(small_spec(), seed, seed // 2)) for seed in range(8))
    assert store.runs()["written_by"].nunique() == 2
    assert list((store.folder / "incoming").iterdir()) == []


def test_a_full_or_read_only_disk_is_reported_and_the_store_unchanged(written):
    no_room, no_right = written.refused
    assert no_room.startswith(f"The store {written.full} could not be written: the disk is full")
    assert no_room.endswith("Every run that had finished is kept; run the same command again to continue.")
    assert no_right.startswith(
        f"The store {written.locked} could not be written: permission was denied ({written.locked}"
    )
    assert "Ask for permission to read and write, or name another folder." in no_right
    for folder in (written.full, written.locked):
        assert open_store(folder).check() == (1, (), ())
        assert list((folder / "incoming").iterdir()) == []
