"""Ties as mirrored slots: forming, ending and meeting.

A tie between rows a and b fills one slot of each, with the same context, strength, contact level and meetings. A tie
with someone outside the list (a professional; kin and friends who live elsewhere) fills one slot, with the row itself
as the other end. Ending a tie empties its slots, which later ties fill. Both engines use the same functions.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from simulator.foundations import random_numbers as draws
from simulator.foundations.categories import HOUSEHOLD, NO_TIE, TIE_SLOTS
from simulator.foundations.compiling import CACHE_LINE, compiled, helper, inlined, leaf
from simulator.foundations.numba_code import fetch_next
from simulator.population.columns import RESIDENT
from simulator.rules import ties as rules

FULL_LEVEL: Final = np.uint16(65535)
"""Contact level of a household tie, which meets every week."""
_EVERY_WEEK: Final = np.uint8(255)
_NO_WEEK: Final = np.uint8(0)
ELSEWHERE: Final = np.uint32(0xFFFFFFFF)
"""Berths counted down from here represent people outside the list, by slot."""
_CONTEXT_LINE: Final = dict(RESIDENT.fields or {})["context"][1] // CACHE_LINE
_LINES: Final = RESIDENT.itemsize // CACHE_LINE
"""Cache lines of a record; from `_CONTEXT_LINE` on they have everything about its ties but their strength."""
_TOGETHER: Final = 32
"""Residents whose ties are drawn together."""
_LOW: Final = np.uint32(0xFFFF)
_HALF: Final = np.uint32(16)
_ONE: Final = np.uint32(1)
_BERTH: Final = np.uint64(16)
_GENERATION: Final = np.uint64(0xFFFF)


@inlined
def _two_weeks(word, level):  # type: ignore[no-untyped-def]
    """Two bits: whether a tie of this contact level meets in the weeks of the low and the high half of ``word``."""
    return np.uint32(rules.meets(word & _LOW, level)) | (np.uint32(rules.meets(word >> _HALF, level)) << _ONE)


@inlined
def _eight_weeks(a, b, c, d, level):  # type: ignore[no-untyped-def]
    """Bits of the eight weeks of a block, from four random words and a contact level (all uint32)."""
    first = _two_weeks(a, level) | (_two_weeks(b, level) << np.uint32(2))
    last = _two_weeks(c, level) | (_two_weeks(d, level) << np.uint32(2))
    return np.uint8(first | (last << np.uint32(4)))


@helper
def meeting_mask(  # type: ignore[no-untyped-def]  # noqa: PLR0913 - a pair is four numbers
    seed, block, berth_a, generation_a, berth_b, generation_b, level, context
):
    """Weeks of a block of eight in which a tie meets, as bits (uint8); bit k is week ``8 * block + k``.

    ``level`` is the contact level (weekly probability in 1/65536). The result is the same from either end; a household
    meets every week.
    """
    if context == HOUSEHOLD:
        return _EVERY_WEEK
    a, b, c, d = draws.pair_words(seed, draws.MEET, block, berth_a, generation_a, berth_b, generation_b)
    return _eight_weeks(a, b, c, d, np.uint32(level))


@inlined
def _identity_of(berth, generation):  # type: ignore[no-untyped-def]
    """Berth and generation as one number, in the order of berths."""
    return (np.uint64(berth) << _BERTH) | np.uint64(generation)


@leaf
def _address_pairs(mine, other, elsewhere, low_berths, high_berths, generations):  # type: ignore[no-untyped-def]
    """Addresses of the ties of a batch from the identities at both ends; with oneself, ``elsewhere``."""
    for q in range(mine.shape[0]):
        me = mine[q]
        you = other[q] if other[q] != me else elsewhere[q] | (me & _GENERATION)
        low, high = min(me, you), max(me, you)
        low_berths[q], high_berths[q] = np.uint32(low >> _BERTH), np.uint32(high >> _BERTH)
        generations[q] = np.uint32(low & _GENERATION) | (np.uint32(high & _GENERATION) << _HALF)


@leaf
def _draw_pairs(low_berths, high_berths, generations, words, first, second, third, fourth):  # type: ignore[no-untyped-def]  # noqa: PLR0913 - a leaf takes each array by itself
    """Four random words for each address."""
    c3, k0, k1 = words
    for q in range(first.shape[0]):
        drawn = draws.philox(low_berths[q], high_berths[q], generations[q], c3, k0, k1)
        first[q], second[q], third[q], fourth[q] = drawn


@leaf
def _fill_masks(first, second, third, fourth, levels, masks):  # type: ignore[no-untyped-def]
    """The meeting masks of a batch."""
    for q in range(masks.shape[0]):
        masks[q] = _eight_weeks(first[q], second[q], third[q], fourth[q], levels[q])


@leaf
def _keep_meetings(contexts, meetings, masks):  # type: ignore[no-untyped-def]
    """Correct the ``masks`` of a batch: household ties meet every week, and empty slots keep their ``meetings``."""
    for q in range(masks.shape[0]):
        mask = _EVERY_WEEK if contexts[q] == HOUSEHOLD else masks[q]
        masks[q] = meetings[q] if contexts[q] == NO_TIE else mask


@compiled
def refresh_meetings(residents, seed, block, first, stop):  # type: ignore[no-untyped-def]
    """Set ``meetings`` of every tie of the rows from ``first`` to before ``stop`` for the eight weeks of
    ``block``, as in `meeting_mask` but in batches.

    All slots are drawn, used or not, since loops of one length without branches gain more than that costs.
    """
    r = residents
    word = np.uint32((np.uint32(block) << np.uint32(8)) | np.uint32(draws.MEET))
    key = np.uint64(seed)
    words = (word, np.uint32(key & np.uint64(0xFFFFFFFF)), np.uint32(key >> np.uint64(32)))
    size = _TOGETHER * TIE_SLOTS
    mine, other, elsewhere = np.empty(size, np.uint64), np.empty(size, np.uint64), np.empty(size, np.uint64)
    addresses, drawn = np.empty((3, size), np.uint32), np.empty((4, size), np.uint32)
    levels, contexts = np.empty(size, np.uint32), np.empty(size, np.uint8)
    meetings, masks = np.empty(size, np.uint8), np.empty(size, np.uint8)
    for q in range(size):
        elsewhere[q] = _identity_of(ELSEWHERE - np.uint32(q % TIE_SLOTS), 0)
    # A compact array, so that looking up the other ends stays in the cache.
    identities = np.empty(r.shape[0], np.uint64)
    for i in range(r.shape[0]):
        identities[i] = _identity_of(r[i].berth, r[i].generation)
    for start in range(first, stop, _TOGETHER):
        count = min(_TOGETHER, stop - start)
        for k in range(count):
            fetch_next(r, start + k, stop, _CONTEXT_LINE, _LINES)
            person, me, at = r[start + k], identities[start + k], k * TIE_SLOTS
            for j in range(TIE_SLOTS):
                mine[at + j], other[at + j] = me, identities[person.other[j]]
                levels[at + j], contexts[at + j] = person.contact_level[j], person.context[j]
                meetings[at + j] = person.meetings[j]
        used = count * TIE_SLOTS
        # Three short loops, each of which is vectorised better than one that does all.
        _address_pairs(mine, other, elsewhere, addresses[0], addresses[1], addresses[2])
        _draw_pairs(addresses[0], addresses[1], addresses[2], words, drawn[0], drawn[1], drawn[2], drawn[3])
        _fill_masks(drawn[0], drawn[1], drawn[2], drawn[3], levels, masks)
        _keep_meetings(contexts, meetings, masks[:used])
        for k in range(count):
            person, at = r[start + k], k * TIE_SLOTS
            for j in range(TIE_SLOTS):
                person.meetings[j] = masks[at + j]


@helper
def _free_slot(person):  # type: ignore[no-untyped-def]
    """First empty slot of a resident, or 15."""
    for j in range(TIE_SLOTS):
        if person.context[j] == NO_TIE:
            return j
    return TIE_SLOTS


@helper
def _weakest_slot(person):  # type: ignore[no-untyped-def]
    """Slot of a resident's weakest tie outside the household (the first if equal), or 15."""
    weakest = TIE_SLOTS
    for j in range(TIE_SLOTS):
        outside = person.context[j] != NO_TIE and person.context[j] != HOUSEHOLD
        if outside and (weakest == TIE_SLOTS or person.strength[j] < person.strength[weakest]):
            weakest = j
    return weakest


@helper
def _has_room(person, context, strength):  # type: ignore[no-untyped-def]
    """Whether a resident has an empty slot or a tie that this one would replace."""
    if _free_slot(person) < TIE_SLOTS:
        return True
    weakest = _weakest_slot(person)
    return weakest < TIE_SLOTS and (context == HOUSEHOLD or person.strength[weakest] < strength)


@helper
def _empty_slot(person, i, j):  # type: ignore[no-untyped-def]
    """Empty slot ``j`` of the resident in row ``i``."""
    person.other[j] = i
    person.context[j] = NO_TIE
    person.strength[j] = np.float32(0.0)
    person.contact_level[j] = 0
    person.meetings[j] = _NO_WEEK
    used = np.int64(person.slots_used)
    while used > 0 and person.context[used - 1] == NO_TIE:
        used -= 1
    person.slots_used = used


@helper
def _drop_slot(residents, i, j):  # type: ignore[no-untyped-def]
    other = residents[i].other[j]
    _empty_slot(residents[i], i, j)
    if other != i:
        person = residents[other]
        for k in range(person.slots_used):
            if person.other[k] == i:
                _empty_slot(person, other, k)
                return


@helper
def _fill_slot(residents, i, other, tie):  # type: ignore[no-untyped-def]
    """Write a tie (context, strength, contact level, meetings) to row ``i``; if it is full, its weakest tie ends."""
    person = residents[i]
    j = _free_slot(person)
    if j == TIE_SLOTS:
        j = _weakest_slot(person)
        _drop_slot(residents, i, j)
    person.other[j] = other
    person.context[j], person.strength[j], person.contact_level[j], person.meetings[j] = tie
    person.slots_used = max(np.int64(person.slots_used), j + 1)


@helper
def are_tied(residents, a, b):  # type: ignore[no-untyped-def]
    """Whether rows ``a`` and ``b`` have a tie."""
    person = residents[a]
    for j in range(person.slots_used):
        if person.other[j] == b and person.context[j] != NO_TIE:
            return a != b
    return False


@helper
def tie_slot(residents, a, b):  # type: ignore[no-untyped-def]
    """Slot of the tie of row ``a`` with row ``b``, or -1 (int64)."""
    person = residents[a]
    for j in range(person.slots_used):
        if person.other[j] == b and person.context[j] != NO_TIE:
            return np.int64(j)
    return np.int64(-1)


@helper
def make_tie(  # type: ignore[no-untyped-def]  # noqa: PLR0913 - a tie is four numbers
    residents, a, b, context, strength, contact_level, meetings
):
    """Form a tie between rows ``a`` and ``b``; returns whether it was formed.

    If all 15 slots of an end are full, its weakest tie outside the household ends, provided it is weaker than the new
    one (a household tie always replaces it). Nothing changes if the two are already tied or identical, or if the new
    tie would be the weakest. ``strength`` [strength], ``contact_level`` in 1/65536, ``meetings`` as in `meeting_mask`.
    """
    a, b = np.uint32(a), np.uint32(b)
    tie = (np.uint8(context), np.float32(strength), np.uint16(contact_level), np.uint8(meetings))
    if a == b or are_tied(residents, a, b):
        return False
    if not (_has_room(residents[a], tie[0], tie[1]) and _has_room(residents[b], tie[0], tie[1])):
        return False
    _fill_slot(residents, a, b, tie)
    _fill_slot(residents, b, a, tie)
    return True


@helper
def make_tie_elsewhere(residents, i, context, strength, contact_level):  # type: ignore[no-untyped-def]
    """Form a tie of row ``i`` with someone outside the list; returns whether it was formed.

    The weeks in which it meets are drawn with the next block of weeks.
    """
    row, tie = np.uint32(i), (np.uint8(context), np.float32(strength), np.uint16(contact_level), _NO_WEEK)
    if not _has_room(residents[row], tie[0], tie[1]):
        return False
    _fill_slot(residents, row, row, tie)
    return True


@helper
def drop_slot(residents, i, j):  # type: ignore[no-untyped-def]
    """End the tie in slot ``j`` of row ``i``, at both ends."""
    _drop_slot(residents, np.uint32(i), np.int64(j))


@helper
def drop_tie(residents, a, b):  # type: ignore[no-untyped-def]
    """End the tie between rows ``a`` and ``b``; returns whether there was one."""
    person = residents[a]
    for j in range(person.slots_used):
        if person.other[j] == b and a != b:
            _drop_slot(residents, np.uint32(a), np.int64(j))
            return True
    return False


@helper
def drop_all_ties(residents, i):  # type: ignore[no-untyped-def]
    """End every tie of row ``i``, at both ends."""
    person = residents[i]
    for j in range(TIE_SLOTS):
        if person.context[j] != NO_TIE:
            _drop_slot(residents, np.uint32(i), np.int64(j))
