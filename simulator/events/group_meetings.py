"""The end of take_part, once for both executions: new members meet their worker, members of groups each other."""

from __future__ import annotations

import numpy as np

from simulator.events.acquaintances import TOWN
from simulator.foundations import random_numbers as draws
from simulator.foundations.categories import FRIEND, GROUP, MEETING_BLOCK
from simulator.foundations.compiling import compiled, helper
from simulator.foundations.measures import INDEX
from simulator.kernels.cells import cell_of
from simulator.population.ties import ELSEWHERE, FULL_LEVEL, make_tie, make_tie_elsewhere, meeting_mask, tie_slot
from simulator.rules import ties
from simulator.rules.programmes import ENROLLED

_FRIENDS_MADE = INDEX["friends_made"]


@helper
def meet_worker(r, i, p, x, now):  # type: ignore[no-untyped-def]
    """The worker or volunteer of programme ``p`` for its new member ``i``, met from now on."""
    person = r[i]
    context, level = x.programmes.tie_context[p], np.uint16(x.programmes.tie_level[p])
    make_tie_elsewhere(r, i, context, x.programmes.tie_strength[p], level)
    for j in range(person.slots_used):
        if person.context[j] == context and person.contact_level[j] == level:
            person.meetings[j] = np.uint8(255)
            if level != FULL_LEVEL:
                person.meetings[j] = meeting_mask(
                    now.seed,
                    now.week // MEETING_BLOCK,
                    person.berth,
                    person.generation,
                    np.uint32(ELSEWHERE - np.uint32(j)),
                    person.generation,
                    level,
                    context,
                )


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
    """New members meet their worker, old tablemates become friends; list in ``w.queue`` who came out to any group.

    Returns how many there are.
    """
    x, now = x[0], now[0]
    friend_strength, table = x.tables.friend_strength, x.programmes
    count = 0
    for berth in range(r.shape[0]):
        i = w.row_of_berth[berth]
        if w.joined[i] == 0 and w.attended[i] == 0:
            continue
        person = r[i]
        if w.joined[i]:
            for p in range(now.programmes):
                if (w.joined[i] >> p) & 1 and table.tie_context[p] >= 0 and person.programme_status[p] == ENROLLED:
                    meet_worker(r, i, p, x, now)
        if w.attended[i] == 0:
            continue
        for j in range(person.slots_used):
            if person.context[j] == GROUP and person.strength[j] >= friend_strength:
                become_friends(r, i, j, x, now)
        w.queue[count] = i
        count += 1
    return count


@compiled
def list_group(r, w, x, now, p, came):  # type: ignore[no-untyped-def]
    """Put into ``came`` the rows of the queue's first ``len(came)`` who are at group ``p``; return how many.

    The random words that seat them stand in ``w.order``.
    """
    x, now = x[0], now[0]
    table = x.programmes
    several = (table.groups & (table.groups - 1)) != 0
    here = 0
    for k in range(came.shape[0]):
        i = w.queue[k]
        person = r[i]
        if person.programme_status[p] != ENROLLED:
            continue
        if several and not (w.joined[i] >> p) & 1:
            # Who came out this week need not have come to this group.
            _, u_attends, _, _ = draws.draw(now.seed, table.member_stream[p], now.week, person.berth, person.generation)
            if u_attends >= table.attendance[p]:
                continue
        word, _, _, _ = draws.philox(
            person.berth,
            np.uint32(person.generation),
            np.uint32(now.week),
            np.uint32(table.table_stream[p]),
            np.uint32(np.uint64(now.seed) & np.uint64(0xFFFFFFFF)),
            np.uint32(np.uint64(now.seed) >> np.uint64(32)),
        )
        came[here], w.order[here] = i, word
        here += 1
    return here


@compiled
def seat(r, w, x, now, p, came):  # type: ignore[no-untyped-def]
    """Members of group ``p``, side by side in the order of ``came``, get to know each other."""
    x, now = x[0], now[0]
    count, size = came.shape[0], max(2, int(x.rates.programmes.table_size))
    for start in range(0, count, size):
        for k in range(start, min(start + size, count) - 1, 2):
            a, b = came[k], came[k + 1]
            if sit_together(r, a, b, x.programmes.tie_strength[p], x, now):
                w.counts[cell_of(r[a]), _FRIENDS_MADE] += 1
                w.counts[cell_of(r[b]), _FRIENDS_MADE] += 1


def gather(r, w, x, now):  # type: ignore[no-untyped-def]
    """New members meet their worker; members of groups sit down at tables and get to know each other.

    Order is that of addressed draws, then of berths, never of rows. NumPy sorts: a sort costs seconds to compile.
    """
    count = list_members(r, w, x, now)
    for p in range(now["programmes"][0]):
        if x["programmes"]["is_group"][0, p]:
            came = np.empty(count, np.uint32)
            here = list_group(r, w, x, now, p, came)
            seat(r, w, x, now, p, came[_seats(r, came[:here], w.order[:here])])


def _seats(r, came, words):  # type: ignore[no-untyped-def]
    """Order in which those who came to a group sit, by their random words; in a large place town by town."""
    if r.shape[0] <= TOWN:
        return np.argsort(words, kind="stable")
    return np.lexsort((words, r["berth"][came] // TOWN))
