"""Newcomers: births, and households that take the place of one that has left."""

from __future__ import annotations

import numpy as np

from simulator import draws
from simulator.categories import (
    ADULT_BAND,
    CONDITIONS,
    FRIEND,
    HOUSEHOLD,
    HOUSEHOLD_LIMIT,
    KIN,
    PROGRAMMES,
    TIE_SLOTS,
    WEEKS_PER_YEAR,
)
from simulator.columns import BAND_ENDS, NEVER_DISCHARGED, QUARTERS_REMEMBERED
from simulator.compiling import compiled
from simulator.kernels.acquaintance import TRIES, meet_neighbours, pick, tie_up
from simulator.kernels.households import (
    HOUSEHOLD_STRENGTH,
    housemates_of,
    join_household,
    largest_household,
    refresh_lives_alone,
)
from simulator.rules import chance, ties
from simulator.ties import drop_all_ties, make_tie_elsewhere, tie_slot


@compiled
def new_person(r, i, x, now, age_weeks):  # type: ignore[no-untyped-def]
    """A newcomer holds berth ``i``: a new identity, traits drawn by it, the neighbourhood's deprivation kept."""
    r.generation[i] += np.uint16(1)
    berth, generation = r.berth[i], r.generation[i]
    u0, u1, u2, u3 = draws.draw(now.seed, draws.NEWCOMER, 0, berth, generation)
    v0, v1, v2, v3 = draws.draw(now.seed, draws.NEWCOMER, 1, berth, generation)
    r.age_weeks[i] = age_weeks
    band = np.uint8(0)
    while age_weeks >= BAND_ENDS[band]:
        band += np.uint8(1)
    r.age_band[i] = band
    r.sex[i] = np.uint8(u0 < 0.5)
    offline = x.rates.digital.offline_share[band]
    low = x.rates.digital.low_capability_share[band]
    r.digital_capability[i] = 0 if u1 < offline else (1 if u1 < offline + low else 2)
    level = 0
    edge = 0.0
    for k in range(len(CONDITIONS)):
        edge += x.tables.prevalence[(band * 5 + r.deprivation[i]) * 4 + k]
        level = k
        if u2 < edge:
            break
    r.conditions[i] = level
    r.frailty[i] = chance.lognormal_mean_one(u3, x.rates.illness.frailty_spread)
    r.transient[i] = chance.lognormal_mean_one(v0, x.rates.illness.transient_spread)
    r.personal_need[i] = x.rates.loneliness.need_spread * chance.normal_quantile(v1)
    r.lonely[i] = 1 if band >= ADULT_BAND and v2 < x.rates.loneliness.initial_prevalence[band] else 0
    r.weeks_lonely[i] = r.lonely[i]
    r.continuity[i] = 1.0 if v3 < x.rates.care.mean_continuity else 0.0
    r.support[i] = 0.0
    r.trust[i] = 0.0
    r.unmet_need[i] = 0.0
    r.waiting_for_gp[i] = 0
    r.episode[i] = 0
    r.asking[i] = 0
    r.days_in_hospital[i] = 0
    r.away[i] = 0
    r.weeks_since_discharge[i] = NEVER_DISCHARGED
    r.care_plan[i] = 0
    r.volunteer[i] = 0
    for q in range(QUARTERS_REMEMBERED):
        r.admissions_by_quarter[i, q] = 0
    for p in range(len(PROGRAMMES)):
        r.programme_status[i, p] = 0
        r.programme_weeks[i, p] = 0


@compiled
def bring_ties_along(r, i, x, now):  # type: ignore[no-untyped-def]
    """A newcomer keeps part of the usual kin and friends: people who live elsewhere (the tie's other end is no row)."""
    for context in (KIN, FRIEND):
        u0, _, _, _ = draws.draw(now.seed, draws.NEWCOMER, 2 + context, r.berth[i], r.generation[i])
        expected = x.rates.ties.elsewhere_share * x.rates.ties.mean_ties[context]
        if context == FRIEND:
            expected *= x.rates.ties.ties_age_ratio[r.age_band[i]]
        for k in range(chance.whole_number(u0, expected)):
            u1, _, _, _ = draws.draw(now.seed, draws.NEWCOMER, 16 + 16 * context + k, r.berth[i], r.generation[i])
            level = ties.contact_level(u1, x.rates.ties.contact_probability[context])
            grown = x.tables.gain[8 | context]
            strength = ties.settled_strength(level / 65536.0, grown, x.tables.keep[context])
            make_tie_elsewhere(r, i, context, strength, np.uint16(level))


@compiled
def inherit_kin(r, i, mother, x, now):  # type: ignore[no-untyped-def]
    """A newborn's kin are the mother's kin in the place."""
    for j in range(r.slots_used[mother]):
        if r.context[mother, j] == KIN and r.other[mother, j] != mother:
            word, _, _, _ = draws.pair_words(
                now.seed, draws.TIE_LEVEL, now.week, r.berth[i], r.generation[i], r.berth[mother], j
            )
            tie_up(r, i, r.other[mother, j], (KIN, np.float64(r.strength[mother, j]), draws.unit(word)), x, now)


@compiled
def newborn(r, w, i, x, now):  # type: ignore[no-untyped-def]
    """A child is born into the berth, to a woman of the age to be a mother, in a household with room."""
    people = x.rates.demography
    mother = np.uint32(i)
    for k in range(TRIES):
        host = pick(r, w.row_of_berth, (now.seed, draws.MOTHER, now.week), i, k)
        age = r.age_weeks[host] / WEEKS_PER_YEAR
        if (
            host != i
            and r.sex[host] == 0
            and people.mother_youngest <= age < people.mother_oldest + 1.0
            and largest_household(r, host) < HOUSEHOLD_LIMIT
        ):
            mother = host
            break
    r.neighbourhood[i] = r.neighbourhood[mother]
    r.deprivation[i] = r.deprivation[mother]
    r.income_half[i] = r.income_half[mother]
    new_person(r, i, x, now, 0)
    w.away[i] = 0
    if mother != i:
        join_household(r, i, mother, x, now)
        inherit_kin(r, i, mother, x, now)
    else:
        refresh_lives_alone(r, i)


@compiled
def keep_in_touch(r, i, ratio):  # type: ignore[no-untyped-def]
    """Kin and friends of ``i``, who moves away, keep the tie with someone who now lives elsewhere, and meet less."""
    for j in range(r.slots_used[i]):
        b = r.other[i, j]
        if b != i and (r.context[i, j] == KIN or r.context[i, j] == FRIEND):
            back = tie_slot(r, b, i)
            r.other[b, back] = b
            r.contact_level[b, back] = np.uint16(r.contact_level[b, back] * ratio)
            # The end that leaves is cleared with all its ties.
            r.other[i, j] = i


@compiled
def replace_household(r, w, i, x, now):  # type: ignore[no-untyped-def]
    """The household of ``i`` leaves, and one of the same ages moves in: new people, no local ties."""
    rows = np.empty(TIE_SLOTS + 1, np.uint32)
    count = housemates_of(r, i, rows)
    rows[count] = i
    for k in range(count + 1):
        keep_in_touch(r, rows[k], x.rates.ties.moved_contact_ratio)
        drop_all_ties(r, rows[k])
    for k in range(count + 1):
        r.moves_in_week[rows[k]] = -1
        new_person(r, rows[k], x, now, r.age_weeks[rows[k]])
        w.away[rows[k]] = 0
    for a in range(count + 1):
        for b in range(a + 1, count + 1):
            tie_up(r, rows[a], rows[b], (HOUSEHOLD, HOUSEHOLD_STRENGTH, 0.5), x, now)
    for k in range(count + 1):
        refresh_lives_alone(r, rows[k])
        bring_ties_along(r, rows[k], x, now)
        meet_neighbours(r, w.row_of_berth, rows[k], x, now)
