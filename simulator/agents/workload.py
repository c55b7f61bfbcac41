"""Work for each role of the services: usual work, expected from the residents, and this week's, as counted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from simulator.agents.place_state import PlaceState
from simulator.evidence.parameters import Contacts, Rates, Table
from simulator.foundations import categories as c
from simulator.foundations.measures import INDEX, MILLIONTHS
from simulator.kernels.expected_work import expected
from simulator.kernels.workspace import AUTOMATED, BY_STAFF, I64, MISSED, ON_LIST, RETURNED, ROUTINE, URGENT, Workspace
from simulator.population.columns import Residents
from simulator.rules.practice_queue import BOOKED
from simulator.rules.social_care import HOME_CARE
from simulator.specification.lookup_tables import Tables

_BOOKING: Final = c.TASKS.index("gp_practice.appointment_booking")
_COUNTED: Final = [INDEX[name] for name in ("overnight_admissions", "care_requests", "care_advice", "home_care_weeks")]


def usual_work(model: PlaceState) -> Table:
    """Expected work of each role from residents in their current state [hours per week], shape (roles,).

    Sums over residents use whole numbers, so that their order does not matter. Clinicians' work is that of first
    requests; about as many call again as bring a further need to an appointment that is booked already.
    """
    work = np.zeros(len(c.ROLES))
    columns, rates = model.columns, model.rates
    by_task = _expected_contacts(columns, model.tables)
    for task, contacts in enumerate(by_task):
        gives_up = float(rates.contacts.not_through_probability[task]) * (1.0 - rates.contacts.return_share)
        missed = 1.0 + float(rates.contacts.missed_probability[task])
        hours = float(rates.contacts.minutes_per_contact[task]) / c.MINUTES_PER_HOUR
        work[c.TASK_ROLE[task]] += contacts * (1.0 - gives_up) * missed * hours
    acute, overnight, joining = (total / MILLIONTHS**2 for total in expected(model.records, model.packed))
    consultation = float(rates.contacts.minutes_per_contact[c.CONSULTATION]) / c.MINUTES_PER_HOUR
    work[c.CLINICIAN] += acute * rates.care.asks_gp_first * consultation
    work[c.RECEPTIONIST] += chasing_hours(int((columns.gp_request == BOOKED).sum()), rates)
    work[c.DISCHARGE_COORDINATOR] = overnight * rates.staffing.discharge_hours
    work[c.ASSESSOR] = joining * rates.social_care.assessment_hours
    work[c.HOME_CARER] = int((columns.care_state == HOME_CARE).sum()) * rates.social_care.home_care_hours
    return work


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

    def week(self, workspace: Workspace, begins_quarter: bool) -> tuple[I64, I64]:
        """This week's contacts by task, shape (T, 5), and this week's overnight admissions, requests for social care,
        those answered at once, and weeks of home care."""
        tasks, measures = workspace.task_counts.copy(), workspace.counts[:, _COUNTED].sum(axis=0)
        before = (0, 0) if begins_quarter else (self.tasks, self.measures)
        self.tasks, self.measures = tasks, measures
        return tasks - before[0], measures - before[1]


def week_of_work(model: PlaceState, counters: Counters) -> Table:
    """New work of each role this week [hours], shape (roles,), from residents' contacts and requests.

    An automated contact frees only the realisation rate of its minutes; the rest is fragments. Freed time that leaves
    the service is withdrawn from its staff (`simulator.agents.services.Service.withdraw_hours`).
    """
    rates, workspace = model.rates, model.workspace
    tasks, (overnight, requests, advised, home_care) = counters.week(
        workspace, model.elapsed % c.WEEKS_PER_QUARTER == 0
    )
    work, by_task = np.zeros(len(c.ROLES)), tasks.tolist()
    for task, role in enumerate(c.TASK_ROLE):
        if task != c.CONSULTATION:
            work[role] += task_minutes(by_task[task], rates.contacts, task) / c.MINUTES_PER_HOUR
    asked = int(workspace.requests[ROUTINE]) + int(workspace.requests[URGENT])
    work[c.CLINICIAN] += asked * float(rates.contacts.minutes_per_contact[c.CONSULTATION]) / c.MINUTES_PER_HOUR
    work[c.RECEPTIONIST] += chasing_hours(int(workspace.requests[ON_LIST]), rates)
    social = rates.social_care
    work[c.DISCHARGE_COORDINATOR] = int(overnight) * rates.staffing.discharge_hours
    work[c.ASSESSOR] = (int(requests) - int(advised)) * social.assessment_hours
    work[c.HOME_CARER] = int(home_care) * social.home_care_hours
    return work


def chasing_hours(waiting: int, rates: Rates) -> float:
    """Hours of reception in a week for calls of people ``waiting`` for an appointment who ask after it."""
    minutes = float(rates.contacts.minutes_per_contact[_BOOKING])
    return waiting * rates.staffing.backlog_chasing * minutes / c.MINUTES_PER_HOUR


def task_minutes(counts: Sequence[int], rates: Contacts, task: int) -> float:
    """Staff time for one task's contacts, ``counts`` (5,), with rework, rebooking and unusable fragments [minutes]."""
    minutes = float(rates.minutes_per_contact[task])
    rework = counts[RETURNED] * float(rates.rework_minutes[task])
    automated = counts[AUTOMATED] * minutes * (1.0 - rates.realisation_rate)
    return (counts[BY_STAFF] + counts[MISSED]) * minutes + rework + automated
