"""Ensembles of runs: a task is one seed of every scenario, on any `concurrent.futures.Executor`.

The scenarios of a seed run one after the other in one worker, so that they share the population that it has built;
with fewer seeds than workers they run at the same time. A
run that fails is a row of `Results.failures` with its cause and does not affect other runs. The executor is a pool of
processes on this computer or one that is given, such as those of `simulator.running.cluster` and `simulator.store`.
"""

from __future__ import annotations

import os
import sys
import types
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor, as_completed, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import Any, Literal, NamedTuple, TypeVar

from simulator.model.simulation import COMPILE_AHEAD, is_compiled_ahead, simulate, use_threads
from simulator.model.simulation import compile_ahead as compile_ahead  # re-exported for single runs
from simulator.results.results import Failure, Results, RunFrames, parameter_draw_of
from simulator.results.run_record import run_record
from simulator.results.tidy_tables import gather
from simulator.running.processes import belong_to_the_parent, context
from simulator.specification.spec import Spec

Parameters = Literal["drawn", "central"]
Outcome = RunFrames | Failure
Answer = TypeVar("Answer")
Key = TypeVar("Key", int, tuple[int, int, int])
Progress = Callable[[int, int], None]
"""Called with the number of runs done and of all runs, whenever that changes."""


class RunGroup(NamedTuple):
    """Specifications that share a population, and the number that is added to each seed."""

    specs: tuple[Spec, ...]
    seed_offset: int = 0

    @property
    def resident_weeks(self) -> int:
        """Resident-weeks of one seed."""
        return sum(spec.place.residents * spec.weeks for spec in self.specs)


def run_ensemble(
    specs: Sequence[Spec],
    seeds: Sequence[int],
    *,
    executor: Executor | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
    parameters: Parameters = "drawn",
) -> list[Results]:
    """Run every specification with every seed; returns one `Results` per specification, in their order.

    Replication ``seed`` takes its random numbers from the seed and its parameters from draw ``seed // 2``, the same in
    every specification; with ``parameters="central"`` every run uses the central values. Without an ``executor`` there
    are ``workers`` processes (default: one per core; 1 runs in this process), which end with the call, even if it is
    interrupted. A given executor must be closed by the caller.

    Raises ValueError for no or repeated seeds.
    """
    (results,) = run_groups(
        [RunGroup(tuple(specs))], seeds, executor=executor, workers=workers, progress=progress, parameters=parameters
    )
    return results


def run_groups(
    groups: Sequence[RunGroup],
    seeds: Sequence[int],
    *,
    executor: Executor | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
    parameters: Parameters = "drawn",
) -> list[list[Results]]:
    """Run several groups of specifications, such as the places of a county, with one task per group and seed.

    As `run_ensemble`, for each group: one `Results` per specification, in their order. All groups share the parameter
    draw of a seed; the random numbers of each depend on the seed and the group's offset.
    """
    if executor is not None:
        return begin_groups(executor, groups, seeds, parameters).results(progress)
    with own_executor(min(workers or cores(), len(_checked(seeds)) * sum(len(group.specs) for group in groups))) as own:
        return begin_groups(own, groups, seeds, parameters).results(progress)


def begin_groups(
    executor: Executor, groups: Sequence[RunGroup], seeds: Sequence[int], parameters: Parameters = "drawn"
) -> GroupRuns:
    """Put the runs of several groups into an executor's queue, the longest tasks first; as `run_groups`.

    What is put into the queue later runs later, so that a caller can use these results while other runs go on.
    """
    chosen = _checked(seeds)
    # With fewer seeds than workers each scenario is a task of its own, and makes the same population once more.
    apart = len(groups) * len(chosen) < getattr(executor, "_max_workers", 1)
    calls = {
        (number, seed, first): (
            run_seed,
            group.specs[first : first + 1] if apart else group.specs,
            group.seed_offset + seed,
            parameter_draw_of(seed) if parameters == "drawn" else None,
        )
        for number, group in sorted(enumerate(groups), key=lambda numbered: -numbered[1].resident_weeks)
        for seed in chosen
        for first in range(len(group.specs) if apart else 1)
    }
    return GroupRuns(tuple(groups), tuple(chosen), parameters, _begin(executor, calls, groups[0].specs[0]))


class GroupRuns(NamedTuple):
    """Runs of several groups in the queue of an executor; made by `begin_groups`."""

    groups: tuple[RunGroup, ...]
    seeds: tuple[int, ...]
    parameters: Parameters
    tasks: dict[Future[list[Outcome]], tuple[int, int, int]]  # group number, seed, number of the first specification

    def results(self, progress: Progress | None = None) -> list[list[Results]]:
        """Wait for all runs: one `Results` per group and specification. An interrupt cancels runs not yet begun."""
        outcomes: dict[tuple[int, int, int], Outcome] = {}
        runs = len(self.seeds) * sum(len(group.specs) for group in self.groups)
        apart = any(first for _, _, first in self.tasks.values())
        for (number, seed, first), task in _each(self.tasks):
            arms = 1 if apart else len(self.groups[number].specs)
            for arm, outcome in enumerate(outcomes_of(task, arms), first):
                outcomes[number, seed, arm] = outcome
            if progress is not None:
                progress(len(outcomes), runs)
        return [
            [
                gather(
                    {seed: outcomes[number, seed, arm] for seed in self.seeds},
                    run_record(spec, self.seeds, self.parameters),
                )
                for arm, spec in enumerate(group.specs)
            ]
            for number, group in enumerate(self.groups)
        ]


def map_seeds(
    work: Callable[[int, int | None], Answer],
    seeds: Sequence[int],
    spec: Spec,
    *,
    workers: int | Executor | None = None,
    progress: Progress | None = None,
) -> dict[int, Answer | Failure]:
    """Results of ``work(seed, parameter_draw)`` by seed, in order, on an executor or a number of processes.

    ``work`` must be picklable; ``spec`` is one that it runs, to be compiled first. A seed that fails is a `Failure`.
    Progress counts seeds. Raises ValueError for no or repeated seeds.
    """
    chosen = _checked(seeds)
    if isinstance(workers, Executor):
        answers = _map_on(workers, work, chosen, spec, progress)
    else:
        with own_executor(min(workers or cores(), len(chosen))) as own:
            answers = _map_on(own, work, chosen, spec, progress)
    return {seed: answers[seed] for seed in chosen}


def _map_on(
    executor: Executor,
    work: Callable[[int, int | None], Answer],
    seeds: Sequence[int],
    spec: Spec,
    progress: Progress | None,
) -> dict[int, Answer | Failure]:
    calls = {seed: (work, seed, parameter_draw_of(seed)) for seed in seeds}
    answers: dict[int, Answer | Failure] = {}
    for seed, task in _each(_begin(executor, calls, spec)):
        error = task.exception()
        answers[seed] = task.result() if error is None else _failure(error)
        if progress is not None:
            progress(len(answers), len(calls))
    return answers


def run_seed(specs: Sequence[Spec], seed: int, parameter_draw: int | None) -> list[Outcome]:
    """One seed of every specification: the output of each run, or its failure."""
    with ThreadPoolExecutor(max_workers=1) as thread:  # a future holds an error as data, whatever the error
        runs = [thread.submit(simulate, spec, seed, parameter_draw) for spec in specs]
    return [_outcome(run) for run in runs]


def _begin(executor: Executor, calls: Mapping[Key, tuple[Any, ...]], spec: Spec) -> dict[Future[Any], Key]:
    """Put calls, each a function and its arguments, into the queue of an executor."""
    with import_only_this_package():
        compile_first(executor, spec)
        return {executor.submit(*call): key for key, call in calls.items()}


def _each(tasks: Mapping[Future[Any], Key]) -> Generator[tuple[Key, Future[Any]], None, None]:
    """Each task when it is done. An interrupt cancels those that have not begun."""
    try:
        for task in as_completed(tasks):
            yield tasks[task], task
    finally:
        for task in tasks:
            task.cancel()


def compile_first(executor: Executor, spec: Spec) -> None:
    """On an empty cache, let two processes compile half each; otherwise every process would compile everything.

    For an executor that runs in this process too, if there are two cores. If it fails, so will the runs, which report
    the cause.
    """
    if not isinstance(executor, ProcessPoolExecutor | ThreadPoolExecutor) or is_compiled_ahead():
        return
    if isinstance(executor, ThreadPoolExecutor):
        if cores() > 1:
            with own_executor(len(COMPILE_AHEAD)) as both:
                compile_first(both, spec)
        return
    wait([executor.submit(half, spec) for half, _ in COMPILE_AHEAD])


def _checked(seeds: Sequence[int]) -> list[int]:
    chosen = list(seeds)
    if not chosen:
        raise ValueError("No seeds are given. Give at least one, such as seeds=range(30).")
    if len(set(chosen)) != len(chosen):
        raise ValueError("A seed is given twice. Give each seed once.")
    return chosen


def outcomes_of(task: Future[list[Outcome]], arms: int) -> list[Outcome]:
    """The result of a task; if the task itself failed, its cause for every scenario of the seed."""
    error = task.exception()
    return task.result() if error is None else [_failure(error)] * arms


def _outcome(run: Future[RunFrames]) -> Outcome:
    error = run.exception()
    return run.result() if error is None else _failure(error)


def _failure(error: BaseException) -> Failure:
    message = str(error)
    if isinstance(error, BrokenProcessPool):
        message = "a worker process was ended from outside, perhaps because it ran out of memory. Try fewer workers"
    return Failure(type(error).__name__, message)


def own_executor(workers: int | None = None, threads: int | None = None) -> Executor:
    """A pool of ``workers`` processes (default: one per core), or for 1 a thread; the caller shuts it down.

    Processes start as in `processes.context`. Each run uses ``threads``; by default those of large places share the
    cores that the workers leave (`simulator.model.simulation.use_threads`).
    """
    workers = workers or cores()
    asked = threads or max(1, cores() // workers), threads is not None
    if workers == 1:
        return ThreadPoolExecutor(max_workers=1, initializer=_use_threads, initargs=asked)
    return ProcessPoolExecutor(workers, mp_context=context(), initializer=_begin_worker, initargs=asked)


def _use_threads(most: int, of_any_place: bool) -> None:
    use_threads(most, of_any_place=of_any_place)


def _begin_worker(most: int, of_any_place: bool) -> None:
    belong_to_the_parent()
    _use_threads(most, of_any_place)


def cores() -> int:
    """Cores that this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


@contextmanager
def import_only_this_package() -> Iterator[None]:
    """While processes start, hide the caller's script from them.

    A new process would otherwise import that script and run it again; without a ``__main__`` guard a script would
    restart itself endlessly. Tasks need only this package.
    """
    script = sys.modules["__main__"]
    sys.modules["__main__"] = types.ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = script
