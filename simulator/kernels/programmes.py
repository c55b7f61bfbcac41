"""Phase take_part: offers, engagement and membership."""

from __future__ import annotations

import numpy as np

from simulator.foundations import random_numbers as draws
from simulator.foundations.categories import ALTERNATIVES, PROGRAMME_SLOTS, QUARTERS_REMEMBERED
from simulator.foundations.compiling import compiled, helper, inlined, leaf
from simulator.foundations.numba_code import fetch_next
from simulator.kernels.cells import by_conditions, key_of
from simulator.kernels.health import lasting_score
from simulator.kernels.look import EPISODE, bound, busy_bits, episode_bound
from simulator.kernels.workspace import CAME, ENGAGEMENTS, OFFERS, PLACES, WENT
from simulator.population.columns import AWAY_GROUP
from simulator.rules import eligibility, loneliness, practice_queue, programmes
from simulator.rules.programmes import COMES, CONTROL, ENROLLED, HERE, JOINS_TWO, LEAVES, NOT_ENROLLED
from simulator.specification.programme_table import (
    DISCHARGED,
    ELIGIBILITY_FIELDS,
    FIRST_BIT,
    IN_QUARTERS,
    LATELY,
    MANY_ADMISSIONS,
    MOST_ADMISSIONS,
    OLDER_THAN_ALL,
    YOUNGEST,
)

_CONDITIONS, _LONELY, _ALONE = FIRST_BIT["conditions"], FIRST_BIT["lonely"], FIRST_BIT["alone"]
_DEPRIVATION, _DIGITAL, _SEX = FIRST_BIT["deprivation"], FIRST_BIT["digital"], FIRST_BIT["sex"]
_ADMISSIONS, _UNMET, _STAY = FIRST_BIT["admissions"], FIRST_BIT["unmet"], FIRST_BIT["stay"]
_BLOCK = 1024
"""Residents whose traits are copied into compact arrays together."""


@inlined
def admissions_in(person, quarters, slot):  # type: ignore[no-untyped-def]
    """Emergency admissions of a resident in the last ``quarters`` quarters, including that of ``slot``."""
    admissions = 0
    for _ in range(quarters):
        admissions += np.int64(person.admissions_by_quarter[slot])
        slot = slot - 1 if slot > 0 else QUARTERS_REMEMBERED - 1
    return admissions


@inlined
def features_of(person, x, now):  # type: ignore[no-untyped-def]
    """A resident's bits of `programme_table.FEATURES`."""
    admissions = admissions_in(person, QUARTERS_REMEMBERED, QUARTERS_REMEMBERED - 1)
    unmet = lasting_score(person, x.rates.loneliness) > now.score_centre
    is_out = person.days_in_hospital == 0 and person.weeks_since_discharge > LATELY
    return (
        (1 << (_CONDITIONS + np.int64(person.conditions)))
        | (1 << (_LONELY + np.int64(person.lonely)))
        | (1 << (_ALONE + np.int64(person.lives_alone)))
        | (1 << (_DEPRIVATION + np.int64(person.deprivation)))
        | (1 << (_DIGITAL + np.int64(person.digital_capability)))
        | (1 << (_SEX + np.int64(person.sex)))
        | (1 << (_ADMISSIONS + min(admissions, MOST_ADMISSIONS)))
        | (1 << (_UNMET + np.int64(unmet)))
        | (1 << (_STAY + np.int64(is_out)))
    )


@inlined
def fits(person, rule, k, now):  # type: ignore[no-untyped-def]
    """Whether a resident meets the conditions from ``rule[k]`` on; features and risk are not checked."""
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
def is_eligible(person, p, x, now):  # type: ignore[no-untyped-def]
    """Whether a resident meets all conditions of an alternative of programme ``p``."""
    rule, features = x.programmes.eligibility_rules, features_of(person, x, now)
    for k in range(p * ALTERNATIVES, p * ALTERNATIVES + x.programmes.alternatives[p]):
        if features & x.programmes.excluded[k] or not fits(person, rule, k * ELIGIBILITY_FIELDS, now):
            continue
        if x.programmes.top_share[k] >= 1.0 or is_at_risk(person, x, now, now.risk_at_least[k]):
            return True
    return False


@inlined
def has_controls(p, x, now):  # type: ignore[no-untyped-def]
    """Whether some of the eligible are never offered programme ``p``."""
    return x.programmes.randomise[p] < 1.0 or (p == now.control_programme and now.control_takes_up == 0)


@helper
def may_be_offered(person, p, x, now):  # type: ignore[no-untyped-def]
    """Whether programme ``p`` may be offered: always, unless offers are randomised, by its file or by a trial."""
    if not has_controls(p, x, now):
        return True
    is_trial = p == now.control_programme and now.control_takes_up == 0
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
def may_join(person, pointed, p, x, now):  # type: ignore[no-untyped-def]
    """Whether a resident may join programme ``p``: who is eligible, or whom a conversation ``pointed`` to it."""
    return now.working[p] != 0 and (pointed or is_eligible(person, p, x, now)) and may_be_offered(person, p, x, now)


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


@leaf
def _note_fits(features, ages, rule, bit, found):  # type: ignore[no-untyped-def]
    """Set ``bit`` in ``found`` for those whose features and age meet ``rule`` (excluded features, ages from, to)."""
    excluded, youngest, older_than_all = rule
    for q in range(found.shape[0]):
        fit = ((features[q] & excluded) == 0) & (ages[q] >= youngest) & (ages[q] < older_than_all)
        found[q] |= np.uint8(fit) * bit


@helper
def _note_eligible(features, ages, eligible, affected, x, now):  # type: ignore[no-untyped-def]
    """Set ``eligible`` to the bits of programmes that fit, and ``affected`` to 1 if only a look at the record tells."""
    table = x.programmes
    for p in range(now.programmes):
        if now.working[p] == 0:
            continue
        for k in range(p * ALTERNATIVES, p * ALTERNATIVES + table.alternatives[p]):
            at = k * ELIGIBILITY_FIELDS
            youngest, older_than_all = (
                table.eligibility_rules[at + YOUNGEST],
                table.eligibility_rules[at + OLDER_THAN_ALL],
            )
            rule = np.uint32(table.excluded[k]), np.int32(youngest), np.int32(older_than_all)
            if table.asks_more[k] or has_controls(p, x, now):
                _note_fits(features, ages, rule, np.uint8(1), affected)
            else:
                _note_fits(features, ages, rule, np.uint8(1 << p), eligible)


@leaf
def _draw_first_words(berths, generations, address, key, words):  # type: ignore[no-untyped-def]
    for q in range(words.shape[0]):
        words[q], _, _, _ = draws.philox(berths[q], generations[q], address[0], address[1], key[0], key[1])


@leaf
def _note_offered(words, most, eligible, affected, bit):  # type: ignore[no-untyped-def]
    """Set ``affected`` to 1 for the eligible whose random word is at most ``most``."""
    for q in range(words.shape[0]):
        affected[q] |= np.uint8(words[q] <= most) & np.uint8((eligible[q] & bit) != 0)


@leaf
def _count_waiting(eligible, affected, bit):  # type: ignore[no-untyped-def]
    """Number of people eligible, by their ``bit``, who are not affected."""
    waiting = np.uint32(0)
    for q in range(eligible.shape[0]):
        waiting += np.uint32((eligible[q] & bit) != 0) & np.uint32(affected[q] == 0)
    return np.int64(waiting)


@helper
def _note_offers(people, eligible, affected, x, now):  # type: ignore[no-untyped-def]
    """Set ``affected`` to 1 for the eligible who are offered a place: drawn for all, which is faster than for them."""
    words = np.empty(eligible.shape[0], np.uint32)
    for p in range(now.programmes):
        if now.offers[p] <= 0.0:
            continue
        address = np.uint32(now.week), np.uint32(x.programmes.offer_stream[p])
        _draw_first_words(people[0], people[1], address, key_of(now), words)
        # Who draws a word above the bound is certainly not offered a place; the rule decides for the others.
        _note_offered(words, bound(now.offers[p]), eligible, affected, np.uint8(1 << p))


@helper
def list_affected(r, w, x, now, first, stop):  # type: ignore[no-untyped-def]
    """Count in ``w.eligible`` who can only wait for an offer, of the rows from ``first`` to before ``stop``; write the
    rows of others to ``w.queue``, return how many.

    In most weeks nothing changes for nineteen residents in twenty, which compact arrays tell without a branch.
    """
    listed, pointed = 0, w.pointed
    features, ages = np.empty(_BLOCK, np.uint32), np.empty(_BLOCK, np.int32)
    eligible, affected = np.empty(_BLOCK, np.uint8), np.empty(_BLOCK, np.uint8)
    for start in range(first, stop, _BLOCK):
        size = min(_BLOCK, stop - start)
        for q in range(size):
            fetch_next(r, start + q, stop, 0, 2)
            person = r[start + q]
            features[q], ages[q] = features_of(person, x, now), person.age_weeks
            role = person.enrolled | person.care_plan | pointed[start + q]
            for p in range(PROGRAMME_SLOTS):
                role |= person.programme_status[p]
            eligible[q], affected[q] = 0, role != 0
        _note_eligible(features[:size], ages[:size], eligible[:size], affected[:size], x, now)
        people = w.berth[start : start + size], w.generation[start : start + size]
        _note_offers(people, eligible[:size], affected[:size], x, now)
        for p in range(now.programmes):
            w.eligible[p] += _count_waiting(eligible[:size], affected[:size], np.uint8(1 << p))
        for q in range(size):
            if affected[q]:
                w.queue[listed] = start + q
                listed += 1
    return listed


@helper
def take_part(r, w, x, now, rows):  # type: ignore[no-untyped-def]
    """Members stay or leave; eligible residents of ``rows`` are offered places and take them up or decline.

    Inlined helpers take one record rather than the arrays, because passing arrays updates reference counts.
    """
    table = x.programmes
    for i in rows:
        person = r[i]
        seen, joined, enrolled = 0, 0, 0
        for p in range(now.programmes):
            status = person.programme_status[p]
            pointed = (w.pointed[i] >> p) & 1
            if status == NOT_ENROLLED and not may_join(person, pointed, p, x, now):
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
            w.flows[PLACES + p, CAME] += engaged
            w.flows[PLACES + p, WENT] += action == LEAVES
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
                w.flows[PLACES + q, CAME] += 1
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
        found[i] = np.uint8(is_eligible(r[i], p, x, now))
