"""Phase live, first half: every resident is a week older, and some have something happen to them."""

from __future__ import annotations

import numpy as np

from simulator import draws
from simulator.categories import HOUSEHOLD, WEEKS_PER_YEAR
from simulator.columns import BAND_ENDS
from simulator.compiling import compiled
from simulator.kernels.shared import by_conditions
from simulator.rules import demography

@compiled
def cast_luck(r, w, now):  # type: ignore[no-untyped-def]
    """Draw this week's eight random words of every resident."""
    k0 = np.uint32(np.uint64(now.seed) & np.uint64(0xFFFFFFFF))
    k1 = np.uint32(np.uint64(now.seed) >> np.uint64(32))
    week = np.uint32(now.week)
    for i in range(r.berth.shape[0]):
        berth, generation = r.berth[i], np.uint32(r.generation[i])
        a, b, c, d = draws.philox(berth, generation, week, np.uint32(draws.LIVE), k0, k1)
        w.luck[i, 0], w.luck[i, 1], w.luck[i, 2], w.luck[i, 3] = a, b, c, d
        a, b, c, d = draws.philox(berth, generation, week, np.uint32(draws.FEEL), k0, k1)
        w.luck[i, 4], w.luck[i, 5], w.luck[i, 6], w.luck[i, 7] = a, b, c, d


@compiled
def plan_moves(r, tables, now):  # type: ignore[no-untyped-def]
    """Draw, for every household, the week of the coming year in which it leaves, or none."""
    for i in range(r.berth.shape[0]):
        u, _, _, _ = draws.draw(now.seed, draws.MOVE, now.week, r.household[i], 0)
        r.moves_in_week[i] = demography.move_week(u, now.week, tables.move)


@compiled
def oldest_housemate(r, i):  # type: ignore[no-untyped-def]
    """Age in weeks of the oldest other member of the household, 0 if there is none."""
    oldest = 0
    for j in range(r.slots_used[i]):
        if r.context[i, j] == HOUSEHOLD:
            oldest = max(oldest, r.age_weeks[r.other[i, j]])
    return oldest


@compiled
def has_partner(r, i, adult_age, gap):  # type: ignore[no-untyped-def]
    """Whether a housemate counts as this resident's partner."""
    for j in range(r.slots_used[i]):
        if r.context[i, j] == HOUSEHOLD and demography.are_partners(
            r.age_weeks[i], r.age_weeks[r.other[i, j]], adult_age, gap
        ):
            return True
    return False


@compiled
def allowed(r, i, event, people):  # type: ignore[no-untyped-def]
    """Whether the circumstances of resident ``i`` allow the household event that was drawn."""
    if event == demography.LEAVES_HOME:
        return demography.could_leave_home(
            r.age_weeks[i],
            oldest_housemate(r, i),
            people.leave_home_youngest,
            people.leave_home_oldest,
            people.parent_gap,
        )
    if event == demography.SEPARATES:
        return has_partner(r, i, people.adult_age, people.partner_gap)
    if event == demography.MOVES_IN:
        return r.lives_alone[i] == 1 and r.age_weeks[i] >= people.adult_age * WEEKS_PER_YEAR
    return True


@compiled
def live(r, w, tables, people, now):  # type: ignore[no-untyped-def]
    """Age every resident by a week and flag deaths, moves and household events for `settle`."""
    retirement_week = int(people.retirement_age * WEEKS_PER_YEAR)
    for i in range(r.berth.shape[0]):
        r.age_weeks[i] += 1
        if r.age_weeks[i] >= BAND_ENDS[r.age_band[i]]:
            r.age_band[i] += np.uint8(1)
        index = by_conditions(r.age_band[i], r.deprivation[i], r.conditions[i])
        w.event[i] = demography.NOTHING
        if r.moves_in_week[i] == now.week:
            w.event[i] = demography.MOVES_AWAY
            continue
        if demography.dies(draws.unit(w.luck[i, 0]), tables.death[index], r.lonely[i], tables.death_lonely_ratio):
            w.event[i] = demography.DIES
            continue
        event = demography.drawn_event(
            draws.unit(w.luck[i, 1]), tables.leave_home, tables.separation, tables.moving_in, tables.friend_making
        )
        if event != demography.NOTHING and allowed(r, i, event, people):
            w.event[i] = event
        elif r.age_weeks[i] == retirement_week:
            w.event[i] = demography.RETIRES
