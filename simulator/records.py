"""Parameters packed for compiled code: a NamedTuple of numbers and tables as one record, passed as one argument."""

from __future__ import annotations

from typing import Any

import numpy as np

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


def pack(value: Any) -> np.void:
    """One record with the same fields and values as this NamedTuple. Raises SimulatorError for what no record holds."""
    packed = np.zeros(1, record_type(value))
    _fill(packed, value)
    record: np.void = packed[0]
    return record


def _fill(packed: Any, value: Any) -> None:
    for name in value._fields:
        entry = getattr(value, name)
        if hasattr(entry, "_fields"):
            _fill(packed[name], entry)
        else:
            packed[name] = entry
