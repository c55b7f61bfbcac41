"""Compiling with Numba, with a cache that knows when a rule was edited.

Numba's own file cache sees edits in the file of a compiled function but not in the files it calls. The cache folder
is therefore named by the hash of every source of this package that can end up in compiled code, and by Numba's and
Python's versions: an edit or an upgrade compiles anew, and nothing stale is ever loaded.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar

import numba
import numpy as np
import platformdirs
from numba import extending

Function = TypeVar("Function", bound=Callable[..., Any])


_CONSTANTS: Final = ("categories.py", "columns.py", "compiling.py", "measures.py", "workspace.py")
"""Modules whose constants are written into compiled code; the others there are those that import this one."""


def source_hash() -> str:
    """Eight hexadecimal digits of the sources that can end up in compiled code."""
    digest = hashlib.sha256(f"{numba.__version__} {np.__version__} {sys.version}".encode())
    folder = Path(__file__).parent
    for path in sorted(folder.rglob("*.py")):
        text = path.read_bytes()
        if path.name in _CONSTANTS or b"simulator.compiling import" in text:
            digest.update(path.relative_to(folder).as_posix().encode())
            digest.update(text)
    return digest.hexdigest()[:8]


def cache_folder() -> Path:
    """Where compiled code is kept; ``OFFSET_CACHE`` in the environment moves it."""
    root = os.environ.get("OFFSET_CACHE") or platformdirs.user_cache_dir("relational-offset")
    return Path(root) / f"compiled-{source_hash()}"


def is_compiled(name: str) -> bool:
    """Whether the cache holds a compiled function of this name."""
    return any(cache_folder().rglob(f"*.{name}-*.nbi"))


_CACHE_FOLDER = str(cache_folder())


def compiled(function: Function) -> Function:
    """Compile a loop or a draw, cached on disk; no fast mathematics, no fused multiply-add, the GIL released."""
    return _compile(function, forceinline=False)


def inlined(function: Function) -> Function:
    """Compile as `compiled` does, and write the code out wherever it is called.

    A loop over arrays whose body is inlined throughout can be done several rows at once; worth it only for a short
    function without branches that is called in the hottest loops.
    """
    return _compile(function, forceinline=True)


def _compile(function: Function, *, forceinline: bool) -> Function:
    before = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = _CACHE_FOLDER
    try:
        return numba.njit(cache=True, nogil=True, error_model="numpy", forceinline=forceinline)(function)
    finally:
        numba.config.CACHE_DIR = before


def rule(function: Function) -> Function:
    """Mark a behaviour: plain Python for an agent, compiled where a kernel names it."""
    return extending.register_jitable(error_model="numpy", inline="never")(function)
