"""Residents as Mesa's AgentSet: all of its methods, at array speed unless agents are requested."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import mesa
import numpy as np
import pytest
from mesa.agent import AgentSet

from simulator.agents.programmes import Programme
from simulator.agents.services import Practice, Service
from simulator.agents.volunteers import Volunteer
from simulator.errors import UnknownNameError
from simulator.foundations import categories as c
from simulator.model.place_model import WEEK, PlaceModel
from simulator.residents.agent_set import PlaceAgentSet, ResidentSet
from simulator.residents.resident import Resident
from simulator.residents.view import ResidentView
from tests.helpers.support import BESIDES, CORE, everything_spec, place_model, random_residents

SIZE = 200


@pytest.fixture
def model() -> PlaceModel:
    return place_model(everything_spec(), random_residents(SIZE, 4))


def built(model: PlaceModel) -> int:
    return len(model._residents)


VECTORISED: list[Callable[[Any], Any]] = [
    lambda r: (r.age_band >= 6) & (r.lonely == 1),
    lambda r: (r.conditions == 3) | (r.lives_alone != 1),
    lambda r: r.support > r.trust,
    lambda r: r.lonely,
    lambda r: r.conditions - 2 < 0,
    lambda r: (r.age_weeks + 52) * 1_000_000 > 2**31,
    lambda r: r.programme_status[c.TALKING_CAFES] == 2,
    lambda r: r.unmet_need,
]
ONE_AT_A_TIME: list[Callable[[Any], Any]] = [
    lambda r: r.age_band >= 6 and r.lonely,
    lambda r: r.lonely or r.conditions > 2,
    lambda r: not r.lonely,
    lambda r: r.age_band in (2, 3),
    lambda r: int(r.support * 4) == 2,
    lambda r: math.exp(r.support) > 1.5,
    lambda r: ("no", "yes")[r.lonely] == "yes",
    lambda r: r.age_weeks.bit_length() > 11,
    lambda r: r.unique_id % 2 == 0,
    lambda r: len(list(r.ties())) > 3,
    lambda r: r.admissions_by_quarter.sum() > 2,
    lambda r: True,
]


@pytest.mark.parametrize("number", range(len(VECTORISED)))
def test_a_filter_on_columns_selects_as_it_does_on_agents_and_builds_none(model: PlaceModel, number: int) -> None:
    wanted = VECTORISED[number]
    chosen = model.residents.select(wanted)
    assert built(model) == 0
    assert chosen.rows.tolist() == [agent.row for agent in model.residents if wanted(agent)]
    assert 0 < len(chosen) < SIZE


@pytest.mark.parametrize("number", range(len(ONE_AT_A_TIME)))
def test_a_filter_for_one_agent_selects_as_mesa_does(model: PlaceModel, number: int) -> None:
    wanted = ONE_AT_A_TIME[number]
    by_mesa = AgentSet(list(model.residents), random=model.random).select(wanted)
    assert list(model.residents.select(wanted)) == list(by_mesa)
    assert len(by_mesa) > 0


@pytest.mark.parametrize("size", [0, 1, 3, 4, 15])
def test_a_small_set_is_filtered_as_a_large_one(model: PlaceModel, size: int) -> None:
    """Sizes that are those of wide traits too: no row of one resident may pass for a column of all."""
    few = model.residents.select(at_most=size)
    for wanted in (*VECTORISED, *ONE_AT_A_TIME, lambda r: r.programme_status[1] == 2, lambda r: r.context[0] < 3):
        assert few.select(wanted).rows.tolist() == [agent.row for agent in few if wanted(agent)]


@pytest.mark.parametrize(("at_most", "expected"), [(7, 7), (0, 0), (0.25, SIZE // 4), (1.0, SIZE), (10**6, SIZE)])
def test_at_most_is_a_number_or_a_share(model: PlaceModel, at_most: float, expected: int) -> None:
    assert model.residents.select(at_most=at_most).rows.tolist() == list(range(expected))
    assert len(AgentSet(list(model.residents), random=model.random).select(at_most=at_most)) == expected


def test_at_most_counts_those_chosen(model: PlaceModel) -> None:
    lonely = model.residents.select(lambda r: r.lonely == 1)
    assert model.residents.select(lambda r: r.lonely == 1, at_most=5).rows.tolist() == lonely.rows[:5].tolist()


def test_inplace_changes_the_set_and_otherwise_it_stays(model: PlaceModel) -> None:
    everyone = model.residents
    lonely = everyone.select(lambda r: r.lonely == 1)
    assert len(everyone) == SIZE
    assert everyone.select(lambda r: r.lonely == 1, inplace=True) is everyone
    assert everyone.rows.tolist() == lonely.rows.tolist()
    assert [agent.lonely for agent in everyone] == [1] * len(lonely)


def test_residents_are_mesa_agents_and_nothing_else(model: PlaceModel) -> None:
    assert len(model.residents.select(agent_type=mesa.Agent)) == SIZE
    assert len(model.residents.select(agent_type=Resident)) == SIZE
    assert len(model.residents.select(agent_type=Volunteer)) == 0


def test_abilities_do_not_overlap_and_each_phase_has_one() -> None:
    assert all(ability.__bases__ == (ResidentView,) for ability in Resident.__bases__)
    phases = [name for ability in Resident.__bases__ for name in vars(ability) if not name.startswith("_")]
    assert phases == [phase for phase in WEEK if phase not in {"volunteer", "serve", "offset"}]


def test_an_unknown_trait_is_reported_with_a_suggestion(model: PlaceModel) -> None:
    said = "there is no trait of a resident 'lonelyness'. Did you mean 'lonely'?"
    residents = model.residents
    for ask in (
        lambda: residents.select(lambda r: r.lonelyness == 1),
        lambda: residents.set("lonelyness", 1),
        lambda: residents.get("lonelyness"),
        lambda: residents.agg("lonelyness", np.mean),
        lambda: residents.groupby("lonelyness"),
        lambda: residents.sort("lonelyness"),
    ):
        with pytest.raises(UnknownNameError) as caught:
            ask()
        assert str(caught.value) == said
    assert residents.get("lonelyness", "default", 7) == [7] * SIZE


def test_get_and_agg_work_on_arrays_and_build_no_agent(model: PlaceModel) -> None:
    old = model.residents.select(lambda r: r.age_band >= 6)
    assert (old.get("support") == model.columns.support[model.columns.age_band >= 6]).all()
    support, lonely = old.get(["support", "lonely"])
    assert support.shape == lonely.shape == (len(old),)
    assert old.agg("support", np.mean) == support.mean()
    assert old.agg("support", [np.min, np.max]) == [support.min(), support.max()]
    assert old.get("strength").shape == (len(old), c.TIE_SLOTS)
    assert built(model) == 0


def test_get_also_reads_attributes_that_are_not_traits(model: PlaceModel) -> None:
    few = model.residents.select(at_most=3)
    assert few.get("row") == [0, 1, 2]
    assert few.get(["row", "unique_id"]) == [[agent.row, agent.unique_id] for agent in few]


def test_set_writes_the_column_that_agents_read(model: PlaceModel) -> None:
    some = model.residents.select(lambda r: r.conditions == 2)
    agent = some[0]
    assert some.set("frailty", 1.25) is some
    assert agent.frailty == 1.25
    assert (model.columns.frailty == 1.25).sum() == len(some)
    agent.frailty = 0.75
    agent.programme_status[1] = 3
    assert model.columns.frailty[agent.row] == 0.75
    assert model.columns.programme_status[agent.row, 1] == 3


def test_groupby_a_trait_groups_at_array_speed(model: PlaceModel) -> None:
    groups = model.residents.groupby("deprivation")
    assert groups.count() == {fifth: int((model.columns.deprivation == fifth).sum()) for fifth in range(5)}
    means = groups.agg("support", np.mean)
    assert means[3] == model.columns.support[model.columns.deprivation == 3].mean()
    assert all(isinstance(group, ResidentSet) for _, group in groups)
    assert built(model) == 0


@pytest.mark.parametrize("by", [lambda r: r.age_band // 3, "sex"])
def test_groupby_groups_as_mesa_does(model: PlaceModel, by: Any) -> None:
    plain = AgentSet(list(model.residents), random=model.random).groupby(by)
    assert {name: list(group) for name, group in model.residents.groupby(by)} == {
        name: list(group) for name, group in plain
    }
    lists = model.residents.groupby(by, result_type="list")
    assert dict(lists) == {name: list(group) for name, group in plain}


def test_iteration_indexing_and_membership(model: PlaceModel) -> None:
    residents = model.residents
    agents = list(residents)
    assert len(residents) == len(agents) == SIZE
    assert agents == [residents[row] for row in range(SIZE)]
    assert residents[-1] is agents[-1]
    assert residents[2:5] == agents[2:5]
    with pytest.raises(IndexError):
        residents[SIZE]
    lonely = residents.select(lambda r: r.lonely == 1)
    assert all((agent in lonely) == (agent.lonely == 1) for agent in agents)
    assert model.practice not in residents
    assert place_model(everything_spec(), random_residents(5, 1)).residents[0] not in residents


def test_indexing_builds_only_the_requested_agents(model: PlaceModel) -> None:
    assert model.residents[7].row == 7
    assert [agent.row for agent in model.residents[10:13]] == [10, 11, 12]
    assert built(model) == 4


def test_agents_keep_their_identity(model: PlaceModel) -> None:
    agent = model.residents[5]
    assert model.residents.select(lambda r: r.row == 5)[0] is agent
    assert model.agents.select(agent_type=Resident)[5] is agent
    number = agent.unique_id
    model.step()
    assert model.resident(5) is agent
    assert agent.unique_id == number
    assert len({one.unique_id for one in model.agents}) == len(model.agents)


@pytest.mark.parametrize("ascending", [True, False])
@pytest.mark.parametrize("key", ["support", "conditions", "unique_id", lambda r: r.age_band % 4])
def test_sort_orders_as_mesa_does(model: PlaceModel, key: Any, ascending: bool) -> None:
    by_mesa = AgentSet(list(model.residents), random=model.random).sort(key, ascending=ascending)
    mine = model.residents.sort(key, ascending=ascending)
    assert list(mine) == list(by_mesa)
    same = model.residents
    assert same.sort(key, ascending=ascending, inplace=True) is same
    assert same.rows.tolist() == mine.rows.tolist()


def test_shuffle_keeps_everyone_and_changes_the_order_of_get_too(model: PlaceModel) -> None:
    mixed = model.residents.shuffle()
    assert mixed.rows.tolist() != list(range(SIZE))
    assert sorted(mixed.rows) == list(range(SIZE))
    assert mixed.get("berth").tolist() == [agent.berth for agent in mixed]
    same = model.residents
    assert same.shuffle(inplace=True) is same
    assert [agent.row for agent in same] == same.rows.tolist() != list(range(SIZE))


def test_do_and_map_and_shuffle_do(model: PlaceModel) -> None:
    called: list[int] = []
    residents = model.residents
    assert residents.do(lambda agent, mark: called.append(agent.row + mark), 1000) is residents
    assert called == list(range(1000, 1000 + SIZE))
    assert residents.map("housemates") == [agent.housemates() for agent in residents]
    assert residents.map(lambda agent: agent.row) == list(range(SIZE))
    called.clear()
    residents.shuffle_do(lambda agent: called.append(agent.row))
    assert called != sorted(called)
    assert sorted(called) == list(range(SIZE))


def test_sets_of_residents_are_sets(model: PlaceModel) -> None:
    old, lonely = (model.residents.select(f) for f in (lambda r: r.age_band >= 6, lambda r: r.lonely == 1))
    columns = model.columns
    assert sorted((old & lonely).rows) == np.flatnonzero((columns.age_band >= 6) & (columns.lonely == 1)).tolist()
    assert sorted((old | lonely).rows) == np.flatnonzero((columns.age_band >= 6) | (columns.lonely == 1)).tolist()
    assert sorted((old - lonely).rows) == np.flatnonzero((columns.age_band >= 6) & (columns.lonely == 0)).tolist()


def test_residents_can_be_added_and_left_out(model: PlaceModel) -> None:
    few = model.residents.select(at_most=3)
    newcomer = model.residents[9]
    few.add(newcomer)
    few.add(newcomer)
    assert few.rows.tolist() == [0, 1, 2, 9]
    few.discard(few[0])
    few.discard(model.residents[50])
    few.remove(newcomer)
    assert [agent.row for agent in few] == few.rows.tolist() == [1, 2]
    with pytest.raises(KeyError):
        few.remove(newcomer)
    with pytest.raises(TypeError, match="accepts residents of its own place only, not <simulator"):
        few.add(model.practice)


def test_agents_by_type_names_every_kind(model: PlaceModel) -> None:
    kinds = model.agents_by_type
    assert set(kinds) == {Resident, Service, Practice, Programme, Volunteer}
    assert isinstance(kinds[Resident], ResidentSet)
    assert list(kinds[Volunteer]) == model.volunteers
    assert kinds[Programme].get("name") == [*CORE, *BESIDES]
    assert built(model) == 0


def test_all_agents_are_residents_and_other_agents(model: PlaceModel) -> None:
    agents = model.agents
    assert isinstance(agents, PlaceAgentSet)
    assert len(agents) == SIZE + len(model.services) + len(model.programmes) + len(model.volunteers)
    lonely = agents.select(lambda r: r.lonely == 1, agent_type=Resident)
    assert lonely.rows.tolist() == np.flatnonzero(model.columns.lonely).tolist()
    assert list(agents.select(agent_type=Programme)) == list(model.programmes)
    assert list(agents.select(lambda a: a.name == "gp_practice", agent_type=Service)) == [model.practice]
    assert model.practice in agents
    assert built(model) == 0
    assert len(list(agents)) == len(agents) == built(model) + len(agents.few)
    assert model.residents[3] in agents


def test_operations_on_all_agents_return_a_new_set(model: PlaceModel) -> None:
    ordered = model.agents.sort("unique_id", ascending=True, inplace=True)
    numbers = ordered.get("unique_id")
    assert numbers == sorted(numbers)
    assert len(model.agents) == len(ordered)
    assert len(model.agents.select(lambda agent: isinstance(agent, Service), inplace=True)) == len(model.services)
    assert len(model.agents.select(at_most=0.5)) == len(model.agents) // 2
    assert len(model.agents.shuffle()) == len(model.agents)
