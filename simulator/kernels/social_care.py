"""Phase need_care: requests for social care, assessments, home care and care homes."""

from __future__ import annotations

import numpy as np

from simulator.foundations import random_numbers as draws
from simulator.foundations.categories import ADULT_BAND, READMISSION_WEEKS
from simulator.foundations.compiling import helper
from simulator.foundations.measures import columns_of
from simulator.kernels.cells import cell_of, millionths, tally
from simulator.rules import social_care
from simulator.rules.social_care import NO_CARE

_COUNTED = columns_of(social_care.COUNTED)


@helper
def need_care(r, w, x, now, rows):  # type: ignore[no-untyped-def]
    """Requests, assessments and a week of home care or in a care home, for every adult."""
    social, tables, given = x.rates.social_care, x.tables, now.home_care_met
    home_care = (tables.home_care_end, tables.care_home_move, given, social.short_care_move_ratio)
    hours = millionths(social.home_care_hours * given)
    for k in range(rows[0], rows[1]):
        i = w.sequence[k]
        person = r[i]
        band, before = np.int64(person.age_band), np.int64(person.care_state)
        if band < ADULT_BAND:
            continue
        uniforms = (draws.unit(w.random_words[2, i]), 1.0)
        if before != NO_CARE:
            u, u_outcome, _, _ = draws.draw(now.seed, draws.SOCIAL_CARE, now.week, person.berth, person.generation)
            uniforms = (u, u_outcome)
        probability = social_care.request_probability(
            tables.care_request[band * 4 + np.int64(person.conditions)],
            person.lives_alone,
            social.request_alone_ratio,
            person.weeks_since_discharge <= READMISSION_WEEKS,
            social.request_discharge_ratio,
        )
        request = (tables.onset[band * 5 + np.int64(person.deprivation)], probability)
        assessment = (now.assessed, social.home_care_share[band], social.care_home_share[band])
        after = social_care.care_after_week(before, uniforms, request, assessment, home_care, tables.care_home_end)
        if before == NO_CARE and after == NO_CARE:
            continue
        tally(w.counts, cell_of(person), _COUNTED, social_care.care_counts(before, after, hours))
        person.unmet_need += social_care.needs_of_week(before, social.short_care_need, given)
        person.care_weeks = social_care.weeks_in_state(np.int64(person.care_weeks), before, after)
        person.care_state = after
