"""Staff in one role of a service, week by week: staff in post, newcomers, backlog, overload and turnover."""

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
"""Smallest share of usual hours left by a cut; closing a service is not modelled."""
_WITHOUT_BACKLOG: Final = (CLINICIAN, DISCHARGE_COORDINATOR, ASSESSOR, HOME_CARER)
"""Roles whose backlog is modelled elsewhere: people not seen or assessed ask again or wait in a bed or at home, and a
missed home care visit is not made up."""


class AddedStaff(NamedTuple):
    """Additions to the services' staff in one week, each of shape (roles,)."""

    hours: Table  # of work; negative for a cut
    training: Table  # hours of training in relational skill, in paid time that is covered
    pence: NDArray[np.int64]  # cost to the service's payer; 0 for hours that a programme has paid for
    cut: Table = np.zeros(len(ROLES))  # hours of work that the scenario cuts, 0 or more


def added_by_scenario(changes: Sequence[StaffingChange], week: int, rates: Staffing) -> AddedStaff:
    """Additions from a scenario's ``staffing`` in ``week`` of the scenario."""
    hours, training = np.zeros(len(ROLES)), np.zeros(len(ROLES))
    if not changes:
        return AddedStaff(hours, training, np.zeros(len(ROLES), np.int64))
    for change in changes:
        if change.from_week <= week < change.until_week:
            hours[change.role] += change.hours_per_week
            training[change.role] += change.training_per_week
    paid = [whole_pence(float(pounds)) for pounds in (hours + training) * rates.hourly_cost]
    return AddedStaff(hours, training, np.array(paid, np.int64), np.maximum(-hours, 0.0))


class StaffWeek(NamedTuple):
    """Results of one week for one role."""

    work: float  # hours of work, including backlog and repeat contacts
    capacity: float  # hours
    left: float  # share of staff who left
    pence: int  # cost of the hours that a scenario added; negative for a cut
    done_by_added: float  # hours of work done in the hours added; negative: not done because of a cut


class Staff:
    """Staff of one role.

    ``hours`` [hours per week] is usual capacity and ``usual_load`` [work per capacity] the usual work. A role without
    usual work has no staff, and all of its work is done. ``freed`` are this week's hours that automated paperwork
    leaves for residents, in roles whose paperwork is beside these hours (`categories.PAPERWORK_BESIDE`).
    """

    def __init__(self, role: int, rates: Staffing, hours: float, usual_load: float) -> None:
        self.role, self.rates, self.hours, self.usual_load = role, rates, hours, usual_load
        self.leaver_rate, self.weeks_to_fill = float(rates.leaver_rate[role]), float(rates.weeks_to_fill[role])
        self.posts = staffing.establishment(self.leaver_rate, self.weeks_to_fill)
        self.usual_newcomers = staffing.newcomers_at_equilibrium(self.leaver_rate, rates.induction_weeks)
        self.usual_strangers = staffing.newcomers_at_equilibrium(self.leaver_rate, rates.weeks_to_be_known)
        self.usual_pressure = self._pressure(usual_load)
        self.in_post = 1.0
        self.newcomers, self.strangers = self.usual_newcomers, self.usual_strangers
        self.load = usual_load
        self.capacity = hours
        self.added = 0.0
        self.freed = 0.0
        self.work = hours * usual_load
        self.backlog = 0.0
        self.left = staffing.leaving(self.leaver_rate, 1.0)
        self.weeks: list[StaffWeek] = []

    @property
    def waiting(self) -> float:
        """Backlog in weeks of work."""
        return self.backlog / self.capacity if self.capacity > 0.0 else 0.0

    @property
    def vacancies(self) -> float:
        """Share of posts that are vacant."""
        return 1.0 - self.in_post / self.posts

    @property
    def known(self) -> float:
        """Probability of being seen by staff in post long enough to be known, relative to usual."""
        return staffing.usual_doctor_ratio(self.strangers, self.usual_strangers)

    def week(self, asked: float, extra: float, pence: int = 0, cut: float = 0.0) -> None:
        """Simulate a week with new work ``asked`` [hours] and added staff ``extra`` [hours], negative for a cut.

        ``pence`` is paid for what the scenario added less ``cut`` [hours]; hours that are not there to be cut save
        nothing.
        """
        rates = self.rates
        if self.hours <= 0.0:
            self.work = self.capacity = asked
            self.weeks.append(StaffWeek(asked, asked, 0.0, pence + self._cost(cut), 0.0))
            return
        # This week was served with last week's capacity; here with and without the added hours.
        served = served_alone = share_served(self.capacity, self.work)
        if self.added != 0.0:
            served_alone = share_served(self.capacity - self.added, self.work)
        pressed = self._pressure(self.load)
        absent = staffing.absence(rates.overload_absence, pressed, self.usual_pressure)
        done = staffing.output(self.in_post, self.newcomers, self.usual_newcomers, rates.newcomer_output, absent)
        own = self.hours * done + self.freed
        self.capacity = max(LEAST * self.hours, own + extra)
        self.added = self.capacity - own
        pence += self._cost(min(cut, max(0.0, self.added - extra)))
        chasing = self.backlog * rates.backlog_chasing
        self.work = asked + self.backlog + chasing
        if self.role not in _WITHOUT_BACKLOG:
            self.backlog = staffing.backlog_after(self.work, chasing, self.capacity, rates.backlog_lapse)
        self.load += (self.work / self.capacity - self.load) / max(1.0, rates.load_memory)
        self._turn_over(
            staffing.leaving(self.leaver_rate, self._relative(pressed, rates.overload_turnover_ratio)),
            self.weeks_to_fill * self._relative(pressed, rates.overload_hiring_ratio),
        )
        self.weeks.append(StaffWeek(self.work, self.capacity, self.left, pence, (served - served_alone) * asked))

    def _cost(self, hours: float) -> int:
        return whole_pence(hours * float(self.rates.hourly_cost[self.role])) if hours > 0.0 else 0

    def _pressure(self, load: float) -> float:
        return staffing.pressure(staffing.overload(load, self.rates.comfortable_load), self.rates.overload_half)

    def _relative(self, pressed: float, extreme_ratio: float) -> float:
        return staffing.relative_to_present(pressed, self.usual_pressure, extreme_ratio)

    def _turn_over(self, left: float, weeks_to_fill: float) -> None:
        began = staffing.hired(self.posts, self.in_post, weeks_to_fill)
        self.newcomers = staffing.newcomers_after(self.newcomers, self.in_post, left, began, self.rates.induction_weeks)
        self.strangers = staffing.newcomers_after(
            self.strangers, self.in_post, left, began, self.rates.weeks_to_be_known
        )
        self.in_post = self.in_post * (1.0 - left) + began
        self.left = left

    def row(self, quarter: int, skill: float) -> ServiceRow:
        """The quarter's row in the table of services; a new quarter begins."""
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
