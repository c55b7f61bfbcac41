"""Recruiting volunteers: a finite pool, asked by people they know or by a programme, and a surge."""

from __future__ import annotations

import datetime
import itertools
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simulator.agents.recruiting import VolunteerPool, personal_draws
from simulator.agents.volunteers import (
    Volunteer,
    VolunteerDemand,
    pair_clients,
    recruit,
    stand_down,
    volunteer,
)
from simulator.foundations import categories as c
from tests.helpers.support import place_model, small_spec
from tests.helpers.volunteering import (
    ALL_WILLING,
    CAFES,
    EAGER,
    SURGE,
    VISITS,
    group,
    live_on,
    model_of,
    volunteering,
    without_volunteers,
)

pytestmark = pytest.mark.thorough


@pytest.mark.parametrize("changes", [{"willing_share": 0.0}, {**EAGER, "says_yes": 0.0}])
def test_nobody_volunteers_where_nobody_is_willing_or_says_yes(changes: dict[str, Any]) -> None:
    model = volunteering(300, changes)
    assert live_on(model, group(30), 20)[-1] == 0
    assert model.volunteering.tally_of(c.TALKING_CAFES).asked > 100


def test_about_the_evidences_share_of_the_willing_says_yes_to_a_programme() -> None:
    model = volunteering(2_000, {**ALL_WILLING, "says_yes": 0.3, "tie_ask_share": 0.0, "hours_per_week": 1e6})
    recruit(model, VolunteerPool(model), group(500))
    tally = model.volunteering.tally_of(c.TALKING_CAFES)
    assert tally.asked > 300
    assert abs(tally.said_yes / tally.asked - 0.3) < 4 * math.sqrt(0.21 / tally.asked)


def test_someone_known_wins_more_often_than_a_programme() -> None:
    """One in two against three in four, with a ratio of 2 between the weights."""
    shares = []
    for by_ties in (0.0, 1.0):
        model = volunteering(2_000, {**ALL_WILLING, "tie_ask_share": by_ties, "hours_per_week": 1e6})
        for row in np.flatnonzero((model.columns.age_band >= c.ADULT_BAND) & (model.columns.lonely == 0))[:400]:
            model.volunteers.append(Volunteer(model, int(row), model.week, c.TALKING_CAFES))
            model.columns.volunteer[row] = 1
        recruit(model, VolunteerPool(model), group(600))
        tally = model.volunteering.tally_of(c.TALKING_CAFES)
        assert tally.asked > 80
        shares.append(tally.said_yes / tally.asked)
        asked_by_one = {each.asked_by is not None for each in model.volunteers[400:]}
        assert asked_by_one == {by_ties == 1.0}
    assert shares[0] == pytest.approx(0.5, abs=0.08)
    assert shares[1] == pytest.approx(0.75, abs=0.16)


def test_repeated_asking_recruits_only_the_willing() -> None:
    model = volunteering(600, {"asks_per_vacancy": 4.0, "leaving_rate": 0.0, "pool_decline": 0.0, "ask_fatigue": 0.0})
    willing = {row for row in range(600) if VolunteerPool(model).is_willing(row, personal_draws(model, row))}
    assert 40 < len(willing) < 130
    numbers = live_on(model, group(600, 0.01), 40)
    found = {each.row for each in model.volunteers}
    assert found <= willing
    asked = {row for row in willing if not model.columns.lonely[row]}
    assert numbers[-1] > 0.95 * len(asked), "and nearly all of them in the end"
    assert VolunteerPool(model).size() == pytest.approx(len(willing), abs=4 * math.sqrt(len(willing)))


def test_the_pool_declines_yearly_unless_the_decline_is_zero() -> None:
    sizes = {}
    for decline in (-0.05, 0.0):
        model = volunteering(2_000, {"pool_decline": decline, "willing_year": 2026.0})
        first = VolunteerPool(model).size()
        model.week += 10 * c.WEEKS_PER_YEAR
        sizes[decline] = VolunteerPool(model).size() / first
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
        shares.append(VolunteerPool(model).share(row))
    assert shares == pytest.approx([0.27, 0.16], abs=0.005)


def test_twice_the_asks_win_more_volunteers_but_less_than_twice_as_many() -> None:
    """Repeated asking of the same few wears them out, and without asking no one joins."""
    few = {"asks_per_vacancy": 0.05}
    found = [
        sum(live_on(volunteering(1_500, few, seed=seed), group(400), 26, asks_ratio=more)[-1] for seed in (1, 2, 3))
        for more in (0.0, 1.0, 2.0, 4.0, 8.0)
    ]
    assert found[0] == 0 < found[1]
    assert all(1 < later / earlier < 1.9 for earlier, later in itertools.pairwise(found[1:]))


def test_twice_the_volunteers_wanted_are_less_than_twice_as_many_found() -> None:
    found = [
        sum(live_on(volunteering(750, seed=seed), group(wanted), 39)[-1] for seed in (1, 2, 3, 4))
        for wanted in (20, 40, 80, 160)
    ]
    assert all(1 < later / earlier < 1.9 for earlier, later in itertools.pairwise(found))
    assert found[3] < 1.5 * found[2]


def test_former_volunteers_are_not_asked_for_a_time() -> None:
    model = volunteering(300, {**EAGER, "rest_weeks": 30.0})
    live_on(model, group(5), 1)
    first = {each.person for each in model.volunteers}
    for each in list(model.volunteers):
        each.strain = 20.0  # certain to leave
    stand_down(model, VolunteerPool(model), {c.TALKING_CAFES}, 1.0)
    assert model.volunteers == []
    assert not any(model.volunteering.memory.may_be_asked(person, model.week + 29) for person in first)
    assert all(model.volunteering.memory.may_be_asked(person, model.week + 30) for person in first)


def test_a_surge_recruits_many_and_has_no_effect_a_year_later() -> None:
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
        sizes.append(VolunteerPool(model).size() / adults)
        if week == 26:
            hours = {VolunteerPool(model).hours(row, personal_draws(model, row)) for row in range(200)}
            assert hours == {2.5, 3.0}
    assert sizes == pytest.approx([0.1, 0.29, 0.29, 0.1], abs=0.001)


def test_whom_to_ask_and_to_visit_does_not_depend_on_row_order() -> None:
    residents = without_volunteers(300)
    order = np.random.default_rng(5).permutation(300)
    moved = residents[order].copy()
    row_now = np.argsort(order).astype(np.uint32)
    moved.other = row_now[moved.other]
    found = []
    for one in (residents, moved):
        model = model_of(one, {"says_yes": 0.8, "willing_share": 0.6})
        clients = np.flatnonzero(model.columns.berth % 9 == 0)
        want = VolunteerDemand(VISITS, 20.0, 1.0, clients_each=1.0)
        for _ in range(6):
            volunteer(model, [want, group(12, team=3)])
            pair_clients(model, want, clients.tolist())
            model.week += 1
        found.append(
            [(each.person, each.team, each.strain, [who for _, who in each.clients]) for each in model.volunteers]
        )
    assert found[0] == found[1]
    assert len(found[0]) > 20


def test_one_more_berth_changes_only_asks_addressed_to_it() -> None:
    """300 and 301 lie below the same power of two."""
    found = []
    for size in (300, 301):
        residents = without_volunteers(301)
        residents = residents[residents.berth < size].copy()
        for row in range(size):
            residents.other[row] = row
        residents.context = c.NO_TIE
        model = model_of(residents, {**EAGER, "asks_per_vacancy": 1.0})
        recruit(model, VolunteerPool(model), group(30))
        found.append({int(model.columns.berth[each.row]) for each in model.volunteers})
    assert found[0] == found[1] - {300}
    assert len(found[0]) > 5


@pytest.mark.parametrize("name", ["befriending", "walking_group"])
def test_whom_a_programme_asks_does_not_depend_on_which_others_there_are(name: str) -> None:
    slots, asked = [], []
    for others in ((), ("community_connectors",)):
        funding = [{"programme": one, "kind": "new_money", "payer": "nhs", "units": 1} for one in (*others, name)]
        own = [str(Path(__file__).parents[2] / "helpers" / "walking_group.yaml")] if name == "walking_group" else []
        changes = {f"volunteers.{key}": value for key, value in EAGER.items()}
        model = place_model(
            small_spec(funding=funding, programmes=own, changes=changes), without_volunteers(300).copy()
        )
        slots.append([plan.name for plan in model.spec.programmes].index(name))
        recruit(model, VolunteerPool(model), VolunteerDemand(slots[-1], 20, 1.0))
        asked.append([each.person for each in model.volunteers])
    assert slots == [3, 4]
    assert asked[0] == asked[1]
    assert len(asked[0]) == 20
