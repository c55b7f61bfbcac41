"""Phase take_part: offers, engagement and membership."""

from __future__ import annotations

import numpy as np

from simulator.foundations import random_numbers as draws
from simulator.foundations.categories import ALTERNATIVES
from simulator.foundations.compiling import compiled, helper, inlined
from simulator.kernels.cells import by_conditions
from simulator.kernels.health import lasting_score
from simulator.kernels.look import EPISODE, busy_bits, episode_bound
from simulator.kernels.workspace import ENGAGEMENTS, OFFERS
from simulator.population.columns import AWAY_GROUP, QUARTERS_REMEMBERED
from simulator.rules import eligibility, loneliness, practice_queue, programmes
from simulator.rules.programmes import COMES, CONTROL, ENROLLED, HERE, JOINS_TWO, LEAVES, NOT_ENROLLED
from simulator.specification.programme_table import (
    DISCHARGED,
    ELIGIBILITY_FIELDS,
    FIRST_BIT,
    IN_QUARTERS,
    MANY_ADMISSIONS,
    NEVER_ADMITTED,
    OLDER_THAN_ALL,
    UNMET,
    YOUNGEST,
)

_CONDITIONS, _LONELY, _ALONE = FIRST_BIT["conditions"], FIRST_BIT["lonely"], FIRST_BIT["alone"]
_DEPRIVATION, _DIGITAL, _SEX = FIRST_BIT["deprivation"], FIRST_BIT["digital"], FIRST_BIT["sex"]


@inlined
def features_of(person):  # type: ignore[no-untyped-def]
    """A resident's bits of `programme_table.FEATURES`, which quickly exclude most people who are not eligible."""
    admitted = 0
    for q in range(QUARTERS_REMEMBERED):
        admitted |= np.int64(person.admissions_by_quarter[q])
    return (
        (1 << (_CONDITIONS + np.int64(person.conditions)))
        | (1 << (_LONELY + np.int64(person.lonely)))
        | (1 << (_ALONE + np.int64(person.lives_alone)))
        | (1 << (_DEPRIVATION + np.int64(person.deprivation)))
        | (1 << (_DIGITAL + np.int64(person.digital_capability)))
        | (1 << (_SEX + np.int64(person.sex)))
        | (np.int64(admitted == 0) << NEVER_ADMITTED)
    )


@inlined
def admissions_in(person, quarters, slot):  # type: ignore[no-untyped-def]
    """Emergency admissions of a resident in the last ``quarters`` quarters, including that of ``slot``."""
    admissions = 0
    for _ in range(quarters):
        admissions += np.int64(person.admissions_by_quarter[slot])
        slot = slot - 1 if slot > 0 else QUARTERS_REMEMBERED - 1
    return admissions


@inlined
def fits(person, rule, k, now):  # type: ignore[no-untyped-def]
    """Whether a resident meets the conditions from ``rule[k]`` on; features, connection and risk are not checked."""
    return (
        eligibility.of_age(person.age_weeks, rule[k + YOUNGEST], rule[k + OLDER_THAN_ALL])
        and eligibility.was_in_hospital(
            person.days_in_hospital, np.int64(person.weeks_since_discharge), rule[k + DISCHARGED]
        )
        and admissions_in(person, rule[k + IN_QUARTERS], now.quarter_slot) >= rule[k + MANY_ADMISSIONS]
    )


@inlined
def is_at_risk(person, x, now, at_least):  # type: ignore[no-untyped-def]
    """Whether a resident's predicted risk is at least ``at_least``."""
    index = by_conditions(np.int64(person.age_band), np.int64(person.deprivation), np.int64(person.conditions))
    admissions = admissions_in(person, QUARTERS_REMEMBERED, now.quarter_slot)
    each = x.rates.programmes.risk_per_admission
    return eligibility.predicted_risk(x.tables.episode[index * 2], admissions, each) >= at_least


@helper
def is_eligible(person, features, p, x, now):  # type: ignore[no-untyped-def]
    """Whether a resident meets all conditions of an alternative of programme ``p``; ``features`` of `features_of`."""
    rule = x.programmes.eligibility_rules
    for k in range(p * ALTERNATIVES, p * ALTERNATIVES + x.programmes.alternatives[p]):
        if features & x.programmes.excluded[k] or not fits(person, rule, k * ELIGIBILITY_FIELDS, now):
            continue
        unmet = rule[k * ELIGIBILITY_FIELDS + UNMET]
        if unmet >= 0 and not eligibility.matches_rule(
            np.int64(lasting_score(person, x.rates.loneliness) > now.score_centre), unmet
        ):
            continue
        if x.programmes.top_share[k] >= 1.0 or is_at_risk(person, x, now, now.risk_at_least[k]):
            return True
    return False


@helper
def may_be_offered(person, p, x, now):  # type: ignore[no-untyped-def]
    """Whether programme ``p`` may be offered: always, unless offers are randomised, by its file or by a trial."""
    is_trial = p == now.control_programme and now.control_takes_up == 0
    if x.programmes.randomise[p] >= 1.0 and not is_trial:
        return True
    u, u_control, _, _ = draws.draw(now.seed, x.programmes.trial_stream[p], 0, person.berth, person.generation)
    return u < x.programmes.randomise[p] and not (is_trial and u_control < now.control_share)


@helper
def is_control_if_joining(person, p, x, now):  # type: ignore[no-untyped-def]
    """Whether a trial that randomises those who take up an offer would not let this resident join programme ``p``."""
    if p != now.control_programme or now.control_takes_up == 0:
        return False
    _, u_control, _, _ = draws.draw(now.seed, x.programmes.trial_stream[p], 0, person.berth, person.generation)
    return u_control < now.control_share


@inlined
def could_join(person, features, p, x, now):  # type: ignore[no-untyped-def]
    """Whether a resident who is not in programme ``p`` may become a member."""
    return now.working[p] != 0 and is_eligible(person, features, p, x, now) and may_be_offered(person, p, x, now)


@inlined
def may_join(person, features, pointed, p, x, now):  # type: ignore[no-untyped-def]
    """Whether a resident may become a member: as in `could_join`, or because a conversation pointed to ``p``."""
    if pointed:
        return now.working[p] != 0 and may_be_offered(person, p, x, now)
    return could_join(person, features, p, x, now)


@inlined
def uniforms_of(person, status, offer, p, x, now):  # type: ignore[no-untyped-def]
    """This week's three uniform numbers for a resident of this status in programme ``p``, if needed."""
    if status == ENROLLED or (status == NOT_ENROLLED and offer > 0.0):
        stream = x.programmes.member_stream[p] if status == ENROLLED else x.programmes.offer_stream[p]
        u0, u1, u2, _ = draws.draw(now.seed, stream, now.week, person.berth, person.generation)
        return u0, u1, u2
    return 1.0, 1.0, 1.0


@inlined
def week_in(person, status, pointed, p, x, now):  # type: ignore[no-untyped-def]
    """A resident's status in programme ``p`` after a week, weeks since it began, and action.

    Whoever a conversation ``pointed`` to it is offered a place if there is room.
    """
    offer = now.room[p] if pointed else now.offers[p]
    table, q, introduction = x.programmes, x.programmes.introduces[p], 0.0
    if q >= 0:
        introduction = table.introduction[p] * now.room[q]
    after, weeks, action = programmes.week_in_programme(
        np.int64(status),
        np.int64(person.programme_weeks[p]),
        uniforms_of(person, status, offer, p, x, now),
        (offer, table.engagement[p], introduction),
        (table.duration[p], table.attendance[p], now.still_open[p] != 0),
        table.asked_again[p],
    )
    if status == NOT_ENROLLED and after == ENROLLED:
        after, action = programmes.randomised(after, action, is_control_if_joining(person, p, x, now))
    return after, weeks, action


@inlined
def add_found_needs(person, found):  # type: ignore[no-untyped-def]
    """Add unmet needs that a programme finds in a new member, who then waits for a GP appointment."""
    if found > 0.0:
        person.unmet_need += found
        person.gp_request = practice_queue.referred(np.int64(person.gp_request))


@inlined
def end_contact_with_worker(person, p, x):  # type: ignore[no-untyped-def]
    """End contact with the worker or volunteer of programme ``p`` for someone who leaves it."""
    if x.programmes.tie_context[p] < 0:
        return
    for j in range(person.slots_used):
        if person.context[j] == x.programmes.tie_context[p] and person.contact_level[j] == x.programmes.tie_level[p]:
            person.contact_level[j] = 0
            person.meetings[j] = 0
            return


@inlined
def introduced_to(person, p, x, now):  # type: ignore[no-untyped-def]
    """The programme to which a new member of ``p`` is introduced, or -1 if it is unavailable or already joined."""
    q = x.programmes.introduces[p]
    if now.working[q] == 0 or person.programme_status[q] == ENROLLED or not may_be_offered(person, q, x, now):
        return -1
    return q


@inlined
def settle_memberships(person, enrolled, seen, x):  # type: ignore[no-untyped-def]
    """Update a resident's memberships (bits) and care plan; returns whether a group is attended."""
    person.enrolled = enrolled
    person.care_plan = np.uint8((enrolled & x.programmes.care_plans) != 0)
    missed = programmes.misses_groups((person.away & np.uint8(AWAY_GROUP)) != 0, seen)
    person.away = (person.away & np.uint8(255 - AWAY_GROUP)) | np.uint8(AWAY_GROUP * missed)
    return (enrolled & x.programmes.groups) != 0 and not missed


@helper
def take_part(r, w, x, now, rows):  # type: ignore[no-untyped-def]
    """Members stay or leave; eligible residents are offered places and take them up or decline.

    Inlined helpers take one record rather than the arrays, because passing arrays updates reference counts.
    """
    table = x.programmes
    for i in range(rows[0], rows[1]):
        person = r[i]
        features = features_of(person)
        seen, joined, enrolled = 0, 0, 0
        for p in range(now.programmes):
            status = person.programme_status[p]
            pointed = (w.pointed[i] >> p) & 1
            if status == NOT_ENROLLED and not may_join(person, features, pointed, p, x, now):
                continue
            after, weeks, action = week_in(person, status, pointed, p, x, now)
            could, offered, engaged, member = programmes.programme_counts(action)
            if could:  # nothing else has changed
                w.eligible[p] += could * (1 - pointed)
                continue
            person.programme_status[p], person.programme_weeks[p] = after, weeks
            w.eligible[p] += offered * (1 - pointed)
            w.taking_part[p, OFFERS] += offered
            w.taking_part[p, ENGAGEMENTS] += engaged
            w.members[p] += member
            enrolled |= member << p
            seen |= programmes.seen_at_group(action) * ((table.groups >> p) & 1)
            if action == LEAVES:
                end_contact_with_worker(person, p, x)
            if action == COMES:
                person.outlook = loneliness.outlook_after_sessions(
                    person.outlook, table.sessions[p], x.rates.loneliness.session_share
                )
            if engaged == 0:
                continue
            add_found_needs(person, table.unmet_need_found[p])
            w.bounds[EPISODE, i] = episode_bound(w.bounds[EPISODE, i], person.unmet_need, w.most_unmet[i])
            w.busy[i] |= busy_bits(person)
            joined |= 1 << p
            q = introduced_to(person, p, x, now) if action == JOINS_TWO else -1
            if q >= 0:
                person.programme_weeks[q] = 0
                if is_control_if_joining(person, q, x, now):
                    person.programme_status[q] = CONTROL
                    continue
                person.programme_status[q] = ENROLLED
                joined |= 1 << q
                if q < p:  # a later programme counts the new member itself
                    w.members[q] += 1
                    enrolled |= 1 << q
                    seen |= HERE * ((table.groups >> q) & 1)
        w.pointed[i] = 0
        w.attended[i] = settle_memberships(person, enrolled, seen, x)
        w.joined[i] = joined
        w.away[i] = person.away


@compiled
def screen(r, x, now, p, found):  # type: ignore[no-untyped-def]
    """Set ``found`` to 1 for residents eligible for programme ``p`` and to 0 for others; used by studies."""
    x, now = x[0], now[0]
    for i in range(r.shape[0]):
        found[i] = np.uint8(is_eligible(r[i], features_of(r[i]), p, x, now))
