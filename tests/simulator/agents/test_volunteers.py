"""Volunteers: hours, strain, teams, clients, and leaving."""

from __future__ import annotations

import math

import numpy as np
import pytest

from simulator.agents import volunteers as module
from simulator.agents.recruiting import VolunteerPool, identity
from simulator.agents.volunteers import (
    VolunteerDemand,
    care_share,
    demand_per_volunteer,
    pair_clients,
    recruit,
    stand_down,
    volunteer,
    volunteers_of,
)
from simulator.foundations import categories as c
from simulator.foundations.measures import INDEX
from simulator.population.columns import AWAY_GROUP
from simulator.population.ties import drop_all_ties, tie_slot
from simulator.rules.programmes import ENROLLED
from tests.helpers.support import CORE, differing, place_model, random_residents, small_spec
from tests.helpers.volunteering import (
    CAFES,
    EAGER,
    SURGE,
    VISITS,
    all_volunteers,
    group,
    live_on,
    volunteering,
    without_volunteers,
)


def test_a_programme_gets_the_volunteers_it_wants_and_no_more() -> None:
    model = volunteering(400, EAGER)
    want = group(2.5 * model.programmes[c.TALKING_CAFES].number("volunteers_per_unit"))
    recruit(model, VolunteerPool(model), want)
    assert len(model.volunteers) == math.ceil(want.volunteers) > 2
    before = list(model.volunteers)
    model.week += 1
    recruit(model, VolunteerPool(model), want)
    assert model.volunteers == before


def test_nobody_asks_more_people_in_a_week_than_live_there(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[float] = []
    monkeypatch.setattr(module, "ask_residents", lambda model, pool, mine, asks, role: asked.append(asks) or iter(()))
    model = volunteering(200, EAGER)
    for wanted, more in ((3.0, 1.0), (3.0, 1e9), (1e9, 1.0)):
        recruit(model, VolunteerPool(model), group(wanted), more)
    assert asked == [3.0 * EAGER["asks_per_vacancy"], 200.0, 200.0]


def test_too_many_cafes_get_the_available_volunteers_one_each() -> None:
    model = volunteering(200, EAGER)
    assert live_on(model, group(2_000_000.0, 0.0, team=5.0), 20, leaving_ratio=0.0)[-1] > 100
    assert [each.team for each in model.volunteers] == list(range(len(model.volunteers)))
    assert model.volunteering.tally_of(c.TALKING_CAFES).asked <= 20 * 200


def test_volunteers_are_adults_who_are_not_lonely_and_sit_at_their_cafe() -> None:
    model = volunteering(400, EAGER)
    volunteer(model, [group(30)])
    rows = [each.row for each in model.volunteers]
    columns = model.columns
    assert len(rows) == len(set(rows)) == 30
    assert sorted(rows) == np.flatnonzero(columns.volunteer).tolist()
    assert (columns.age_band[rows] >= c.ADULT_BAND).all()
    assert not columns.lonely[rows].any()
    assert (columns.programme_status[rows, c.TALKING_CAFES] == ENROLLED).all()
    assert {each.since_week for each in model.volunteers} == {model.week}
    assert {each.tenure for each in model.volunteers} == {0}


def test_new_group_members_are_the_same_for_agents_and_columns() -> None:
    model = volunteering(200, EAGER)
    model.columns.programme_status[:] = 0
    model.columns.away[:] = model.workspace.away[:] = AWAY_GROUP
    volunteer(model, [group(10)])
    rows = [each.row for each in model.volunteers]
    assert not (model.columns.away[rows] & AWAY_GROUP).any()
    assert (model.workspace.away == model.columns.away).all()


def test_twice_the_hours_asked_buy_less_than_twice_the_care_and_may_buy_less_than_before() -> None:
    """Care rises with the hours asked up to those available; beyond that, strain costs more than it brings."""
    care, stayed = [], []
    for hours in (0.75, 1.5, 4.0, 8.0):
        model = volunteering(1_500, EAGER)
        live_on(model, group(40, 1.0), 4)
        model.volunteering.tallies.clear()
        stayed.append(live_on(model, group(40, hours), 52, asks_ratio=0.0)[-1])
        care.append(model.volunteering.tally_of(c.TALKING_CAFES).care_hours)
    assert care[1] == pytest.approx(2 * care[0], rel=1e-6)
    assert care[0] < care[2] < 1.5 * care[1]
    assert care[3] < care[2]
    assert stayed[0] == stayed[1] > stayed[2] > stayed[3]


def test_strain_follows_excess_hours_and_can_be_switched_off() -> None:
    model = volunteering(300, EAGER)
    live_on(model, group(10), 1)
    for each in model.volunteers:
        each.hours = 2.0
    live_on(model, group(10, 2.0), 1)
    assert {each.strain for each in model.volunteers} == {0.0}
    assert care_share(model, group(10, 2.0)) == 1.0
    live_on(model, group(10, 4.0), 100, leaving_ratio=0.0)
    assert {round(each.strain, 3) for each in model.volunteers} == {0.5}
    effect = model.rates.volunteers.strain_quality_effect
    assert care_share(model, group(10, 4.0)) == pytest.approx(0.5 * math.exp(0.5 * effect))


def test_groups_share_hours_by_availability_and_visitors_by_clients() -> None:
    model = volunteering(300, EAGER)
    live_on(model, group(4), 1)
    for hours, each in enumerate(model.volunteers, 1):
        each.hours = float(hours)
    model.columns.days_in_hospital[model.volunteers[0].row] = 9
    assert [asked for _, asked, _ in demand_per_volunteer(model.volunteers, group(6, 3.0))] == pytest.approx(
        [0.0, 4.0, 6.0, 8.0]
    )
    model.volunteers[1].clients = [(0, (0, 0))]
    visits = VolunteerDemand(c.TALKING_CAFES, 4.0, 1.5, clients_each=2.0)
    assert [asked for _, asked, _ in demand_per_volunteer(model.volunteers, visits)] == [0.0, 0.75, 0.0, 0.0]


@pytest.mark.parametrize("ratio", [1.0, 0.5])
def test_about_the_evidences_share_leaves_in_a_year_without_strain(ratio: float) -> None:
    """NCVO 2023, Time Well Spent: 77 % are likely to go on; 20 to 25 % of volunteers stop in a year."""
    model = all_volunteers(1_000, {})
    start = len(model.volunteers)
    left = start - live_on(model, group(start, 0.0), 52, asks_ratio=0.0, leaving_ratio=ratio)[-1]
    expected = 1 - math.exp(-0.23 * ratio)
    assert 0.20 < 1 - math.exp(-0.23) < 0.25
    assert abs(left / start - expected) < 4 * math.sqrt(expected * (1 - expected) / start)
    assert model.volunteering.tally_of(c.TALKING_CAFES).left == left
    assert sorted(each.row for each in model.volunteers) == np.flatnonzero(model.columns.volunteer).tolist()


def test_more_leave_under_strain_unless_its_effect_is_switched_off() -> None:
    found = []
    for effect, hours in ((0.0, 0.0), (0.0, 9.0), (1.0, 9.0)):
        model = all_volunteers(400, {"strain_leaving_effect": effect})
        found.append(live_on(model, group(len(model.volunteers), hours), 52, asks_ratio=0.0)[-1])
    assert found[0] == found[1] > 1.05 * found[2]


def test_a_team_gets_to_know_each_other_and_parts_when_one_stops() -> None:
    model = volunteering(400, EAGER)
    for row in range(400):
        drop_all_ties(model.columns, row)
    live_on(model, group(9, 1.0, team=3), 1)
    teams = [each.team for each in model.volunteers]
    assert sorted(teams) == [0, 0, 0, 1, 1, 1, 2, 2, 2]
    for one in model.volunteers:
        for other in model.volunteers:
            slot = int(tie_slot(model.columns, np.uint32(one.row), np.uint32(other.row)))
            assert (slot >= 0) == (one is not other and one.team == other.team)
            if slot >= 0:
                assert model.columns.context[one.row, slot] == c.VOLUNTEER
                assert model.columns.contact_level[one.row, slot] > 0
    gone = model.volunteers[0]
    gone.strain = 20.0
    mates = [each.row for each in model.volunteers if each.team == gone.team and each is not gone]
    close = mates[0]
    for a, b in ((gone.row, close), (close, gone.row)):
        model.columns.strength[a, tie_slot(model.columns, np.uint32(a), np.uint32(b))] = 0.9
    stand_down(model, VolunteerPool(model), {c.TALKING_CAFES}, 1.0)
    contexts = [
        int(model.columns.context[row, tie_slot(model.columns, np.uint32(row), np.uint32(gone.row))]) for row in mates
    ]
    assert contexts == [c.FRIEND, c.VOLUNTEER]
    faded = tie_slot(model.columns, np.uint32(mates[1]), np.uint32(gone.row))
    assert model.columns.contact_level[mates[1], faded] == 0


def test_each_client_is_visited_by_one_volunteer_with_room_and_both_are_tied() -> None:
    model = volunteering(500, EAGER)
    clients = [row for row in range(500) if model.columns.lonely[row]][:12]
    want = VolunteerDemand(VISITS, 8.0, 1.0, clients_each=1.0)
    volunteer(model, [want])
    assert pair_clients(model, want, clients) == 8
    pairs = {each.row: each.clients[0][0] for each in volunteers_of(model, VISITS)}
    assert len(set(pairs.values())) == 8 <= len(clients)
    for one, client in pairs.items():
        slot, back = (
            int(tie_slot(model.columns, np.uint32(a), np.uint32(b))) for a, b in ((one, client), (client, one))
        )
        assert model.columns.context[one, slot] == model.columns.context[client, back] == c.VOLUNTEER
        assert model.columns.strength[one, slot] == model.columns.strength[client, back] > 0
    assert care_share(model, want) == pytest.approx(1.0, abs=0.2)
    model.week += 1
    assert pair_clients(model, want, clients) == 8, "they stay together"
    assert {each.row: each.clients[0][0] for each in volunteers_of(model, VISITS)} == pairs
    ended = next(iter(pairs.values()))
    model.columns.generation[ended] += 1
    assert pair_clients(model, want, [row for row in clients if row in (ended, *pairs.values())]) == 7
    assert pair_clients(model, want, clients[:0]) == 0
    assert not any(each.clients for each in model.volunteers)


def test_volunteers_who_die_or_move_away_are_removed() -> None:
    model = all_volunteers(200, {"leaving_rate": 0.0})
    gone = model.volunteers[0]
    model.columns.generation[gone.row] += 1  # as `settle` does, for a newcomer who may volunteer too
    assert not gone.still_here
    kept = [each for each in model.volunteers if each is not gone]
    stand_down(model, VolunteerPool(model), {c.TALKING_CAFES}, 1.0)
    assert model.volunteers == kept
    assert model.columns.volunteer[gone.row] == 1, "the newcomer's own choice is not touched"
    assert gone not in model.agents


def test_nobody_volunteers_for_a_programme_that_has_closed() -> None:
    model = all_volunteers(200, {"leaving_rate": 0.0})
    volunteer(model, [group(500, 0.0)], asks_ratio=0.0)
    assert len(model.volunteers) == model.columns.volunteer.sum() > 0
    volunteer(model, [])
    assert model.volunteers == []
    assert not model.columns.volunteer.any()


@pytest.mark.parametrize("engine", ["columns", "agents"])
def test_volunteers_and_their_columns_agree_every_week(engine: str) -> None:
    changes = {"programmes.lag": dict.fromkeys(CORE, 1.0), "volunteers.willing_share": 0.9}
    spec = small_spec(funding=CAFES, changes=changes, weeks=26)
    model = place_model(spec, random_residents(150, 2), engine=engine)
    for each in model.volunteers:
        assert each.person == identity(model, each.row)
    while model.elapsed < 26:
        model.step()
        assert sorted(each.row for each in model.volunteers) == np.flatnonzero(model.columns.volunteer).tolist()
    assert len(model.volunteers) > 0
    table = model.book.frames(model).volunteers
    assert table["quarter"].tolist() == [0, 1]
    assert (table["said_yes"] <= table["asked"]).all()
    assert (table["care_hours"] <= table["hours"]).all()
    counted = sum(one[:, INDEX["volunteer_weeks"]].sum() for one in model.book.cells)
    assert table["weeks"].sum() == pytest.approx(counted, rel=0.1), "every week, and every four weeks"
    assert counted > 0


def test_without_demand_for_volunteers_results_are_identical() -> None:
    """Evidence and a surge that would make everyone a volunteer, but no programme that asks."""
    changes = {f"volunteers.{name}": value for name, value in EAGER.items()}
    residents = without_volunteers(200)
    plain = place_model(small_spec(weeks=26), residents)
    other = place_model(small_spec(weeks=26, changes=changes, volunteer_surge={**SURGE, "from_week": 0}), residents)
    for model in (plain, other):
        model.run_model()
    assert differing(plain.columns, other.columns) == []
    assert all((one == two).all() for one, two in zip(plain.book.cells, other.book.cells, strict=True))
    assert other.book.frames(other).volunteers.empty
