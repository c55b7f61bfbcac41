"""End of phase take_part, shared by both engines: new members meet their worker, and group members each other."""

from __future__ import annotations

import numpy as np

from simulator.events.acquaintances import TOWN
from simulator.foundations import random_numbers as draws
from simulator.foundations.categories import FRIEND, GROUP, KIN, MEETING_BLOCK, NEIGHBOUR
from simulator.foundations.compiling import compiled, helper
from simulator.foundations.measures import INDEX
from simulator.kernels.cells import cell_of
from simulator.population.ties import ELSEWHERE, FULL_LEVEL, make_tie, make_tie_elsewhere, meeting_mask, tie_slot
from simulator.rules import chance, programmes, ties
from simulator.rules.programmes import ENROLLED

_FRIENDS_MADE = INDEX["friends_made"]
_USUAL = np.uint32(0xFFFFFFFF)
"""In place of a week, for the seat that someone usually takes."""


@helper
def meet_worker(r, i, p, x, now):  # type: ignore[no-untyped-def]
    """Form the tie of new member ``i`` with the worker or volunteer of programme ``p``."""
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
def bring_back(r, i, p, x, now):  # type: ignore[no-untyped-def]
    """Contact along old ties of new member ``i`` of programme ``p``, those with least of it, rises at both ends."""
    person = r[i]
    number, _, _, _ = draws.draw(now.seed, draws.OLD_TIES, now.week, person.berth, person.generation)
    for _ in range(chance.whole_number(number, x.programmes.old_ties[p])):
        slot = np.int64(-1)
        for j in range(person.slots_used):
            old = person.context[j] == KIN or person.context[j] == FRIEND or person.context[j] == NEIGHBOUR
            if old and (slot < 0 or person.contact_level[j] < person.contact_level[slot]):
                slot = np.int64(j)
        if slot < 0:
            return
        level = ties.restored_level(np.int64(person.contact_level[slot]), x.rates.ties.restored_contact)
        person.contact_level[slot] = level
        b = person.other[slot]
        if b != i:
            r[b].contact_level[tie_slot(r, b, i)] = level


@helper
def pair_level(one, other, context, x, now):  # type: ignore[no-untyped-def]
    """Contact level of a tie that two residents (records) form this week."""
    word, _, _, _ = draws.pair_words(
        now.seed, draws.TIE_LEVEL, now.week, one.berth, one.generation, other.berth, other.generation
    )
    return np.uint16(ties.contact_level(draws.unit(word), x.rates.ties.contact_probability[context]))


@helper
def become_friends(r, a, slot, x, now):  # type: ignore[no-untyped-def]
    """Turn a tie into a friendship at both ends, with a new contact level."""
    one = r[a]
    b = one.other[slot]
    other, back = r[b], tie_slot(r, b, a)
    level = pair_level(one, other, FRIEND, x, now)
    one.context[slot], one.contact_level[slot] = FRIEND, level
    other.context[back], other.contact_level[back] = FRIEND, level


@helper
def sit_together(r, a, b, strength, x, now):  # type: ignore[no-untyped-def]
    """Form a tie between two people sitting side by side; returns False if they have one or it was not formed."""
    if tie_slot(r, a, b) >= 0:
        return False
    one, other = r[a], r[b]
    level = pair_level(one, other, GROUP, x, now)
    block = now.week // MEETING_BLOCK
    mask = meeting_mask(now.seed, block, one.berth, one.generation, other.berth, other.generation, level, GROUP)
    return make_tie(r, a, b, GROUP, strength, level, mask)


@compiled
def list_members(r, w, rows, x, now):  # type: ignore[no-untyped-def]
    """Introduce new members to their worker, turn strong group ties into friendships, and list group attendees.

    ``rows`` are those who joined or attended. Attendees' rows are written to ``w.queue``; returns their number.
    """
    x, now = x[0], now[0]
    friend_strength, table = x.tables.friend_strength, x.programmes
    count = 0
    for i in rows:
        person = r[i]
        if w.joined[i]:
            for p in range(now.programmes):
                if (w.joined[i] >> p) & 1 == 0 or person.programme_status[p] != ENROLLED:
                    continue
                if table.tie_context[p] >= 0:
                    meet_worker(r, i, p, x, now)
                if table.old_ties[p] > 0.0:
                    bring_back(r, i, p, x, now)
        if w.attended[i] == 0:
            continue
        for j in range(person.slots_used):
            if person.context[j] == GROUP and person.strength[j] >= friend_strength:
                become_friends(r, i, j, x, now)
        w.queue[count] = i
        count += 1
    return count


@compiled
def list_group(r, w, x, now, p, attendees):  # type: ignore[no-untyped-def]
    """Write the rows of those in the queue who attend group ``p`` to ``attendees``; returns their number.

    Their random words for seating are written to ``w.order``.
    """
    x, now = x[0], now[0]
    table = x.programmes
    several = (table.groups & (table.groups - 1)) != 0
    circle = table.caseload[p] / max(1, w.members[p])
    here = 0
    for k in range(attendees.shape[0]):
        i = w.queue[k]
        person = r[i]
        if person.programme_status[p] != ENROLLED:
            continue
        if several and not (w.joined[i] >> p) & 1:
            # People who attended a group this week may have attended another one.
            _, u_attends, _, _ = draws.draw(now.seed, table.member_stream[p], now.week, person.berth, person.generation)
            if u_attends >= table.attendance[p]:
                continue
        place, _, _, _ = draws.draw(now.seed, table.table_stream[p], _USUAL, person.berth, person.generation)
        u, _, _, _ = draws.draw(now.seed, table.table_stream[p], now.week, person.berth, person.generation)
        attendees[here], w.order[here] = i, programmes.seat_in_circle(place, u, circle)
        here += 1
    return here


@compiled
def seat(r, w, x, now, p, attendees):  # type: ignore[no-untyped-def]
    """Form ties between members of group ``p`` who sit side by side, in the order of ``attendees``, at a table."""
    x, now = x[0], now[0]
    count, size = attendees.shape[0], max(2, int(x.rates.programmes.table_size))
    for start in range(0, count, size):
        for k in range(start, min(start + size, count) - 1):
            a, b = attendees[k], attendees[k + 1]
            if sit_together(r, a, b, x.programmes.tie_strength[p], x, now):
                w.counts[cell_of(r[a]), _FRIENDS_MADE] += 1
                w.counts[cell_of(r[b]), _FRIENDS_MADE] += 1


def gather(r, w, x, now):  # type: ignore[no-untyped-def]
    """Introduce new members to their worker, and members of groups at the same table to each other.

    The order is that of random numbers, then of berths, never of rows. NumPy sorts, since a sort takes seconds to
    compile.
    """
    rows = np.flatnonzero((w.joined | w.attended) != 0)
    count = list_members(r, w, rows[r["berth"][rows].argsort()], x, now)
    for p in np.flatnonzero(x["programmes"]["is_group"][0]):
        attendees = np.empty(count, np.uint32)
        here = list_group(r, w, x, now, p, attendees)
        seat(r, w, x, now, p, attendees[_seats(r, attendees[:here], w.order[:here])])


def _seats(r, attendees, words):  # type: ignore[no-untyped-def]
    """Order in which a group's attendees sit, by their random words; in a large place town by town."""
    if r.shape[0] <= TOWN:
        return np.argsort(words, kind="stable")
    return np.lexsort((words, r["berth"][attendees] // TOWN))
