"""Phases feel and fall_ill: loneliness, long-term conditions, transient risk and acute episodes."""

from __future__ import annotations

import numpy as np

from simulator.foundations import random_numbers as draws
from simulator.foundations.categories import ADULT_BAND, SLOW_STEP
from simulator.foundations.compiling import helper, inlined
from simulator.foundations.measures import INDEX
from simulator.kernels.cells import by_conditions, cell_of
from simulator.kernels.look import renew
from simulator.rules import chance, illness, loneliness, ties, usual_gp
from simulator.rules.care import mobilised_help

_EPISODES = INDEX["episodes"]


@inlined
def lasting_score(person, rates):  # type: ignore[no-untyped-def]
    """The loneliness score of a resident in their usual mood."""
    return loneliness.lasting_score(
        rates.need[person.age_band] + person.personal_need,
        person.support,
        person.outlook,
        np.int64(person.conditions),
        (rates.support_effect, rates.outlook_effect, rates.illness_effect),
    )


@inlined
def score_of(person, lonely_ties, rates, now):  # type: ignore[no-untyped-def]
    """The standardised loneliness score of a resident with this many close ties with lonely people."""
    company = loneliness.score_of_company(
        np.int64(lonely_ties), np.int64(person.volunteer), rates.travel_effect, rates.giver_effect
    )
    return loneliness.standardised(
        lasting_score(person, rates) + person.mood + company, now.score_centre, now.score_spread
    )


@helper
def feel(r, w, x, now, rows):  # type: ignore[no-untyped-def]
    """In four weeks unmet needs fade, mood changes, and adults become lonely, stay so or recover."""
    if not ties.ends_step(now.week):
        return
    rates, tables = x.rates.loneliness, x.tables
    for i in rows:
        person = r[i]
        person.unmet_need *= tables.unmet_keep_in_step
        if person.age_band < ADULT_BAND:
            continue
        person.mood = loneliness.mood_after_step(
            person.mood, draws.unit(w.random_words[5, i]), tables.mood_keep_in_step, tables.mood_change_in_step
        )
        if person.outlook > 0.0:
            person.outlook *= tables.outlook_keep_in_step
        score = score_of(person, w.lonely_ties[i], rates, now)
        lonely = loneliness.lonely_after_step(np.int64(person.lonely), score, rates.threshold, rates.margin)
        if lonely or person.lonely:
            person.lonely = lonely
            person.weeks_lonely = lonely * (person.weeks_lonely + SLOW_STEP)


@inlined
def circumstances(person, tables):  # type: ignore[no-untyped-def]
    """Log ratio on acute episodes of living alone and of the years with the usual GP."""
    years = usual_gp.years_with(np.int64(person.usual_gp_quarters))
    kind = np.int64(person.age_band) * 2 + np.int64(person.lives_alone)
    return tables.circumstances[kind * usual_gp.YEARS_APART + years]


@helper
def fall_ill(r, w, x, now, rows):  # type: ignore[no-untyped-def]
    """Conditions are added, transient risk changes and some residents have an acute episode."""
    tables, ill, care = x.tables, x.rates.illness, x.rates.care
    changed, others = np.empty(rows.shape[0], np.uint32), 0
    for i in rows:
        person = r[i]
        band, fifth = np.int64(person.age_band), np.int64(person.deprivation)
        conditions = illness.conditions_after_week(
            draws.unit(w.random_words[2, i]), np.int64(person.conditions), tables.onset[band * 5 + fifth]
        )
        new_transient = draws.unit(w.random_words[3, i]) < tables.transient
        changed[others] = i
        others += conditions != person.conditions or new_transient
        person.conditions = conditions
        if new_transient:
            u_new, _, _, _ = draws.draw(now.seed, draws.TRANSIENT, now.week, person.berth, person.generation)
            person.transient = chance.lognormal_mean_one(u_new, ill.transient_spread)
        person.episode = illness.NO_EPISODE
        if person.days_in_hospital > 0:
            continue
        weeks_out = np.int64(person.weeks_since_discharge)
        aftercare = illness.aftercare(weeks_out, care.aftercare_weeks, x.programmes.readmission[person.enrolled])
        readmission = illness.readmission_hazard(
            weeks_out,
            tables.readmission,
            person.support - now.reference_support,
            care.support_readmission_effect,
            aftercare + mobilised_help(x.programmes.help_in_illness[person.enrolled], care.mobilised_help_effect),
        )
        usual = tables.episode[by_conditions(band, fifth, conditions) * 2 + np.int64(person.lonely)]
        person.episode = illness.episode_of_week(
            draws.unit(w.random_words[4, i]),
            readmission,
            (usual * now.local_demand, person.frailty, person.transient),
            person.continuity - care.mean_continuity,
            ill.continuity_effect,
            ill.unmet_need_effect * person.unmet_need
            + x.programmes.acute_episodes[person.enrolled]
            + circumstances(person, tables)
            + aftercare,
        )
        if person.episode != illness.NO_EPISODE:
            w.counts[cell_of(person), _EPISODES] += 1
    renew(r, w, x, changed[:others])
