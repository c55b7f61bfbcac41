"""Random numbers by address: a uniform draw depends only on (seed, stream, week, permanent identity).

Philox4x32-10 (Salmon, Moraes, Dror and Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3", SC11), with the
constants of the paper. Two scenarios with the same seed therefore differ only by what the policy changes, and an
additional resident changes no one else's draws. Compiled once; agents and column loops both call it.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from simulator.foundations.compiling import compiled_for, helper, inlined

# Streams: one for each use of random numbers, so that adding a draw to one use leaves the others unchanged.
TRAITS: Final = 1
PERSON: Final = 2
HOUSEHOLDS: Final = 3
TIE_MAKING: Final = 4
TIE_LEVEL: Final = 5
INITIAL_STATE: Final = 6
COMING_OF_AGE: Final = 11
CARE_START: Final = 12  # social care at the start, or on moving in
LIVE: Final = 16  # dies, household event, new condition, transient risk changes
FEEL: Final = 17  # acute episode, loneliness, consultations, other contacts
MEET: Final = 18
MOVE: Final = 19
NEWCOMER: Final = 20
MOTHER: Final = 21
FRIENDS: Final = 22
TRANSIENT: Final = 23
CARE: Final = 24  # asks the practice first, seen, goes to A&E, kept overnight
STAY: Final = 25  # recorded, days, waits, days waiting
CONSULTATION: Final = 26  # seen, same doctor
TABLE: Final = 27
VOLUNTEERING: Final = 28  # stops, asks someone, whom; of a programme: whom it asks
PARTNER: Final = 29
NEIGHBOURS: Final = 30
PARAMETERS: Final = 31
SYNTHESIS: Final = 32
"""Streams go up to 255; 32 to 47 are for building a population."""
SOCIAL_CARE: Final = 48  # assessed, outcome, home care or care home ends
USUAL_GP: Final = 51  # the usual GP has left the practice
WILLINGNESS: Final = 56  # permanent to a resident: willing to volunteer, hours
ANSWER: Final = 57  # says yes when asked to volunteer
PAIRING: Final = 58  # which client, which volunteer comes first
OLD_TIES: Final = 60  # number of old ties that joining a programme brings back
CONVERSATION: Final = 61  # of a trained resident: how many; plus 256 times 1 + its number: along a tie, which, pointed
CONVERSATION_WITH: Final = 62  # someone in the town
CHANNEL: Final = 64  # plus the number of the contact in the week: task, channel, fails, returns
OFFER: Final = 96  # plus the number of the programme: offered, engages, introduced to a café
MEMBER: Final = 112  # plus the number of the programme: leaves, attends, where at the table
TRIAL: Final = 176  # plus the number of the programme: arm of a randomised offer
SURVEY: Final = 240  # error of a scale, by the week of the survey; used by studies only
# From 256 on, in steps of 256: the same four streams for a user's own programme and its tables.


@inlined
def _round(c0, c1, c2, c3, k0, k1):  # type: ignore[no-untyped-def]
    """One round of Philox4x32."""
    product0 = np.uint64(c0) * np.uint64(0xD2511F53)
    product1 = np.uint64(c2) * np.uint64(0xCD9E8D57)
    high0, high1 = np.uint32(product0 >> np.uint64(32)), np.uint32(product1 >> np.uint64(32))
    return high1 ^ c1 ^ k0, np.uint32(product1), high0 ^ c3 ^ k1, np.uint32(product0)


@inlined
def _next_key(k0, k1):  # type: ignore[no-untyped-def]
    """The key words of the next round (Weyl sequence)."""
    return np.uint32(k0 + np.uint32(0x9E3779B9)), np.uint32(k1 + np.uint32(0xBB67AE85))


@inlined
def philox(c0, c1, c2, c3, k0, k1):  # type: ignore[no-untyped-def]
    """Philox4x32-10: four 32-bit counter words and two key words to four random 32-bit words (uint32).

    The ten rounds are written out and inlined so that the compiler can vectorise a loop that calls this, which makes
    it several times as fast.
    """
    c0, c1, c2, c3 = np.uint32(c0), np.uint32(c1), np.uint32(c2), np.uint32(c3)
    k0, k1 = np.uint32(k0), np.uint32(k1)
    c0, c1, c2, c3 = _round(c0, c1, c2, c3, k0, k1)
    k0, k1 = _next_key(k0, k1)
    c0, c1, c2, c3 = _round(c0, c1, c2, c3, k0, k1)
    k0, k1 = _next_key(k0, k1)
    c0, c1, c2, c3 = _round(c0, c1, c2, c3, k0, k1)
    k0, k1 = _next_key(k0, k1)
    c0, c1, c2, c3 = _round(c0, c1, c2, c3, k0, k1)
    k0, k1 = _next_key(k0, k1)
    c0, c1, c2, c3 = _round(c0, c1, c2, c3, k0, k1)
    k0, k1 = _next_key(k0, k1)
    c0, c1, c2, c3 = _round(c0, c1, c2, c3, k0, k1)
    k0, k1 = _next_key(k0, k1)
    c0, c1, c2, c3 = _round(c0, c1, c2, c3, k0, k1)
    k0, k1 = _next_key(k0, k1)
    c0, c1, c2, c3 = _round(c0, c1, c2, c3, k0, k1)
    k0, k1 = _next_key(k0, k1)
    c0, c1, c2, c3 = _round(c0, c1, c2, c3, k0, k1)
    k0, k1 = _next_key(k0, k1)
    c0, c1, c2, c3 = _round(c0, c1, c2, c3, k0, k1)
    return c0, c1, c2, c3


@helper
def unit(word):  # type: ignore[no-untyped-def]
    """A 32-bit word as a float64 strictly between 0 and 1."""
    return (np.float64(word) + 0.5) * 2.3283064365386963e-10


@compiled_for("UniTuple(float64, 4)(int64, int64, int64, int64, int64)")
def draw(seed, stream, week, berth, generation):  # type: ignore[no-untyped-def]
    """Four uniforms in (0, 1) of one resident in one week of one stream.

    ``seed`` is a non-negative 64-bit integer, ``week`` below 2**24.
    """
    a, b, c, d = philox(
        np.uint32(berth),
        np.uint32(generation),
        np.uint32(week),
        np.uint32(stream),
        np.uint32(np.uint64(seed) & np.uint64(0xFFFFFFFF)),
        np.uint32(np.uint64(seed) >> np.uint64(32)),
    )
    return unit(a), unit(b), unit(c), unit(d)


@compiled_for("UniTuple(uint32, 4)(int64, int64, int64, int64, int64, int64, int64)")
def pair_words(seed, stream, block, berth_a, generation_a, berth_b, generation_b):  # type: ignore[no-untyped-def]
    """Four random 32-bit words of a pair of residents, the same in either order."""
    if berth_b < berth_a:
        berth_a, berth_b = berth_b, berth_a
        generation_a, generation_b = generation_b, generation_a
    return philox(
        np.uint32(berth_a),
        np.uint32(berth_b),
        np.uint32(np.uint32(generation_a) | (np.uint32(generation_b) << np.uint32(16))),
        np.uint32((np.uint32(block) << np.uint32(8)) | np.uint32(stream)),
        np.uint32(np.uint64(seed) & np.uint64(0xFFFFFFFF)),
        np.uint32(np.uint64(seed) >> np.uint64(32)),
    )
