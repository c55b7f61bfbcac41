"""Usual work for each role of the services, expected from the residents."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from simulator.agents.paperwork import hours_of, pieces_of
from simulator.agents.place_state import PlaceState
from simulator.events.service_week import chasing_hours
from simulator.evidence.parameters import Table
from simulator.foundations import categories as c
from simulator.foundations.measures import MILLIONTHS
from simulator.kernels.expected_work import expected
from simulator.population.columns import Residents
from simulator.rules.practice_queue import BOOKED
from simulator.rules.social_care import HOME_CARE
from simulator.specification.lookup_tables import Tables
from simulator.specification.task_rates import Drivers

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


def _on_list(columns: Residents) -> int:
    return int((columns.gp_request == BOOKED).sum())
