"""Rows part by part, for what NumPy works out of columns: its scratch stays small however many residents there are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

_PART: Final = 131_072


def parts_of(size: int) -> Iterator[slice]:
    """Rows 0 to ``size`` in parts.

    >>> list(parts_of(200_000))
    [slice(0, 131072, None), slice(131072, 200000, None)]
    """
    return (slice(start, min(size, start + _PART)) for start in range(0, size, _PART))
