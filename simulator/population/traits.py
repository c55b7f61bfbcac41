"""Initial traits of residents, drawn by berth: personal traits, loneliness, last year's admissions and social care.

Every draw is addressed by seed and berth, so adding a resident does not change others' frailty, transient risk or
personal need; traits that depend on age or deprivation change only with these. Shapes: N residents, A = 9 age bands,
D = 5 deprivation fifths, C = 4 levels of conditions.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np

from simulator.evidence.parameters import Rates, Table
from simulator.foundations import categories as c
from simulator.foundations import random_numbers as draws
from simulator.foundations.categories import ADULT_BAND
from simulator.foundations.compiling import compiled, rule
from simulator.population.columns import BAND_ENDS, Residents
from simulator.population.scores import lasting_scores, scale_of
from simulator.rules import chance, contacts, loneliness, social_care, ties, usual_gp
from simulator.specification.lookup_tables import Tables

_AGES: Final = len(c.AGE_BANDS)
_FIFTHS: Final = len(c.DEPRIVATION)
_LEVELS: Final = len(c.CONDITIONS)
_LONGEST_LONELY: Final = 10 * c.WEEKS_PER_YEAR
"""Longest initial spell of loneliness: ten years."""
_MOST_ADMISSIONS: Final = 255
_FIRST_DRAW, _SECOND_DRAW, _THIRD_DRAW = range(3)
_ADMISSION_DRAW = 1
_MOOD_DRAWS = 1024
"""Number of the first of the draws that follow mood back in time."""


class TraitRates(NamedTuple):
    """Evidence values used to draw traits."""

    offline: Table  # (A,) share
    low_capability: Table  # (A,) share
    prevalence: Table  # (A*D*C,) share with 0, 1, 2, 3+ conditions
    frailty_spread: float
    transient_spread: float
    need_spread: float
    mood_spread: float
    mean_continuity: float
    continuity_spread: float
    settled_trust: Table  # (A*C,)
    gp_kept: float
    saw_usual_gp: float


@rule
def age_in_weeks(u: float, first: int, end: int, decline: float) -> int:
    """Age [weeks] from ``first`` up to ``end``, with a density that declines by ``decline`` [per year]; 0 is uniform.

    >>> age_in_weeks(0.5, 0, 260, 0.0)
    130
    >>> age_in_weeks(0.5, 4420, 5200, 0.2) < 4420 + 390
    True
    """
    width = float(end - first)
    if decline <= 0.0:
        return first + int(u * width)
    weekly = decline / 52.0
    return first + int(-math.log(1.0 - u * (1.0 - math.exp(-weekly * width))) / weekly)


@rule
def poisson_count(u: float, mean: float, most: int) -> int:
    """Poisson number with this ``mean`` [events], from one draw by inversion, at most ``most``.

    >>> poisson_count(0.5, 0.1, 255), poisson_count(0.95, 0.1, 255)
    (0, 1)
    """
    probability = math.exp(-mean)
    cumulative = probability
    count = 0
    while u > cumulative and count < most:
        count += 1
        probability *= mean / count
        cumulative += probability
    return count


@rule
def continuity_at_start(u: float, mean: float, spread: float) -> float:
    """Share of recent consultations with the usual GP: uniform, with this mean and, within 0 to 1, this spread.

    >>> continuity_at_start(0.5, 0.6, 0.2)
    0.6
    """
    half_width = min(math.sqrt(3.0) * spread, mean, 1.0 - mean)
    return mean + (2.0 * u - 1.0) * half_width


def settled_trust(rates: Rates, tables: Tables) -> Table:
    """Equilibrium trust between contacts with staff and fading, shape (A*C,), by age band and conditions."""
    rate = rates.contacts
    settled = np.empty((_AGES, _LEVELS))
    consultation = contacts.trust_after_contact(0.0, rate.trust_gain, float(rate.relational_content[c.CONSULTATION]))
    consulted = tables.consultations.reshape(_AGES, _LEVELS, 2)[:, :, 0]
    others = tables.contacts.reshape(_AGES, _LEVELS)
    cumulative = tables.task_cumulative.reshape(_AGES, _LEVELS, len(c.TASKS))
    shares = np.diff(cumulative, axis=2, prepend=0.0)
    gains = rate.trust_gain * (shares @ rate.relational_content)
    gained = consulted * consultation + others * gains
    settled = gained / (gained + (1.0 - tables.trust_keep) + 1e-300)
    return np.ascontiguousarray(settled.ravel())


def draw_traits(residents: Residents, rates: Rates, tables: Tables, seed: int) -> None:
    """Draw digital capability, conditions, risks, need, mood, trust, and the relationship with the usual GP."""
    memory = rates.care.continuity_memory
    mean = rates.care.mean_continuity
    trait_rates = TraitRates(
        offline=rates.digital.offline_share,
        low_capability=rates.digital.low_capability_share,
        prevalence=tables.prevalence,
        frailty_spread=rates.illness.frailty_spread,
        transient_spread=rates.illness.transient_spread,
        need_spread=rates.loneliness.need_spread,
        mood_spread=rates.loneliness.mood_spread,
        mean_continuity=mean,
        # Equilibrium spread of a running mean of independent consultations with this memory.
        continuity_spread=math.sqrt(mean * (1.0 - mean) * memory / (2.0 - memory)),
        settled_trust=settled_trust(rates, tables),
        gp_kept=tables.gp_kept,
        saw_usual_gp=usual_gp.share_of_time_after_usual(rates.care.return_interval_ratio, mean),
    )
    _draw_traits(residents, trait_rates, seed)


@compiled
def draw_ages(age_band, decline, seed):  # type: ignore[no-untyped-def]
    """Ages [weeks] (N,) int32 of people numbered from 0: uniform within bands, declining by ``decline`` from 85."""
    age_weeks = np.empty(age_band.shape[0], np.int32)
    for i in range(age_band.shape[0]):
        band = age_band[i]
        first = np.int64(0) if band == 0 else np.int64(BAND_ENDS[band - 1])
        last = band == _AGES - 1
        end = np.int64(c.OLDEST_AGE * c.WEEKS_PER_YEAR) if last else np.int64(BAND_ENDS[band])
        u, _, _, _ = draws.draw(seed, draws.SYNTHESIS, 0, i, 0)
        age_weeks[i] = age_in_weeks(u, first, end, decline if last else 0.0)
    return age_weeks


@compiled
def _draw_traits(residents, rates, seed):  # type: ignore[no-untyped-def]
    for i in range(residents.shape[0]):
        r = residents[i]
        u0, u1, u2, u3 = draws.draw(seed, draws.TRAITS, _FIRST_DRAW, r.berth, r.generation)
        v0, v1, v2, v3 = draws.draw(seed, draws.TRAITS, _SECOND_DRAW, r.berth, r.generation)
        mood, _, _, _ = draws.draw(seed, draws.TRAITS, _THIRD_DRAW, r.berth, r.generation)
        band = r.age_band
        offline = rates.offline[band]
        r.digital_capability = 0 if u0 < offline else (1 if u0 < offline + rates.low_capability[band] else 2)
        level, edge = 0, 0.0
        for k in range(_LEVELS):
            edge += rates.prevalence[(band * _FIFTHS + r.deprivation) * _LEVELS + k]
            level = k
            if u1 < edge:
                break
        r.conditions = level
        r.frailty = chance.lognormal_mean_one(u2, rates.frailty_spread)
        r.transient = chance.lognormal_mean_one(u3, rates.transient_spread)
        r.personal_need = rates.need_spread * chance.normal_quantile(v0)
        r.mood = rates.mood_spread * chance.normal_quantile(mood)
        r.continuity = continuity_at_start(v1, rates.mean_continuity, rates.continuity_spread)
        r.saw_usual_gp = v2 < rates.saw_usual_gp
        r.usual_gp_quarters = usual_gp.quarters_at_start(v3, rates.gp_kept, r.age_weeks)
        r.trust = rates.settled_trust[band * _LEVELS + level]


@compiled
def add_up_support(residents, support_weight, trust_support, half):  # type: ignore[no-untyped-def]
    """Set ``support`` from ties and trust, as in phase meet. ``support_weight`` (8,) is 0 for an empty slot."""
    for i in range(residents.shape[0]):
        r = residents[i]
        total = trust_support * r.trust
        for j in range(r.slots_used):
            total += support_weight[r.context[j]] * np.float64(r.strength[j])
        r.support = ties.support(total, half)


def draw_loneliness(residents: Residents, rates: Rates, tables: Tables, seed: int) -> None:
    """Set initial loneliness and its onset; prevalence in each age band is exactly that of the evidence.

    Within a band the lonely are those with the highest scores.
    """
    rate, lasting = rates.loneliness, lasting_scores(residents, rates)
    scale = scale_of(residents, rates)
    scores = lasting + residents.mood
    lonely = np.zeros(len(residents), np.uint8)
    for band in range(c.ADULT_BAND, _AGES):
        rows = np.flatnonzero(residents.age_band == band)
        count = round(len(rows) * float(rate.initial_prevalence[band]))
        if count:
            lonely[rows[np.argsort(-scores[rows], kind="stable")[:count]]] = 1
    residents.lonely = lonely
    threshold = scale.centre + rate.threshold * scale.spread
    changes = (tables.mood_keep_in_step, tables.mood_change_in_step, threshold)
    _date_loneliness(residents, lasting, changes, seed)


@compiled
def _date_loneliness(residents, lasting, changes, seed):  # type: ignore[no-untyped-def]
    """Date the onset of loneliness by following mood back in time, which it passes in the same way as forwards."""
    kept, change, threshold = changes
    for i in range(residents.shape[0]):
        r = residents[i]
        r.weeks_lonely = r.lonely
        if r.lonely == 0:
            continue
        mood, longest = np.float64(r.mood), min(_LONGEST_LONELY, r.age_weeks)
        while r.weeks_lonely + c.SLOW_STEP <= longest:
            u, _, _, _ = draws.draw(seed, draws.INITIAL_STATE, _MOOD_DRAWS + r.weeks_lonely, r.berth, r.generation)
            mood = loneliness.mood_after_step(mood, u, kept, change)
            if lasting[i] + mood <= threshold:
                break
            r.weeks_lonely += c.SLOW_STEP


def draw_admissions(residents: Residents, rates: Rates, seed: int) -> None:
    """Draw emergency admissions in the year before the start, by quarter, from each resident's risk.

    The rate is the evidence's rate by age and deprivation, times the ratio for conditions and frailty scaled to a mean
    of 1 within the age band. Current transient risk affects the latest quarter most: it was the same a quarter ago with
    probability exp(-13 / transient_weeks).
    """
    ill = rates.illness
    conditions: Table = ill.conditions_ratio[residents.conditions] * residents.frailty
    people = np.bincount(residents.age_band, minlength=_AGES)
    mean = np.bincount(residents.age_band, weights=conditions, minlength=_AGES) / np.maximum(people, 1)
    by_age = ill.emergency_admission_rate[residents.age_band] / np.maximum(mean[residents.age_band], 1e-12)
    yearly = by_age * ill.admission_deprivation_ratio[residents.deprivation] * conditions / 1000.0
    _draw_admissions(residents, yearly, ill.transient_weeks, seed)


@compiled
def _draw_admissions(residents, yearly, transient_weeks, seed):  # type: ignore[no-untyped-def]
    for i in range(residents.shape[0]):
        r = residents[i]
        uniforms = draws.draw(seed, draws.INITIAL_STATE, _ADMISSION_DRAW, r.berth, r.generation)
        for ago in range(c.QUARTERS_REMEMBERED):
            same = math.exp(-c.WEEKS_PER_QUARTER * (ago + 0.5) / max(transient_weeks, 1.0))
            mean = yearly[i] / c.QUARTERS_REMEMBERED * (same * r.transient + 1.0 - same)
            # The ring's last column is the latest quarter before the start; column 0 is reused first.
            count = poisson_count(uniforms[ago], mean, _MOST_ADMISSIONS)
            r.admissions_by_quarter[c.QUARTERS_REMEMBERED - 1 - ago] = count


class CareAtStart(NamedTuple):
    """What initial social care is drawn from."""

    home_care: Table  # (A,) share with home care
    care_home: Table  # (A,) share in a care home
    joins: Table  # (A*C,) probability per week of joining the waiting list, others at their mean
    alone_ratio: float  # ratio on it for someone who lives alone
    waiting_weeks: float  # weeks, mean wait


@compiled
def draw_care(residents, start, seed):  # type: ignore[no-untyped-def]
    """Draw initial social care for adults: home care, a care home, or a wait for an assessment, with its weeks."""
    for i in range(residents.shape[0]):
        person = residents[i]
        band = person.age_band
        if band >= ADULT_BAND:
            u, u_weeks, _, _ = draws.draw(seed, draws.CARE_START, 0, person.berth, person.generation)
            state = social_care.care_at_start(u, start.home_care[band], start.care_home[band])
            joins = start.joins[np.int64(band) * _LEVELS + np.int64(person.conditions)]
            if person.lives_alone:
                joins *= start.alone_ratio
            weeks = social_care.weeks_waited_at_start(u, u_weeks, joins, start.waiting_weeks)
            if state == social_care.NO_CARE and weeks >= 0:
                state = social_care.WAITING
                person.care_weeks = weeks
            person.care_state = state
