"""Phase live, first half: residents age, and demographic events are drawn."""

from __future__ import annotations

import numpy as np

from simulator.foundations import random_numbers as draws
from simulator.foundations.categories import ADULT_BAND, HOUSEHOLD, SLOW_STEP, WEEKS_PER_QUARTER, WEEKS_PER_YEAR
from simulator.foundations.compiling import compiled, helper, inlined, leaf
from simulator.kernels.cells import by_conditions, key_of
from simulator.kernels.look import rule_nothing_out
from simulator.population.columns import BAND_ENDS
from simulator.rules import chance, demography, loneliness, social_care, ties, usual_gp
from simulator.rules.social_care import NO_CARE


@leaf
def _draw_words(berths, generations, stream, week, key, first, second, third, fourth):  # type: ignore[no-untyped-def]  # noqa: PLR0913 - a leaf takes each array by itself
    for q in range(berths.shape[0]):
        words = draws.philox(berths[q], generations[q], week, stream, key[0], key[1])
        first[q], second[q], third[q], fourth[q] = words


@helper
def draw_random_words(w, now, rows):  # type: ignore[no-untyped-def]
    """Draw this week's eight random words for the residents in these rows (the first, and the one after the last)."""
    start, stop = rows
    berths, generations, words = w.berth[start:stop], w.generation[start:stop], w.random_words
    week, key = np.uint32(now.week), key_of(now)
    _draw_words(
        *(berths, generations, np.uint32(draws.LIVE), week, key),
        *(words[0, start:stop], words[1, start:stop], words[2, start:stop], words[3, start:stop]),
    )
    _draw_words(
        *(berths, generations, np.uint32(draws.FEEL), week, key),
        *(words[4, start:stop], words[5, start:stop], words[6, start:stop], words[7, start:stop]),
    )


@helper
def redraw_random_words(r, w, now, i):  # type: ignore[no-untyped-def]
    """Redraw this week's random words for row ``i``, whose berth has passed to another resident; look at them all."""
    low, high = key_of(now)
    week, person = np.uint32(now.week), r[i]
    w.generation[i] = person.generation
    for half, stream in ((0, np.uint32(draws.LIVE)), (4, np.uint32(draws.FEEL))):
        a, b, c, d = draws.philox(w.berth[i], w.generation[i], week, stream, low, high)
        (
            w.random_words[half, i],
            w.random_words[half + 1, i],
            w.random_words[half + 2, i],
            w.random_words[half + 3, i],
        ) = a, b, c, d
    rule_nothing_out(w, i)


@compiled
def plan_moves(r, x, now):  # type: ignore[no-untyped-def]
    """Draw for every household the week of the coming year in which it moves away, if any."""
    x, now = x[0], now[0]
    for i in range(r.shape[0]):
        person = r[i]
        u, _, _, _ = draws.draw(now.seed, draws.MOVE, now.week, person.household, 0)
        person.moves_in_week = demography.move_week(u, now.week, x.tables.move)


@inlined
def age_this_week(r, i, b, ageing):  # type: ignore[no-untyped-def]
    """Age of ``b`` at the end of the week [weeks]; rows after ``i`` have not been aged by ``ageing`` yet."""
    return r[b].age_weeks + (ageing if b > i else 0)


@inlined
def oldest_housemate(r, i, ageing):  # type: ignore[no-untyped-def]
    """Age of the oldest other member of the household [weeks], 0 if there is none."""
    oldest, person = 0, r[i]
    for j in range(person.slots_used):
        if person.context[j] == HOUSEHOLD:
            oldest = max(oldest, age_this_week(r, i, person.other[j], ageing))
    return oldest


@inlined
def has_partner(r, i, adult_age, gap, ageing):  # type: ignore[no-untyped-def]
    """Whether a housemate counts as this resident's partner."""
    person = r[i]
    for j in range(person.slots_used):
        if person.context[j] == HOUSEHOLD and demography.are_partners(
            np.int64(person.age_weeks), age_this_week(r, i, person.other[j], ageing), adult_age, gap
        ):
            return True
    return False


@inlined
def allowed(r, i, event, people, ageing):  # type: ignore[no-untyped-def]
    """Whether the circumstances of resident ``i`` allow the household event that was drawn."""
    person = r[i]
    if event == demography.LEAVES_HOME:
        return demography.could_leave_home(
            person.age_weeks,
            oldest_housemate(r, i, ageing),
            people.leave_home_youngest,
            people.leave_home_oldest,
            people.parent_gap,
        )
    if event == demography.SEPARATES:
        return has_partner(r, i, people.adult_age, people.partner_gap, ageing)
    if event == demography.MOVES_IN:
        return person.lives_alone == 1 and person.age_weeks >= people.adult_age * WEEKS_PER_YEAR
    return True


@helper
def strain_household(r, w, i, given):  # type: ignore[no-untyped-def]
    """Note this week's strain on everyone who shares a home with resident ``i``."""
    person = r[i]
    strain = social_care.strain_on_household(np.int64(person.care_state), given)
    for j in range(person.slots_used):
        if person.context[j] == HOUSEHOLD:
            w.strain[person.other[j]] |= np.uint8(strain)


@inlined
def looks_at_everyone(week):  # type: ignore[no-untyped-def]
    """Whether phase live looks at everyone in this week: ages advance, usual GPs may leave, or moves were planned."""
    return ties.ends_step(week) or week % WEEKS_PER_QUARTER == 0


@helper
def live(r, w, x, now, rows):  # type: ignore[no-untyped-def]
    """Age residents every four weeks, renew usual GPs, flag deaths, moves and events for `settle`, and strain at home.

    Everyone is in ``rows`` in weeks for which `looks_at_everyone` holds.
    """
    tables, people = x.tables, x.rates.demography
    retirement_week = int(people.retirement_age * WEEKS_PER_YEAR)
    begins_quarter = now.week % WEEKS_PER_QUARTER == 0
    ageing = SLOW_STEP if ties.ends_step(now.week) else 0
    for i in rows:
        person = r[i]
        person.age_weeks += ageing
        if person.age_weeks >= BAND_ENDS[person.age_band]:
            person.age_band += np.uint8(1)
            rule_nothing_out(w, i)
            if person.age_band == ADULT_BAND:
                u_lonely, _, _, _ = draws.draw(now.seed, draws.COMING_OF_AGE, now.week, person.berth, person.generation)
                person.lonely = np.uint8(u_lonely < x.rates.loneliness.initial_prevalence[ADULT_BAND])
                person.weeks_lonely = person.lonely
                person.mood = -x.rates.loneliness.mood_spread * chance.normal_quantile(u_lonely)
        if begins_quarter:
            u_left, _, _, _ = draws.draw(now.seed, draws.USUAL_GP, now.week, person.berth, person.generation)
            person.usual_gp_quarters = usual_gp.quarters_after(np.int64(person.usual_gp_quarters), u_left < now.gp_left)
        if person.care_state != NO_CARE:
            strain_household(r, w, i, now.home_care_met)
        w.life_due[i] = person.care_state != NO_CARE or 0 < person.moves_in_week - now.week <= SLOW_STEP
        index = by_conditions(np.int64(person.age_band), np.int64(person.deprivation), np.int64(person.conditions))
        w.event[i] = demography.NOTHING
        if person.moves_in_week == now.week:
            w.event[i] = demography.MOVES_AWAY
            continue
        if demography.dies(
            draws.unit(w.random_words[0, i]), tables.death[index], person.lonely, tables.death_lonely_ratio
        ):
            w.event[i] = demography.DIES
            continue
        event = demography.drawn_event(
            draws.unit(w.random_words[1, i]),
            tables.leave_home,
            tables.separation,
            tables.moving_in,
            loneliness.friend_making_of(
                tables.friend_making, np.int64(person.lonely), x.rates.loneliness.friend_making_ratio
            ),
        )
        if event != demography.NOTHING and allowed(r, i, event, people, ageing):
            w.event[i] = event
        elif person.age_weeks - ageing < retirement_week <= person.age_weeks:
            w.event[i] = demography.RETIRES
