"""Paperwork of the services: pieces expected in a week, and the hours they take."""

from __future__ import annotations

from typing import Final

import numpy as np

from simulator.evidence.parameters import Rates, Table
from simulator.foundations import categories as c
from simulator.specification.task_rates import Drivers

_DRIVERS: Final = list(c.PAPERWORK_DRIVER)


def pieces_of(rates: Rates, drivers: Drivers) -> Table:
    """Pieces of each task of paperwork in a week, shape (paperwork,), from the week's ``drivers``."""
    pieces: Table = np.array(drivers)[_DRIVERS] * rates.paperwork.volume
    return pieces


def hours_of(rates: Rates, pieces: Table) -> Table:
    """Hours that each task of paperwork takes if none of it is automated, shape (paperwork,)."""
    hours: Table = pieces * rates.paperwork.minutes / c.MINUTES_PER_HOUR
    return hours
