"""The ways in which relational work acts: what each does, what switches it off, and that more of it does more."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import pytest

from simulator.evaluation.scores import loneliness_scores
from simulator.foundations.categories import ADULT_BAND, FRIEND, KIN, NEIGHBOUR, NO_TIE
from simulator.foundations.measures import INDEX
from simulator.model.place_model import PlaceModel
from simulator.rules.programmes import NOT_ENROLLED, seat_in_circle
from tests.helpers.support import differing, small_spec

WEEKS = 40
AT_ONCE = {"health_connectors": 1.0, "talking_cafes": 1.0, "complex_care_hub": 1.0}
EAGER = {"volunteers.says_yes": 0.9, "volunteers.willing_share": 0.8, "programmes.lag": AT_ONCE}


def lived(*, weeks: int = WEEKS, changes: dict[str, Any] | None = None, **parts: Any) -> PlaceModel:
    model = PlaceModel(small_spec(weeks=weeks, changes=EAGER | (changes or {}), **parts), 3)
    while model.elapsed < weeks:
        model.step()
    return model


def paid(programme: str, units: float) -> list[dict[str, Any]]:
    return [{"programme": programme, "kind": "new_money", "payer": "nhs", "units": units}]


@lru_cache(maxsize=8)
def connectors(old_ties: float, sessions: float, outlook_effect: float = 0.12, weeks: int = WEEKS) -> PlaceModel:
    """Connectors who form no tie of their own, so that only the way under test is left."""
    number = "programme.health_connectors."
    changes = {
        number + "contacts_per_week": 1.0,
        number + "tie_strength": 0.0,
        "ties.hour_ratio": {"group": 0.0, "professional": 0.0, "volunteer": 0.0},
        number + "unmet_need_found": 0.0,
        number + "introduction": 0.0,
        number + "old_ties": old_ties,
        number + "sessions": sessions,
        "loneliness.outlook_effect": outlook_effect,
    }
    return lived(weeks=weeks, changes=changes, funding=paid("health_connectors", 4.0))


def members_of(model: PlaceModel, slot: int = 0) -> np.ndarray:
    return np.asarray(model.columns.programme_status[:, slot] != NOT_ENROLLED)


def test_old_ties_brought_back_have_more_contact_at_both_ends() -> None:
    without, some, many = (connectors(number, 0.0) for number in (0.0, 1.0, 3.0))
    members = members_of(without)
    contact = [model.columns.contact_level.astype(float).sum(axis=1) for model in (without, some, many)]
    assert contact[0][members].mean() < contact[1][members].mean() < contact[2][members].mean()
    here, there, restored = ends_of_old_ties(many)
    assert here == pytest.approx(there), "an old tie has as much contact seen from one end as from the other"
    assert restored > 10, "and some of those who have more contact now were never in a programme"


def ends_of_old_ties(model: PlaceModel) -> tuple[list[int], list[int], int]:
    """Contact levels of old ties at both ends, and how many people outside programmes have one with a member."""
    columns, here, there, outside = model.columns, [], [], set()
    members = members_of(model)
    for row, slot in zip(*np.nonzero(np.isin(columns.context, (KIN, FRIEND, NEIGHBOUR))), strict=True):
        other = int(columns.other[row, slot])
        if other == row:  # someone who lives elsewhere
            continue
        back = np.flatnonzero((columns.other[other] == row) & (columns.context[other] != NO_TIE))
        here.append(int(columns.contact_level[row, slot]))
        there.append(int(columns.contact_level[other, back[0]]))
        if members[row] and not members[other]:
            outside.add(other)
    return here, there, len(outside)


def test_scores_are_in_standard_deviations_of_the_adults_of_the_place_when_it_begins() -> None:
    model = PlaceModel(small_spec(weeks=4), 3)
    of_adults = loneliness_scores(model)[model.columns.age_band >= ADULT_BAND]
    assert of_adults.mean() == pytest.approx(0.0, abs=0.02)
    assert of_adults.std() == pytest.approx(1.0, abs=0.02)


def test_contact_restored_becomes_support_and_lowers_the_score() -> None:
    without, many = connectors(0.0, 0.0), connectors(3.0, 0.0)
    same = members_of(without) & members_of(many) & (without.columns.generation == many.columns.generation)
    assert many.columns.support[same].mean() > without.columns.support[same].mean() + 0.005
    assert loneliness_scores(many)[same].mean() < loneliness_scores(without)[same].mean()


def test_sessions_change_the_outlook_of_those_who_attend_and_it_fades() -> None:
    few, many = connectors(0.0, 0.1), connectors(0.0, 1.0)
    assert 0.0 < few.columns.outlook[members_of(few)].mean() < many.columns.outlook[members_of(many)].mean() < 1.0
    assert not connectors(0.0, 0.0).columns.outlook.any()
    later = connectors(0.0, 1.0, weeks=WEEKS + 4)
    same = members_of(many) & (many.columns.generation == later.columns.generation)
    left = same & (many.columns.enrolled == 0) & (later.columns.enrolled == 0) & (many.columns.outlook > 0.0)
    left &= many.columns.age_band >= ADULT_BAND
    kept = 0.5 ** (4.0 / many.rates.loneliness.outlook_half_life)
    assert left.sum() > 10
    assert later.columns.outlook[left] == pytest.approx(many.columns.outlook[left] * kept, rel=1e-5)


def test_an_outlook_without_effect_changes_no_score() -> None:
    none, idle = connectors(0.0, 0.0, 0.0), connectors(0.0, 1.0, 0.0)
    assert differing(none.columns, idle.columns) == ["outlook"]
    assert connectors(0.0, 1.0).columns.lonely.sum() < idle.columns.lonely.sum()


@pytest.mark.parametrize("circle", [0.0, 0.1, 1.0])
def test_regular_members_sit_within_the_circle_of_their_unit(circle: float) -> None:
    places = [seat_in_circle(0.2, u, circle) / 2**32 for u in (0.0, 0.5, 0.999)]
    assert places == pytest.approx([(0.2 + u * circle) % 1.0 for u in (0.0, 0.5, 0.999)], abs=1e-6)


def test_the_smaller_the_unit_the_fewer_strangers_meet() -> None:
    number = "programme.talking_cafes."
    changes = {number + "offer_rate": 0.3, number + "volunteers_per_unit": 0.0}
    one_large, many_small = (
        lived(changes={**changes, number + "caseload": 200.0 / units}, funding=paid("talking_cafes", units))
        for units in (1.0, 50.0)
    )
    assert members_of(one_large).sum() == members_of(many_small).sum()
    assert counted(many_small, "friends_made") < 0.9 * counted(one_large, "friends_made")


@lru_cache(maxsize=4)
def trained(conversations: float, introduction: float, old_ties: float) -> PlaceModel:
    number = "programme.community_connectors."
    changes = {
        number + "conversations": conversations,
        number + "introduction": introduction,
        number + "old_ties": old_ties,
        number + "lag": 1.0,
        number + "volunteers_per_unit": 60.0,
        "programme.talking_cafes.offer_rate": 0.0,
    }
    return lived(changes=changes, funding=[*paid("community_connectors", 1.0), *paid("talking_cafes", 3.0)])


def counted(model: PlaceModel, measure: str) -> int:
    return int(sum(cells.sum(axis=0)[INDEX[measure]] for cells in model.book.cells))


def test_conversations_are_held_by_volunteers_with_adults_at_the_rate_of_the_file() -> None:
    model = trained(104.0, 0.3, 0.0)
    connectors_now = [each for each in model.volunteers if model.programmes[each.programme].name.startswith("comm")]
    assert len(connectors_now) > 40
    held = counted(model, "conversations")
    assert held == pytest.approx(2.0 * len(connectors_now) * (WEEKS - 8), rel=0.35)
    assert counted(trained(20.0, 0.3, 0.0), "conversations") < held / 3


def test_whoever_is_spoken_to_may_join_lonely_or_not() -> None:
    model = trained(104.0, 0.3, 0.0)
    hosts = members_of(trained(104.0, 0.0, 0.0), 1)
    joined = np.flatnonzero(members_of(model, 1) & ~hosts & (model.columns.volunteer == 0))
    assert len(joined) > 10
    assert hosts.sum() < 0.5 * members_of(model, 1).sum(), "nobody else is offered a place without conversations"
    assert (loneliness_scores(model)[joined] < 0.0).any()


def test_conversations_that_lead_nowhere_change_nothing() -> None:
    silent, spoken = trained(0.0, 0.0, 0.0), trained(104.0, 0.0, 0.0)
    assert differing(silent.columns, spoken.columns) == []
    assert trained(104.0, 0.0, 0.5).columns.support.mean() > spoken.columns.support.mean()


@lru_cache(maxsize=3)
def travelling(effect: float) -> PlaceModel:
    return lived(changes={"loneliness.travel_effect": effect, "ties.support_half": 2.2}, weeks=26)


def test_loneliness_that_travels_makes_more_people_lonely_the_more_it_does() -> None:
    lonely = [int(travelling(effect).columns.lonely.sum()) for effect in (0.0, 0.1, 0.5)]
    assert lonely[0] < lonely[1] < lonely[2]
    assert not travelling(0.0).workspace.lonely_ties.any()
    model = travelling(0.5)
    close = model.rates.ties.close_strength
    row = int(np.argmax(model.workspace.lonely_ties))
    ties = [
        j for j in range(15) if model.columns.strength[row, j] >= close * 0.9 and model.columns.other[row, j] != row
    ]
    assert 0 < model.workspace.lonely_ties[row] <= len(ties)


def test_those_who_give_their_time_are_less_lonely_by_the_effect() -> None:
    spent: list[PlaceModel] = [
        lived(changes={"loneliness.giver_effect": effect}, weeks=13, funding=paid("talking_cafes", 10.0))
        for effect in (0.0, 0.3)
    ]
    givers = spent[0].columns.volunteer == 1
    assert givers.sum() > 5
    fall = loneliness_scores(spent[0])[givers] - loneliness_scores(spent[1])[givers]
    assert fall == pytest.approx(np.full(int(givers.sum()), 0.3), abs=0.05)


def test_lonely_people_make_fewer_friends_if_so_set() -> None:
    usual, withdrawn = (
        lived(weeks=52, changes={"loneliness.friend_making_ratio": ratio, "ties.friend_making_rate": 6.0})
        for ratio in (1.0, 0.0)
    )
    lonely = (usual.columns.weeks_lonely > 40) & (withdrawn.columns.weeks_lonely > 40)
    assert withdrawn.columns.support[lonely].mean() < usual.columns.support[lonely].mean()
