"""Services: agents that answer contacts, have limited capacity and release staff time through automation."""

from __future__ import annotations

from typing import Final, NamedTuple

import mesa
import numpy as np

from simulator.agents.ledger import Release
from simulator.agents.place_state import PlaceState
from simulator.agents.staff import Staff
from simulator.agents.workload import UsualWork, usual_work
from simulator.events.service_week import LEAST, give_access
from simulator.evidence.parameters import Rates, Table
from simulator.foundations import categories as c
from simulator.foundations.categories import (
    CONSULTATION,
    PAYERS,
    SERVICE_PAYERS,
    SERVICES,
    TASK_SERVICE,
    WEEKS_PER_QUARTER,
)
from simulator.kernels.workspace import FROM_LIST, I64, ROUTINE, URGENT
from simulator.results.results import ServiceRow
from simulator.rules import care, offset, practice_queue, staffing
from simulator.rules.ties import weekly_keep
from simulator.specification.spec import Automation
from simulator.specification.task_rates import task_rates


class Service(mesa.Agent):
    """A service with its tasks, their weekly automation and the value this releases in a quarter."""

    def __init__(self, model: PlaceState, index: int) -> None:
        super().__init__(model)
        self.index = index
        self.name = SERVICES[index]
        self.payer = PAYERS.index(SERVICE_PAYERS[index])
        self.tasks = tuple(task for task, service in enumerate(c.ALL_TASK_SERVICE) if service == index)
        self.automation = tuple(plan for plan in model.spec.automation if plan.task in self.tasks)
        self.task_rates = {plan.task: task_rates(model.rates, plan.task) for plan in self.automation}
        self.roles = tuple(role for role, service in enumerate(c.ROLE_SERVICE) if service == index)
        self.staff = tuple(
            Staff(role, model.rates.staffing, model.staff.view(np.recarray)[role]) for role in self.roles
        )
        self._freed: dict[int, Freed] = {}

    @property
    def skill(self) -> float:
        """Relational skill [0, 1]."""
        return float(self.model.service_numbers["skill"][0, self.index])

    def begin(self, usual: UsualWork) -> None:
        """Staff each role for its ``usual`` work at its usual utilisation."""
        rates = self.model.rates.staffing
        for one in self.staff:
            load = max(LEAST, float(rates.usual_utilisation[one.role]))
            one.begin(float(usual.roles[one.role]) / load, load)

    def learn(self) -> None:
        """A week's change of skill, if staff were trained; skill gained in training is lost with staff who leave."""
        rates, numbers = self.model.rates.staffing, self.model.service_numbers[0]
        if numbers["trained"][self.index] == 0.0:
            return
        usual, left = float(rates.usual_skill[self.index]), float(numbers["left"][self.index])
        learnt = staffing.gap_closed_by_training(float(numbers["trained"][self.index]), rates.training_half)
        keep = weekly_keep(rates.skill_half_life)
        numbers["skill"][self.index] = staffing.skill_after(self.skill, usual, keep, left, learnt)

    def quarter(self, quarter: int) -> list[ServiceRow]:
        """The quarter's row for each role, for the table of services."""
        return [staff.row(quarter, self.skill) for staff in self.staff]

    def level(self, plan: Automation, week: int) -> float:
        """Share of the planned task's contacts that is automated in ``week`` of the scenario.

        Limited by the automation ceiling, which may be drawn below the plan; 0 if channel access is switched off.
        """
        if "access" not in self.model.spec.channels:
            return 0.0
        share = min(plan.share, self.task_rates[plan.task].ceiling)
        return offset.automation_level(week, share, plan.from_week, plan.ramp_weeks)

    def withdraw_hours(self, left: int) -> None:
        """Withdraw from staff, for the next quarter, the hours whose cost has ``left`` the service [pence].

        They are divided over roles by what their tasks released and spent on technology. The other freed hours are
        absorbed; of these, those not used (`staffing.absorbed_time_used`) are withdrawn as well.
        """
        idle = 1.0 - self.model.rates.staffing.absorbed_time_used
        leaving = sum(freed.leaving for freed in self._freed.values())
        by_role = {one.role: one for one in self.staff}
        for one in self.staff:
            one.withdrawn = 0.0
        for role, freed in self._freed.items():
            cost = freed.pounds / freed.hours if freed.hours > 0.0 else 0.0
            gone = int(left * freed.leaving / leaving) if leaving > 0.0 else 0
            unused = int(max(0.0, offset.whole_pence(freed.pounds) - gone) * idle)
            by_role[role].withdrawn = offset.hours_withdrawn(gone + unused, WEEKS_PER_QUARTER, cost)

    def release(self, attempts: Table, quarter: int, people: int) -> Release:
        """Value that automation released in a quarter.

        ``attempts``, shape (all tasks, 2), are the units of each task that were automated and those of them that came
        back to staff; ``people`` are on the list.
        """
        rates = self.model.rates
        first = quarter * WEEKS_PER_QUARTER
        end = min(first + WEEKS_PER_QUARTER, self.model.spec.weeks)
        automated = rework = technology = 0
        movable = gains = 0.0
        self._freed = {}
        for plan in self.automation:
            one = self.task_rates[plan.task]
            weeks = sum(self.level(plan, week) > 0.0 for week in range(first, end))
            units, returned = attempts[plan.task].tolist()
            freed = offset.automated_value(units, one.minutes, one.hourly_cost, one.realisation)
            back = offset.rework_cost(returned, one.minutes, one.rework_minutes, one.hourly_cost, one.realisation)
            price = offset.technology_cost(units, one.technology_each, one.technology_yearly, people, weeks)
            gain = max(0.0, freed - back - price)
            gains += gain
            movable += gain * one.redeployable
            leaving = gain * one.redeployable + min(price, max(0.0, freed - back))
            role = c.ALL_TASK_ROLE[plan.task]
            before = self._freed.get(role, Freed(0.0, 0.0, 0.0))
            self._freed[role] = before.plus(leaving, max(0.0, freed - back), one.hourly_cost)
            automated += offset.whole_pence(freed)
            rework += offset.whole_pence(back)
            technology += offset.whole_pence(price)
        return Release(
            automated=automated,
            rework=rework,
            technology=technology,
            redeployable_share=offset.blended_share(movable, gains),
            backlog_share=rates.contacts.backlog_share,
            reinvest_share=self.model.spec.reinvest_share,
        )


class Freed(NamedTuple):
    """Staff time of one role that automation freed in a quarter, rework deducted."""

    leaving: float  # pounds that pay for technology or can leave
    pounds: float  # all of it
    hours: float  # all of it

    def plus(self, leaving: float, pounds: float, hourly_cost: float) -> Freed:
        """With another task's ``pounds``, of which ``leaving`` can leave."""
        hours = pounds / hourly_cost if hourly_cost > 0.0 else 0.0
        return Freed(self.leaving + leaving, self.pounds + pounds, self.hours + hours)


_EACH_AT_MOST: Final = 3
"""Consultations that one resident can have in a week: an urgent one, one booked before, and one asked for now."""


class Answers(NamedTuple):
    """The practice's answers to this week's requests, as probabilities; fields as in `workspace.WeekInputs`."""

    urgent_seen: float = 1.0
    routine_seen: float = 1.0
    booked_seen: float = 1.0
    turned_away: float = 0.0


class Practice(Service):
    """The GP practice: a service with a limited number of appointments and a waiting list."""

    def __init__(self, model: PlaceState, index: int) -> None:
        super().__init__(model, index)
        self.waiting = 0  # people on the list
        self.asking = self.urgent = 0.0  # expected this week: requests that are not turned away; urgent ones seen
        self.hours_per_appointment = float(model.rates.contacts.minutes_per_contact[CONSULTATION]) / c.MINUTES_PER_HOUR

    def begin(self, usual: UsualWork) -> None:
        """Staff the practice; a place may have more or fewer clinicians for its work than is usual."""
        super().begin(usual)
        staff, ratio = self.staff[0], self.model.spec.place.gp_appointments_ratio
        self.waiting = int((self.model.columns.gp_request == practice_queue.BOOKED).sum())
        work = staff.hours * staff.usual_load
        self.asking = work / self.hours_per_appointment if self.hours_per_appointment > 0.0 else 0.0
        self.urgent = 0.0
        staff.begin(staff.hours * ratio, staff.usual_load / ratio)

    @property
    def appointments(self) -> float:
        """Appointments available next week, from clinicians' hours this week, including those bought."""
        if self.staff[0].hours <= 0.0:
            return float(_EACH_AT_MOST * len(self.model.columns.berth))  # what takes no time is never short
        return self.staff[0].capacity / self.hours_per_appointment

    def plan(self) -> Answers:
        """What is known as the week begins: how many are turned away, and who is seen from the waiting list."""
        rates, appointments = self.model.rates.care, self.appointments
        turned_away = practice_queue.turned_away_probability(self.waiting, appointments, rates.turned_away_by_list)
        left = appointments - self.urgent
        seen = practice_queue.booked_seen_probability(left, self.asking, self.waiting, rates.booked_share)
        return Answers(1.0, 1.0, seen, turned_away)

    def serve(self, requests: I64, planned: Answers) -> Answers:
        """Answer this week's requests: urgent ones first, then those asked now; others were seen from the list."""
        rates, appointments = self.model.rates.care, self.appointments
        urgent = int(requests[URGENT])
        urgent_seen = care.urgent_seen_probability(appointments, rates.urgent_share, urgent)
        self.urgent = urgent * urgent_seen
        self.asking = int(requests[ROUTINE]) * (1.0 - planned.turned_away)
        left = appointments - self.urgent - int(requests[FROM_LIST])
        now = practice_queue.routine_seen_probability(left, self.asking)
        return planned._replace(urgent_seen=urgent_seen, routine_seen=now)


def build_services(model: PlaceState) -> tuple[Service, ...]:
    """One agent per service."""
    practice = TASK_SERVICE[CONSULTATION]
    services = tuple(
        Practice(model, index) if index == practice else Service(model, index) for index in range(len(SERVICES))
    )
    begin_staffing(model, services)
    return services


def begin_staffing(model: PlaceState, services: tuple[Service, ...]) -> None:
    """Staff every service for the work expected from its residents in their current state."""
    work = usual_work(model)
    for service in services:
        service.begin(work)


def access(model: PlaceState, waiting: int | None = None) -> None:
    """Write to this week's numbers the access to services, given the state of staff and who is ``waiting`` [people].

    These wait to be assessed for social care; None in the warm-up, in which the waiting list is in balance.
    """
    people = -1 if waiting is None else waiting
    give_access(model.staff, model.service_numbers, model.packed, people, model.packed_now)


class AutomationShares(NamedTuple):
    """The state of automation in a week, each of shape (all tasks,)."""

    levels: Table  # share of each task that is automated
    failing: Table  # failure relative to that at the start of its automation


def automation_shares(services: tuple[Service, ...], rates: Rates, week: int) -> AutomationShares:
    """The state of automation in ``week`` of the scenario; failure falls while a task is automated."""
    levels, failing = np.zeros(len(c.ALL_TASKS)), np.ones(len(c.ALL_TASKS))
    learnable, half_life = rates.contacts.failure_learnable, rates.contacts.failure_half_life
    for service in services:
        for plan in service.automation:
            levels[plan.task] = service.level(plan, week)
            failing[plan.task] = offset.failure_after_learning(max(0, week - plan.from_week), half_life, learnable)
    return AutomationShares(levels, failing)
