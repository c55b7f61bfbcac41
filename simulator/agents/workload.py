"""Work for each role of the services: usual work, expected from the residents, and this week's, as counted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from simulator.agents.paperwork import hours_of, pieces_of
from simulator.agents.place_state import PlaceState
from simulator.evidence.parameters import Contacts, Rates, Table
from simulator.foundations import categories as c
from simulator.foundations.measures import INDEX, MILLIONTHS
from simulator.kernels.expected_work import expected
from simulator.kernels.workspace import (
    AUTOMATED,
    BY_STAFF,
    FAILED,
    I64,
    MISSED,
    ON_LIST,
    RETURNED,
    ROUTINE,
    URGENT,
    Workspace,
)
from simulator.population.columns import Residents
from simulator.rules import offset
from simulator.rules.practice_queue import BOOKED
from simulator.rules.social_care import HOME_CARE
from simulator.specification.lookup_tables import Tables
from simulator.specification.task_rates import Drivers


class Counted(NamedTuple):
    """Measures of a week that work follows from, by their names in `simulator.foundations.measures`."""

    overnight_admissions: int
    care_requests: int
    care_advice: int
    home_care_weeks: int
    consultations: int
    assessments: int
    home_care_hours_millionths: int


_COUNTED: Final = [INDEX[name] for name in Counted._fields]
_BOOKING: Final = c.TASKS.index("gp_practice.appointment_booking")
_PRESCRIPTION, _BENEFITS, _ADVICE = (
    c.TASKS.index(name)
    for name in (
        "gp_practice.repeat_prescription",
        "council_contact_centre.council_tax_and_benefits",
        "community_hub.advice",
    )
)


class UsualWork(NamedTuple):
    """Expected hours of a week: of each role with residents and at its desk, and of each task."""

    roles: Table  # (roles,) without the paperwork of `categories.PAPERWORK_BESIDE`
    contacts: Table  # (tasks,)
    paperwork: Table  # (paperwork,)


def usual_work(model: PlaceState) -> UsualWork:
    """Expected work from residents in their current state [hours per week].

    Sums over residents use whole numbers, so that their order does not matter. Clinicians' work is that of first
    requests; about as many call again as bring a further need to an appointment that is booked already.
    """
    work = np.zeros(len(c.ROLES))
    columns, rates = model.columns, model.rates
    by_task = _expected_contacts(columns, model.tables)
    hours_by_task, answered = np.zeros(len(c.TASKS)), np.zeros(len(c.TASKS))
    for task, contacts in enumerate(by_task):
        gives_up = float(rates.contacts.not_through_probability[task]) * (1.0 - rates.contacts.return_share)
        missed = 1.0 + float(rates.contacts.missed_probability[task])
        hours = float(rates.contacts.minutes_per_contact[task]) / c.MINUTES_PER_HOUR
        answered[task] = contacts * (1.0 - gives_up)
        hours_by_task[task] = answered[task] * missed * hours
        work[c.TASK_ROLE[task]] += hours_by_task[task]
    acute, overnight, joining = (total / MILLIONTHS**2 for total in expected(model.records, model.packed))
    consultation = float(rates.contacts.minutes_per_contact[c.CONSULTATION]) / c.MINUTES_PER_HOUR
    urgent, chasing = acute * rates.care.asks_gp_first * consultation, chasing_hours(_on_list(columns), rates)
    for task, hours in ((c.CONSULTATION, urgent), (_BOOKING, chasing)):
        hours_by_task[task] += hours
        work[c.TASK_ROLE[task]] += hours
    work[c.DISCHARGE_COORDINATOR] = overnight * rates.staffing.discharge_hours
    work[c.ASSESSOR] = joining * rates.social_care.assessment_hours
    clients = int((columns.care_state == HOME_CARE).sum())
    work[c.HOME_CARER] = clients * rates.social_care.home_care_hours
    drivers = Drivers(
        person_years=len(columns.berth) / c.WEEKS_PER_YEAR,
        consultations=float(by_task[c.CONSULTATION]) + acute * rates.care.asks_gp_first,
        prescription_requests=float(answered[_PRESCRIPTION]),
        overnight_admissions=overnight,
        assessments=joining / max(1.0, float(rates.staffing.usual_utilisation[c.ASSESSOR])),
        home_care_years=clients / c.WEEKS_PER_YEAR,
        home_care_hours=float(work[c.HOME_CARER]),
        benefit_contacts=float(answered[_BENEFITS]),
        advice_contacts=float(answered[_ADVICE]),
    )
    paper = hours_of(rates, pieces_of(rates, drivers))
    for role, hours in zip(c.ALL_TASK_ROLE[len(c.TASKS) :], paper.tolist(), strict=True):
        if role not in c.PAPERWORK_BESIDE:
            work[role] += hours
    return UsualWork(work, hours_by_task, paper)


def _expected_contacts(columns: Residents, tables: Tables) -> Table:
    """Expected contacts for each task in a week, shape (T,)."""
    people = columns.age_band.astype(np.int64) * len(c.CONDITIONS) + columns.conditions
    kinds = len(c.AGE_BANDS) * len(c.CONDITIONS)
    counted = np.bincount(people * 2 + columns.lonely, minlength=kinds * 2)
    by_kind = counted.reshape(kinds, 2).sum(axis=1)
    shares = np.diff(tables.task_cumulative.reshape(kinds, len(c.TASKS)), axis=1, prepend=0.0)
    contacts: Table = (by_kind * tables.contacts) @ shares
    contacts[c.CONSULTATION] = counted @ tables.consultations
    return contacts


class Counters:
    """The quarter's counters a week ago, from which this week's increments are computed."""

    def __init__(self, workspace: Workspace) -> None:
        self.tasks = np.zeros_like(workspace.task_counts)
        self.measures = np.zeros(len(_COUNTED), np.int64)

    def week(self, workspace: Workspace, begins_quarter: bool) -> tuple[I64, Counted]:
        """This week's contacts by task, shape (T, 5), and this week's measures that work follows from."""
        tasks, measures = workspace.task_counts.copy(), workspace.counts[:, _COUNTED].sum(axis=0)
        before = (0, 0) if begins_quarter else (self.tasks, self.measures)
        self.tasks, self.measures = tasks, measures
        return tasks - before[0], Counted(*(measures - before[1]).tolist())


def week_of_work(model: PlaceState, counters: Counters) -> tuple[Table, Drivers]:
    """New work of each role this week without paperwork [hours], shape (roles,), and what brings paperwork.

    An automated contact frees only the realisation rate of its minutes; the rest is fragments. Freed time that leaves
    the service is withdrawn from its staff (`simulator.agents.services.Service.withdraw_hours`).
    """
    rates, workspace = model.rates, model.workspace
    tasks, counted = counters.week(workspace, model.elapsed % c.WEEKS_PER_QUARTER == 0)
    work, by_task = np.zeros(len(c.ROLES)), tasks.tolist()
    for task, role in enumerate(c.TASK_ROLE):
        if task != c.CONSULTATION:
            work[role] += task_minutes(by_task[task], rates.contacts, task) / c.MINUTES_PER_HOUR
    asked = int(workspace.requests[ROUTINE]) + int(workspace.requests[URGENT])
    work[c.CLINICIAN] += asked * float(rates.contacts.minutes_per_contact[c.CONSULTATION]) / c.MINUTES_PER_HOUR
    work[c.RECEPTIONIST] += chasing_hours(int(workspace.requests[ON_LIST]), rates)
    social = rates.social_care
    work[c.DISCHARGE_COORDINATOR] = counted.overnight_admissions * rates.staffing.discharge_hours
    work[c.ASSESSOR] = (counted.care_requests - counted.care_advice) * social.assessment_hours
    work[c.HOME_CARER] = counted.home_care_weeks * social.home_care_hours
    return work, _drivers(len(model.columns.berth), by_task, counted)


def _drivers(people: int, by_task: Sequence[Sequence[int]], counted: Counted) -> Drivers:
    """What brings paperwork this week."""
    prescriptions, benefits, advice = (
        counts[BY_STAFF] + counts[AUTOMATED] - counts[FAILED]
        for counts in (by_task[task] for task in (_PRESCRIPTION, _BENEFITS, _ADVICE))
    )
    return Drivers(
        person_years=people / c.WEEKS_PER_YEAR,
        consultations=float(counted.consultations),
        prescription_requests=float(prescriptions),
        overnight_admissions=float(counted.overnight_admissions),
        assessments=float(counted.assessments),
        home_care_years=counted.home_care_weeks / c.WEEKS_PER_YEAR,
        home_care_hours=counted.home_care_hours_millionths / MILLIONTHS,
        benefit_contacts=float(benefits),
        advice_contacts=float(advice),
    )


def _on_list(columns: Residents) -> int:
    return int((columns.gp_request == BOOKED).sum())


def chasing_hours(waiting: int, rates: Rates) -> float:
    """Hours of reception in a week for calls of people ``waiting`` for an appointment who ask after it."""
    minutes = float(rates.contacts.minutes_per_contact[_BOOKING])
    return waiting * rates.staffing.backlog_chasing * minutes / c.MINUTES_PER_HOUR


def task_minutes(counts: Sequence[int], rates: Contacts, task: int) -> float:
    """Staff time for one task's contacts, ``counts`` (5,), with rework, rebooking and unusable fragments [minutes]."""
    minutes = float(rates.minutes_per_contact[task])
    rework = counts[RETURNED] * float(rates.rework_minutes[task])
    by_staff, automated = counts[BY_STAFF] + counts[MISSED], counts[AUTOMATED]
    return rework + offset.minutes_with_staff(by_staff, automated, counts[RETURNED], minutes, rates.realisation_rate)
