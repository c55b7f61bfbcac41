"""First members of households: couples and heads without a partner, and the sizes of their households.

Shapes: n people of one deprivation fifth, A = 9 age bands, K households of two or more, S = 5 sizes from 2 to 6.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.foundations import random_numbers as draws
from simulator.foundations.categories import ADULT_BAND, HOUSEHOLD_LIMIT, WEEKS_PER_YEAR
from simulator.foundations.compiling import compiled, helper

I64 = NDArray[np.int64]
F64 = NDArray[np.float64]

SIZES: Final = HOUSEHOLD_LIMIT - 1
UNSET: Final = np.int64(-1)
YEARS: Final = 128
"""Years of age by which heads are listed."""
ADULT_WEEKS: Final = 18 * WEEKS_PER_YEAR
"""Minimum age of partners and of household heads."""
_PARTNERS, _HEADS = 0, 1
_MAN_OLDER, _PARTNER_NOISE, _PARTNER_TOLERANCE = 2.5, 6.0, 3.0
"""Years by which men are older on average, range of the random variation, and largest remaining difference."""
_WOMEN_HEAD, _YOUNG_HEAD = 1.5, 0.2
"""Ratios for women and for people under 25 of heading a household of two or more without a partner: assumptions (nine
in ten lone parents are women, but sharers are as often men)."""
_HEAD_SIZES: Final = np.array([0.60, 0.28, 0.09, 0.03, 0.0])
"""Shares of sizes 2 to 6 among households without a couple, mostly one parent and one child: an assumption."""
_HEAD_SIZES.setflags(write=False)
_SMALLEST_SHARE: Final = 1e-9


class Group(NamedTuple):
    """People of one deprivation fifth, as columns (n,), and the address of their random numbers."""

    age_weeks: NDArray[np.int32]
    age_band: NDArray[np.uint8]
    sex: NDArray[np.uint8]
    alone: NDArray[np.uint8]  # 1 = lives alone
    seed: int
    first: int  # number of the first person within the place


class FormingHouseholds(NamedTuple):
    """Households of two or more while they are filled: (K,) columns, and lists by the head's year of age."""

    room: I64  # (K,) people still to join; 0 for a couple no one has joined
    size: I64  # (K,)
    after: I64  # (K,) next in its list
    filling: I64  # (128,) first household with room whose head has this age, or -1
    couples: I64  # (128,) first couple without other members where the woman has this age, or -1
    left: I64  # (S,) sizes not yet assigned to couples


def couples_of(group: Group, as_couple: F64) -> I64:
    """Partner of each person (n,), or -1.

    ``as_couple`` (A,) is the share living as a couple among people not living alone. Women and men are paired in order
    of age with random variation (men 2.5 years older on average); people without a match within three years stay
    single.
    """
    keys = _partner_keys(group, as_couple)
    wants = np.flatnonzero(~np.isnan(keys))
    women, men = wants[group.sex[wants] == 0], wants[group.sex[wants] == 1]
    women, men = women[np.argsort(keys[women], kind="stable")], men[np.argsort(keys[men], kind="stable")]
    partner: I64 = _pair(keys, women, men)
    return partner


@compiled
def _partner_keys(group, as_couple):  # type: ignore[no-untyped-def]
    """Age [years] by which each person is paired, NaN for people without a partner."""
    keys = np.empty(group.age_weeks.shape[0], np.float64)
    for i in range(keys.shape[0]):
        wants, blur, _, _ = draws.draw(group.seed, draws.HOUSEHOLDS, _PARTNERS, group.first + i, 0)
        if group.alone[i] or group.age_weeks[i] < ADULT_WEEKS or wants >= as_couple[group.age_band[i]]:
            keys[i] = np.nan
        else:
            older = _MAN_OLDER if group.sex[i] == 1 else 0.0
            keys[i] = group.age_weeks[i] / WEEKS_PER_YEAR + (blur - 0.5) * _PARTNER_NOISE - older
    return keys


@compiled
def _pair(keys, women, men):  # type: ignore[no-untyped-def]
    partner = np.full(keys.shape[0], UNSET)
    a, b = 0, 0
    while a < women.shape[0] and b < men.shape[0]:
        older = keys[men[b]] - keys[women[a]]
        if older > _PARTNER_TOLERANCE:
            a += 1
        elif older < -_PARTNER_TOLERANCE:
            b += 1
        else:
            partner[women[a]], partner[men[b]] = men[b], women[a]
            a, b = a + 1, b + 1
    return partner


def heads_of(group: Group, partner: I64, wanted: int) -> I64:
    """Up to ``wanted`` adults without a partner and not living alone, as heads of households of two or more.

    Weighted sampling without replacement: Efraimidis PS and Spirakis PG 2006, Information Processing Letters 97:181.
    """
    keys = _head_keys(group, partner)
    free = np.flatnonzero(~np.isnan(keys))
    heads: I64 = free[np.argsort(keys[free], kind="stable")[:wanted]]
    return heads


@compiled
def _head_keys(group, partner):  # type: ignore[no-untyped-def]
    keys = np.empty(group.age_weeks.shape[0], np.float64)
    for i in range(keys.shape[0]):
        if partner[i] != UNSET or group.alone[i] or group.age_weeks[i] < ADULT_WEEKS:
            keys[i] = np.nan
        else:
            u, _, _, _ = draws.draw(group.seed, draws.HOUSEHOLDS, _HEADS, group.first + i, 0)
            weight = _WOMEN_HEAD if group.sex[i] == 0 else 1.0
            keys[i] = -math.log(u) / (weight * _YOUNG_HEAD if group.age_band[i] == ADULT_BAND else weight)
    return keys


def tilted(shares: F64, mean: float) -> F64:
    """Shares (S,) of sizes 2 to 6 with this mean size, as close to ``shares`` as possible.

    Exponential tilting: of all distributions with that mean, the one with the least relative entropy.

    >>> tilted(np.array([0.5, 0.5, 0.0, 0.0, 0.0]), 2.25).round(3).tolist()
    [0.75, 0.25, 0.0, 0.0, 0.0]
    """
    sizes = np.arange(SIZES)
    start = np.maximum(shares, _SMALLEST_SHARE)
    low, high = -20.0, 20.0
    weights = start
    for _ in range(64):
        tilt = 0.5 * (low + high)
        weights = start * np.array([math.exp(tilt * size) for size in range(SIZES)])
        weights = weights / weights.sum()
        low, high = (tilt, high) if float(weights @ sizes) + 2.0 < mean else (low, tilt)
    return weights


def size_counts(households: int, people: int, shares: F64) -> I64:
    """Numbers (S,) of households of 2 to 6 with exactly ``people`` members, as close to ``shares`` (S,) as possible.

    ``people`` must lie between twice and six times ``households``.

    >>> size_counts(4, 10, np.array([0.4, 0.3, 0.2, 0.1, 0.0])).tolist()
    [2, 2, 0, 0, 0]
    """
    if households == 0:
        return np.zeros(SIZES, np.int64)
    edges = np.floor(np.cumsum(tilted(shares, people / households)) * households + 0.5).astype(np.int64)
    counts: I64 = np.diff(edges, prepend=0)
    while (missing := people - int(counts @ np.arange(2, SIZES + 2))) != 0:
        step = 1 if missing > 0 else -1
        may_move = counts[:-1] if step == 1 else counts[1:]
        largest = int(np.argmax(may_move)) + (0 if step == 1 else 1)
        counts[largest] -= 1
        counts[largest + step] += 1
    return counts


@helper
def push(first, after, year, household):  # type: ignore[no-untyped-def]
    """Put a household at the front of the list for its head's year of age."""
    after[household] = first[year]
    first[year] = household


def begin_households(group: Group, partner: I64, heads: I64, sizes: I64, household_of: I64) -> FormingHouseholds:
    """Couples and heads as `FormingHouseholds`, numbered from 0; sets ``household_of``, takes sizes from ``sizes``."""
    women = np.flatnonzero((partner != UNSET) & (group.sex == 0))
    total = len(women) + len(heads)
    forming = FormingHouseholds(
        room=np.zeros(total, np.int64),
        size=np.ones(total, np.int64),
        after=np.full(total, UNSET),
        filling=np.full(YEARS, UNSET),
        couples=np.full(YEARS, UNSET),
        left=sizes,
    )
    household_of[women] = household_of[partner[women]] = np.arange(len(women))
    household_of[heads] = np.arange(len(women), total)
    forming.size[: len(women)] = 2
    years = np.minimum(group.age_weeks // WEEKS_PER_YEAR, YEARS - 1)
    _list_by_year(forming.couples, forming.after, years[women], 0)
    _give_heads_sizes(forming, len(women), _HEAD_SIZES * len(heads))
    _list_by_year(forming.filling, forming.after, years[heads], len(women))
    return forming


@compiled
def _list_by_year(first, after, years, number):  # type: ignore[no-untyped-def]
    """Add households numbered from ``number`` on to the lists for their heads' years of age."""
    for k in range(years.shape[0]):
        push(first, after, years[k], number + k)


@compiled
def _give_heads_sizes(forming, first, wanted):  # type: ignore[no-untyped-def]
    """Assign to each household from ``first`` on the most ``wanted`` (S,) of the remaining sizes."""
    for household in range(first, forming.room.shape[0]):
        best = UNSET
        for k in range(SIZES):
            if forming.left[k] > 0 and (best == UNSET or wanted[k] > wanted[best]):
                best = k
        forming.left[best] -= 1
        wanted[best] -= 1.0
        forming.room[household] = best + 1
