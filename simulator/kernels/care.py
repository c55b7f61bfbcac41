"""Phases ask, get_care and recover: contacts with services and the course of acute episodes."""

from __future__ import annotations

import numpy as np

from simulator.foundations import random_numbers as draws
from simulator.foundations.categories import (
    CONSULTATION,
    TASKS,
)
from simulator.foundations.compiling import helper, inlined
from simulator.foundations.measures import INDEX, columns_of
from simulator.kernels.cells import cell_of, draw_words_for, tally
from simulator.kernels.look import EPISODE, episode_bound
from simulator.kernels.workspace import (
    AUTOMATED,
    BEDS,
    BY_STAFF,
    CAME,
    FAILED,
    FROM_LIST,
    MISSED,
    ON_LIST,
    RETURNED,
    ROUTINE,
    URGENT,
    WENT,
)
from simulator.population.columns import (
    ASKS_ROUTINE,
    ASKS_URGENT,
    AWAY_HOSPITAL,
)
from simulator.rules import care, chance, contacts, practice_queue
from simulator.rules.illness import ACUTE_EPISODE, NO_EPISODE, READMISSION

_OF_CONTACT = columns_of(contacts.COUNTED)
_OF_TASK = (BY_STAFF, AUTOMATED, FAILED, RETURNED, MISSED)
_OF_EPISODE = columns_of(care.COUNTED)
_HUMAN = INDEX["human_contacts"]
_CONSULTATIONS = INDEX["consultations"]
_TURNED_AWAY = INDEX["requests_turned_away"]
_ATTEMPTS, _FAILED = INDEX["practice_attempts"], INDEX["practice_attempts_failed"]
_REQUESTS, _LATE = INDEX["routine_requests"], INDEX["late_consultations"]
_WAITING, _GIVEN_UP, _UNMET = INDEX["gp_waiting_weeks"], INDEX["gp_requests_given_up"], INDEX["unmet_needs"]
_AE = INDEX["ae_attendances"]
_TASKS = len(TASKS)
_AT_ONCE = 512
"""Number of contacts whose random numbers are drawn together."""


@inlined
def contact(person, x, task, attempt):  # type: ignore[no-untyped-def]
    """One routine contact of a resident for ``task``; returns the increments of `contacts.COUNTED`, and whether it asks
    staff for a consultation.

    ``attempt``: share automated, its failure relative to the start, probability of not getting through, relational
    skill, and four uniform numbers. Like those below it takes no arrays, because passing them updates reference counts.
    """
    level, failing, not_through, skill, u_channel, u_fails, u_returns, u_missed = attempt
    rates, consultation = x.rates.contacts, task == CONSULTATION
    failure = (x.tables.failure[task * 3 + np.int64(person.digital_capability)] * failing, not_through)
    result = contacts.outcome(u_channel, u_fails, u_returns, level, failure, rates.return_share)
    missed = contacts.misses(
        result, consultation, u_missed, rates.missed_probability[task], rates.missed_automated_ratio
    )
    if contacts.answered_by_machine(result, consultation):
        person.saw_usual_gp = 0
    person.trust, person.continuity, person.unmet_need = contacts.after_contact(
        result,
        consultation,
        missed,
        (person.trust, person.continuity, person.unmet_need),
        (rates.trust_gain * skill, rates.relational_content[task], x.rates.care.continuity_memory),
        (rates.unmet_need_weight[task], rates.missed_need),
    )
    return contacts.contact_counts(result, consultation, missed), contacts.asks_staff(result, consultation)


@inlined
def other_task(tables, kind, u):  # type: ignore[no-untyped-def]
    """The task of a contact, drawn from the cumulative shares for this kind of person."""
    task = 1
    for k in range(1, _TASKS - 1):  # always to the end, which is faster than an unpredictable early exit
        task += u >= tables.task_cumulative[kind * _TASKS + k]
    return task


@helper
def make_contacts(r, w, x, now, callers, made):  # type: ignore[no-untyped-def]
    """The first ``made`` contacts for tasks other than consultations; ``callers`` are rows and random streams."""
    tables = x.tables
    words = draw_words_for(w, now, callers, made)
    for q in range(made):
        i = np.int64(callers[0, q])
        person = r[i]
        kind = np.int64(person.age_band) * 4 + np.int64(person.conditions)
        u_task, a, b, d = (
            draws.unit(words[0, q]),
            draws.unit(words[1, q]),
            draws.unit(words[2, q]),
            draws.unit(words[3, q]),
        )
        task = other_task(tables, kind, u_task)
        edge = kind * _TASKS + task
        u_missed = contacts.remaining_uniform(u_task, tables.task_cumulative[edge - 1], tables.task_cumulative[edge])
        channel = now.levels[task], now.failing[task], now.not_through[task], now.skill[task]
        here, (amounts, _) = cell_of(person), contact(person, x, task, (*channel, a, b, d, u_missed))
        for k in range(len(_OF_CONTACT)):
            w.counts[here, _OF_CONTACT[k]] += amounts[k]
        for k in range(len(_OF_TASK)):
            w.task_counts[task, _OF_TASK[k]] += amounts[k]
        w.bounds[EPISODE, i] = episode_bound(w.bounds[EPISODE, i], person.unmet_need, w.most_unmet[i])


@inlined
def consult(person, x, now, u_same):  # type: ignore[no-untyped-def]
    """What a consultation with staff does to continuity, the next visit and trust."""
    same = u_same < now.same_doctor + now.continuity_gain[person.enrolled]
    person.continuity = care.continuity_after(person.continuity, same, x.rates.care.continuity_memory)
    person.saw_usual_gp = np.uint8(same)
    relational = x.rates.contacts.relational_content[CONSULTATION]
    gain = x.rates.contacts.trust_gain * now.skill[CONSULTATION]
    person.trust = contacts.trust_after_contact(person.trust, gain, relational)


@inlined
def refuse(person, x, u):  # type: ignore[no-untyped-def]
    """What someone does after being turned away or not getting through all week; who has a booking keeps it.

    Returns what is to be counted: whether to A&E, and whether given up.
    """
    if person.gp_request == practice_queue.BOOKED:
        return False, False
    rate = x.rates.care
    gives_up = rate.turned_away_gives_up[person.conditions]
    action = practice_queue.after_refusal(u, rate.turned_away_to_ae[person.age_band], gives_up)
    person.gp_request, person.gp_request_weeks = practice_queue.request_after(action, np.int64(person.gp_request_weeks))
    if action == practice_queue.GIVES_UP:
        person.unmet_need += x.rates.contacts.unmet_need_weight[CONSULTATION]
    return action == practice_queue.TO_AE, action == practice_queue.GIVES_UP


@inlined
def reach(person, x, now, u):  # type: ignore[no-untyped-def]
    """Attempts to reach the practice for an appointment: made, failed, and what `refuse` returns."""
    made, failed, u_left = practice_queue.attempts(
        u, now.attempt_fails[person.age_band], x.rates.care.attempts_in_a_week
    )
    to_ae, given_up = False, False
    if failed == made:
        to_ae, given_up = refuse(person, x, u_left)
    return made, failed, to_ae, given_up


@inlined
def wait_on(person, x):  # type: ignore[no-untyped-def]
    """A week of waiting for an appointment, in which the need grows."""
    person.gp_request_weeks = min(practice_queue.MOST_WEEKS, np.int64(person.gp_request_weeks) + 1)
    person.unmet_need += x.rates.care.waiting_need


@inlined
def wait(person, x, now, u):  # type: ignore[no-untyped-def]
    """A week of someone with a booking: still waits, is seen or gives up; and whether the appointment was late."""
    week = practice_queue.week_on_list(u, now.booked_seen, x.rates.care.waiting_lapse)
    if week == practice_queue.STILL_WAITS:
        wait_on(person, x)
        return week, False
    late = person.gp_request_weeks > practice_queue.TWO_WEEKS
    person.gp_request, person.gp_request_weeks = practice_queue.NO_REQUEST, 0
    if week == practice_queue.LAPSES:
        person.unmet_need += x.rates.contacts.unmet_need_weight[CONSULTATION]
        return week, False
    consult(person, x, now, u / now.booked_seen)
    return week, late


@helper
def ask_practice(r, w, x, now, rows):  # type: ignore[no-untyped-def]
    """Appointments booked earlier take place; who wants a consultation tries to reach the practice."""
    tables = x.tables
    for i in rows:
        person = r[i]
        if person.days_in_hospital > 0:
            continue
        here = cell_of(person)
        kind = np.int64(person.age_band) * 4 + np.int64(person.conditions)
        expected = tables.wanted[(kind * 2 + np.int64(person.lonely)) * 2 + np.int64(person.saw_usual_gp)]
        u_wanted = draws.unit(w.random_words[6, i])
        asks = person.gp_request == practice_queue.CALLS_AGAIN
        if person.gp_request == practice_queue.BOOKED:
            u_week = chance.left_of(draws.unit(w.random_words[7, i]), tables.contacts[kind])
            week, late = wait(person, x, now, u_week)
            seen = np.int64(week == practice_queue.WAS_SEEN)
            w.counts[here, _WAITING] += week == practice_queue.STILL_WAITS
            w.requests[ON_LIST] += week == practice_queue.STILL_WAITS
            w.counts[here, _GIVEN_UP] += week == practice_queue.LAPSES
            w.counts[here, _UNMET] += week == practice_queue.LAPSES
            w.counts[here, _LATE] += late
            w.requests[FROM_LIST] += seen
            w.counts[here, _CONSULTATIONS] += seen
            w.counts[here, _HUMAN] += seen
            w.task_counts[CONSULTATION, BY_STAFF] += seen
        for k in range(chance.whole_number(u_wanted, expected)):
            if now.levels[CONSULTATION] <= 0.0 and now.not_through[CONSULTATION] <= 0.0:
                # Answered by staff in any case, so no draw is needed.
                asks = True
                continue
            _, a, b, d = draws.draw(now.seed, draws.CHANNEL + k, now.week, person.berth, person.generation)
            reached = now.not_through[CONSULTATION], now.skill[CONSULTATION]
            channel = now.levels[CONSULTATION], now.failing[CONSULTATION], *reached
            amounts, asks_staff = contact(person, x, CONSULTATION, (*channel, a, b, d, 1.0))
            tally(w.counts, here, _OF_CONTACT, amounts)
            tally(w.task_counts, CONSULTATION, _OF_TASK, amounts)
            asks |= asks_staff
        if asks:
            made, failed, to_ae, given_up = reach(person, x, now, chance.left_of(u_wanted, expected))
            through = np.int64(failed < made)
            person.asking |= np.uint8(ASKS_ROUTINE * through)
            w.requests[ROUTINE] += through
            w.counts[here, _REQUESTS] += through
            w.counts[here, _ATTEMPTS] += made
            w.counts[here, _FAILED] += failed
            w.counts[here, _AE] += to_ae
            w.counts[here, _GIVEN_UP] += given_up
            w.counts[here, _UNMET] += given_up
        w.bounds[EPISODE, i] = episode_bound(w.bounds[EPISODE, i], person.unmet_need, w.most_unmet[i])


@helper
def ask(r, w, x, now, rows):  # type: ignore[no-untyped-def]
    """Some go to A&E with something minor, and some with an acute episode to the practice first."""
    for i in rows:
        person = r[i]
        person.asking = 0
        if person.days_in_hospital > 0:
            continue
        if chance.happens_beyond(
            draws.unit(w.random_words[3, i]), x.tables.transient, x.tables.minor_attendance[person.deprivation]
        ):
            w.counts[cell_of(person), _AE] += 1
        if person.episode == ACUTE_EPISODE:
            u_first, _, _, _ = draws.draw(now.seed, draws.CARE, now.week, person.berth, person.generation)
            if u_first < x.rates.care.asks_gp_first:
                person.asking |= np.uint8(ASKS_URGENT)
                w.requests[URGENT] += 1


@helper
def contact_services(r, w, x, now, rows):  # type: ignore[no-untyped-def]
    """Routine contacts for tasks other than consultations."""
    callers, made = np.empty((2, _AT_ONCE), np.uint32), 0
    for i in rows:
        person = r[i]
        if person.days_in_hospital > 0:
            continue
        kind = np.int64(person.age_band) * 4 + np.int64(person.conditions)
        others = chance.whole_number(draws.unit(w.random_words[7, i]), x.tables.contacts[kind])
        if made + others > _AT_ONCE:
            make_contacts(r, w, x, now, callers, made)
            made = 0
        for k in range(others):
            callers[0, made], callers[1, made] = i, draws.CHANNEL + 16 + k
            made += 1
    make_contacts(r, w, x, now, callers, made)


@inlined
def have_episode(person, seen, uniforms, x, now):  # type: ignore[no-untyped-def]
    """An acute episode, from the practice's decision (``seen``) to its end; returns its increments of `care.COUNTED`.

    ``uniforms`` decide on going to A&E and on admission overnight.
    """
    rate, band, readmitted = x.rates.care, person.age_band, person.episode == READMISSION
    u_recorded, u_days, u_waits, u_wait = draws.draw(now.seed, draws.STAY, now.week, person.berth, person.generation)
    growth = rate.zero_night_growth + rate.local_recording_growth
    zero_night = care.zero_night_probability(rate.zero_night_probability[band], growth, now.trend_week)
    gap = person.support - now.reference_support
    helped = care.mobilised_help(x.programmes.help_in_illness[person.enrolled], rate.mobilised_help_effect)
    overnight = care.kept_probability(
        readmitted,
        rate.overnight_probability[band],
        zero_night,
        gap,
        rate.support_admission_effect,
        x.programmes.overnight_admission[person.enrolled] + helped,
    )
    to_ae = care.goes_to_ae_probability(seen, rate.ae_after_gp, rate.ae_without_gp)
    end = care.end_of_episode(readmitted, seen, (uniforms[0], uniforms[1], u_recorded), to_ae, overnight, zero_night)
    causes = (now.waits[0], now.waits[1], now.waits[2], now.waits[3])
    longer = care.time_in_hospital(gap, rate.support_stay_effect, helped)
    waits = x.programmes.waiting[person.enrolled] * longer
    cause = care.cause_of_wait(u_waits, rate.discharge_need[band], waits, causes, np.int64(person.lives_alone))
    days, waiting = care.stay(end, u_days, u_wait, rate.overnight_days[band] * longer, cause, rate.wait_days)
    counted = care.episode_counts(end, np.int64(person.weeks_since_discharge), days, waiting, cause)
    person.unmet_need += np.float64(end == care.UNSEEN)
    person.days_in_hospital += days + waiting
    if end == care.ZERO_NIGHT:
        person.weeks_since_discharge = 0
    quarter = now.quarter_slot
    person.admissions_by_quarter[quarter] = care.admissions_after(np.int64(person.admissions_by_quarter[quarter]), end)
    return counted


@inlined
def answer_request(person, x, now, uniforms):  # type: ignore[no-untyped-def]
    """The practice's answer to a routine request; returns it, whether it was late or joins the list, and `refuse`.

    Who has a booking already takes to it what is not seen this week.
    """
    u_answer, u_same, u_after = uniforms
    booked = person.gp_request == practice_queue.BOOKED
    answer = practice_queue.answer(u_answer, now.turned_away, now.routine_seen)
    late, joins, to_ae, given_up = False, False, False, False
    if answer == practice_queue.SEEN:
        if not booked:
            late = person.gp_request_weeks > practice_queue.TWO_WEEKS
            person.gp_request, person.gp_request_weeks = practice_queue.NO_REQUEST, 0
        consult(person, x, now, u_same)
    elif answer == practice_queue.TURNED_AWAY:
        to_ae, given_up = refuse(person, x, u_after)
    elif not booked:
        joins = True
        person.gp_request = practice_queue.BOOKED
        wait_on(person, x)
    return answer, late, joins, to_ae, given_up


@helper
def get_care(r, w, x, now, rows):  # type: ignore[no-untyped-def]
    """Requests are seen, booked or turned away; acute episodes end at home, at A&E or in a hospital bed.

    Inlined helpers take one record rather than the arrays, because passing arrays updates reference counts.
    """
    size = rows.shape[0]
    patients = np.empty((2, size), np.uint32)
    for q in range(size):
        patients[0, q], patients[1, q] = rows[q], draws.CONSULTATION
    words = draw_words_for(w, now, patients, size)
    for q in range(size):
        i = patients[0, q]
        person = r[i]
        if person.asking == 0 and person.episode == NO_EPISODE:
            continue
        here, consulted = cell_of(person), 0
        if person.asking & np.uint8(ASKS_ROUTINE):
            u_answer, u_same, u_after = draws.unit(words[0, q]), draws.unit(words[1, q]), draws.unit(words[2, q])
            answer, late, joins, to_ae, given_up = answer_request(person, x, now, (u_answer, u_same, u_after))
            consulted += answer == practice_queue.SEEN
            w.counts[here, _TURNED_AWAY] += answer == practice_queue.TURNED_AWAY
            w.counts[here, _LATE] += late
            w.counts[here, _WAITING] += joins
            w.requests[ON_LIST] += joins
            w.counts[here, _AE] += to_ae
            w.counts[here, _GIVEN_UP] += given_up
            w.counts[here, _UNMET] += given_up
        if person.episode != NO_EPISODE:
            _, u_seen, u_ae, u_kept = draws.draw(now.seed, draws.CARE, now.week, person.berth, person.generation)
            seen = (person.asking & np.uint8(ASKS_URGENT)) != 0 and u_seen < now.urgent_seen
            if seen:
                consult(person, x, now, u_seen / now.urgent_seen)
                consulted += 1
            in_bed = person.days_in_hospital > 0
            counted = have_episode(person, seen, (u_ae, u_kept), x, now)
            w.flows[BEDS, CAME] += not in_bed and person.days_in_hospital > 0
            for k in range(len(_OF_EPISODE)):
                w.counts[here, _OF_EPISODE[k]] += counted[k]
        w.counts[here, _CONSULTATIONS] += consulted
        w.counts[here, _HUMAN] += consulted
        w.task_counts[CONSULTATION, BY_STAFF] += consulted
        w.bounds[EPISODE, i] = episode_bound(w.bounds[EPISODE, i], person.unmet_need, w.most_unmet[i])


@helper
def recover(r, w, x, now, rows):  # type: ignore[no-untyped-def]
    """Advance hospital stays by a week and discharge those whose stay is over."""
    for i in rows:
        person = r[i]
        days, weeks = np.int64(person.days_in_hospital), np.int64(person.weeks_since_discharge)
        left, person.weeks_since_discharge = care.week_of_stay(days, weeks)
        if days > 0:
            person.days_in_hospital = left
            w.flows[BEDS, WENT] += left == 0
            person.away = (person.away & np.uint8(255 - AWAY_HOSPITAL)) | np.uint8(AWAY_HOSPITAL * (left > 0))
            w.away[i] = person.away
