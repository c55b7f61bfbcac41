"""New ties outside programmes: making friends and meeting neighbours."""

from __future__ import annotations

import numpy as np

from simulator.foundations import random_numbers as draws
from simulator.foundations.categories import FRIEND, HOUSEHOLD, MEETING_BLOCK, NEIGHBOUR
from simulator.foundations.compiling import helper, inlined
from simulator.population.ties import FULL_LEVEL, make_tie, meeting_mask
from simulator.rules import chance, ties

TRIES = 64
"""Largest number of picks by one resident for one purpose in a week."""
_AT_ONCE = 16
"""Number of picks drawn together where most are likely to be rejected."""
_REJECTED = np.uint32(0xFFFFFFFF)
TOWN = 32_768
"""Number of residents, nearest by berth, among whom chance meetings happen in a larger place. Berths are numbered by
neighbourhood at the start, so these form a town, about as far apart as initial friends and kin."""


@inlined
def berths_around(r, person):  # type: ignore[no-untyped-def]
    """First berth and number of berths, a power of two, among which a resident picks.

    Numbers are drawn below a power of two and rejected beyond the list, so that one more berth changes only the picks
    that fall on it. In a place larger than `TOWN` they are drawn from the town around the resident.
    """
    size = np.int64(r.shape[0])
    span = np.int64(1)
    while span < size and span < TOWN:
        span *= 2
    return max(np.int64(0), min(np.int64(person.berth) - TOWN // 2, size - TOWN)), span


@inlined
def pick(r, row_of_berth, key, i, k):  # type: ignore[no-untyped-def]
    """Row of the resident picked by draw ``k`` of resident ``i``, or its own row if the draw was rejected."""
    seed, stream, week = key
    person = r[i]
    first, span = berths_around(r, person)
    u, _, _, _ = draws.draw(seed, stream, week * TRIES + k, person.berth, person.generation)
    number = first + np.int64(u * span)
    if number >= np.int64(r.shape[0]):
        return np.uint32(i)
    return row_of_berth[number]


@helper
def pick_several(r, row_of_berth, key, i, begin, rows):  # type: ignore[no-untyped-def]
    """Fill ``rows`` with the results of `pick` for draws from ``begin`` on, vectorised; _REJECTED if rejected."""
    seed, stream, week = key
    person = r[i]
    first, span = berths_around(r, person)
    berth, generation = person.berth, np.uint32(person.generation)
    low, high = np.uint32(np.uint64(seed) & np.uint64(0xFFFFFFFF)), np.uint32(np.uint64(seed) >> np.uint64(32))
    address = week * TRIES + begin
    for q in range(rows.shape[0]):
        word, _, _, _ = draws.philox(berth, generation, np.uint32(address + q), np.uint32(stream), low, high)
        rows[q] = word
    for q in range(rows.shape[0]):
        number = first + np.int64(draws.unit(rows[q]) * span)
        rows[q] = row_of_berth[number] if number < np.int64(r.shape[0]) else _REJECTED


@helper
def tie_up(r, a, b, kind, x, now):  # type: ignore[no-untyped-def]
    """Form a tie between rows a and b of ``kind`` (context, strength, draw for its contact level)."""
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
def make_friend(r, w, i, x, now):  # type: ignore[no-untyped-def]
    """Resident ``i`` makes a friend of similar age, in the neighbourhood or beyond."""
    me = r[i]
    u_where, u_level, _, _ = draws.draw(now.seed, draws.FRIENDS, now.week * TRIES + TRIES - 1, me.berth, me.generation)
    near = u_where < x.rates.ties.same_neighbourhood_share
    met = np.empty(_AT_ONCE, np.uint32)
    for first in range(0, TRIES, _AT_ONCE):
        pick_several(r, w.row_of_berth, (now.seed, draws.FRIENDS, now.week), i, first, met)
        for k in range(min(_AT_ONCE, TRIES - 1 - first)):
            b = met[k]
            if b == _REJECTED or (near and w.neighbourhood[b] != me.neighbourhood):
                continue
            if b != i and abs(np.int64(me.age_band) - np.int64(r[b].age_band)) <= 1:
                tie_up(r, i, b, (FRIEND, x.tables.first_strength, u_level), x, now)
                return


@helper
def meet_neighbours(r, w, i, x, now):  # type: ignore[no-untyped-def]
    """A newcomer forms ties with the usual number of neighbours."""
    me = r[i]
    u_many, u_level, _, _ = draws.draw(now.seed, draws.NEWCOMER, 8, me.berth, me.generation)
    wanted = chance.whole_number(u_many, x.rates.ties.mean_ties[NEIGHBOUR])
    met = np.empty(_AT_ONCE, np.uint32)
    for first in range(0, TRIES, _AT_ONCE):
        if wanted == 0:
            return
        pick_several(r, w.row_of_berth, (now.seed, draws.NEIGHBOURS, now.week), i, first, met)
        for b in met:
            if wanted == 0:
                return
            if (
                b != _REJECTED
                and w.neighbourhood[b] == me.neighbourhood
                and tie_up(r, i, b, (NEIGHBOUR, x.tables.first_strength, u_level), x, now)
            ):
                wanted -= 1


@helper
def retire(r, i, ratio):  # type: ignore[no-untyped-def]
    """Multiply contact with friends by ``ratio``, at both ends."""
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
