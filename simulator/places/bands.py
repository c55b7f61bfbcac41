"""Age bands as they are published, turned into the nine bands of the model.

A published band is cut into single years by national numbers (even within a national five-year band), and the years
are added up to the model's bands. So 16-24 meets 16-24 exactly, and 75+ is shared out between 75-84 and 85+ as in
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
"""Position of the model's band of each single year of age."""


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
            f"the age band {band!r} holds no ages below {OLDEST_AGE}", "Write an age band as '16-24' or '85+'"
        )
    return range(first, last + 1)


def check_tiling(bands: Iterable[str], first: int) -> None:
    """Raise Misfit unless the bands cover every age from ``first`` on, each once."""
    ranges = sorted((years_of(band) for band in bands), key=lambda years: years.start)
    edges = [(first, "the bands begin"), *((years.stop, f"a band ends before {years.stop}") for years in ranges)]
    starts = [*(years.start for years in ranges), OLDEST_AGE]
    for (expected, told), start in zip(edges, starts, strict=True):
        if start > expected:
            open_end = f"ages from {expected} on are in no band"
            gap = f"ages {expected} to {start - 1} are in no band"
            raise InvalidValue(
                open_end if start == OLDEST_AGE else gap, f"Give bands that cover every age from {first} on"
            )
        if start < expected:
            wrong = f"age {start} is in more than one band" if told != "the bands begin" else f"age {start} is given"
            raise InvalidValue(wrong, f"Give bands that cover every age from {first} on, each once")


def single_years(counts: Mapping[str, float], weights: Sequence[float]) -> list[float]:
    """Residents by single year of age, 100 numbers: each band shared out in proportion to ``weights``."""
    years = [0.0] * OLDEST_AGE
    for band, count in counts.items():
        inside = years_of(band)
        total = sum(weights[year] for year in inside)
        for year in inside:
            years[year] += count * weights[year] / total
    return years


def even_years(counts: Mapping[str, float]) -> list[float]:
    """Residents by single year of age, even within each band: how national numbers are cut."""
    return single_years(counts, [1.0] * OLDEST_AGE)


def model_bands(years: Sequence[float]) -> tuple[float, ...]:
    """Single years added up to the nine bands."""
    sums = [0.0] * len(AGE_BANDS)
    for year, count in enumerate(years):
        sums[_BAND_OF_YEAR[year]] += count
    return tuple(sums)


def mean_by_model_band(shares: Mapping[str, float], weights: Sequence[float]) -> tuple[float, ...]:
    """Shares given by published band as means over the nine bands; ages in no band count as 0."""
    by_year = [0.0] * OLDEST_AGE
    for band, share in shares.items():
        for year in years_of(band):
            by_year[year] = share
    totals = model_bands(weights)
    sums = model_bands([share * weight for share, weight in zip(by_year, weights, strict=True)])
    return tuple(part / total for part, total in zip(sums, totals, strict=True))


def decline_per_year(counts: Mapping[str, float], band: str, next_band: str) -> float:
    """Yearly rate at which numbers fall with age, from a closed band and the open one above it.

    Numbers falling at rate r leave the share exp(-r width) of everyone above the band's start beyond its end.

    >>> round(decline_per_year({"85-89": 632.12, "90+": 367.88}, "85-89", "90+"), 4)
    0.2
    """
    beyond = counts[next_band] / (counts[band] + counts[next_band])
    return -math.log(beyond) / len(years_of(band))
