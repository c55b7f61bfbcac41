"""Households: members, moving out and moving in together."""

from __future__ import annotations

import numpy as np

from simulator.events.acquaintances import TRIES, pick, tie_up
from simulator.foundations import random_numbers as draws
from simulator.foundations.categories import FRIEND, HOUSEHOLD, KIN, TIE_SLOTS
from simulator.foundations.compiling import helper, inlined
from simulator.population.ties import drop_all_ties, drop_tie
from simulator.rules import demography

_NEW_HOUSEHOLD = np.uint32(0x80000000)
_OTHER_NEW_HOUSEHOLD = np.uint32(0xC0000000)
HOUSEHOLD_STRENGTH = 1.0


@helper
def refresh_lives_alone(r, i):  # type: ignore[no-untyped-def]
    """Set ``lives_alone`` from the household ties."""
    person = r[i]
    person.lives_alone = 1
    for j in range(person.slots_used):
        if person.context[j] == HOUSEHOLD:
            person.lives_alone = 0


@helper
def housemates_of(r, i, found):  # type: ignore[no-untyped-def]
    """Write the rows of the housemates of ``i`` into ``found``; returns their number."""
    count, person = 0, r[i]
    for j in range(person.slots_used):
        if person.context[j] == HOUSEHOLD:
            found[count] = person.other[j]
            count += 1
    return count


@helper
def household_size(r, i):  # type: ignore[no-untyped-def]
    """Number of people in the household of ``i``."""
    size, person = 1, r[i]
    for j in range(person.slots_used):
        if person.context[j] == HOUSEHOLD:
            size += 1
    return size


@helper
def own_household(r, i):  # type: ignore[no-untyped-def]
    """Give ``i`` a new household number and no week of moving."""
    person = r[i]
    number = _NEW_HOUSEHOLD | person.berth
    person.household = number if person.household != number else _OTHER_NEW_HOUSEHOLD | person.berth
    person.moves_in_week = -1
    refresh_lives_alone(r, i)


@helper
def join_household(r, i, host, x, now):  # type: ignore[no-untyped-def]
    """Add resident ``i`` to the household of ``host``, with a tie to every member."""
    found = np.empty(TIE_SLOTS, np.uint32)
    count = housemates_of(r, host, found)
    joins, at_home = r[i], r[host]
    joins.household, joins.moves_in_week = at_home.household, at_home.moves_in_week
    tie_up(r, i, host, (HOUSEHOLD, HOUSEHOLD_STRENGTH, 0.5), x, now)
    for k in range(count):
        tie_up(r, i, found[k], (HOUSEHOLD, HOUSEHOLD_STRENGTH, 0.5), x, now)
        refresh_lives_alone(r, found[k])
    refresh_lives_alone(r, host)
    refresh_lives_alone(r, i)


@inlined
def are_couple(r, a, b, people):  # type: ignore[no-untyped-def]
    """Whether two residents would count as a couple if they lived together."""
    return demography.are_partners(
        np.int64(r[a].age_weeks), np.int64(r[b].age_weeks), people.adult_age, people.partner_gap
    )


@helper
def leave_household(r, i, x, now, separates):  # type: ignore[no-untyped-def]
    """Resident ``i`` moves out to live alone: housemates become kin, and the tie with a separated partner ends.

    Nothing happens if the partner has already left in the same week.
    """
    found = np.empty(TIE_SLOTS, np.uint32)
    count = housemates_of(r, i, found)
    people, me = x.rates.demography, r[i]
    partners = 0
    for k in range(count):
        partners += are_couple(r, i, found[k], people)
    if separates and partners == 0:
        return
    for k in range(count):
        b = found[k]
        drop_tie(r, i, b)
        if not (separates and are_couple(r, i, b, people)):
            u, _, _, _ = draws.draw(now.seed, draws.FRIENDS, now.week * TRIES + k, me.berth, me.generation)
            tie_up(r, i, b, (KIN, HOUSEHOLD_STRENGTH, u), x, now)
        refresh_lives_alone(r, b)
    own_household(r, i)


@inlined
def could_share(r, a, b, people):  # type: ignore[no-untyped-def]
    """Whether two residents who live alone could move in together."""
    return a != b and r[b].lives_alone == 1 and are_couple(r, a, b, people)


@helper
def move_in(r, row_of_berth, i, x, now):  # type: ignore[no-untyped-def]
    """Resident ``i`` moves in with a friend who also lives alone, or otherwise with someone of similar age who does."""
    people, me = x.rates.demography, r[i]
    for j in range(me.slots_used):
        b = me.other[j]
        if me.context[j] == FRIEND and me.strength[j] >= x.tables.friend_strength and could_share(r, i, b, people):
            drop_tie(r, i, b)
            join_household(r, i, b, x, now)
            return
    for k in range(TRIES):
        b = pick(r, row_of_berth, (now.seed, draws.PARTNER, now.week), i, k)
        if could_share(r, i, b, people):
            drop_tie(r, i, b)
            join_household(r, i, b, x, now)
            return


@helper
def leave_the_list(r, i):  # type: ignore[no-untyped-def]
    """End all ties of ``i`` and update whether former housemates live alone."""
    found = np.empty(TIE_SLOTS, np.uint32)
    count = housemates_of(r, i, found)
    drop_all_ties(r, i)
    for k in range(count):
        refresh_lives_alone(r, found[k])
    own_household(r, i)
