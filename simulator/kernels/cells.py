"""Helpers shared by agents and loops: the cell in which a resident is counted, and the form of counts."""

from __future__ import annotations

import numpy as np

from simulator.foundations import random_numbers as draws
from simulator.foundations.compiling import helper, inlined, rule


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
def _draw_words(addresses, week, keys, words):  # type: ignore[no-untyped-def]
    for q in range(words.shape[1]):
        a, b, c, d = draws.philox(addresses[0, q], addresses[1, q], week, addresses[2, q], keys[0], keys[1])
        words[0, q], words[1, q], words[2, q], words[3, q] = a, b, c, d


@helper
def draw_words_for(r, now, wanted, size):  # type: ignore[no-untyped-def]
    """This week's four random words (4, size) for the first ``size`` columns of ``wanted``: row and stream.

    The addresses are copied into compact arrays first, so that several can be drawn at once.
    """
    keys = (np.uint32(np.uint64(now.seed) & np.uint64(0xFFFFFFFF)), np.uint32(np.uint64(now.seed) >> np.uint64(32)))
    addresses, words = np.empty((3, size), np.uint32), np.empty((4, size), np.uint32)
    for q in range(size):
        person = r[wanted[0, q]]
        addresses[0, q], addresses[1, q], addresses[2, q] = person.berth, person.generation, wanted[1, q]
    _draw_words(addresses, np.uint32(now.week), keys, words)
    return words
