"""Paperwork of the services: pieces that come each week, what is automated and done again, and the hours it takes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

import numpy as np

from simulator.agents.place_state import PlaceState
from simulator.evidence.parameters import Rates, Table
from simulator.foundations import categories as c
from simulator.rules import offset
from simulator.specification.entries import Automation
from simulator.specification.task_rates import Drivers, task_rates

ATTEMPTS, AGAIN = range(2)
"""Columns of `PaperworkBook.quarter`."""
_ROLES: Final = np.array(c.ALL_TASK_ROLE[len(c.TASKS) :])
_DRIVERS: Final = list(c.PAPERWORK_DRIVER)


class PaperHours(NamedTuple):
    """Hours of a week by role, each of shape (roles,)."""

    taken: Table  # that paperwork takes
    freed: Table  # by which that is less than if none of it were automated; negative if failures take more


def pieces_of(rates: Rates, drivers: Drivers) -> Table:
    """Pieces of each task of paperwork in a week, shape (paperwork,), from the week's ``drivers``."""
    pieces: Table = np.array(drivers)[_DRIVERS] * rates.paperwork.volume
    return pieces


def hours_of(rates: Rates, pieces: Table) -> Table:
    """Hours that each task of paperwork takes if none of it is automated, shape (paperwork,)."""
    hours: Table = pieces * rates.paperwork.minutes / c.MINUTES_PER_HOUR
    return hours


class PaperworkBook:
    """Pieces of this quarter: attempts to automate them and those that staff did again, shape (paperwork, 2)."""

    def __init__(self, automation: Iterable[Automation] = ()) -> None:
        self.automated = tuple(plan.task - len(c.TASKS) for plan in automation if plan.task >= len(c.TASKS))
        self.quarter = np.zeros((len(c.PAPERWORK), 2))

    def week(self, model: PlaceState, drivers: Drivers, shares: tuple[Table, Table]) -> PaperHours:
        """A week's hours. ``shares`` are each task's share automated and its failure relative to the start.

        Both have the shape of `categories.ALL_TASKS`.
        """
        rates, contacts = model.rates, len(c.TASKS)
        pieces = pieces_of(rates, drivers)
        usual = hours_of(rates, pieces)
        taken: Table = np.asarray(np.bincount(_ROLES, usual, len(c.ROLES)), np.float64)
        freed = np.zeros(len(c.ROLES))
        levels, failing = (share[contacts:] for share in shares)
        for task in self.automated:
            one = task_rates(rates, contacts + task)
            attempts = float(pieces[task] * levels[task])
            again = attempts * float(rates.paperwork.failure_probability[task] * failing[task])
            self.quarter[task] += (attempts, again)
            by_staff = float(pieces[task]) - attempts + again
            minutes = offset.minutes_with_staff(by_staff, attempts, again, one.minutes, one.realisation)
            left = (minutes + again * one.rework_minutes) / c.MINUTES_PER_HOUR
            freed[_ROLES[task]] += float(usual[task]) - left
        taken -= freed
        return PaperHours(taken, freed)
