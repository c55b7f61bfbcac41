"""Phase count: resident-weeks, lonely weeks, support and other stocks by cell, taken every four weeks."""

from __future__ import annotations

import numpy as np

from simulator.foundations.categories import ADULT_BAND, PERSISTENT_WEEKS
from simulator.foundations.compiling import helper
from simulator.foundations.measures import INDEX, columns_of
from simulator.foundations.numba_code import fetch_next
from simulator.kernels.cells import cell_of, millionths
from simulator.kernels.health import score_of
from simulator.rules import loneliness

_RESIDENT_WEEKS = INDEX["resident_weeks"]
_ADULT_WEEKS = INDEX["adult_weeks"]
_LONELY_WEEKS = INDEX["lonely_weeks"]
_PERSISTENT = INDEX["persistent_lonely_weeks"]
_SUPPORT = INDEX["support_millionths"]
_CONTINUITY = INDEX["continuity_millionths"]
_CARE_PLAN_WEEKS = INDEX["care_plan_weeks"]
_VOLUNTEER_WEEKS = INDEX["volunteer_weeks"]
_OF_SCORE = columns_of(loneliness.COUNTED)


@helper
def count(r, w, x, now, rows):  # type: ignore[no-untyped-def]
    """Add every resident to the stock of their cell, which counts for this week and the next until it is taken anew."""
    for i in rows:
        fetch_next(r, np.int64(i), r.shape[0], 0, 2)
        person = r[i]
        here = cell_of(person)
        w.stock[here, _RESIDENT_WEEKS] += 1
        if person.age_band < ADULT_BAND:
            continue
        w.stock[here, _ADULT_WEEKS] += 1
        w.stock[here, _SUPPORT] += millionths(person.support)
        w.stock[here, _CONTINUITY] += millionths(person.continuity)
        w.stock[here, _LONELY_WEEKS] += person.lonely
        w.stock[here, _PERSISTENT] += person.weeks_lonely >= PERSISTENT_WEEKS
        w.stock[here, _CARE_PLAN_WEEKS] += person.care_plan
        w.stock[here, _VOLUNTEER_WEEKS] += person.volunteer
        score = score_of(person, w.lonely_ties[i], x.rates.loneliness, now)
        counts = loneliness.score_counts(score)
        for k in range(len(_OF_SCORE)):
            w.stock[here, _OF_SCORE[k]] += counts[k]
