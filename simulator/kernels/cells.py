"""Small helpers that agents and loops share: where a resident counts, how a count is kept."""

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
    """Add to these measures of a cell, or to these columns of another row of counts, an amount each."""
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
def _cast(who, week, keys, words):  # type: ignore[no-untyped-def]
    for q in range(words.shape[1]):
        a, b, c, d = draws.philox(who[0, q], who[1, q], week, who[2, q], keys[0], keys[1])
        words[0, q], words[1, q], words[2, q], words[3, q] = a, b, c, d


@helper
def cast_several(r, now, wanted, size):  # type: ignore[no-untyped-def]
    """This week's four random words (4, size) of each of the first ``size`` in ``eligibility_rules``, a row and a
    stream.

    What is read of the records is put side by side first: then several are drawn at once, and the processor waits for
    all the records together.
    """
    keys = (np.uint32(np.uint64(now.seed) & np.uint64(0xFFFFFFFF)), np.uint32(np.uint64(now.seed) >> np.uint64(32)))
    who, words = np.empty((3, size), np.uint32), np.empty((4, size), np.uint32)
    for q in range(size):
        person = r[wanted[0, q]]
        who[0, q], who[1, q], who[2, q] = person.berth, person.generation, wanted[1, q]
    _cast(who, np.uint32(now.week), keys, words)
    return words
