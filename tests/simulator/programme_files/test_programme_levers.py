"""Effects of programmes: arms of a trial, levers, channels, and changes without effect."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simulator.agents.programmes import Programme, bought_capacity, bought_training, continuity_gains, staff_bought
from simulator.agents.services import Answers
from simulator.agents.staff import AddedStaff
from simulator.agents.volunteers import VolunteerDemand, care_share
from simulator.foundations import categories as c
from simulator.foundations.measures import INDEX
from simulator.model.stocks import Stocks
from simulator.programme_files.numbers import CAPACITY_KINDS
from simulator.rules.programmes import ENROLLED, NOT_ENROLLED
from simulator.specification.programme_packing import pack_programmes, stream_of, trial_arm
from tests.helpers.own_programme import SIZE, crowd, lived, own_spec
from tests.helpers.support import differing, place_model, small_spec


def test_arms_of_a_trial_are_as_large_as_asked_and_stay_the_same(tmp_path: Path) -> None:
    spec = own_spec(tmp_path, randomise="40 %")
    plan = spec.programmes[3]
    arms = np.array([trial_arm(1, plan, berth, 0) for berth in range(5_000)])
    assert abs(arms.mean() - 0.4) < 4 * math.sqrt(0.24 / 5_000)
    assert not (arms == np.array([trial_arm(2, plan, berth, 0) for berth in range(5_000)])).all()
    model = lived(spec)
    r = model.columns
    offered = np.array(
        [trial_arm(model.seed, plan, int(b), int(g)) for b, g in zip(r.berth, r.generation, strict=True)]
    )
    touched = r.programme_status[:, 3] != NOT_ENROLLED
    assert touched[offered].mean() > 0.95
    assert not touched[~offered].any()


@pytest.mark.parametrize("engine", ["columns", "agents"])
def test_a_share_of_nothing_offers_nobody_a_place(tmp_path: Path, engine: Any) -> None:
    model = lived(own_spec(tmp_path, randomise="0 %"), 6, engine=engine)
    assert (model.columns.programme_status == NOT_ENROLLED).all()
    assert not model.workspace.taking_part.any()


TAKING_PART = {"programme_status", "programme_weeks", "enrolled"}


def test_a_programme_with_no_contacts_and_no_effects_changes_nothing(tmp_path: Path) -> None:
    """To the last bit, though everyone is a member."""
    without = lived(small_spec(weeks=26, residents=SIZE))
    model = lived(own_spec(tmp_path, contacts_per_week=0, contact_hours=1, ties="professional"))
    assert (model.columns.programme_status[:, 3] == ENROLLED).mean() > 0.9
    assert set(differing(without.columns, model.columns)) <= TAKING_PART
    assert all((mine == theirs).all() for mine, theirs in zip(model.book.cells, without.book.cells, strict=True))


LEVERS: dict[str, tuple[dict[str, Any], str]] = {
    "ties": ({"ties": "professional", "contacts_per_week": 1, "contact_hours": 1}, "new_ties"),
    "group": ({"ties": "group", "contacts_per_week": 1, "contact_hours": 2}, "new_ties"),
    "old ties": ({"old_ties": 2}, "old_ties"),
    "outlook": ({"sessions": 1, "contacts_per_week": 1, "contact_hours": 1}, "outlook"),
    "continuity": ({"continuity_gain": 0.3, "hours_per_unit": 500, "minutes_per_member": 5}, "continuity"),
    "episodes": ({"acute_episodes": -2.0}, "care_planning"),
    "overnight": ({"overnight_admission": -1.0}, "care_planning"),
    "waiting": ({"waiting": 2.0}, "discharge"),
    "readmission": ({"readmission": -3.0}, "discharge"),
    "help": ({"help_in_illness": 1.0}, "help"),
    "found": ({"unmet_need_found": 2.0}, "access"),
    "appointments": ({"adds": "{service: gp_practice, kind: appointments}", "capacity": 100}, "access"),
}


@pytest.mark.parametrize("lever", LEVERS)
def test_a_lever_moves_something_and_its_channel_switches_it_off(tmp_path: Path, lever: str) -> None:
    fields, channel = LEVERS[lever]
    spec = own_spec(tmp_path, **fields)
    short = replace(spec, evidence=spec.evidence)
    idle = TAKING_PART | {"away", "care_plan"}  # memberships go on whatever they do
    without = lived(small_spec(weeks=26, residents=SIZE))
    assert set(differing(without.columns, lived(short).columns)) - idle
    others = frozenset(c.CHANNELS) - {channel}
    off = replace(spec, channels=others)
    assert set(differing(without.columns, lived(off).columns)) <= idle
    alone = replace(spec, channels=frozenset({channel}))
    assert differing(lived(alone).columns, lived(spec).columns) == []
    assert len({spec.hash, off.hash, alone.hash}) == 3


def test_effects_go_the_way_of_their_sign(tmp_path: Path) -> None:
    counted = {}
    for effect in (-1.5, 0.0, 1.0):
        model = lived(own_spec(tmp_path, acute_episodes=effect))
        counted[effect] = sum(cells.sum(axis=0) for cells in model.book.cells)[_EPISODES]
    assert counted[-1.5] < counted[0.0] < counted[1.0]


_EPISODES = INDEX["episodes"]


def test_continuity_is_bought_with_time_and_a_label_does_nothing(tmp_path: Path) -> None:
    enough = {"continuity_gain": 0.3, "minutes_per_member": 5, "hours_per_unit": 500}
    label = place_model(own_spec(tmp_path, **{**enough, "hours_per_unit": 0}), crowd())
    label.workspace.members[3] = 100
    label.week += 5
    assert not continuity_gains(label).any()
    half = place_model(own_spec(tmp_path, **{**enough, "hours_per_unit": 100 * 5 / 60 / 2}), crowd())
    half.workspace.members[3] = 100
    half.week += 5
    gains = continuity_gains(half)
    assert gains[1 << 3] == pytest.approx(0.15, rel=1e-3)
    assert gains[0b1111] == gains[1 << 3]
    assert gains[0b0111] == 0.0


def test_units_buy_capacity_of_services(tmp_path: Path) -> None:
    fields = {"adds": "{service: adult_social_care, kind: home_care_hours}", "capacity": 30, "trains": "hospital"}
    spec = own_spec(tmp_path, training_hours=8, **fields)
    model = place_model(spec, crowd())
    assert bought_capacity(model, "adult_social_care", "home_care_hours") == 0.0, "not before the lag is over"
    model.week += 5
    units = model.programmes[3].units(model.elapsed)
    assert units == pytest.approx(1.0, rel=1e-3)
    assert bought_capacity(model, "adult_social_care", "home_care_hours") == units * 30
    assert bought_capacity(model, "adult_social_care", "assessment_hours") == 0.0
    assert bought_training(model, "hospital") == units * 8
    assert bought_training(model, "gp_practice") == 0.0


@pytest.mark.parametrize(("service", "kind"), [(s, kind) for s, kinds in CAPACITY_KINDS.items() for kind in kinds])
def test_every_capacity_that_can_be_bought_is_hours_of_the_service_it_names(
    tmp_path: Path, service: str, kind: str
) -> None:
    model = place_model(own_spec(tmp_path, adds=f"{{service: {service}, kind: {kind}}}", capacity=30), crowd())
    model.week += 5
    nothing = AddedStaff(np.zeros(len(c.ROLES)), np.zeros(len(c.ROLES)), np.zeros(len(c.ROLES), np.int64))
    (role,) = np.flatnonzero(staff_bought(model, nothing).hours)
    assert c.ROLES[role].split(".")[0] == service


@pytest.mark.parametrize("service", c.SERVICES)
def test_every_service_can_be_trained(tmp_path: Path, service: str) -> None:
    model = place_model(own_spec(tmp_path, trains=service, training_hours=8), crowd())
    model.week += 5
    nothing = AddedStaff(np.zeros(len(c.ROLES)), np.zeros(len(c.ROLES)), np.zeros(len(c.ROLES), np.int64))
    (role,) = np.flatnonzero(staff_bought(model, nothing).training)
    assert c.ROLES[role].split(".")[0] == service


def test_a_client_of_resident_volunteers_has_one_tie_to_one_of_them(tmp_path: Path) -> None:
    """No other volunteers are used; and with fewer clients than volunteers the clients are still visited."""
    fields = {"volunteers_per_unit": 40, "volunteer_hours": 1, "caseload": 25, "ties": "volunteer"}
    spec = own_spec(tmp_path, contacts_per_week=1, contact_hours=1, duration=200, **fields)
    changes = {"volunteers.says_yes": 1.0, "volunteers.willing_share": 1.0, "volunteers.asks_per_vacancy": 20.0}
    spec = replace(spec, evidence=small_spec(residents=SIZE, changes=changes).evidence)
    model = lived(spec, weeks=20)
    r = model.columns
    pairs = [(each.row, row) for each in model.volunteers for row, _ in each.clients]
    assert len(pairs) > 3
    assert all((r.other[row] == volunteer).sum() == 1 for volunteer, row in pairs)
    elsewhere = [((one.context == c.VOLUNTEER) & (one.other == np.arange(SIZE)[:, None])).sum() for one in (r, crowd())]
    assert elsewhere[0] <= elsewhere[1]


def test_more_appointments_let_more_be_seen(tmp_path: Path) -> None:
    """The hours bought are counted once, in the staff's hours, and not again."""
    bought = own_spec(tmp_path, adds="{service: gp_practice, kind: appointments}", capacity=10)
    more, usual = (lived(spec, weeks=5).practice for spec in (bought, small_spec(residents=SIZE)))
    with_more, without = (practice.serve(np.array([1_000, 0, 0, 0]), Answers()) for practice in (more, usual))
    assert more.appointments - usual.appointments == pytest.approx(10, rel=0.02)
    assert with_more.routine_seen - without.routine_seen == pytest.approx(10 / 1_000, rel=0.02)


def test_volunteers_are_wanted_shared_out_asked_and_kept(tmp_path: Path) -> None:
    fields = {"volunteers_per_unit": 4, "volunteer_hours": 1, "volunteer_asks": 3}
    fields |= {"volunteers_supported": 10, "volunteer_leaving": -0.5}
    spec = own_spec(tmp_path, **fields)
    model = place_model(spec, crowd())
    own: Programme = model.programmes[3]
    model.week += 7  # to a week in which people are counted
    model.stocks = Stocks(model)
    assert own.volunteers_wanted(model.elapsed) == VolunteerDemand(3, own.units(model.elapsed) * 4, 1.0)
    assert own.places(model.elapsed) == 0.0
    for _ in range(12):
        model.step()
    assert 0 < len(model.volunteers) <= 4
    assert not (model.columns.programme_status[model.columns.volunteer == 1, c.TALKING_CAFES] == ENROLLED).any()
    share = care_share(model, VolunteerDemand(3, own.units(model.elapsed) * 4, 1.0))
    assert 0.0 < share <= min(1.0, sum(each.hours for each in model.volunteers) / (own.units(model.elapsed) * 4))
    places = [own.places(model.elapsed)]
    assert places == [pytest.approx(own.units(model.elapsed) * share * 500)]
    while model.volunteers:
        model.volunteers.pop()
        places.append(own.places(model.elapsed))
    assert places[-1] == 0.0 < places[0]
    assert places == sorted(places, reverse=True)


def test_a_programmes_random_numbers_depend_on_its_name_not_its_slot(tmp_path: Path) -> None:
    spec = own_spec(tmp_path)
    numbers, rates = spec.programme_numbers(), spec.rates()
    table = pack_programmes(spec.programmes, numbers, rates)
    turned = pack_programmes(spec.programmes[::-1], numbers[::-1], rates)
    for stream in ("offer_stream", "member_stream", "trial_stream", "table_stream"):
        assert getattr(table, stream)[:4].tolist() == getattr(turned, stream)[:4].tolist()[::-1]
    assert table.offer_stream[:3].tolist() == [96, 97, 98]
    assert table.member_stream[:3].tolist() == [112, 113, 114]
    assert table.table_stream[1] == 27
    assert len({stream_of(f"own_{number}", 96) for number in range(500)}) == 500
    assert all(stream_of(f"own_{number}", 96) >= 256 for number in range(500))


def test_the_weight_of_a_contact_depends_on_its_mode(tmp_path: Path) -> None:
    levels = {}
    for channel in c.CONTACT_CHANNELS:
        spec = own_spec(tmp_path, channel=channel, ties="volunteer", contacts_per_week=1, contact_hours=1)
        levels[channel] = pack_programmes(spec.programmes, spec.programme_numbers(), spec.rates()).tie_level[3]
    weight = spec.rates().programmes.channel_weight[c.CONTACT_CHANNELS.index("phone")]
    assert levels["visit"] == levels["group"] == 32768  # an hour of the usual two
    assert levels["phone"] == int(65536 * weight / 2)


def test_members_who_leave_stop_meeting_their_volunteer(tmp_path: Path) -> None:
    spec = own_spec(tmp_path, ties="volunteer", contacts_per_week=2, contact_hours=1, duration=3)
    model = place_model(spec, crowd())
    while model.elapsed < 20:
        model.step()
        r = model.columns
        left = (r.programme_status[:, 3] != ENROLLED) & (r.generation == crowd().generation)
        level = model.programme_table.tie_level[3]
        live = (r.context == c.VOLUNTEER) & (r.contact_level == level) & (r.other == np.arange(SIZE)[:, None])
        assert not live[left].any()
    assert live.any()


def test_the_wording_of_a_file_and_its_numbers_reach_the_results(tmp_path: Path) -> None:
    model = lived(own_spec(tmp_path, duration="{value: 20, low: 10, high: 40, distribution: lognormal}"))
    frames = model.book.frames(model)
    assert frames.parameters["programme.own.duration"] == 20.0
    assert frames.parameters["programme.talking_cafes.volunteer_hours"] == 2.0
    rows = frames.programmes
    assert set(rows["programme"]) == {"own"}
    assert (rows["member_weeks"] > 0).all()
    assert rows["offers"].sum() >= rows["engagements"].sum() > 0.8 * SIZE
    assert rows["clients"].iloc[-1] == (model.columns.programme_status[:, 3] == ENROLLED).sum()
