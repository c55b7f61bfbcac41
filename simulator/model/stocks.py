"""What a place holds: residents, patients in beds, volunteers, members of programmes, and work that waits for staff.

As the ledger checks every penny, each quarter of a run checks that what was there at its start and came less what went
is there at its end. Stocks are counted in the state of the place, flows where the events happen.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from simulator.agents.place_state import PlaceState
from simulator.errors import StockError
from simulator.foundations.categories import ROLES
from simulator.foundations.measures import INDEX
from simulator.kernels.workspace import BEDS, CAME, I64, PLACES, VOLUNTEERS, WENT
from simulator.rules.programmes import ENROLLED

_ROUNDING: Final = 1e-6
"""Largest difference of hours from rounding, as a share of the hours that came, and of one hour."""


class Stocks:
    """The stocks at the start of the present quarter."""

    def __init__(self, model: PlaceState) -> None:
        self._people = people_in(model)
        self._backlog = model.staff["backlog"].copy()
        self._began = model.week

    def close(self, model: PlaceState) -> None:
        """Check the quarter that ends this week, and begin the next. Raises StockError."""
        quarter, flows = model.quarter, model.workspace.flows
        held = people_in(model)
        names = [*_NAMES, *(f"members of {plan.name}" for plan in model.spec.programmes)]
        for name, opening, (came, went), there in zip(names, self._people, flows[:, (CAME, WENT)], held, strict=False):
            if opening + came - went != there:
                raise StockError(
                    f"quarter {quarter}: {opening} {name} and {came} who came, less {went} who went, are not the "
                    f"{there} there are"
                )
        self._residents(model)
        self._hours(model)
        flows[:] = 0
        self._people, self._backlog, self._began = held, model.staff["backlog"].copy(), model.week + 1

    def _residents(self, model: PlaceState) -> None:
        """Every place on the list is someone's in every week."""
        people, weeks = len(model.columns.berth), model.week + 1 - self._began
        counted = int(model.workspace.counts[:, INDEX["resident_weeks"]].sum())
        berths, taken = model.columns.berth, np.zeros(people, np.bool_)
        taken[berths[berths < people]] = True  # faster than sorting them
        if counted != people * weeks:
            raise StockError(
                f"quarter {model.quarter}: {people} residents for {weeks} weeks are not {counted} person-weeks"
            )
        if not taken.all():
            empty = people - int(taken.sum())
            raise StockError(f"quarter {model.quarter}: {empty} of the {people} berths, one for each, have no resident")

    def _hours(self, model: PlaceState) -> None:
        """Work that waited or was asked for is done, given up or waits; no one does more than the hours there are."""
        for role, one in enumerate(model.staff):
            asked, done, lapsed = (float(one[f"{name}_of_quarter"]) for name in ("asked", "done", "lapsed"))
            opening, closing, hours = self._backlog[role], float(one["backlog"]), float(one["hours_of_quarter"])
            allowed = _ROUNDING * (1.0 + opening + asked)
            if abs(opening + asked - done - lapsed - closing) > allowed:
                raise StockError(
                    f"{ROLES[role]}, quarter {model.quarter}: {opening:g} hours of work waited and {asked:g} were "
                    f"asked for; less {done:g} done and {lapsed:g} given up, these are not the {closing:g} that wait"
                )
            if done > hours + allowed:
                raise StockError(f"{ROLES[role]}, quarter {model.quarter}: {done:g} hours of work in {hours:g} hours")


_NAMES: Final = ("patients in beds", "volunteers")
"""The first stocks, in the order of the rows of ``Workspace.flows``; members of programmes follow."""


def people_in(model: PlaceState) -> I64:
    """People in beds, volunteering and in each programme, counted in the state of the residents, shape (2 + P,)."""
    columns, held = model.columns, np.zeros(len(model.workspace.flows), np.int64)
    held[BEDS] = np.count_nonzero(columns.days_in_hospital)
    held[VOLUNTEERS] = np.count_nonzero(columns.volunteer)
    enrolled = np.nonzero(columns.programme_status == ENROLLED)[1]  # few, so that listing them is fastest
    held[PLACES:] = np.bincount(enrolled, minlength=len(held) - PLACES)
    return held
