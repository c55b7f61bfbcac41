"""Services: agents that answer contacts, have limited capacity and release staff time through automation."""

from __future__ import annotations

from typing import Final, NamedTuple

import mesa
import numpy as np

from simulator.agents.ledger import Release
from simulator.agents.place_state import PlaceState
from simulator.agents.staff import LEAST, AddedStaff, Staff
from simulator.agents.workload import usual_work
from simulator.evidence.parameters import Contacts, Rates, Table
from simulator.foundations import categories as c
from simulator.foundations.categories import (
    CONSULTATION,
    PAYERS,
    SERVICE_PAYERS,
    SERVICES,
    TASK_SERVICE,
    WEEKS_PER_QUARTER,
)
from simulator.kernels.workspace import AUTOMATED, FROM_LIST, I64, RETURNED, ROUTINE, URGENT
from simulator.results.results import ServiceRow
from simulator.rules import care, offset, practice_queue, social_care, staffing
from simulator.rules.ties import weekly_keep
from simulator.specification.spec import Automation


class Service(mesa.Agent):
    """A service with its tasks, their weekly automation and the value this releases in a quarter."""

    def __init__(self, model: PlaceState, index: int) -> None:
        super().__init__(model)
        self.index = index
        self.name = SERVICES[index]
        self.payer = PAYERS.index(SERVICE_PAYERS[index])
        self.tasks = tuple(task for task, service in enumerate(TASK_SERVICE) if service == index)
        self.automation = tuple(plan for plan in model.spec.automation if plan.task in self.tasks)
        self.roles = tuple(role for role, service in enumerate(c.ROLE_SERVICE) if service == index)
        self.skill = float(model.rates.staffing.usual_skill[index])
        self.staff: tuple[Staff, ...] = ()
        self._leaving: dict[int, tuple[float, float]] = {}
        self.withdrawn_hours: dict[int, float] = {}

    def begin(self, usual_work: Table) -> None:
        """Staff each role for ``usual_work`` [hours per week], shape (roles,), at its usual utilisation."""
        rates = self.model.rates.staffing
        usual = {role: max(LEAST, float(rates.usual_utilisation[role])) for role in self.roles}
        self.staff = tuple(Staff(role, rates, float(usual_work[role]) / usual[role], usual[role]) for role in usual)

    def work_week(self, work: Table, added: AddedStaff) -> None:
        """Simulate a week with new ``work`` [hours] for each role, shape (roles,), and staff ``added``.

        Skill gained in training is lost with staff who leave.
        """
        rates = self.model.rates.staffing
        usual = float(rates.usual_skill[self.index])
        for staff in self.staff:
            extra = float(added.hours[staff.role]) - self.withdrawn_hours.get(staff.role, 0.0)
            staff.week(float(work[staff.role]), extra, int(added.pence[staff.role]))
        hours = sum(staff.hours * staff.in_post for staff in self.staff)
        left = learnt = 0.0
        if hours > 0.0:
            left = sum(staff.left * staff.hours * staff.in_post for staff in self.staff) / hours
            training = sum(float(added.training[role]) for role in self.roles) * rates.whole_time_hours / hours
            learnt = staffing.gap_closed_by_training(training, rates.training_half)
        self.skill = staffing.skill_after(self.skill, usual, weekly_keep(rates.skill_half_life), left, learnt)

    def quarter(self, quarter: int) -> list[ServiceRow]:
        """The quarter's row for each role, for the table of services."""
        return [staff.row(quarter, self.skill) for staff in self.staff]

    def level(self, plan: Automation, week: int) -> float:
        """Share of the planned task's contacts that is automated in ``week`` of the scenario.

        Limited by the automation ceiling, which may be drawn below the plan; 0 if channel access is switched off.
        """
        if "access" not in self.model.spec.channels:
            return 0.0
        share = min(plan.share, float(self.model.rates.contacts.automation_ceiling[plan.task]))
        return offset.automation_level(week, share, plan.from_week, plan.ramp_weeks)

    def withdraw_hours(self, pence: int) -> None:
        """Withdraw from staff, for the next quarter, the hours whose cost has left the service.

        ``pence`` is the amount reinvested and saved, divided over roles by what their tasks released.
        """
        movable = sum(pounds for pounds, _ in self._leaving.values())
        self.withdrawn_hours = {
            role: offset.hours_withdrawn(int(pence * pounds / movable), WEEKS_PER_QUARTER, pounds / hours)
            for role, (pounds, hours) in self._leaving.items()
            if hours > 0.0 and pence > 0
        }

    def release(self, rates: Contacts, task_counts: I64, quarter: int, people: int) -> Release:
        """Value that automation released in a quarter, from contacts by task (T, 5) and ``people`` on the list."""
        first = quarter * WEEKS_PER_QUARTER
        end = min(first + WEEKS_PER_QUARTER, self.model.spec.weeks)
        automated = rework = technology = 0
        movable = gains = 0.0
        self._leaving = {}
        for plan in self.automation:
            task = plan.task
            weeks = sum(self.level(plan, week) > 0.0 for week in range(first, end))
            contacts, returned = int(task_counts[task, AUTOMATED]), int(task_counts[task, RETURNED])
            minutes, cost = float(rates.minutes_per_contact[task]), float(rates.hourly_cost[task])
            freed = offset.automated_value(contacts, minutes, cost, rates.realisation_rate)
            returned_cost = offset.rework_cost(returned, minutes, float(rates.rework_minutes[task]), cost)
            price = offset.technology_cost(
                contacts,
                float(rates.technology_cost_per_contact[task]),
                float(rates.technology_cost_per_year[task]),
                people,
                weeks,
            )
            gain = max(0.0, freed - returned_cost - price)
            gains += gain
            leaves = gain * float(rates.redeployable_share[task])
            movable += leaves
            pounds, hours = self._leaving.get(c.TASK_ROLE[task], (0.0, 0.0))
            self._leaving[c.TASK_ROLE[task]] = pounds + leaves, hours + (leaves / cost if cost > 0.0 else 0.0)
            automated += offset.whole_pence(freed)
            rework += offset.whole_pence(returned_cost)
            technology += offset.whole_pence(price)
        return Release(
            automated=automated,
            rework=rework,
            technology=technology,
            redeployable_share=offset.blended_share(movable, gains),
            backlog_share=rates.backlog_share,
            reinvest_share=self.model.spec.reinvest_share,
        )


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

    def begin(self, usual_work: Table) -> None:
        """Staff the practice; a place may have more or fewer clinicians for its work than is usual."""
        super().begin(usual_work)
        usual, ratio = self.staff[0], self.model.spec.place.gp_appointments_ratio
        columns = self.model.columns
        self.waiting = int((columns.gp_request == practice_queue.BOOKED).sum())
        expected = float(usual_work[c.CLINICIAN])
        self.asking = expected / self.hours_per_appointment if self.hours_per_appointment > 0.0 else 0.0
        self.urgent = 0.0
        clinicians = Staff(c.CLINICIAN, self.model.rates.staffing, usual.hours * ratio, usual.usual_load / ratio)
        self.staff = (clinicians, *self.staff[1:])

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


class Access(NamedTuple):
    """Residents' access to services in the coming week; fields as in `workspace.WeekInputs`."""

    not_through: Table
    attempt_fails: Table
    skill: Table
    same_doctor: float
    wait_ratio: float
    assessed: float
    home_care_met: float


def access(services: tuple[Service, ...], rates: Rates) -> Access:
    """Residents' access to services next week, from the state of their staff."""
    staff = {one.role: one for service in services for one in service.staff}
    room, social = rates.staffing, rates.social_care
    not_through, skill = np.zeros(len(c.TASKS)), np.zeros(len(c.TASKS))
    for task, role in enumerate(c.TASK_ROLE):
        usual = float(rates.contacts.not_through_probability[task])
        not_through[task] = staffing.not_through(usual, staff[role].waiting, room.waiting_half)
        service = services[TASK_SERVICE[task]]
        skill[task] = staffing.skill_ratio(service.skill, float(room.usual_skill[service.index]), room.skill_weight)
    reception = staff[c.RECEPTIONIST]
    unanswered = staffing.not_through(0.0, reception.waiting, room.waiting_half)
    busier = reception.load / reception.usual_load if reception.usual_load > 0.0 else 1.0
    attempt_fails = np.array(
        [
            practice_queue.attempt_fails(float(usual), busier, rates.care.attempts_load_effect, unanswered)
            for usual in rates.care.attempt_fails
        ]
    )
    coordinators, carers, assessors = staff[c.DISCHARGE_COORDINATOR], staff[c.HOME_CARER], staff[c.ASSESSOR]
    waits = social_care.wait_ratio(coordinators.load, coordinators.usual_load, room.discharge_wait_effect)
    waits *= social_care.wait_ratio(carers.load, carers.usual_load, room.home_care_wait_effect)
    assessed = social_care.share_served(assessors.capacity, assessors.work) / max(1.0, social.assessment_weeks)
    return Access(
        not_through=not_through,
        attempt_fails=attempt_fails,
        skill=skill,
        same_doctor=min(1.0, rates.care.mean_continuity * staff[c.CLINICIAN].known),
        wait_ratio=waits,
        assessed=assessed,
        home_care_met=social_care.share_served(carers.capacity, carers.work),
    )


def automation_levels(services: tuple[Service, ...], week: int, tasks: int) -> np.ndarray:
    """Share of each task's contacts that is automated in ``week`` of the scenario, shape (tasks,)."""
    levels = np.zeros(tasks)
    for service in services:
        for plan in service.automation:
            levels[plan.task] = service.level(plan, week)
    return levels
