"""Benchmarks of the simulator: columns and agents, a whole run, a start, and common random numbers."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.measure import peak_megabytes, time_runs
from simulator.foundations.categories import SLOW_STEP
from simulator.foundations.measures import INDEX
from simulator.model.place_model import WEEK, Engine, PlaceModel
from simulator.model.simulation import simulate
from simulator.places import load_place
from simulator.population.columns import TRAITS, Residents
from simulator.running.ensemble import run_ensemble
from simulator.scenario.scenario import load_scenario
from simulator.specification.spec import Spec, build_spec

WEEKS = 260
_SCENARIO = "relational_offset"


def spec_of(scenario: str, residents: int | None = None, weeks: int = WEEKS) -> Spec:
    """A shipped scenario in Frome, optionally with another number of residents."""
    place = load_place("frome")
    if residents is not None:
        place = place.model_copy(update={"residents": residents})
    return build_spec(load_scenario(scenario), place, weeks=weeks)


def digest(residents: Residents) -> str:
    """Twelve hexadecimal digits of every trait."""
    return hashlib.sha256(b"".join(residents[trait].tobytes() for trait in TRAITS)).hexdigest()[:12]


def execution(engine: Engine, residents: int, weeks: int, repeats: int) -> dict[str, Any]:
    """Simulate ``weeks`` weeks after the warm-up with all rules, as agents or columns; agents are built beforehand."""
    spec = spec_of(_SCENARIO, residents)
    start = PlaceModel(spec, 1)
    while start.elapsed < 0:
        start.step()

    def prepare() -> PlaceModel:
        model = PlaceModel(spec, 1, engine=engine, warmed_up=start.columns.copy())
        model.step()
        return model

    def run(model: PlaceModel) -> PlaceModel:
        for _ in range(weeks):
            model.step()
        return model

    timed = time_runs(prepare, run, repeats)
    return {"seconds": timed.seconds, "digest": digest(timed.result.columns), "peak_mb": peak_megabytes()}


def hot_phases(weeks: int, repeats: int) -> dict[str, Any]:
    """Phases meet and feel of Frome, compiled and in C, with the same residents and random numbers."""
    from benchmarks.hot_phases import run_compiled, run_native

    model = PlaceModel(spec_of(_SCENARIO), 1)
    while model.elapsed < 0:
        model.step()
    model.set_week(model.now._replace(week=SLOW_STEP - 1))
    random_words = np.random.default_rng(1).integers(0, 2**32, (weeks, len(model.columns)), np.uint32)
    seconds: dict[str, list[float]] = {"compiled": [], "native": []}
    digests = set()
    for repeat in range(repeats + 1):
        for name, run in (("compiled", run_compiled), ("native", run_native)):
            residents = model.columns.copy()
            elapsed = run(model, residents, random_words)
            digests.add(digest(residents))
            if repeat > 0:  # the first compiles
                seconds[name].append(elapsed)
    return {**seconds, "same": len(digests) == 1}


def whole_run(repeats: int) -> dict[str, Any]:
    """Five years of Frome, with and without population and warm-up, with a new seed each time."""
    spec = spec_of(_SCENARIO)
    simulate(spec_of(_SCENARIO, 2_000, 52), 0)
    years, everything = [], []
    for seed in range(1, repeats + 1):
        started = time.process_time()
        simulate(spec, seed)
        first = time.process_time()
        simulate(spec, seed)  # the warm-up is shared, as between the scenarios of a comparison
        years.append(time.process_time() - first)
        everything.append(first - started)
    return {"seconds": everything, "after_warm_up": years, "peak_mb": peak_megabytes()}


def phase_seconds(weeks: int) -> dict[str, float]:
    """Processor seconds of each phase over ``weeks`` weeks; phases run in one pass are counted under the last one."""
    simulate(spec_of(_SCENARIO, 2_000, 52), 0)
    model = PlaceModel(spec_of(_SCENARIO), 1)
    while model.elapsed < 0:
        model.step()
    seconds = dict.fromkeys(WEEK, 0.0)

    def timed(phase: str) -> Callable[[], None]:
        run = getattr(model, phase)

        def run_timed() -> None:
            started = time.process_time()
            run()
            seconds[phase] += time.process_time() - started

        return run_timed

    for phase in WEEK:
        setattr(model, phase, timed(phase))
    started = time.process_time()
    for _ in range(weeks):
        model.step()
    return {**seconds, "everything": time.process_time() - started}


def first_result() -> dict[str, Any]:
    """One small run that uses every phase, as ``offset run`` makes it; timed from outside, including interpreter and
    imports. Processor seconds include those of processes that compile.
    """
    import resource

    (results,) = run_ensemble([spec_of(_SCENARIO, 2_000, 13)], [0], workers=1)
    weeks = int(results.counts([0])[..., INDEX["resident_weeks"]].sum())
    compiling = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = time.process_time() + compiling.ru_utime + compiling.ru_stime
    return {"resident_weeks": weeks, "processor_seconds": spent}


def common_random_numbers(pairs: int) -> dict[str, Any]:
    """Spread of the difference in emergency admissions with common random numbers and with independent seeds.

    Parameters are fixed at their central values, so that only stochastic variation remains. With independent seeds the
    variance of a difference is the sum of the variances, which the same runs give.
    """
    specs = (spec_of("baseline"), spec_of(_SCENARIO))
    baseline, offset = np.array([[_admissions(spec, seed) for spec in specs] for seed in range(pairs)], float).T
    return {
        "shared": _spread(offset - baseline),
        "independent": float(np.hypot(_spread(baseline), _spread(offset))),
        "difference": float(np.mean(offset - baseline)),
        "baseline": float(np.mean(baseline)),
    }


def _admissions(spec: Spec, seed: int) -> int:
    cells = simulate(spec, seed).cells
    return int(cells[:, :, [INDEX["zero_night_admissions"], INDEX["overnight_admissions"]]].sum())


def _spread(values: NDArray[np.float64]) -> float:
    return float(np.std(values, ddof=1))
