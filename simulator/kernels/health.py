"""Phases feel and fall_ill: loneliness comes and goes; conditions, transient risk and acute episodes."""

from __future__ import annotations

import numpy as np

from simulator.foundations import random_numbers as draws
from simulator.foundations.categories import ADULT_BAND, READMISSION_WEEKS
from simulator.foundations.compiling import helper
from simulator.foundations.measures import INDEX
from simulator.kernels.cells import by_conditions, cell_of
from simulator.population.columns import ACUTE_EPISODE, NO_EPISODE, READMISSION
from simulator.rules import chance, illness, loneliness

_EPISODES = INDEX["episodes"]


@helper
def feel(r, w, x, now, rows):  # type: ignore[no-untyped-def]
    """Adults become, stay or cease to be often or always lonely."""
    rates = x.rates.loneliness
    for i in range(rows[0], rows[1]):
        person = r[i]
        band = person.age_band
        if band < ADULT_BAND:
            continue
        u = draws.unit(w.luck[5, i])
        unmet = loneliness.gap(rates.need[band], person.personal_need, person.support)
        if person.lonely:
            if loneliness.stops_being_lonely(
                u, unmet, person.weeks_lonely, rates.recovery_rate, rates.steepness, rates.hardening_weeks
            ):
                person.lonely = 0
                person.weeks_lonely = 0
            else:
                person.weeks_lonely += 1
        elif loneliness.becomes_lonely(
            u, unmet, person.conditions, rates.onset_rate, rates.steepness, rates.illness_effect
        ):
            person.lonely = 1
            person.weeks_lonely = 1


@helper
def fall_ill(r, w, x, now, rows):  # type: ignore[no-untyped-def]
    """Conditions are added, transient risk changes, and some have an acute episode."""
    tables, ill, care = x.tables, x.rates.illness, x.rates.care
    for i in range(rows[0], rows[1]):
        person = r[i]
        band, fifth = np.int64(person.age_band), np.int64(person.deprivation)
        if draws.unit(w.luck[2, i]) < tables.onset[band * 5 + fifth] and person.conditions < 3:
            person.conditions += np.uint8(1)
        if draws.unit(w.luck[3, i]) < tables.transient:
            u_new, _, _, _ = draws.draw(now.seed, draws.TRANSIENT, now.week, person.berth, person.generation)
            person.transient = chance.lognormal_mean_one(u_new, ill.transient_spread)
        person.unmet_need *= tables.unmet_keep
        person.episode = NO_EPISODE
        if person.days_in_hospital > 0:
            continue
        again = 0.0
        if person.weeks_since_discharge <= READMISSION_WEEKS:
            again = illness.readmission_hazard(
                tables.readmission * x.programmes.readmission[person.enrolled],
                person.support - now.reference_support,
                care.support_readmission_effect,
            )
        index = by_conditions(band, fifth, np.int64(person.conditions)) * 2 + np.int64(person.lonely)
        usual = tables.episode[index] * now.local_demand
        unmet = ill.unmet_need_effect * person.unmet_need + x.programmes.acute_episodes[person.enrolled]
        gap, effect = person.continuity - care.mean_continuity, ill.continuity_effect
        u = draws.unit(w.luck[4, i])
        if again == 0.0 and chance.surely_above(u, usual * person.frailty * person.transient, effect * gap + unmet):
            continue
        hazard = illness.episode_hazard(usual, person.frailty, person.transient, gap, effect, unmet)
        if u < again:
            person.episode = READMISSION
        elif u < again + hazard:
            person.episode = ACUTE_EPISODE
        if person.episode != NO_EPISODE:
            w.counts[cell_of(person), _EPISODES] += 1
