"""The reference workload in C, if a compiler is installed."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np

from benchmarks.native import load_library
from benchmarks.reference import World

_SOURCE: Final = Path(__file__).with_name("reference.c")


def prepare(world: World, weeks: int, seed: int) -> Callable[[], World]:
    """A run in C, compiled and ready to start. Raises FileNotFoundError without a C compiler."""
    library = load_library(_SOURCE.read_text(encoding="utf-8"))
    columns = [np.ctypeslib.as_ctypes(column) for column in world]
    sizes = (ctypes.c_uint32(len(world.group)), ctypes.c_uint32(weeks), ctypes.c_uint64(seed))

    def run() -> World:
        if library.run_weeks(*sizes, *columns):
            raise MemoryError("the C run could not allocate its buffers")
        return world

    return run
