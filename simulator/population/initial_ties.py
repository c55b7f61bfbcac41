"""Initial ties of residents: household, kin, friends and neighbours.

Each resident searches for half of the expected ties of a context and is found by others for the other half. The person
met in a search depends on age, income and neighbourhood; a search that meets someone unsuitable is repeated. Friends
and neighbours of children are children; kin are of the same generation or one or two apart.

Shapes: N residents, B neighbourhoods (rows of one neighbourhood are adjacent), A = 9 age bands.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.evidence.parameters import Rates, Table
from simulator.foundations import random_numbers as draws
from simulator.foundations.categories import (
    ADULT_BAND,
    AGE_BAND_STARTS,
    AGE_BANDS,
    FRIEND,
    GROUP,
    HOUSEHOLD,
    KIN,
    NEIGHBOUR,
    TIE_SLOTS,
    WEEKS_PER_YEAR,
)
from simulator.foundations.compiling import compiled, helper
from simulator.population.columns import Residents
from simulator.population.ties import FULL_LEVEL, are_tied, make_tie
from simulator.rules import chance, ties
from simulator.specification.lookup_tables import Tables

_AGES: Final = len(AGE_BANDS)
_TRIES: Final = 24
_CONTEXT_DRAWS, _SEARCH_DRAWS = 65_536, 64
"""Numbers of draws reserved for a context and for one search in it, so that none is used twice."""
_NO_PARTNER: Final = np.int64(-1)
_NEARBY_BLOCKS: Final = 10
"""Number of neighbourhoods on either side in which friends and kin from elsewhere live: a town of about 30,000."""
_DOOR_TO_DOOR: Final = 40
"""Number of rows within which neighbours live: about 17 households on either side."""
_AT_ONCE: Final = 64
"""Number of neighbourhoods indexed at once: about 100,000 residents."""
_SPREAD: Final = 0.5
"""Standard deviation of log sociability, on the numbers of friends and of kin, so that close friends vary between
residents about as in the YouGov Friendship Study 2021."""
_COPIES: Final = 4
"""Entries in the index for a resident of average sociability; more sociable residents have more and are met more."""
_HOUSEHOLD_LOW, _HOUSEHOLD_HIGH = 0.9, 1.0
"""Range of the initial strength of a household tie."""
_SAME_GENERATION, _ONE_APART = 0.45, 0.92
"""Cumulative shares of kin of the same generation (siblings, cousins) and up to one apart (parents, children); the rest
are two apart (grandparents). An assumption."""
_SAME_GENERATION_GAP, _GENERATION_LOW, _GENERATION_HIGH = 8.0, 20.0, 38.0
"""Largest age gap between kin of one generation, and range of the gap between successive generations [years]."""


class Homophily(NamedTuple):
    """Tendency of friends to be similar."""

    same_neighbourhood: float  # share
    same_age: float  # share
    across_income: float  # ratio: odds of being chosen across the income median, relative to the same half


class Index(NamedTuple):
    """Residents of each neighbourhood by age band, with more entries for more sociable residents."""

    rows: NDArray[np.uint32]  # (M,) rows by neighbourhood, then age band
    edges: NDArray[np.int64]  # (B * A + 1,) start in ``rows`` of each neighbourhood's age band
    blocks: NDArray[np.int64]  # (B + 1,) first row of each neighbourhood


class TieMakingRates(NamedTuple):
    """Evidence values used by the loops, by context (7,) or age band (A,)."""

    mean_ties: Table
    age_ratio: Table
    contact_probability: Table
    gain: Table  # (16,) see `simulator.specification.lookup_tables.Tables`
    keep: Table  # (16,)
    forgotten_strength: float


def homophily(rates: Rates) -> Homophily:
    """Homophily from the evidence, in the form the loops use.

    The evidence gives the share of friends across the median if both halves are equally numerous, from which the odds
    of choosing someone of the other half follow.
    """
    tie = rates.ties
    across = min(1.0, tie.cross_income_share / max(1.0 - tie.cross_income_share, 1e-12))
    return Homophily(tie.same_neighbourhood_share, tie.same_age_share, across)


def make_ties(residents: Residents, rates: Rates, tables: Tables, seed: int) -> None:
    """Form initial ties for residents without any, context by context. Rows of a household must be adjacent."""
    tie = rates.ties
    making = TieMakingRates(
        tie.mean_ties, tie.ties_age_ratio, tie.contact_probability, tables.gain, tables.keep, tie.forgotten_strength
    )
    mixing = homophily(rates)
    make_household_ties(residents, seed)
    for context in (KIN, FRIEND, NEIGHBOUR, GROUP):
        if making.mean_ties[context] > 0.0:
            sociability = draw_sociability(residents, context, seed)
            index = index_by_age(residents, sociability)
            make_context_ties(residents, (index, mixing), making, sociability, context, seed)


@compiled
def draw_sociability(residents, context, seed):  # type: ignore[no-untyped-def]
    """Ratio (N,), mean 1, on each resident's number of kin or friends; 1 for other contexts."""
    sociability = np.ones(residents.shape[0], np.float64)
    if context in (KIN, FRIEND):
        for i in range(residents.shape[0]):
            week = np.int64(context) * _CONTEXT_DRAWS
            me = residents[i]
            u, _, _, _ = draws.draw(seed, draws.TIE_MAKING, week, me.berth, me.generation)
            sociability[i] = chance.lognormal_mean_one(u, _SPREAD)
    return sociability


def index_by_age(residents: Residents, sociability: Table) -> Index:
    """The `Index` of residents; neighbourhoods must be numbered from 0 in the order of rows."""
    blocks = _edges(np.bincount(residents.neighbourhood))
    last = len(blocks) - 1
    rows, sizes = [], []
    for first in range(0, last, _AT_ONCE):  # in parts, to limit memory use
        end = min(last, first + _AT_ONCE)
        low, high = blocks[first], blocks[end]
        part: Any = residents[low:high]
        key = (part.neighbourhood.astype(np.int64) - first) * _AGES + part.age_band
        copies = np.maximum(1, np.rint(sociability[low:high] * _COPIES).astype(np.int64))
        order = np.argsort(key, kind="stable")
        rows.append(np.repeat((low + order).astype(np.uint32), copies[order]))
        sizes.append(np.bincount(key, weights=copies, minlength=(end - first) * _AGES))
    return Index(np.concatenate(rows), _edges(np.concatenate(sizes)), blocks)


def _edges(counts: NDArray[Any]) -> NDArray[np.int64]:
    """Start of each kind in sorted order, and the end."""
    return np.concatenate([[0], np.cumsum(counts.astype(np.int64))])


@helper
def _pair_draw(seed, a, b):  # type: ignore[no-untyped-def]
    """The uniform number of a pair of residents."""
    word, _, _, _ = draws.pair_words(seed, draws.TIE_LEVEL, 0, a.berth, a.generation, b.berth, b.generation)
    return draws.unit(word)


@compiled
def make_household_ties(residents, seed):  # type: ignore[no-untyped-def]
    """Tie all members of a household to each other and set ``lives_alone``."""
    size = residents.shape[0]
    for i in range(size):
        me = residents[i]
        k = i + 1
        while k < size and residents[k].household == me.household:
            strength = _HOUSEHOLD_LOW + (_HOUSEHOLD_HIGH - _HOUSEHOLD_LOW) * _pair_draw(seed, me, residents[k])
            make_tie(residents, np.uint32(i), np.uint32(k), HOUSEHOLD, strength, FULL_LEVEL, np.uint8(255))
            k += 1
        me.lives_alone = np.uint8(me.slots_used == 0)


@helper
def _neighbourhood_met(residents, index, i, near, u):  # type: ignore[no-untyped-def]
    """Neighbourhood of a person met: the resident's own if ``near``, otherwise one nearby in proportion to size."""
    own = np.int64(residents[i].neighbourhood)
    blocks = index.blocks.shape[0] - 1
    if near or blocks == 1:
        return own
    low, high = max(0, own - _NEARBY_BLOCKS), min(blocks, own + _NEARBY_BLOCKS + 1)
    own_size = index.blocks[own + 1] - index.blocks[own]
    others = index.blocks[high] - index.blocks[low] - own_size
    row = index.blocks[low] + np.int64(u * others)
    if row >= index.blocks[own]:
        row += own_size
    return np.int64(residents[row].neighbourhood)


@helper
def _random_resident(index, block, low, high, u):  # type: ignore[no-untyped-def]
    """A resident of a neighbourhood in the age bands from ``low`` to ``high``, or -1."""
    first = index.edges[block * _AGES + low]
    count = index.edges[block * _AGES + high + 1] - first
    if count <= 0:
        return _NO_PARTNER
    return np.int64(index.rows[first + np.int64(u * count)])


@helper
def _relative_band(age, u, v):  # type: ignore[no-untyped-def]
    """Age band of a relative of someone of this age [years]; ``u`` selects the generation and ``v`` the age gap."""
    if u < _SAME_GENERATION:
        other = age + (2.0 * v - 1.0) * _SAME_GENERATION_GAP
    else:
        years = _GENERATION_LOW + (_GENERATION_HIGH - _GENERATION_LOW) * v
        if u >= _ONE_APART:
            years *= 2.0
        up = int(u * 4096.0) % 2 == 0
        other = age + years if up else age - years
        if other < 0.0 or other >= 95.0:
            other = age - years if up else age + years
    band = 0
    while band + 1 < _AGES and other >= AGE_BAND_STARTS[band + 1]:
        band += 1
    return band


@helper
def _person_met(residents, around, context, i, looks_for, uniforms):  # type: ignore[no-untyped-def]
    """Row of the person whom an attempt by resident ``i`` meets, or -1.

    ``around`` is (index, mixing); ``looks_for`` is (near, choice): whether the search is in the resident's own
    neighbourhood, and a uniform number that selects the age; ``uniforms`` are those of this attempt.
    """
    index, mixing = around
    near, choice = looks_for
    where, who, again, _ = uniforms
    me = residents[i]
    own = np.int64(me.age_band)
    if context == NEIGHBOUR:
        b = i + np.int64((2.0 * who - 1.0) * _DOOR_TO_DOOR)
        if b < 0 or b >= residents.shape[0] or residents[b].neighbourhood != me.neighbourhood:
            return _NO_PARTNER
        return b if (residents[b].age_band < ADULT_BAND) == (own < ADULT_BAND) else _NO_PARTNER
    block = _neighbourhood_met(residents, index, i, near, where)
    if context == KIN:
        band = _relative_band(me.age_weeks / WEEKS_PER_YEAR, choice, again)
        return _random_resident(index, block, band, band, who)
    low, high = (0, ADULT_BAND - 1) if own < ADULT_BAND else (ADULT_BAND, _AGES - 1)
    same_age = own < ADULT_BAND or choice < mixing.same_age
    if same_age:
        low, high = max(low, own - 1), min(high, own + 1)
    b = _random_resident(index, block, low, high, who)
    if b == _NO_PARTNER or (not same_age and abs(np.int64(residents[b].age_band) - own) <= 1):
        return _NO_PARTNER
    across = residents[b].income_half != me.income_half
    return _NO_PARTNER if across and again >= mixing.across_income else b


@helper
def _may_be_tied(residents, i, b):  # type: ignore[no-untyped-def]
    """Whether ``i`` and ``b`` may be tied: different households, a free slot and no tie yet."""
    if b == _NO_PARTNER or residents[b].household == residents[i].household:
        return False
    return residents[b].slots_used < TIE_SLOTS and not are_tied(residents, i, b)


@compiled
def make_context_ties(residents, around, making, sociability, context, seed):  # type: ignore[no-untyped-def]
    """Every resident searches for ties of one context. ``around`` is (index, mixing), ``sociability`` (N,).

    The contact level is drawn by pair, and the strength is the equilibrium at that level. No tie is formed if it would
    be forgotten, between housemates or pairs already tied, or for residents with 15 ties.
    """
    _, mixing = around
    grown, keep = making.gain[8 | context], making.keep[context]
    for i in range(residents.shape[0]):
        me = residents[i]
        base = np.int64(context) * _CONTEXT_DRAWS
        _, u, _, _ = draws.draw(seed, draws.TIE_MAKING, base, me.berth, me.generation)
        expected = 0.5 * making.mean_ties[context] * sociability[i]
        if context == FRIEND:
            expected *= making.age_ratio[me.age_band]
        for search in range(min(chance.whole_number(u, expected), TIE_SLOTS)):
            first = base + (search + 1) * _SEARCH_DRAWS
            u, choice, _, _ = draws.draw(seed, draws.TIE_MAKING, first, me.berth, me.generation)
            looks_for = (u < mixing.same_neighbourhood, choice)
            for attempt in range(1, _TRIES + 1):
                if me.slots_used == TIE_SLOTS:
                    break
                uniforms = draws.draw(seed, draws.TIE_MAKING, first + attempt, me.berth, me.generation)
                b = _person_met(residents, around, context, i, looks_for, uniforms)
                if _may_be_tied(residents, i, b):
                    level = ties.contact_level(_pair_draw(seed, me, residents[b]), making.contact_probability[context])
                    strength = ties.settled_strength(level / 65536.0, grown, keep)
                    if strength >= making.forgotten_strength:
                        make_tie(
                            residents, np.uint32(i), np.uint32(b), context, strength, np.uint16(level), np.uint8(0)
                        )
                        break
