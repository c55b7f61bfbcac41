"""A stream of runs: groups of specifications one after another, each returned and released before the next.

While `simulator.running.ensemble` keeps the output of every run, this keeps only a few: groups are requested as workers
become free, and returned in the order of request, whichever finished first, so that sums are always in the same order.
If a worker dies, the runs under way are retried one by one on new workers, so that at most the run that killed it is
lost.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable, Sequence
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from typing import Any

from simulator.results.results import parameter_draw_of
from simulator.running.ensemble import (
    Outcome,
    Parameters,
    RunGroup,
    compile_first,
    import_only_this_package,
    outcomes_of,
    run_seed,
)

Opened = Callable[[], AbstractContextManager[Executor]]
"""Function that opens an executor; called again if its workers have died."""


@dataclass
class _Task:
    call: tuple[Any, ...]
    arms: int
    future: Future[list[Outcome]] = field(default_factory=Future)


def stream_groups(
    groups: Iterable[RunGroup],
    seeds: Sequence[int],
    opened: Opened,
    *,
    ahead: int = 8,
    parameters: Parameters = "drawn",
) -> Generator[tuple[RunGroup, list[list[Outcome]]], None, None]:
    """Each group with its outcomes by seed and specification, in the order of ``groups``, which is consumed lazily.

    About ``ahead`` runs are under way or waiting to be returned. A run that fails is a `Failure`. Raises StoreError and
    ClusterError as the executor does.
    """
    with _Workers(opened) as workers:
        waiting: deque[tuple[RunGroup, list[_Task]]] = deque()
        source = iter(groups)
        try:
            while True:
                while sum(len(tasks) for _, tasks in waiting) < ahead + len(seeds):
                    group = next(source, None)
                    if group is None:
                        break
                    calls = _calls(group, seeds, parameters)
                    waiting.append((group, [workers.begin(call, len(group.specs)) for call in calls]))
                if not waiting:
                    return
                group, tasks = waiting[0]
                for task in tasks:
                    if isinstance(task.future.exception(), BrokenProcessPool):
                        workers.try_alone([each for _, each_tasks in waiting for each in each_tasks])
                waiting.popleft()
                yield group, [outcomes_of(task.future, task.arms) for task in tasks]
        finally:
            for _, tasks in waiting:
                for task in tasks:
                    task.future.cancel()


def _calls(group: RunGroup, seeds: Sequence[int], parameters: Parameters) -> list[tuple[Any, ...]]:
    return [
        (run_seed, group.specs, group.seed_offset + seed, parameter_draw_of(seed) if parameters == "drawn" else None)
        for seed in seeds
    ]


class _Workers:
    """An executor that is opened again if its processes have died."""

    def __init__(self, opened: Opened) -> None:
        self._opened = opened
        self._stack = ExitStack()
        self._executor: Executor | None = None

    def __enter__(self) -> _Workers:
        return self

    def __exit__(self, *error: Any) -> bool | None:
        return self._stack.__exit__(*error)

    def begin(self, call: tuple[Any, ...], arms: int) -> _Task:
        """Submit a call to the executor."""
        task = _Task(call, arms)
        self._submit(task)
        return task

    def try_alone(self, tasks: Sequence[_Task]) -> None:
        """Retry tasks lost with the workers, one at a time, so that only those that kill workers fail."""
        lost = [task for task in tasks if isinstance(task.future.exception(), BrokenProcessPool)]
        self._open_again()
        for task in lost:
            self._submit(task)
            if isinstance(task.future.exception(), BrokenProcessPool):
                self._open_again()

    def _submit(self, task: _Task) -> None:
        try:
            if self._executor is None:
                self._executor = self._stack.enter_context(self._opened())
                with import_only_this_package():
                    compile_first(self._executor, task.call[1][0])
            with import_only_this_package():
                task.future = self._executor.submit(*task.call)
        except BrokenProcessPool as error:
            task.future = Future()
            task.future.set_exception(error)

    def _open_again(self) -> None:
        self._stack.close()
        self._executor = None
