"""The week of the services, shared by both engines: the work that comes, their staff, and the residents' access.

The numbers of a service's staff are a record of `STAFF`, those of all services one of `ServiceNumbers`; the agents in
`simulator.agents` read and write the same memory.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from simulator.evidence.parameters import Table
from simulator.foundations import categories as c
from simulator.foundations.compiling import compiled, helper, inlined
from simulator.foundations.measures import INDEX, MILLIONTHS
from simulator.kernels.workspace import AUTOMATED, BY_STAFF, FAILED, I64, MISSED, ON_LIST, RETURNED, ROUTINE, URGENT
from simulator.rules import contacts, offset, practice_queue, social_care, staffing, ties

LEAST: Final = 0.01
"""Smallest share of usual hours left by a cut; closing a service is not modelled."""
_WITHOUT_BACKLOG: Final = (c.CLINICIAN, c.DISCHARGE_COORDINATOR, c.ASSESSOR, c.HOME_CARER)
"""Roles whose backlog is modelled elsewhere: people not seen or assessed ask again or wait in a bed or at home, and a
missed home care visit is not made up."""
HAS_BACKLOG: Final = ~np.isin(np.arange(len(c.ROLES)), _WITHOUT_BACKLOG)
BESIDE: Final = np.isin(np.arange(len(c.ROLES)), c.PAPERWORK_BESIDE)

STAFF: Final = np.dtype(
    [
        *(
            (name, np.float64)
            for name in (
                "hours",  # usual capacity [hours per week]
                "usual_load",  # usual work per capacity
                "leaver_rate",  # per year
                "weeks_to_fill",
                "posts",  # per filled post at equilibrium
                "usual_newcomers",  # share of staff
                "usual_strangers",  # share of staff too new to be known
                "usual_pressure",  # share
                "in_post",  # relative to usual
                "newcomers",
                "strangers",
                "load",  # remembered work per capacity
                "capacity",  # this week [hours]
                "added",  # of it by a scenario or programmes; negative for a cut [hours]
                "freed",  # hours that automated paperwork beside residents leaves for them
                "work",  # this week, including backlog and repeat contacts [hours]
                "backlog",  # hours of work
                "left",  # share of staff who left this week
                "withdrawn",  # hours whose cost has left the service
                "hours_of_quarter",  # sums since the quarter began: capacity
                "asked_of_quarter",  # hours of new work
                "done_of_quarter",  # hours of work done, without chasing
                "lapsed_of_quarter",  # hours of work given up by those who wait for it
                "work_of_quarter",
                "left_of_quarter",
                "done_by_added",  # hours of work done in the hours added; negative: not done because of a cut
            )
        ),
        ("weeks", np.int64),  # since the quarter began
        ("pence", np.int64),  # cost of the hours that a scenario added since then; negative for a cut
        ("has_backlog", np.int64),
    ]
)
"""Staff in one role; rows are roles."""


class ServiceNumbers(NamedTuple):
    """Numbers of all services, besides those of their staff. S services, T tasks with residents, P of paperwork."""

    skill: Table  # (S,) relational skill [0, 1]
    left: Table  # (S,) share of staff who left this week
    trained: Table  # (S,) hours of training per whole-time head this week
    paperwork: Table  # (P, 2) pieces this quarter: attempts to automate them, and those that staff did again
    automated: I64  # (P,) 1 for paperwork that the scenario automates
    tasks: I64  # (T, 5) the quarter's contacts a week ago, from which this week's are computed
    measures: I64  # (7,) likewise its measures that work follows from


_OVERNIGHT, _REQUESTS, _ADVICE_GIVEN, _CARE_WEEKS, _CONSULTATIONS, _ASSESSMENTS, _CARE_HOURS = range(7)
_COUNTED: Final = np.array(
    [
        INDEX[name]
        for name in (
            "overnight_admissions",
            "care_requests",
            "care_advice",
            "home_care_weeks",
            "consultations",
            "assessments",
            "home_care_hours_millionths",
        )
    ]
)
_BOOKING, _PRESCRIPTION, _BENEFITS, _ADVICE = (
    c.TASKS.index(name)
    for name in (
        "gp_practice.appointment_booking",
        "gp_practice.repeat_prescription",
        "council_contact_centre.council_tax_and_benefits",
        "community_hub.advice",
    )
)
_TASK_ROLE: Final = np.array(c.TASK_ROLE)
_TASK_SERVICE: Final = np.array(c.TASK_SERVICE)
_ROLE_SERVICE: Final = np.array(c.ROLE_SERVICE)
_PAPER_ROLE: Final = np.array(c.ALL_TASK_ROLE[len(c.TASKS) :])
_DRIVER: Final = np.array(c.PAPERWORK_DRIVER)
_CONSULTATION, _MINUTES = c.CONSULTATION, c.MINUTES_PER_HOUR


def new_numbers(skill: Table, automated: list[int]) -> ServiceNumbers:
    """Numbers as the run begins, from the services' usual ``skill`` (S,) and the paperwork that is ``automated``."""
    planned = np.zeros(len(c.PAPERWORK), np.int64)
    planned[automated] = 1
    return ServiceNumbers(
        skill=skill.copy(),
        left=np.zeros(len(c.SERVICES)),
        trained=np.zeros(len(c.SERVICES)),
        paperwork=np.zeros((len(c.PAPERWORK), 2)),
        automated=planned,
        tasks=np.zeros((len(c.TASKS), 5), np.int64),
        measures=np.zeros(len(_COUNTED), np.int64),
    )


# Staff ------------------------------------------------------------------------------------------------------------


@inlined
def pressure_of(load, rates):  # type: ignore[no-untyped-def]
    """Pressure on staff with this load, as a share of its maximum."""
    return staffing.pressure(staffing.overload(load, rates.comfortable_load), rates.overload_half)


@inlined
def cost_of_hours(hours, hourly):  # type: ignore[no-untyped-def]
    """Pence for these hours at ``hourly`` [pounds]."""
    return offset.whole_pence(hours * hourly) if hours > 0.0 else 0


@helper
def staff_week(one, rates, asked, extra, cost):  # type: ignore[no-untyped-def]
    """A week of ``one`` role with new work ``asked`` [hours] and added staff ``extra`` [hours], negative for a cut.

    ``cost`` is what is paid [pence] for the hours that a scenario added less those that it cut, the cut [hours, 0 or
    more], and the pounds an hour. Hours that are not there to be cut save nothing. A role without usual work has no
    staff, and all of its work is done.
    """
    pence, cut, hourly = cost
    one.weeks += 1
    one.pence += pence
    if one.hours <= 0.0:
        one.pence += cost_of_hours(cut, hourly)
        one.work, one.capacity = asked, asked
        one.hours_of_quarter += asked
        one.asked_of_quarter += asked
        one.done_of_quarter += asked
        one.work_of_quarter += asked
        return
    # This week was served with last week's capacity; here with and without the added hours.
    served = social_care.share_served(one.capacity, one.work)
    served_alone = served
    if one.added != 0.0:
        served_alone = social_care.share_served(one.capacity - one.added, one.work)
    pressed = pressure_of(one.load, rates)
    absent = staffing.absence(rates.overload_absence, pressed, one.usual_pressure)
    done = staffing.output(one.in_post, one.newcomers, one.usual_newcomers, rates.newcomer_output, absent)
    own = one.hours * done + one.freed
    one.capacity = max(LEAST * one.hours, own + extra)
    one.added = one.capacity - own
    one.pence += cost_of_hours(min(cut, max(0.0, one.added - extra)), hourly)
    chasing = one.backlog * rates.backlog_chasing
    one.work = asked + one.backlog + chasing
    undone = staffing.left_undone(one.work, chasing, one.capacity)
    one.done_of_quarter += asked + one.backlog - undone
    if one.has_backlog:
        one.backlog = undone * (1.0 - rates.backlog_lapse)
    one.lapsed_of_quarter += undone - one.backlog
    one.load += (one.work / one.capacity - one.load) / max(1.0, rates.load_memory)
    leaves_more = staffing.relative_to_present(pressed, one.usual_pressure, rates.overload_turnover_ratio)
    takes_longer = staffing.relative_to_present(pressed, one.usual_pressure, rates.overload_hiring_ratio)
    left = staffing.leaving(one.leaver_rate, leaves_more)
    began = staffing.hired(one.posts, one.in_post, one.weeks_to_fill * takes_longer)
    one.newcomers = staffing.newcomers_after(one.newcomers, one.in_post, left, began, rates.induction_weeks)
    one.strangers = staffing.newcomers_after(one.strangers, one.in_post, left, began, rates.weeks_to_be_known)
    one.in_post = one.in_post * (1.0 - left) + began
    one.left = left
    one.hours_of_quarter += one.capacity
    one.asked_of_quarter += asked
    one.work_of_quarter += one.work
    one.left_of_quarter += left
    one.done_by_added += (served - served_alone) * asked


@helper
def staff_weeks(staff, numbers, rates, work, added, freed):  # type: ignore[no-untyped-def]
    """A week of every role with new ``work`` [hours], shape (roles,), and of the services' skill.

    ``added`` are hours, hours of training, pence and hours cut by role, and ``freed`` [hours] by how much automation
    has made paperwork beside that work less. Where someone was trained, the skill is left to `Service.learn`.
    """
    in_post, training, skill = np.zeros(len(c.SERVICES)), np.zeros(len(c.SERVICES)), numbers.skill
    extra, lessons, pence, cut = added
    keep = ties.weekly_keep(rates.skill_half_life)
    numbers.left[:] = 0.0
    for role in range(staff.shape[0]):
        one, service = staff[role], _ROLE_SERVICE[role]
        one.freed = freed[role] if BESIDE[role] else 0.0
        cost = (pence[role], cut[role], rates.hourly_cost[role])
        staff_week(one, rates, work[role], extra[role] - one.withdrawn, cost)
        there = one.hours * one.in_post
        in_post[service] += there
        numbers.left[service] += one.left * there
        training[service] += lessons[role]
    for service in range(in_post.shape[0]):
        numbers.trained[service] = 0.0
        if in_post[service] > 0.0:
            numbers.left[service] /= in_post[service]
            numbers.trained[service] = training[service] * rates.whole_time_hours / in_post[service]
        if numbers.trained[service] == 0.0:
            usual = rates.usual_skill[service]
            skill[service] = staffing.skill_after(skill[service], usual, keep, numbers.left[service], 0.0)


# Work -------------------------------------------------------------------------------------------------------------


@inlined
def task_minutes(counts, rates, task):  # type: ignore[no-untyped-def]
    """Staff time for one task's contacts, ``counts`` (5,), with rework, rebooking and unusable fragments [minutes].

    An automated contact frees only the realisation rate of its minutes; the rest is fragments. Freed time that leaves
    the service is withdrawn from its staff (`simulator.agents.services.Service.withdraw_hours`).
    """
    by_staff, automated, returned = counts[BY_STAFF] + counts[MISSED], counts[AUTOMATED], counts[RETURNED]
    minutes = offset.minutes_with_staff(
        by_staff, automated, returned, rates.minutes_per_contact[task], rates.realisation_rate
    )
    return returned * rates.rework_minutes[task] + minutes


@inlined
def chasing_hours(waiting, rates):  # type: ignore[no-untyped-def]
    """Hours of reception in a week for calls of people ``waiting`` for an appointment who ask after it."""
    return waiting * rates.staffing.backlog_chasing * rates.contacts.minutes_per_contact[_BOOKING] / _MINUTES


@helper
def week_of_work(tasks, counted, requests, rates, work):  # type: ignore[no-untyped-def]
    """Fill ``work`` [hours], shape (roles,), with this week's new work of each role, without paperwork.

    ``tasks`` (T, 5) are its contacts, ``counted`` (7,) its measures and ``requests`` those of `Workspace.requests`.
    """
    work[:] = 0.0
    for task in range(tasks.shape[0]):
        if task != _CONSULTATION:
            work[_TASK_ROLE[task]] += task_minutes(tasks[task], rates.contacts, task) / _MINUTES
    asked = requests[ROUTINE] + requests[URGENT]
    work[c.CLINICIAN] += asked * rates.contacts.minutes_per_contact[_CONSULTATION] / _MINUTES
    work[c.RECEPTIONIST] += chasing_hours(requests[ON_LIST], rates)
    work[c.DISCHARGE_COORDINATOR] = counted[_OVERNIGHT] * rates.staffing.discharge_hours
    work[c.ASSESSOR] = (counted[_REQUESTS] - counted[_ADVICE_GIVEN]) * rates.social_care.assessment_hours
    work[c.HOME_CARER] = counted[_CARE_WEEKS] * rates.social_care.home_care_hours


@inlined
def _answered(counts):  # type: ignore[no-untyped-def]
    return np.float64(counts[BY_STAFF] + counts[AUTOMATED] - counts[FAILED])


@helper
def drivers_of(people, tasks, counted):  # type: ignore[no-untyped-def]
    """What brings paperwork this week, in the order of `categories.DRIVERS`."""
    return (
        people / c.WEEKS_PER_YEAR,
        np.float64(counted[_CONSULTATIONS]),
        _answered(tasks[_PRESCRIPTION]),
        np.float64(counted[_OVERNIGHT]),
        np.float64(counted[_ASSESSMENTS]),
        counted[_CARE_WEEKS] / c.WEEKS_PER_YEAR,
        counted[_CARE_HOURS] / MILLIONTHS,
        _answered(tasks[_BENEFITS]),
        _answered(tasks[_ADVICE]),
    )


@helper
def week_of_paperwork(drivers, shares, rates, numbers, hours):  # type: ignore[no-untyped-def]
    """A week's paperwork by role, added to ``hours``: those that it takes and those that automation has freed.

    ``drivers`` are in the order of `categories.DRIVERS`. ``shares`` are each task's share automated and its failure
    relative to the start, both of shape (P,). Attempts and failures are added to ``numbers.paperwork``. Freed hours are
    negative if failures take more.
    """
    taken, freed = hours
    levels, failing = shares
    for task in range(levels.shape[0]):
        pieces = drivers[_DRIVER[task]] * rates.volume[task]
        usual = pieces * rates.minutes[task] / _MINUTES
        taken[_PAPER_ROLE[task]] += usual
        if numbers.automated[task]:
            attempts = pieces * levels[task]
            again = attempts * (rates.failure_probability[task] * failing[task])
            numbers.paperwork[task, 0] += attempts
            numbers.paperwork[task, 1] += again
            minutes = offset.minutes_with_staff(
                pieces - attempts + again, attempts, again, rates.minutes[task], rates.realisation_rate[task]
            )
            freed[_PAPER_ROLE[task]] += usual - (minutes + again * rates.rework_minutes[task]) / _MINUTES
    for role in range(taken.shape[0]):
        taken[role] -= freed[role]


@compiled
def serve_week(staff, numbers, w, x, now, week):  # type: ignore[no-untyped-def]
    """The services' week, from the contacts counted to the staff.

    ``week`` are, for paperwork, each task's share automated and its failure relative to the start, and, by role, what
    is added to staff: hours, hours of training, pence and hours cut.
    """
    rates, numbers, begins_quarter = x[0].rates, numbers[0], now[0].elapsed % c.WEEKS_PER_QUARTER == 0
    levels, failing, extra, training, pence, cut = week
    tasks, counted = w.task_counts.copy(), np.zeros(len(_COUNTED), np.int64)
    for cell in range(w.counts.shape[0]):
        for k in range(counted.shape[0]):
            counted[k] += w.counts[cell, _COUNTED[k]]
    for task in range(tasks.shape[0]):
        for k in range(tasks.shape[1]):
            before = 0 if begins_quarter else numbers.tasks[task, k]
            numbers.tasks[task, k] = tasks[task, k]
            tasks[task, k] -= before
    for k in range(counted.shape[0]):
        before = 0 if begins_quarter else numbers.measures[k]
        numbers.measures[k] = counted[k]
        counted[k] -= before
    work, taken, freed = np.zeros(len(c.ROLES)), np.zeros(len(c.ROLES)), np.zeros(len(c.ROLES))
    week_of_work(tasks, counted, w.requests, rates, work)
    drivers = np.array(drivers_of(w.berth.shape[0], tasks, counted))
    week_of_paperwork(drivers, (levels, failing), rates.paperwork, numbers, (taken, freed))
    for role in range(work.shape[0]):
        work[role] += 0.0 if BESIDE[role] else taken[role]
    staff_weeks(staff, numbers, rates.staffing, work, (extra, training, pence, cut), freed)


# Access -----------------------------------------------------------------------------------------------------------


@inlined
def weeks_waiting(one):  # type: ignore[no-untyped-def]
    """Backlog of a role in weeks of work."""
    return one.backlog / one.capacity if one.capacity > 0.0 else 0.0


@inlined
def _wait_ratio(one, effect):  # type: ignore[no-untyped-def]
    return social_care.wait_ratio(one.load, one.usual_load, effect)


@compiled
def give_access(staff, numbers, x, waiting, now):  # type: ignore[no-untyped-def]
    """Residents' access to services in the coming week, written to ``now``, from the state of their staff.

    ``waiting`` is the number of people who wait to be assessed; below 0 in the warm-up, in which the waiting list is in
    balance.
    """
    rates, numbers, now = x[0].rates, numbers[0], now[0]
    room, social, care = rates.staffing, rates.social_care, rates.care
    for task in range(now.skill.shape[0]):
        one, service = staff[_TASK_ROLE[task]], _TASK_SERVICE[task]
        relieved = contacts.not_through_when_relieved(
            rates.contacts.not_through_probability[task],
            one.load,
            one.usual_load,
            rates.contacts.relief_through_effect,
        )
        now.not_through[task] = staffing.not_through(relieved, weeks_waiting(one), room.waiting_half)
        now.skill[task] = staffing.skill_ratio(numbers.skill[service], room.usual_skill[service], room.skill_weight)
    reception, doctors = staff[c.RECEPTIONIST], staff[c.CLINICIAN]
    unanswered = staffing.not_through(0.0, weeks_waiting(reception), room.waiting_half)
    busier = reception.load / reception.usual_load if reception.usual_load > 0.0 else 1.0
    for band in range(now.attempt_fails.shape[0]):
        usual = care.attempt_fails[band]
        now.attempt_fails[band] = practice_queue.attempt_fails(usual, busier, care.attempts_load_effect, unanswered)
    carers, assessors = staff[c.HOME_CARER], staff[c.ASSESSOR]
    if waiting < 0:
        now.assessed = social_care.assessment_probability_at_rest(social.waiting_weeks, assessors.usual_load)
    else:
        now.assessed = social_care.assessment_probability(
            assessors.capacity, social.assessment_hours, waiting, social.assessment_weeks
        )
    known = staffing.usual_doctor_ratio(doctors.strangers, doctors.usual_strangers)
    now.same_doctor = min(1.0, care.mean_continuity * known)
    now.gp_left = staffing.left_within(doctors.left, c.WEEKS_PER_QUARTER)
    usual_waits = care.wait_by_cause
    now.waits[0] = usual_waits[0] * _wait_ratio(carers, room.home_care_wait_effect)
    now.waits[1] = usual_waits[1] * _wait_ratio(assessors, room.assessment_wait_effect)
    now.waits[2] = usual_waits[2] * _wait_ratio(carers, 0.0)  # someone at home is nobody's work
    now.waits[3] = usual_waits[3] * _wait_ratio(staff[c.DISCHARGE_COORDINATOR], room.discharge_wait_effect)
    now.home_care_met = social_care.share_served(carers.capacity, carers.work)
