"""Lookup tables reproduce their evidence: yearly rates from weekly hazards at reference values."""

from __future__ import annotations

import math

import numpy as np
import pytest

from simulator.evidence import load_evidence
from simulator.evidence.parameters import Rates
from simulator.foundations import categories as c
from simulator.foundations import random_numbers as draws
from simulator.rules import ties
from simulator.specification.lookup_tables import AGES, FIFTHS, LEVELS, Tables, build_tables, prevalence_of_conditions
from simulator.specification.spec import rates_from

TASKS = len(c.TASKS)
HEALTH = np.array(c.HEALTH_TASKS)


@pytest.fixture(scope="module")
def rates() -> Rates:
    return rates_from(load_evidence())


@pytest.fixture(scope="module")
def tables(rates: Rates) -> Tables:
    return build_tables(rates)


def mean_over_loneliness(table: np.ndarray, rates: Rates) -> np.ndarray:
    """Mean over the lonely and the others, last axis, at each age band's prevalence, first axis."""
    share = rates.loneliness.initial_prevalence.reshape(AGES, *[1] * (table.ndim - 2))
    return table[..., 0] * (1.0 - share) + table[..., 1] * share


def test_shares_by_conditions_add_up_and_follow_the_evidence(rates: Rates, tables: Tables) -> None:
    shares = tables.prevalence.reshape(AGES, FIFTHS, LEVELS)
    assert shares.sum(axis=2) == pytest.approx(np.ones((AGES, FIFTHS)))
    assert (shares >= 0.0).all()
    any_condition = rates.illness.prevalence_one + rates.illness.prevalence_two + rates.illness.prevalence_three
    expected = any_condition[:, None] * rates.illness.conditions_deprivation_ratio[None, :]
    assert 1.0 - shares[:, :, 0] == pytest.approx(np.minimum(1.0, expected))


def test_probabilities_of_illness_are_capped_at_one_and_keep_their_mix(rates: Rates) -> None:
    ill = rates.illness._replace(conditions_deprivation_ratio=np.full(FIFTHS, 5.0))
    oldest = prevalence_of_conditions(rates._replace(illness=ill))[-1, 0]
    assert oldest[0] == pytest.approx(0.0)
    assert oldest[3] / oldest[1] == pytest.approx(ill.prevalence_three[-1] / ill.prevalence_one[-1])


def test_weekly_episodes_lead_to_the_yearly_admissions(rates: Rates, tables: Tables) -> None:
    episodes = tables.episode.reshape(AGES, FIFTHS, LEVELS, 2)
    by_level = mean_over_loneliness(episodes, rates)
    mean = (by_level * tables.prevalence.reshape(AGES, FIFTHS, LEVELS)).sum(axis=2)
    care = rates.care
    to_ae = care.asks_gp_first * care.ae_after_gp + (1.0 - care.asks_gp_first) * care.ae_without_gp
    kept = care.overnight_probability + (1.0 - care.overnight_probability) * care.zero_night_probability
    admissions = mean * c.WEEKS_PER_YEAR * to_ae * kept[:, None] * 1000.0
    known = rates.illness.emergency_admission_rate[:, None] * rates.illness.admission_deprivation_ratio[None, :]
    assert admissions == pytest.approx(known)


def test_episodes_differ_by_conditions_and_loneliness_as_the_ratios_say(rates: Rates, tables: Tables) -> None:
    episodes = tables.episode.reshape(AGES, FIFTHS, LEVELS, 2)
    lonely_ratio = rates.loneliness.admission_relative_risk**rates.loneliness.causal_discount
    assert episodes / episodes[:, :, :1] == pytest.approx(
        np.broadcast_to(rates.illness.conditions_ratio[None, None, :, None], episodes.shape)
    )
    assert episodes[..., 1] / episodes[..., 0] == pytest.approx(np.full((AGES, FIFTHS, LEVELS), lonely_ratio))


def test_weekly_deaths_make_up_the_yearly_rate(rates: Rates, tables: Tables) -> None:
    weekly = tables.death.reshape(AGES, FIFTHS, LEVELS)
    yearly = -np.log1p(-weekly) * c.WEEKS_PER_YEAR
    # Those often or always lonely die by `death_lonely_ratio` more, those who are not by so much less.
    lonely = 1.0 + rates.loneliness.initial_prevalence * (tables.death_lonely_ratio - 1.0)
    mean = (yearly * tables.prevalence.reshape(AGES, FIFTHS, LEVELS)).sum(axis=2) * lonely[:, None]
    people = rates.demography
    assert mean == pytest.approx(people.death_rate[:, None] * people.death_deprivation_ratio[None, :])
    assert (yearly / yearly[:, :, :1])[0, 0] == pytest.approx(people.death_conditions_ratio)


def test_weekly_onset_makes_up_the_yearly_rate(rates: Rates, tables: Tables) -> None:
    yearly = -np.log1p(-tables.onset.reshape(AGES, FIFTHS)) * c.WEEKS_PER_YEAR
    ill = rates.illness
    assert yearly == pytest.approx(ill.condition_onset_rate[:, None] * ill.conditions_deprivation_ratio[None, :])


def test_expected_contacts_make_up_the_yearly_ones(rates: Rates, tables: Tables) -> None:
    share = tables.prevalence.reshape(AGES, FIFTHS, LEVELS).mean(axis=1)
    consultations = mean_over_loneliness(tables.consultations.reshape(AGES, LEVELS, 2), rates)
    others = tables.contacts.reshape(AGES, LEVELS)
    known, age_ratio = rates.contacts.contacts_per_year, rates.contacts.practice_age_ratio
    assert (consultations * share).sum(axis=1) * c.WEEKS_PER_YEAR == pytest.approx(known[0] * age_ratio)
    by_adults = known[~HEALTH].sum() * (np.arange(AGES) >= c.ADULT_BAND)
    expected = known[1:][HEALTH[1:]].sum() * age_ratio + by_adults
    assert (others * share).sum(axis=1) * c.WEEKS_PER_YEAR == pytest.approx(expected)


def test_each_task_has_its_share_of_the_other_contacts(rates: Rates, tables: Tables) -> None:
    cumulative = tables.task_cumulative.reshape(AGES, LEVELS, TASKS)
    shares = np.diff(cumulative, axis=2, prepend=0.0)
    others = tables.contacts.reshape(AGES, LEVELS)
    assert (shares[:, :, c.CONSULTATION] == 0.0).all()
    assert cumulative[:, :, -1] == pytest.approx(np.ones((AGES, LEVELS)))
    assert (shares[: c.ADULT_BAND][:, :, ~HEALTH] == 0.0).all()
    adults = (shares * others[:, :, None])[c.ADULT_BAND :][:, :, ~HEALTH] * c.WEEKS_PER_YEAR
    assert adults == pytest.approx(
        np.broadcast_to(rates.contacts.contacts_per_year[~HEALTH], (AGES - c.ADULT_BAND, LEVELS, 4))
    )


def test_readmission_over_four_weeks_is_that_of_thirty_days(rates: Rates, tables: Tables) -> None:
    assert 1.0 - (1.0 - tables.readmission) ** c.READMISSION_WEEKS == pytest.approx(rates.care.readmission_probability)


def test_weekly_events_of_households_make_up_the_yearly_ones(rates: Rates, tables: Tables) -> None:
    people = rates.demography
    found = [-c.WEEKS_PER_YEAR * math.log1p(-p) for p in (tables.leave_home, tables.separation, tables.moving_in)]
    assert found == pytest.approx([people.leave_home_rate, people.separation_rate / 2.0, people.moving_in_rate])
    assert -math.log1p(-tables.move) == pytest.approx(people.household_move_rate)
    attendances = -c.WEEKS_PER_YEAR * np.log1p(-tables.minor_attendance)
    assert attendances == pytest.approx(rates.care.minor_attendance_rate)


def test_ties_keep_and_gain_by_context(rates: Rates, tables: Tables) -> None:
    met = slice(8, 8 + len(c.CONTEXTS))
    assert tables.keep[met] + tables.gain[met] == pytest.approx(np.ones(len(c.CONTEXTS)))
    weeks = rates.ties.half_life[1:]
    assert tables.keep[1 : len(c.CONTEXTS)] ** weeks == pytest.approx(np.full(len(weeks), 0.5))
    assert (tables.gain[1:8] == 0.0).all()
    empty = [c.NO_TIE, 8 | c.NO_TIE]
    assert (tables.keep[empty] == 0.0).all()
    assert (tables.gain[empty] == 0.0).all()
    assert tables.support_weight[c.NO_TIE] == 0.0
    assert tables.support_weight[: c.NO_TIE].tolist() == rates.ties.support_weight.tolist()


def test_a_household_meets_every_week(tables: Tables) -> None:
    assert tables.keep[c.HOUSEHOLD] == tables.keep[8 | c.HOUSEHOLD]
    assert tables.gain[c.HOUSEHOLD] == tables.gain[8 | c.HOUSEHOLD] > 0.0


def test_a_step_of_four_weeks_is_four_weeks_one_after_the_other(tables: Tables) -> None:
    for context in range(len(c.CONTEXTS)):
        for pattern in range(1 << c.SLOW_STEP):
            strength, index = 0.4, context << c.SLOW_STEP | pattern
            at_once = ties.strength_after(strength, tables.keep_in_step[index], tables.gain_in_step[index])
            for week in range(c.SLOW_STEP):
                met = (pattern >> week & 1) << 3 | context
                strength = ties.strength_after(strength, tables.keep[met], tables.gain[met])
            assert at_once == pytest.approx(strength, rel=1e-12)


def test_strength_fades_with_its_half_life(rates: Rates, tables: Tables) -> None:
    assert tables.unmet_keep_in_step == ties.weekly_keep(rates.illness.unmet_need_half_life) ** c.SLOW_STEP
    assert tables.trust_keep_in_step == tables.trust_keep**c.SLOW_STEP
    assert tables.trust_keep == ties.weekly_keep(rates.contacts.trust_half_life)
    assert tables.transient * rates.illness.transient_weeks == pytest.approx(1.0)


def test_automated_contacts_fail_by_task_and_capability(rates: Rates, tables: Tables) -> None:
    failure = tables.failure.reshape(TASKS, len(c.DIGITAL_CAPABILITY))
    expected = rates.contacts.failure_ratio[:, None] * rates.contacts.failure_probability[None, :]
    assert failure == pytest.approx(np.minimum(1.0, expected))


def test_without_a_causal_share_loneliness_changes_nothing(rates: Rates) -> None:
    lonely = rates.loneliness._replace(causal_discount=0.0)
    tables = build_tables(rates._replace(loneliness=lonely))
    episodes = tables.episode.reshape(-1, 2)
    assert (episodes[:, 0] == episodes[:, 1]).all()
    consultations = tables.consultations.reshape(-1, 2)
    assert (consultations[:, 0] == consultations[:, 1]).all()
    assert tables.death_lonely_ratio == 1.0


@pytest.mark.parametrize("parameter_draw", [None, 0, 1, 2, 3])
def test_a_weeks_contacts_fit_between_the_streams_they_are_drawn_from(parameter_draw: int | None) -> None:
    drawn = build_tables(rates_from(load_evidence(), parameter_draw))
    room = (draws.OFFER - draws.CHANNEL) // 2
    assert math.floor(drawn.consultations.max()) + 1 <= room
    assert math.floor(drawn.contacts.max()) + 1 <= room


def test_tables_cannot_be_written(tables: Tables) -> None:
    written = [table for table in tables if isinstance(table, np.ndarray)]
    assert len(written) >= 12
    assert not any(table.flags.writeable for table in written)
    with pytest.raises(ValueError, match="read-only"):
        tables.death[0] = 1.0
