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
from simulator.compiling import compiled, inlined
from simulator.kernels.shared import cell
from simulator.measures import INDEX
from simulator.rules import loneliness, programmes, ties
from simulator.ties import FULL_LEVEL, make_tie, make_tie_elsewhere, meeting_mask, tie_slot

_FRIENDS_MADE = INDEX["friends_made"]
_PROGRAMMES = len(PROGRAMMES)


@inlined
def is_eligible(r, i, p, need):  # type: ignore[no-untyped-def]
    """Whether resident ``i`` could be offered programme ``p``."""
    adult = r.age_band[i] >= ADULT_BAND
    admissions = 0
    for q in range(QUARTERS_REMEMBERED):
        admissions += np.int64(r.admissions_by_quarter[i, q])
    if p == HEALTH_CONNECTORS:
        return programmes.connector_eligible(adult, r.lonely[i], r.conditions[i], admissions)
    if p == TALKING_CAFES:
        unmet = loneliness.gap(need[r.age_band[i]], r.personal_need[i], r.support[i])
        return programmes.cafe_eligible(adult, r.lonely[i], unmet)
    return programmes.hub_eligible(adult, r.conditions[i], admissions)


@inlined
def leave(r, i, p):  # type: ignore[no-untyped-def]
    """Resident ``i`` leaves programme ``p``: its worker is no longer met, its meeting no longer visited."""
    r.programme_status[i, p] = FINISHED
    r.programme_weeks[i, p] = 0
    if p == HEALTH_CONNECTORS:
        for j in range(r.slots_used[i]):
            if r.context[i, j] == PROFESSIONAL:
                r.contact_level[i, j] = 0
                r.meetings[i, j] = 0
    elif p == TALKING_CAFES:
        r.away[i] |= np.uint8(AWAY_GROUP)
    else:
        r.care_plan[i] = 0


@inlined
def enrol(r, i, p, found):  # type: ignore[no-untyped-def]
    """Resident ``i`` joins programme ``p``, which finds ``found`` unmet needs: they are asked about at once."""
    r.programme_status[i, p] = ENROLLED
    r.programme_weeks[i, p] = 0
    if found > 0.0:
        r.unmet_need[i] += found
        r.waiting_for_gp[i] = 1
    if p == COMPLEX_CARE_HUB:
        r.care_plan[i] = 1
    elif p == TALKING_CAFES:
        r.away[i] &= np.uint8(255 - AWAY_GROUP)


@inlined
def is_withheld(r, i, p, now):  # type: ignore[no-untyped-def]
    """Whether a trial keeps programme ``p`` from resident ``i``, for good, by lot."""
    if p != now.withheld:
        return False
    u_arm, _, _, _ = draws.draw(now.seed, draws.ARM + p, 0, r.berth[i], r.generation[i])
    return u_arm < now.withheld_share


@compiled
def take_part(r, w, x, now, rows):  # type: ignore[no-untyped-def]
    """Members stay or leave; the eligible are offered places and take them up or not."""
    rate, need = x.rates.programmes, x.rates.loneliness.need
    for i in range(rows[0], rows[1]):
        for p in range(_PROGRAMMES):
            status = r.programme_status[i, p]
            if status == NOT_ENROLLED:
                if now.working[p] == 0 or not is_eligible(r, i, p, need) or is_withheld(r, i, p, now):
                    continue
                u_offer, u_engages, u_introduced, _ = draws.draw(
                    now.seed, draws.OFFER + p, now.week, r.berth[i], r.generation[i]
                )
                if u_offer >= now.offers[p]:
                    w.eligible[p] += 1
                    continue
                if u_engages >= rate.engagement[p]:
                    r.programme_status[i, p] = DECLINED
                    r.programme_weeks[i, p] = 0
                    continue
                enrol(r, i, p, rate.unmet_need_found[p])
                w.members[p] += 1
                if (
                    p == HEALTH_CONNECTORS
                    and now.working[TALKING_CAFES]
                    and r.programme_status[i, TALKING_CAFES] != ENROLLED
                    and u_introduced < rate.group_introduction
                    and not is_withheld(r, i, TALKING_CAFES, now)
                ):
                    # The café comes after the connectors in this loop, so the newcomer is counted there as a member.
                    enrol(r, i, TALKING_CAFES, 0.0)
            elif status == ENROLLED:
                r.programme_weeks[i, p] += 1
                u_leaves, u_attends, _, _ = draws.draw(
                    now.seed, draws.MEMBER + p, now.week, r.berth[i], r.generation[i]
                )
                if programmes.leaves_programme(u_leaves, rate.duration[p], now.still_open[p] != 0):
                    leave(r, i, p)
                    continue
                w.members[p] += 1
                if p == TALKING_CAFES:
                    if u_attends < rate.attendance:
                        r.away[i] &= np.uint8(255 - AWAY_GROUP)
                    else:
                        r.away[i] |= np.uint8(AWAY_GROUP)
            else:
                r.programme_weeks[i, p] += 1
                if r.programme_weeks[i, p] >= rate.asked_again:
                    r.programme_status[i, p] = NOT_ENROLLED
        w.away[i] = r.away[i]


@compiled
def screen(r, x, p, found):  # type: ignore[no-untyped-def]
    """Set ``found`` to 1 for residents who could be offered programme ``p``, to 0 for others; for studies."""
    for i in range(r.shape[0]):
        found[i] = np.uint8(is_eligible(r, i, p, x.rates.loneliness.need))


@compiled
def meet_connector(r, i, strength):  # type: ignore[no-untyped-def]
    """A named professional for resident ``i``, met every week from now on."""
    make_tie_elsewhere(r, i, PROFESSIONAL, strength, FULL_LEVEL)
    for j in range(r.slots_used[i]):
        if r.context[i, j] == PROFESSIONAL and r.contact_level[i, j] == FULL_LEVEL:
            r.meetings[i, j] = np.uint8(255)


@compiled
def become_friends(r, a, slot, x, now):  # type: ignore[no-untyped-def]
    """A group tie strong enough for a friend becomes one at both ends, with its own contact from now on."""
    b = r.other[a, slot]
    word, _, _, _ = draws.pair_words(
        now.seed, draws.TIE_LEVEL, now.week, r.berth[a], r.generation[a], r.berth[b], r.generation[b]
    )
    level = np.uint16(ties.contact_level(draws.unit(word), x.rates.ties.contact_probability[FRIEND]))
    back = tie_slot(r, b, a)
    r.context[a, slot] = FRIEND
    r.contact_level[a, slot] = level
    r.context[b, back] = FRIEND
    r.contact_level[b, back] = level


@compiled
def sit_together(r, a, b, strength, x, now):  # type: ignore[no-untyped-def]
    """Two who sit side by side and have no tie yet begin one; True if they did."""
    if tie_slot(r, a, b) >= 0:
        return False
    word, _, _, _ = draws.pair_words(
        now.seed, draws.TIE_LEVEL, now.week, r.berth[a], r.generation[a], r.berth[b], r.generation[b]
    )
    level = np.uint16(ties.contact_level(draws.unit(word), x.rates.ties.contact_probability[GROUP]))
    mask = meeting_mask(
        now.seed,
        now.week // MEETING_BLOCK,
        r.berth[a],
        r.generation[a],
        r.berth[b],
        r.generation[b],
        level,
        GROUP,
    )
    return make_tie(r, a, b, GROUP, strength, level, mask)


@compiled
def gather(r, w, x, now):  # type: ignore[no-untyped-def]
    """New clients meet their connector; café members sit down at tables and get to know each other.

    Order is that of addressed draws, then of berths, never of rows.
    """
    rate, friend_strength = x.rates.programmes, x.tables.friend_strength
    count = 0
    for berth in range(r.berth.shape[0]):
        i = w.row_of_berth[berth]
        if r.programme_status[i, HEALTH_CONNECTORS] == ENROLLED and r.programme_weeks[i, HEALTH_CONNECTORS] == 0:
            meet_connector(r, i, rate.connector_tie_weight)
        if r.programme_status[i, TALKING_CAFES] != ENROLLED or (r.away[i] & np.uint8(AWAY_GROUP)):
            continue
        for j in range(r.slots_used[i]):
            if r.context[i, j] == GROUP and r.strength[i, j] >= friend_strength:
                become_friends(r, i, j, x, now)
        w.queue[count] = i
        word, _, _, _ = draws.philox(
            r.berth[i],
            np.uint32(r.generation[i]),
            np.uint32(now.week),
            np.uint32(draws.TABLE),
            np.uint32(np.uint64(now.seed) & np.uint64(0xFFFFFFFF)),
            np.uint32(np.uint64(now.seed) >> np.uint64(32)),
        )
        w.order[count] = word
        count += 1
    seats = np.argsort(w.order[:count], kind="mergesort")
    strength = ties.growth(rate.contact_hours[TALKING_CAFES], x.rates.ties.hours_to_close, x.rates.ties.close_strength)
    size = max(2, int(rate.table_size))
    for start in range(0, count, size):
        for k in range(start, min(start + size, count) - 1, 2):
            a, b = w.queue[seats[k]], w.queue[seats[k + 1]]
            if sit_together(r, a, b, strength, x, now):
                w.counts[cell(r.age_band[a], r.deprivation[a], r.lonely[a]), _FRIENDS_MADE] += 1
                w.counts[cell(r.age_band[b], r.deprivation[b], r.lonely[b]), _FRIENDS_MADE] += 1
