"""Volunteers: a finite pool, asked by people they know or by a programme, with hours, strain and an end."""

from __future__ import annotations

import datetime
import itertools
import math
from functools import lru_cache
from typing import Any

import numpy as np
import pytest

from simulator import categories as c
from simulator.columns import AWAY_GROUP, ENROLLED, Residents
from simulator.model import PlaceModel
from simulator.recruiting import Pool, identity, personal_luck
from simulator.ties import drop_all_ties, tie_slot
from simulator.volunteers import (
    Volunteer,
    Want,
    asked_of,
    cafe_want,
    care_share,
    pair_clients,
    recruit,
    stand_down,
    visiting_want,
    volunteer,
    volunteers_of,
)
from tests.support import differing, place_model, random_residents, small_spec

CAFES = [{"programme": "talking_cafes", "kind": "new_money", "payer": "voluntary", "units": 2.0}]
ALL_WILLING = {
    "willing_share": 1.0,
    "pool_decline": 0.0,
    "willing_age_ratio": dict.fromkeys(c.AGE_BANDS[c.ADULT_BAND :], 1.0),
    "willing_deprivation_ratio": dict.fromkeys(c.DEPRIVATION, 1.0),
}
EAGER = {**ALL_WILLING, "says_yes": 1.0, "asks_per_vacancy": 20.0}
SURGE = {
    "from_week": 26,
    "weeks": 26,
    "extra_share_of_adults": 0.19,
    "hours_per_week": 3.0,
    "reason": "a test",
    "source": "a test",
}
VISITS = c.HEALTH_CONNECTORS
"""Any programme may be run by volunteers who visit."""


@lru_cache(maxsize=8)
def without_volunteers(size: int, seed: int = 1) -> Residents:
    """Residents who are shared between tests: not to be written to."""
    residents = random_residents(size, seed)
    residents.volunteer = 0
    residents.days_in_hospital = 0
    return residents


def model_of(residents: Residents, changes: dict[str, Any] | None = None, *, seed: int = 1, **parts: Any) -> PlaceModel:
    values = {f"volunteers.{name}": value for name, value in (changes or {}).items()}
    return place_model(small_spec(funding=CAFES, changes=values, weeks=156, **parts), residents, seed)


def group(volunteers: float, hours: float = 1.0, team: float = 0.0) -> Want:
    return Want(c.TALKING_CAFES, volunteers, hours, team=team)


def live_on(model: PlaceModel, want: Want, weeks: int, **care: float) -> list[int]:
    """How many volunteers there are after each of so many weeks in which nothing else happens."""
    numbers = []
    for _ in range(weeks):
        volunteer(model, [want], **care)
        numbers.append(len(model.volunteers))
        model.week += 1
    return numbers


def volunteering(size: int, changes: dict[str, Any] | None = None, **parts: Any) -> PlaceModel:
    return model_of(without_volunteers(size), changes, **parts)


def test_a_programme_gets_the_volunteers_it_wants_and_no_more() -> None:
    model = volunteering(400, EAGER)
    want = cafe_want(2.5, model.rates.programmes)
    recruit(model, Pool(model), want)
    assert len(model.volunteers) == math.ceil(2.5 * model.rates.programmes.volunteers_per_cafe)
    before = list(model.volunteers)
    model.week += 1
    recruit(model, Pool(model), want)
    assert model.volunteers == before


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


def test_whoever_joins_the_tables_is_there_for_agents_and_for_columns() -> None:
    model = volunteering(200, EAGER)
    model.columns.programme_status[:] = 0
    model.columns.away[:] = model.workspace.away[:] = AWAY_GROUP
    volunteer(model, [group(10)])
    rows = [each.row for each in model.volunteers]
    assert not (model.columns.away[rows] & AWAY_GROUP).any()
    assert (model.workspace.away == model.columns.away).all()


@pytest.mark.parametrize("changes", [{"willing_share": 0.0}, {**EAGER, "says_yes": 0.0}])
def test_nobody_volunteers_where_nobody_is_willing_or_says_yes(changes: dict[str, Any]) -> None:
    model = volunteering(300, changes)
    assert live_on(model, group(30), 20)[-1] == 0
    assert model.tally_of(c.TALKING_CAFES).asked > 100


def test_about_the_evidences_share_of_the_willing_says_yes_to_a_programme() -> None:
    model = volunteering(2_000, {**ALL_WILLING, "says_yes": 0.3, "tie_ask_share": 0.0, "hours_per_week": 1e6})
    recruit(model, Pool(model), group(500))
    tally = model.tally_of(c.TALKING_CAFES)
    assert tally.asked > 300
    assert abs(tally.said_yes / tally.asked - 0.3) < 4 * math.sqrt(0.21 / tally.asked)


def test_someone_known_wins_more_often_than_a_programme() -> None:
    """One in two against three in four, with a ratio of 2 between the weights."""
    shares = []
    for by_ties in (0.0, 1.0):
        model = volunteering(2_000, {**ALL_WILLING, "tie_ask_share": by_ties, "hours_per_week": 1e6})
        for row in np.flatnonzero((model.columns.age_band >= c.ADULT_BAND) & (model.columns.lonely == 0))[:400]:
            model.volunteers.append(Volunteer(model, int(row), model.week))
            model.columns.volunteer[row] = 1
        recruit(model, Pool(model), group(600))
        tally = model.tally_of(c.TALKING_CAFES)
        assert tally.asked > 80
        shares.append(tally.said_yes / tally.asked)
        asked_by_one = {each.asked_by is not None for each in model.volunteers[400:]}
        assert asked_by_one == {by_ties == 1.0}
    assert shares[0] == pytest.approx(0.5, abs=0.08)
    assert shares[1] == pytest.approx(0.75, abs=0.16)


def test_asking_for_ever_wins_no_more_than_the_willing() -> None:
    model = volunteering(600, {"asks_per_vacancy": 4.0, "leaving_rate": 0.0, "pool_decline": 0.0, "ask_fatigue": 0.0})
    willing = {row for row in range(600) if Pool(model).is_willing(row, personal_luck(model, row))}
    assert 40 < len(willing) < 130
    numbers = live_on(model, group(600, 0.01), 40)
    found = {each.row for each in model.volunteers}
    assert found <= willing
    asked = {row for row in willing if not model.columns.lonely[row]}
    assert numbers[-1] > 0.95 * len(asked), "and nearly all of them in the end"
    assert Pool(model).size() == pytest.approx(len(willing), abs=4 * math.sqrt(len(willing)))


def test_the_pool_falls_by_the_year_and_a_decline_of_nothing_switches_that_off() -> None:
    sizes = {}
    for decline in (-0.05, 0.0):
        model = volunteering(2_000, {"pool_decline": decline, "willing_year": 2026.0})
        first = Pool(model).size()
        model.week += 10 * c.WEEKS_PER_YEAR
        sizes[decline] = Pool(model).size() / first
    assert sizes[0.0] == 1.0
    assert sizes[-0.05] == pytest.approx(0.95**10, abs=0.01)


def test_the_pool_of_a_place_is_that_of_its_year() -> None:
    """27 % of adults volunteered every month in 2013/14, 16 % in 2023/24."""
    spec = small_spec(funding=CAFES, changes={"volunteers.pool_decline": -0.051})
    shares = []
    for year in (2014, 2024):
        model = place_model(spec, without_volunteers(50))
        object.__setattr__(spec, "starts", datetime.date(year, 1, 1))
        row = int(np.flatnonzero((model.columns.age_band == 4) & (model.columns.deprivation == 2))[0])
        shares.append(Pool(model).share(row))
    assert shares == pytest.approx([0.27, 0.16], abs=0.005)


def test_twice_the_asks_win_more_volunteers_but_less_than_twice_as_many() -> None:
    """The same few are asked again, and tire of it; where nobody asks, nobody comes."""
    few = {"asks_per_vacancy": 0.05}
    found = [
        sum(live_on(volunteering(1_500, few, seed=seed), group(400), 26, more_asks=more)[-1] for seed in (1, 2, 3))
        for more in (0.0, 1.0, 2.0, 4.0, 8.0)
    ]
    assert found[0] == 0 < found[1]
    assert all(1 < later / earlier < 1.9 for earlier, later in itertools.pairwise(found[1:]))


def test_twice_the_volunteers_wanted_are_less_than_twice_as_many_found() -> None:
    found = [
        sum(live_on(volunteering(1_500, seed=seed), group(wanted), 39)[-1] for seed in (1, 2))
        for wanted in (25, 50, 100, 200)
    ]
    assert all(1 < later / earlier < 2 for earlier, later in itertools.pairwise(found))
    assert found[3] < 1.5 * found[2]


def test_twice_the_hours_asked_buy_less_than_twice_the_care_and_may_buy_less_than_before() -> None:
    """Up to the hours that there are, care follows what is asked; beyond, strain costs more than pressing brings."""
    care, stayed = [], []
    for hours in (1.0, 2.0, 4.0, 8.0):
        model = volunteering(1_500, EAGER)
        live_on(model, group(40, 1.0), 4)
        model.tallies.clear()
        stayed.append(live_on(model, group(40, hours), 52, more_asks=0.0)[-1])
        care.append(model.tally_of(c.TALKING_CAFES).care_hours)
    assert care[1] == pytest.approx(2 * care[0], rel=1e-6)
    assert care[0] < care[2] < 1.5 * care[1]
    assert care[3] < care[2]
    assert stayed[0] == stayed[1] > stayed[2] > stayed[3]


def test_strain_follows_what_is_asked_beyond_the_hours_there_are_and_can_be_switched_off() -> None:
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


def test_a_group_shares_what_is_wanted_by_the_hours_each_has_and_visitors_by_their_clients() -> None:
    model = volunteering(300, EAGER)
    live_on(model, group(4), 1)
    for hours, each in enumerate(model.volunteers, 1):
        each.hours = float(hours)
    model.columns.days_in_hospital[model.volunteers[0].row] = 9
    assert [asked for _, asked in asked_of(model.volunteers, group(6, 3.0))] == pytest.approx([0.0, 4.0, 6.0, 8.0])
    model.volunteers[1].clients = [(0, (0, 0))]
    visits = Want(c.TALKING_CAFES, 4.0, 1.5, clients_each=2.0)
    assert [asked for _, asked in asked_of(model.volunteers, visits)] == [0.0, 0.75, 0.0, 0.0]


def all_volunteers(size: int, changes: dict[str, Any]) -> PlaceModel:
    model = volunteering(size, {**ALL_WILLING, **changes})
    for row in np.flatnonzero(model.columns.age_band >= c.ADULT_BAND).tolist():
        model.volunteers.append(Volunteer(model, row, model.week))
        model.columns.volunteer[row] = 1
    return model


@pytest.mark.parametrize("ratio", [1.0, 0.5])
def test_about_the_evidences_share_leaves_in_a_year_without_strain(ratio: float) -> None:
    """NCVO 2023, Time Well Spent: 77 % are likely to go on; 20 to 25 % of volunteers stop in a year."""
    model = all_volunteers(2_000, {})
    start = len(model.volunteers)
    left = start - live_on(model, group(start, 0.0), 52, more_asks=0.0, leaving_ratio=ratio)[-1]
    expected = 1 - math.exp(-0.23 * ratio)
    assert 0.20 < 1 - math.exp(-0.23) < 0.25
    assert abs(left / start - expected) < 4 * math.sqrt(expected * (1 - expected) / start)
    assert model.tally_of(c.TALKING_CAFES).left == left
    assert sorted(each.row for each in model.volunteers) == np.flatnonzero(model.columns.volunteer).tolist()


def test_more_leave_under_strain_unless_its_effect_is_switched_off() -> None:
    found = []
    for effect, hours in ((0.0, 0.0), (0.0, 9.0), (1.0, 9.0)):
        model = all_volunteers(1_000, {"strain_leaving_effect": effect})
        found.append(live_on(model, group(len(model.volunteers), hours), 52, more_asks=0.0)[-1])
    assert found[0] == found[1] > 1.05 * found[2]


def test_whoever_has_stopped_is_left_alone_for_a_time() -> None:
    model = volunteering(300, {**EAGER, "rest_weeks": 30.0})
    live_on(model, group(5), 1)
    first = {each.person for each in model.volunteers}
    for each in list(model.volunteers):
        each.strain = 20.0  # certain to leave
    stand_down(model, Pool(model), {c.TALKING_CAFES}, 1.0)
    assert model.volunteers == []
    assert not any(model.memory.may_be_asked(person, model.week + 29) for person in first)
    assert all(model.memory.may_be_asked(person, model.week + 30) for person in first)


def test_a_surge_wins_many_and_a_year_later_has_left_nothing() -> None:
    """A wish for 150 volunteers, to which half a year of a surge comes nearer for as long as it lasts."""
    seeds = (1, 2)
    surged = np.array(
        [live_on(volunteering(2_500, seed=k, volunteer_surge=SURGE), group(150, 2.0), 104) for k in seeds]
    )
    plain = np.array([live_on(volunteering(2_500, seed=k), group(150, 2.0), 104) for k in seeds])
    assert (surged[:, :26] == plain[:, :26]).all()
    assert surged[:, 51].sum() > 1.4 * plain[:, 51].sum()
    assert surged[:, 103].sum() < 1.1 * plain[:, 103].sum()
    assert surged[:, 103].sum() < 0.75 * surged[:, 51].sum()


def test_the_surge_is_of_its_size_its_weeks_and_its_hours() -> None:
    model = volunteering(2_000, {**ALL_WILLING, "willing_share": 0.1, "hours_spread": 0.0}, volunteer_surge=SURGE)
    adults = int((model.columns.age_band >= c.ADULT_BAND).sum())
    sizes = []
    for week in (25, 26, 51, 52):
        model.week = c.WARM_UP_WEEKS + week
        sizes.append(Pool(model).size() / adults)
        if week == 26:
            hours = {Pool(model).hours(row, personal_luck(model, row)) for row in range(200)}
            assert hours == {2.5, 3.0}
    assert sizes == pytest.approx([0.1, 0.29, 0.29, 0.1], abs=0.001)


def test_a_team_gets_to_know_each_other_and_parts_when_one_stops() -> None:
    model = volunteering(400, EAGER)
    for row in range(400):
        drop_all_ties(model.records, row)
    live_on(model, group(9, 1.0, team=3), 1)
    teams = [each.team for each in model.volunteers]
    assert sorted(teams) == [0, 0, 0, 1, 1, 1, 2, 2, 2]
    for one in model.volunteers:
        for other in model.volunteers:
            slot = int(tie_slot(model.records, np.uint32(one.row), np.uint32(other.row)))
            assert (slot >= 0) == (one is not other and one.team == other.team)
            if slot >= 0:
                assert model.columns.context[one.row, slot] == c.VOLUNTEER
                assert model.columns.contact_level[one.row, slot] > 0
    gone = model.volunteers[0]
    gone.strain = 20.0
    mates = [each.row for each in model.volunteers if each.team == gone.team and each is not gone]
    close = mates[0]
    for a, b in ((gone.row, close), (close, gone.row)):
        model.columns.strength[a, tie_slot(model.records, np.uint32(a), np.uint32(b))] = 0.9
    stand_down(model, Pool(model), {c.TALKING_CAFES}, 1.0)
    contexts = [
        int(model.columns.context[row, tie_slot(model.records, np.uint32(row), np.uint32(gone.row))]) for row in mates
    ]
    assert contexts == [c.FRIEND, c.VOLUNTEER]
    faded = tie_slot(model.records, np.uint32(mates[1]), np.uint32(gone.row))
    assert model.columns.contact_level[mates[1], faded] == 0


def test_each_client_is_visited_by_one_volunteer_with_room_and_both_are_tied() -> None:
    model = volunteering(500, EAGER)
    clients = [row for row in range(500) if model.columns.lonely[row]][:12]
    want = visiting_want(model, VISITS, 8.0)
    assert (want.volunteers, want.clients_each) == (8.0, 1.0)
    volunteer(model, [want])
    assert pair_clients(model, want, clients) == 8
    pairs = {each.row: each.clients[0][0] for each in volunteers_of(model, VISITS)}
    assert len(set(pairs.values())) == 8 <= len(clients)
    for one, client in pairs.items():
        slot, back = (
            int(tie_slot(model.records, np.uint32(a), np.uint32(b))) for a, b in ((one, client), (client, one))
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


def test_whom_to_ask_and_to_visit_depends_on_no_row() -> None:
    residents = without_volunteers(300)
    order = np.random.default_rng(5).permutation(300)
    moved = residents[order].copy()
    row_now = np.argsort(order).astype(np.uint32)
    moved.other = row_now[moved.other]
    found = []
    for one in (residents, moved):
        model = model_of(one, {"says_yes": 0.8, "willing_share": 0.6})
        clients = np.flatnonzero(model.columns.berth % 9 == 0)
        want = visiting_want(model, VISITS, 20.0)
        for _ in range(6):
            volunteer(model, [want, group(12, team=3)])
            pair_clients(model, want, clients.tolist())
            model.week += 1
        found.append(
            [(each.person, each.team, each.strain, [who for _, who in each.clients]) for each in model.volunteers]
        )
    assert found[0] == found[1]
    assert len(found[0]) > 20


def test_one_berth_more_changes_only_the_asks_that_fall_on_it() -> None:
    """300 and 301 lie below the same power of two."""
    found = []
    for size in (300, 301):
        residents = without_volunteers(301)
        residents = residents[residents.berth < size].copy()
        for row in range(size):
            residents.other[row] = row
        residents.context = c.NO_TIE
        model = model_of(residents, {**EAGER, "asks_per_vacancy": 1.0})
        recruit(model, Pool(model), group(20))
        found.append({int(model.columns.berth[each.row]) for each in model.volunteers})
    assert found[0] == found[1] - {300}
    assert len(found[0]) > 5


def test_whoever_dies_or_moves_away_is_no_volunteer_any_more() -> None:
    model = all_volunteers(200, {"leaving_rate": 0.0})
    gone = model.volunteers[0]
    model.columns.generation[gone.row] += 1  # as `settle` does, for a newcomer who may volunteer too
    assert not gone.still_here
    kept = [each for each in model.volunteers if each is not gone]
    stand_down(model, Pool(model), {c.TALKING_CAFES}, 1.0)
    assert model.volunteers == kept
    assert model.columns.volunteer[gone.row] == 1, "the newcomer's own choice is not touched"
    assert gone not in model.agents


def test_nobody_volunteers_for_a_programme_that_has_closed() -> None:
    model = all_volunteers(200, {"leaving_rate": 0.0})
    volunteer(model, [group(500, 0.0)], more_asks=0.0)
    assert len(model.volunteers) == model.columns.volunteer.sum() > 0
    volunteer(model, [])
    assert model.volunteers == []
    assert not model.columns.volunteer.any()


@pytest.mark.parametrize("engine", ["columns", "agents"])
def test_volunteers_and_their_columns_agree_every_week(engine: str) -> None:
    changes = {"programmes.lag": dict.fromkeys(c.PROGRAMMES, 1.0), "volunteers.willing_share": 0.9}
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
    assert table["weeks"].sum() == sum(one[:, -3].sum() for one in model.book.cells) > 0


def test_where_no_programme_wants_volunteers_nothing_differs_to_the_last_bit() -> None:
    """Evidence and a surge that would turn everyone into a volunteer, with nobody to ask them."""
    changes = {f"volunteers.{name}": value for name, value in EAGER.items()}
    residents = without_volunteers(200)
    plain = place_model(small_spec(weeks=26), residents)
    other = place_model(small_spec(weeks=26, changes=changes, volunteer_surge={**SURGE, "from_week": 0}), residents)
    for model in (plain, other):
        model.run_model()
    assert differing(plain.columns, other.columns) == []
    assert all((one == two).all() for one, two in zip(plain.book.cells, other.book.cells, strict=True))
    assert other.book.frames(other).volunteers.empty
