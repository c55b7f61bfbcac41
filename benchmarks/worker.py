"""Tasks that run in a separate process: ``python -m benchmarks.worker TASK JSON`` prints one line of JSON."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Callable
from typing import Any, Final

from benchmarks.measure import peak_megabytes, time_runs
from benchmarks.reference import World, build_world

IMPLEMENTATIONS: Final = {
    "agents": ("benchmarks.reference_agents", "prepare"),
    "numpy": ("benchmarks.reference_numpy", "prepare"),
    "frames": ("benchmarks.reference_frames", "prepare"),
    "starsim_both": ("benchmarks.reference_starsim", "prepare_both"),
    "starsim_once": ("benchmarks.reference_starsim", "prepare_once"),
    "columns": ("benchmarks.reference", "prepare"),
    "native": ("benchmarks.reference_native", "prepare"),
}
_SEED: Final = 7


def reference(implementation: str, residents: int, weeks: int, repeats: int) -> dict[str, Any]:
    """Run the reference workload in one implementation, after a short untimed run that compiles."""
    module, attribute = IMPLEMENTATIONS[implementation]
    prepare: Callable[[World, int, int], Callable[[], World]] = getattr(importlib.import_module(module), attribute)
    prepare(build_world(100), 2, _SEED)()
    timed = time_runs(lambda: prepare(build_world(residents), weeks, _SEED), lambda run: run(), repeats)
    world: World = timed.result
    return {
        "seconds": timed.seconds,
        "digest": world.digest(),
        "admissions": world.admitted(),
        "often_lonely": world.often_lonely(),
        "peak_mb": peak_megabytes(),
    }


def main() -> None:
    """Run the task named on the command line: `reference`, or a function of product, scaling or england."""
    name, arguments = sys.argv[1], json.loads(sys.argv[2])
    print(json.dumps(task_of(name)(**arguments)))


def task_of(name: str) -> Callable[..., Any]:
    """The function for a task."""
    if name == "reference":
        return reference
    rooms = [importlib.import_module(f"benchmarks.{room}") for room in ("product", "scaling", "england")]
    task: Callable[..., Any] = next(getattr(room, name) for room in rooms if hasattr(room, name))
    return task


if __name__ == "__main__":
    main()
