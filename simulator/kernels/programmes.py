"""Phase take_part: offers, engagement, membership."""

from __future__ import annotations

import numpy as np

from simulator import draws
from simulator.categories import ALTERNATIVES
from simulator.columns import AWAY_GROUP, DECLINED, ENROLLED, FINISHED, NOT_ENROLLED, QUARTERS_REMEMBERED
from simulator.compiling import compiled, helper, inlined
from simulator.kernels.shared import by_conditions
from simulator.rules import eligibility, loneliness, programmes
from simulator.workspace import ENGAGEMENTS, OFFERS

_HERE, _ELSEWHERE = 1, 2
"""A member of groups has come to one of them this week, or to none."""


@inlined
def admissions_in(r, i, quarters, slot):  # type: ignore[no-untyped-def]
    """Emergency admissions of resident ``i`` in this many quarters, the one of ``slot`` included."""
    person = r[i]
    admissions = 0
    for back in range(quarters):
        admissions += np.int64(person.admissions_by_quarter[(slot - back) % QUARTERS_REMEMBERED])
    return admissions


@inlined
def fits(r, i, k, x, now):  # type: ignore[no-untyped-def]
    """Whether resident ``i`` meets every condition of alternative ``k``."""
    want = x.programmes
    person = r[i]
    if not (
        eligibility.of_age(person.age_weeks, want.youngest[k], want.older_than_all[k])
        and person.conditions >= want.conditions[k]
        and eligibility.as_wanted(np.int64(person.lonely), want.lonely[k])
        and eligibility.as_wanted(np.int64(person.lives_alone), want.alone[k])
        and eligibility.is_among(np.int64(person.deprivation), want.deprivation[k])
        and eligibility.is_among(np.int64(person.digital_capability), want.digital[k])
        and eligibility.is_among(np.int64(person.sex), want.sex[k])
        and eligibility.was_in_hospital(
            person.days_in_hospital, np.int64(person.weeks_since_discharge), want.discharged[k]
        )
        and admissions_in(r, i, want.quarters[k], now.quarter_slot) >= want.admissions[k]
    ):
        return False
    if want.unmet[k] >= 0:
        gap = loneliness.gap(x.rates.loneliness.need[person.age_band], person.personal_need, person.support)
        if not eligibility.as_wanted(np.int64(gap > 0.0), want.unmet[k]):
            return False
    if want.top_share[k] < 1.0:
        index = by_conditions(np.int64(person.age_band), np.int64(person.deprivation), np.int64(person.conditions))
        admissions = admissions_in(r, i, QUARTERS_REMEMBERED, now.quarter_slot)
        usual = x.tables.episode[index * 2]
        return (
            eligibility.predicted_risk(usual, admissions, x.rates.programmes.risk_per_admission) >= now.risk_at_least[k]
        )
    return True


@helper
def is_eligible(r, i, p, x, now):  # type: ignore[no-untyped-def]
    """Whether resident ``i`` could be offered programme ``p``: one of its alternatives fits."""
    for number in range(x.programmes.alternatives[p]):  # noqa: SIM110 - compiled code has no generators
        if fits(r, i, p * ALTERNATIVES + number, x, now):
            return True
    return False


@helper
def may_be_offered(r, i, p, x, now):  # type: ignore[no-untyped-def]
    """Whether resident ``i`` is in the offer arm of programme ``p``; everyone is, unless offers are randomised.

    A study may withhold the programme besides, by a lot of its own.
    """
    if x.programmes.randomise[p] >= 1.0 and p != now.withheld:
        return True
    person = r[i]
    u, u_withheld, _, _ = draws.draw(now.seed, x.programmes.trial_stream[p], 0, person.berth, person.generation)
    return u < x.programmes.randomise[p] and not (p == now.withheld and u_withheld < now.withheld_share)


@inlined
def enrol(r, w, i, p, found):  # type: ignore[no-untyped-def]
    """Resident ``i`` joins programme ``p``, which finds ``found`` unmet needs: they are asked about at once."""
    person = r[i]
    person.programme_status[p] = ENROLLED
    person.programme_weeks[p] = 0
    w.joined[i] |= np.uint8(1 << p)
    if found > 0.0:
        person.unmet_need += found
        person.waiting_for_gp = 1


@inlined
def leave(r, i, p, x):  # type: ignore[no-untyped-def]
    """Resident ``i`` leaves programme ``p``, and meets its worker or volunteer no more."""
    person = r[i]
    person.programme_status[p] = FINISHED
    person.programme_weeks[p] = 0
    if x.programmes.tie_context[p] < 0:
        return
    for j in range(person.slots_used):
        if person.context[j] == x.programmes.tie_context[p] and person.contact_level[j] == x.programmes.tie_level[p]:
            person.contact_level[j] = 0
            person.meetings[j] = 0
            return


@inlined
def introduce(r, w, i, p, x, now):  # type: ignore[no-untyped-def]
    """A new member of programme ``p`` is brought to the one it introduces to; returns where that leaves the groups.

    A later programme counts its newcomer itself, since its turn is yet to come.
    """
    person = r[i]
    q = x.programmes.introduces[p]
    if now.working[q] == 0 or person.programme_status[q] == ENROLLED or not may_be_offered(r, i, q, x, now):
        return 0
    enrol(r, w, i, q, 0.0)
    if q > p:
        return 0
    w.members[q] += 1
    return _HERE if (x.programmes.groups >> q) & 1 else 0


@inlined
def consider(r, w, i, p, x, now):  # type: ignore[no-untyped-def]
    """Resident ``i`` may be offered a place in programme ``p`` and take it up; returns where that leaves the groups."""
    person = r[i]
    table = x.programmes
    if now.working[p] == 0 or not is_eligible(r, i, p, x, now) or not may_be_offered(r, i, p, x, now):
        return 0
    u_offer, u_engages, u_introduced, _ = draws.draw(
        now.seed, table.offer_stream[p], now.week, person.berth, person.generation
    )
    if u_offer >= now.offers[p]:
        w.eligible[p] += 1
        return 0
    w.taking_part[p, OFFERS] += 1
    if u_engages >= table.engagement[p]:
        person.programme_status[p] = DECLINED
        person.programme_weeks[p] = 0
        return 0
    w.taking_part[p, ENGAGEMENTS] += 1
    enrol(r, w, i, p, table.unmet_need_found[p])
    w.members[p] += 1
    seen = _HERE if (table.groups >> p) & 1 else 0
    if table.introduces[p] >= 0 and u_introduced < table.introduction[p]:
        seen |= introduce(r, w, i, p, x, now)
    return seen


@inlined
def attend(r, w, i, p, x, now):  # type: ignore[no-untyped-def]
    """A member of programme ``p`` stays or leaves, comes to its group or not; returns where that leaves the groups."""
    person = r[i]
    table = x.programmes
    is_group = (table.groups >> p) & 1
    person.programme_weeks[p] += 1
    u_leaves, u_attends, _, _ = draws.draw(now.seed, table.member_stream[p], now.week, person.berth, person.generation)
    if programmes.leaves_programme(u_leaves, table.duration[p], now.still_open[p] != 0):
        leave(r, i, p, x)
        return _ELSEWHERE if is_group else 0
    w.members[p] += 1
    if is_group:
        return _HERE if u_attends < table.attendance[p] else _ELSEWHERE
    return 0


@helper
def take_part(r, w, x, now, rows):  # type: ignore[no-untyped-def]
    """Members stay or leave; the eligible are offered places and take them up or not."""
    for i in range(rows[0], rows[1]):
        person = r[i]
        w.joined[i] = 0
        seen, enrolled = 0, 0
        for p in range(now.programmes):
            status = person.programme_status[p]
            if status == NOT_ENROLLED:
                seen |= consider(r, w, i, p, x, now)
            elif status == ENROLLED:
                seen |= attend(r, w, i, p, x, now)
            else:
                person.programme_weeks[p] += 1
                if person.programme_weeks[p] >= x.programmes.asked_again[p]:
                    person.programme_status[p] = NOT_ENROLLED
        for p in range(now.programmes):
            if person.programme_status[p] == ENROLLED:
                enrolled |= 1 << p
        person.enrolled = enrolled
        person.care_plan = np.uint8((enrolled & x.programmes.care_plans) != 0)
        if seen & _HERE:
            person.away &= np.uint8(255 - AWAY_GROUP)
        elif seen & _ELSEWHERE:
            person.away |= np.uint8(AWAY_GROUP)
        w.away[i] = person.away


@compiled
def screen(r, x, now, p, found):  # type: ignore[no-untyped-def]
    """Set ``found`` to 1 for residents who could be offered programme ``p``, to 0 for others; for studies."""
    for i in range(r.shape[0]):
        found[i] = np.uint8(is_eligible(r, i, p, x, now))
