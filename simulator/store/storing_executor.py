"""An executor with a store: a run that the store holds is read, any other is run and stored as soon as it is done."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Executor, Future
from contextlib import contextmanager
from typing import Any

from simulator.errors import StoreError
from simulator.results.results import RunFrames
from simulator.running.ensemble import Outcome, compile_first, own_executor, run_seed
from simulator.running.futures import finished_future, follow
from simulator.specification.spec import Spec
from simulator.store.store import Store


@contextmanager
def storing_executor(store: Store, workers: Executor | int | None = None) -> Iterator[StoringExecutor]:
    """An executor, for functions such as `simulator.run`, that reads finished runs from a store and adds new ones.

    ``workers`` is a number of processes (default: one per core) or an executor, which stays open. Raises StoreError if
    a run cannot be written, after runs under way have ended; no further runs are started.
    """
    store.sweep()
    own = None if isinstance(workers, Executor) else own_executor(workers)
    executor = StoringExecutor(store, own or workers)
    try:
        yield executor
    except CancelledError:
        if executor.fault is None:
            raise
    finally:
        if own is not None:
            own.shutdown(cancel_futures=True)
    if executor.fault is not None:
        raise executor.fault


class StoringExecutor(Executor):
    """Uses the store for tasks `run_seed` and passes any other task on. Made by `storing_executor`.

    ``read`` counts the runs that the store held, ``made`` those that were added to it.
    """

    def __init__(self, store: Store, inner: Any) -> None:
        self.read, self.made = 0, 0
        self.fault: StoreError | None = None
        self._store, self._inner = store, inner
        self._tasks: set[Future[Any]] = set()
        self._lock = threading.Lock()

    def submit(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Run a function; for `run_seed`, only the specifications that the store does not hold."""
        if function is not run_seed:
            future: Future[Any] = self._inner.submit(function, *args, **kwargs)
            return future
        return self._one_seed(*args)

    def _one_seed(self, specs: tuple[Spec, ...], seed: int, parameter_draw: int | None) -> Future[list[Outcome]]:
        held = [self._store.find(spec, seed, parameter_draw) for spec in specs]
        missing = tuple(spec for spec, run in zip(specs, held, strict=True) if run is None)
        self.read += len(specs) - len(missing)
        if not missing:
            return finished_future([run for run in held if run is not None])
        compile_first(self._inner, missing[0])
        task = self._inner.submit(run_seed, missing, seed, parameter_draw)
        with self._lock:
            self._tasks.add(task)

        def keep(done: Future[list[Outcome]]) -> list[Outcome]:
            with self._lock:
                self._tasks.discard(done)
            made = done.result()
            for spec, run in zip(missing, made, strict=True):
                if isinstance(run, RunFrames):
                    self._keep(spec, seed, parameter_draw, run)
            rest = iter(made)
            return [next(rest) if run is None else run for run in held]

        return follow(task, keep)

    def _keep(self, spec: Spec, seed: int, parameter_draw: int | None, run: RunFrames) -> None:
        try:
            self._store.keep(spec, seed, parameter_draw, run)
        except StoreError as fault:
            with self._lock:
                self.fault = self.fault or fault
                waiting = tuple(self._tasks)
            for task in waiting:
                task.cancel()
            raise
        with self._lock:
            self.made += 1
