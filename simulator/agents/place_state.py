"""State of a place that agents read and change, in a module that all of them can import."""

from __future__ import annotations

from typing import Any

import mesa
import numpy as np

from simulator.agents.volunteer_book import VolunteerBook
from simulator.events.service_week import STAFF, new_numbers
from simulator.evidence.parameters import Rates
from simulator.foundations import categories as c
from simulator.foundations.compiling import pack, unpack
from simulator.kernels.workspace import WeekInputs, Workspace, empty_week, new_workspace
from simulator.population.build import build_population
from simulator.population.columns import Residents, by_trait_of, records_of
from simulator.specification.lookup_tables import Parameters, build_tables
from simulator.specification.programme_packing import pack_programmes
from simulator.specification.spec import Spec


class PlaceState(mesa.Model):
    """State of one place in one run: its specification, rates and tables, residents as columns, and the week.

    ``columns``, ``records`` and ``by_trait`` share memory: arrays by trait, and a row per resident. ``staff`` (roles,)
    and ``service_numbers`` (1,) are records of `simulator.events.service_week`. ``services`` and ``programmes`` are the
    place's agents by number; ``volunteers`` are the current ones, in order of starting.
    ``warmed_up`` are the columns of a population after the warm-up; they are modified, not copied.
    """

    services: tuple[mesa.Agent, ...]
    programmes: tuple[mesa.Agent, ...]

    def __init__(self, spec: Spec, seed: int, parameter_draw: int | None, warmed_up: Residents | None) -> None:
        super().__init__(rng=seed)
        self.spec, self.seed, self.parameter_draw = spec, seed, parameter_draw
        self.rates: Rates = spec.rates(parameter_draw)
        if "volunteers" not in spec.channels:
            without = self.rates.loneliness._replace(giver_effect=0.0)
            self.rates = self.rates._replace(loneliness=without)
        self.tables = build_tables(self.rates)
        self.programme_numbers = spec.programme_numbers(parameter_draw)
        self.programme_table = pack_programmes(spec.programmes, self.programme_numbers, self.rates, spec.channels)
        self.packed = pack(Parameters(self.rates, self.tables, self.programme_table))
        built = warmed_up if warmed_up is not None else build_population(spec.place, self.rates, seed, self.tables)
        self.columns = built
        self.records, self.by_trait = records_of(self.columns), by_trait_of(self.columns)
        self.workspace: Workspace = new_workspace(self.columns)
        self.week = 0 if warmed_up is None else c.WARM_UP_WEEKS
        self.volunteers: list[mesa.Agent] = []
        self.volunteering = VolunteerBook()
        self.staff = np.zeros(len(c.ROLES), STAFF)
        on_paper = [plan.task - len(c.TASKS) for plan in spec.automation if plan.task >= len(c.TASKS)]
        self.service_numbers = pack(new_numbers(self.rates.staffing.usual_skill, on_paper))
        self.packed_now = pack(empty_week())
        self._now: WeekInputs | None = None

    @property
    def now(self) -> WeekInputs:
        """This week's scalars, for agents; the loops read ``packed_now``."""
        self._now = self._now or WeekInputs(*unpack(self.packed_now, WeekInputs._fields))
        return self._now

    def set_week(self, now: WeekInputs) -> None:
        """Set this week's scalars, for agents and for loops."""
        self.change_week(**now._asdict())

    def change_week(self, **numbers: Any) -> None:
        """Change some of this week's scalars."""
        for name, value in numbers.items():
            self.packed_now[name] = value
        self._now = None

    @property
    def elapsed(self) -> int:
        """Weeks since the scenario began; negative in the warm-up, which is not affected by the scenario or counted."""
        return self.week - c.WARM_UP_WEEKS

    @property
    def quarter(self) -> int:
        """Quarter of the scenario, from 0."""
        return self.elapsed // c.WEEKS_PER_QUARTER

    @property
    def ends_quarter(self) -> bool:
        """Whether this week is the last of a quarter, or of a scenario that ends within one."""
        return (self.week + 1) % c.WEEKS_PER_QUARTER == 0 or self.elapsed + 1 == self.spec.weeks
