"""Expected weekly work for services from residents in their current state, computed with the rules of the model."""

from __future__ import annotations

import numpy as np

from simulator.foundations.categories import ADULT_BAND, READMISSION_WEEKS
from simulator.foundations.compiling import compiled
from simulator.foundations.measures import MILLIONTHS
from simulator.kernels.cells import by_conditions
from simulator.kernels.health import circumstances
from simulator.rules import care, illness, social_care
from simulator.rules.social_care import NO_CARE

_FINE = float(MILLIONTHS) * float(MILLIONTHS)


@compiled
def expected(r, x):  # type: ignore[no-untyped-def]
    """Expected acute episodes at home, overnight admissions and people who join the waiting list for an assessment in a
    week, before programmes.

    In whole millionths of millionths, so that the order of residents does not matter.
    """
    x = x[0]
    ill, rate, social, tables = x.rates.illness, x.rates.care, x.rates.social_care, x.tables
    to_ae = care.goes_to_ae_on_average(rate.asks_gp_first, rate.ae_after_gp, rate.ae_without_gp)
    acute, overnight, requests = np.int64(0), np.int64(0), np.int64(0)
    for i in range(r.shape[0]):
        person = r[i]
        band, level = np.int64(person.age_band), np.int64(person.conditions)
        just_out = person.weeks_since_discharge <= READMISSION_WEEKS
        if person.days_in_hospital == 0:
            hazard = illness.episode_hazard(
                tables.episode[by_conditions(band, np.int64(person.deprivation), level) * 2 + np.int64(person.lonely)],
                person.frailty,
                person.transient,
                person.continuity - rate.mean_continuity,
                ill.continuity_effect,
                ill.unmet_need_effect * person.unmet_need + circumstances(person, tables),
            )
            episode, night = min(1.0, hazard), rate.overnight_probability[band]
            readmission = 0.0
            if just_out:
                kept = care.readmitted_overnight_probability(night, rate.zero_night_probability[band])
                readmission = tables.readmission * kept
            acute += np.int64(episode * _FINE)
            overnight += np.int64((episode * to_ae * night + readmission) * _FINE)
        if band >= ADULT_BAND and person.care_state == NO_CARE:
            probability = social_care.request_probability(
                tables.care_request[band * 4 + level],
                person.lives_alone,
                social.request_alone_ratio,
                just_out,
                social.request_discharge_ratio,
            )
            requests += np.int64(probability * (1.0 - social.advice_share) * _FINE)
    return acute, overnight, requests
