"""Formation and end of volunteering ties, shared by both engines."""

from __future__ import annotations

import numpy as np

from simulator.events.group_meetings import become_friends
from simulator.foundations.categories import MEETING_BLOCK, VOLUNTEER
from simulator.foundations.compiling import compiled
from simulator.population.ties import make_tie, meeting_mask, tie_slot


@compiled
def begin(r, a, b, kind, now):  # type: ignore[no-untyped-def]
    """Form a volunteering tie between two rows, of ``kind`` (contact level, strength); True if it was formed."""
    now = now[0]
    one, other, level = r[a], r[b], np.uint16(kind[0])
    block = now.week // MEETING_BLOCK
    mask = meeting_mask(now.seed, block, one.berth, one.generation, other.berth, other.generation, level, VOLUNTEER)
    return make_tie(r, a, b, VOLUNTEER, kind[1], level, mask)


@compiled
def end(r, a, b, x, now):  # type: ignore[no-untyped-def]
    """End meetings through volunteering: the tie becomes a friendship if close enough, otherwise it fades."""
    x, now = x[0], now[0]
    slot = tie_slot(r, a, b)
    if slot < 0 or r[a].context[slot] != VOLUNTEER:
        return
    if r[a].strength[slot] >= x.tables.friend_strength:
        become_friends(r, a, slot, x, now)
        return
    back = tie_slot(r, b, a)
    r[a].contact_level[slot], r[a].meetings[slot] = 0, 0
    r[b].contact_level[back], r[b].meetings[back] = 0, 0
