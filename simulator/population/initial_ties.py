"""The ties residents have at the start: household, kin, friends, neighbours.

Each resident looks for half of the expected ties of a context and is found for the other half. Whom a search meets
depends on age, income and neighbourhood; a search that meets someone unsuitable is tried again. Friends and neighbours
of children are children; kin are of the same generation, one apart or two.

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
"""Numbers of draws set apart for a context and for one search in it, so that none is used twice."""
_NO_PARTNER: Final = np.int64(-1)
_NEARBY_BLOCKS: Final = 10
"""Friends and kin in other neighbourhoods live in one of this many to either side: a town of about 30,000."""
_DOOR_TO_DOOR: Final = 40
"""Neighbours live within this many rows: some 17 households to either side."""
_AT_ONCE: Final = 64
"""Neighbourhoods that are indexed at once: some 100,000 residents."""
_SPREAD: Final = 0.5
"""Standard deviation of the logarithm of how many friends, and how many kin, residents have to look for and to be
found by, so that close friends vary between residents about as in the YouGov Friendship Study 2021."""
_COPIES: Final = 4
"""Times a resident of average sociability stands in the index, so that being met goes with sociability."""
_HOUSEHOLD_LOW, _HOUSEHOLD_HIGH = 0.9, 1.0
"""Strength of a household tie at the start."""
_SAME_GENERATION, _ONE_APART = 0.45, 0.92
"""Cumulative shares of kin by generation, the rest two apart: siblings and cousins, parents and children, grandparents;
an assumption."""
_SAME_GENERATION_GAP, _GENERATION_LOW, _GENERATION_HIGH = 8.0, 20.0, 38.0
"""Years between kin of a generation at most, and between neighbouring generations."""


class Homophily(NamedTuple):
    """How alike friends are."""

    same_neighbourhood: float  # share
    same_age: float  # share
    across_income: float  # ratio: chance of being chosen across the income median, relative to the same half


class Index(NamedTuple):
    """Residents of each neighbourhood by age band, the sociable ones more than once."""

    rows: NDArray[np.uint32]  # (M,) rows by neighbourhood, then age band
    edges: NDArray[np.int64]  # (B * A + 1,) where each neighbourhood's band begins in ``rows``
    blocks: NDArray[np.int64]  # (B + 1,) first row of each neighbourhood


class TieMakingRates(NamedTuple):
    """What the loops need of the evidence, by context (7,) or age band (A,)."""

    mean_ties: Table
    age_ratio: Table
    contact_probability: Table
    gain: Table  # (16,) see `simulator.specification.lookup_tables.Tables`
    keep: Table  # (16,)
    forgotten_strength: float


def homophily(rates: Rates) -> Homophily:
    """The evidence on likeness as the loops use it.

    The share of friends across the median holds where both halves are as numerous; from it follows the odds at which
    someone of the other half is chosen.
    """
    tie = rates.ties
    across = min(1.0, tie.cross_income_share / max(1.0 - tie.cross_income_share, 1e-12))
    return Homophily(tie.same_neighbourhood_share, tie.same_age_share, across)


def make_ties(residents: Residents, rates: Rates, tables: Tables, seed: int) -> None:
    """Give residents without ties those of the start, context by context. Rows of a household must be adjacent."""
    tie = rates.ties
    making = TieMakingRates(
        tie.mean_ties, tie.ties_age_ratio, tie.contact_probability, tables.gain, tables.keep, tie.forgotten_strength
    )
    alike = homophily(rates)
    make_household_ties(residents, seed)
    for context in (KIN, FRIEND, NEIGHBOUR, GROUP):
        if making.mean_ties[context] > 0.0:
            sociability = draw_sociability(residents, context, seed)
            index = index_by_age(residents, sociability)
            make_context_ties(residents, (index, alike), making, sociability, context, seed)


@compiled
def draw_sociability(residents, context, seed):  # type: ignore[no-untyped-def]
    """Each resident's ratio (N,), mean 1, on the kin or friends to look for and be found by; 1 for other contexts."""
    sociability = np.ones(residents.shape[0], np.float64)
    if context in (KIN, FRIEND):
        for i in range(residents.shape[0]):
            week = np.int64(context) * _CONTEXT_DRAWS
            me = residents[i]
            u, _, _, _ = draws.draw(seed, draws.TIE_MAKING, week, me.berth, me.generation)
            sociability[i] = chance.lognormal_mean_one(u, _SPREAD)
    return sociability


def index_by_age(residents: Residents, sociability: Table) -> Index:
    """The `Index` of residents whose neighbourhoods are numbered from 0 in the order of rows."""
    blocks = _edges(np.bincount(residents.neighbourhood))
    last = len(blocks) - 1
    rows, sizes = [], []
    for first in range(0, last, _AT_ONCE):  # in parts, so that the scratch of a large place stays small
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
    """Where each kind begins when all stand in order, and the end."""
    return np.concatenate([[0], np.cumsum(counts.astype(np.int64))])


@helper
def _pair_draw(seed, a, b):  # type: ignore[no-untyped-def]
    """A uniform that belongs to a pair of residents."""
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
    """The own neighbourhood, or another nearby, the larger ones more often."""
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
def _someone(index, block, low, high, u):  # type: ignore[no-untyped-def]
    """A resident of a neighbourhood in the age bands from ``low`` to ``high``, or -1 if there is none."""
    first = index.edges[block * _AGES + low]
    count = index.edges[block * _AGES + high + 1] - first
    if count <= 0:
        return _NO_PARTNER
    return np.int64(index.rows[first + np.int64(u * count)])


@helper
def _relative_band(age, u, v):  # type: ignore[no-untyped-def]
    """Age band of kin of someone of this age [years]: generation by ``u``, years between them by ``v``."""
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
def _met(residents, around, context, i, looks_for, uniforms):  # type: ignore[no-untyped-def]
    """Whom an attempt by resident ``i`` meets: a row, or -1.

    ``around`` is (index, alike); ``looks_for`` is (near, choice): whether the search is in the own neighbourhood, and a
    uniform that tells the age looked for; ``uniforms`` holds the uniforms of this attempt.
    """
    index, alike = around
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
        return _someone(index, block, band, band, who)
    low, high = (0, ADULT_BAND - 1) if own < ADULT_BAND else (ADULT_BAND, _AGES - 1)
    same_age = own < ADULT_BAND or choice < alike.same_age
    if same_age:
        low, high = max(low, own - 1), min(high, own + 1)
    b = _someone(index, block, low, high, who)
    if b == _NO_PARTNER or (not same_age and abs(np.int64(residents[b].age_band) - own) <= 1):
        return _NO_PARTNER
    across = residents[b].income_half != me.income_half
    return _NO_PARTNER if across and again >= alike.across_income else b


@helper
def _may_be_tied(residents, i, b):  # type: ignore[no-untyped-def]
    """Whether ``i`` may be tied to whom it met: someone of another household, with a free slot, not tied to it yet."""
    if b == _NO_PARTNER or residents[b].household == residents[i].household:
        return False
    return residents[b].slots_used < TIE_SLOTS and not are_tied(residents, i, b)


@compiled
def make_context_ties(residents, around, making, sociability, context, seed):  # type: ignore[no-untyped-def]
    """Let every resident look for ties of one context. ``around`` is (index, alike), ``sociability`` (N,).

    A tie's contact level is the pair's own; its strength is where contact at that level and fading settle. A pair
    whose tie would be forgotten is not tied, nor are housemates, pairs tied already, and residents with 15 ties.
    """
    _, alike = around
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
            looks_for = (u < alike.same_neighbourhood, choice)
            for attempt in range(1, _TRIES + 1):
                if me.slots_used == TIE_SLOTS:
                    break
                uniforms = draws.draw(seed, draws.TIE_MAKING, first + attempt, me.berth, me.generation)
                b = _met(residents, around, context, i, looks_for, uniforms)
                if _may_be_tied(residents, i, b):
                    level = ties.contact_level(_pair_draw(seed, me, residents[b]), making.contact_probability[context])
                    strength = ties.settled_strength(level / 65536.0, grown, keep)
                    if strength >= making.forgotten_strength:
                        make_tie(
                            residents, np.uint32(i), np.uint32(b), context, strength, np.uint16(level), np.uint8(0)
                        )
                        break
