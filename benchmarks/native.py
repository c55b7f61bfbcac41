"""Compiling C, if a compiler is installed."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from typing import Final

_OPTIONS: Final = ("-O3", "-march=native", "-ffp-contract=off", "-std=c11", "-shared", "-fPIC")


def find_compiler() -> str | None:
    """The C compiler, or None."""
    return shutil.which("gcc") or shutil.which("cc")


@cache
def load_library(source: str, *options: str) -> ctypes.CDLL:
    """Compile C source with additional options and load it. Raises FileNotFoundError if there is no compiler."""
    compiler = find_compiler()
    if compiler is None:
        raise FileNotFoundError("no C compiler: neither gcc nor cc is on the path")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        written, built = Path(folder) / "source.c", Path(folder) / "library.so"
        written.write_text(source, encoding="utf-8")
        subprocess.run([compiler, *_OPTIONS, *options, str(written), "-o", str(built), "-lm"], check=True)
        return ctypes.CDLL(str(built))
