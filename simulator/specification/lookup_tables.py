"""Lookup tables of the week: weekly hazards and small tables derived once per run from the evidence.

Each entry is a rule applied to rates. Tables are float64, read-only and flattened, with indices such as
``death[(age_band * 5 + deprivation) * 4 + conditions]``.
"""

from __future__ import annotations

import math
from functools import lru_cache
from itertools import product
from typing import NamedTuple

import numpy as np

from simulator.evidence.parameters import Rates, Table
from simulator.foundations import categories as c
from simulator.places.national import england
from simulator.rules import chance, illness, living_alone, loneliness, staffing, ties, usual_gp
from simulator.rules.care import goes_to_ae_on_average
from simulator.rules.contacts import failure_probability
from simulator.specification.programme_table import ProgrammeTable

AGES, FIFTHS, LEVELS = len(c.AGE_BANDS), len(c.DEPRIVATION), len(c.CONDITIONS)


class Tables(NamedTuple):
    """Weekly lookup tables. A = 9 age bands, D = 5 deprivation fifths, C = 4 levels of conditions, T = 9 tasks."""

    death: Table  # (A*D*C,) probability per week
    death_lonely_ratio: float  # ratio
    move: float  # probability per year
    leave_home: float  # probability per week
    separation: float  # probability per week, either of the two
    moving_in: float  # probability per week
    friend_making: float  # probability per week
    keep: Table  # (16,) by (met << 3 | context): share of strength kept in a week
    gain: Table  # (16,) by (met << 3 | context): strength gained in a week
    keep_in_step: Table  # (128,) by (context << 4 | bits of the weeks in which the tie met): share kept in four weeks
    gain_in_step: Table  # (128,) likewise: strength gained
    support_weight: Table  # (8,) by context, 0 for an empty slot
    forgotten: Table  # (8,) by context: strength below which a tie is forgotten, 0 for an empty slot
    friend_strength: float  # strength of a friendship
    first_strength: float  # strength after the first meeting with a future friend
    prevalence: Table  # (A*D*C,) share with 0, 1, 2, 3+ conditions
    onset: Table  # (A*D,) probability per week of one more condition
    episode: Table  # (A*D*C*2,) probability per week by (..., lonely), others at their mean
    transient: float  # probability per week of a new transient risk
    unmet_keep_in_step: float  # share of unmet need kept over four weeks
    trust_keep: float  # share of trust kept over a week
    trust_keep_in_step: float  # ... over four weeks
    mood_keep_in_step: float  # share of mood kept over four weeks
    mood_change_in_step: float  # range of the change of mood in four weeks
    outlook_keep_in_step: float  # share of a changed outlook kept over four weeks
    readmission: float  # probability per week in the four weeks after discharge
    consultations: Table  # (A*C*2,) expected consultations per week by (age band, conditions, lonely)
    contacts: Table  # (A*C,) expected other contacts per week
    task_cumulative: Table  # (A*C*T,) cumulative share of tasks 1.. among other contacts (0 for task 0)
    minor_attendance: Table  # (D,) probability per week, by deprivation
    failure: Table  # (T*3,) probability that an automated contact fails, by task and digital capability
    care_request: Table  # (A*C,) probability per week of a request for social care, others at their mean
    home_care_end: float  # probability per week that home care is no longer needed
    care_home_end: float  # probability per week that a stay in a care home ends
    care_home_move: float  # probability per week of moving from home care, fully delivered, to a care home
    care_withdrawal: float  # probability per week of taking a request back while waiting for an assessment
    circumstances: Table  # (A*2*16,) log ratio on episodes by (age band, alone, years with the usual GP), mean ratio 1
    gp_kept: float  # probability that a relationship with the usual GP lasts a quarter, at the usual rate of leaving
    wanted: Table  # (A*C*2*2,) `consultations` by (..., whether the last one was with the usual GP), mean as there
    alone_care_home: Table  # (A*2,) ratio on going into a care home by (age band, lives alone), mean 1


class Parameters(NamedTuple):
    """All inputs of a run's rules: rates from the evidence, lookup tables and programmes."""

    rates: Rates
    tables: Tables
    programmes: ProgrammeTable


def _read_only(values: object) -> Table:
    table = np.ascontiguousarray(values, dtype=np.float64)
    table.setflags(write=False)
    return table


def prevalence_of_conditions(rates: Rates) -> Table:
    """Share of residents with 0, 1, 2, 3+ conditions by age band and deprivation, shape (A, D, C).

    The deprivation ratio acts on the share with any condition; shares above 1 are cut to 1.
    """
    ill = rates.illness
    shares = np.stack([ill.prevalence_one, ill.prevalence_two, ill.prevalence_three], axis=1)
    by_fifth = shares[:, None, :] * ill.conditions_deprivation_ratio[None, :, None]
    total = by_fifth.sum(axis=2, keepdims=True)
    by_fifth = np.where(total > 1.0, by_fifth / np.maximum(total, 1e-12), by_fifth)
    return np.concatenate([1.0 - by_fifth.sum(axis=2, keepdims=True), by_fifth], axis=2)


def _deaths(rates: Rates, prevalence: Table, lonely_ratio: float) -> Table:
    people = rates.demography
    by_conditions = people.death_conditions_ratio
    death = np.empty((AGES, FIFTHS, LEVELS))
    for age, fifth in product(range(AGES), range(FIFTHS)):
        mean_lonely = 1.0 + float(rates.loneliness.initial_prevalence[age]) * (lonely_ratio - 1.0)
        mean_ratio = float(prevalence[age, fifth] @ by_conditions) * mean_lonely
        usual = people.death_rate[age] * people.death_deprivation_ratio[fifth]
        for level in range(LEVELS):
            death[age, fifth, level] = chance.weekly_probability(usual * by_conditions[level] / mean_ratio)
    return death


def _episodes(rates: Rates, prevalence: Table, lonely_ratio: float) -> Table:
    """Weekly hazard of an acute episode for which first admissions match the evidence under usual conditions."""
    ill, care = rates.illness, rates.care
    to_ae = goes_to_ae_on_average(care.asks_gp_first, care.ae_after_gp, care.ae_without_gp)
    episode = np.empty((AGES, FIFTHS, LEVELS, 2))
    for age, fifth in product(range(AGES), range(FIFTHS)):
        yearly = illness.episode_rate(
            float(ill.emergency_admission_rate[age]) * float(ill.admission_deprivation_ratio[fifth]),
            to_ae,
            float(care.overnight_probability[age]),
            float(care.zero_night_probability[age]),
        )
        mean_conditions = float(prevalence[age, fifth] @ ill.conditions_ratio)
        prevalent = float(rates.loneliness.initial_prevalence[age])
        mean_lonely = 1.0 + prevalent * (lonely_ratio - 1.0)
        usual = yearly / c.WEEKS_PER_YEAR / mean_conditions / mean_lonely
        for level, lonely in product(range(LEVELS), range(2)):
            ratio = ill.conditions_ratio[level] * (lonely_ratio if lonely else 1.0)
            episode[age, fifth, level, lonely] = usual * ratio
    return episode


def _contacts(rates: Rates, prevalence: Table, lonely_ratio: float) -> tuple[Table, Table, Table]:
    """Expected consultations, expected other contacts, and cumulative shares of the other tasks."""
    rate = rates.contacts
    consultations = np.empty((AGES, LEVELS, 2))
    others = np.zeros((AGES, LEVELS))
    cumulative = np.zeros((AGES, LEVELS, len(c.TASKS)))
    per_week = rate.contacts_per_year / c.WEEKS_PER_YEAR
    health = np.array(c.HEALTH_TASKS)
    for age in range(AGES):
        mean_conditions = float(prevalence[age].mean(axis=0) @ rate.practice_conditions_ratio)
        mean_lonely = 1.0 + float(rates.loneliness.initial_prevalence[age]) * (lonely_ratio - 1.0)
        for level in range(LEVELS):
            practice = rate.practice_age_ratio[age] * rate.practice_conditions_ratio[level] / mean_conditions
            rest = np.where(health, per_week * practice, per_week if age >= c.ADULT_BAND else 0.0)
            consultations[age, level] = rest[c.CONSULTATION] / mean_lonely * np.array([1.0, lonely_ratio])
            rest[c.CONSULTATION] = 0.0
            others[age, level] = rest.sum()
            if others[age, level] > 0.0:
                cumulative[age, level] = np.cumsum(rest) / others[age, level]
    return consultations, others, cumulative


def _care_requests(rates: Rates, prevalence: Table) -> Table:
    """Weekly probability of a request for social care by age band and conditions, shape (A, C)."""
    social = rates.social_care
    mean_ratio = prevalence.mean(axis=1) @ social.request_conditions_ratio
    yearly = social.request_rate[:, None] / 1000.0 * social.request_conditions_ratio[None, :] / mean_ratio[:, None]
    return np.asarray(1.0 - np.exp(-yearly / c.WEEKS_PER_YEAR))


def _usual_gp(rates: Rates) -> tuple[Table, float]:
    """Log ratio on acute episodes by years with the same usual GP, shape (A, 16), and how probably a quarter is lasted.

    Each age band has a mean of 1 over the lengths at equilibrium, of which children's begin at birth at the earliest.
    """
    ill, left = rates.illness, float(rates.staffing.leaver_rate[c.CLINICIAN])
    weekly = staffing.leaving(left, 1.0)
    kept = usual_gp.kept_over_a_quarter(
        staffing.left_within(weekly, c.WEEKS_PER_QUARTER), rates.demography.household_move_rate
    )
    group = np.searchsorted(c.GP_YEAR_STARTS, np.arange(usual_gp.YEARS_APART), side="right") - 1
    ratio = np.exp(ill.gp_years_causal_share * np.log(ill.gp_years_ratio))[group]
    ends = (*c.AGE_BAND_STARTS[1:], c.OLDEST_AGE)
    table = np.empty((AGES, usual_gp.YEARS_APART))
    oldest = usual_gp.YEARS_APART - 1  # from this age on the shares are the same
    of_age = [[usual_gp.share_with_years(years, age, kept) for years in range(len(ratio))] for age in range(oldest + 1)]
    for band, ages in enumerate(map(range, c.AGE_BAND_STARTS, ends)):
        shares = np.array([of_age[min(age, oldest)] for age in ages])
        table[band] = np.log(ratio / (shares @ ratio).mean())
    return table, kept


def _alone(rates: Rates) -> tuple[Table, Table]:
    """Log ratio on acute episodes and ratio on going into a care home by whether someone lives alone, shape (A, 2).

    The mean over England's people of each age band is 1. People who live alone ask for care more often, so that more of
    those who are assessed live alone.
    """
    causal = rates.illness.alone_causal_share
    episode = loneliness.discounted_ratio(rates.illness.alone_ratio, causal)
    care_home = loneliness.discounted_ratio(rates.social_care.alone_care_home_ratio, causal)
    by_episode, by_care_home = np.zeros((AGES, 2)), np.ones((AGES, 2))
    for band, alone in product(range(c.OLDER_BAND, AGES), range(2)):
        share = england().living_alone[band]
        asking = living_alone.share_among_those_who_ask(share, rates.social_care.request_alone_ratio)
        by_episode[band, alone] = math.log(living_alone.ratio_of(alone == 1, episode, share))
        by_care_home[band, alone] = living_alone.ratio_of(alone == 1, care_home, asking)
    return by_episode, by_care_home


def _ties(rates: Rates) -> tuple[Table, Table, Table]:
    """Keep and gain by (met, context), and support weights with 0 for an empty slot."""
    tie = rates.ties
    keep, gain, weight = np.zeros(16), np.zeros(16), np.zeros(8)
    for context in range(len(c.CONTEXTS)):
        hours = float(tie.hours_per_contact[context] * tie.hour_ratio[context])
        grown = ties.growth(hours, tie.hours_to_close, tie.close_strength)
        met = (1 << 3) | context
        keep[met], gain[met] = 1.0 - grown, grown
        keep[context], gain[context] = ties.weekly_keep(float(tie.half_life[context])), 0.0
        weight[context] = tie.support_weight[context]
    # Members of a household meet every week; visits in hospital count.
    keep[c.HOUSEHOLD], gain[c.HOUSEHOLD] = keep[(1 << 3) | c.HOUSEHOLD], gain[(1 << 3) | c.HOUSEHOLD]
    return keep, gain, weight


def _ties_in_step(keep: Table, gain: Table) -> tuple[Table, Table]:
    """Keep and gain over a step of four weeks by (context, bits of the weeks in which the tie met)."""
    patterns = 1 << c.SLOW_STEP
    kept, gained = np.ones(8 * patterns), np.zeros(8 * patterns)
    for k in range(8 * patterns):
        context, pattern = divmod(k, patterns)
        for week in range(c.SLOW_STEP):
            index = (pattern >> week & 1) << 3 | context
            kept[k] *= keep[index]
            gained[k] = ties.strength_after(float(gained[k]), float(keep[index]), float(gain[index]))
    return kept, gained


class _Same:
    """Rates as a key: only the very same object is equal, since the arrays in them cannot be compared at once."""

    def __init__(self, rates: Rates) -> None:
        self.rates = rates

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.rates is other.rates

    def __hash__(self) -> int:
        return id(self.rates)


def build_tables(rates: Rates) -> Tables:
    """All lookup tables of a run; those of the last few rates are kept."""
    return _tables(_Same(rates))


@lru_cache(maxsize=16)
def _tables(same: _Same) -> Tables:
    rates = same.rates
    lonely, people = rates.loneliness, rates.demography
    discount = lonely.causal_discount
    mood_keep_in_step = ties.weekly_keep(lonely.mood_half_life) ** c.SLOW_STEP
    prevalence = prevalence_of_conditions(rates)
    keep, gain, weight = _ties(rates)
    keep_in_step, gain_in_step = _ties_in_step(keep, gain)
    gp_years, gp_kept = _usual_gp(rates)
    alone_episode, alone_care_home = _alone(rates)
    interval, continuity = rates.care.return_interval_ratio, rates.care.mean_continuity
    returns = np.array([usual_gp.return_ratio(saw, interval, continuity) for saw in (False, True)])
    consultations, contacts, cumulative = _contacts(
        rates, prevalence, loneliness.discounted_ratio(lonely.consultation_relative_risk, discount)
    )
    onset = rates.illness.condition_onset_rate[:, None] * rates.illness.conditions_deprivation_ratio[None, :]
    failing = [
        [failure_probability(float(by), float(ratio)) for by in rates.contacts.failure_probability]
        for ratio in rates.contacts.failure_ratio
    ]
    death_ratio = loneliness.discounted_ratio(lonely.death_relative_risk, discount)
    admission_ratio = loneliness.discounted_ratio(lonely.admission_relative_risk, discount)
    tie = rates.ties
    return Tables(
        death=_read_only(_deaths(rates, prevalence, death_ratio).ravel()),
        death_lonely_ratio=death_ratio,
        move=1.0 - (1.0 - chance.weekly_probability(people.household_move_rate)) ** c.WEEKS_PER_YEAR,
        leave_home=chance.weekly_probability(people.leave_home_rate),
        separation=chance.weekly_probability(people.separation_rate / 2.0),
        moving_in=chance.weekly_probability(people.moving_in_rate),
        friend_making=chance.weekly_probability(tie.friend_making_rate),
        keep=_read_only(keep),
        gain=_read_only(gain),
        keep_in_step=_read_only(keep_in_step),
        gain_in_step=_read_only(gain_in_step),
        support_weight=_read_only(weight),
        forgotten=_read_only(np.where(np.arange(len(weight)) == c.NO_TIE, 0.0, tie.forgotten_strength)),
        friend_strength=ties.growth(tie.hours_to_friend, tie.hours_to_close, tie.close_strength),
        first_strength=ties.growth(float(tie.hours_per_contact[c.FRIEND]), tie.hours_to_close, tie.close_strength),
        prevalence=_read_only(prevalence.ravel()),
        onset=_read_only(1.0 - np.exp(-onset.ravel() / c.WEEKS_PER_YEAR)),
        episode=_read_only(_episodes(rates, prevalence, admission_ratio).ravel()),
        transient=1.0 / max(1.0, rates.illness.transient_weeks),
        unmet_keep_in_step=ties.weekly_keep(rates.illness.unmet_need_half_life) ** c.SLOW_STEP,
        trust_keep=ties.weekly_keep(rates.contacts.trust_half_life),
        trust_keep_in_step=ties.weekly_keep(rates.contacts.trust_half_life) ** c.SLOW_STEP,
        mood_keep_in_step=mood_keep_in_step,
        mood_change_in_step=loneliness.change_in_step(lonely.mood_spread, mood_keep_in_step),
        outlook_keep_in_step=ties.weekly_keep(lonely.outlook_half_life) ** c.SLOW_STEP,
        readmission=1.0 - (1.0 - rates.care.readmission_probability) ** (1.0 / c.READMISSION_WEEKS),
        consultations=_read_only(consultations.ravel()),
        contacts=_read_only(contacts.ravel()),
        task_cumulative=_read_only(cumulative.ravel()),
        minor_attendance=_read_only(1.0 - np.exp(-rates.care.minor_attendance_rate / c.WEEKS_PER_YEAR)),
        failure=_read_only(np.ravel(failing)),
        care_request=_read_only(_care_requests(rates, prevalence).ravel()),
        home_care_end=chance.weekly_probability(c.WEEKS_PER_YEAR / max(1.0, rates.social_care.home_care_weeks)),
        care_home_end=chance.weekly_probability(c.WEEKS_PER_YEAR / max(1.0, rates.social_care.care_home_weeks)),
        care_home_move=chance.weekly_probability(rates.social_care.care_home_move_rate),
        care_withdrawal=chance.weekly_probability(rates.social_care.withdrawal_rate),
        circumstances=_read_only((alone_episode[:, :, None] + gp_years[:, None, :]).ravel()),
        gp_kept=gp_kept,
        wanted=_read_only((consultations[..., None] * returns).ravel()),
        alone_care_home=_read_only(alone_care_home.ravel()),
    )
