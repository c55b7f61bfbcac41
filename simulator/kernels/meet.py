"""Phase meet: every four weeks, ties grow with contact and fade without it, and add up to support."""

from __future__ import annotations

import numpy as np

from simulator.foundations.categories import GROUP, HOUSEHOLD, MEETING_BLOCK, NO_TIE, SLOW_STEP, TIE_SLOTS
from simulator.foundations.compiling import helper, inlined, rule
from simulator.foundations.numba_code import fetch_ahead, fetch_next
from simulator.population.columns import AWAY_GROUP, AWAY_HOSPITAL, RESIDENT
from simulator.population.ties import tie_slot
from simulator.rules import ties


@rule
def stopped_by(context: int) -> int:
    """Bits of ``away``, at either end, that prevent a tie of this context from meeting; households always meet."""
    if context == GROUP:
        return AWAY_HOSPITAL | AWAY_GROUP
    if context in (HOUSEHOLD, NO_TIE):
        return 0
    return AWAY_HOSPITAL


STOPPED_BY = np.array([stopped_by(context) for context in range(NO_TIE + 1)], np.uint8)
STOPPED_BY.setflags(write=False)
_OTHER_AT = dict(RESIDENT.fields or {})["other"][1]
_EVERY_WEEK = np.uint8((1 << SLOW_STEP) - 1)


@helper
def keep_apart(r, w, now):  # type: ignore[no-untyped-def]
    """Strike this week from the meetings of ties, at both ends, that cannot meet because someone is away.

    Few residents are away, so this saves the loop over all ties from reading each tie's other end.
    """
    this_week = np.uint8(255 - (1 << (now.week % MEETING_BLOCK)))
    for i in range(r.shape[0]):
        if w.away[i] == 0:
            continue
        person = r[i]
        for j in range(person.slots_used):
            fetch_ahead(r[person.other[j]], _OTHER_AT)
        for j in range(person.slots_used):
            if w.away[i] & STOPPED_BY[person.context[j]]:
                b = person.other[j]
                person.meetings[j] &= this_week
                if b != i:
                    r[b].meetings[tie_slot(r, b, i)] &= this_week


@helper
def count_lonely_ties(r, w, close):  # type: ignore[no-untyped-def]
    """Count each resident's close ties with lonely people in ``w.lonely_ties``: from the lonely, who are few."""
    for i in range(r.shape[0]):
        w.lonely_ties[i] = 0
    for i in range(r.shape[0]):
        person = r[i]
        if person.lonely == 0:
            continue
        for j in range(person.slots_used):
            if person.other[j] != i and person.strength[j] >= close:
                w.lonely_ties[person.other[j]] += np.uint8(1)


@inlined
def forget(person, i, x):  # type: ignore[no-untyped-def]
    """Empty the slots of ties below the forgotten strength; return the weighted strength of the others."""
    total = x.rates.contacts.trust_support * person.trust
    for j in range(person.slots_used):
        context = person.context[j]
        strength = np.float64(person.strength[j])
        if context != NO_TIE and strength < x.rates.ties.forgotten_strength:
            person.context[j] = NO_TIE
            person.strength[j] = 0.0
            person.other[j] = np.uint32(i)
        else:
            total += x.tables.support_weight[context] * strength
    return total


@helper
def meet(r, w, x, now, rows):  # type: ignore[no-untyped-def]
    """Advance every tie by four weeks, add up each resident's support and forget ties that have faded.

    The inner loop has no branch: its coefficients are looked up by the weeks in which the tie met, empty slots keep a
    strength of 0, and forgetting, which is rare, takes a second pass.
    """
    if not ties.ends_step(now.week):
        return
    first = np.uint8(now.week % MEETING_BLOCK + 1 - SLOW_STEP)
    keep, gain, weight = x.tables.keep_in_step, x.tables.gain_in_step, x.tables.support_weight
    forgotten, half = x.tables.forgotten, x.rates.ties.support_half
    for i in rows:
        fetch_next(r, np.int64(i), r.shape[0], 0, 5)
        person = r[i]
        person.trust *= x.tables.trust_keep_in_step
        total, faded = x.rates.contacts.trust_support * person.trust, False
        for j in range(TIE_SLOTS):
            context = person.context[j]
            met = (person.meetings[j] >> first) & _EVERY_WEEK
            index = (context << np.uint8(SLOW_STEP)) | met
            person.strength[j] = ties.strength_after(np.float64(person.strength[j]), keep[index], gain[index])
            strength = np.float64(person.strength[j])
            faded |= strength < forgotten[context]
            total += weight[context] * strength
        if faded:
            total = forget(person, i, x)
        person.support = ties.support(total, half)
