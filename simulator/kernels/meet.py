"""Phase meet: ties grow with contact and fade without; support is what they add up to."""

from __future__ import annotations

import numpy as np

from simulator.categories import GROUP, HOUSEHOLD, MEETING_BLOCK, NO_TIE
from simulator.columns import AWAY_GROUP, AWAY_HOSPITAL
from simulator.compiling import compiled, rule
from simulator.rules import ties

_HOSPITAL = np.uint8(AWAY_HOSPITAL)
_HOSPITAL_OR_GROUP = np.uint8(AWAY_HOSPITAL | AWAY_GROUP)


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
def meet(r, tables, rates_ties, trust_support, now):  # type: ignore[no-untyped-def]
    """Move every tie by one week and add up each resident's support; forget ties that have faded."""
    bit = np.uint8(now.week % MEETING_BLOCK)
    forgotten = rates_ties.forgotten_strength
    half = rates_ties.support_half
    for i in range(r.berth.shape[0]):
        total = trust_support * r.trust[i]
        away_i = r.away[i]
        for j in range(r.slots_used[i]):
            context = r.context[i, j]
            stopped = ((away_i | r.away[r.other[i, j]]) & STOPPED_BY[context]) != 0
            met = (r.meetings[i, j] >> bit) & np.uint8(1) & np.uint8(not stopped)
            index = (met << np.uint8(3)) | context
            strength = ties.strength_after_week(np.float64(r.strength[i, j]), tables.keep[index], tables.gain[index])
            r.strength[i, j] = strength
            if strength < forgotten and context != NO_TIE:
                r.context[i, j] = NO_TIE
                r.strength[i, j] = 0.0
                r.other[i, j] = np.uint32(i)
            else:
                total += tables.support_weight[context] * strength
        r.support[i] = ties.support(total, half)
        r.trust[i] *= tables.trust_keep
