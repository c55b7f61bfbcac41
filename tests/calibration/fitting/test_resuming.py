"""An interrupted or killed fit resumes where it stopped and repeats no stored simulation."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pandas as pd
import pytest

from calibration.fitting import fit
from tests.calibration.fitting.known import known_problem
from tests.calibration.fitting.slow_fit import RESUMED, slow_fit

pytestmark = pytest.mark.thorough

ROOT = Path(__file__).parents[3]
ENDED_AFTER = 46  # simulations: amid the wave
PATIENCE = 120.0  # seconds


def lines(folder):
    log = folder / "begun.txt"
    return log.read_text().splitlines() if log.exists() else []


def kept_in(folder):
    with closing(sqlite3.connect(folder / "runs.sqlite")) as connection:
        (kept,) = connection.execute("select count(*) from simulated").fetchone()
    return kept


def assert_resumed(folder, begun, kept):
    """That the fit, gone on with, repeats only what was under way when it ended, and is that of one without an end."""
    seen = []
    again = slow_fit(folder, 0.0, seen.append)
    begun_again = lines(folder)[len(begun) :]
    assert len(begun_again) == RESUMED.runs - kept
    assert len(set(begun_again) & set(begun)) == len(begun) - kept
    assert (seen[-1].done, seen[-1].total, seen[-1].read) == (RESUMED.runs, RESUMED.runs, kept)
    assert seen[-1].seconds_left == 0.0
    pd.testing.assert_frame_equal(again.runs, fit(known_problem(), RESUMED, workers=1).runs, rtol=1e-6)


def test_an_interrupted_fit_repeats_no_simulation_that_was_kept(tmp_path):
    def interrupt(progress):
        if progress.done >= ENDED_AFTER:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        slow_fit(tmp_path, 0.001, interrupt)
    begun, kept = lines(tmp_path), kept_in(tmp_path)
    assert ENDED_AFTER - 1 <= kept <= len(begun) < RESUMED.runs
    assert_resumed(tmp_path, begun, kept)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_killed_fit_repeats_no_simulation_that_was_kept(tmp_path):
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])}
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.calibration.fitting.slow_fit", str(tmp_path)], cwd=ROOT, env=environment
    )
    given_up = time.monotonic() + PATIENCE
    while len(lines(tmp_path)) < ENDED_AFTER and child.poll() is None and time.monotonic() < given_up:
        time.sleep(0.02)
    os.kill(child.pid, signal.SIGKILL)
    assert child.wait() == -signal.SIGKILL
    begun, kept = lines(tmp_path), kept_in(tmp_path)
    assert ENDED_AFTER - 3 <= kept <= len(begun) < RESUMED.runs
    assert_resumed(tmp_path, begun, kept)
