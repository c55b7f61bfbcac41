"""Phase take_part: offers, engagement, membership; then, once for both executions, what happens around the tables."""

from __future__ import annotations

import numpy as np

from simulator import draws
from simulator.categories import (
    ADULT_BAND,
    COMPLEX_CARE_HUB,
    FRIEND,
    GROUP,
    HEALTH_CONNECTORS,
    MEETING_BLOCK,
    PROFESSIONAL,
    PROGRAMMES,
    TALKING_CAFES,
)
from simulator.columns import AWAY_GROUP, DECLINED, ENROLLED, FINISHED, NOT_ENROLLED, QUARTERS_REMEMBERED
from simulator.compiling import compiled, helper, inlined
from simulator.kernels.shared import cell_of
from simulator.measures import INDEX
from simulator.rules import loneliness, programmes, ties
from simulator.ties import FULL_LEVEL, make_tie, make_tie_elsewhere, meeting_mask, tie_slot

_FRIENDS_MADE = INDEX["friends_made"]
_PROGRAMMES = len(PROGRAMMES)


@inlined
def is_eligible(r, i, p, need):  # type: ignore[no-untyped-def]
    """Whether resident ``i`` could be offered programme ``p``."""
    person = r[i]
    adult = person.age_band >= ADULT_BAND
    admissions = 0
    for q in range(QUARTERS_REMEMBERED):
        admissions += np.int64(person.admissions_by_quarter[q])
    if p == HEALTH_CONNECTORS:
        return programmes.connector_eligible(adult, person.lonely, person.conditions, admissions)
    if p == TALKING_CAFES:
        unmet = loneliness.gap(need[person.age_band], person.personal_need, person.support)
        return programmes.cafe_eligible(adult, person.lonely, unmet)
    return programmes.hub_eligible(adult, person.conditions, admissions)


@inlined
def leave(r, i, p):  # type: ignore[no-untyped-def]
    """Resident ``i`` leaves programme ``p``: its worker is no longer met, its meeting no longer visited."""
    person = r[i]
    person.programme_status[p] = FINISHED
    person.programme_weeks[p] = 0
    if p == HEALTH_CONNECTORS:
        for j in range(person.slots_used):
            if person.context[j] == PROFESSIONAL:
                person.contact_level[j] = 0
                person.meetings[j] = 0
    elif p == TALKING_CAFES:
        person.away |= np.uint8(AWAY_GROUP)
    else:
        person.care_plan = 0


@inlined
def enrol(r, i, p, found):  # type: ignore[no-untyped-def]
    """Resident ``i`` joins programme ``p``, which finds ``found`` unmet needs: they are asked about at once."""
    person = r[i]
    person.programme_status[p] = ENROLLED
    person.programme_weeks[p] = 0
    if found > 0.0:
        person.unmet_need += found
        person.waiting_for_gp = 1
    if p == COMPLEX_CARE_HUB:
        person.care_plan = 1
    elif p == TALKING_CAFES:
        person.away &= np.uint8(255 - AWAY_GROUP)


@inlined
def is_withheld(r, i, p, now):  # type: ignore[no-untyped-def]
    """Whether a trial keeps programme ``p`` from resident ``i``, for good, by lot."""
    if p != now.withheld:
        return False
    u_arm, _, _, _ = draws.draw(now.seed, draws.ARM + p, 0, r.berth[i], r.generation[i])
    return u_arm < now.withheld_share


@helper
def take_part(r, w, x, now, rows):  # type: ignore[no-untyped-def]
    """Members stay or leave; the eligible are offered places and take them up or not."""
    rate, need = x.rates.programmes, x.rates.loneliness.need
    for i in range(rows[0], rows[1]):
        person = r[i]
        for p in range(_PROGRAMMES):
            status = person.programme_status[p]
            if status == NOT_ENROLLED:
                if now.working[p] == 0 or not is_eligible(r, i, p, need) or is_withheld(r, i, p, now):
                    continue
                u_offer, u_engages, u_introduced, _ = draws.draw(
                    now.seed, draws.OFFER + p, now.week, person.berth, person.generation
                )
                if u_offer >= now.offers[p]:
                    w.eligible[p] += 1
                    continue
                if u_engages >= rate.engagement[p]:
                    person.programme_status[p] = DECLINED
                    person.programme_weeks[p] = 0
                    continue
                enrol(r, i, p, rate.unmet_need_found[p])
                w.members[p] += 1
                if (
                    p == HEALTH_CONNECTORS
                    and now.working[TALKING_CAFES]
                    and person.programme_status[TALKING_CAFES] != ENROLLED
                    and u_introduced < rate.group_introduction
                    and not is_withheld(r, i, TALKING_CAFES, now)
                ):
                    # The café comes after the connectors in this loop, so the newcomer is counted there as a member.
                    enrol(r, i, TALKING_CAFES, 0.0)
            elif status == ENROLLED:
                person.programme_weeks[p] += 1
                u_leaves, u_attends, _, _ = draws.draw(
                    now.seed, draws.MEMBER + p, now.week, person.berth, person.generation
                )
                if programmes.leaves_programme(u_leaves, rate.duration[p], now.still_open[p] != 0):
                    leave(r, i, p)
                    continue
                w.members[p] += 1
                if p == TALKING_CAFES:
                    if u_attends < rate.attendance:
                        person.away &= np.uint8(255 - AWAY_GROUP)
                    else:
                        person.away |= np.uint8(AWAY_GROUP)
            else:
                person.programme_weeks[p] += 1
                if person.programme_weeks[p] >= rate.asked_again:
                    person.programme_status[p] = NOT_ENROLLED
        w.away[i] = person.away


@compiled
def screen(r, x, p, found):  # type: ignore[no-untyped-def]
    """Set ``found`` to 1 for residents who could be offered programme ``p``, to 0 for others; for studies."""
    for i in range(r.shape[0]):
        found[i] = np.uint8(is_eligible(r, i, p, x.rates.loneliness.need))


@helper
def meet_connector(r, i, strength):  # type: ignore[no-untyped-def]
    """A named professional for resident ``i``, met every week from now on."""
    person = r[i]
    make_tie_elsewhere(r, i, PROFESSIONAL, strength, FULL_LEVEL)
    for j in range(person.slots_used):
        if person.context[j] == PROFESSIONAL and person.contact_level[j] == FULL_LEVEL:
            person.meetings[j] = np.uint8(255)


@helper
def pair_level(one, other, context, x, now):  # type: ignore[no-untyped-def]
    """The contact level that a tie of two residents (records), begun this week, has of its own."""
    word, _, _, _ = draws.pair_words(
        now.seed, draws.TIE_LEVEL, now.week, one.berth, one.generation, other.berth, other.generation
    )
    return np.uint16(ties.contact_level(draws.unit(word), x.rates.ties.contact_probability[context]))


@helper
def become_friends(r, a, slot, x, now):  # type: ignore[no-untyped-def]
    """A group tie strong enough for a friend becomes one at both ends, with its own contact from now on."""
    one = r[a]
    b = one.other[slot]
    other, back = r[b], tie_slot(r, b, a)
    level = pair_level(one, other, FRIEND, x, now)
    one.context[slot], one.contact_level[slot] = FRIEND, level
    other.context[back], other.contact_level[back] = FRIEND, level


@helper
def sit_together(r, a, b, strength, x, now):  # type: ignore[no-untyped-def]
    """Two who sit side by side and have no tie yet begin one; True if they did."""
    if tie_slot(r, a, b) >= 0:
        return False
    one, other = r[a], r[b]
    level = pair_level(one, other, GROUP, x, now)
    block = now.week // MEETING_BLOCK
    mask = meeting_mask(now.seed, block, one.berth, one.generation, other.berth, other.generation, level, GROUP)
    return make_tie(r, a, b, GROUP, strength, level, mask)


@compiled
def list_members(r, w, x, now):  # type: ignore[no-untyped-def]
    """New clients meet their connector, old tablemates become friends; list who is at the cafés.

    Returns how many there are: their rows stand in ``w.queue``, the words that seat them in ``w.order``.
    """
    count = 0
    for berth in range(r.shape[0]):
        i = w.row_of_berth[berth]
        person = r[i]
        if person.programme_status[HEALTH_CONNECTORS] == ENROLLED and person.programme_weeks[HEALTH_CONNECTORS] == 0:
            meet_connector(r, i, x.rates.programmes.connector_tie_weight)
        if person.programme_status[TALKING_CAFES] != ENROLLED or (person.away & np.uint8(AWAY_GROUP)):
            continue
        for j in range(person.slots_used):
            if person.context[j] == GROUP and person.strength[j] >= x.tables.friend_strength:
                become_friends(r, i, j, x, now)
        w.queue[count] = i
        word, _, _, _ = draws.philox(
            person.berth,
            np.uint32(person.generation),
            np.uint32(now.week),
            np.uint32(draws.TABLE),
            np.uint32(np.uint64(now.seed) & np.uint64(0xFFFFFFFF)),
            np.uint32(np.uint64(now.seed) >> np.uint64(32)),
        )
        w.order[count] = word
        count += 1
    return count


@compiled
def seat(r, w, seats, x, now):  # type: ignore[no-untyped-def]
    """Members of tables, side by side in the order of ``seats``, get to know each other."""
    rate, count = x.rates.programmes, seats.shape[0]
    strength = ties.growth(rate.contact_hours[TALKING_CAFES], x.rates.ties.hours_to_close, x.rates.ties.close_strength)
    size = max(2, int(rate.table_size))
    for start in range(0, count, size):
        for k in range(start, min(start + size, count) - 1, 2):
            a, b = w.queue[seats[k]], w.queue[seats[k + 1]]
            if sit_together(r, a, b, strength, x, now):
                w.counts[cell_of(r[a]), _FRIENDS_MADE] += 1
                w.counts[cell_of(r[b]), _FRIENDS_MADE] += 1


def gather(r, w, x, now):  # type: ignore[no-untyped-def]
    """New clients meet their connector; café members sit down at tables and get to know each other.

    Order is that of addressed draws, then of berths, never of rows. NumPy sorts: a sort costs seconds to compile.
    """
    count = list_members(r, w, x, now)
    seat(r, w, np.argsort(w.order[:count], kind="stable"), x, now)
