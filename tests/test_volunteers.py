"""Volunteers: asked by berth, willing or not, counted as members of their café, and gone with those who leave."""

from __future__ import annotations

import math

import numpy as np
import pytest

from simulator import categories as c
from simulator.columns import AWAY_GROUP, ENROLLED, Residents
from simulator.model import PlaceModel
from simulator.volunteers import Volunteer, recruit, stand_down
from tests.support import place_model, random_residents, small_spec

CAFES = [{"programme": "talking_cafes", "kind": "new_money", "payer": "voluntary", "units": 2.0}]


def without_volunteers(size: int, seed: int = 1) -> Residents:
    residents = random_residents(size, seed)
    residents.volunteer = 0
    return residents


def model_of(residents: Residents, **changes: float) -> PlaceModel:
    values = {f"programmes.{name}": value for name, value in changes.items()}
    model = place_model(small_spec(funding=CAFES, changes=values), residents)
    model.set_week(model.now._replace(still_open=np.ones(3, np.uint8)))
    return model


def test_the_cafes_get_the_volunteers_they_need_and_no_more() -> None:
    model = model_of(without_volunteers(400), volunteer_says_yes=1.0, asks_per_vacancy=20.0)
    recruit(model, 60, 2.5)
    assert len(model.volunteers) == math.ceil(2.5 * model.rates.programmes.volunteers_per_cafe)
    before = list(model.volunteers)
    recruit(model, 61, 2.5)
    assert model.volunteers == before
    recruit(model, 61, 0.0)
    assert model.volunteers == before


def test_volunteers_are_adults_who_are_not_lonely_and_join_their_cafe() -> None:
    model = model_of(without_volunteers(400), volunteer_says_yes=1.0, asks_per_vacancy=20.0)
    recruit(model, 60, 10.0)
    rows = [volunteer.row for volunteer in model.volunteers]
    columns = model.columns
    assert len(rows) == len(set(rows)) == 30
    assert sorted(rows) == np.flatnonzero(columns.volunteer).tolist()
    assert (columns.age_band[rows] >= c.ADULT_BAND).all()
    assert not columns.lonely[rows].any()
    assert (columns.programme_status[rows, c.TALKING_CAFES] == ENROLLED).all()
    assert (columns.programme_weeks[rows, c.TALKING_CAFES] == 0).all()
    assert not (columns.away[rows] & AWAY_GROUP).any()
    assert {volunteer.since_week for volunteer in model.volunteers} == {60}


def test_no_more_are_asked_in_a_week_than_there_are_asks() -> None:
    model = model_of(without_volunteers(300), volunteer_says_yes=1.0, asks_per_vacancy=0.5)
    recruit(model, 60, 10.0)
    assert 0 < len(model.volunteers) <= 15


def test_nobody_volunteers_who_always_says_no() -> None:
    model = model_of(without_volunteers(300), volunteer_says_yes=0.0, asks_per_vacancy=50.0)
    recruit(model, 60, 10.0)
    assert model.volunteers == []
    assert not model.columns.volunteer.any()


def test_about_the_evidences_share_of_those_asked_says_yes() -> None:
    model = model_of(without_volunteers(512), volunteer_says_yes=0.3, asks_per_vacancy=1.0)
    suitable = ((model.columns.age_band >= c.ADULT_BAND) & (model.columns.lonely == 0)).mean()
    recruit(model, 60, 100.0)  # 300 asks of 512 residents, some of whom are asked twice
    asked = 300 * suitable
    assert abs(len(model.volunteers) - 0.3 * asked) < 4 * math.sqrt(asked * 0.3 * 0.7) + 0.3 * asked * 300 / 1024


def test_whom_to_ask_is_drawn_by_berth_whatever_the_row() -> None:
    model = model_of(without_volunteers(300), volunteer_says_yes=1.0, asks_per_vacancy=5.0)
    mixed = without_volunteers(300)
    order = np.random.default_rng(5).permutation(300)
    other = model_of(mixed[order], volunteer_says_yes=1.0, asks_per_vacancy=5.0)
    for one in (model, other):
        recruit(one, 60, 5.0)
    assert [int(model.columns.berth[v.row]) for v in model.volunteers] == [
        int(other.columns.berth[v.row]) for v in other.volunteers
    ]


def test_one_berth_more_changes_only_the_asks_that_fall_on_it() -> None:
    """300 and 301 lie below the same power of two."""
    found = []
    for size in (300, 301):
        residents = without_volunteers(301)
        residents = residents[residents.berth < size]
        model = model_of(residents, volunteer_says_yes=1.0, asks_per_vacancy=1.0)
        recruit(model, 60, 20.0)
        found.append({int(model.columns.berth[volunteer.row]) for volunteer in model.volunteers})
    assert found[0] == found[1] - {300}
    assert len(found[0]) > 10


def volunteers_of(model: PlaceModel) -> list[Volunteer]:
    return list(model.volunteers)


def test_about_the_evidences_share_leaves_in_a_year() -> None:
    model = model_of(random_residents(2_000, 3))
    start = len(model.volunteers)
    for week in range(100, 152):
        stand_down(model, week)
    rate = model.rates.programmes.volunteer_leaving_rate
    stays = start * math.exp(-rate)
    assert abs(len(model.volunteers) - stays) < 4 * math.sqrt(start * math.exp(-rate) * (1 - math.exp(-rate)))
    assert sorted(v.row for v in model.volunteers) == np.flatnonzero(model.columns.volunteer).tolist()


def test_whoever_dies_or_moves_away_is_no_volunteer_any_more() -> None:
    model = model_of(random_residents(200, 1), volunteer_leaving_rate=0.0)
    gone, *_ = volunteers_of(model)
    model.columns.generation[gone.row] += 1  # as `settle` does, for a newcomer who may volunteer too
    assert not gone.still_here
    kept = [volunteer for volunteer in model.volunteers if volunteer is not gone]
    stand_down(model, 60)
    assert model.volunteers == kept
    assert model.columns.volunteer[gone.row] == 1, "the newcomer's own choice is not touched"
    assert gone not in model.agents


def test_nobody_runs_a_cafe_that_has_closed() -> None:
    model = model_of(random_residents(200, 1), volunteer_leaving_rate=0.0)
    stand_down(model, 60)
    assert len(model.volunteers) == model.columns.volunteer.sum() > 0
    model.set_week(model.now._replace(still_open=np.array([1, 0, 1], np.uint8)))
    stand_down(model, 60)
    assert model.volunteers == []
    assert not model.columns.volunteer.any()


@pytest.mark.parametrize("engine", ["columns", "agents"])
def test_volunteers_and_their_columns_agree_every_week(engine: str) -> None:
    spec = small_spec(funding=CAFES, changes={"programmes.lag": dict.fromkeys(c.PROGRAMMES, 1.0)}, weeks=26)
    model = place_model(spec, random_residents(150, 2), engine=engine)
    while model.elapsed < 26:
        model.step()
        assert sorted(v.row for v in model.volunteers) == np.flatnonzero(model.columns.volunteer).tolist()
    assert len(model.volunteers) > 0
