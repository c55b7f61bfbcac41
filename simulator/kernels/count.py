"""Phase count: resident-weeks, lonely weeks, support and other measures by cell."""

from __future__ import annotations

from simulator.foundations.categories import ADULT_BAND, PERSISTENT_WEEKS
from simulator.foundations.compiling import helper
from simulator.foundations.measures import INDEX
from simulator.kernels.cells import cell_of, millionths

_RESIDENT_WEEKS = INDEX["resident_weeks"]
_ADULT_WEEKS = INDEX["adult_weeks"]
_LONELY_WEEKS = INDEX["lonely_weeks"]
_PERSISTENT = INDEX["persistent_lonely_weeks"]
_SUPPORT = INDEX["support_millionths"]
_CONTINUITY = INDEX["continuity_millionths"]
_CARE_PLAN_WEEKS = INDEX["care_plan_weeks"]
_VOLUNTEER_WEEKS = INDEX["volunteer_weeks"]


@helper
def count(r, w, x, now, rows):  # type: ignore[no-untyped-def]
    """Add this week to the measures of every resident's cell, except those that `count_roles` adds."""
    for k in range(rows[0], rows[1]):
        person = r[w.sequence[k]]
        here = cell_of(person)
        w.counts[here, _RESIDENT_WEEKS] += 1
        if person.age_band < ADULT_BAND:
            continue
        w.counts[here, _ADULT_WEEKS] += 1
        w.counts[here, _SUPPORT] += millionths(person.support)
        w.counts[here, _CONTINUITY] += millionths(person.continuity)
        if person.lonely:
            w.counts[here, _LONELY_WEEKS] += 1
            if person.weeks_lonely >= PERSISTENT_WEEKS:
                w.counts[here, _PERSISTENT] += 1


@helper
def count_roles(r, w):  # type: ignore[no-untyped-def]
    """Add this week's care plans and volunteers, once the phases of programmes and volunteers are over.

    Only rows marked in ``w.has_role`` can have one; the marks of those who no longer do are cleared.
    """
    has_role = w.has_role
    for i in range(r.shape[0]):
        if has_role[i] == 0:
            continue
        person = r[i]
        has_role[i] = person.care_plan | person.volunteer
        if person.age_band < ADULT_BAND:
            continue
        here = cell_of(person)
        if person.care_plan:
            w.counts[here, _CARE_PLAN_WEEKS] += 1
        if person.volunteer:
            w.counts[here, _VOLUNTEER_WEEKS] += 1
