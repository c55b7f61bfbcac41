"""Phase need_care: asking the council for care, being assessed, home care, care homes."""

from __future__ import annotations

import numpy as np

from simulator.foundations import random_numbers as draws
from simulator.foundations.categories import ADULT_BAND, READMISSION_WEEKS
from simulator.foundations.compiling import helper
from simulator.foundations.measures import INDEX
from simulator.kernels.cells import cell_of, millionths
from simulator.rules import chance, social_care
from simulator.rules.social_care import HOME_CARE, NO_CARE, WAITING

_REQUESTS = INDEX["care_requests"]
_ASSESSMENTS = INDEX["assessments"]
_WAITING = INDEX["care_waiting_weeks"]
_HOME_CARE = INDEX["home_care_weeks"]
_CARE_HOME = INDEX["care_home_weeks"]
_HOURS = INDEX["home_care_hours_millionths"]
MOST_WEEKS = 65535
"""``care_weeks`` saturates here."""


@helper
def need_care(r, w, x, now, rows):  # type: ignore[no-untyped-def]
    """Requests, assessments, a week of home care or of a care home, for every adult."""
    social, tables = x.rates.social_care, x.tables
    for k in range(rows[0], rows[1]):
        i = w.turn[k]
        person = r[i]
        band = np.int64(person.age_band)
        if band < ADULT_BAND:
            continue
        before = person.care_state
        after = np.int64(before)
        if before == NO_CARE:
            usual = tables.care_request[band * 4 + np.int64(person.conditions)]
            probability = social_care.request_probability(
                usual,
                person.lives_alone,
                social.request_alone_ratio,
                person.weeks_since_discharge <= READMISSION_WEEKS,
                social.request_discharge_ratio,
            )
            used = tables.onset[band * 5 + np.int64(person.deprivation)]
            if not chance.happens_beyond(draws.unit(w.luck[2, i]), used, probability):
                continue
            after = WAITING
            w.counts[cell_of(person), _REQUESTS] += 1
        else:
            here = cell_of(person)
            u, u_outcome, _, _ = draws.draw(now.seed, draws.SOCIAL_CARE, now.week, person.berth, person.generation)
            if before == WAITING:
                w.counts[here, _WAITING] += 1
                if u < now.assessed:
                    w.counts[here, _ASSESSMENTS] += 1
                    after = social_care.care_at_start(
                        u_outcome, social.home_care_share[band], social.care_home_share[band]
                    )
            elif before == HOME_CARE:
                w.counts[here, _HOME_CARE] += 1
                w.counts[here, _HOURS] += millionths(social.home_care_hours * now.home_care_met)
                person.unmet_need += social.short_care_need * (1.0 - now.home_care_met)
                after = social_care.week_of_home_care(
                    u, tables.home_care_end, tables.care_home_move, now.home_care_met, social.short_care_move_ratio
                )
            else:
                w.counts[here, _CARE_HOME] += 1
                if u < tables.care_home_end:
                    after = NO_CARE
        if after == before:
            person.care_weeks = min(MOST_WEEKS, np.int64(person.care_weeks) + 1)
        else:
            person.care_state = after
            person.care_weeks = 0
