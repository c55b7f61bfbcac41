"""Who gets to know whom outside programmes: picking someone, making friends, meeting neighbours."""

from __future__ import annotations

import numpy as np

from simulator import draws
from simulator.categories import FRIEND, HOUSEHOLD, MEETING_BLOCK, NEIGHBOUR
from simulator.compiling import helper, inlined
from simulator.rules import chance, ties
from simulator.ties import FULL_LEVEL, make_tie, meeting_mask

TRIES = 64
"""Most picks of one resident for one purpose in a week."""
TOWN = 32_768
"""Residents among whom one meets anyone by chance, in a place that has more: those nearest by berth. Berths were
numbered by neighbourhood at the start, so that these are a town, about as far as friends and kin of the start live."""


@inlined
def pick(r, row_of_berth, key, i, k):  # type: ignore[no-untyped-def]
    """Row of a resident picked by draw ``k`` of resident ``i``, or its own row if the draw named no berth.

    Numbers are drawn below the next power of two and refused beyond the list, so that one berth more changes only
    the picks that fall on it. In a place larger than a `TOWN` they are drawn from the town around the resident.
    """
    seed, stream, week = key
    size = np.int64(r.shape[0])
    span = np.int64(1)
    while span < size and span < TOWN:
        span *= 2
    person = r[i]
    u, _, _, _ = draws.draw(seed, stream, week * TRIES + k, person.berth, person.generation)
    first = max(np.int64(0), min(np.int64(person.berth) - TOWN // 2, size - TOWN))
    number = first + np.int64(u * span)
    if number >= size:
        return np.uint32(i)
    return row_of_berth[number]


@helper
def tie_up(r, a, b, kind, x, now):  # type: ignore[no-untyped-def]
    """Make a tie between rows a and b of ``kind`` (context, strength, draw for its contact level)."""
    context, strength, u = kind
    if context == HOUSEHOLD:
        level = FULL_LEVEL
    else:
        level = np.uint16(ties.contact_level(u, x.rates.ties.contact_probability[context]))
    one, other = r[a], r[b]
    block = now.week // MEETING_BLOCK
    mask = meeting_mask(now.seed, block, one.berth, one.generation, other.berth, other.generation, level, context)
    return make_tie(r, a, b, context, strength, level, mask)


@helper
def make_friend(r, row_of_berth, i, x, now):  # type: ignore[no-untyped-def]
    """Resident ``i`` begins a friendship with someone near in age, in the neighbourhood or beyond."""
    me = r[i]
    u_where, u_level, _, _ = draws.draw(now.seed, draws.FRIENDS, now.week * TRIES + TRIES - 1, me.berth, me.generation)
    near = u_where < x.rates.ties.same_neighbourhood_share
    for k in range(TRIES - 1):
        b = pick(r, row_of_berth, (now.seed, draws.FRIENDS, now.week), i, k)
        apart = abs(np.int64(me.age_band) - np.int64(r[b].age_band))
        if b != i and apart <= 1 and (not near or r[b].neighbourhood == me.neighbourhood):
            tie_up(r, i, b, (FRIEND, x.tables.first_strength, u_level), x, now)
            return


@helper
def meet_neighbours(r, row_of_berth, i, x, now):  # type: ignore[no-untyped-def]
    """A newcomer gets to know the usual number of neighbours."""
    me = r[i]
    u_many, u_level, _, _ = draws.draw(now.seed, draws.NEWCOMER, 8, me.berth, me.generation)
    wanted = chance.whole_number(u_many, x.rates.ties.mean_ties[NEIGHBOUR])
    for k in range(TRIES):
        if wanted == 0:
            return
        b = pick(r, row_of_berth, (now.seed, draws.NEIGHBOURS, now.week), i, k)
        if r[b].neighbourhood == me.neighbourhood and tie_up(
            r, i, b, (NEIGHBOUR, x.tables.first_strength, u_level), x, now
        ):
            wanted -= 1


@helper
def retire(r, i, ratio):  # type: ignore[no-untyped-def]
    """Contact with friends changes by ``ratio`` at both ends."""
    person = r[i]
    for j in range(person.slots_used):
        if person.context[j] == FRIEND:
            b = person.other[j]
            level = np.uint16(person.contact_level[j] * ratio)
            person.contact_level[j] = level
            if b != i:
                friend = r[b]
                for k in range(friend.slots_used):
                    if friend.other[k] == i and friend.context[k] == FRIEND:
                        friend.contact_level[k] = level
