"""What a scenario should release, quarter by quarter, reckoned from evidence and place before anything runs.

The expectation uses the same rules as the ledger of a run (`simulator.rules.offset`) with expected contacts in place
of counted ones: residents as they are at the start, values as given. It is what a scenario's promises are held against.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np

from simulator.evidence.parameters import Rates, Table
from simulator.foundations.categories import (
    AGE_BANDS,
    CONDITIONS,
    CONSULTATION,
    DEPRIVATION,
    DIGITAL_CAPABILITY,
    SERVICES,
    TASK_SERVICE,
    TASKS,
    WEEKS_PER_QUARTER,
    WEEKS_PER_YEAR,
)
from simulator.places import Place
from simulator.rules import offset
from simulator.specification.entries import Automation
from simulator.specification.lookup_tables import build_tables

FITTING_ROUNDS: Final = 50
"""Far beyond what two margins of nine and five parts need to agree to a millionth."""


class Demand(NamedTuple):
    """Expected use of each task in one place. T = 9 tasks."""

    contacts: Table  # (T,) contacts a year
    failing: Table  # (T,) share of automated contacts that fail
    people: float  # residents


class ExpectedQuarter(NamedTuple):
    """Expected money of one quarter, in pounds a year: ``released = automated - rework - technology``, and
    ``released = reinvested + saved + absorbed``."""

    automated: float
    rework: float
    technology: float
    reinvested: float
    saved: float
    absorbed: float

    @property
    def released(self) -> float:
        """Pounds a year."""
        return self.automated - self.rework - self.technology

    @property
    def redeployable(self) -> float:
        """What can be reinvested or saved, in pounds a year; negative where automation costs more than it frees."""
        return self.reinvested + self.saved


@lru_cache(maxsize=32)
def expected_residents(place: Place) -> Table:
    """Residents by age band and deprivation, shape (9, 5): the place's margins, joined as age goes with deprivation.

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
    """Expected contacts and failures of each task, by the lookup tables of the week itself.

    Long-term conditions and loneliness are as prevalent as at the start; digital capability follows age.
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
    return Demand(contacts, failing, float(place.residents))


def release_by_quarter(
    demand: Demand, rates: Rates, automation: Sequence[Automation], reinvest_share: float, weeks: int
) -> tuple[ExpectedQuarter, ...]:
    """Expected money of each quarter of a run of ``weeks`` weeks; the last quarter may be a part."""
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
        entries = [_task(demand, rates, entry, span) for entry in automation if TASK_SERVICE[entry.task] == service]
        gains = [(max(0.0, money[0] - money[1] - money[2]), share) for money, share in entries]
        total = np.sum([money for money, _ in entries], axis=0) if entries else np.zeros(3)
        share = offset.blended_share(sum(gain * part for gain, part in gains), sum(gain for gain, _ in gains))
        released = offset.whole_pence(float(total[0] - total[1] - total[2]))
        split = offset.split_release(released, share, rates.contacts.backlog_share, reinvest_share)
        accounts += total
        splits += np.array(split) / 100.0
    a_year = WEEKS_PER_YEAR / len(span)
    return ExpectedQuarter(*(float(pounds) * a_year for pounds in (*accounts, *splits)))


def _task(demand: Demand, rates: Rates, entry: Automation, span: range) -> tuple[tuple[float, float, float], float]:
    """Pounds automated, rework and technology of one task over ``span``, and its redeployable share."""
    rate, task = rates.contacts, entry.task
    levels = [offset.automation_level(week, entry.share, entry.from_week, entry.ramp_weeks) for week in span]
    automated = float(demand.contacts[task]) / WEEKS_PER_YEAR * sum(levels)
    minutes, hourly = float(rate.minutes_per_contact[task]), float(rate.hourly_cost[task])
    returned = automated * float(demand.failing[task]) * rate.return_share
    technology = offset.technology_cost(
        automated,
        float(rate.technology_cost_per_contact[task]),
        float(rate.technology_cost_per_year[task]),
        demand.people,
        float(sum(level > 0.0 for level in levels)),
    )
    money = (
        offset.automated_value(automated, minutes, hourly, rate.realisation_rate),
        offset.rework_cost(returned, minutes, float(rate.rework_minutes[task]), hourly),
        technology,
    )
    return money, float(rate.redeployable_share[task])
