"""Phases feel and fall_ill: loneliness comes and goes; conditions, transient risk and acute episodes."""

from __future__ import annotations

import numpy as np

from simulator import draws
from simulator.categories import ADULT_BAND, READMISSION_WEEKS
from simulator.columns import ACUTE_EPISODE, NO_EPISODE, READMISSION
from simulator.compiling import compiled
from simulator.kernels.shared import by_conditions, cell
from simulator.measures import INDEX
from simulator.rules import chance, illness, loneliness

_EPISODES = INDEX["episodes"]


@compiled
def feel(r, w, x, now, rows):  # type: ignore[no-untyped-def]
    """Adults become, stay or cease to be often or always lonely."""
    rates = x.rates.loneliness
    for i in range(rows[0], rows[1]):
        band = r.age_band[i]
        if band < ADULT_BAND:
            continue
        u = draws.unit(w.luck[5, i])
        unmet = loneliness.gap(rates.need[band], r.personal_need[i], r.support[i])
        if r.lonely[i]:
            if loneliness.stops_being_lonely(
                u, unmet, r.weeks_lonely[i], rates.recovery_rate, rates.steepness, rates.hardening_weeks
            ):
                r.lonely[i] = 0
                r.weeks_lonely[i] = 0
            else:
                r.weeks_lonely[i] += 1
        elif loneliness.becomes_lonely(
            u, unmet, r.conditions[i], rates.onset_rate, rates.steepness, rates.illness_effect
        ):
            r.lonely[i] = 1
            r.weeks_lonely[i] = 1


@compiled
def fall_ill(r, w, x, now, rows):  # type: ignore[no-untyped-def]
    """Conditions are added, transient risk changes, and some have an acute episode."""
    tables, ill, care = x.tables, x.rates.illness, x.rates.care
    for i in range(rows[0], rows[1]):
        band, fifth = np.int64(r.age_band[i]), np.int64(r.deprivation[i])
        if draws.unit(w.luck[2, i]) < tables.onset[band * 5 + fifth] and r.conditions[i] < 3:
            r.conditions[i] += np.uint8(1)
        if draws.unit(w.luck[3, i]) < tables.transient:
            u_new, _, _, _ = draws.draw(now.seed, draws.TRANSIENT, now.week, r.berth[i], r.generation[i])
            r.transient[i] = chance.lognormal_mean_one(u_new, ill.transient_spread)
        r.unmet_need[i] *= tables.unmet_keep
        r.episode[i] = NO_EPISODE
        if r.days_in_hospital[i] > 0:
            continue
        again = 0.0
        if r.weeks_since_discharge[i] <= READMISSION_WEEKS:
            again = illness.readmission_hazard(
                tables.readmission, r.support[i] - now.reference_support, care.support_readmission_effect
            )
        index = by_conditions(band, fifth, np.int64(r.conditions[i])) * 4 + np.int64(r.lonely[i]) * 2
        hazard = illness.episode_hazard(
            tables.episode[index + np.int64(r.care_plan[i])],
            r.frailty[i],
            r.transient[i],
            r.continuity[i] - care.mean_continuity,
            ill.continuity_effect,
            ill.unmet_need_effect * r.unmet_need[i],
        )
        u = draws.unit(w.luck[4, i])
        if u < again:
            r.episode[i] = READMISSION
        elif u < again + hazard:
            r.episode[i] = ACUTE_EPISODE
        if r.episode[i] != NO_EPISODE:
            w.counts[cell(r.age_band[i], r.deprivation[i], r.lonely[i]), _EPISODES] += 1
