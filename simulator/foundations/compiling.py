"""Compiling with Numba, with a cache that notices when a rule has been edited.

Numba's file cache detects edits in the file of a compiled function but not in the files it calls. The cache folder
is therefore named by a hash of every source file of this package that can end up in compiled code, and of Numba's,
NumPy's and Python's versions: an edit or an upgrade triggers recompilation, and nothing outdated is loaded.
"""

from __future__ import annotations

import gc
import hashlib
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, Literal, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from simulator.errors import SimulatorError
from simulator.foundations.cache import cache_root

Function = TypeVar("Function", bound=Callable[..., Any])


_COMPILED: Final = ("foundations", "rules", "population", "kernels", "events", "specification/programme_table.py")
"""Packages, and one file of another package, whose code or constants can end up in compiled code."""


def source_hash() -> str:
    """Eight hexadecimal digits of the sources that can end up in compiled code."""
    digest = hashlib.sha256(f"{version('numba')} {np.__version__} {sys.version}".encode())
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


def compiled(function: Function) -> Function:
    """Compile a loop that Python calls, cached on disk; no fast mathematics, no fused multiply-add, the GIL released.

    Parts of compiled loops are `helper` or `inlined` instead: an entry point from Python and a cache entry cost as
    much to compile as a short function.
    """
    from simulator.foundations.numba_code import loop

    return cast(Function, loop(function))


def compiled_for(signature: str) -> Callable[[Function], Function]:
    """Compile as `compiled` does, but once, for these argument types, to which others are converted.

    For functions that Python and compiled loops call with several integer types.
    """
    from simulator.foundations.numba_code import loop

    return partial(loop, signature=signature)


def helper(function: Function) -> Function:
    """Mark a part of compiled loops: compiled where one of them calls it, plain Python elsewhere."""
    return _marked(function, "part")


def inlined(function: Function) -> Function:
    """Mark a `helper` whose code is inlined wherever it is called.

    A loop over arrays whose body is fully inlined can be vectorised. Use it only for short functions without branches
    that the most frequent loops call.
    """
    return _marked(function, "inlined")


def leaf(function: Function) -> Function:
    """Mark a `helper` that loops over one-dimensional arrays which never overlap: one that is written to is no other.

    Without that promise such a loop is not vectorised if it has more than a few arrays.
    """
    return _marked(function, "leaf")


def rule(function: Function) -> Function:
    """Mark a behaviour: plain Python for an agent, inlined in compiled code wherever a kernel calls it.

    Without inlining, rules that return several numbers would pass them through memory.
    """
    return inlined(function)


PartKind = Literal["part", "inlined", "leaf"]
CACHE_LINE: Final = 64
"""Bytes that a processor fetches at once."""

Register = Callable[[Callable[..., Any], PartKind], None]
_WAITING: Final[list[tuple[Callable[..., Any], PartKind]]] = []
"""Parts marked before Numba was imported, and how they are linked. It is imported for the first loop, which takes
a third of a second: who reads a scenario, a rule or a result compiles nothing."""
_NUMBAS: Final[list[Register]] = []
"""What lets compiled loops call a part, once Numba has been imported."""
_MARKING: Final = threading.RLock()
"""Threads import the modules that mark parts at the same time, and each part has to reach Numba once."""


def _marked(function: Function, kind: PartKind) -> Function:
    with _MARKING:
        if _NUMBAS:
            _NUMBAS[0](function, kind)
        else:
            _WAITING.append((function, kind))
    return function


def register_parts_with(register: Register) -> None:
    """Hand over to Numba every part marked so far, and each that follows."""
    with _MARKING:
        while _WAITING:
            register(*_WAITING.pop(0))
        _NUMBAS.append(register)


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
