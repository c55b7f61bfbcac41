"""Rows of the README's main job: how long until the answer stands there, and until all is written."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from benchmarks.table import Row

_COMPARE: Final = ("compare", "scenarios/relational_offset.yaml", "scenarios/baseline.yaml", "--place", "frome")


def main_job_rows(*more: str) -> Iterator[Row]:
    """The command of the README, by the clock, after it has been compiled by one that is not timed.

    ``more`` are further options. The answer is there with its first line. Raises RuntimeError if it never is.
    """
    _seconds("--seeds", "4", "--years", "1", *more)
    answered, ended = _seconds(*more)
    yield Row("README's main job, to the answer, all cores, by the clock", [answered])
    yield Row("README's main job, to the end, all cores, by the clock", [ended])


def _seconds(*more: str) -> tuple[float, float]:
    with tempfile.TemporaryDirectory() as folder:
        out = str(Path(folder) / "results")
        command = [sys.executable, "-m", "dashboard.command_line", *_COMPARE, "--quiet", "--out", out, *more]
        began = time.perf_counter()
        answered = None
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
            for line in running.stdout or ():
                if answered is None and line.strip():
                    answered = time.perf_counter() - began
        if running.returncode or answered is None:
            raise RuntimeError(f"{' '.join(command)} ended with {running.returncode} without an answer")
        return answered, time.perf_counter() - began
