"""Phase live, second half: flagged events are carried out one by one, in the order of berths.

They are few and may affect other residents (a tie ends, a newborn joins a household), so the code is shared by both
engines and the order does not depend on rows.
"""

from __future__ import annotations

from simulator.events.acquaintances import make_friend, retire
from simulator.events.households import leave_household, leave_the_list, move_in
from simulator.events.newcomers import newborn, replace_household
from simulator.foundations.categories import HOUSEHOLD
from simulator.foundations.compiling import compiled, helper
from simulator.foundations.measures import INDEX
from simulator.kernels.cells import cell_of
from simulator.kernels.live import redraw_random_words
from simulator.rules import demography

_DEATHS = INDEX["deaths"]


@helper
def redraw_for_new_household(r, w, now, i):  # type: ignore[no-untyped-def]
    """Redraw the week's random words for the members of a household that has moved in."""
    redraw_random_words(r, w, now, i)
    person = r[i]
    for j in range(person.slots_used):
        if person.context[j] == HOUSEHOLD:
            redraw_random_words(r, w, now, person.other[j])


@compiled
def settle(r, w, x, now):  # type: ignore[no-untyped-def]
    """Carry out every event flagged in ``w.event``, in the order of berths."""
    x, now = x[0], now[0]
    for berth in range(r.shape[0]):
        i = w.row_of_berth[berth]
        event = w.event[i]
        if event == demography.NOTHING:
            continue
        w.event[i] = demography.NOTHING
        person = r[i]
        if event == demography.DIES:
            w.counts[cell_of(person), _DEATHS] += 1
            leave_the_list(r, i)
            newborn(r, w, i, x, now)
            redraw_random_words(r, w, now, i)
        elif event == demography.MOVES_AWAY:
            if person.moves_in_week == now.week:
                replace_household(r, w, i, x, now)
                redraw_for_new_household(r, w, now, i)
        elif event == demography.LEAVES_HOME or event == demography.SEPARATES:
            leave_household(r, i, x, now, event == demography.SEPARATES)
        elif event == demography.MOVES_IN:
            if person.lives_alone == 1:
                move_in(r, w.row_of_berth, i, x, now)
        elif event == demography.RETIRES:
            retire(r, i, x.rates.demography.retirement_contact_ratio)
        else:
            make_friend(r, w, i, x, now)
