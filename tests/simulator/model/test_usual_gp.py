"""A doctor of one's own over some weeks: how long it lasts, and what it does to illness and to the next visit."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from simulator.agents.services import access
from simulator.foundations import categories as c
from simulator.foundations.measures import INDEX
from simulator.kernels.workspace import WeekInputs
from simulator.model import place_model as places
from simulator.model.place_model import PlaceModel
from simulator.rules import usual_gp
from simulator.rules.practice_queue import NO_REQUEST
from tests.helpers.loops import LOOPS
from tests.helpers.support import busy_week, place_model, random_residents, small_spec

pytestmark = pytest.mark.thorough

PEOPLE = 12_000
LEAVING = "staffing.leaver_rate"
INTERVAL = "care.return_interval_ratio"
CAUSAL = "illness.gp_years_causal_share"
APPOINTMENTS_FOR_ALL = {"staffing.usual_utilisation": {"gp_practice.clinician": 0.05}}
TOP_DECILE = 0.76
"""Assumed share of consultations with the usual GP in the top tenth of practices; small ones have 0.70, all 0.61."""


def leavers(rate: float) -> dict[str, Any]:
    return {LEAVING: {"gp_practice.clinician": rate}}


def with_random_words(model: PlaceModel) -> PlaceModel:
    model.set_week(busy_week(model))
    LOOPS["draw_random_words"](model.records, model.workspace, model.packed_now, (0, len(model.columns)))
    return model


# How long it lasts ----------------------------------------------------------------------------------------------------


def lengths_after(rate: float, weeks: int = 52, moves: float = 0.0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Lengths before and after these weeks, and who is still there."""
    changes = leavers(rate) | {"demography.household_move_rate": moves}
    model = PlaceModel(small_spec(weeks=weeks, changes=changes), 1)
    while model.elapsed < 0:
        model.step()
    before, person = model.columns.usual_gp_quarters.astype(int), model.columns.generation.copy()
    model.run_model()
    return before, model.columns.usual_gp_quarters.astype(int), model.columns.generation == person


def test_where_nobody_leaves_a_relationship_lasts_and_a_year_has_four_quarters() -> None:
    before, after, stayed = lengths_after(0.0)
    assert (after[stayed] == np.minimum(usual_gp.MOST_QUARTERS, before[stayed] + 4)).all()
    assert (after[~stayed] <= 4).all(), "newcomers begin without"
    assert (~stayed).any()


def test_the_more_doctors_leave_the_shorter_relationships_are() -> None:
    means, ended = [], []
    for rate in (0.05, 0.2, 0.6):
        before, after, stayed = lengths_after(rate)
        means.append(after.mean())
        ended.append((after < before)[stayed].mean())
    assert means[0] > means[1] > means[2]
    assert ended[1] == pytest.approx(1.0 - np.exp(-0.2), abs=0.03), "some of those lost were short already"
    assert ended[0] < ended[1] < ended[2]


def test_overloaded_doctors_who_leave_sooner_end_more_relationships() -> None:
    model = place_model(small_spec(), random_residents(600, 1))
    doctors = model.practice.staff[0]
    usual = model.now.gp_left
    assert usual == pytest.approx(1.0 - (1.0 - doctors.leaver_rate / 52) ** 13)
    doctors.load = 2.0 * doctors.usual_load
    doctors.week(doctors.work, 0.0)
    model.begin_week()
    assert model.now.gp_left > usual


# What its length does to illness --------------------------------------------------------------------------------------


def fell_ill(quarters: int, causal: float) -> np.ndarray:
    residents = random_residents(3_000, 4)
    residents.usual_gp_quarters = quarters
    often = {"illness.emergency_admission_rate": dict.fromkeys(c.AGE_BANDS, 3000.0), CAUSAL: causal}
    model = with_random_words(place_model(small_spec(changes=often), residents))
    LOOPS["fall_ill"](model.records, model.workspace, model.packed, model.packed_now, (0, 3_000))
    return np.asarray(model.columns.episode > 0)


def test_those_who_have_known_their_doctor_for_longer_fall_ill_less() -> None:
    """With the same random numbers: whoever is spared after fewer years is spared after more."""
    by_years = [fell_ill(4 * years + 2, 0.8) for years in (0, 1, 3, 5, 10, 15)]
    for shorter, longer in pairwise(by_years):
        assert not (longer & ~shorter).any()
    assert by_years[0].sum() > by_years[1].sum() > by_years[3].sum() > by_years[5].sum() > 0
    assert (fell_ill(62, 0.8) == fell_ill(255, 0.8)).all(), "fifteen years and more are one group"
    assert (fell_ill(0, 0.8) == fell_ill(5, 0.8)).all(), "and so is the first year, as studies count it"


def test_without_a_causal_share_years_with_a_doctor_change_nothing() -> None:
    assert (fell_ill(0, 0.0) == fell_ill(255, 0.0)).all()
    assert (fell_ill(0, 0.4) != fell_ill(255, 0.4)).any()


def test_the_length_of_relationships_leaves_the_place_as_ill_as_it_was() -> None:
    """The ratio has a mean of 1 over the residents at the start and three years on."""
    model = PlaceModel(small_spec(residents=PEOPLE, weeks=104, changes={"illness.alone_ratio": 1.0}), 1)
    for _ in range(2):
        people = model.columns
        years = np.array([usual_gp.years_with(quarters) for quarters in people.usual_gp_quarters.tolist()])
        by_age_and_years = model.tables.circumstances.reshape(len(c.AGE_BANDS), 2, usual_gp.YEARS_APART)
        ratio = np.exp(by_age_and_years[people.age_band, 0, years])
        assert ratio.mean() == pytest.approx(1.0, abs=0.003)
        assert ratio[people.age_band >= c.OLDER_BAND].mean() == pytest.approx(1.0, abs=0.01)
        model.run_model()


# What seeing one's doctor does to the next visit ----------------------------------------------------------------------


def wanted(saw: int, ratio: float) -> np.ndarray:
    """Who asks the practice for an appointment."""
    residents = random_residents(3_000, 4)
    residents.saw_usual_gp, residents.gp_request, residents.days_in_hospital = saw, NO_REQUEST, 0
    model = with_random_words(place_model(small_spec(changes={INTERVAL: ratio}), residents))
    LOOPS["ask"](model.records, model.workspace, model.packed, model.packed_now, (0, 3_000))
    return np.asarray(model.workspace.counts.sum(axis=0)[INDEX["practice_attempts"]])


def test_who_saw_their_own_doctor_comes_back_later() -> None:
    after_own = [int(wanted(1, ratio)) for ratio in (1.0, 1.2, 1.6)]
    after_other = [int(wanted(0, ratio)) for ratio in (1.0, 1.2, 1.6)]
    assert after_own[0] == after_other[0], "at a ratio of 1 the last consultation does not matter"
    assert after_own[0] > after_own[1] > after_own[2]
    assert after_other[0] < after_other[1] < after_other[2]


def test_a_consultation_settles_whether_the_last_was_with_the_usual_gp() -> None:
    for probability in (0, 1):
        model = with_random_words(place_model(small_spec(), random_residents(1_000, 4)))
        gain = np.zeros_like(model.now.continuity_gain)
        nobody_automated = np.zeros_like(model.now.levels)
        model.set_week(
            model.now._replace(same_doctor=float(probability), continuity_gain=gain, levels=nobody_automated)
        )
        before, counted = model.columns.saw_usual_gp.copy(), model.workspace.counts[:, INDEX["consultations"]].sum()
        for phase in ("ask", "get_care"):
            LOOPS[phase](model.records, model.workspace, model.packed, model.packed_now, (0, 1_000))
        changed = model.columns.saw_usual_gp != before
        assert 50 < changed.sum() <= model.workspace.counts[:, INDEX["consultations"]].sum() - counted
        assert (model.columns.saw_usual_gp[changed] == probability).all()


@lru_cache(maxsize=8)
def consultations(continuity: float, ratio: float) -> float:
    """Consultations a head and year in a place with appointments for all, whose doctors see so many of their own."""
    patch = pytest.MonkeyPatch()

    def access_to_one(model: PlaceModel, waiting: int | None) -> None:
        access(model, waiting)
        model.change_week(same_doctor=continuity)

    patch.setattr(places, "access", access_to_one)
    try:
        changes = APPOINTMENTS_FOR_ALL | {INTERVAL: ratio}
        model = PlaceModel(small_spec(residents=PEOPLE, weeks=104, changes=changes), 1)
        model.run_model()
    finally:
        patch.undo()
    cells = np.array(model.book.cells).sum(axis=(0, 1))
    return float(cells[INDEX["consultations"]] / cells[INDEX["resident_weeks"]] * 52)


@pytest.mark.thorough
def test_at_todays_continuity_the_place_consults_as_often_as_before() -> None:
    assert consultations(0.61, 1.181) == pytest.approx(consultations(0.61, 1.0), rel=0.005)
    assert consultations(0.61, 1.6) == pytest.approx(consultations(0.61, 1.0), rel=0.01)


def test_continuity_of_the_top_decile_lowers_demand_by_no_more_than_was_published() -> None:
    """Up to 5.2 % if all practices were in the top decile, own doctors given first to those who gain most."""
    today, better = consultations(0.61, 1.181), consultations(TOP_DECILE, 1.181)
    change = 100.0 * (better / today - 1.0)
    assert -5.2 < change < -1.5
    said = 100.0 * ((1.0 + 0.181 * 0.61) / (1.0 + 0.181 * TOP_DECILE) - 1.0)  # mean intervals, one over the other
    assert change == pytest.approx(said, abs=0.6)
    assert consultations(TOP_DECILE, 1.0) == pytest.approx(consultations(0.61, 1.0), rel=0.003)


def test_more_continuity_means_less_demand() -> None:
    by_continuity = [consultations(share, 1.6) for share in (0.0, 0.61, 1.0)]
    assert by_continuity[0] > 1.02 * by_continuity[1] > 1.04 * by_continuity[2]


def test_the_week_says_how_many_doctors_left() -> None:
    assert "gp_left" in WeekInputs._fields
    model = PlaceModel(small_spec(changes=leavers(0.0)), 1)
    assert model.now.gp_left == 0.0
