"""Census at the end of a quarter, by cell: trusted adults, friendships across the income median, and trust.

Counted quarterly, since ties change slowly; used by the wider ledger and by the outcomes of the same names.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulator.foundations.categories import ADULT_BAND, FRIEND, GROUP, PROFESSIONAL, SCHOOL_BAND, TIE_SLOTS, VOLUNTEER
from simulator.foundations.compiling import compiled, helper
from simulator.foundations.measures import INDEX
from simulator.kernels.cells import cell_of, millionths
from simulator.population.columns import Residents, records_of

_CHILDREN = INDEX["children_present"]
_TRUSTING = INDEX["children_trusting"]
_ADULTS = INDEX["adults_present"]
_TRUST = INDEX["trust_millionths"]
_BELOW = INDEX["friendships_below"]
_ACROSS = INDEX["friendships_across"]
_LOWER, _UPPER = 0, 1
"""Values of ``income_half``."""


@helper
def trusts_an_adult(r, i, trusted_strength):  # type: ignore[no-untyped-def]
    """Whether row ``i`` has a tie to a trusted adult; ties to professionals have no other row."""
    me = r[i]
    for j in range(TIE_SLOTS):
        if me.strength[j] < trusted_strength:
            continue
        context = me.context[j]
        if context == PROFESSIONAL:
            return True
        if context in (GROUP, VOLUNTEER) and r[me.other[j]].age_band >= ADULT_BAND:
            return True
    return False


@helper
def count_friendships(person, i, upper):  # type: ignore[no-untyped-def]
    """Friendships of row ``i`` with people in the place, and those of them with someone of the ``upper`` half (N,)."""
    friends, across = np.int64(0), np.int64(0)
    for j in range(TIE_SLOTS):  # always to the end and without a branch, which is faster
        b = person.other[j]
        friend = np.int64((person.context[j] == FRIEND) & (b != i))
        friends += friend
        across += friend & upper[b]
    return friends, across


@compiled
def census(r, trusted_strength, counts):  # type: ignore[no-untyped-def]
    """Add the census of residents ``r`` to ``counts``, shape (cells, measures)."""
    upper = np.empty(r.shape[0], np.uint8)  # a compact copy, since the other ends are anywhere
    for i in range(r.shape[0]):
        upper[i] = r[i].income_half == _UPPER
    for i in range(r.shape[0]):
        me = r[i]
        here = cell_of(me)
        if me.age_band == SCHOOL_BAND:
            counts[here, _CHILDREN] += 1
            if trusts_an_adult(r, i, trusted_strength):
                counts[here, _TRUSTING] += 1
        if me.age_band < ADULT_BAND:
            continue
        counts[here, _ADULTS] += 1
        counts[here, _TRUST] += millionths(me.trust)
        if me.income_half == _LOWER:
            friends, across = count_friendships(me, i, upper)
            counts[here, _BELOW] += friends
            counts[here, _ACROSS] += across


Counts = NDArray[np.int64]


def take_census(residents: Residents, trusted_strength: float, counts: Counts) -> None:
    """Add the census to ``counts``, shape (cells, measures). ``trusted_strength`` is a tie strength in [0, 1].

    A trusted adult is a professional, or an adult tied through volunteering or a group, with at least this strength.
    Friendships are counted if both live in the place, since other people's income is unknown.
    """
    census(records_of(residents), np.float32(trusted_strength), counts)
