"""The work that residents bring to each role of the services: usual, as they are, and this week's, as counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from simulator import categories as c
from simulator.columns import Residents
from simulator.measures import INDEX, MILLIONTHS
from simulator.rates import Contacts, Rates, Table
from simulator.rules.social_care import HOME_CARE, NO_CARE
from simulator.tables import Tables
from simulator.workspace import AUTOMATED, BY_STAFF, I64, MISSED, RETURNED, ROUTINE, URGENT, Workspace

if TYPE_CHECKING:
    from simulator.model import PlaceModel

MINUTES_PER_HOUR: Final = 60.0
_COUNTED: Final = [INDEX[name] for name in ("overnight_admissions", "care_waiting_weeks", "home_care_weeks")]


def usual_work(columns: Residents, rates: Rates, tables: Tables) -> Table:
    """Hours a week of each role that these residents can be expected to bring, shape (roles,).

    Sums over residents are of whole numbers, so that their order does not matter. Clinicians' work counts those who
    are waiting to be seen.
    """
    work = np.zeros(len(c.ROLES))
    by_task = _expected_contacts(columns, tables)
    for task, contacts in enumerate(by_task):
        gives_up = float(rates.contacts.not_through_probability[task]) * (1.0 - rates.contacts.return_share)
        missed = 1.0 + float(rates.contacts.missed_probability[task])
        hours = float(rates.contacts.minutes_per_contact[task]) / MINUTES_PER_HOUR
        work[c.TASK_ROLE[task]] += contacts * (1.0 - gives_up) * missed * hours
    acute, overnight = _expected_acute(columns, rates, tables)
    waiting = int((columns.waiting_for_gp == 1).sum())
    consultation = float(rates.contacts.minutes_per_contact[c.CONSULTATION]) / MINUTES_PER_HOUR
    work[c.CLINICIAN] += (acute * rates.care.asks_gp_first + waiting) * consultation
    work[c.DISCHARGE_COORDINATOR] = overnight * rates.staffing.discharge_hours
    work[c.ASSESSOR] = _expected_requests(columns, rates, tables) * rates.social_care.assessment_hours
    work[c.HOME_CARER] = int((columns.care_state == HOME_CARE).sum()) * rates.social_care.home_care_hours
    return work


def _expected_contacts(columns: Residents, tables: Tables) -> Table:
    """Contacts of each task in a week, shape (T,)."""
    people = columns.age_band.astype(np.int64) * len(c.CONDITIONS) + columns.conditions
    kinds = len(c.AGE_BANDS) * len(c.CONDITIONS)
    counted = np.bincount(people * 2 + columns.lonely, minlength=kinds * 2)
    by_kind = counted.reshape(kinds, 2).sum(axis=1)
    shares = np.diff(tables.task_cumulative.reshape(kinds, len(c.TASKS)), axis=1, prepend=0.0)
    contacts: Table = (by_kind * tables.contacts) @ shares
    contacts[c.CONSULTATION] = counted @ tables.consultations
    return contacts


def _expected_acute(columns: Residents, rates: Rates, tables: Tables) -> tuple[float, float]:
    """Acute episodes and overnight admissions in a week before any programme, of those who are not in hospital."""
    ill, care = rates.illness, rates.care
    person = (columns.age_band.astype(np.int64) * 5 + columns.deprivation) * 4 + columns.conditions
    usual = tables.episode[person * 2 + columns.lonely]
    continuity = ill.continuity_effect * (columns.continuity - care.mean_continuity)
    hazard = usual * columns.frailty * columns.transient
    hazard = hazard * np.exp(continuity + ill.unmet_need_effect * columns.unmet_need)
    at_home = columns.days_in_hospital == 0
    episodes = np.where(at_home, np.minimum(hazard, 1.0), 0.0)
    to_ae = care.asks_gp_first * care.ae_after_gp + (1.0 - care.asks_gp_first) * care.ae_without_gp
    night = care.overnight_probability[columns.age_band]
    again = np.where(at_home & (columns.weeks_since_discharge <= c.READMISSION_WEEKS), tables.readmission, 0.0)
    recorded = care.zero_night_probability[columns.age_band]
    kept = np.divide(night, night + (1.0 - night) * recorded, out=np.zeros_like(night), where=night > 0.0)
    return _total(episodes), _total(episodes * to_ae * night + again * kept)


def _expected_requests(columns: Residents, rates: Rates, tables: Tables) -> float:
    """Requests for social care in a week."""
    social = rates.social_care
    usual = tables.care_request[columns.age_band.astype(np.int64) * len(c.CONDITIONS) + columns.conditions]
    alone = np.where(columns.lives_alone == 1, social.request_alone_ratio, 1.0)
    discharged = np.where(columns.weeks_since_discharge <= c.READMISSION_WEEKS, social.request_discharge_ratio, 1.0)
    may_ask = (columns.age_band >= c.ADULT_BAND) & (columns.care_state == NO_CARE)
    return _total(np.where(may_ask, np.minimum(1.0, usual * alone * discharged), 0.0))


def _total(values: Table) -> float:
    """Sum by whole millionths of millionths, so that the order of residents does not matter."""
    return int((values * (MILLIONTHS * MILLIONTHS)).astype(np.int64).sum()) / (MILLIONTHS * MILLIONTHS)


class Counters:
    """What the quarter's counters held a week ago, to tell what this week added."""

    def __init__(self, workspace: Workspace) -> None:
        self.tasks = np.zeros_like(workspace.task_counts)
        self.measures = np.zeros(len(_COUNTED), np.int64)

    def week(self, workspace: Workspace, begins_quarter: bool) -> tuple[I64, I64]:
        """This week's contacts by task, shape (T, 5), and this week's overnight admissions and weeks of care."""
        tasks, measures = workspace.task_counts.copy(), workspace.counts[:, _COUNTED].sum(axis=0)
        before = (0, 0) if begins_quarter else (self.tasks, self.measures)
        self.tasks, self.measures = tasks, measures
        return tasks - before[0], measures - before[1]


def week_of_work(model: PlaceModel, counters: Counters) -> Table:
    """Hours of new work of each role this week, shape (roles,), from what residents asked of it.

    An automated contact frees its minutes only as far as they come in pieces that can be used; the rest is fragments.
    What of them leaves the service is taken off its staff (`simulator.services.Service.let_go`).
    """
    rates, workspace = model.rates, model.workspace
    tasks, (overnight, waiting, home_care) = counters.week(workspace, model.elapsed % c.WEEKS_PER_QUARTER == 0)
    work = np.zeros(len(c.ROLES))
    for task, role in enumerate(c.TASK_ROLE):
        if task != c.CONSULTATION:
            work[role] += task_minutes(tasks[task], rates.contacts, task) / MINUTES_PER_HOUR
    asked = int(workspace.requests[ROUTINE]) + int(workspace.requests[URGENT])
    work[c.CLINICIAN] += asked * float(rates.contacts.minutes_per_contact[c.CONSULTATION]) / MINUTES_PER_HOUR
    social = rates.social_care
    work[c.DISCHARGE_COORDINATOR] = int(overnight) * rates.staffing.discharge_hours
    weeks = max(1.0, social.assessment_weeks)
    work[c.ASSESSOR] = int(waiting) / weeks * social.assessment_hours
    work[c.HOME_CARER] = int(home_care) * social.home_care_hours
    return work


def task_minutes(counts: I64, rates: Contacts, task: int) -> float:
    """Minutes of staff time of one task's contacts, shape (5,), with rework, rebooking and fragments of automation."""
    minutes = float(rates.minutes_per_contact[task])
    by_staff, missed = int(counts[BY_STAFF]), int(counts[MISSED])
    rework = int(counts[RETURNED]) * float(rates.rework_minutes[task])
    return (by_staff + missed) * minutes + rework + int(counts[AUTOMATED]) * minutes * (1.0 - rates.realisation_rate)
