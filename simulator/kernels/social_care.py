"""Phase need_care: requests for social care, assessments, home care and care homes."""

from __future__ import annotations

import numpy as np

from simulator.foundations import random_numbers as draws
from simulator.foundations.categories import ADULT_BAND, READMISSION_WEEKS
from simulator.foundations.compiling import helper
from simulator.foundations.measures import INDEX, columns_of
from simulator.kernels.cells import cell_of, millionths, tally
from simulator.kernels.look import EPISODE, episode_bound
from simulator.rules import social_care
from simulator.rules.social_care import NO_CARE, NOTHING, WAITING, WAITS

_COUNTED = columns_of(social_care.COUNTED)
_CARERS = INDEX["carers_waiting_weeks"]


@helper
def need_care(r, w, x, now, rows):  # type: ignore[no-untyped-def]
    """Requests, assessments and a week of home care or in a care home, for every adult."""
    social, tables, given = x.rates.social_care, x.tables, now.home_care_met
    hours, missed = millionths(social.home_care_hours * given), millionths(social.home_care_hours * (1.0 - given))
    for i in rows:
        person = r[i]
        band, before, strain = np.int64(person.age_band), np.int64(person.care_state), np.int64(w.strain[i])
        if strain != 0:
            w.strain[i] = 0
        if band < ADULT_BAND:
            continue
        if strain != 0:
            person.unmet_need += social_care.carer_needs(strain, social.carer_need, given)
            w.counts[cell_of(person), _CARERS] += strain & WAITS
            w.bounds[EPISODE, i] = episode_bound(w.bounds[EPISODE, i], person.unmet_need, w.most_unmet[i])
        weeks = np.int64(person.care_weeks)
        if before == NO_CARE:
            probability = social_care.request_probability(
                tables.care_request[band * 4 + np.int64(person.conditions)],
                person.lives_alone,
                social.request_alone_ratio,
                person.weeks_since_discharge <= READMISSION_WEEKS,
                social.request_discharge_ratio,
            )
            used = tables.onset[band * 5 + np.int64(person.deprivation)]
            u = draws.unit(w.random_words[2, i])
            after, event = social_care.week_of_request(u, used, probability, social.advice_share)
            if event == NOTHING:
                continue
        else:
            u, u_outcome, _, _ = draws.draw(now.seed, draws.SOCIAL_CARE, now.week, person.berth, person.generation)
            alone = tables.alone_care_home[band * 2 + np.int64(person.lives_alone)]
            outcomes = (social.home_care_share[band], social.care_home_share[band] * alone, social.long_wait_move_ratio)
            home_care = (tables.home_care_end, tables.care_home_move * alone, given, social.short_care_move_ratio)
            assessment = (now.assessed, tables.care_withdrawal, *outcomes)
            after, event = social_care.care_after_week(
                (before, weeks), (u, u_outcome), assessment, home_care, tables.care_home_end
            )
        tally(w.counts, cell_of(person), _COUNTED, social_care.care_counts(before, weeks, event, hours, missed))
        person.unmet_need += social_care.needs_of_week(before, social.waiting_need, social.short_care_need, given)
        w.bounds[EPISODE, i] = episode_bound(w.bounds[EPISODE, i], person.unmet_need, w.most_unmet[i])
        person.care_weeks = social_care.weeks_in_state(weeks, before, after)
        person.care_state = after
        w.waiting[0] += np.int64(after == WAITING)
