"""Arithmetic of the offset: the value automation releases, its costs, and how the released value is used.

Money is in pounds while it is estimated and in whole pence once it is booked. For one service over any period,
``released = automated - rework - technology`` and ``released = reinvested + saved + absorbed``, exactly.
"""

from __future__ import annotations

import math

from simulator.foundations.compiling import rule


@rule
def automation_level(week: int, share: float, from_week: int, ramp_weeks: int) -> float:
    """Share of a task's contacts automated in ``week`` [weeks from the start], averaged over that week.

    0 before ``from_week`` [weeks], then rising linearly to ``share`` [share] over ``ramp_weeks`` [weeks], then
    constant. A ramp of 0 weeks is a step.

    >>> automation_level(9, 0.6, 10, 4), automation_level(10, 0.6, 10, 4), automation_level(14, 0.6, 10, 4)
    (0.0, 0.075, 0.6)
    >>> automation_level(10, 0.6, 10, 0)
    0.6
    """
    if week < from_week:
        return 0.0
    if week >= from_week + ramp_weeks:
        return share
    return share * (week - from_week + 0.5) / ramp_weeks


@rule
def automated_value(contacts: float, minutes: float, hourly_cost: float, realisation: float) -> float:
    """Value of the staff time that automated ``contacts`` [contacts] free [pounds].

    Each contact took ``minutes`` [minutes] at ``hourly_cost`` [pounds per hour]; only the ``realisation`` [share] of
    that time can be used for something else.

    >>> automated_value(1000.0, 6.0, 30.0, 0.3)
    900.0
    """
    return contacts * minutes / 60.0 * hourly_cost * realisation


@rule
def rework_cost(
    returned: float, minutes: float, rework_minutes: float, hourly_cost: float, realisation: float
) -> float:
    """Cost of ``returned`` [contacts], failed automated contacts that come back to staff [pounds].

    Each takes back the usual ``minutes`` [minutes] at ``hourly_cost`` [pounds per hour], of which the ``realisation``
    [share] had been counted as freed, and besides the ``rework_minutes`` [minutes] to find out what went wrong, which
    count in full. Rework is an example of failure demand (Seddon J 2003, Freedom from Command and Control).

    >>> rework_cost(100.0, 6.0, 3.0, 30.0, 1.0), rework_cost(100.0, 6.0, 3.0, 30.0, 0.5)
    (450.0, 300.0)
    """
    return returned * (minutes * realisation + rework_minutes) / 60.0 * hourly_cost


@rule
def minutes_with_staff(by_staff: float, automated: float, returned: float, minutes: float, realisation: float) -> float:
    """Staff time that contacts or pieces of paperwork still take, without rework beyond the usual time [minutes].

    ``by_staff`` [contacts] with staff, those ``returned`` [contacts] to them included, and ``automated`` [contacts],
    failures included, of which those not returned leave the part of ``minutes`` [minutes] that cannot be used.

    >>> minutes_with_staff(60.0, 40.0, 0.0, 5.0, 1.0), minutes_with_staff(100.0, 40.0, 40.0, 5.0, 0.45)
    (300.0, 500.0)
    """
    return by_staff * minutes + (automated - returned) * minutes * (1.0 - realisation)


@rule
def failure_after_learning(weeks: float, half_life: float, learnable: float) -> float:
    """Failure of automation in use for ``weeks`` [weeks], as a ratio to that at its start.

    The ``learnable`` [share] of failures halves every ``half_life`` [weeks]; the rest stays.

    >>> failure_after_learning(0.0, 52.0, 0.4), failure_after_learning(52.0, 52.0, 0.4)
    (1.0, 0.8)
    >>> failure_after_learning(520.0, 52.0, 0.0), round(failure_after_learning(1e9, 52.0, 0.4), 6)
    (1.0, 0.6)
    """
    return 1.0 - learnable * (1.0 - math.exp(-math.log(2.0) * weeks / max(1.0, half_life)))


@rule
def technology_cost(
    contacts: float, cost_per_contact: float, cost_per_year: float, people: float, weeks: float
) -> float:
    """Cost of the technology for one task while any of it is automated [pounds].

    ``contacts`` [contacts] automated at ``cost_per_contact`` [pounds per contact], plus licences and maintenance of
    ``cost_per_year`` [pounds per year per 1,000 people] for ``people`` [people] over ``weeks`` [weeks] of a 52-week
    year.

    >>> technology_cost(1000.0, 0.25, 200.0, 28000.0, 13.0)
    1650.0
    """
    return contacts * cost_per_contact + cost_per_year * (people / 1000.0) * (weeks / 52.0)


@rule
def whole_pence(pounds: float) -> int:
    """Pounds as the nearest whole number of pence, with halves rounded up.

    >>> whole_pence(1.235), whole_pence(-1.0), whole_pence(0.004)
    (124, -100, 0)
    """
    return math.floor(pounds * 100.0 + 0.5)


@rule
def split_release(
    released: int, redeployable_share: float, backlog_share: float, reinvest_share: float
) -> tuple[int, int, int]:
    """The parts of ``released`` [pence]: (reinvested, saved, absorbed) [pence], which add up to it exactly.

    Time that cannot leave the task (1 - ``redeployable_share`` [share]) and time the service keeps for its backlog
    (``backlog_share`` [share] of the rest) is absorbed; ``reinvest_share`` [share] of the remainder is reinvested and
    the rest is saved. A loss is booked wholly as a negative saving.

    >>> split_release(100_000, 0.8, 0.25, 0.5)
    (30000, 30000, 40000)
    >>> split_release(-700, 0.8, 0.25, 0.5)
    (0, -700, 0)
    """
    if released <= 0:
        return 0, released, 0
    movable = math.floor(released * redeployable_share * (1.0 - backlog_share) + 0.5)
    reinvested = math.floor(movable * reinvest_share + 0.5)
    return reinvested, movable - reinvested, released - movable


@rule
def blended_share(movable: float, gains: float) -> float:
    """Redeployable share [share] of a service: the part ``movable`` of ``gains`` [any unit].

    ``gains`` is the sum over tasks that release anything and ``movable`` the same sum weighted by each task's
    redeployable share; 0 if no task releases anything.

    >>> blended_share(30.0, 40.0), blended_share(0.0, 0.0)
    (0.75, 0.0)
    """
    if gains <= 0.0:
        return 0.0
    return movable / gains


@rule
def units_from_money(pence_per_week: float, unit_cost_per_year: float) -> float:
    """Units (whole-time workers, weekly cafés) that ``pence_per_week`` [pence per week] pays for.

    ``unit_cost_per_year`` [pounds per year] of a 52-week year.

    >>> units_from_money(100_000.0, 52_000.0)
    1.0
    """
    return pence_per_week * 52.0 / 100.0 / unit_cost_per_year


@rule
def hours_withdrawn(pence: int, weeks: int, hourly_cost: float) -> float:
    """Staff hours per week that a service loses when ``pence`` [pence] leave it over ``weeks`` [weeks].

    ``hourly_cost`` [pounds per hour]. Released value that leaves a service pays for other staff; a loss removes no
    time.

    >>> hours_withdrawn(130_000, 13, 20.0), hours_withdrawn(-500, 13, 20.0), hours_withdrawn(500, 13, 0.0)
    (5.0, 0.0, 0.0)
    """
    if pence <= 0 or hourly_cost <= 0.0:
        return 0.0
    return pence / 100.0 / weeks / hourly_cost
