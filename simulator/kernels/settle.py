"""Phase live, second half: what was flagged happens, one resident after another in the order of their berths.

Few residents are touched in a week, and each may touch others (a widow's tie ends, a newborn joins a household), so
this is done once for both executions, in an order that does not depend on rows.
"""

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
    MEETING_BLOCK,
    NEIGHBOUR,
    PROGRAMMES,
    TIE_SLOTS,
    WEEKS_PER_YEAR,
)
from simulator.columns import BAND_ENDS, NEVER_DISCHARGED, QUARTERS_REMEMBERED
from simulator.compiling import compiled, inlined
from simulator.kernels.shared import cell
from simulator.measures import INDEX
from simulator.rules import chance, demography, ties
from simulator.ties import FULL_LEVEL, drop_all_ties, drop_tie, make_tie, make_tie_elsewhere, meeting_mask, tie_slot

_DEATHS = INDEX["deaths"]
_TRIES = 64
_NEW_HOUSEHOLD = np.uint32(0x80000000)
_OTHER_NEW_HOUSEHOLD = np.uint32(0xC0000000)
_HOUSEHOLD_STRENGTH = 1.0


@compiled
def tie_up(r, a, b, context, strength, u, x, now):  # type: ignore[no-untyped-def]
    """Make a tie of this context between rows a and b, its contact level from ``u``."""
    if context == HOUSEHOLD:
        level = FULL_LEVEL
    else:
        level = np.uint16(ties.contact_level(u, x.rates.ties.contact_probability[context]))
    mask = meeting_mask(
        now.seed,
        now.week // MEETING_BLOCK,
        r.berth[a],
        r.generation[a],
        r.berth[b],
        r.generation[b],
        level,
        context,
    )
    return make_tie(r, a, b, context, strength, level, mask)


@compiled
def refresh_lives_alone(r, i):  # type: ignore[no-untyped-def]
    """Set ``lives_alone`` from the household ties that are left."""
    r.lives_alone[i] = 1
    for j in range(r.slots_used[i]):
        if r.context[i, j] == HOUSEHOLD:
            r.lives_alone[i] = 0


@compiled
def housemates_of(r, i, found):  # type: ignore[no-untyped-def]
    """Write the rows of the housemates of ``i`` into ``found``; return how many."""
    count = 0
    for j in range(r.slots_used[i]):
        if r.context[i, j] == HOUSEHOLD:
            found[count] = r.other[i, j]
            count += 1
    return count


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


@inlined
def pick(r, row_of_berth, key, i, k):  # type: ignore[no-untyped-def]
    """Row of a resident picked by draw ``k`` of resident ``i``, or its own row if the draw named no berth.

    Numbers are drawn below the next power of two and refused beyond the list, so that one berth more changes only
    the picks that fall on it.
    """
    seed, stream, week = key
    size = np.int64(r.shape[0])
    span = np.int64(1)
    while span < size:
        span *= 2
    u, _, _, _ = draws.draw(seed, stream, week * _TRIES + k, r.berth[i], r.generation[i])
    number = np.int64(u * span)
    if number >= size:
        return np.uint32(i)
    return row_of_berth[number]


@compiled
def join_household(r, i, host, x, now):  # type: ignore[no-untyped-def]
    """Resident ``i`` joins the household of ``host``: a tie with everyone in it."""
    found = np.empty(TIE_SLOTS, np.uint32)
    count = housemates_of(r, host, found)
    r.household[i] = r.household[host]
    r.moves_in_week[i] = r.moves_in_week[host]
    tie_up(r, i, host, HOUSEHOLD, _HOUSEHOLD_STRENGTH, 0.5, x, now)
    for k in range(count):
        tie_up(r, i, found[k], HOUSEHOLD, _HOUSEHOLD_STRENGTH, 0.5, x, now)
        refresh_lives_alone(r, found[k])
    refresh_lives_alone(r, host)
    refresh_lives_alone(r, i)


@compiled
def largest_household(r, i):  # type: ignore[no-untyped-def]
    """How many share the household of ``i``, itself included."""
    found = np.empty(TIE_SLOTS, np.uint32)
    return housemates_of(r, i, found) + 1


@compiled
def newborn(r, row_of_berth, i, x, now):  # type: ignore[no-untyped-def]
    """A child is born into the berth, to a woman of the age to be a mother, in a household with room."""
    new_person(r, i, x, now, 0)
    people = x.rates.demography
    for k in range(_TRIES):
        host = pick(r, row_of_berth, (now.seed, draws.MOTHER, now.week), i, k)
        age = r.age_weeks[host] / WEEKS_PER_YEAR
        if (
            host != i
            and r.sex[host] == 0
            and people.mother_youngest <= age < people.mother_oldest + 1.0
            and largest_household(r, host) < HOUSEHOLD_LIMIT
        ):
            r.neighbourhood[i] = r.neighbourhood[host]
            r.deprivation[i] = r.deprivation[host]
            r.income_half[i] = r.income_half[host]
            join_household(r, i, host, x, now)
            inherit_kin(r, i, host, x, now)
            return
    refresh_lives_alone(r, i)


@compiled
def own_household(r, i):  # type: ignore[no-untyped-def]
    """Give ``i`` a household number of its own, other than the present one, and no week of moving."""
    number = _NEW_HOUSEHOLD | r.berth[i]
    r.household[i] = number if r.household[i] != number else _OTHER_NEW_HOUSEHOLD | r.berth[i]
    r.moves_in_week[i] = -1
    refresh_lives_alone(r, i)


@compiled
def leave_household(r, i, x, now, separates):  # type: ignore[no-untyped-def]
    """Resident ``i`` moves out to live alone: housemates become kin, a partner who is left is no tie any more."""
    found = np.empty(TIE_SLOTS, np.uint32)
    count = housemates_of(r, i, found)
    people = x.rates.demography
    for k in range(count):
        b = found[k]
        partner = demography.are_partners(r.age_weeks[i], r.age_weeks[b], people.adult_age, people.partner_gap)
        drop_tie(r, i, b)
        if not (separates and partner):
            u, _, _, _ = draws.draw(now.seed, draws.FRIENDS, now.week * _TRIES + k, r.berth[i], r.generation[i])
            tie_up(r, i, b, KIN, _HOUSEHOLD_STRENGTH, u, x, now)
        refresh_lives_alone(r, b)
    own_household(r, i)


@inlined
def could_share(r, a, b, people):  # type: ignore[no-untyped-def]
    """Whether two residents who live alone could set up house together."""
    return (
        a != b
        and r.lives_alone[b] == 1
        and demography.are_partners(r.age_weeks[a], r.age_weeks[b], people.adult_age, people.partner_gap)
    )


@compiled
def move_in(r, row_of_berth, i, x, now):  # type: ignore[no-untyped-def]
    """Resident ``i`` moves in with a friend who also lives alone, or else with someone of like age who does."""
    people = x.rates.demography
    for j in range(r.slots_used[i]):
        b = r.other[i, j]
        if r.context[i, j] == FRIEND and r.strength[i, j] >= x.tables.friend_strength and could_share(r, i, b, people):
            drop_tie(r, i, b)
            join_household(r, i, b, x, now)
            return
    for k in range(_TRIES):
        b = pick(r, row_of_berth, (now.seed, draws.PARTNER, now.week), i, k)
        if could_share(r, i, b, people):
            drop_tie(r, i, b)
            join_household(r, i, b, x, now)
            return


@compiled
def retire(r, i, ratio):  # type: ignore[no-untyped-def]
    """Contact with friends changes by ``ratio`` at both ends."""
    for j in range(r.slots_used[i]):
        if r.context[i, j] == FRIEND:
            b = r.other[i, j]
            level = np.uint16(r.contact_level[i, j] * ratio)
            r.contact_level[i, j] = level
            if b != i:
                for k in range(r.slots_used[b]):
                    if r.other[b, k] == i and r.context[b, k] == FRIEND:
                        r.contact_level[b, k] = level


@compiled
def make_friend(r, row_of_berth, i, x, now):  # type: ignore[no-untyped-def]
    """Resident ``i`` begins a friendship with someone near in age, in the neighbourhood or beyond."""
    u_where, u_level, _, _ = draws.draw(now.seed, draws.FRIENDS, now.week * _TRIES + _TRIES - 1, r.berth[i], r.generation[i])
    near = u_where < x.rates.ties.same_neighbourhood_share
    for k in range(_TRIES - 1):
        b = pick(r, row_of_berth, (now.seed, draws.FRIENDS, now.week), i, k)
        apart = abs(np.int64(r.age_band[i]) - np.int64(r.age_band[b]))
        if b != i and apart <= 1 and (not near or r.neighbourhood[b] == r.neighbourhood[i]):
            tie_up(r, i, b, FRIEND, x.tables.first_strength, u_level, x, now)
            return


@compiled
def meet_neighbours(r, row_of_berth, i, x, now):  # type: ignore[no-untyped-def]
    """A newcomer gets to know the usual number of neighbours."""
    u_many, u_level, _, _ = draws.draw(now.seed, draws.NEWCOMER, 8, r.berth[i], r.generation[i])
    wanted = chance.whole_number(u_many, x.rates.ties.mean_ties[NEIGHBOUR])
    for k in range(_TRIES):
        if wanted == 0:
            return
        b = pick(r, row_of_berth, (now.seed, draws.NEIGHBOURS, now.week), i, k)
        if r.neighbourhood[b] == r.neighbourhood[i] and tie_up(
            r, i, b, NEIGHBOUR, x.tables.first_strength, u_level, x, now
        ):
            wanted -= 1


@compiled
def inherit_kin(r, i, mother, x, now):  # type: ignore[no-untyped-def]
    """A newborn's kin are the mother's kin in the place."""
    for j in range(r.slots_used[mother]):
        if r.context[mother, j] == KIN and r.other[mother, j] != mother:
            word, _, _, _ = draws.pair_words(
                now.seed, draws.TIE_LEVEL, now.week, r.berth[i], r.generation[i], r.berth[mother], j
            )
            tie_up(r, i, r.other[mother, j], KIN, r.strength[mother, j], draws.unit(word), x, now)


@compiled
def leave_the_list(r, i):  # type: ignore[no-untyped-def]
    """All ties of ``i`` end, and those who lived with ``i`` may now live alone."""
    found = np.empty(TIE_SLOTS, np.uint32)
    count = housemates_of(r, i, found)
    drop_all_ties(r, i)
    for k in range(count):
        refresh_lives_alone(r, found[k])
    own_household(r, i)


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
def replace_household(r, row_of_berth, i, x, now):  # type: ignore[no-untyped-def]
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
    for a in range(count + 1):
        for b in range(a + 1, count + 1):
            tie_up(r, rows[a], rows[b], HOUSEHOLD, _HOUSEHOLD_STRENGTH, 0.5, x, now)
    for k in range(count + 1):
        refresh_lives_alone(r, rows[k])
        bring_ties_along(r, rows[k], x, now)
        meet_neighbours(r, row_of_berth, rows[k], x, now)


@compiled
def settle(r, w, x, now):  # type: ignore[no-untyped-def]
    """Let everything flagged in ``w.event`` happen, in the order of berths."""
    for berth in range(r.berth.shape[0]):
        i = w.row_of_berth[berth]
        event = w.event[i]
        if event == demography.NOTHING:
            continue
        w.event[i] = demography.NOTHING
        if event == demography.DIES:
            w.counts[cell(r.age_band[i], r.deprivation[i], r.lonely[i]), _DEATHS] += 1
            leave_the_list(r, i)
            newborn(r, w.row_of_berth, i, x, now)
        elif event == demography.MOVES_AWAY:
            if r.moves_in_week[i] == now.week:
                replace_household(r, w.row_of_berth, i, x, now)
        elif event == demography.LEAVES_HOME:
            leave_household(r, i, x, now, False)
        elif event == demography.SEPARATES:
            leave_household(r, i, x, now, True)
        elif event == demography.MOVES_IN:
            if r.lives_alone[i] == 1:
                move_in(r, w.row_of_berth, i, x, now)
        elif event == demography.RETIRES:
            retire(r, i, x.rates.demography.retirement_contact_ratio)
        else:
            make_friend(r, w.row_of_berth, i, x, now)
    for i in range(r.berth.shape[0]):
        w.away[i] = r.away[i]
