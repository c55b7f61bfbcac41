"""The Mesa model of a place, simulated week by week. ``WEEK`` alone defines the order of phases."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Any, Final, Literal, Protocol

import numpy as np

from simulator.agents import programmes
from simulator.agents.ledger import Ledger
from simulator.agents.place_state import PlaceState
from simulator.agents.programmes import Programme, buy
from simulator.agents.risks import risk_thresholds
from simulator.agents.services import Practice, Service, access, automation_shares, begin_staffing, build_services
from simulator.agents.staff import AddedStaff, added_by_scenario
from simulator.agents.volunteers import volunteer
from simulator.events.group_meetings import gather
from simulator.events.household_events import settle
from simulator.events.service_week import serve_week
from simulator.foundations import categories as c
from simulator.foundations.measures import MILLIONTHS
from simulator.kernels import passes as blocks
from simulator.kernels.live import plan_moves
from simulator.kernels.workspace import AUTOMATED, ON_LIST, RETURNED, Part, add_counters, parts_of
from simulator.model.quarterly_book import QuarterBook
from simulator.model.stocks import Stocks
from simulator.population.columns import Residents
from simulator.population.scores import scale_of
from simulator.population.ties import refresh_meetings
from simulator.residents.agent_set import PlaceAgentSet, ResidentSet
from simulator.residents.resident import Resident
from simulator.rules import illness, ties
from simulator.specification.entries import ControlArm
from simulator.specification.spec import Spec

WEEK: Final = (
    "live", "meet", "feel", "fall_ill", "ask", "get_care", "recover", "need_care", "take_part", "volunteer", "serve",
    "offset", "count",
)  # fmt: skip
"""The phases of a week, in order. Each reads only values written by earlier phases."""

Engine = Literal["columns", "agents"]
Replay = Mapping[tuple[int, str], int]
"""Amounts reinvested in another run [pence], by (quarter from 0, service)."""


class PlaceModel(PlaceState):
    """Residents, services, programmes and volunteers of one place, under one scenario and one seed.

    ``engine`` "columns" runs compiled loops, "agents" the readable `Resident` methods; both give bit-identical states.
    ``parameter_draw`` None uses the central evidence values. ``warmed_up`` are the columns of a population after the
    warm-up; they are modified, not copied. With a ``replay`` programmes receive the amounts reinvested in another run
    (`simulator.experiments.attribution`).
    """

    def __init__(
        self,
        spec: Spec,
        seed: int,
        *,
        engine: Engine = "columns",
        parameter_draw: int | None = None,
        warmed_up: Residents | None = None,
        replay: Replay | None = None,
    ) -> None:
        super().__init__(spec, seed, parameter_draw, warmed_up)
        self.replay = replay
        self._residents: dict[int, Resident] = {}
        self.services: tuple[Service, ...] = build_services(self)
        self.practice = next(service for service in self.services if isinstance(service, Practice))
        self.programmes = tuple(Programme(self, slot) for slot in range(len(spec.programmes)))
        self.ledger = Ledger()
        self.book = QuarterBook()
        self.reference_support = _mean_support_of_adults(self.columns)
        self.score_scale = scale_of(self.columns, self.rates)
        self.execution: Execution = ColumnExecution(self) if engine == "columns" else AgentExecution(self)
        self.change_week(seed=seed, programmes=len(self.programmes), **_control_of(spec.control_arm))
        self.begin_week()
        self.stocks = Stocks(self)

    @property
    def residents(self) -> ResidentSet:
        """The residents as an AgentSet that works on columns; agents are built when needed."""
        return ResidentSet.of(self)

    @property
    def agents(self) -> PlaceAgentSet:
        """All agents of the place: residents, services, programmes and volunteers."""
        return PlaceAgentSet(self)

    @property
    def agents_by_type(self) -> Mapping[type, Any]:
        """Agents by their class."""
        return self.agents.by_type()

    def resident(self, row: int) -> Resident:
        """The agent of one row, built when needed."""
        if row not in self._residents:
            self._residents[row] = Resident(self, row)
        return self._residents[row]

    def step(self) -> None:
        """Simulate one week."""
        if self.elapsed == 0:
            self.reference_support = _mean_support_of_adults(self.columns)
            self.score_scale = scale_of(self.columns, self.rates)
            begin_staffing(self, self.services)
        self.begin_week()
        for phase in WEEK:
            getattr(self, phase)()
        self.week += 1

    def use_threads(self, threads: int) -> None:
        """Let several threads share the loops of a model that has not begun; its state stays the same, bit for bit."""
        self.execution = ColumnExecution(self, threads)

    def run_model(self) -> None:
        """Simulate the warm-up and every week of the scenario."""
        while self.elapsed < self.spec.weeks:
            self.step()

    def live(self) -> None:
        """Residents age by a week, usual GPs may leave, housemates of those who wait for care are strained; births,
        deaths and moves.
        """
        if self.week % c.WEEKS_PER_YEAR == 0:
            plan_moves(self.records, self.packed, self.packed_now)
        self.execution.run("live")
        settle(self.records, self.workspace, self.packed, self.packed_now)

    def meet(self) -> None:
        """Every four weeks ties grow with contact or fade without it, and add up to support."""
        if self.week % c.MEETING_BLOCK == 0:
            self.execution.refresh_meetings(self.week // c.MEETING_BLOCK)
        self.execution.run("meet")

    def feel(self) -> None:
        """Every four weeks adults become lonely, stay so or recover."""
        self.execution.run("feel")

    def fall_ill(self) -> None:
        """Long-term conditions, transient risk and acute episodes are drawn."""
        self.execution.run("fall_ill")

    def ask(self) -> None:
        """Residents contact services, and the practice receives requests for appointments."""
        self.workspace.requests[:] = 0
        self.workspace.waiting[:] = 0  # those who ask for nothing end their week in the same pass
        self.execution.run("ask")
        self.change_week(**self.practice.serve(self.workspace.requests, self.answers)._asdict())

    def get_care(self) -> None:
        """Consultations, A&E attendances and admissions take place."""
        self.execution.run("get_care")

    def recover(self) -> None:
        """Hospital stays advance by a week, and patients whose stay is over are discharged."""
        self.execution.run("recover")

    def need_care(self) -> None:
        """Adults request social care, wait, are assessed, and receive home care or live in a care home."""
        self.execution.run("need_care")

    def take_part(self) -> None:
        """Residents are offered places in programmes, join, leave and meet each other."""
        if not (self.packed_now["still_open"].any() or self.workspace.members.any() or self.volunteers):
            return
        self.workspace.members[:] = 0
        self.workspace.eligible[:] = 0
        self.execution.run("take_part")
        programmes.note_members(self.workspace)
        gather(self.records, self.workspace, self.packed, self.packed_now)

    def volunteer(self) -> None:
        """Residents are asked to volunteer; volunteers start, give their hours and stop."""
        wants = programmes.volunteer_demands(self)
        if wants or self.volunteers:
            asks, leaving = programmes.asks_ratio(self, wants), programmes.volunteer_leaving_ratio(self, self.elapsed)
            volunteer(self, wants, asks, leaving)
            programmes.visit_clients(self, wants)
            programmes.converse(self, wants)

    def serve(self) -> None:
        """Staff do the week's work; backlog, overload, turnover and skill take effect from next week."""
        self.practice.waiting = int(self.workspace.requests[ON_LIST])
        if self.elapsed < 0:
            return
        shares = (share[len(c.TASKS) :] for share in self.automation)
        added = self.added_staff()
        serve_week(
            *(self.staff, self.service_numbers, self.workspace, self.packed, self.packed_now),
            (*shares, *added),
        )
        for service in self.services:
            service.learn()

    def added_staff(self) -> AddedStaff:
        """Additions to the services' staff this week, from the scenario and from programmes."""
        changes = self.spec.staffing if "access" in self.spec.channels else ()
        return programmes.staff_bought(self, added_by_scenario(changes, self.elapsed, self.rates.staffing))

    def offset(self) -> None:
        """At the end of a quarter, book the value automation released and pay programmes for the next quarter."""
        if self.elapsed < 0 or not self.ends_quarter:
            return
        contacts = self.workspace.task_counts[:, [AUTOMATED, RETURNED]]
        paperwork = self.service_numbers["paperwork"][0]
        attempts = np.concatenate([contacts, paperwork])
        for service in self.services:
            release = service.release(attempts, self.quarter, len(self.columns.berth))
            reinvested = self.ledger.close(self.quarter, service.index, release)
            saved = self.ledger.balance(self.quarter, service.index, "saved")
            service.withdraw_hours(release.technology + reinvested + saved)
            if self.replay is not None:
                reinvested = self.replay.get((self.quarter, service.name), 0)
            buy(self, reinvested, service.payer)
        self.workspace.task_counts[:] = 0
        paperwork[:] = 0.0

    def count(self) -> None:
        """Add the week to the measures; at the end of a quarter, check its stocks and record it. Raises StockError.

        What changes slowly is counted every four weeks and at the start, and stands for the weeks that follow.
        """
        counts, stock = self.workspace.counts, self.workspace.stock
        if ties.ends_step(self.week) or self.week == 0 or self.elapsed == 0:
            stock[:] = 0
            self.execution.run("count")
        counts += stock
        if self.ends_quarter:
            self.stocks.close(self)
            self.book.close_quarter(self)

    def _local_demand(self, week: int, trend_week: int) -> float:
        """Acute episodes of the place in this week of the scenario, relative to those expected of its residents."""
        ill = self.rates.illness
        passing, half_life = ill.starting_excess_passing, ill.starting_excess_half_life
        starting = self.spec.place.starting_admissions, ill.starting_excess_modelled
        return illness.local_demand(ill.local_demand_growth, trend_week) * illness.starting_excess(
            *starting, passing, half_life, week
        )

    def _waiting_for_assessment(self) -> int | None:
        """People who wait for an assessment of social care needs; None in the warm-up, when the list is in balance."""
        return None if self.elapsed < 0 else int(self.workspace.waiting[0])

    def begin_week(self) -> None:
        """Set the week's numbers, which services and programmes decide before the residents' phases."""
        self.answers = self.practice.plan()
        self.automation = automation_shares(self.services, self.rates, self.elapsed)
        if self.week % c.WEEKS_PER_QUARTER == 0:
            self.change_week(risk_at_least=risk_thresholds(self))
        elapsed = max(0, self.elapsed)
        trend_week = illness.trend_week(elapsed, self.rates.care.growth_years)
        self.change_week(
            week=self.week,
            elapsed=elapsed,
            trend_week=trend_week,
            quarter_slot=self.week // c.WEEKS_PER_QUARTER % c.QUARTERS_REMEMBERED,
            **self.answers._asdict(),
            reference_support=self.reference_support,
            score_centre=self.score_scale.centre,
            score_spread=self.score_scale.spread,
            local_demand=self._local_demand(elapsed, trend_week),
            levels=self.automation.levels[: len(c.TASKS)],
            failing=self.automation.failing[: len(c.TASKS)],
            continuity_gain=programmes.continuity_gains(self),
            **programmes.offers_and_places(self)._asdict(),
        )
        access(self, self._waiting_for_assessment())


def _control_of(arm: ControlArm) -> dict[str, Any]:
    """The control arm of a study as numbers of `WeekInputs`."""
    return {"control_programme": arm.programme, "control_share": arm.share, "control_takes_up": int(arm.takes_up)}


def _mean_support_of_adults(columns: Residents) -> float:
    """Mean support of adults, in whole millionths so that the order of residents does not matter."""
    adults = columns.age_band >= c.ADULT_BAND
    return int((columns.support[adults] * MILLIONTHS).astype(np.int64).sum()) / MILLIONTHS / max(1, int(adults.sum()))


PASSES: Final = {phases[-1]: run for phases, run in blocks.PASS_OF_PHASES.items() if run is not None}
"""Passes over the residents, by the last phase of each."""


class Execution(Protocol):
    """An engine that runs a phase for all residents."""

    def run(self, phase: str) -> None:
        """Run one phase for all residents."""

    def refresh_meetings(self, block: int) -> None:
        """Draw the weeks of this block of eight in which each tie meets."""


class ColumnExecution:
    """Compiled loops. Phases that use only a resident's own row run in one pass, when the last of them is due.

    With several ``threads`` each runs a pass over its part of the rows; counters are whole numbers, so that their sums
    are the same.
    """

    def __init__(self, model: PlaceModel, threads: int = 1) -> None:
        self.model = model
        self.parts = parts_of(model.workspace, threads)

    def run(self, phase: str) -> None:
        """Run the pass that ends with this phase; phases before the end of a pass wait for it."""
        model = self.model
        given = model.packed, model.packed_now
        due = blocks.BEFORE[phase](model.records, model.workspace, *given) if phase in blocks.BEFORE else True
        if phase in PASSES and due:
            self._over_rows(lambda part: PASSES[phase](model.records, part.workspace, *given, part.first, part.stop))
            for part in self.parts:
                add_counters(model.workspace, part)

    def refresh_meetings(self, block: int) -> None:
        """Draw the weeks of this block of eight in which each tie meets."""
        model = self.model
        self._over_rows(lambda part: refresh_meetings(model.records, model.seed, block, part.first, part.stop))

    def _over_rows(self, work: Callable[[Part], None]) -> None:
        """Do the work on every part at once; the last one here."""
        *others, last = self.parts
        tasks = [_threads(len(others)).submit(work, part) for part in others]
        work(last)
        for task in tasks:
            task.result()


@lru_cache(maxsize=1)
def _threads(number: int) -> ThreadPoolExecutor:
    """Threads beside the one that runs the model; they wait without taking processor time."""
    return ThreadPoolExecutor(number)


class AgentExecution:
    """Readable agents: each phase calls the method of that name of every `Resident`."""

    def __init__(self, model: PlaceModel) -> None:
        self.model = model

    def run(self, phase: str) -> None:
        """Call the phase's method of every resident."""
        self.model.residents.do(phase)

    def refresh_meetings(self, block: int) -> None:
        """Draw the weeks of this block of eight in which each tie meets."""
        refresh_meetings(self.model.records, self.model.seed, block, 0, len(self.model.records))
