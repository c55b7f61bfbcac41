"""Living alone: a small risk of its own from 65 on, of acute episodes and of going into a care home."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from simulator.foundations import categories as c
from simulator.model.place_model import PlaceModel
from simulator.places.national import england
from simulator.rules.social_care import CARE_HOME, HOME_CARE, WAITING
from tests.helpers.loops import LOOPS
from tests.helpers.support import busy_week, place_model, random_residents, small_spec

SIZE = 4_000
OFTEN = {"illness.emergency_admission_rate": dict.fromkeys(c.AGE_BANDS, 3000.0)}
CAUSAL = "illness.alone_causal_share"
YEARS = "illness.gp_years_causal_share"


def after(phase: str, alone: int, changes: dict[str, Any], *, state: int | None = None) -> PlaceModel:
    """A place in which everybody does or does not live alone, after one phase with the same random numbers."""
    residents = random_residents(SIZE, 4)
    residents.lives_alone = alone
    if state is not None:
        residents.care_state = np.where(residents.age_band >= c.ADULT_BAND, state, 0)
    model = place_model(small_spec(changes=changes), residents)
    model.set_week(busy_week(model))
    LOOPS["draw_random_words"](model.records, model.workspace, model.packed_now, (0, SIZE))
    LOOPS[phase](model.records, model.workspace, model.packed, model.packed_now, (0, SIZE))
    return model


def fell_ill(alone: int, ratio: float, causal: float) -> tuple[np.ndarray, np.ndarray]:
    """Who falls ill at 65 and over, and who does at younger ages."""
    people = after("fall_ill", alone, OFTEN | {"illness.alone_ratio": ratio, CAUSAL: causal}).columns
    old = people.age_band >= c.OLDER_BAND
    return (people.episode > 0)[old], (people.episode > 0)[~old]


def test_living_alone_raises_episodes_of_the_old_and_of_nobody_else() -> None:
    (alone, young_alone), (others, young_others) = fell_ill(1, 1.5, 1.0), fell_ill(0, 1.5, 1.0)
    assert alone.sum() > 1.1 * others.sum() > 0
    assert not (others & ~alone).any()
    assert (young_alone == young_others).all()


def test_the_higher_the_ratio_the_more_of_those_who_live_alone_fall_ill() -> None:
    at_home_alone = [fell_ill(1, ratio, 0.5)[0].sum() for ratio in (1.0, 1.14, 2.0, 4.0)]
    with_others = [fell_ill(0, ratio, 0.5)[0].sum() for ratio in (1.0, 1.14, 2.0, 4.0)]
    assert at_home_alone[0] <= at_home_alone[1] < at_home_alone[2] < at_home_alone[3]
    assert with_others[0] >= with_others[1] > with_others[2] > with_others[3]


@pytest.mark.parametrize(("ratio", "causal"), [(1.0, 1.0), (3.0, 0.0)])
def test_without_a_ratio_or_a_causal_share_living_alone_changes_nothing(ratio: float, causal: float) -> None:
    (alone, _), (others, _) = fell_ill(1, ratio, causal), fell_ill(0, ratio, causal)
    assert (alone == others).all()


def into_care_homes(alone: int, state: int, ratio: float, causal: float = 1.0) -> tuple[int, int]:
    """People of 65 and over, and younger ones, who go into a care home in a week."""
    often = {
        "social_care.alone_care_home_ratio": ratio,
        "social_care.care_home_share": dict.fromkeys(c.AGE_BANDS, 0.3),
        "social_care.care_home_move_rate": 8.0,
        CAUSAL: causal,
    }
    people = after("need_care", alone, often, state=state).columns
    moved, old = people.care_state == CARE_HOME, people.age_band >= c.OLDER_BAND
    return int((moved & old).sum()), int((moved & ~old).sum())


@pytest.mark.parametrize("state", [WAITING, HOME_CARE])
def test_who_lives_alone_goes_into_a_care_home_sooner(state: int) -> None:
    alone = [into_care_homes(1, state, ratio) for ratio in (1.0, 1.5, 2.5)]
    others = [into_care_homes(0, state, ratio) for ratio in (1.0, 1.5, 2.5)]
    assert alone[0] == others[0], "at a ratio of 1 there is no difference"
    assert alone[0][0] < alone[1][0] < alone[2][0]
    assert others[0][0] > others[1][0] > others[2][0]
    assert {young for _, young in alone + others} == {alone[0][1]}
    assert into_care_homes(1, state, 2.5, causal=0.0) == into_care_homes(0, state, 2.5, causal=0.0)


def test_rates_by_age_stay_those_of_england() -> None:
    doubled = {"illness.alone_ratio": 2.0, "social_care.alone_care_home_ratio": 1.5, YEARS: 0.0}
    model = PlaceModel(small_spec(changes=doubled), 1)
    share = np.array(england().living_alone)[c.OLDER_BAND :]
    by_age = model.tables.circumstances.reshape(len(c.AGE_BANDS), 2, -1)
    assert (by_age == by_age[:, :, :1]).all()
    episode = np.exp(by_age[c.OLDER_BAND :, :, 0])
    assert episode[:, 1] / episode[:, 0] == pytest.approx(np.full(len(share), 2.0**0.5))
    assert episode[:, 1] * share + episode[:, 0] * (1.0 - share) == pytest.approx(np.ones(len(share)))
    moves = model.tables.alone_care_home.reshape(-1, 2)[c.OLDER_BAND :]
    ask = model.rates.social_care.request_alone_ratio
    asking = share * ask / (1.0 + share * (ask - 1.0))
    assert moves[:, 1] / moves[:, 0] == pytest.approx(np.full(len(share), 1.5**0.5))
    assert moves[:, 1] * asking + moves[:, 0] * (1.0 - asking) == pytest.approx(np.ones(len(share)))


def test_a_place_starts_with_as_many_episodes_as_before() -> None:
    model = PlaceModel(small_spec(residents=12_000, changes={YEARS: 0.0}), 1)
    r = model.columns
    ratio = np.exp(model.tables.circumstances.reshape(len(c.AGE_BANDS), 2, -1)[r.age_band, r.lives_alone, 0])
    assert ratio[r.age_band >= c.OLDER_BAND].mean() == pytest.approx(1.0, abs=0.004)
    assert (ratio[r.age_band < c.OLDER_BAND] == 1.0).all()
