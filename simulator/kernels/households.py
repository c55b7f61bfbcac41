"""Households: who shares one, who leaves, who moves in."""

from __future__ import annotations

import numpy as np

from simulator import draws
from simulator.categories import FRIEND, HOUSEHOLD, KIN, TIE_SLOTS
from simulator.compiling import compiled, inlined
from simulator.kernels.acquaintance import TRIES, pick, tie_up
from simulator.rules import demography
from simulator.ties import drop_all_ties, drop_tie

_NEW_HOUSEHOLD = np.uint32(0x80000000)
_OTHER_NEW_HOUSEHOLD = np.uint32(0xC0000000)
HOUSEHOLD_STRENGTH = 1.0


@compiled
def refresh_lives_alone(r, i):  # type: ignore[no-untyped-def]
    """Set ``lives_alone`` from the household ties that are left."""
    r.lives_alone[i] = 1
    for j in range(r.slots_used[i]):
        if r.context[i, j] == HOUSEHOLD:
            r.lives_alone[i] = 0


@compiled
def housemates_of(r, i, found):  # type: ignore[no-untyped-def]
    """Write the rows of the housemates of ``i`` into ``found``; return how many."""
    count = 0
    for j in range(r.slots_used[i]):
        if r.context[i, j] == HOUSEHOLD:
            found[count] = r.other[i, j]
            count += 1
    return count


@compiled
def largest_household(r, i):  # type: ignore[no-untyped-def]
    """How many share the household of ``i``, itself included."""
    found = np.empty(TIE_SLOTS, np.uint32)
    return housemates_of(r, i, found) + 1


@compiled
def own_household(r, i):  # type: ignore[no-untyped-def]
    """Give ``i`` a household number of its own, other than the present one, and no week of moving."""
    number = _NEW_HOUSEHOLD | r.berth[i]
    r.household[i] = number if r.household[i] != number else _OTHER_NEW_HOUSEHOLD | r.berth[i]
    r.moves_in_week[i] = -1
    refresh_lives_alone(r, i)


@compiled
def join_household(r, i, host, x, now):  # type: ignore[no-untyped-def]
    """Resident ``i`` joins the household of ``host``: a tie with everyone in it."""
    found = np.empty(TIE_SLOTS, np.uint32)
    count = housemates_of(r, host, found)
    r.household[i] = r.household[host]
    r.moves_in_week[i] = r.moves_in_week[host]
    tie_up(r, i, host, (HOUSEHOLD, HOUSEHOLD_STRENGTH, 0.5), x, now)
    for k in range(count):
        tie_up(r, i, found[k], (HOUSEHOLD, HOUSEHOLD_STRENGTH, 0.5), x, now)
        refresh_lives_alone(r, found[k])
    refresh_lives_alone(r, host)
    refresh_lives_alone(r, i)


@compiled
def leave_household(r, i, x, now, separates):  # type: ignore[no-untyped-def]
    """Resident ``i`` moves out to live alone: housemates become kin, a partner who is left is no tie any more.

    Nothing happens if the housemate it was about, parent or partner, has gone before in the same week.
    """
    found = np.empty(TIE_SLOTS, np.uint32)
    count = housemates_of(r, i, found)
    people = x.rates.demography
    partner = np.zeros(TIE_SLOTS, np.uint8)
    for k in range(count):
        partner[k] = demography.are_partners(
            r.age_weeks[i], r.age_weeks[found[k]], people.adult_age, people.partner_gap
        )
    if separates and not partner[:count].any():
        return
    for k in range(count):
        b = found[k]
        drop_tie(r, i, b)
        if not (separates and partner[k]):
            u, _, _, _ = draws.draw(now.seed, draws.FRIENDS, now.week * TRIES + k, r.berth[i], r.generation[i])
            tie_up(r, i, b, (KIN, HOUSEHOLD_STRENGTH, u), x, now)
        refresh_lives_alone(r, b)
    own_household(r, i)


@inlined
def could_share(r, a, b, people):  # type: ignore[no-untyped-def]
    """Whether two residents who live alone could set up house together."""
    return (
        a != b
        and r.lives_alone[b] == 1
        and demography.are_partners(r.age_weeks[a], r.age_weeks[b], people.adult_age, people.partner_gap)
    )


@compiled
def move_in(r, row_of_berth, i, x, now):  # type: ignore[no-untyped-def]
    """Resident ``i`` moves in with a friend who also lives alone, or else with someone of like age who does."""
    people = x.rates.demography
    for j in range(r.slots_used[i]):
        b = r.other[i, j]
        if r.context[i, j] == FRIEND and r.strength[i, j] >= x.tables.friend_strength and could_share(r, i, b, people):
            drop_tie(r, i, b)
            join_household(r, i, b, x, now)
            return
    for k in range(TRIES):
        b = pick(r, row_of_berth, (now.seed, draws.PARTNER, now.week), i, k)
        if could_share(r, i, b, people):
            drop_tie(r, i, b)
            join_household(r, i, b, x, now)
            return


@compiled
def leave_the_list(r, i):  # type: ignore[no-untyped-def]
    """All ties of ``i`` end, and those who lived with ``i`` may now live alone."""
    found = np.empty(TIE_SLOTS, np.uint32)
    count = housemates_of(r, i, found)
    drop_all_ties(r, i)
    for k in range(count):
        refresh_lives_alone(r, found[k])
    own_household(r, i)
