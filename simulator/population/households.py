"""Formation of households from the people of a place, and of neighbourhoods from households.

Within a deprivation fifth: 1. people living alone get a household each; 2. couples are paired; 3. households of two or
more are headed by couples and by adults without a partner, in the number required by the size margin; 4. everyone else
(children, adult children, sharers, parents living with their children) joins a household with room and a head of a
suitable age. A child joins a head 18 to 45 years older if there is room.

Shapes: n people of one fifth, N of the place, A = 9 age bands, D = 5 fifths, S = 5 sizes from 2 to 6.
"""

from __future__ import annotations

import itertools
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.foundations import random_numbers as draws
from simulator.foundations.categories import ADULT_BAND, AGE_BAND_STARTS, HOUSEHOLD_LIMIT, WEEKS_PER_YEAR
from simulator.foundations.compiling import compiled, helper
from simulator.population.household_heads import (
    F64,
    I64,
    SIZES,
    UNSET,
    YEARS,
    Group,
    begin_households,
    couples_of,
    heads_of,
    push,
    size_counts,
)
from simulator.rules import chance

_JOIN, _SHUFFLE, _INCOME, _BLOCKS = 2, 3, 4, 5
_CHILD_ENDS = AGE_BAND_STARTS[ADULT_BAND]
_PARENT_YOUNGEST, _PARENT_OLDEST = 18, 45
_PARENT_GAP, _PARENT_SPREAD = 30.0, 5.5
"""Mean and spread of a parent's age at birth [years], limited to 18 to 45 (mean age of mothers about 30: ONS)."""
_HOME_ENDS, _OLD = 35, 60
"""Ages [years] from which adults usually no longer live with parents, and from which they may live with children."""
_SHARER_GAP = 8
_STAYS_HOME, _SHARES = 0.75, 0.5
"""Shares of adults without a partner or their own household: under 35, who live with parents; older, who share with
people of their age. Assumptions."""


class People(NamedTuple):
    """People of a place before households are formed: (N,) columns, in order of deprivation fifth."""

    age_weeks: NDArray[np.int32]
    age_band: NDArray[np.uint8]
    sex: NDArray[np.uint8]
    alone: NDArray[np.uint8]  # 1 = lives alone
    deprivation: NDArray[np.uint8]
    edges: I64  # (D + 1,) first person of each fifth, and the end


class Arrangement(NamedTuple):
    """Rows of residents, (N,): rows of a household are adjacent, and so are households of a neighbourhood."""

    person: I64  # number in `People`
    household: I64  # from 0, rising by row
    neighbourhood: I64  # from 0, rising by row


@helper
def _wanted_head_age(age, gap_u, kind_u):  # type: ignore[no-untyped-def]
    """Age [years] of the household head that someone of this age looks for: preferred, youngest and oldest.

    Since ages are in whole years, bounds one year tighter keep the true difference between 18 and 45.
    """
    gap = int(_PARENT_GAP + _PARENT_SPREAD * chance.normal_quantile(gap_u))
    nearest, farthest = _PARENT_YOUNGEST + 1, _PARENT_OLDEST - 1
    gap = min(max(gap, nearest), farthest)
    with_parent = age < _CHILD_ENDS or (age < _HOME_ENDS and kind_u < _STAYS_HOME)
    shares = not with_parent and (age < _HOME_ENDS or kind_u < _SHARES)
    if shares:
        return age, age - _SHARER_GAP, age + _SHARER_GAP
    if with_parent or age < _OLD:
        return age + gap, age + nearest, age + farthest
    return age - gap, age - farthest, age - nearest


@helper
def _sizes_remaining(forming):  # type: ignore[no-untyped-def]
    """Number of couples that someone has still to join."""
    total = 0
    for k in range(1, SIZES):
        total += forming.left[k]
    return total


@helper
def _nearest_year(forming, wanted, low, high):  # type: ignore[no-untyped-def]
    """Year of age nearest to ``wanted``, from ``low`` to ``high``, at which a head has room, or -1."""
    may_open = _sizes_remaining(forming) > 0
    for distance in range(YEARS):
        for side in range(2):
            year = wanted + (distance if side == 0 else -distance)
            fits = low <= year <= high and 0 <= year < YEARS
            if fits and (forming.filling[year] != UNSET or (may_open and forming.couples[year] != UNSET)):
                return np.int64(year)
    return UNSET


@helper
def _give_size(forming, u):  # type: ignore[no-untyped-def]
    """Household size of 3 to 6 for a couple that is joined, drawn from the remaining sizes."""
    edge = u * _sizes_remaining(forming)
    size = 2
    for k in range(1, SIZES):
        if forming.left[k] > 0 and edge >= 0.0:
            size = k + 2
        edge -= forming.left[k]
    forming.left[size - 2] -= 1
    return size


@helper
def _join(forming, year, u):  # type: ignore[no-untyped-def]
    """Join a household whose head has this age, one already being filled or else a couple; returns its number."""
    household = forming.filling[year]
    if household == UNSET:
        household = forming.couples[year]
        forming.couples[year] = forming.after[household]
        forming.room[household] = _give_size(forming, u) - 2
        push(forming.filling, forming.after, year, household)
    forming.room[household] -= 1
    forming.size[household] += 1
    if forming.room[household] == 0:
        forming.filling[year] = forming.after[household]
    return household


@compiled
def _joining_keys(group, household_of):  # type: ignore[no-untyped-def]
    """Order of joining: children, adults under 35, then others, at random within each; NaN for people with a home."""
    keys = np.empty(household_of.shape[0], np.float64)
    for i in range(household_of.shape[0]):
        if household_of[i] != UNSET or group.alone[i]:
            keys[i] = np.nan
        else:
            _, _, _, u = draws.draw(group.seed, draws.HOUSEHOLDS, _JOIN, group.first + i, 0)
            age = group.age_weeks[i] // WEEKS_PER_YEAR
            keys[i] = u + (0.0 if age < _CHILD_ENDS else 1.0 if age < _HOME_ENDS else 2.0)
    return keys


@compiled
def _join_all(group, forming, joiners, household_of):  # type: ignore[no-untyped-def]
    """Each of ``joiners`` joins a household, with the nearest head in age if none of a suitable age has room."""
    for i in joiners:
        gap_u, kind_u, size_u, _ = draws.draw(group.seed, draws.HOUSEHOLDS, _JOIN, group.first + i, 0)
        age = np.int64(group.age_weeks[i] // WEEKS_PER_YEAR)
        wanted, low, high = _wanted_head_age(age, gap_u, kind_u)
        year = _nearest_year(forming, wanted, low, high)
        if year == UNSET:
            year = _nearest_year(forming, wanted, np.int64(0), np.int64(YEARS))
        if year != UNSET:
            household_of[i] = _join(forming, year, size_u)


@compiled
def _house_the_rest(group, sizes, households, household_of):  # type: ignore[no-untyped-def]
    """Give people living alone and any remaining adults separate households, and put remaining children where possible.

    Only very small groups leave anyone over. ``sizes`` has room for one more household per person. Returns the number
    of households.
    """
    for i in range(household_of.shape[0]):
        if household_of[i] == UNSET and group.age_band[i] >= ADULT_BAND:
            household_of[i] = households
            sizes[households] = 1
            households += 1
    choice = 0
    for i in range(household_of.shape[0]):
        if household_of[i] == UNSET:
            while choice < households - 1 and sizes[choice] >= HOUSEHOLD_LIMIT:
                choice += 1
            household_of[i] = choice
            sizes[choice] += 1
    return households


def form_households(group: Group, as_couple: F64, size_shares: F64) -> tuple[I64, int]:
    """Household of each person of a fifth (n,), numbered from 0, and the number of households.

    ``as_couple`` (A,) is the share living as a couple among people not living alone, ``size_shares`` (S,) the shares
    of sizes 2 to 6 among households of two or more.
    """
    size = len(group.age_weeks)
    partner = couples_of(group, as_couple)
    couples = int(np.count_nonzero(partner != UNSET)) // 2
    together = size - int(group.alone.sum())
    wanted = round(together / float(size_shares @ np.arange(2, SIZES + 2))) - couples
    heads = heads_of(group, partner, max(0, min(wanted, (together - 2 * couples) // 2)))
    households = couples + len(heads)
    sizes = size_counts(households, min(together, HOUSEHOLD_LIMIT * households), size_shares)
    household_of = np.full(size, UNSET)
    forming = begin_households(group, partner, heads, sizes, household_of)
    keys = _joining_keys(group, household_of)
    joiners = np.flatnonzero(~np.isnan(keys))
    _join_all(group, forming, joiners[np.argsort(keys[joiners], kind="stable")], household_of)
    held = np.concatenate([forming.size, np.zeros(size, np.int64)])
    return household_of, int(_house_the_rest(group, held, households, household_of))


@compiled
def uniforms(seed, purpose, first, count, part):  # type: ignore[no-untyped-def]
    """One uniform number for each of ``count`` numbers from ``first`` on, from stream HOUSEHOLDS, shape (count,)."""
    values = np.empty(count, np.float64)
    for k in range(count):
        values[k], _, _, _ = draws.draw(seed, draws.HOUSEHOLDS, purpose, first + k, part)
    return values


def arrange(people: People, seed: int, neighbourhoods: I64, as_couple: F64, size_shares: F64) -> Arrangement:
    """Households and neighbourhoods of a whole place; ``neighbourhoods`` (D,) is their number by deprivation fifth.

    The order of households within a fifth is random, and so is that of neighbourhoods of all fifths.
    """
    parts: list[tuple[I64, I64, I64]] = []
    households, blocks = 0, 0
    for fifth, (low, high) in enumerate(itertools.pairwise(people.edges.tolist())):
        if low == high:
            continue
        part = slice(low, high)
        group = Group(people.age_weeks[part], people.age_band[part], people.sex[part], people.alone[part], seed, low)
        household_of, count = form_households(group, as_couple, size_shares)
        place_in_row = np.empty(count, np.int64)
        place_in_row[np.argsort(uniforms(seed, _SHUFFLE, 0, count, fifth), kind="stable")] = np.arange(count)
        number = place_in_row[household_of]
        order = np.argsort(number, kind="stable")
        number = number[order]
        starts = np.flatnonzero(np.diff(number, prepend=-1))[number]
        block = starts * neighbourhoods[fifth] // (high - low)
        parts.append((low + order, households + number, blocks + block))
        households += count
        blocks += int(neighbourhoods[fifth])
    order, household, block = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    shuffled = np.empty(blocks, np.int64)
    shuffled[np.argsort(uniforms(seed, _BLOCKS, 0, blocks, 0), kind="stable")] = np.arange(blocks)
    neighbourhood = shuffled[block]
    rows = np.argsort(neighbourhood, kind="stable")
    changes = np.diff(household[rows], prepend=household[rows[0]]) != 0
    return Arrangement(order[rows], np.cumsum(changes), neighbourhood[rows])


def upper_income(seed: int, household: I64, deprivation: NDArray[np.uint8], above: F64) -> NDArray[np.uint8]:
    """1 for people in a household above the national median income (N,), drawn by household; ``above`` (D,)."""
    drawn = uniforms(seed, _INCOME, 0, int(household.max()) + 1, 0)
    upper: NDArray[np.uint8] = (drawn[household] < above[deprivation]).astype(np.uint8)
    return upper
