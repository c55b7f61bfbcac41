"""Who lives with whom: people of one deprivation fifth put into households.

1. Those living alone have a household each. 2. Couples: women and men who are to live as a couple are paired in order
of age. 3. As many households as the size margin asks for: couples, and adults without a partner at the head of the
others. 4. Everyone else (children, adult children, sharers, parents living with their children) joins a head of a
fitting age with room. A child joins a head 18 to 45 years older wherever there is one.

Shapes: n people of the fifth, K households of two or more. All luck is drawn by the caller, four uniforms a person.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.categories import ADULT_BAND, AGE_BAND_STARTS, HOUSEHOLD_LIMIT, WEEKS_PER_YEAR
from simulator.compiling import compiled
from simulator.rules import chance

F64 = NDArray[np.float64]

_ADULT: Final = 18
_YEARS: Final = 128
_NONE: Final = np.int64(-1)
_PARENT_YOUNGEST, _PARENT_OLDEST = 18, 45
_PARENT_GAP, _PARENT_SPREAD = 30.0, 5.5
"""Mean and spread of a mother's age at birth [years] (mean age of mothers in England and Wales about 30: ONS)."""
_MAN_OLDER, _PARTNER_NOISE, _PARTNER_TOLERANCE = 2.5, 6.0, 3.0
"""Years by which men are older on average, that partners' ages scatter, and by which a pair may then still differ."""
_HOME_ENDS: Final = 35
_HEAD_SIZES: Final = (0.60, 0.28, 0.09, 0.03, 0.0)
"""Sizes 2 to 6 of households without a couple, mostly one parent and one child: an assumption."""
_SHARER_GAP: Final = 8
_WOMAN_HEADS: Final = 1.5
"""Women without a partner head a household of two or more this much more often than men: an assumption (nine in ten
lone parents are women, sharers are as often men)."""
_LIKES_HOME: Final = 0.75
_LIKES_SHARING: Final = 0.5


class Group(NamedTuple):
    """People of one deprivation fifth, as columns (n,)."""

    age_weeks: NDArray[np.int32]
    age_band: NDArray[np.uint8]
    sex: NDArray[np.uint8]
    alone: NDArray[np.uint8]  # 1 = is to live alone
    luck: F64  # (n, 4) uniforms: partner, head, gap, order


class Nuclei(NamedTuple):
    """Households of two or more while they fill up: (K,) columns, and lists by the head's year of age."""

    room: NDArray[np.int64]  # (K,) people still to join; 0 for a couple nobody has joined
    size: NDArray[np.int64]  # (K,)
    year: NDArray[np.int64]  # (K,) age of the head, of a couple's woman
    after: NDArray[np.int64]  # (K,) next in the list
    filling: NDArray[np.int64]  # (128,) first household with room whose head has this age, or -1
    couples: NDArray[np.int64]  # (128,) first couple not yet joined, or -1
    left: NDArray[np.int64]  # (5,) couples still to become households of 2 to 6


@compiled
def pair_couples(group, as_couple, partner):  # type: ignore[no-untyped-def]
    """Write each person's partner into ``partner`` (n,), -1 for none; return the number of couples.

    ``as_couple`` (A,) is the share, of those not living alone, who live as a couple. Both lists are in order of age,
    blurred by luck; whoever finds nobody within three years (men 2.5 years older on average) stays without.
    """
    n = group.age_weeks.shape[0]
    women, men = np.empty(n, np.int64), np.empty(n, np.int64)
    keys = np.empty(n, np.float64)
    count_women, count_men = 0, 0
    for i in range(n):
        partner[i] = _NONE
        wants = group.luck[i, 0] / max(as_couple[group.age_band[i]], 1e-12)
        if group.alone[i] or wants >= 1.0 or group.age_weeks[i] < _ADULT * WEEKS_PER_YEAR:
            continue
        # What is left of the draw once it says "couple" is again uniform: it blurs the age.
        keys[i] = group.age_weeks[i] / WEEKS_PER_YEAR + (wants - 0.5) * _PARTNER_NOISE
        if group.sex[i] == 0:
            women[count_women] = i
            count_women += 1
        else:
            keys[i] -= _MAN_OLDER
            men[count_men] = i
            count_men += 1
    women = women[:count_women][np.argsort(keys[women[:count_women]])]
    men = men[:count_men][np.argsort(keys[men[:count_men]])]
    a, b, couples = 0, 0, 0
    while a < count_women and b < count_men:
        older = keys[men[b]] - keys[women[a]]
        if older > _PARTNER_TOLERANCE:
            a += 1
        elif older < -_PARTNER_TOLERANCE:
            b += 1
        else:
            partner[women[a]], partner[men[b]] = men[b], women[a]
            a, b, couples = a + 1, b + 1, couples + 1
    return couples


@compiled
def size_counts(households, people, shares):  # type: ignore[no-untyped-def]
    """Households of 2 to 6 (5,) with this many ``people`` in all, as like ``shares`` (5,) as can be.

    Shares are tilted by a power of the size (the distribution of largest entropy relative to them) until the mean
    size is right, then rounded; whole households are moved between neighbouring sizes until the sum is exact.
    """
    low, high = -10.0, 10.0
    weights = np.empty(5, np.float64)
    for _ in range(60):
        tilt = 0.5 * (low + high)
        total, mean = 0.0, 0.0
        for k in range(5):
            weights[k] = max(shares[k], 1e-9) * np.exp(tilt * k)
            total += weights[k]
            mean += weights[k] * (k + 2)
        if mean * households < people * total:
            low = tilt
        else:
            high = tilt
    counts = np.zeros(5, np.int64)
    done, running = 0, 0.0
    for k in range(5):
        running += weights[k] / weights.sum() * households
        counts[k] = int(np.floor(running + 0.5)) - done
        done += counts[k]
    held = 0
    for k in range(5):
        held += counts[k] * (k + 2)
    while held != people:
        step = 1 if held < people else -1
        best = _NONE
        for k in range(5):
            if 0 <= k + step < 5 and counts[k] > 0 and (best < 0 or counts[k] > counts[best]):
                best = k
        counts[best] -= 1
        counts[best + step] += 1
        held += step
    return counts


@compiled
def choose_heads(group, partner, wanted, heads):  # type: ignore[no-untyped-def]
    """Write up to ``wanted`` adults without a partner and not living alone into ``heads``; return how many.

    Chosen by luck, women before men by a fixed ratio (Efraimidis and Spirakis 2006, Information Processing Letters
    97:181), students and others under 25 a fifth as often.
    """
    n = group.age_weeks.shape[0]
    free, keys = np.empty(n, np.int64), np.empty(n, np.float64)
    count = 0
    for i in range(n):
        if partner[i] < 0 and not group.alone[i] and group.age_weeks[i] >= _ADULT * WEEKS_PER_YEAR:
            weight = (_WOMAN_HEADS if group.sex[i] == 0 else 1.0) * (0.2 if group.age_band[i] == ADULT_BAND else 1.0)
            free[count] = i
            keys[count] = -np.log(group.luck[i, 1]) / weight
            count += 1
    order = np.argsort(keys[:count])
    taken = min(count, wanted)
    for k in range(taken):
        heads[k] = free[order[k]]
    return taken


@compiled
def _push(first, after, year, household):  # type: ignore[no-untyped-def]
    after[household] = first[year]
    first[year] = household


@compiled
def _size_to_open(nuclei, u):  # type: ignore[no-untyped-def]
    """A size of 3 to 6 for a couple that is joined, drawn from those still to be given; 3 if all are given."""
    total = nuclei.left[1:].sum()
    if total == 0:
        return 3
    edge = u * total
    for k in range(1, 5):
        edge -= nuclei.left[k]
        if edge < 0.0:
            nuclei.left[k] -= 1
            return k + 2
    nuclei.left[4] -= 1
    return HOUSEHOLD_LIMIT


@compiled
def _nearest_year(nuclei, wanted, low, high):  # type: ignore[no-untyped-def]
    """Year of age nearest to ``wanted`` between ``low`` and ``high`` at which a head has room, or -1."""
    may_open = nuclei.left[1:].sum() > 0
    for distance in range(_YEARS):
        for side in range(2):
            year = wanted + (distance if side == 0 else -distance)
            if low <= year <= high and 0 <= year < _YEARS:
                if nuclei.filling[year] >= 0 or (may_open and nuclei.couples[year] >= 0):
                    return year
    return _NONE


@compiled
def _join(nuclei, year, u):  # type: ignore[no-untyped-def]
    """Take a place in a household whose head has this age: one that is filling up, else a couple's; return which."""
    household = nuclei.filling[year]
    if household < 0:
        household = nuclei.couples[year]
        nuclei.couples[year] = nuclei.after[household]
        nuclei.room[household] = _size_to_open(nuclei, u) - 2
        _push(nuclei.filling, nuclei.after, year, household)
    nuclei.room[household] -= 1
    nuclei.size[household] += 1
    if nuclei.room[household] == 0:
        nuclei.filling[year] = nuclei.after[household]
    return household


@compiled
def _where(age, gap_u, kind_u):  # type: ignore[no-untyped-def]
    """Age of the head that someone of this age [years] looks for: wanted, youngest and oldest."""
    gap = int(_PARENT_GAP + _PARENT_SPREAD * chance.normal_quantile(gap_u))
    gap = min(max(gap, _PARENT_YOUNGEST), _PARENT_OLDEST)
    at_home = age < AGE_BAND_STARTS[ADULT_BAND] or (age < _HOME_ENDS and kind_u < _LIKES_HOME)
    if at_home:
        return age + gap, age + _PARENT_YOUNGEST, age + _PARENT_OLDEST
    if age < _HOME_ENDS or kind_u < _LIKES_SHARING:
        return age, age - _SHARER_GAP, age + _SHARER_GAP
    if age < 60:
        return age + gap, age + _PARENT_YOUNGEST, age + _PARENT_OLDEST
    return age - gap, age - _PARENT_OLDEST, age - _PARENT_YOUNGEST


@compiled
def new_nuclei(group, partner, heads, sizes, household_of):  # type: ignore[no-untyped-def]
    """Couples and heads as households numbered from 0; single heads are given their sizes."""
    n = group.age_weeks.shape[0]
    couples = 0
    for i in range(n):
        couples += partner[i] >= 0 and group.sex[i] == 0
    total = couples + heads.shape[0]
    nuclei = Nuclei(
        np.zeros(total, np.int64),
        np.ones(total, np.int64),
        np.zeros(total, np.int64),
        np.full(total, _NONE),
        np.full(_YEARS, _NONE),
        np.full(_YEARS, _NONE),
        sizes,
    )
    number = 0
    for i in range(n):
        if partner[i] >= 0 and group.sex[i] == 0:
            household_of[i], household_of[partner[i]] = number, number
            nuclei.size[number] = 2
            nuclei.year[number] = min(group.age_weeks[i] // WEEKS_PER_YEAR, _YEARS - 1)
            _push(nuclei.couples, nuclei.after, nuclei.year[number], number)
            number += 1
    wanted = np.empty(5, np.float64)
    for k in range(5):
        wanted[k] = _HEAD_SIZES[k] * heads.shape[0]
    for position in range(heads.shape[0]):
        i = heads[position]
        best = _NONE
        for k in range(5):
            if sizes[k] > 0 and (best < 0 or wanted[k] > wanted[best]):
                best = k
        sizes[best] -= 1
        wanted[best] -= 1.0
        household_of[i] = number
        nuclei.room[number] = best + 1
        nuclei.year[number] = min(group.age_weeks[i] // WEEKS_PER_YEAR, _YEARS - 1)
        _push(nuclei.filling, nuclei.after, nuclei.year[number], number)
        number += 1
    return nuclei
