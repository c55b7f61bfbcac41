"""Limits with known answers: zero settings change nothing, and magnitudes follow the evidence."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from simulator.foundations import categories as c
from simulator.foundations.measures import INDEX
from simulator.model.place_model import PlaceModel
from simulator.model.simulation import simulate
from simulator.specification.spec import Spec
from tests.helpers.loops import LOOPS
from tests.helpers.support import (
    AUTOMATED,
    CORE,
    REINVESTED,
    busy_week,
    differing,
    everything_spec,
    place_model,
    random_residents,
    small_spec,
)

NOTHING_UNUSUAL: dict[str, Any] = {
    "loneliness.causal_discount": 0.0,
    "illness.continuity_effect": 0.0,
    "illness.gp_years_causal_share": 0.0,
    "illness.alone_causal_share": 0.0,
    "illness.unmet_need_effect": 0.0,
    "illness.condition_onset_rate": dict.fromkeys(c.AGE_BANDS, 0.0),
    "demography.death_rate": dict.fromkeys(c.AGE_BANDS, 0.0),
    "demography.household_move_rate": 0.0,
    "care.support_admission_effect": 0.0,
    "care.support_readmission_effect": 0.0,
    "care.support_stay_effect": 0.0,
    "care.readmission_probability": 0.0,
    "care.zero_night_growth": 0.0,
    "staffing.usual_utilisation": {"gp_practice.clinician": 0.05},
    "care.overnight_days": dict.fromkeys(c.AGE_BANDS, 1.0),
    "care.discharge_need": dict.fromkeys(c.AGE_BANDS, 0.0),
}
"""Evidence under which a resident's risk is that of age, deprivation, conditions and chance alone."""


def test_local_growth_brings_more_episodes_and_more_zero_night_admissions() -> None:
    rising = {"illness.local_demand_growth": 0.5}, {"care.local_recording_growth": 0.5}
    plain, *grown = (simulate(small_spec(weeks=52, changes=changes), 3).cells for changes in ({}, *rising))
    by_demand, by_recording = grown
    assert total(by_demand, "episodes") > 1.1 * total(plain, "episodes")
    assert total(by_demand, "overnight_admissions") > total(plain, "overnight_admissions")
    assert total(by_recording, "zero_night_admissions") > 1.1 * total(plain, "zero_night_admissions")
    assert total(by_recording, "overnight_admissions") == pytest.approx(total(plain, "overnight_admissions"), rel=0.1)


def total(frames_cells: np.ndarray, *measures: str) -> int:
    return int(sum(frames_cells[:, :, INDEX[measure]].sum() for measure in measures))


def lived(spec: Spec, size: int = 400, seed: int = 3) -> PlaceModel:
    model = place_model(spec, random_residents(size, seed))
    model.run_model()
    return model


def test_automating_nothing_is_the_baseline_to_the_last_draw() -> None:
    none_of_it = [{**task, "share": 0.0} for task in AUTOMATED]
    baseline, nothing = lived(small_spec()), lived(small_spec(automate=none_of_it, reinvest=REINVESTED))
    assert differing(baseline.columns, nothing.columns) == []
    assert (np.array(baseline.book.cells) == np.array(nothing.book.cells)).all()
    assert not nothing.ledger.frame()["pence"].any()


def test_automation_without_reinvestment_changes_only_contacts_and_their_consequences() -> None:
    """A change in the last week cannot affect earlier weeks."""
    late = [{**task, "from_week": 51, "ramp_weeks": 0} for task in AUTOMATED]
    baseline, switched = place_model(small_spec(), random_residents(400, 3)), None
    switched = place_model(small_spec(automate=late), random_residents(400, 3))
    while baseline.elapsed < 51:
        baseline.step()
        switched.step()
    assert differing(baseline.columns, switched.columns) == []
    baseline.step()
    switched.step()
    assert switched.workspace.task_counts[:, 1].sum() == 0, "the quarter was closed"
    assert total(np.array(switched.book.cells), "automated_contacts") > 0
    assert {"age_weeks", "support", "lonely", "frailty"}.isdisjoint(differing(baseline.columns, switched.columns))


def test_a_programme_without_places_changes_nothing_but_its_cost() -> None:
    funded = [
        {"programme": name, "kind": "new_money", "payer": "nhs", "units": 2.0}
        for name in ("health_connectors", "complex_care_hub")
    ]
    no_places = {"programmes.caseload": dict.fromkeys(CORE, 0.0)}
    without, with_money = (PlaceModel(small_spec(changes=no_places, funding=money), 1) for money in ([], funded))
    for model in (without, with_money):
        model.run_model()
    assert differing(without.columns, with_money.columns) == []
    assert (np.array(without.book.cells) == np.array(with_money.book.cells)).all()
    assert with_money.book.frames(with_money).programmes["pence"].sum() > 0


def with_random_words(model: PlaceModel) -> PlaceModel:
    model.set_week(busy_week(model))
    LOOPS["draw_random_words"](model.records, model.workspace, model.packed_now, (0, len(model.columns)))
    model.workspace.counts[:] = 0
    return model


@pytest.mark.parametrize(("causal", "changes"), [(0.0, False), (1.0, True)])
def test_loneliness_raises_episodes_only_as_far_as_it_is_causal(causal: float, changes: bool) -> None:
    strong = {"loneliness.admission_relative_risk": 3.0, "loneliness.causal_discount": causal}
    spec = small_spec(changes=strong)
    episodes = []
    for lonely in (0, 1):
        residents = random_residents(1_500, 4)
        residents.lonely = lonely
        model = with_random_words(place_model(spec, residents))
        LOOPS["fall_ill"](model.records, model.workspace, model.packed, model.packed_now, (0, 1_500))
        episodes.append(model.columns.episode.copy())
    assert (episodes[0] != episodes[1]).any() == changes
    assert (episodes[1] > 0).sum() >= (episodes[0] > 0).sum() > 0


@pytest.mark.parametrize(("growth", "grows"), [(0.0, False), (0.3, True)])
def test_recording_has_a_trend_only_with_growth(growth: float, grows: bool) -> None:
    spec = small_spec(changes={"care.zero_night_growth": growth})
    found = []
    for elapsed in (0, 520):
        model = with_random_words(place_model(spec, random_residents(1_500, 4)))
        model.columns.episode = 1
        model.set_week(model.now._replace(trend_week=elapsed))
        LOOPS["get_care"](model.records, model.workspace, model.packed, model.packed_now, (0, 1_500))
        found.append(int(model.workspace.counts[:, INDEX["zero_night_admissions"]].sum()))
    assert (found[1] > found[0] > 0) if grows else (found[1] == found[0] > 0)


def test_yearly_rises_end_where_the_longest_measured_ended():
    rising = {"illness.local_demand_growth": 0.5, "care.growth_years": 1.0}
    model = PlaceModel(small_spec(changes=rising), 1)
    found = []
    for elapsed in (0, 26, 52, 5200):
        model.week = elapsed + c.WARM_UP_WEEKS
        model.begin_week()
        found.append((int(model.now.trend_week), float(model.now.local_demand)))
    weeks, demand = zip(*found, strict=True)
    assert weeks == (0, 26, 52, 52)
    assert demand == pytest.approx((1.0, 1.5**0.5, 1.5, 1.5))


def test_admissions_are_those_of_the_evidence_when_nothing_is_unusual() -> None:
    """A year of 150,000 residents against the rates by age and deprivation: within chance, and half a per cent."""
    spec = small_spec(residents=150_000, changes=NOTHING_UNUSUAL)
    model = PlaceModel(spec, 2)
    start = PlaceModel(spec, 2, warmed_up=model.columns)
    rates = start.rates.illness
    by_fifth = rates.admission_deprivation_ratio[start.columns.deprivation]
    expected = float((rates.emergency_admission_rate[start.columns.age_band] * by_fifth).sum()) / 1000.0
    start.run_model()
    found = total(np.array(start.book.cells), "zero_night_admissions", "overnight_admissions")
    # Frailty and transient risk that people share from week to week make the sum vary more than its square root.
    chance = 1.5 * np.sqrt(expected)
    assert abs(found - expected) < 4 * chance + 0.005 * expected, f"{found} against {expected:.0f}"


def test_people_selected_for_a_bad_year_regress_to_the_mean() -> None:
    """Regression to the mean (Roland M and Abel G 2012, BMJ 345:e6017), without any programme.

    Those with two or more admissions in a year, 2.3 a head, have about 0.4 in the year after: four times the mean.
    """
    model = PlaceModel(small_spec(residents=28_000, weeks=104), 1)
    admissions = []
    for end in (51, 103):  # a week before the quarter that makes room for the next one begins
        while model.elapsed < end:
            model.step()
        admissions.append((model.columns.generation.copy(), model.columns.admissions_by_quarter.sum(axis=1)))
    (person, last), (person_after, following) = admissions
    stayed = person == person_after
    chosen = stayed & (last >= 2)
    before, after, everyone = last[chosen].mean(), following[chosen].mean(), following[stayed].mean()
    assert chosen.sum() > 150
    assert 0.1 < after / before < 0.5, f"{before:.2f} admissions a head fall to {after:.2f}"
    assert after > 2 * everyone, "frailty lasts: they stay above the mean"
    assert following[stayed].mean() == pytest.approx(last[stayed].mean(), rel=0.3)


def test_switching_everything_on_changes_results() -> None:
    """The comparisons above would hold of a model in which nothing had any effect; this one would not."""
    baseline, everything = lived(small_spec(), 2_000), lived(everything_spec(), 2_000)
    changed = set(differing(baseline.columns, everything.columns))
    assert {"support", "lonely", "trust", "continuity", "unmet_need", "programme_status", "care_plan"} <= changed
