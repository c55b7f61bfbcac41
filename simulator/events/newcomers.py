"""Newcomers: births, and households that replace one that has moved away."""

from __future__ import annotations

import numpy as np

from simulator.events.acquaintances import TRIES, meet_neighbours, pick, tie_up
from simulator.events.households import (
    HOUSEHOLD_STRENGTH,
    household_size,
    housemates_of,
    join_household,
    refresh_lives_alone,
)
from simulator.foundations import random_numbers as draws
from simulator.foundations.categories import (
    ADULT_BAND,
    CONDITIONS,
    FRIEND,
    HOUSEHOLD,
    HOUSEHOLD_LIMIT,
    KIN,
    PROGRAMME_SLOTS,
    QUARTERS_REMEMBERED,
    TIE_SLOTS,
    WEEKS_PER_YEAR,
)
from simulator.foundations.compiling import helper
from simulator.foundations.numba_code import each_name
from simulator.kernels.workspace import BEDS, PLACES, WENT
from simulator.population.columns import AT_START, BAND_ENDS, RESET_TRAITS
from simulator.population.ties import drop_all_ties, make_tie_elsewhere, tie_slot
from simulator.rules import chance, ties
from simulator.rules.programmes import ENROLLED
from simulator.rules.social_care import care_at_start


@helper
def leave_stocks(r, w, i):  # type: ignore[no-untyped-def]
    """Count what the resident in row ``i``, who has died or moves away, no longer holds: a bed and places."""
    person = r[i]
    w.flows[BEDS, WENT] += person.days_in_hospital > 0
    for p in range(PROGRAMME_SLOTS):
        w.flows[PLACES + p, WENT] += person.programme_status[p] == ENROLLED


@helper
def new_person(r, i, x, now, age_weeks):  # type: ignore[no-untyped-def]
    """Place a newcomer in row ``i``: a new identity with newly drawn traits; deprivation is unchanged."""
    person = r[i]
    person.generation += np.uint16(1)
    berth, generation = person.berth, person.generation
    for trait in each_name(RESET_TRAITS):
        person[trait] = AT_START[0][trait]
    u0, u1, u2, u3 = draws.draw(now.seed, draws.NEWCOMER, 0, berth, generation)
    v0, v1, v2, v3 = draws.draw(now.seed, draws.NEWCOMER, 1, berth, generation)
    person.age_weeks = age_weeks
    person.support = now.reference_support  # until their ties are added up
    band = np.uint8(0)
    while age_weeks >= BAND_ENDS[band]:
        band += np.uint8(1)
    person.age_band = band
    person.sex = np.uint8(u0 < 0.5)
    offline = x.rates.digital.offline_share[band]
    low = x.rates.digital.low_capability_share[band]
    person.digital_capability = 0 if u1 < offline else (1 if u1 < offline + low else 2)
    level = 0
    edge = 0.0
    for k in range(len(CONDITIONS)):
        edge += x.tables.prevalence[(band * 5 + person.deprivation) * 4 + k]
        level = k
        if u2 < edge:
            break
    person.conditions = level
    person.frailty = chance.lognormal_mean_one(u3, x.rates.illness.frailty_spread)
    person.transient = chance.lognormal_mean_one(v0, x.rates.illness.transient_spread)
    person.personal_need = x.rates.loneliness.need_spread * chance.normal_quantile(v1)
    # Those drawn to be lonely have the worst moods.
    person.mood = -x.rates.loneliness.mood_spread * chance.normal_quantile(v2)
    person.lonely = 1 if band >= ADULT_BAND and v2 < x.rates.loneliness.initial_prevalence[band] else 0
    person.weeks_lonely = person.lonely
    person.saw_usual_gp = np.uint8(v3 < x.rates.care.mean_continuity)  # where they come from; the usual GP here is new
    person.continuity = 1.0 if person.saw_usual_gp else 0.0
    if band >= ADULT_BAND:
        social = x.rates.social_care
        u_care, _, _, _ = draws.draw(now.seed, draws.CARE_START, 0, berth, generation)
        person.care_state = care_at_start(u_care, social.home_care_prevalence[band], social.care_home_prevalence[band])
    for q in range(QUARTERS_REMEMBERED):
        person.admissions_by_quarter[q] = 0
    for p in range(PROGRAMME_SLOTS):
        person.programme_status[p] = 0
        person.programme_weeks[p] = 0


@helper
def bring_ties_along(r, i, x, now):  # type: ignore[no-untyped-def]
    """Give a newcomer ties to kin and friends who live elsewhere (the tie's other end is not a row)."""
    person = r[i]
    for context in (KIN, FRIEND):
        u0, _, _, _ = draws.draw(now.seed, draws.NEWCOMER, 2 + context, person.berth, person.generation)
        expected = x.rates.ties.elsewhere_share * x.rates.ties.mean_ties[context]
        if context == FRIEND:
            expected *= x.rates.ties.ties_age_ratio[person.age_band]
        for k in range(chance.whole_number(u0, expected)):
            u1, _, _, _ = draws.draw(now.seed, draws.NEWCOMER, 16 + 16 * context + k, person.berth, person.generation)
            level = ties.contact_level(u1, x.rates.ties.contact_probability[context])
            grown = x.tables.gain[8 | context]
            strength = ties.settled_strength(level / 65536.0, grown, x.tables.keep[context])
            make_tie_elsewhere(r, i, context, strength, np.uint16(level))


@helper
def inherit_kin(r, i, mother, x, now):  # type: ignore[no-untyped-def]
    """Give a newborn ties to the mother's kin in the place."""
    child, parent = r[i], r[mother]
    for j in range(parent.slots_used):
        if parent.context[j] == KIN and parent.other[j] != mother:
            word, _, _, _ = draws.pair_words(
                now.seed, draws.TIE_LEVEL, now.week, child.berth, child.generation, parent.berth, np.int64(j)
            )
            tie_up(r, i, parent.other[j], (KIN, np.float64(parent.strength[j]), draws.unit(word)), x, now)


@helper
def newborn(r, w, i, x, now):  # type: ignore[no-untyped-def]
    """Place a newborn in row ``i``, in the household of a woman of childbearing age if it has room."""
    people = x.rates.demography
    mother = np.uint32(i)
    for k in range(TRIES):
        host = pick(r, w.row_of_berth, (now.seed, draws.MOTHER, now.week), i, k)
        woman = r[host]
        age = woman.age_weeks / WEEKS_PER_YEAR
        if (
            host != i
            and woman.sex == 0
            and people.mother_youngest <= age < people.mother_oldest + 1.0
            and household_size(r, host) < HOUSEHOLD_LIMIT
        ):
            mother = host
            break
    child, parent = r[i], r[mother]
    child.neighbourhood, child.deprivation = parent.neighbourhood, parent.deprivation
    child.income_half = parent.income_half
    leave_stocks(r, w, i)
    new_person(r, i, x, now, np.int32(0))
    w.away[i] = 0
    w.strain[i] = 0
    w.pointed[i] = 0
    w.neighbourhood[i] = child.neighbourhood
    if mother != i:
        join_household(r, i, mother, x, now)
        inherit_kin(r, i, mother, x, now)
    else:
        refresh_lives_alone(r, i)


@helper
def keep_in_touch(r, i, ratio):  # type: ignore[no-untyped-def]
    """Kin and friends of ``i``, who moves away, keep a tie with someone living elsewhere, with less contact."""
    person = r[i]
    for j in range(person.slots_used):
        b = person.other[j]
        if b != i and (person.context[j] == KIN or person.context[j] == FRIEND):
            back, stays = tie_slot(r, b, i), r[b]
            stays.other[back] = b
            stays.contact_level[back] = np.uint16(stays.contact_level[back] * ratio)
            # This end is cleared with all ties of the resident who leaves.
            person.other[j] = i


@helper
def replace_household(r, w, i, x, now):  # type: ignore[no-untyped-def]
    """Replace the household of ``i`` with new people of the same ages, without friends or kin in the place."""
    rows = np.empty(TIE_SLOTS + 1, np.uint32)
    count = housemates_of(r, i, rows)
    rows[count] = i
    for k in range(count + 1):
        keep_in_touch(r, rows[k], x.rates.ties.moved_contact_ratio)
        drop_all_ties(r, rows[k])
    for k in range(count + 1):
        r[rows[k]].moves_in_week = -1
        leave_stocks(r, w, rows[k])
        new_person(r, rows[k], x, now, r[rows[k]].age_weeks)
        w.away[rows[k]] = 0
        w.strain[rows[k]] = 0
        w.pointed[rows[k]] = 0
    for a in range(count + 1):
        for b in range(a + 1, count + 1):
            tie_up(r, rows[a], rows[b], (HOUSEHOLD, HOUSEHOLD_STRENGTH, 0.5), x, now)
    for k in range(count + 1):
        refresh_lives_alone(r, rows[k])
        bring_ties_along(r, rows[k], x, now)
        meet_neighbours(r, w, rows[k], x, now)
