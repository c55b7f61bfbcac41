"""Conversion of published age bands to the nine bands of the model.

A published band is divided into single years by national numbers (uniform within a national five-year band), and the
years are added up to the model's bands. So 16-24 is converted exactly, and 75+ is divided between 75-84 and 85+ as in
England.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from simulator.foundations.categories import AGE_BAND_STARTS, AGE_BANDS, OLDEST_AGE
from simulator.foundations.input_files import InvalidValue

_BAND: Final = re.compile(r"(\d{1,3})(?:-(\d{1,3})|\+)")
_BAND_OF_YEAR: Final = tuple(sum(year >= start for start in AGE_BAND_STARTS[1:]) for year in range(OLDEST_AGE))
"""Position of the model's age band for each single year of age."""


def years_of(band: str) -> range:
    """Single years of age in a published band; an open band ends at 99.

    >>> years_of("16-24"), years_of("90+")
    (range(16, 25), range(90, 100))
    """
    found = _BAND.fullmatch(band.strip())
    if not found:
        raise InvalidValue(f"{band!r} is not an age band", "Write an age band as '16-24' or '85+'")
    first = int(found[1])
    last = int(found[2]) if found[2] else OLDEST_AGE - 1
    if not first <= last < OLDEST_AGE:
        raise InvalidValue(
            f"the age band {band!r} contains no ages below {OLDEST_AGE}", "Write an age band as '16-24' or '85+'"
        )
    return range(first, last + 1)


def check_tiling(bands: Iterable[str], first: int) -> None:
    """Raise InvalidValue unless the bands cover every age from ``first`` on exactly once."""
    ranges = sorted((years_of(band) for band in bands), key=lambda years: years.start)
    edges = [(first, "the bands begin"), *((years.stop, f"a band ends before {years.stop}") for years in ranges)]
    starts = [*(years.start for years in ranges), OLDEST_AGE]
    for (expected, edge), start in zip(edges, starts, strict=True):
        if start > expected:
            open_end = f"ages from {expected} on are in no band"
            gap = f"ages {expected} to {start - 1} are in no band"
            raise InvalidValue(
                open_end if start == OLDEST_AGE else gap, f"Give bands that cover every age from {first} on"
            )
        if start < expected:
            double = edge != "the bands begin"
            wrong = f"age {start} is in more than one band" if double else f"age {start} is below {first}"
            raise InvalidValue(wrong, f"Give bands that cover every age from {first} on, each only once")


def single_years(counts: Mapping[str, float], weights: Sequence[float]) -> list[float]:
    """Residents by single year of age, 100 numbers: each band is divided in proportion to ``weights``."""
    years = [0.0] * OLDEST_AGE
    for band, count in counts.items():
        inside = years_of(band)
        total = math.fsum(weights[year] for year in inside)
        for year in inside:
            years[year] += count * weights[year] / total
    return years


def even_years(counts: Mapping[str, float]) -> list[float]:
    """Residents by single year of age, uniform within each band, as for national numbers."""
    return single_years(counts, [1.0] * OLDEST_AGE)


def model_bands(years: Sequence[float]) -> tuple[float, ...]:
    """Sums of single years by the model's nine bands."""
    sums = [0.0] * len(AGE_BANDS)
    for year, count in enumerate(years):
        sums[_BAND_OF_YEAR[year]] += count
    return tuple(sums)


def mean_by_model_band(shares: Mapping[str, float], weights: Sequence[float]) -> tuple[float, ...]:
    """Means over the nine bands of shares by published band; ages in no band count as 0."""
    by_year = [0.0] * OLDEST_AGE
    for band, share in shares.items():
        for year in years_of(band):
            by_year[year] = share
    totals = model_bands(weights)
    sums = model_bands([share * weight for share, weight in zip(by_year, weights, strict=True)])
    return tuple(part / total for part, total in zip(sums, totals, strict=True))


def decline_per_year(counts: Mapping[str, float], band: str, next_band: str) -> float:
    """Yearly rate at which numbers decline with age, from a closed band and the open band above it.

    At rate r, the share exp(-r width) of people above the band's start is beyond its end.

    >>> round(decline_per_year({"85-89": 632.12, "90+": 367.88}, "85-89", "90+"), 4)
    0.2
    """
    beyond = counts[next_band] / (counts[band] + counts[next_band])
    return -math.log(beyond) / len(years_of(band))
