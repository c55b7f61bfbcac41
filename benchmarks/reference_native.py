"""The reference workload in C, where a compiler is present."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np

from benchmarks.reference import World

_SOURCE = Path(__file__).with_name("reference.c")
_OPTIONS = ("-O3", "-march=native", "-ffp-contract=off", "-std=c99", "-shared", "-fPIC")


def find_compiler() -> str | None:
    """The C compiler, or None."""
    return shutil.which("gcc") or shutil.which("cc")


@cache
def _library() -> ctypes.CDLL:
    compiler = find_compiler()
    if compiler is None:
        raise FileNotFoundError("no C compiler: neither gcc nor cc is on the path")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        path = Path(folder) / "reference.so"
        subprocess.run([compiler, *_OPTIONS, str(_SOURCE), "-o", str(path), "-lm"], check=True)
        return ctypes.CDLL(str(path))


def prepare(world: World, weeks: int, seed: int) -> Callable[[], World]:
    """A run in C, compiled and ready to go."""
    library = _library()
    columns = [np.ctypeslib.as_ctypes(column) for column in world]
    sizes = (ctypes.c_uint32(len(world.group)), ctypes.c_uint32(weeks), ctypes.c_uint64(seed))

    def run() -> World:
        if library.run_weeks(*sizes, *columns):
            raise MemoryError("the C run could not allocate its buffers")
        return world

    return run
