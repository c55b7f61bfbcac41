"""Ranges of years of age such as ``20-37`` or ``67+``, and the part of each age band of the model within one."""

from __future__ import annotations

import re
from typing import Annotated, Final

import numpy as np
from pydantic import Field

from simulator.comparison.paired_statistics import Floats
from simulator.foundations.categories import AGE_BAND_STARTS, OLDEST_AGE
from simulator.foundations.input_files import InvalidValue

_RANGE: Final = re.compile(r"(\d+)(?:-(\d+)|\+)")
Ages = Annotated[str, Field(json_schema_extra={"pattern": _RANGE.pattern})]


def band_shares(ages: str | None) -> Floats:
    """Share of each age band of the model that lies within ``ages``, shape (9,).

    >>> band_shares("20-37").round(3).tolist()
    [0.0, 0.0, 0.556, 1.0, 0.2, 0.0, 0.0, 0.0, 0.0]
    >>> band_shares(None).tolist()
    [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0]
    """
    starts = np.array(AGE_BAND_STARTS, np.float64)
    ends = np.array([*AGE_BAND_STARTS[1:], OLDEST_AGE], np.float64)
    first, last = (0, OLDEST_AGE - 1) if ages is None else years_of_age(ages)
    overlap = np.minimum(ends, last + 1) - np.maximum(starts, first)
    return np.asarray(np.clip(overlap, 0.0, None) / (ends - starts), dtype=np.float64)


def years_of_age(ages: str) -> tuple[int, int]:
    """First and last year of age. Raises InvalidValue if the text is not a range of ages."""
    match = _RANGE.fullmatch(ages)
    if match is None:
        raise InvalidValue(f"'{ages}' is not a range of ages", "Write years of age such as '20-37' or '67+'")
    return int(match[1]), int(match[2]) if match[2] else OLDEST_AGE - 1
