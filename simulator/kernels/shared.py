"""Small helpers that agents and loops share: where a resident counts, how a count is kept."""

from __future__ import annotations

import numpy as np

from simulator.compiling import helper, rule


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


@rule
def by_conditions(age_band: int, deprivation: int, conditions: int) -> int:
    """Index into a flattened (age band, deprivation, conditions) table.

    >>> by_conditions(8, 4, 3)
    179
    """
    return (age_band * 5 + deprivation) * 4 + conditions


@rule
def saturated_increment(value: int) -> int:
    """One more, up to 255.

    >>> saturated_increment(254), saturated_increment(255)
    (255, 255)
    """
    return value + 1 if value < 255 else 255


@rule
def millionths(value: float) -> int:
    """A quantity in whole millionths, so that sums do not depend on their order.

    >>> millionths(0.25)
    250000
    """
    return int(value * 1e6)
