"""Phase live, second half: what was flagged happens, one resident after another in the order of their berths.

Few residents are touched in a week, and each may touch others (a widow's tie ends, a newborn joins a household), so
this is done once for both executions, in an order that does not depend on rows.
"""

from __future__ import annotations

import numpy as np

from simulator.categories import TIE_SLOTS
from simulator.compiling import compiled
from simulator.kernels.acquaintance import make_friend, retire
from simulator.kernels.households import housemates_of, leave_household, leave_the_list, move_in
from simulator.kernels.live import cast_luck
from simulator.kernels.newcomers import newborn, replace_household
from simulator.kernels.shared import cell
from simulator.measures import INDEX
from simulator.rules import demography

_DEATHS = INDEX["deaths"]


@compiled
def cast_newcomers_luck(r, w, now, i):  # type: ignore[no-untyped-def]
    """The week's luck of a household that is new: that of those who have left is not theirs."""
    rows = np.empty(TIE_SLOTS + 1, np.uint32)
    count = housemates_of(r, i, rows)
    rows[count] = i
    for k in range(count + 1):
        row = np.int64(rows[k])
        cast_luck(r, w, now, (row, row + 1))


@compiled
def settle(r, w, x, now):  # type: ignore[no-untyped-def]
    """Let everything flagged in ``w.event`` happen, in the order of berths."""
    for berth in range(r.berth.shape[0]):
        i = w.row_of_berth[berth]
        event = w.event[i]
        if event == demography.NOTHING:
            continue
        w.event[i] = demography.NOTHING
        if event == demography.DIES:
            w.counts[cell(r.age_band[i], r.deprivation[i], r.lonely[i]), _DEATHS] += 1
            leave_the_list(r, i)
            newborn(r, w, i, x, now)
            cast_luck(r, w, now, (np.int64(i), np.int64(i) + 1))
        elif event == demography.MOVES_AWAY:
            if r.moves_in_week[i] == now.week:
                replace_household(r, w, i, x, now)
                cast_newcomers_luck(r, w, now, i)
        elif event == demography.LEAVES_HOME:
            leave_household(r, i, x, now, False)
        elif event == demography.SEPARATES:
            leave_household(r, i, x, now, True)
        elif event == demography.MOVES_IN:
            if r.lives_alone[i] == 1:
                move_in(r, w.row_of_berth, i, x, now)
        elif event == demography.RETIRES:
            retire(r, i, x.rates.demography.retirement_contact_ratio)
        else:
            make_friend(r, w.row_of_berth, i, x, now)
