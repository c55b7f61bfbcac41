"""Who lives with whom: the people of a place put into households, and households into neighbourhoods.

Within a deprivation fifth: 1. those living alone have a household each; 2. couples are paired; 3. there are as many
households as the size margin asks for, couples and adults without a partner at the head of the others; 4. everyone
else (children, adult children, sharers, parents who live with their children) joins a household with room whose head
has a fitting age. A child joins a head 18 to 45 years older wherever there is room.

Shapes: n people of one fifth, N of the place, A = 9 age bands, D = 5 fifths, S = 5 sizes from 2 to 6.
"""

from __future__ import annotations

import numpy as np

from simulator import draws
from simulator.categories import ADULT_BAND, AGE_BAND_STARTS, HOUSEHOLD_LIMIT, WEEKS_PER_YEAR
from simulator.compiling import compiled
from simulator.nuclei import NOBODY, SIZES, YEARS, Group, choose_heads, new_nuclei, pair_couples, push, size_counts
from simulator.rules import chance

_JOIN, _SHUFFLE, _INCOME, _BLOCKS = 2, 3, 4, 5
_CHILD_ENDS = AGE_BAND_STARTS[ADULT_BAND]
_PARENT_YOUNGEST, _PARENT_OLDEST = 18, 45
_PARENT_GAP, _PARENT_SPREAD = 30.0, 5.5
"""Mean and spread of a parent's age at birth [years], kept between 18 and 45 (mean age of mothers about 30: ONS)."""
_HOME_ENDS, _OLD = 35, 60
"""Ages [years] from which adults no longer join parents as a rule, and from which they join children instead."""
_SHARER_GAP = 8
_STAYS_HOME, _SHARES = 0.75, 0.5
"""Of adults under 35 without partner or own household those who live with parents, of older ones those who share with
people of their age: assumptions."""


@compiled
def _place_looked_for(age, gap_u, kind_u):  # type: ignore[no-untyped-def]
    """Age of the head [years] that someone of this age looks for: wanted, youngest and oldest."""
    gap = int(_PARENT_GAP + _PARENT_SPREAD * chance.normal_quantile(gap_u))
    gap = min(max(gap, _PARENT_YOUNGEST), _PARENT_OLDEST)
    with_parent = age < _CHILD_ENDS or (age < _HOME_ENDS and kind_u < _STAYS_HOME)
    shares = not with_parent and (age < _HOME_ENDS or kind_u < _SHARES)
    if shares:
        return age, age - _SHARER_GAP, age + _SHARER_GAP
    if with_parent or age < _OLD:
        return age + gap, age + _PARENT_YOUNGEST, age + _PARENT_OLDEST
    return age - gap, age - _PARENT_OLDEST, age - _PARENT_YOUNGEST


@compiled
def _nearest_year(nuclei, wanted, low, high):  # type: ignore[no-untyped-def]
    """Year of age nearest to ``wanted``, from ``low`` to ``high``, at which some head has room; -1 if there is none."""
    may_open = nuclei.left[1:].sum() > 0
    for distance in range(YEARS):
        for side in range(2):
            year = wanted + (distance if side == 0 else -distance)
            if low <= year <= high and 0 <= year < YEARS:
                if nuclei.filling[year] != NOBODY or (may_open and nuclei.couples[year] != NOBODY):
                    return year
    return NOBODY


@compiled
def _give_size(nuclei, u):  # type: ignore[no-untyped-def]
    """A size of 3 to 6 for a couple that is joined, drawn from those still to be given."""
    edge = u * nuclei.left[1:].sum()
    size = 2
    for k in range(1, SIZES):
        if nuclei.left[k] > 0 and edge >= 0.0:
            size = k + 2
        edge -= nuclei.left[k]
    nuclei.left[size - 2] -= 1
    return size


@compiled
def _join(nuclei, year, u):  # type: ignore[no-untyped-def]
    """Take a place with a head of this age, in a household that is filling up or else with a couple; return which."""
    household = nuclei.filling[year]
    if household == NOBODY:
        household = nuclei.couples[year]
        nuclei.couples[year] = nuclei.after[household]
        nuclei.room[household] = _give_size(nuclei, u) - 2
        push(nuclei.filling, nuclei.after, year, household)
    nuclei.room[household] -= 1
    nuclei.size[household] += 1
    if nuclei.room[household] == 0:
        nuclei.filling[year] = nuclei.after[household]
    return household


@compiled
def _joiners(group, household_of):  # type: ignore[no-untyped-def]
    """Those still without a household: children first, then adults under 35, then others, each in random order."""
    n = group.age_weeks.shape[0]
    who, keys = np.empty(n, np.int64), np.empty(n, np.float64)
    count = 0
    for i in range(n):
        if household_of[i] == NOBODY and not group.alone[i]:
            _, _, _, u = draws.draw(group.seed, draws.HOUSEHOLDS, _JOIN, group.first + i, 0)
            age = group.age_weeks[i] // WEEKS_PER_YEAR
            who[count] = i
            keys[count] = u + (0.0 if age < _CHILD_ENDS else 1.0 if age < _HOME_ENDS else 2.0)
            count += 1
    return who[:count][np.argsort(keys[:count])]


@compiled
def _join_all(group, nuclei, household_of):  # type: ignore[no-untyped-def]
    """Everyone without a household joins one; with no head of a fitting age that has room, the nearest in age."""
    for i in _joiners(group, household_of):
        gap_u, kind_u, size_u, _ = draws.draw(group.seed, draws.HOUSEHOLDS, _JOIN, group.first + i, 0)
        age = np.int64(group.age_weeks[i] // WEEKS_PER_YEAR)
        wanted, low, high = _place_looked_for(age, gap_u, kind_u)
        year = _nearest_year(nuclei, wanted, low, high)
        if year == NOBODY:
            year = _nearest_year(nuclei, wanted, np.int64(0), np.int64(YEARS))
        if year != NOBODY:
            household_of[i] = _join(nuclei, year, size_u)


@compiled
def _settle_the_rest(group, nuclei, household_of):  # type: ignore[no-untyped-def]
    """Own households for those living alone and for adults left over; children left over go wherever there is room.

    Only very small groups leave anyone over. Returns the number of households.
    """
    n = group.age_weeks.shape[0]
    households = nuclei.size.shape[0]
    sizes = np.zeros(households + n, np.int64)
    sizes[:households] = nuclei.size
    for i in range(n):
        if household_of[i] == NOBODY and group.age_band[i] >= ADULT_BAND:
            household_of[i] = households
            sizes[households] = 1
            households += 1
    open_household = 0
    for i in range(n):
        if household_of[i] == NOBODY:
            while open_household < households - 1 and sizes[open_household] >= HOUSEHOLD_LIMIT:
                open_household += 1
            household_of[i] = open_household
            sizes[open_household] += 1
    return households


@compiled
def form_households(group, as_couple, size_shares, household_of):  # type: ignore[no-untyped-def]
    """Number the household of each person of a fifth into ``household_of`` (n,), from 0; return how many there are.

    ``as_couple`` (A,) is the share living as a couple of those not living alone, ``size_shares`` (S,) the shares of
    sizes 2 to 6 among households of two or more.
    """
    n = group.age_weeks.shape[0]
    household_of[:] = NOBODY
    partner = np.empty(n, np.int64)
    couples = pair_couples(group, as_couple, partner)
    together, mean = n - int(group.alone.sum()), 0.0
    for k in range(SIZES):
        mean += size_shares[k] * (k + 2)
    wanted = int(np.floor(together / mean + 0.5)) - couples
    heads = choose_heads(group, partner, max(0, min(wanted, (together - 2 * couples) // 2)))
    households = couples + heads.shape[0]
    sizes = np.zeros(SIZES, np.int64)
    if households > 0:
        sizes = size_counts(households, min(together, HOUSEHOLD_LIMIT * households), size_shares)
    nuclei = new_nuclei(group, partner, heads, sizes, household_of)
    _join_all(group, nuclei, household_of)
    return _settle_the_rest(group, nuclei, household_of)


@compiled
def in_rows(group, fifth, household_of, households, order):  # type: ignore[no-untyped-def]
    """Write people into ``order`` (n,) household by household, households in random order; number them so.

    ``household_of`` is renumbered to the new order.
    """
    n = household_of.shape[0]
    keys = np.empty(households, np.float64)
    for h in range(households):
        keys[h], _, _, _ = draws.draw(group.seed, draws.HOUSEHOLDS, _SHUFFLE, h, fifth)
    shuffled = np.argsort(keys)
    first, after = np.full(households, NOBODY), np.full(n, NOBODY)
    for i in range(n - 1, -1, -1):
        push(first, after, household_of[i], i)
    row = 0
    for number in range(households):
        i = first[shuffled[number]]
        while i != NOBODY:
            order[row] = i
            household_of[i] = number
            row += 1
            i = after[i]


@compiled
def arrange(columns, seed, edges, neighbourhoods, as_couple, size_shares):  # type: ignore[no-untyped-def]
    """Households and neighbourhoods of a whole place, whose people come in the order of their deprivation fifths.

    ``columns`` are age_weeks, age_band, sex and alone (N,); fifth d holds people edges[d] to edges[d + 1] (D + 1,);
    ``neighbourhoods`` (D,) is their number by fifth. Returns (N,) arrays: the people in the order of their rows
    within fifths, and, by that order, number of household and of neighbourhood.
    """
    age_weeks, age_band, sex, alone = columns
    size = age_weeks.shape[0]
    people = np.empty(size, np.int64)
    household, neighbourhood = np.empty(size, np.uint32), np.empty(size, np.uint16)
    first_household, first_neighbourhood = 0, 0
    for fifth in range(neighbourhoods.shape[0]):
        low, high = edges[fifth], edges[fifth + 1]
        if low == high:
            continue
        group = Group(age_weeks[low:high], age_band[low:high], sex[low:high], alone[low:high], seed, low)
        household_of, order = np.empty(high - low, np.int64), np.empty(high - low, np.int64)
        households = form_households(group, as_couple, size_shares, household_of)
        in_rows(group, fifth, household_of, households, order)
        blocks, block, last = neighbourhoods[fifth], 0, NOBODY
        for row in range(high - low):
            i = order[row]
            if household_of[i] != last:
                last = household_of[i]
                block = row * blocks // (high - low)
            people[low + row] = low + i
            household[low + row] = first_household + last
            neighbourhood[low + row] = first_neighbourhood + block
        first_household += households
        first_neighbourhood += blocks
    return people, household, neighbourhood


@compiled
def shuffled_blocks(seed, blocks):  # type: ignore[no-untyped-def]
    """New numbers of the neighbourhoods (uint16), so that rich and poor ones lie beside each other at random."""
    keys = np.empty(blocks, np.float64)
    for block in range(blocks):
        keys[block], _, _, _ = draws.draw(seed, draws.HOUSEHOLDS, _BLOCKS, block, 0)
    numbers = np.empty(blocks, np.uint16)
    numbers[np.argsort(keys)] = np.arange(blocks).astype(np.uint16)
    return numbers


@compiled
def upper_income(seed, household, deprivation, above):  # type: ignore[no-untyped-def]
    """1 for everyone in a household above the national median income (uint8), drawn by household; ``above`` (D,)."""
    upper = np.empty(household.shape[0], np.uint8)
    for i in range(household.shape[0]):
        u, _, _, _ = draws.draw(seed, draws.HOUSEHOLDS, _INCOME, household[i], 0)
        upper[i] = np.uint8(u < above[deprivation[i]])
    return upper
