"""Traits and state of residents at the start."""

from __future__ import annotations

import numpy as np
import pytest

from simulator.foundations.categories import ADULT_BAND, AGE_BANDS, WEEKS_PER_QUARTER, WEEKS_PER_YEAR
from simulator.rules.usual_gp import share_of_time_after_usual
from simulator.specification.lookup_tables import build_tables
from tests.helpers.populated_places import population, rates


def test_ratios_have_mean_one() -> None:
    residents = population()
    assert residents.frailty.mean() == pytest.approx(1.0, abs=0.03)
    assert residents.transient.mean() == pytest.approx(1.0, abs=0.03)
    assert np.std(np.log(residents.frailty)) == pytest.approx(rates().illness.frailty_spread, rel=0.02)
    assert residents.personal_need.mean() == pytest.approx(0.0, abs=0.01)
    assert residents.continuity.mean() == pytest.approx(rates().care.mean_continuity, abs=0.01)
    assert 0.0 <= residents.continuity.min() <= residents.continuity.max() <= 1.0


def test_loneliness_has_the_prevalence_of_each_age_exactly() -> None:
    residents = population()
    for band in range(len(AGE_BANDS)):
        rows = residents.age_band == band
        wanted = rates().loneliness.initial_prevalence[band] if band >= ADULT_BAND else 0.0
        assert residents.lonely[rows].sum() == round(int(rows.sum()) * float(wanted))


def test_lonely_residents_have_less_support_and_a_duration_of_loneliness() -> None:
    residents = population()
    adults = residents.age_band >= ADULT_BAND
    lonely = residents.lonely == 1
    assert residents.support[lonely].mean() < residents.support[adults & ~lonely].mean()
    assert residents.personal_need[lonely].mean() > residents.personal_need[adults & ~lonely].mean()
    assert np.all(residents.weeks_lonely[~lonely] == 0)
    weeks = residents.weeks_lonely[lonely]
    assert weeks.min() >= 0
    assert weeks.max() <= 10 * WEEKS_PER_YEAR
    assert np.all(weeks <= residents.age_weeks[lonely])


def test_conditions_rise_with_age_and_deprivation() -> None:
    residents = population()
    ill = residents.conditions > 0
    assert (
        ill[residents.age_band == 7].mean() > ill[residents.age_band == 4].mean() > ill[residents.age_band == 1].mean()
    )
    middle = residents.age_band == AGE_BANDS.index("50-64")
    assert ill[middle & (residents.deprivation == 0)].mean() > ill[middle & (residents.deprivation == 4)].mean()


def test_last_years_admissions_follow_the_rates_and_the_risk() -> None:
    residents = population()
    ill = rates().illness
    admissions = residents.admissions_by_quarter.sum(axis=1)
    expected = ill.emergency_admission_rate[residents.age_band] * ill.admission_deprivation_ratio[residents.deprivation]
    assert admissions.mean() * 1000 == pytest.approx(expected.mean(), rel=0.08)
    frail = residents.frailty > np.quantile(residents.frailty, 0.9)
    assert admissions[frail].mean() > 1.5 * admissions[~frail].mean()
    passing = residents.transient > np.quantile(residents.transient, 0.9)
    newest, oldest = (
        residents.admissions_by_quarter[passing][:, 3].sum(),
        residents.admissions_by_quarter[passing][:, 0].sum(),
    )
    assert newest > oldest


def test_digital_capability_falls_with_age() -> None:
    residents = population()
    offline = residents.digital_capability == 0
    for band in (2, 8):
        asked = float(rates().digital.offline_share[band])
        assert offline[residents.age_band == band].mean() == pytest.approx(asked, abs=0.05)


def test_nobody_starts_in_hospital_or_in_a_programme() -> None:
    residents = population()
    for trait in ("days_in_hospital", "programme_status", "care_plan", "volunteer", "generation", "unmet_need"):
        assert not residents[trait].any(), trait
    assert np.array_equal(residents.berth, np.arange(len(residents)))


def test_relationships_with_the_usual_gp_are_as_long_as_doctors_and_patients_stay() -> None:
    residents = population()
    kept = build_tables(rates()).gp_kept
    years, grown = residents.usual_gp_quarters / 4, residents.age_weeks >= 60 * WEEKS_PER_YEAR
    assert (years >= 15).mean() < (years[grown] >= 15).mean() == pytest.approx(kept**60, abs=0.01)
    assert (years[grown] < 1).mean() == pytest.approx(1.0 - kept**4, abs=0.02)
    assert np.all(residents.usual_gp_quarters * WEEKS_PER_QUARTER <= residents.age_weeks)
    care = rates().care
    said = share_of_time_after_usual(care.return_interval_ratio, care.mean_continuity)
    assert residents.saw_usual_gp.mean() == pytest.approx(said, abs=0.01)
    assert said > care.mean_continuity, "who saw the usual GP waits longer for the next consultation"
