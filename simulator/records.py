"""Parameters packed for compiled code: a NamedTuple of numbers and tables as one record, passed as one argument.

The record is the only entry of an array: Python hands an array to compiled code in under a microsecond, a record by
itself in about twenty, and a week has many calls.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.errors import SimulatorError


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
