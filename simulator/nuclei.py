"""The beginnings of households: couples, adults without a partner who head a household, and how large each becomes.

Shapes: n people of one deprivation fifth, A = 9 age bands, K households of two or more, S = 5 sizes from 2 to 6.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator import draws
from simulator.categories import ADULT_BAND, HOUSEHOLD_LIMIT, WEEKS_PER_YEAR
from simulator.compiling import compiled

I64 = NDArray[np.int64]

SIZES: Final = HOUSEHOLD_LIMIT - 1
NOBODY: Final = np.int64(-1)
YEARS: Final = 128
"""Heads are listed by year of age below this."""
ADULT_WEEKS: Final = 18 * WEEKS_PER_YEAR
"""Youngest age of someone who is part of a couple or heads a household."""
_PARTNERS, _HEADS = 0, 1
_MAN_OLDER, _PARTNER_NOISE, _PARTNER_TOLERANCE = 2.5, 6.0, 3.0
"""Years by which men are older on average, over which partners' ages scatter, and which a pair may still differ by."""
_WOMEN_HEAD, _YOUNG_HEAD = 1.5, 0.2
"""How much more often women than men without a partner head a household of two or more, and how much less often
people under 25 do: assumptions (nine in ten lone parents are women, but sharers are as often men)."""
_HEAD_SIZES: Final = (0.60, 0.28, 0.09, 0.03, 0.0)
"""Shares of sizes 2 to 6 among households without a couple, mostly one parent and one child: an assumption."""


class Group(NamedTuple):
    """People of one deprivation fifth, as columns (n,), and what addresses their luck."""

    age_weeks: NDArray[np.int32]
    age_band: NDArray[np.uint8]
    sex: NDArray[np.uint8]
    alone: NDArray[np.uint8]  # 1 = is to live alone
    seed: int
    first: int  # number of the first person among all of the place


class Nuclei(NamedTuple):
    """Households of two or more while they fill up: (K,) columns, and lists by the head's year of age."""

    room: I64  # (K,) people still to join; 0 for a couple nobody has joined
    size: I64  # (K,)
    year: I64  # (K,) age of the head; of a couple, the woman's
    after: I64  # (K,) next in its list
    filling: I64  # (128,) first household with room whose head has this age, or -1
    couples: I64  # (128,) first couple not yet joined by anyone, or -1
    left: I64  # (S,) sizes still to be given to couples


@compiled
def pair_couples(group, as_couple, partner):  # type: ignore[no-untyped-def]
    """Write each person's partner into ``partner`` (n,), -1 for none; return the number of couples.

    ``as_couple`` (A,) is the share, of those not living alone, who live as a couple. Women and men are paired in order
    of age, blurred by luck; whoever finds nobody within three years (men 2.5 years older on average) stays without.
    """
    n = group.age_weeks.shape[0]
    women, men = np.empty(n, np.int64), np.empty(n, np.int64)
    keys = np.empty(n, np.float64)
    count_women, count_men = 0, 0
    for i in range(n):
        partner[i] = NOBODY
        if group.alone[i] or group.age_weeks[i] < ADULT_WEEKS:
            continue
        wants, blur, _, _ = draws.draw(group.seed, draws.HOUSEHOLDS, _PARTNERS, group.first + i, 0)
        if wants >= as_couple[group.age_band[i]]:
            continue
        keys[i] = group.age_weeks[i] / WEEKS_PER_YEAR + (blur - 0.5) * _PARTNER_NOISE
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
def choose_heads(group, partner, wanted):  # type: ignore[no-untyped-def]
    """Up to ``wanted`` adults without a partner and not living alone, to head households of two or more.

    Weighted sampling without replacement: Efraimidis PS and Spirakis PG 2006, Information Processing Letters 97:181.
    """
    n = group.age_weeks.shape[0]
    free, keys = np.empty(n, np.int64), np.empty(n, np.float64)
    count = 0
    for i in range(n):
        if partner[i] == NOBODY and not group.alone[i] and group.age_weeks[i] >= ADULT_WEEKS:
            u, _, _, _ = draws.draw(group.seed, draws.HOUSEHOLDS, _HEADS, group.first + i, 0)
            weight = _WOMEN_HEAD if group.sex[i] == 0 else 1.0
            if group.age_band[i] == ADULT_BAND:
                weight *= _YOUNG_HEAD
            free[count] = i
            keys[count] = -np.log(u) / weight
            count += 1
    return free[:count][np.argsort(keys[:count])[:wanted]]


@compiled
def tilted(shares, mean):  # type: ignore[no-untyped-def]
    """Shares (S,) of sizes 2 to 6 with this mean size, as like ``shares`` as can be.

    Each share is multiplied by a power of its size: of all distributions with that mean, the one of least relative
    entropy.
    """
    low, high = -20.0, 20.0
    weights = np.empty(SIZES, np.float64)
    for _ in range(64):
        tilt = 0.5 * (low + high)
        total, moment = 0.0, 0.0
        for k in range(SIZES):
            weights[k] = max(shares[k], 1e-9) * np.exp(tilt * k)
            total += weights[k]
            moment += weights[k] * (k + 2)
        if moment < mean * total:
            low = tilt
        else:
            high = tilt
    return weights / weights.sum()


@compiled
def size_counts(households, people, shares):  # type: ignore[no-untyped-def]
    """Numbers (S,) of households of 2 to 6 that hold exactly ``people``, as like ``shares`` (S,) as can be.

    ``people`` must lie between twice and six times ``households``.
    """
    tilt = tilted(shares, people / households)
    counts = np.zeros(SIZES, np.int64)
    running, done, held = 0.0, 0, 0
    for k in range(SIZES):
        running += tilt[k] * households
        counts[k] = int(np.floor(running + 0.5)) - done
        done += counts[k]
        held += counts[k] * (k + 2)
    while held != people:
        step = 1 if held < people else -1
        largest = NOBODY
        for k in range(SIZES):
            if 0 <= k + step < SIZES and counts[k] > 0 and (largest == NOBODY or counts[k] > counts[largest]):
                largest = k
        counts[largest] -= 1
        counts[largest + step] += 1
        held += step
    return counts


@compiled
def push(first, after, year, household):  # type: ignore[no-untyped-def]
    """Put a household in front of the list of its head's year of age."""
    after[household] = first[year]
    first[year] = household


@compiled
def new_nuclei(group, partner, heads, sizes, household_of):  # type: ignore[no-untyped-def]
    """Couples and heads as households numbered from 0; the heads' households are given their sizes from ``sizes``."""
    n = group.age_weeks.shape[0]
    couples = 0
    for i in range(n):
        couples += int(partner[i] != NOBODY and group.sex[i] == 0)
    total = couples + heads.shape[0]
    nuclei = Nuclei(
        np.zeros(total, np.int64),
        np.ones(total, np.int64),
        np.zeros(total, np.int64),
        np.full(total, NOBODY),
        np.full(YEARS, NOBODY),
        np.full(YEARS, NOBODY),
        sizes,
    )
    number = 0
    for i in range(n):
        if partner[i] != NOBODY and group.sex[i] == 0:
            household_of[i], household_of[partner[i]] = number, number
            nuclei.size[number] = 2
            nuclei.year[number] = min(np.int64(group.age_weeks[i] // WEEKS_PER_YEAR), YEARS - 1)
            push(nuclei.couples, nuclei.after, nuclei.year[number], number)
            number += 1
    wanted = np.empty(SIZES, np.float64)
    for k in range(SIZES):
        wanted[k] = _HEAD_SIZES[k] * heads.shape[0]
    for i in heads:
        best = NOBODY
        for k in range(SIZES):
            if sizes[k] > 0 and (best == NOBODY or wanted[k] > wanted[best]):
                best = k
        sizes[best] -= 1
        wanted[best] -= 1.0
        household_of[i] = number
        nuclei.room[number] = best + 1
        nuclei.year[number] = min(np.int64(group.age_weeks[i] // WEEKS_PER_YEAR), YEARS - 1)
        push(nuclei.filling, nuclei.after, nuclei.year[number], number)
        number += 1
    return nuclei
