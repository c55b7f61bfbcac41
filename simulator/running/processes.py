"""How processes that make runs begin, afresh or forked from a server that has imported what a run needs, and end."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from multiprocessing.context import BaseContext
from typing import Final

_RUN_NEEDS: Final = ("simulator.model.place_model", "simulator.model.simulation")
"""Modules that a run imports: all that takes long."""


def import_ahead() -> None:
    """Where processes can be forked, begin to import what runs need in a server that workers are forked from.

    Half of the wait for the first run is imports; here they go on while files are read, and once for all workers.
    Only for a process that is a command and nothing else: what it chooses holds for all of its processes.
    """
    if sys.platform != "linux":
        return
    from multiprocessing import forkserver

    multiprocessing.set_start_method("forkserver")
    multiprocessing.set_forkserver_preload(list(_RUN_NEEDS))
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # inherited: an interrupt is the parent's to answer
    try:
        forkserver.ensure_running()
    finally:
        signal.signal(signal.SIGINT, before)


def context() -> BaseContext:
    """Processes that start afresh (the same on every system, and safe beside threads), unless `import_ahead` was."""
    chosen = multiprocessing.get_start_method(allow_none=True)
    return multiprocessing.get_context("forkserver" if chosen == "forkserver" else "spawn")


def belong_to_the_parent() -> None:
    """Leave interrupts, which reach every process of a terminal, to the parent; end with it when it is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_the_parent, daemon=True).start()


def _end_with_the_parent() -> None:
    """A worker whose parent was killed would wait for ever for a next task."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
