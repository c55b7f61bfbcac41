"""Those who work in one role of a service, week by week: in post, new, behind, overloaded, leaving."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.evidence.parameters import Staffing, Table
from simulator.foundations.categories import (
    ASSESSOR,
    CLINICIAN,
    DISCHARGE_COORDINATOR,
    HOME_CARER,
    ROLE_SERVICE,
    ROLES,
    SERVICES,
    WEEKS_PER_YEAR,
)
from simulator.results.results import ServiceRow
from simulator.rules import staffing
from simulator.rules.offset import whole_pence
from simulator.rules.social_care import share_served
from simulator.specification.entries import StaffingChange

LEAST: Final = 0.01
"""A cut leaves this share of usual hours at least: a service that is closed is another question."""
_WAITS_ELSEWHERE: Final = (CLINICIAN, DISCHARGE_COORDINATOR, ASSESSOR, HOME_CARER)
"""Roles without a pile of work of their own: who is not seen or assessed asks again, and waits in a bed or at home; a
missed visit is missed."""


class AddedStaff(NamedTuple):
    """What is added in one week to the staff that services have, each of shape (roles,)."""

    hours: Table  # of work; negative for a cut
    training: Table  # hours of training in relational skill, in paid time that is made good
    pence: NDArray[np.int64]  # what that costs whoever pays for the service, unless a programme has paid


def added_by_scenario(changes: Sequence[StaffingChange], week: int, rates: Staffing) -> AddedStaff:
    """What a scenario's ``staffing`` adds in ``week`` of the scenario."""
    hours, training = np.zeros(len(ROLES)), np.zeros(len(ROLES))
    if not changes:
        return AddedStaff(hours, training, np.zeros(len(ROLES), np.int64))
    for change in changes:
        if change.from_week <= week < change.until_week:
            hours[change.role] += change.hours_per_week
            training[change.role] += change.training_per_week
    paid = [whole_pence(float(pounds)) for pounds in (hours + training) * rates.hourly_cost]
    return AddedStaff(hours, training, np.array(paid, np.int64))


class StaffWeek(NamedTuple):
    """What one week of one role came to."""

    work: float  # hours of work, with what was left over and asked again
    capacity: float  # hours
    left: float  # share of staff who left
    pence: int  # of the hours that a scenario added; negative for a cut
    done_by_added: float  # hours of work that the hours added did; negative: that those cut would have done


class Staff:
    """Staff of one role.

    ``hours`` [hours a week] is what they get done with usual work, ``usual_load`` [work per capacity] that work. A
    role without usual work has no staff of its own: whatever comes is met.
    """

    def __init__(self, role: int, rates: Staffing, hours: float, usual_load: float) -> None:
        self.role, self.rates, self.hours, self.usual_load = role, rates, hours, usual_load
        self.leaver_rate, self.weeks_to_fill = float(rates.leaver_rate[role]), float(rates.weeks_to_fill[role])
        self.posts = staffing.establishment(self.leaver_rate, self.weeks_to_fill)
        self.usual_newcomers = staffing.newcomers_at_rest(self.leaver_rate, rates.induction_weeks)
        self.usual_strangers = staffing.newcomers_at_rest(self.leaver_rate, rates.weeks_to_be_known)
        self.in_post = 1.0
        self.newcomers, self.strangers = self.usual_newcomers, self.usual_strangers
        self.load = usual_load
        self.capacity = hours
        self.added = 0.0
        self.work = hours * usual_load
        self.backlog = 0.0
        self.left = 0.0
        self.weeks: list[StaffWeek] = []

    @property
    def waiting(self) -> float:
        """Weeks of work left over."""
        return self.backlog / self.capacity if self.capacity > 0.0 else 0.0

    @property
    def vacancies(self) -> float:
        """Share of posts that are vacant."""
        return 1.0 - self.in_post / self.posts

    @property
    def known(self) -> float:
        """Chance of being seen by someone who has been there long enough to be known, relative to usual."""
        return staffing.known_ratio(self.strangers, self.usual_strangers)

    def week(self, asked: float, extra: float, pence: int = 0) -> None:
        """A week with new work, ``asked`` [hours], and ``extra`` [hours] of staff added; below 0, cut."""
        rates = self.rates
        if self.hours <= 0.0:
            self.work = self.capacity = asked
            self.weeks.append(StaffWeek(asked, asked, 0.0, pence, 0.0))
            return
        # This week was served with last week's hours: by all of them, and by those that nobody added.
        served, served_alone = (share_served(there, self.work) for there in (self.capacity, self.capacity - self.added))
        pressed = staffing.pressure(staffing.overload(self.load, self.usual_load), rates.overload_half)
        done = staffing.output(
            self.in_post, self.newcomers, self.usual_newcomers, rates.newcomer_output, rates.overload_absence * pressed
        )
        self.capacity = max(LEAST * self.hours, self.hours * done + extra)
        self.added = self.capacity - self.hours * done
        chasing = self.backlog * rates.backlog_chasing
        self.work = asked + self.backlog + chasing
        if self.role not in _WAITS_ELSEWHERE:
            self.backlog = staffing.left_over(self.work, chasing, self.capacity, rates.backlog_lapse)
        self.load += (self.work / self.capacity - self.load) / max(1.0, rates.load_memory)
        self._come_and_go(staffing.leaving(self.leaver_rate, pressed, rates.overload_turnover_ratio))
        self.weeks.append(StaffWeek(self.work, self.capacity, self.left, pence, (served - served_alone) * asked))

    def _come_and_go(self, left: float) -> None:
        began = staffing.hired(self.posts, self.in_post, self.weeks_to_fill)
        self.newcomers = staffing.newcomers_after(self.newcomers, self.in_post, left, began, self.rates.induction_weeks)
        self.strangers = staffing.newcomers_after(
            self.strangers, self.in_post, left, began, self.rates.weeks_to_be_known
        )
        self.in_post = self.in_post * (1.0 - left) + began
        self.left = left

    def row(self, quarter: int, skill: float) -> ServiceRow:
        """The quarter for the table of services; a new quarter begins."""
        weeks, self.weeks = self.weeks, []
        count = max(1, len(weeks))
        hours = sum(week.capacity for week in weeks) / count
        work = sum(week.work for week in weeks) / count
        return ServiceRow(
            quarter=quarter,
            service=SERVICES[ROLE_SERVICE[self.role]],
            role=ROLES[self.role].split(".")[1],
            hours=hours,
            work_hours=work,
            backlog_hours=self.backlog,
            utilisation=work / hours if hours > 0.0 else 0.0,
            turnover=sum(week.left for week in weeks) / count * WEEKS_PER_YEAR,
            vacancies=self.vacancies,
            skill=skill,
            known=self.known,
            pence=sum(week.pence for week in weeks),
            done_by_added=sum(week.done_by_added for week in weeks),
        )
