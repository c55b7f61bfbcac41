"""The simulations of a fit: read from the cache, or run on an executor and cached as each finishes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, as_completed
from contextlib import contextmanager
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from calibration.fitting.priors import Priors
from calibration.fitting.problem import Floats, Problem, Seeds, Simulate, SimulatedValues
from calibration.fitting.simulation_cache import CachedRow, SimulationCache
from simulator.errors import FitError
from simulator.running.ensemble import import_only_this_package, own_executor


class Runs(NamedTuple):
    """Simulations of one stage."""

    stage: str
    scores: Floats  # (n, parameters): normal scores of the points
    seeds: tuple[int, ...]
    values: Floats  # (n, targets + outputs); rows of NaN where a run failed
    reasons: tuple[str, ...]
    kind: int = 0  # 1 for the finer simulation, whose noise is its own

    @property
    def succeeded(self) -> npt.NDArray[np.bool_]:
        """Whether each run succeeded, shape (n,)."""
        return np.asarray(np.isfinite(self.values).all(axis=1), dtype=np.bool_)


class Simulations:
    """Runs the simulations of a fit, counts them and estimates the time left. Made by `simulations`."""

    def __init__(
        self, problem: Problem, memory: SimulationCache, executor: Executor, total: int, on_progress: OnProgress | None
    ) -> None:
        self._problem, self._memory, self._executor = problem, memory, executor
        self._priors, self._on_progress = Priors(problem.parameters), on_progress
        self._total, self._done, self._read = total, 0, 0
        self._seconds, self._prepared = 0.0, problem.prepare is None

    def run(self, stage: str, scores: Floats, seeds: Seeds, problem: Problem | None = None) -> Runs:
        """Simulate points with a seed each, by another ``problem`` if one is given. Raises FitError if all fail."""
        problem = problem or self._problem
        points = self._priors.values(scores)
        columns = len(problem.columns)
        rows: list[CachedRow | None] = [
            self._memory.find(problem.simulation_hash, point, seed) for point, seed in zip(points, seeds, strict=True)
        ]
        missing = [number for number, row in enumerate(rows) if row is None]
        self._read += len(rows) - len(missing)
        self._done += len(rows) - len(missing)
        self._report(stage)
        for number, row in self._fresh(stage, points, seeds, missing, problem):
            rows[number] = row
        done = [row for row in rows if row is not None]
        values = np.vstack([row.values for row in done]).reshape(len(rows), columns)
        runs = Runs(stage, scores, tuple(seeds), values, tuple(row.reason for row in done))
        if len(rows) and not runs.succeeded.any():
            raise FitError(f"all {len(rows)} runs of stage '{stage}' failed. The first: {runs.reasons[0]}")
        return runs

    def _fresh(
        self, stage: str, points: Floats, seeds: Seeds, missing: list[int], problem: Problem
    ) -> Iterator[tuple[int, CachedRow]]:
        if not missing:
            return
        begun = time.monotonic()
        with import_only_this_package():
            if not self._prepared and problem.prepare is not None:
                self._executor.submit(problem.prepare).exception()  # if it fails, so will the runs, with the reason
                self._prepared, begun = True, time.monotonic()
            tasks = {
                self._executor.submit(_simulate, problem.simulate, points[number : number + 1], seeds[number]): number
                for number in missing
            }
        spent = self._seconds
        try:
            for task in as_completed(tasks):
                number = tasks[task]
                yield number, self._kept(task, points[number], seeds[number], problem)
                self._done += 1
                self._seconds = spent + time.monotonic() - begun
                self._report(stage)
        finally:
            for task in tasks:
                task.cancel()

    def _kept(self, task: Future[SimulatedValues], point: Floats, seed: int, problem: Problem) -> CachedRow:
        error = task.exception()
        columns = len(problem.columns)
        if error is not None:  # not cached: lack of memory or a lost worker may not recur
            return CachedRow(np.full(columns, np.nan), f"{type(error).__name__}: {error}")
        values, reasons = task.result()
        if values.shape != (1, columns):
            raise FitError(
                f"simulate returned an array of shape {values.shape} for one point. Return (points, {columns}): "
                "one column per target, then one per output"
            )
        failed = not np.isfinite(values).all()
        row = CachedRow(values[0], (reasons[0] or "the run returned no number and no reason") if failed else "")
        self._memory.keep(problem.simulation_hash, point, seed, row)
        return row

    def _report(self, stage: str) -> None:
        if self._on_progress is not None:
            made = self._done - self._read
            left = None if made == 0 else self._seconds / made * (self._total - self._done)
            self._on_progress(Progress(stage, self._done, self._total, self._read, left))


@contextmanager
def simulations(
    problem: Problem,
    memory: SimulationCache,
    workers: Executor | int | None,
    total: int,
    on_progress: OnProgress | None,
) -> Iterator[Simulations]:
    """`Simulations` on the caller's executor, or on a number of processes of this computer."""
    own = None if isinstance(workers, Executor) else own_executor(workers)
    try:
        yield Simulations(problem, memory, own or workers, total, on_progress)  # type: ignore[arg-type]
    finally:
        if own is not None:
            own.shutdown(cancel_futures=True)


def frame(runs: list[Runs], problem: Problem) -> pd.DataFrame:
    """One row per simulation: stage, point, seed, reason, parameters in their units, targets and outputs."""
    priors = Priors(problem.parameters)
    parts = []
    for stage in runs:
        part = pd.DataFrame(np.hstack([priors.values(stage.scores), stage.values]), columns=_headings(problem))
        part.insert(0, "stage", stage.stage)
        part.insert(1, "point", np.arange(len(part)))
        part.insert(2, "seed", list(stage.seeds))
        part.insert(3, "reason", list(stage.reasons))
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


def _headings(problem: Problem) -> list[str]:
    return [*problem.names, *problem.columns]


def _simulate(simulate: Simulate, points: Floats, seed: int) -> SimulatedValues:
    """Simulate one point, on a worker."""
    given = simulate(points, (seed,))
    if isinstance(given, SimulatedValues):
        return SimulatedValues(np.asarray(given.values, dtype=np.float64), tuple(given.reasons))
    return SimulatedValues(np.asarray(given, dtype=np.float64), ("",) * len(points))


class Progress(NamedTuple):
    """Progress of a fit: ``done`` of ``total`` simulations of all stages; ``read`` of them came from the cache."""

    stage: str
    done: int
    total: int
    read: int
    seconds_left: float | None  # None until a first simulation has been timed


OnProgress = Callable[[Progress], None]
"""Called at the start of each stage and whenever a simulation ends."""
