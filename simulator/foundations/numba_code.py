"""The loops that Numba compiles and the parts that it links into them; what marks them is in `compiling`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numba
from llvmlite import ir
from numba import extending, literal_unroll
from numba.core import caching, codegen, compiler, types

from simulator.foundations import compiling

_OPTIONS: Final = {"nogil": True, "error_model": "numpy", "no_cfunc_wrapper": True}
"""The same for everything, so that Numba's own functions are compiled once; nothing calls this code from C."""


class ByPackage(getattr(caching, "UserProvidedCacheLocator", object)):  # type: ignore[misc]
    """Finds compiled code by the package of its source file, and not by where that is: a checkout and its installed
    copy share the code, since the folder of the cache is named by a hash of all sources.
    """

    @classmethod
    def get_suitable_cache_subpath(cls, py_file: str) -> str:
        """The folder within the cache, such as ``simulator_kernels``."""
        return "_".join(Path(py_file).parts[-3:-1])


# Numba 0.62, the last for Intel Macs, takes no locator: there, every copy is compiled for itself.
_CACHE: Final = {"CACHE_DIR": str(compiling.cache_folder())} | (
    {"CACHE_LOCATOR_CLASSES": f"{__name__}.{ByPackage.__name__}"}
    if hasattr(numba.config, "CACHE_LOCATOR_CLASSES")
    else {}
)


def loop(function: Callable[..., Any], signature: str | None = None) -> Any:
    """A loop that Python calls, compiled when first called or, with a ``signature``, now, unless it is in the cache."""
    before = {name: getattr(numba.config, name) for name in _CACHE}
    vars(numba.config).update(_CACHE)
    try:
        return numba.njit(signature, cache=True, **_OPTIONS)(function)
    finally:
        vars(numba.config).update(before)


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


def register_part(function: Callable[..., Any], kind: compiling.PartKind) -> None:
    """Let compiled loops call this function, as one of the kinds that `compiling` describes."""
    extending.register_jitable(
        inline="never",
        forceinline=kind == "inlined",
        no_cpython_wrapper=True,
        pipeline_class=_LeafCompiler if kind == "leaf" else _PartCompiler,
        **_OPTIONS,
    )(function)


compiling.register_parts_with(register_part)

each_name = literal_unroll
"""Wraps a constant tuple of field names that a compiled loop iterates over."""


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


_AHEAD: Final = 24
"""Records between one that is read and one that is fetched: 16 to 32 are about as fast."""


@compiling.inlined
def fetch_next(r, i, stop, first, last):  # type: ignore[no-untyped-def]
    """In a loop over all records to before ``stop``, begin to fetch one that it reaches soon: its cache lines from
    ``first`` to before ``last``.
    """
    for line in range(first, last):
        fetch_ahead(r[min(i + _AHEAD, stop - 1)], line * compiling.CACHE_LINE)
