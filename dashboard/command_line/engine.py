"""Executor and store of the commands' runs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Final, NamedTuple

import typer

from dashboard.command_line.output import note, warn

if TYPE_CHECKING:
    from concurrent.futures import Executor


class Engine(NamedTuple):
    """Where runs are computed and stored."""

    cluster: str | None = None  # "local" or a scheduler's address; None: processes of this computer
    store: str | None = None  # a store's folder; None: runs are not stored
    threads: int | None = None  # of each run on this computer; None: those of large places use the cores that are left


LOCAL: Final = Engine()
"""Processes of this computer; runs are not stored."""


@contextmanager
def executor_of(engine: Engine, workers: int | None, *, quiet: bool) -> Iterator[Executor | None]:
    """The engine's executor with this number of workers; None for processes of this computer.

    Prints at the end how many runs were read from the store and added to it. Raises StoreError, ClusterError, and
    BadParameter for threads of a cluster.
    """
    if engine.cluster is not None and engine.threads is not None:
        raise typer.BadParameter("runs on a cluster have one thread each: leave it out", param_hint="--threads")
    executor: Executor | None = None
    with ExitStack() as opened:
        store = None
        if engine.store is not None:
            from simulator.store import open_store, storing_executor

            store = open_store(engine.store, warn)
        if engine.cluster is not None:
            from simulator.running.cluster import cluster_executor

            executor = opened.enter_context(cluster_executor(engine.cluster, workers))
        elif engine.threads is not None:
            from simulator.running.ensemble import cores, own_executor

            executor = own_executor(workers or max(1, cores() // engine.threads), engine.threads)
            opened.callback(executor.shutdown, cancel_futures=True)
        if store is None:
            yield executor
            return
        remembers = opened.enter_context(storing_executor(store, executor or workers))
        yield remembers
        note(f"Store {store.name}: {remembers.read} runs read, {remembers.made} added.", quiet=quiet)


@contextmanager
def open_executor(engine: Engine, workers: int | None, *, quiet: bool, tasks: int | None = None) -> Iterator[Executor]:
    """As `executor_of`, with an executor for processes of this computer as well: no more of them than ``tasks``.

    Tasks that have not begun are cancelled when the block is left.
    """
    from simulator.running.ensemble import cores, own_executor

    with executor_of(engine, workers, quiet=quiet) as given:
        if given is not None:
            yield given
            return
        most = workers or cores()
        own = own_executor(most if tasks is None else min(most, tasks))
        try:
            yield own
        finally:
            own.shutdown(cancel_futures=True)
