"""Staff in one role of a service: staff in post, newcomers, backlog, overload and turnover."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.events.service_week import HAS_BACKLOG, STAFF, pressure_of, staff_week, weeks_waiting
from simulator.evidence.parameters import Staffing, Table
from simulator.foundations.categories import ROLE_SERVICE, ROLES, SERVICES, WEEKS_PER_YEAR
from simulator.results.results import ServiceRow
from simulator.rules import staffing
from simulator.rules.offset import whole_pence
from simulator.specification.entries import StaffingChange


class _Number:
    """A number of staff, kept in their record."""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, staff: Staff, owner: type) -> float:
        return float(staff.record[self.name])

    def __set__(self, staff: Staff, value: float) -> None:
        staff.record[self.name] = value


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


class Staff:
    """Staff of one role, whose numbers are in a ``record`` of `simulator.events.service_week.STAFF`.

    ``hours`` [hours per week] is usual capacity and ``usual_load`` [work per capacity] the usual work. A role without
    usual work has no staff, and all of its work is done. ``freed`` are this week's hours that automated paperwork
    leaves for residents, in roles whose paperwork is beside these hours (`categories.PAPERWORK_BESIDE`).
    """

    hours, usual_load, load, capacity, freed = _Number(), _Number(), _Number(), _Number(), _Number()
    work, backlog, left, in_post, posts = _Number(), _Number(), _Number(), _Number(), _Number()
    leaver_rate, withdrawn = _Number(), _Number()

    def __init__(self, role: int, rates: Staffing, record: Any = None) -> None:
        self.role, self.rates = role, rates
        self.record = np.zeros(1, STAFF).view(np.recarray)[0] if record is None else record

    def begin(self, hours: float, usual_load: float) -> Staff:
        """Start afresh with the usual hours and load; returns itself."""
        one, rates = self.record, self.rates
        for name in STAFF.names or ():
            one[name] = 0
        one.hours, one.usual_load = hours, usual_load
        one.leaver_rate, one.weeks_to_fill = rates.leaver_rate[self.role], rates.weeks_to_fill[self.role]
        one.posts = staffing.establishment(one.leaver_rate, one.weeks_to_fill)
        one.usual_newcomers = staffing.newcomers_at_equilibrium(one.leaver_rate, rates.induction_weeks)
        one.usual_strangers = staffing.newcomers_at_equilibrium(one.leaver_rate, rates.weeks_to_be_known)
        one.usual_pressure = pressure_of(usual_load, rates)
        one.in_post, one.newcomers, one.strangers = 1.0, one.usual_newcomers, one.usual_strangers
        one.load, one.capacity, one.work = usual_load, hours, hours * usual_load
        one.left = staffing.leaving(one.leaver_rate, 1.0)
        one.has_backlog = HAS_BACKLOG[self.role]
        return self

    @property
    def waiting(self) -> float:
        """Backlog in weeks of work."""
        return float(weeks_waiting(self.record))

    @property
    def vacancies(self) -> float:
        """Share of posts that are vacant."""
        return 1.0 - self.in_post / self.posts

    @property
    def known(self) -> float:
        """Probability of being seen by staff in post long enough to be known, relative to usual."""
        return float(staffing.usual_doctor_ratio(self.record.strangers, self.record.usual_strangers))

    def week(self, asked: float, extra: float, pence: int = 0, cut: float = 0.0) -> None:
        """Simulate a week with new work ``asked`` [hours] and added staff ``extra`` [hours], negative for a cut.

        ``pence`` is paid for what the scenario added less ``cut`` [hours]; hours that are not there to be cut save
        nothing.
        """
        staff_week(self.record, self.rates, asked, extra, (pence, cut, float(self.rates.hourly_cost[self.role])))

    def row(self, quarter: int, skill: float) -> ServiceRow:
        """The quarter's row in the table of services; a new quarter begins."""
        one = self.record
        count = max(1, int(one.weeks))
        hours, work = float(one.hours_of_quarter) / count, float(one.work_of_quarter) / count
        row = ServiceRow(
            quarter=quarter,
            service=SERVICES[ROLE_SERVICE[self.role]],
            role=ROLES[self.role].split(".")[1],
            hours=hours,
            work_hours=work,
            backlog_hours=self.backlog,
            utilisation=work / hours if hours > 0.0 else 0.0,
            turnover=float(one.left_of_quarter) / count * WEEKS_PER_YEAR,
            vacancies=self.vacancies,
            skill=skill,
            known=self.known,
            pence=int(one.pence),
            done_by_added=float(one.done_by_added),
        )
        one.weeks = one.pence = 0
        one.hours_of_quarter = one.work_of_quarter = one.left_of_quarter = one.done_by_added = 0.0
        one.asked_of_quarter = one.done_of_quarter = one.lapsed_of_quarter = 0.0
        return row
