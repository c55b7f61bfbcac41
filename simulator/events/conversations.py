"""Conversations of trained residents, shared by both engines: they point others to a group, or back to an old tie.

Anyone may be spoken to, lonely or not, member or not: along the ties of the trained resident, or in the town.
"""

from __future__ import annotations

import numpy as np

from simulator.events.acquaintances import pick
from simulator.events.group_meetings import bring_back
from simulator.foundations import random_numbers as draws
from simulator.foundations.categories import ADULT_BAND, NO_TIE
from simulator.foundations.compiling import compiled, helper
from simulator.foundations.measures import INDEX
from simulator.kernels.cells import cell_of
from simulator.rules import chance

_CONVERSATIONS = INDEX["conversations"]


@helper
def partner(r, w, talk, x, now):  # type: ignore[no-untyped-def]
    """Row of the person with whom a trained resident talks; their own row for nobody.

    ``talk`` is the resident's row, the number of the conversation in the week, and two uniform numbers: whether along a
    tie, and which.
    """
    i, k, u_tie, u_slot = talk
    person = r[i]
    if u_tie < x.rates.programmes.conversation_tie_share and person.slots_used > 0:
        slot = int(u_slot * person.slots_used)
        if person.context[slot] != NO_TIE:
            return np.uint32(person.other[slot])
    return np.uint32(pick(r, w.row_of_berth, (now.seed, draws.CONVERSATION_WITH, now.week), i, k))


@compiled
def hold(r, w, rows, kind, x, now):  # type: ignore[no-untyped-def]
    """The week's conversations of the residents in ``rows``; ``kind`` is the programme, and conversations per week.

    Who is pointed to the programme that it introduces to may take it up in the next week.
    """
    x, now = x[0], now[0]
    p, per_week = kind
    table = x.programmes
    q = table.introduces[p]
    for i in rows:
        person = r[i]
        number, _, _, _ = draws.draw(now.seed, draws.CONVERSATION, now.week, person.berth, person.generation)
        for k in range(chance.whole_number(number, per_week)):
            stream = draws.CONVERSATION + 256 * (k + 1)
            u_tie, u_slot, u_pointed, _ = draws.draw(now.seed, stream, now.week, person.berth, person.generation)
            b = partner(r, w, (i, k, u_tie, u_slot), x, now)
            other = r[b]
            if b == i or other.age_band < ADULT_BAND:
                continue
            w.counts[cell_of(other), _CONVERSATIONS] += 1
            if q >= 0 and u_pointed < table.introduction[p]:
                w.pointed[b] |= np.uint8(1 << q)
            if table.old_ties[p] > 0.0:
                bring_back(r, b, p, x, now)


def converse(r, w, rows, kind, x, now):  # type: ignore[no-untyped-def]
    """Hold the week's conversations, in the order of berths, so that the order of rows does not matter."""
    order = np.argsort(r["berth"][rows], kind="stable")
    hold(r, w, np.asarray(rows, np.uint32)[order], kind, x, now)
