"""Starting and ending worker processes, spawned or forked from a server that has imported what a run needs."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from concurrent.futures import Executor
from multiprocessing.context import BaseContext
from pathlib import Path
from typing import Final

_RUN_NEEDS: Final = ("simulator.model.place_model", "simulator.model.simulation")
"""The modules of a run that take long to import."""


def import_ahead() -> None:
    """Where processes can be forked, start importing what runs need in a server that workers are forked from.

    Half of the wait for the first run is imports; here they happen once for all workers, while files are read. Only for
    a process that runs a single command, since the start method applies to all of its processes.

    The server imports from where this process does. By itself Python would look in the working folder first, which may
    be a checkout of another version.
    """
    if sys.platform != "linux":
        return
    from multiprocessing import forkserver

    multiprocessing.set_start_method("forkserver")
    multiprocessing.set_forkserver_preload(list(_RUN_NEEDS))
    path = {"PYTHONSAFEPATH": "1", "PYTHONPATH": os.pathsep.join(folder or str(Path.cwd()) for folder in sys.path)}
    environment = dict(os.environ)
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # inherited, so that only the parent handles interrupts
    try:
        os.environ.update(path)
        forkserver.ensure_running()
    finally:
        signal.signal(signal.SIGINT, before)
        for name in path:
            os.environ.pop(name)
        os.environ.update({name: environment[name] for name in path.keys() & environment.keys()})


def context() -> BaseContext:
    """The start method: spawn (the same on every system, and safe with threads), or forkserver after `import_ahead`."""
    chosen = multiprocessing.get_start_method(allow_none=True)
    return multiprocessing.get_context("forkserver" if chosen == "forkserver" else "spawn")


def belong_to_the_parent() -> None:
    """Leave interrupts, which reach every process of a terminal, to the parent; end if the parent is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_the_parent, daemon=True).start()


def end_now(executor: Executor) -> None:
    """Shut down a pool without waiting, and end its processes in the middle of their runs.

    This is safe: stores and folders are written whole or not at all. Threads of a pool cannot be ended.
    """
    running = list((getattr(executor, "_processes", None) or {}).values())
    executor.shutdown(wait=False, cancel_futures=True)
    for process in running:
        process.terminate()


def _end_with_the_parent() -> None:
    """End this worker once its parent has ended; it would otherwise wait for ever for a next task."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
