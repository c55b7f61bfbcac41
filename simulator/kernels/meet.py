"""Phase meet: ties grow with contact and fade without; support is what they add up to."""

from __future__ import annotations

import numpy as np

from simulator.categories import GROUP, HOUSEHOLD, MEETING_BLOCK, NO_TIE
from simulator.columns import AWAY_GROUP, AWAY_HOSPITAL
from simulator.compiling import helper, inlined, rule
from simulator.rules import ties


@rule
def stopped_by(context: int) -> int:
    """Bits of ``away``, at either end, that keep a tie of this context from meeting; a household always meets."""
    if context == GROUP:
        return AWAY_HOSPITAL | AWAY_GROUP
    if context == HOUSEHOLD:
        return 0
    return AWAY_HOSPITAL


STOPPED_BY = np.array([stopped_by(context) for context in range(NO_TIE + 1)], np.uint8)
STOPPED_BY.setflags(write=False)


@inlined
def forget(person, i, x):  # type: ignore[no-untyped-def]
    """Empty the slots of ties that have faded below remembering; return the weighted strength of the others."""
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
    """Move every tie by one week and add up each resident's support; forget ties that have faded.

    The inner loop has no branch: what a tie does is looked up by whether it met, and forgetting, which is rare, is
    done in a second look.
    """
    bit = np.uint8(now.week % MEETING_BLOCK)
    keep, gain, weight = x.tables.keep, x.tables.gain, x.tables.support_weight
    forgotten, half = x.rates.ties.forgotten_strength, x.rates.ties.support_half
    away = w.away
    for i in range(rows[0], rows[1]):
        person = r[i]
        total = x.rates.contacts.trust_support * person.trust
        away_i, faded = away[i], False
        for j in range(person.slots_used):
            context = person.context[j]
            stopped = (away_i | away[person.other[j]]) & STOPPED_BY[context]
            met = (person.meetings[j] >> bit) & np.uint8(1) & np.uint8(stopped == 0)
            index = (met << np.uint8(3)) | context
            person.strength[j] = ties.strength_after_week(np.float64(person.strength[j]), keep[index], gain[index])
            strength = np.float64(person.strength[j])
            faded |= (strength < forgotten) & (context != NO_TIE)
            total += weight[context] * strength
        if faded:
            total = forget(person, i, x)
        person.support = ties.support(total, half)
        person.trust *= x.tables.trust_keep
