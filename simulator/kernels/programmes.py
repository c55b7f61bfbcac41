"""Phase take_part: offers, engagement, membership."""

from __future__ import annotations

import numpy as np

from simulator.foundations import random_numbers as draws
from simulator.foundations.categories import ALTERNATIVES
from simulator.foundations.compiling import compiled, helper, inlined
from simulator.kernels.cells import by_conditions
from simulator.kernels.workspace import ENGAGEMENTS, OFFERS
from simulator.population.columns import AWAY_GROUP, DECLINED, ENROLLED, FINISHED, NOT_ENROLLED, QUARTERS_REMEMBERED
from simulator.rules import eligibility, loneliness, programmes
from simulator.specification.programme_table import (
    CONDITIONS_WANTED,
    DISCHARGED,
    FIRST_BIT,
    IN_QUARTERS,
    MANY_ADMISSIONS,
    NEVER_ADMITTED,
    OLDER_THAN_ALL,
    UNMET,
    YOUNGEST,
)

_HERE, _ELSEWHERE = 1, 2
"""A member of groups has come to one of them this week, or to none."""
NOT_FOR_THEM, WAITS, DECLINES, JOINS, JOINS_TWO = range(5)
"""A resident is not eligible; is, but was offered no place; declined one; took it up; and was brought to another."""
LEAVES, STAYS_AWAY, COMES = range(3)
_CONDITIONS, _LONELY, _ALONE = FIRST_BIT["conditions"], FIRST_BIT["lonely"], FIRST_BIT["alone"]
_DEPRIVATION, _DIGITAL, _SEX = FIRST_BIT["deprivation"], FIRST_BIT["digital"], FIRST_BIT["sex"]


@inlined
def features_of(person):  # type: ignore[no-untyped-def]
    """Bits of `simulator.specification.programme_table.FEATURES` of a resident: a look at one number tells most who do
    not fit.
    """
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
    """Emergency admissions of a resident in this many quarters, the one of ``slot`` included."""
    admissions = 0
    for _ in range(quarters):
        admissions += np.int64(person.admissions_by_quarter[slot])
        slot = slot - 1 if slot > 0 else QUARTERS_REMEMBERED - 1
    return admissions


@inlined
def fits(person, want, k, now):  # type: ignore[no-untyped-def]
    """Whether a resident meets an alternative's conditions from ``want[k]`` on: features, connection and risk aside."""
    return (
        eligibility.of_age(person.age_weeks, want[k + YOUNGEST], want[k + OLDER_THAN_ALL])
        and eligibility.was_in_hospital(
            person.days_in_hospital, np.int64(person.weeks_since_discharge), want[k + DISCHARGED]
        )
        and admissions_in(person, want[k + IN_QUARTERS], now.quarter_slot) >= want[k + MANY_ADMISSIONS]
    )


@inlined
def is_at_risk(person, x, now, at_least):  # type: ignore[no-untyped-def]
    """Whether a resident's predicted risk is this high."""
    index = by_conditions(np.int64(person.age_band), np.int64(person.deprivation), np.int64(person.conditions))
    admissions = admissions_in(person, QUARTERS_REMEMBERED, now.quarter_slot)
    each = x.rates.programmes.risk_per_admission
    return eligibility.predicted_risk(x.tables.episode[index * 2], admissions, each) >= at_least


@helper
def is_eligible(person, features, p, x, now):  # type: ignore[no-untyped-def]
    """Whether a resident could be offered programme ``p``: all conditions of one of its alternatives are met.

    ``features`` are from `features_of`.
    """
    want = x.programmes.wanted
    for k in range(p * ALTERNATIVES, p * ALTERNATIVES + x.programmes.alternatives[p]):
        if features & x.programmes.excluded[k] or not fits(person, want, k * CONDITIONS_WANTED, now):
            continue
        unmet = want[k * CONDITIONS_WANTED + UNMET]
        if unmet >= 0:
            gap = loneliness.gap(x.rates.loneliness.need[person.age_band], person.personal_need, person.support)
            if not eligibility.as_wanted(np.int64(gap > 0.0), unmet):
                continue
        if x.programmes.top_share[k] >= 1.0 or is_at_risk(person, x, now, now.risk_at_least[k]):
            return True
    return False


@helper
def may_be_offered(person, p, x, now):  # type: ignore[no-untyped-def]
    """Whether a resident is in the offer arm of programme ``p``; everyone is, unless offers are randomised.

    A study may withhold the programme besides, by a lot of its own.
    """
    if x.programmes.randomise[p] >= 1.0 and p != now.withheld:
        return True
    u, u_withheld, _, _ = draws.draw(now.seed, x.programmes.trial_stream[p], 0, person.berth, person.generation)
    return u < x.programmes.randomise[p] and not (p == now.withheld and u_withheld < now.withheld_share)


@inlined
def consider(person, features, p, x, now):  # type: ignore[no-untyped-def]
    """What becomes of a resident who is not in programme ``p``: one of NOT_FOR_THEM to JOINS_TWO."""
    table = x.programmes
    if not is_eligible(person, features, p, x, now) or not may_be_offered(person, p, x, now):
        return NOT_FOR_THEM
    if now.offers[p] <= 0.0:
        return WAITS  # whatever the draw
    u_offer, u_engages, u_introduced, _ = draws.draw(
        now.seed, table.offer_stream[p], now.week, person.berth, person.generation
    )
    if u_offer >= now.offers[p]:
        return WAITS
    if u_engages >= table.engagement[p]:
        return DECLINES
    q = table.introduces[p]
    if q >= 0 and u_introduced < table.introduction[p] * now.room[q]:
        return JOINS_TWO
    return JOINS


@inlined
def set_status(person, p, status):  # type: ignore[no-untyped-def]
    """Begin a status in programme ``p``."""
    person.programme_status[p] = status
    person.programme_weeks[p] = 0


@inlined
def find_needs(person, found):  # type: ignore[no-untyped-def]
    """A programme finds unmet needs of a new member, who asks about them at once."""
    if found > 0.0:
        person.unmet_need += found
        person.waiting_for_gp = 1


@inlined
def leave(person, p, x):  # type: ignore[no-untyped-def]
    """A resident leaves programme ``p``, and meets its worker or volunteer no more."""
    set_status(person, p, FINISHED)
    if x.programmes.tie_context[p] < 0:
        return
    for j in range(person.slots_used):
        if person.context[j] == x.programmes.tie_context[p] and person.contact_level[j] == x.programmes.tie_level[p]:
            person.contact_level[j] = 0
            person.meetings[j] = 0
            return


@inlined
def attend(person, p, x, now):  # type: ignore[no-untyped-def]
    """What a member of programme ``p`` does this week: LEAVES, STAYS_AWAY or COMES."""
    person.programme_weeks[p] += 1
    u_leaves, u_attends, _, _ = draws.draw(
        now.seed, x.programmes.member_stream[p], now.week, person.berth, person.generation
    )
    if programmes.leaves_programme(u_leaves, x.programmes.duration[p], now.still_open[p] != 0):
        leave(person, p, x)
        return LEAVES
    return COMES if u_attends < x.programmes.attendance[p] else STAYS_AWAY


@inlined
def introduced_to(person, p, x, now):  # type: ignore[no-untyped-def]
    """The programme that a new member of programme ``p`` is brought to, or -1 if that has no place or is joined."""
    q = x.programmes.introduces[p]
    if now.working[q] == 0 or person.programme_status[q] == ENROLLED or not may_be_offered(person, q, x, now):
        return -1
    return q


@inlined
def settle_memberships(person, seen, x, now):  # type: ignore[no-untyped-def]
    """What follows from this week's statuses: memberships as bits, care plan, and whether groups are visited."""
    enrolled = 0
    for p in range(now.programmes):
        if person.programme_status[p] == ENROLLED:
            enrolled |= 1 << p
    person.enrolled = enrolled
    person.care_plan = np.uint8((enrolled & x.programmes.care_plans) != 0)
    if seen & _HERE:
        person.away &= np.uint8(255 - AWAY_GROUP)
    elif seen & _ELSEWHERE:
        person.away |= np.uint8(AWAY_GROUP)


@helper
def take_part(r, w, x, now, rows):  # type: ignore[no-untyped-def]
    """Members stay or leave; the eligible are offered places and take them up or not.

    What is called for every resident takes the one record, not the arrays: passing those counts references.
    """
    table = x.programmes
    for i in range(rows[0], rows[1]):
        person = r[i]
        features = features_of(person)
        seen, joined = 0, 0
        for p in range(now.programmes):
            status = person.programme_status[p]
            in_group = (table.groups >> p) & 1
            if status == NOT_ENROLLED:
                if now.working[p] == 0:
                    continue
                answer = consider(person, features, p, x, now)
                if answer == WAITS:
                    w.eligible[p] += 1
                if answer <= WAITS:
                    continue
                w.taking_part[p, OFFERS] += 1
                if answer == DECLINES:
                    set_status(person, p, DECLINED)
                    continue
                w.taking_part[p, ENGAGEMENTS] += 1
                w.members[p] += 1
                set_status(person, p, ENROLLED)
                find_needs(person, table.unmet_need_found[p])
                joined |= 1 << p
                seen |= _HERE * in_group
                q = introduced_to(person, p, x, now) if answer == JOINS_TWO else -1
                if q >= 0:
                    set_status(person, q, ENROLLED)
                    joined |= 1 << q
                    if q < p:  # a later programme counts its newcomer itself, since its turn is yet to come
                        w.members[q] += 1
                        seen |= _HERE * ((table.groups >> q) & 1)
            elif status == ENROLLED:
                does = attend(person, p, x, now)
                if does != LEAVES:
                    w.members[p] += 1
                seen |= (_HERE if does == COMES else _ELSEWHERE) * in_group
            else:
                person.programme_weeks[p] += 1
                if person.programme_weeks[p] >= table.asked_again[p]:
                    person.programme_status[p] = NOT_ENROLLED
        settle_memberships(person, seen, x, now)
        w.joined[i] = joined
        w.away[i] = person.away
        w.came[i] = np.uint8((person.enrolled & table.groups) != 0 and (person.away & np.uint8(AWAY_GROUP)) == 0)


@compiled
def screen(r, x, now, p, found):  # type: ignore[no-untyped-def]
    """Set ``found`` to 1 for residents who could be offered programme ``p``, to 0 for others; for studies."""
    x, now = x[0], now[0]
    for i in range(r.shape[0]):
        found[i] = np.uint8(is_eligible(r[i], features_of(r[i]), p, x, now))
