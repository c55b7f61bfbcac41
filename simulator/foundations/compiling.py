"""Compiling with Numba, with a cache that notices when a rule has been edited.

Numba's file cache detects edits in the file of a compiled function but not in the files it calls. The cache folder
is therefore named by a hash of every source file of this package that can end up in compiled code, and of Numba's,
NumPy's and Python's versions: an edit or an upgrade triggers recompilation, and nothing outdated is loaded.
"""

from __future__ import annotations

import gc
import hashlib
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

import numba
import numpy as np
from llvmlite import ir
from numba import extending, literal_unroll
from numba.core import codegen, compiler, types
from numpy.typing import NDArray

from simulator.errors import SimulatorError
from simulator.foundations.cache import cache_root

Function = TypeVar("Function", bound=Callable[..., Any])


_COMPILED: Final = ("foundations", "rules", "population", "kernels", "events", "specification/programme_table.py")
"""Packages, and one file of another package, whose code or constants can end up in compiled code."""


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
    """The folder of compiled code."""
    return cache_root() / f"compiled-{source_hash()}"


def is_compiled(name: str) -> bool:
    """Whether the cache holds a compiled function of this name."""
    return any(cache_folder().rglob(f"*.{name}-*.nbi"))


_CACHE_FOLDER = str(cache_folder())
_OPTIONS: Final = {"nogil": True, "error_model": "numpy", "no_cfunc_wrapper": True}
"""The same for everything, so that Numba's own functions are compiled once; nothing calls this code from C."""


def compiled(function: Function) -> Function:
    """Compile a loop that Python calls, cached on disk; no fast mathematics, no fused multiply-add, the GIL released.

    Parts of compiled loops are `helper` or `inlined` instead: an entry point from Python and a cache entry cost as
    much to compile as a short function.
    """
    return _compile(function)


def compiled_for(signature: str) -> Callable[[Function], Function]:
    """Compile as `compiled` does, but once, for these argument types, to which others are converted.

    For functions that Python and compiled loops call with several integer types.
    """
    return partial(_compile, signature=signature)


def _compile(function: Function, signature: str | None = None) -> Function:
    before = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = _CACHE_FOLDER
    try:
        return numba.njit(signature, cache=True, **_OPTIONS)(function)
    finally:
        numba.config.CACHE_DIR = before


# The next four classes override private classes of Numba. This saves a fifth of the first start (five to six
# seconds); the version therefore has an upper bound in pyproject.toml, and a test fails if Numba renames one of them.


class _Part(codegen.JITCodeLibrary):
    """Code that becomes machine code only in the loops that it is linked into."""

    @property
    def codegen(self) -> Any:
        """The code generator, without the step that writes to machine code."""
        return _NoMachineCode(self._codegen)

    def get_pointer_to_function(self, name: str) -> int:  # noqa: ARG002 - the library's interface
        """Zero: there is no machine code to point to."""
        return 0

    def _optimize_final_module(self) -> None:
        """Do nothing: the loop that links this code is optimised with all its parts."""

    def _finalize_final_module(self) -> None:
        self._finalize_dynamic_globals()
        self._finalized = True


class _NoMachineCode:
    """Numba's code generator for code that has no machine code of its own."""

    def __init__(self, generator: Any) -> None:
        self._generator = generator

    def __getattr__(self, name: str) -> Any:
        return getattr(self._generator, name)

    def set_env(self, name: str, env: object) -> None:
        """Do nothing: parts of loops have no environment of Python objects."""


class _PartCompiler(compiler.Compiler):
    """Compiler of functions that only compiled loops call."""

    def define_pipelines(self) -> Any:
        """Numba's pipelines, compiling into a `_Part`."""
        state = self.state
        state.library = _Part(state.targetctx.codegen(), state.func_id.func_qualname)
        return super().define_pipelines()


class _LeafCompiler(_PartCompiler):
    """Compiler of parts whose arrays do not overlap."""

    def define_pipelines(self) -> Any:
        """As for other parts, with a flag of Numba's that no decorator offers."""
        self.state.flags.noalias = True
        return super().define_pipelines()


_PART_OPTIONS: Final = {**_OPTIONS, "inline": "never", "no_cpython_wrapper": True, "pipeline_class": _PartCompiler}


def helper(function: Function) -> Function:
    """Mark a part of compiled loops: compiled where one of them calls it, plain Python elsewhere."""
    return extending.register_jitable(**_PART_OPTIONS)(function)


def inlined(function: Function) -> Function:
    """Mark a `helper` whose code is inlined wherever it is called.

    A loop over arrays whose body is fully inlined can be vectorised. Use it only for short functions without branches
    that the most frequent loops call.
    """
    return extending.register_jitable(forceinline=True, **_PART_OPTIONS)(function)


def leaf(function: Function) -> Function:
    """Mark a `helper` that loops over one-dimensional arrays which never overlap: one that is written to is no other.

    Without that promise such a loop is not vectorised if it has more than a few arrays.
    """
    return extending.register_jitable(**{**_PART_OPTIONS, "pipeline_class": _LeafCompiler})(function)


CACHE_LINE: Final = 64
"""Bytes that a processor fetches at once."""
_LOCALITY: Final = 3  # keep what was fetched


@extending.intrinsic  # type: ignore[untyped-decorator]
def fetch_ahead(_context: Any, record: Any, offset: Any) -> Any:
    """Begin to fetch the cache line of a record at this ``offset`` [bytes], for code that reads it soon."""

    def code(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        byte, number = ir.IntType(8).as_pointer(), ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [byte, number, number, number])
        prefetch = builder.module.declare_intrinsic("llvm.prefetch", [byte], kind)
        line = builder.gep(builder.bitcast(arguments[0], byte), [arguments[1]])
        builder.call(prefetch, [line, number(0), number(_LOCALITY), number(1)])
        return context.get_dummy_value()

    return types.void(record, offset), code


def rule(function: Function) -> Function:
    """Mark a behaviour: plain Python for an agent, inlined in compiled code wherever a kernel calls it.

    Without inlining, rules that return several numbers would pass them through memory.
    """
    return inlined(function)


@contextmanager
def no_garbage_collected() -> Iterator[None]:
    """Switch garbage collection off while compiling, which saves a tenth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


each_name = literal_unroll
"""Wraps a constant tuple of field names that a compiled loop iterates over."""


# Parameters packed for compiled code: a NamedTuple of numbers and tables as one record, passed as one argument. The
# record is the only entry of an array, because passing an array to compiled code takes under a microsecond and passing
# a record about twenty, and a week has many calls.


def record_type(value: Any) -> np.dtype[Any]:
    """The record type that holds a NamedTuple of floats, integers, arrays and such NamedTuples, field by field.

    Equal types are one object: Numba would otherwise compare them field by field whenever compiled code is called,
    which takes four times as long as the call.
    """
    kind = np.dtype([(name, *_field_type(getattr(value, name))) for name in value._fields], align=True)
    return _RECORD_TYPES.setdefault(kind, kind)


_RECORD_TYPES: Final[dict[np.dtype[Any], np.dtype[Any]]] = {}


def _field_type(value: Any) -> tuple[Any, ...]:
    if hasattr(value, "_fields"):
        return (record_type(value),)
    if isinstance(value, np.ndarray):
        return value.dtype, value.shape
    if isinstance(value, float):
        return (np.float64,)
    if isinstance(value, int):
        return (np.int64,)
    raise SimulatorError(f"A record can hold numbers and tables, not {type(value).__name__}.")


def pack(value: Any) -> NDArray[Any]:
    """An array (1,) of one record with the fields and values of this NamedTuple.

    Raises SimulatorError for a field that a record cannot hold.
    """
    packed = np.zeros(1, record_type(value))
    _fill(packed, value)
    return packed


def unpack(packed: NDArray[Any], names: Iterable[str]) -> Iterator[Any]:
    """The numbers and tables of these fields of a packed record, in order."""
    for name in names:
        values = packed[name]
        yield values.item() if values.ndim == 1 else values[0].copy()


def _fill(packed: Any, value: Any) -> None:
    for name in value._fields:
        entry = getattr(value, name)
        if hasattr(entry, "_fields"):
            _fill(packed[name], entry)
        else:
            packed[name] = entry
