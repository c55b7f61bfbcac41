"""Phase meet: ties grow with contact and fade without; support is what they add up to."""

from __future__ import annotations

import numpy as np

from simulator.categories import GROUP, HOUSEHOLD, MEETING_BLOCK, NO_TIE
from simulator.columns import AWAY_GROUP, AWAY_HOSPITAL
from simulator.compiling import compiled, rule
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


@compiled
def meet(r, w, x, now, rows):  # type: ignore[no-untyped-def]
    """Move every tie by one week and add up each resident's support; forget ties that have faded."""
    bit = np.uint8(now.week % MEETING_BLOCK)
    tables, tie_rates, trust_support = x.tables, x.rates.ties, x.rates.contacts.trust_support
    forgotten = tie_rates.forgotten_strength
    half = tie_rates.support_half
    for i in range(rows[0], rows[1]):
        person = r[i]
        total = trust_support * person.trust
        away_i = w.away[i]
        for j in range(person.slots_used):
            context = person.context[j]
            stopped = (away_i | w.away[person.other[j]]) & STOPPED_BY[context]
            met = (person.meetings[j] >> bit) & np.uint8(1) & np.uint8(stopped == 0)
            index = (met << np.uint8(3)) | context
            strength = ties.strength_after_week(np.float64(person.strength[j]), tables.keep[index], tables.gain[index])
            person.strength[j] = strength
            if strength < forgotten and context != NO_TIE:
                person.context[j] = NO_TIE
                person.strength[j] = 0.0
                person.other[j] = np.uint32(i)
            else:
                total += tables.support_weight[context] * strength
        person.support = ties.support(total, half)
        person.trust *= tables.trust_keep
