"""Helpers shared by agents and loops: the cell in which a resident is counted, and the form of counts."""

from __future__ import annotations

import numpy as np

from simulator.foundations import random_numbers as draws
from simulator.foundations.compiling import CACHE_LINE, helper, inlined, leaf, rule
from simulator.foundations.numba_code import fetch_ahead


@rule
def cell(age_band: int, deprivation: int, lonely: int) -> int:
    """Number of the cell in which a resident is counted.

    >>> cell(8, 4, 1)
    89
    """
    return (age_band * 5 + deprivation) * 2 + lonely


@helper
def cell_of(person):  # type: ignore[no-untyped-def]
    """Number of the cell in which this record of a resident is counted."""
    return cell(np.int64(person.age_band), np.int64(person.deprivation), np.int64(person.lonely))


@inlined
def tally(counts, here, measures, amounts):  # type: ignore[no-untyped-def]
    """Add ``amounts`` to these measures (columns) of a cell (row) of ``counts``."""
    for k in range(len(measures)):
        counts[here, measures[k]] += amounts[k]


@rule
def by_conditions(age_band: int, deprivation: int, conditions: int) -> int:
    """Index into a flattened (age band, deprivation, conditions) table.

    >>> by_conditions(8, 4, 3)
    179
    """
    return (age_band * 5 + deprivation) * 4 + conditions


@rule
def millionths(value: float) -> int:
    """A quantity in whole millionths, so that sums do not depend on their order.

    >>> millionths(0.25)
    250000
    """
    return int(value * 1e6)


@helper
def fetch(r, rows, lines):  # type: ignore[no-untyped-def]
    """Begin to fetch the first ``lines`` cache lines of the records of ``rows``, all at once instead of one by one."""
    for i in rows:
        for line in range(lines):
            fetch_ahead(r[i], line * CACHE_LINE)


@inlined
def key_of(now):  # type: ignore[no-untyped-def]
    """The two key words of this run's random numbers."""
    return np.uint32(np.uint64(now.seed) & np.uint64(0xFFFFFFFF)), np.uint32(np.uint64(now.seed) >> np.uint64(32))


@leaf
def _draw_words(berths, generations, streams, week, key, first, second, third, fourth):  # type: ignore[no-untyped-def]  # noqa: PLR0913 - a leaf takes each array by itself
    for q in range(berths.shape[0]):
        words = draws.philox(berths[q], generations[q], week, streams[q], key[0], key[1])
        first[q], second[q], third[q], fourth[q] = words


@helper
def draw_words_for(w, now, wanted, size):  # type: ignore[no-untyped-def]
    """This week's four random words (4, size) for the first ``size`` columns of ``wanted``: row and stream.

    The addresses are copied into compact arrays first, so that several can be drawn at once.
    """
    berths, generations, words = np.empty(size, np.uint32), np.empty(size, np.uint32), np.empty((4, size), np.uint32)
    for q in range(size):
        berths[q], generations[q] = w.berth[wanted[0, q]], w.generation[wanted[0, q]]
    week, key = np.uint32(now.week), key_of(now)
    _draw_words(berths, generations, wanted[1, :size], week, key, words[0], words[1], words[2], words[3])
    return words
