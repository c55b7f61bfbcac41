"""Expected release of a scenario by quarter, computed from evidence and place before anything runs.

It uses the same rules as the ledger of a run (`simulator.rules.offset`) with expected contacts of the initial
residents in place of counted ones. A scenario's commitments are checked against it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np

from simulator.evidence.parameters import Rates, Table
from simulator.foundations.categories import (
    ADULT_BAND,
    AGE_BANDS,
    ALL_TASK_ROLE,
    ALL_TASK_SERVICE,
    ASSESSOR,
    CLINICIAN,
    CONDITIONS,
    CONSULTATION,
    DEPRIVATION,
    DIGITAL_CAPABILITY,
    DISCHARGE_COORDINATOR,
    HOME_CARER,
    MINUTES_PER_HOUR,
    PAPERWORK_BESIDE,
    PAPERWORK_DRIVER,
    ROLES,
    SERVICES,
    TASKS,
    WEEKS_PER_QUARTER,
    WEEKS_PER_YEAR,
)
from simulator.places import Place
from simulator.rules import offset
from simulator.rules.care import goes_to_ae_on_average
from simulator.specification.entries import Automation
from simulator.specification.lookup_tables import Tables, build_tables
from simulator.specification.task_rates import Drivers, task_rates

FITTING_ROUNDS: Final = 50
"""Far more rounds than two margins of nine and five parts need to agree to a millionth."""


class Demand(NamedTuple):
    """Expected use of each task in one place, in the order of `categories.ALL_TASKS`."""

    contacts: Table  # contacts, or pieces of paperwork, per year
    failing: Table  # share of those automated that fail when automation is new
    people: float  # residents
    drivers: Drivers = Drivers(*[0.0] * 9)  # what brings paperwork, per year


class ExpectedTask(NamedTuple):
    """Expected automation of one task over a span of weeks: units and money."""

    task: int
    units: float  # contacts, or pieces of paperwork, automated or not
    minutes: float  # staff time of one
    attempts: float  # units automated, failures included
    failed: float
    returned: float  # of those, back with staff
    automated: float  # pounds of time that the attempts free
    rework: float  # pounds
    technology: float  # pounds
    redeployable: float  # share of what is released that can leave

    @property
    def released(self) -> float:
        """Pounds."""
        return self.automated - self.rework - self.technology


class ExpectedQuarter(NamedTuple):
    """Expected amounts in one quarter [pounds per year]; ``released = reinvested + saved + absorbed``."""

    automated: float
    rework: float
    technology: float
    reinvested: float
    saved: float
    absorbed: float

    @property
    def released(self) -> float:
        """Value released: automated less rework and technology [pounds per year]."""
        return self.automated - self.rework - self.technology

    @property
    def redeployable(self) -> float:
        """Amount reinvested or saved [pounds per year]; negative if automation costs more than it frees."""
        return self.reinvested + self.saved


@lru_cache(maxsize=32)
def expected_residents(place: Place) -> Table:
    """Residents by age band and deprivation, shape (9, 5), fitted to the place's margins.

    Iterative proportional fitting (Deming WE and Stephan FF 1940, Ann Math Stat 11:427).
    """
    joint: Table = np.array(place.age_by_deprivation, dtype=np.float64).T
    ages, fifths = np.array(place.age), np.array(place.deprivation)
    for _ in range(FITTING_ROUNDS):
        for axis, wanted in ((1, ages[:, None]), (0, fifths[None, :])):
            reached = joint.sum(axis=axis, keepdims=True)
            joint *= np.divide(wanted, reached, out=np.zeros_like(wanted), where=reached > 0.0)
    joint *= place.residents / joint.sum()
    joint.setflags(write=False)
    return joint


def expected_demand(place: Place, rates: Rates) -> Demand:
    """Expected contacts and failures of each task, from the lookup tables of the week.

    Long-term conditions and loneliness have their initial prevalence; digital capability depends on age.
    """
    people = expected_residents(place)
    tables, ages = build_tables(rates), len(AGE_BANDS)
    prevalence = tables.prevalence.reshape(ages, len(DEPRIVATION), len(CONDITIONS))
    residents = np.einsum("ad,adc->ac", people, prevalence)
    lonely = rates.loneliness.initial_prevalence[:, None]
    consultations = tables.consultations.reshape(ages, len(CONDITIONS), 2)
    cumulative = tables.task_cumulative.reshape(ages, len(CONDITIONS), len(TASKS))
    weekly = tables.contacts.reshape(ages, len(CONDITIONS), 1) * np.diff(cumulative, axis=2, prepend=0.0)
    weekly[:, :, CONSULTATION] = consultations[:, :, 0] * (1.0 - lonely) + consultations[:, :, 1] * lonely
    by_age = np.einsum("ac,act->ta", residents, weekly) * WEEKS_PER_YEAR
    offline, low = rates.digital.offline_share, rates.digital.low_capability_share
    capability = np.stack([offline, low, 1.0 - offline - low], axis=1)
    fails = tables.failure.reshape(len(TASKS), len(DIGITAL_CAPABILITY)) @ capability.T
    contacts = by_age.sum(axis=1)
    failures = (by_age * fails).sum(axis=1)
    failing = np.divide(failures, contacts, out=np.zeros(len(TASKS)), where=contacts > 0.0)
    drivers = _drivers((people, residents), rates, tables, contacts)
    pieces = np.array(drivers)[list(PAPERWORK_DRIVER)] * rates.paperwork.volume
    return Demand(
        np.concatenate([contacts, pieces]),
        np.concatenate([failing, rates.paperwork.failure_probability]),
        float(place.residents),
        drivers,
    )


def _drivers(counted: tuple[Table, Table], rates: Rates, tables: Tables, contacts: Table) -> Drivers:
    """What brings paperwork in a year.

    Residents are ``counted`` by age band and deprivation, and by age band and conditions; ``contacts`` a year by task.
    """
    (people, residents), care, ages = counted, rates.care, len(AGE_BANDS)
    prevalence = tables.prevalence.reshape(ages, len(DEPRIVATION), len(CONDITIONS))
    hazard = tables.episode.reshape(ages, len(DEPRIVATION), len(CONDITIONS), 2)
    lonely = rates.loneliness.initial_prevalence[:, None, None]
    weekly = hazard[..., 0] * (1.0 - lonely) + hazard[..., 1] * lonely
    acute = np.einsum("ad,adc,adc->a", people, prevalence, weekly) * WEEKS_PER_YEAR
    to_ae = goes_to_ae_on_average(care.asks_gp_first, care.ae_after_gp, care.ae_without_gp)
    requests = np.einsum("ac,ac->a", residents, tables.care_request.reshape(ages, len(CONDITIONS)))[ADULT_BAND:]
    excess = float(rates.staffing.usual_utilisation[ASSESSOR])  # above 1 some give up while they wait
    clients = float(people.sum(axis=1) @ rates.social_care.home_care_prevalence)
    answered = contacts * (1.0 - rates.contacts.not_through_probability * (1.0 - rates.contacts.return_share))
    return Drivers(
        person_years=float(people.sum()),
        consultations=float(contacts[CONSULTATION] + acute.sum() * care.asks_gp_first),
        prescription_requests=float(answered[TASKS.index("gp_practice.repeat_prescription")]),
        overnight_admissions=float(acute @ care.overnight_probability) * to_ae * (1.0 + care.readmission_probability),
        assessments=float(requests.sum()) * (1.0 - rates.social_care.advice_share) / max(1.0, excess) * WEEKS_PER_YEAR,
        home_care_years=clients,
        home_care_hours=clients * rates.social_care.home_care_hours * WEEKS_PER_YEAR,
        benefit_contacts=float(answered[TASKS.index("council_contact_centre.council_tax_and_benefits")]),
        advice_contacts=float(answered[TASKS.index("community_hub.advice")]),
    )


def expected_hours(place: Place, rates: Rates) -> Table:
    """Hours a week of each role that a place should have at its usual utilisation, shape (roles,)."""
    demand = expected_demand(place, rates)
    hours = np.zeros(len(ROLES))
    for task, role in enumerate(ALL_TASK_ROLE):
        if task < len(TASKS) or role not in PAPERWORK_BESIDE:
            hours[role] += float(demand.contacts[task]) * task_rates(rates, task).minutes / MINUTES_PER_HOUR
    hours[DISCHARGE_COORDINATOR] = demand.drivers.overnight_admissions * rates.staffing.discharge_hours
    joining = demand.drivers.assessments * max(1.0, float(rates.staffing.usual_utilisation[ASSESSOR]))
    hours[ASSESSOR] = joining * rates.social_care.assessment_hours
    hours[HOME_CARER] = demand.drivers.home_care_hours
    hours[CLINICIAN] *= place.gp_appointments_ratio
    return hours / WEEKS_PER_YEAR / np.maximum(rates.staffing.usual_utilisation, 0.01)


def release_by_quarter(
    demand: Demand, rates: Rates, automation: Sequence[Automation], reinvest_share: float, weeks: int
) -> tuple[ExpectedQuarter, ...]:
    """Expected amounts in each quarter of a run of ``weeks`` weeks; the last quarter may be incomplete."""
    quarters = []
    for start in range(0, weeks, WEEKS_PER_QUARTER):
        span = range(start, min(start + WEEKS_PER_QUARTER, weeks))
        quarters.append(_quarter(demand, rates, automation, reinvest_share, span))
    return tuple(quarters)


def _quarter(
    demand: Demand, rates: Rates, automation: Sequence[Automation], reinvest_share: float, span: range
) -> ExpectedQuarter:
    accounts = np.zeros(3)
    splits = np.zeros(3)
    for service in range(len(SERVICES)):
        entries = [
            expected_task(demand, rates, entry, span) for entry in automation if ALL_TASK_SERVICE[entry.task] == service
        ]
        gains = [(max(0.0, one.released), one.redeployable) for one in entries]
        money = [(one.automated, one.rework, one.technology) for one in entries]
        total = np.sum(money, axis=0) if entries else np.zeros(3)
        share = offset.blended_share(sum(gain * part for gain, part in gains), sum(gain for gain, _ in gains))
        released = offset.whole_pence(float(total[0] - total[1] - total[2]))
        split = offset.split_release(released, share, rates.contacts.backlog_share, reinvest_share)
        accounts += total
        splits += np.array(split) / 100.0
    a_year = WEEKS_PER_YEAR / len(span)
    return ExpectedQuarter(*(float(pounds) * a_year for pounds in (*accounts, *splits)))


def expected_task(demand: Demand, rates: Rates, entry: Automation, span: range) -> ExpectedTask:
    """Expected automation of one task over the weeks of ``span``; failure falls with learning, week by week."""
    task, one, learning = entry.task, task_rates(rates, entry.task), rates.contacts
    weekly = float(demand.contacts[task]) / WEEKS_PER_YEAR
    attempts = failed = 0.0
    weeks = 0
    for week in span:
        level = offset.automation_level(week, entry.share, entry.from_week, entry.ramp_weeks)
        ratio = offset.failure_after_learning(
            max(0, week - entry.from_week), learning.failure_half_life, learning.failure_learnable
        )
        attempts += weekly * level
        failed += weekly * level * ratio * float(demand.failing[task])
        weeks += level > 0.0
    returned = failed * (learning.return_share if task < len(TASKS) else 1.0)
    return ExpectedTask(
        task=task,
        units=weekly * len(span),
        minutes=one.minutes,
        attempts=attempts,
        failed=failed,
        returned=returned,
        automated=offset.automated_value(attempts, one.minutes, one.hourly_cost, one.realisation),
        rework=offset.rework_cost(returned, one.minutes, one.rework_minutes, one.hourly_cost, one.realisation),
        technology=offset.technology_cost(
            attempts, one.technology_each, one.technology_yearly, demand.people, float(weeks)
        ),
        redeployable=one.redeployable,
    )
