"""Services: agents that answer contacts, have limited capacity and release staff time through automation."""

from __future__ import annotations

from typing import Final, NamedTuple

import mesa
import numpy as np

from simulator.agents.ledger import Release
from simulator.agents.place_state import PlaceState
from simulator.agents.staff import LEAST, AddedStaff, Staff
from simulator.agents.workload import UsualWork, usual_work
from simulator.evidence.parameters import Rates, Staffing, Table
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
from simulator.rules import care, contacts, offset, practice_queue, social_care, staffing
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
        self.skill = float(model.rates.staffing.usual_skill[index])
        self.staff: tuple[Staff, ...] = ()
        self._freed: dict[int, Freed] = {}
        self.withdrawn_hours: dict[int, float] = {}

    def begin(self, usual: UsualWork) -> None:
        """Staff each role for its ``usual`` work at its usual utilisation."""
        rates, usual_work = self.model.rates.staffing, usual.roles
        loads = {role: max(LEAST, float(rates.usual_utilisation[role])) for role in self.roles}
        self.staff = tuple(Staff(role, rates, float(usual_work[role]) / loads[role], loads[role]) for role in loads)

    def work_week(self, work: Table, added: AddedStaff, freed: Table) -> None:
        """Simulate a week with new ``work`` [hours] for each role, shape (roles,), and staff ``added``.

        ``freed`` [hours], shape (roles,), is by how much automation has made paperwork beside that work less. Skill
        gained in training is lost with staff who leave.
        """
        rates = self.model.rates.staffing
        usual = float(rates.usual_skill[self.index])
        hours = left = training = learnt = 0.0
        for staff in self.staff:
            extra = float(added.hours[staff.role]) - self.withdrawn_hours.get(staff.role, 0.0)
            staff.freed = float(freed[staff.role]) if staff.role in c.PAPERWORK_BESIDE else 0.0
            staff.week(float(work[staff.role]), extra, int(added.pence[staff.role]), float(added.cut[staff.role]))
            in_post = staff.hours * staff.in_post
            hours += in_post
            left += staff.left * in_post
            training += float(added.training[staff.role])
        if hours > 0.0:
            left /= hours
            learnt = staffing.gap_closed_by_training(training * rates.whole_time_hours / hours, rates.training_half)
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
        share = min(plan.share, self.task_rates[plan.task].ceiling)
        return offset.automation_level(week, share, plan.from_week, plan.ramp_weeks)

    def withdraw_hours(self, left: int) -> None:
        """Withdraw from staff, for the next quarter, the hours whose cost has ``left`` the service [pence].

        They are divided over roles by what their tasks released and spent on technology. The other freed hours are
        absorbed; of these, those not used (`staffing.absorbed_time_used`) are withdrawn as well.
        """
        idle = 1.0 - self.model.rates.staffing.absorbed_time_used
        leaving = sum(freed.leaving for freed in self._freed.values())
        self.withdrawn_hours = {}
        for role, freed in self._freed.items():
            cost = freed.pounds / freed.hours if freed.hours > 0.0 else 0.0
            gone = int(left * freed.leaving / leaving) if leaving > 0.0 else 0
            unused = int(max(0.0, offset.whole_pence(freed.pounds) - gone) * idle)
            self.withdrawn_hours[role] = offset.hours_withdrawn(gone + unused, WEEKS_PER_QUARTER, cost)

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
        clinicians = Staff(c.CLINICIAN, self.model.rates.staffing, staff.hours * ratio, staff.usual_load / ratio)
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
    gp_left: float
    waits: Table
    assessed: float
    home_care_met: float


def access(services: tuple[Service, ...], rates: Rates, waiting: int | None = None) -> Access:
    """Residents' access to services next week, from the state of their staff and the number ``waiting`` to be assessed.

    None in the warm-up, in which the waiting list is in balance.
    """
    staff = {one.role: one for service in services for one in service.staff}
    room, social = rates.staffing, rates.social_care
    not_through, skill = np.zeros(len(c.TASKS)), np.zeros(len(c.TASKS))
    for task, role in enumerate(c.TASK_ROLE):
        usual, one = float(rates.contacts.not_through_probability[task]), staff[role]
        effect = rates.contacts.relief_through_effect
        relieved = contacts.not_through_when_relieved(usual, one.load, one.usual_load, effect)
        not_through[task] = staffing.not_through(relieved, one.waiting, room.waiting_half)
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
    carers, assessors = staff[c.HOME_CARER], staff[c.ASSESSOR]
    if waiting is None:
        assessed = social_care.assessment_probability_at_rest(social.waiting_weeks, assessors.usual_load)
    else:
        assessed = social_care.assessment_probability(
            assessors.capacity, social.assessment_hours, waiting, social.assessment_weeks
        )
    return Access(
        not_through=not_through,
        attempt_fails=attempt_fails,
        skill=skill,
        same_doctor=min(1.0, rates.care.mean_continuity * staff[c.CLINICIAN].known),
        gp_left=staffing.left_within(staff[c.CLINICIAN].left, WEEKS_PER_QUARTER),
        waits=rates.care.wait_by_cause * wait_ratios(carers, assessors, staff[c.DISCHARGE_COORDINATOR], room),
        assessed=assessed,
        home_care_met=social_care.share_served(carers.capacity, carers.work),
    )


def wait_ratios(carers: Staff, assessors: Staff, coordinators: Staff, rates: Staffing) -> Table:
    """Ratio on waiting to leave hospital by cause, shape (4,), from the load of the staff whom people wait for."""
    causes = (
        (carers, rates.home_care_wait_effect),
        (assessors, rates.assessment_wait_effect),
        (carers, 0.0),  # someone at home is nobody's work
        (coordinators, rates.discharge_wait_effect),
    )
    return np.array([social_care.wait_ratio(one.load, one.usual_load, effect) for one, effect in causes])


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
