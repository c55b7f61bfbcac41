"""Measurement: medians of repeated runs in a separate process, and its peak memory.

Work on one core is measured in processor time, which other load affects little; work on several cores, and waiting
times of users, by the clock.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple


class Timed(NamedTuple):
    """Seconds of each timed run and what the last run returned."""

    seconds: tuple[float, ...]
    result: Any

    @property
    def median(self) -> float:
        """Median seconds."""
        return median(self.seconds)


def time_runs(prepare: Callable[[], Any], run: Callable[[Any], Any], repeats: int) -> Timed:
    """Processor seconds of ``run(prepare())`` without the preparation, ``repeats`` times; no run is discarded."""
    seconds, result = [], None
    for _ in range(repeats):
        prepared = prepare()
        started = time.process_time()
        result = run(prepared)
        seconds.append(time.process_time() - started)
    return Timed(tuple(seconds), result)


def peak_megabytes() -> float | None:
    """Peak resident memory of this process in MB, or None if the system does not report it."""
    status = Path("/proc/self/status")
    if status.exists():  # of this program alone; getrusage would include the parent's memory
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    if sys.platform == "win32":
        return None
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 * 1024)


def in_fresh_process(task: str, arguments: Mapping[str, Any], environment: Mapping[str, str] | None = None) -> Any:
    """Run a task of `benchmarks.worker` in a new Python process and return its answer.

    Raises subprocess.CalledProcessError if the task fails; its standard error is passed through.
    """
    command = [sys.executable, "-m", "benchmarks.worker", task, json.dumps(dict(arguments))]
    single = {"NUMBA_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "STARSIM_INSTALL_FONTS": "0"}
    settings = {**os.environ, **single, **(environment or {})}
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=settings)
    return json.loads(done.stdout.splitlines()[-1])
