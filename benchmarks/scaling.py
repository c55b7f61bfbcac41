"""How cost grows with residents, weeks, ties, replications and worker processes; overhead of the ensemble."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any, Final

from benchmarks.measure import peak_megabytes, time_runs
from benchmarks.product import spec_of
from benchmarks.reference import build_world, prepare
from simulator.model.place_model import PlaceModel
from simulator.model.simulation import forget_model, simulate
from simulator.running.ensemble import run_ensemble
from simulator.specification.spec import Spec

SMALL: Final = 2_000
_WEEKS_A_YEAR: Final = 52
_SEED: Final = 7


def size(residents: int, weeks: int) -> dict[str, Any]:
    """Build a place with ``residents`` and simulate ``weeks`` weeks of the offset, after a first week that compiles."""
    started = time.process_time()
    spec = spec_of("relational_offset", residents)
    begun = PlaceModel(spec, 1)
    model = PlaceModel(spec, 1, warmed_up=begun.columns)
    forget_model(begun)
    built = time.process_time() - started
    model.step()
    started = time.process_time()
    for _ in range(weeks):
        model.step()
    return {"seconds": [time.process_time() - started], "build_seconds": built, "peak_mb": peak_megabytes()}


def years(residents: int, count: int) -> dict[str, Any]:
    """Seconds of each year of one run."""
    spec = spec_of("relational_offset", residents, count * _WEEKS_A_YEAR)
    model = PlaceModel(spec, 1)
    while model.elapsed < 0:
        model.step()
    seconds = []
    for _ in range(count):
        started = time.process_time()
        for _ in range(_WEEKS_A_YEAR):
            model.step()
        seconds.append(time.process_time() - started)
    return {"seconds": seconds}


def ties(mean_ties: int, residents: int, weeks: int, repeats: int) -> dict[str, Any]:
    """The reference workload's columns with ``mean_ties`` ties per resident."""
    prepare(build_world(100), 2, _SEED)()
    timed = time_runs(
        lambda: prepare(build_world(residents, mean_ties=mean_ties), weeks, _SEED), lambda run: run(), repeats
    )
    return {"seconds": timed.seconds}


def replications(pairs: int) -> dict[str, Any]:
    """Processor seconds of one-year pairs in a small place, by plain calls and through the ensemble."""
    specs = _small_specs()
    simulate(specs[0], 0)
    started = time.process_time()
    for seed in range(1, pairs + 1):
        for spec in specs:
            simulate(spec, seed, seed // 2)
    plain = time.process_time() - started
    started = time.process_time()
    run_ensemble(specs, range(pairs + 1, 2 * pairs + 1), workers=1)
    return {"plain": [plain], "engine": [time.process_time() - started]}


def engine(pairs: int, repeats: int) -> dict[str, Any]:
    """Processor seconds of whole pairs of Frome by plain calls and through the ensemble, with the same seeds."""
    specs = [spec_of("baseline"), spec_of("relational_offset")]
    simulate(specs[1], 0)
    plain, through = [], []
    for repeat in range(repeats):
        seeds = range(1 + repeat * pairs, 1 + (repeat + 1) * pairs)
        started = time.process_time()
        for seed in seeds:
            for spec in specs:
                simulate(spec, seed, seed // 2)
        plain.append(time.process_time() - started)
        simulate(specs[1], 0)  # so that no population is cached for the ensemble
        started = time.process_time()
        run_ensemble(specs, seeds, workers=1)
        through.append(time.process_time() - started)
    return {"plain": plain, "engine": through}


def workers(pairs: int, count: int) -> dict[str, Any]:
    """Seconds by the clock of whole pairs of Frome on ``count`` worker processes, including their start."""
    specs = [spec_of("baseline"), spec_of("relational_offset")]
    started = time.perf_counter()
    run_ensemble(specs, range(pairs), workers=count)
    return {"seconds": [time.perf_counter() - started]}


def _small_specs() -> list[Spec]:
    return [replace(spec_of(name, SMALL), weeks=_WEEKS_A_YEAR) for name in ("baseline", "relational_offset")]
