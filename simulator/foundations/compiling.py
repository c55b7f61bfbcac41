"""Compiling with Numba, with a cache that knows when a rule was edited.

Numba's own file cache sees edits in the file of a compiled function but not in the files it calls. The cache folder
is therefore named by the hash of every source of this package that can end up in compiled code, and by Numba's and
Python's versions: an edit or an upgrade compiles anew, and nothing stale is ever loaded.
"""

from __future__ import annotations

import gc
import hashlib
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

import numba
import numpy as np
from numba import extending, literal_unroll
from numba.core import codegen, compiler
from numpy.typing import NDArray

from simulator.errors import SimulatorError
from simulator.foundations.cache import cache_root

Function = TypeVar("Function", bound=Callable[..., Any])


_COMPILED: Final = ("foundations", "rules", "population", "kernels", "events", "specification/programme_table.py")
"""Rooms whose code or constants can end up in compiled code, and the one file of another room."""


def source_hash() -> str:
    """Eight hexadecimal digits of the sources that can end up in compiled code."""
    digest = hashlib.sha256(f"{numba.__version__} {np.__version__} {sys.version}".encode())
    folder = Path(__file__).parents[1]
    for part in _COMPILED:
        for path in [folder / part] if part.endswith(".py") else sorted((folder / part).rglob("*.py")):
            digest.update(path.relative_to(folder).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:8]


def cache_folder() -> Path:
    """Where compiled code is kept."""
    return cache_root() / f"compiled-{source_hash()}"


def is_compiled(name: str) -> bool:
    """Whether the cache holds a compiled function of this name."""
    return any(cache_folder().rglob(f"*.{name}-*.nbi"))


_CACHE_FOLDER = str(cache_folder())
_OPTIONS: Final = {"nogil": True, "error_model": "numpy", "no_cfunc_wrapper": True}
"""The same for everything, so that what Numba itself brings is compiled once; nothing calls this code from C."""


def compiled(function: Function) -> Function:
    """Compile a loop that Python calls, cached on disk; no fast mathematics, no fused multiply-add, the GIL released.

    Parts of compiled loops are `helper` or `inlined`: a way in from Python, and a place in the cache, cost as much to
    compile as a short function does.
    """
    return _compile(function)


def compiled_for(signature: str) -> Callable[[Function], Function]:
    """Compile as `compiled` does, but once, for these types of arguments, to which others are converted.

    For what is called from Python and from compiled loops with many types of integers.
    """
    return partial(_compile, signature=signature)


def _compile(function: Function, signature: str | None = None) -> Function:
    before = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = _CACHE_FOLDER
    try:
        return numba.njit(signature, cache=True, **_OPTIONS)(function)
    finally:
        numba.config.CACHE_DIR = before


# The next three classes change private ones of Numba. That saves a fifth of the time of the first start, five to six
# seconds; so the version has an upper bound in pyproject.toml, and a test fails when a name of Numba's moves.


class _Part(codegen.JITCodeLibrary):
    """Code that is linked into the loops that call it, and made into machine code there, not by itself as well."""

    @property
    def codegen(self) -> Any:
        """As of any code, but for what would be told to machine code."""
        return _NoMachineCode(self._codegen)

    def get_pointer_to_function(self, name: str) -> int:  # noqa: ARG002 - the library's interface
        """Nowhere."""
        return 0

    def _optimize_final_module(self) -> None:
        """Whoever links it is optimised with all its parts."""

    def _finalize_final_module(self) -> None:
        self._finalize_dynamic_globals()
        self._finalized = True


class _NoMachineCode:
    """Numba's code generator, with nothing to tell to machine code that does not exist."""

    def __init__(self, generator: Any) -> None:
        self._generator = generator

    def __getattr__(self, name: str) -> Any:
        return getattr(self._generator, name)

    def set_env(self, name: str, env: object) -> None:
        """Numba would write where the environment of Python objects is; no part of a loop has any."""


class _PartCompiler(compiler.Compiler):
    """Compiles what is only ever called from compiled loops."""

    def define_pipelines(self) -> Any:
        """Numba's own, into a `_Part`."""
        state = self.state
        state.library = _Part(state.targetctx.codegen(), state.func_id.func_qualname)
        return super().define_pipelines()


_PART_OPTIONS: Final = {**_OPTIONS, "inline": "never", "no_cpython_wrapper": True, "pipeline_class": _PartCompiler}


def helper(function: Function) -> Function:
    """Mark a part of compiled loops: compiled as they are where one of them calls it, plain Python elsewhere."""
    return extending.register_jitable(**_PART_OPTIONS)(function)


def inlined(function: Function) -> Function:
    """Mark a `helper` whose code is written out wherever it is called.

    A loop over arrays whose body is inlined throughout can be done several rows at once; worth it only for a short
    function without branches that is called in the hottest loops.
    """
    return extending.register_jitable(forceinline=True, **_PART_OPTIONS)(function)


def rule(function: Function) -> Function:
    """Mark a behaviour: plain Python for an agent, written out in compiled code wherever a kernel names it.

    The numbers that a rule gives, when there are several, would otherwise pass through memory.
    """
    return inlined(function)


@contextmanager
def no_garbage_collected() -> Iterator[None]:
    """Compile without looking for garbage: a tenth of the time, for what is soon let go anyway."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


each_name = literal_unroll
"""Wraps a constant tuple of names of fields that a compiled loop goes through."""


# Parameters packed for compiled code: a NamedTuple of numbers and tables as one record, passed as one argument. The
# record is the only entry of an array: Python hands an array to compiled code in under a microsecond, a record by
# itself in about twenty, and a week has many calls.


def record_type(value: Any) -> np.dtype[Any]:
    """The record type that holds a NamedTuple of floats, integers, arrays and such NamedTuples, field by field."""
    return np.dtype([(name, *_field_type(getattr(value, name))) for name in value._fields], align=True)


def _field_type(value: Any) -> tuple[Any, ...]:
    if hasattr(value, "_fields"):
        return (record_type(value),)
    if isinstance(value, np.ndarray):
        return value.dtype, value.shape
    if isinstance(value, float):
        return (np.float64,)
    if isinstance(value, int):
        return (np.int64,)
    raise SimulatorError(f"a record holds numbers and tables, not {type(value).__name__}")


def pack(value: Any, kind: np.dtype[Any] | None = None) -> NDArray[Any]:
    """One record (1,) with the same fields and values as this NamedTuple.

    ``kind`` is its `record_type`, if it is known: working it out takes longer than filling it. Raises SimulatorError
    for what no record holds.
    """
    packed = np.zeros(1, record_type(value) if kind is None else kind)
    _fill(packed, value)
    return packed


def _fill(packed: Any, value: Any) -> None:
    for name in value._fields:
        entry = getattr(value, name)
        if hasattr(entry, "_fields"):
            _fill(packed[name], entry)
        else:
            packed[name] = entry
