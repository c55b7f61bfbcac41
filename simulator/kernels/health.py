"""Phases feel and fall_ill: loneliness, long-term conditions, transient risk and acute episodes."""

from __future__ import annotations

import numpy as np

from simulator.foundations import random_numbers as draws
from simulator.foundations.categories import ADULT_BAND
from simulator.foundations.compiling import helper, inlined
from simulator.foundations.measures import INDEX
from simulator.kernels.cells import by_conditions, cell_of
from simulator.rules import chance, illness, loneliness, usual_gp

_EPISODES = INDEX["episodes"]


@helper
def feel(r, w, x, now, rows):  # type: ignore[no-untyped-def]
    """Adults become lonely, stay so or recover."""
    rates = x.rates.loneliness
    becoming = (rates.onset_rate, rates.steepness, rates.illness_effect)
    ceasing = (rates.recovery_rate, rates.steepness, rates.hardening_weeks)
    for i in range(rows[0], rows[1]):
        person = r[i]
        band = person.age_band
        if band < ADULT_BAND:
            continue
        unmet = loneliness.gap(rates.need[band], person.personal_need, person.support)
        state = (np.int64(person.lonely), np.int64(person.weeks_lonely))
        lonely, weeks = loneliness.lonely_after_week(
            state, draws.unit(w.random_words[5, i]), unmet, np.int64(person.conditions), becoming, ceasing
        )
        if weeks != 0 or state[1] != 0:
            person.lonely, person.weeks_lonely = lonely, weeks


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
    for i in range(rows[0], rows[1]):
        person = r[i]
        band, fifth = np.int64(person.age_band), np.int64(person.deprivation)
        conditions = illness.conditions_after_week(
            draws.unit(w.random_words[2, i]), np.int64(person.conditions), tables.onset[band * 5 + fifth]
        )
        person.conditions = conditions
        if draws.unit(w.random_words[3, i]) < tables.transient:
            u_new, _, _, _ = draws.draw(now.seed, draws.TRANSIENT, now.week, person.berth, person.generation)
            person.transient = chance.lognormal_mean_one(u_new, ill.transient_spread)
        person.unmet_need *= tables.unmet_keep
        person.episode = illness.NO_EPISODE
        if person.days_in_hospital > 0:
            continue
        readmission = illness.readmission_hazard(
            np.int64(person.weeks_since_discharge),
            tables.readmission * x.programmes.readmission[person.enrolled],
            person.support - now.reference_support,
            care.support_readmission_effect,
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
            + circumstances(person, tables),
        )
        if person.episode != illness.NO_EPISODE:
            w.counts[cell_of(person), _EPISODES] += 1
