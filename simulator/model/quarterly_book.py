"""Results of a run recorded quarter by quarter."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simulator.agents.place_state import PlaceState
from simulator.agents.recruiting import VolunteerPool
from simulator.agents.volunteers import volunteers_of
from simulator.events.census import take_census
from simulator.foundations.categories import QUARTERS_REMEMBERED
from simulator.foundations.measures import MILLIONTHS
from simulator.results.results import (
    PROGRAMME_COLUMNS,
    SERVICE_COLUMNS,
    VOLUNTEER_COLUMNS,
    RunFrames,
    ServiceRow,
    parameter_values,
)


class QuarterBook:
    """For each quarter: measures by cell; each programme's money, units and clients; and each role's work."""

    def __init__(self) -> None:
        self.cells: list[NDArray[np.int64]] = []
        self.programmes: list[tuple[int, str, str, str, int, float, int, int, int, int]] = []
        self.volunteers: list[tuple[int | str | float, ...]] = []
        self.services: list[ServiceRow] = []

    def close_quarter(self, model: PlaceState) -> None:
        """Record the quarter that ends this week; quarters of the warm-up are discarded."""
        workspace = model.workspace
        if model.elapsed >= 0:
            take_census(model.columns, model.rates.wider.trusted_adult_strength, workspace.counts)
            self.cells.append(workspace.counts.copy())
            self._programmes(model)
            self._volunteers(model)
            self.services += [row for service in model.services for row in service.quarter(model.quarter)]
        else:
            workspace.task_counts[:] = 0
        workspace.counts[:] = 0
        workspace.taking_part[:] = 0
        # The oldest quarter of each resident's admissions makes room for the next one.
        model.columns.admissions_by_quarter[:, (model.now.quarter_slot + 1) % QUARTERS_REMEMBERED] = 0

    def _programmes(self, model: PlaceState) -> None:
        for programme in model.programmes:
            units = programme.units(model.elapsed)
            clients = int(model.workspace.members[programme.index])
            member_weeks, offers, engagements = map(int, model.workspace.taking_part[programme.index])
            served = (units, clients, member_weeks, offers, engagements)
            for (quarter, source, payer), pence in sorted(programme.booked.items()):
                if quarter == model.quarter:
                    self.programmes.append((quarter, programme.name, source, payer, pence, *served))

    def _volunteers(self, model: PlaceState) -> None:
        if not model.volunteering.tallies:
            return
        willing = VolunteerPool(model).size()
        for programme, tally in sorted(model.volunteering.tallies.items()):
            there = len(volunteers_of(model, programme))
            hours, care = tally.hours / MILLIONTHS, tally.care_hours / MILLIONTHS
            strain = tally.strain // max(1, tally.weeks)
            counted = (tally.weeks, hours, care, strain, tally.asked, tally.said_yes, tally.left, willing)
            self.volunteers.append((model.quarter, model.spec.programmes[programme].name, there, *counted))
        model.volunteering.tallies.clear()

    def frames(self, model: PlaceState) -> RunFrames:
        """Results of the run. An incomplete last quarter was closed in the last week."""
        return RunFrames(
            cells=np.stack(self.cells),
            ledger=model.ledger.frame(),
            programmes=pd.DataFrame(self.programmes, columns=list(PROGRAMME_COLUMNS)),
            parameters={**parameter_values(model.rates, model.spec.evidence), **_programme_values(model)},
            services=pd.DataFrame(self.services, columns=list(SERVICE_COLUMNS)),
            volunteers=pd.DataFrame(self.volunteers, columns=list(VOLUNTEER_COLUMNS)),
        )


def _programme_values(model: PlaceState) -> dict[str, float]:
    """Every number of the run's programmes at full fidelity, by path such as ``programme.talking_cafes.lag``."""
    pairs = zip(model.spec.programmes, model.spec.programme_draws(model.parameter_draw), strict=True)
    return {plan.path(name): number for plan, numbers in pairs for name, number in numbers.items()}
