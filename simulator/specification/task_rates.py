"""The numbers of one task that can be automated, whether a contact with residents or paperwork."""

from __future__ import annotations

from typing import NamedTuple

from simulator.evidence.parameters import Rates
from simulator.foundations.categories import TASKS


class Drivers(NamedTuple):
    """What brings paperwork, over any period; the order of `simulator.foundations.categories.DRIVERS`."""

    person_years: float
    consultations: float
    prescription_requests: float
    overnight_admissions: float
    assessments: float
    home_care_years: float
    home_care_hours: float
    benefit_contacts: float
    advice_contacts: float


class TaskRates(NamedTuple):
    """What one unit of a task, a contact or a piece of paperwork, takes, and what automating it does."""

    minutes: float  # minutes of staff time for a unit
    hourly_cost: float  # pounds per hour
    ceiling: float  # share of units that could technically be automated
    realisation: float  # share of automated minutes that can in fact be used for something else
    rework_minutes: float  # minutes beyond a usual unit for one that failed and came back
    technology_each: float  # pounds for each automated unit
    technology_yearly: float  # pounds a year for 1,000 people, once any is automated
    redeployable: float  # share of released money that can leave the task


def task_rates(rates: Rates, task: int) -> TaskRates:
    """The numbers of ``task``, a position in `simulator.foundations.categories.ALL_TASKS`."""
    if task < len(TASKS):
        contacts = rates.contacts
        tables = (contacts.minutes_per_contact, contacts.hourly_cost, contacts.automation_ceiling)
        costs = (contacts.technology_cost_per_contact, contacts.technology_cost_per_year, contacts.redeployable_share)
        realised, rework = contacts.realisation_rate, float(contacts.rework_minutes[task])
    else:
        task -= len(TASKS)
        paper = rates.paperwork
        tables = (paper.minutes, paper.hourly_cost, paper.automation_ceiling)
        costs = (paper.technology_cost_per_piece, paper.technology_cost_per_year, paper.redeployable_share)
        realised, rework = float(paper.realisation_rate[task]), float(paper.rework_minutes[task])
    minutes, hourly, ceiling = (float(table[task]) for table in tables)
    each, yearly, redeployable = (float(table[task]) for table in costs)
    return TaskRates(minutes, hourly, ceiling, realised, rework, each, yearly, redeployable)
