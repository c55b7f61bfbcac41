"""Adult social care: need, assessment, home care, care homes, and effects of shortages on hospital and costs."""

from __future__ import annotations

import numpy as np
import pytest

from simulator.comparison.costs import costs
from simulator.foundations import categories as c
from simulator.foundations.measures import INDEX, MILLIONTHS
from simulator.model.place_model import PlaceModel
from simulator.model.simulation import simulate
from simulator.results.results import RunFrames
from simulator.rules.social_care import CARE_HOME, HOME_CARE, NO_CARE, WAITING
from tests.helpers import synthetic_results
from tests.helpers.loops import LOOPS
from tests.helpers.support import (
    busy_week,
    place_model,
    random_residents,
    small_spec,
)

NONE_BY_AGE = dict.fromkeys(c.AGE_BANDS, 0.0)
NO_NEED = {
    "social_care.request_rate": NONE_BY_AGE,
    "social_care.home_care_prevalence": NONE_BY_AGE,
    "social_care.care_home_prevalence": NONE_BY_AGE,
}
SOCIAL = ("care_requests", "assessments", "care_waiting_weeks", "home_care_weeks", "care_home_weeks")


def measured(frames: RunFrames, name: str) -> int:
    return int(frames.cells[:, :, INDEX[name]].sum())


def carers(hours: float) -> dict[str, object]:
    return {"service": "adult_social_care", "role": "home_carer", "hours_per_week": hours, "reason": "a test"}


def test_without_need_there_is_no_care_and_no_cost() -> None:
    frames = simulate(small_spec(weeks=26, changes=NO_NEED), 1)
    assert [measured(frames, name) for name in (*SOCIAL, "home_care_hours_millionths")] == [0] * 6
    table = costs(
        synthetic_results.results("none", {1: frames._replace(parameters=dict(synthetic_results.PRICES))}, weeks=26)
    )
    assert {"home_care", "care_homes", "assessments"}.isdisjoint(table["item"])
    assert "ae" in set(table["item"])


def test_care_at_the_start_is_that_of_the_evidence() -> None:
    model = PlaceModel(small_spec(residents=60_000), 1)
    band, state = model.columns.age_band, model.columns.care_state
    for wanted, table in (
        (HOME_CARE, model.rates.social_care.home_care_prevalence),
        (CARE_HOME, model.rates.social_care.care_home_prevalence),
    ):
        expected = float(table[band].sum())
        assert abs(int((state == wanted).sum()) - expected) < 4 * np.sqrt(expected)
    assert not state[band < c.ADULT_BAND].any()


def week_of_need(state: int, **now: float) -> PlaceModel:
    changes = {"social_care.request_rate": dict.fromkeys(c.AGE_BANDS, 1500.0), "social_care.home_care_weeks": 30.0}
    changes |= {"social_care.advice_share": 0.0, "social_care.withdrawal_rate": 0.0}
    residents = random_residents(3_000, 2)
    residents.care_state = np.where(residents.age_band >= c.ADULT_BAND, state, NO_CARE)
    model = place_model(small_spec(changes=changes), residents)
    model.set_week(busy_week(model)._replace(**now))
    LOOPS["draw_random_words"](model.records, model.workspace, model.packed_now, (0, 3_000))
    LOOPS["need_care"](model.records, model.workspace, model.packed, model.packed_now, (0, 3_000))
    return model


def counted(model: PlaceModel, name: str) -> int:
    return int(model.workspace.counts[:, INDEX[name]].sum())


def test_who_lives_alone_or_comes_out_of_hospital_asks_more() -> None:
    model = week_of_need(NO_CARE)
    r = model.columns
    adult = r.age_band >= c.ADULT_BAND
    asked = r.care_state == WAITING
    assert asked.sum() == counted(model, "care_requests") > 0
    assert not asked[~adult].any()
    just_out = r.weeks_since_discharge <= c.READMISSION_WEEKS
    assert asked[adult & just_out].mean() > 2 * asked[adult & ~just_out].mean()
    alone = r.lives_alone == 1
    assert asked[adult & ~just_out & alone].mean() > asked[adult & ~just_out & ~alone].mean()


def test_nobody_is_assessed_where_there_are_no_assessors() -> None:
    model = week_of_need(WAITING, assessed=0.0)
    assert counted(model, "assessments") == 0
    assert counted(model, "care_waiting_weeks") == int((model.columns.care_state == WAITING).sum()) > 0
    model = week_of_need(WAITING, assessed=1.0)
    assert counted(model, "assessments") == counted(model, "care_waiting_weeks")
    assert set(np.unique(model.columns.care_state)) == {NO_CARE, HOME_CARE, CARE_HOME}


def test_home_care_not_given_leaves_needs_and_sends_more_into_care_homes() -> None:
    given, short = week_of_need(HOME_CARE, home_care_met=1.0), week_of_need(HOME_CARE, home_care_met=0.0)
    assert (short.columns.unmet_need >= given.columns.unmet_need).all()
    assert short.columns.unmet_need.sum() > given.columns.unmet_need.sum()
    assert (short.columns.care_state == CARE_HOME).sum() > (given.columns.care_state == CARE_HOME).sum()
    assert counted(short, "home_care_hours_millionths") == 0
    hours = given.rates.social_care.home_care_hours
    assert counted(given, "home_care_hours_millionths") == counted(given, "home_care_weeks") * int(hours * MILLIONTHS)


def test_more_home_care_never_brings_more_days_of_delay() -> None:
    """With common random numbers and more carers, days waited fall, and so does the ratio on waiting."""
    waited, met = [], []
    for hours in (-150.0, -60.0, 0.0, 150.0):
        entries = [carers(hours)] if hours else []
        frames = simulate(small_spec(weeks=52, residents=8_000, staffing=entries), 2)
        waited.append(measured(frames, "waiting_days"))
        met.append(measured(frames, "home_care_hours_millionths"))
    assert waited == sorted(waited, reverse=True)
    assert waited[0] > waited[-1]
    assert met == sorted(met)


def test_a_short_discharge_team_keeps_people_waiting() -> None:
    waited = []
    for hours in (-3.0, 0.0, 8.0):
        entry = {"service": "hospital", "role": "discharge_coordinator", "hours_per_week": hours, "reason": "a test"}
        frames = simulate(small_spec(weeks=52, residents=8_000, staffing=[entry] if hours else []), 2)
        waited.append(measured(frames, "waiting_days"))
    assert waited[0] > waited[1] > waited[2]


def test_loads_without_effect_keep_nobody_waiting() -> None:
    effects = ("home_care_wait_effect", "discharge_wait_effect", "assessment_wait_effect")
    changes = {f"staffing.{effect}": 0.0 for effect in effects}
    model = PlaceModel(small_spec(weeks=13, changes=changes, staffing=[carers(-100.0)]), 1)
    while model.elapsed < 13:
        model.step()
        assert (model.now.waits == model.rates.care.wait_by_cause).all()


def test_the_council_pays_for_social_care_and_the_nhs_for_the_rest() -> None:
    counts = {"home_care_hours_millionths": 100 * MILLIONTHS, "care_home_weeks": 10, "assessments": 4}
    staff = synthetic_results.services(
        (0, "adult_social_care", "home_carer", 120_000), (0, "gp_practice", "receptionist", -5_000)
    )
    table = costs(synthetic_results.results("one", {0: synthetic_results.run(counts, staff=staff)}))
    pounds = table.groupby(["item", "payer"])["pounds"].sum().to_dict()
    assert pounds == pytest.approx(
        {
            ("home_care", "council"): 2_400.0,
            ("care_homes", "council"): 9_000.0,
            ("assessments", "council"): 1_200.0,
            ("staffing", "council"): 1_200.0,
            ("staffing", "nhs"): -50.0,
        }
    )
    kinds = table[table["item"] == "home_care"].set_index("kind")["pounds"]
    assert kinds["cashable"] == pytest.approx(0.6 * 2_400.0)


def test_leaving_the_place_ends_care() -> None:
    everyone = dict.fromkeys(c.AGE_BANDS, 0.0)
    changes = {**NO_NEED, "demography.death_rate": dict.fromkeys(c.AGE_BANDS, 200.0)}
    residents = random_residents(300, 4)
    residents.care_state = np.where(residents.age_band >= c.ADULT_BAND, HOME_CARE, NO_CARE)
    model = place_model(small_spec(changes={**changes, "social_care.home_care_prevalence": everyone}), residents)
    before = model.columns.generation.copy()
    model.step()
    new = model.columns.generation != before
    assert new.mean() > 0.9
    assert not model.columns.care_state[new].any()
