"""Residents followed through a pair of runs: nothing is invented or disturbed, and random numbers are shared."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from simulator.comparison.outcomes import OUTCOMES
from simulator.following import pair as following
from simulator.following.community import community, ties_of
from simulator.following.pair import BASELINE, BOTH, COUNTED, follow_pair
from simulator.following.stories import ARMS, in_arm, lonely_by_week, outcomes, stories
from simulator.following.witness import Witness
from simulator.foundations.categories import ADULT_BAND
from simulator.foundations.measures import columns_of
from simulator.model.place_model import PlaceModel
from simulator.model.simulation import simulate
from simulator.population.columns import copy_residents
from simulator.results.results import parameter_draw_of
from simulator.rules.programmes import ENROLLED
from simulator.rules.social_care import CARE_HOME, HOME_CARE, WAITING
from tests.helpers.followed import made_up_pair
from tests.helpers.small_runs import small_spec

pytestmark = pytest.mark.thorough

WEEKS, SEED, SIZE = 52, 3, 60
LEAVES = ("dies", "moves_away")
STATES = (
    *LEAVES, "lonely", "no_longer_lonely", "volunteers", "stops_volunteering", "waits_for_assessment",
    "home_care", "care_home", "joins", "leaves",
)  # fmt: skip


@pytest.fixture(scope="module")
def plan():
    return small_spec("relational_offset_as_claimed", WEEKS)


@pytest.fixture(scope="module")
def base():
    return small_spec("baseline", WEEKS)


@pytest.fixture(scope="module")
def pair(base, plan):
    return follow_pair(base, plan, SEED, SIZE)


@pytest.fixture(scope="module")
def warmed_up(base):
    model = PlaceModel(base, SEED)
    while model.elapsed < 0:
        model.step()
    return model.columns


def test_what_is_seen_of_everyone_adds_up_to_what_the_run_counts_which_is_not_disturbed():
    plan = small_spec("relational_offset", 26)
    model = PlaceModel(plan, SEED)
    while model.elapsed < 0:
        model.step()
    model = PlaceModel(plan, SEED, warmed_up=model.columns)
    witness, seen = Witness(model, range(len(model.columns))), 0
    while model.elapsed < plan.weeks:
        witness.begin_week()
        model.step()
        seen = seen + witness.counts.sum(axis=0)
    cells = simulate(plan, SEED).cells
    np.testing.assert_array_equal(np.stack(model.book.cells), cells)
    counted = list(columns_of(name for names in COUNTED.values() for name in names))
    np.testing.assert_array_equal(seen[counted], cells.sum(axis=(0, 1))[counted])
    assert (seen[counted] > 0).all()


def test_the_same_seed_gives_the_same_lives(base, plan, pair):
    for again, table in zip(follow_pair(base, plan, SEED, SIZE), pair, strict=True):
        pd.testing.assert_frame_equal(again, table)


def test_a_plan_compared_with_itself_changes_nobodys_life(plan):
    same = follow_pair(plan, plan, SEED, SIZE)
    assert set(same.events["arm"]) == set(same.ties["arm"]) == {BOTH}


def test_without_a_plan_nobody_joins_meets_a_worker_or_is_answered_by_a_machine(pair):
    without = set(in_arm(pair.events, BASELINE)["event"])
    assert not without & {"joins", "leaves", "declines", "sees_worker", "attends_group", "automated_contact"}
    assert {"joins", "sees_worker", "attends_group"} <= set(pair.events["event"])


def test_whoever_has_left_has_no_more_events_and_no_ties(pair):
    for arm in ARMS:
        events, ties = in_arm(pair.events, arm), in_arm(pair.ties, arm)
        gone = events[events["event"].isin(("dies", "moves_away"))].set_index("person")["week"]
        assert gone.index.is_unique
        last = events.groupby("person")["week"].max()
        assert (last[gone.index] == gone).all()
        standing = ties.sort_values("week").groupby(["person", "other"])["strength"].last()
        standing = standing[standing > 0].reset_index()
        assert not standing[["person", "other"]].isin(gone.index).any(axis=None)


def test_ties_of_the_picture_hold_it_together_and_only_change_when_they_are_looked_at(pair):
    at_start = pair.ties[pair.ties["week"] == 0]
    known, waiting = {0}, [0]
    while waiting:
        one = waiting.pop()
        near = {*at_start.loc[at_start["person"] == one, "other"], *at_start.loc[at_start["other"] == one, "person"]}
        waiting += near - known
        known |= near
    assert known == set(range(SIZE))
    assert set(at_start["arm"]) == {BOTH}
    assert (pair.ties["week"] % 4 == 0).all()
    assert pair.ties["strength"].between(0, 20).all()


@pytest.fixture(scope="module")
def everyone():
    """A quarter of a plan in which all residents are followed, and who they are at the start."""
    plan, found = small_spec("relational_offset_as_claimed"), []

    def all_of_them(residents, reached, size):
        found.append(residents.copy())
        return list(range(len(residents)))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(following, "community", all_of_them)
        return follow_pair(small_spec("baseline"), plan, SEED), plan, found[0]


def changes(name, was, now, person_here):
    """Events (person, name) of those of whom something is so now and was not."""
    return {(int(person), name) for person in np.flatnonzero(now & ~was & person_here)}


def test_changes_of_everyone_are_those_of_a_run_without_a_witness(everyone):
    pair, plan, start = everyone
    model = PlaceModel(plan, SEED, parameter_draw=parameter_draw_of(SEED), warmed_up=copy_residents(start))
    events, kinds = in_arm(pair.events, "plan"), set()
    here, week = np.ones(len(start), bool), 0
    while week < plan.weeks:
        before = model.columns.copy()
        model.step()
        week, now = model.elapsed, model.columns
        stayed = here & (now.generation == start.generation)
        expected = changes("leaves_the_place", ~here, ~stayed, here)
        for name, was_so, is_so in (
            ("lonely", before.lonely == 1, now.lonely == 1),
            ("no_longer_lonely", before.lonely == 0, now.lonely == 0),
            ("volunteers", before.volunteer == 1, now.volunteer == 1),
            ("stops_volunteering", before.volunteer == 0, now.volunteer == 0),
            ("waits_for_assessment", before.care_state == WAITING, now.care_state == WAITING),
            ("home_care", before.care_state == HOME_CARE, now.care_state == HOME_CARE),
            ("care_home", before.care_state == CARE_HOME, now.care_state == CARE_HOME),
        ):
            expected |= changes(name, was_so, is_so, stayed)
        for slot in range(len(plan.programmes)):
            old, new = before.programme_status[:, slot], now.programme_status[:, slot]
            expected |= changes("joins", old == ENROLLED, new == ENROLLED, stayed)
            expected |= changes("leaves", old != ENROLLED, new != ENROLLED, stayed)
        rows = events[(events["week"] == week) & events["event"].isin(STATES)]
        named = rows["event"].replace(dict.fromkeys(LEAVES, "leaves_the_place"))
        assert set(zip(rows["person"], named, strict=True)) == expected, week
        kinds, here = kinds | {name for _, name in expected}, stayed
    rare = {"stops_volunteering"}  # in a quarter among so few
    assert kinds | rare == {"leaves_the_place", *STATES} - set(LEAVES)


def test_counts_of_everyone_are_those_of_the_run_but_for_newcomers(everyone):
    pair, plan, _ = everyone
    cells = simulate(plan, SEED, parameter_draw_of(SEED)).cells.sum(axis=(0, 1))
    events = in_arm(pair.events, "plan").groupby("event")["amount"].sum()
    for event, measures in {
        "admission": OUTCOMES["emergency_admissions"].sum_of,
        "bed_days": OUTCOMES["bed_days"].sum_of,
        "consultation": ("consultations",),
        "dies": ("deaths",),
        "staff_contact": ("human_contacts",),
    }.items():
        counted = cells[list(columns_of(measures))].sum()
        assert 0.9 * counted < events[event] <= counted, event


def test_ties_of_everyone_end_otherwise_if_the_other_has_left_and_newcomers_are_not_taken_for_them(everyone):
    pair, _, start = everyone
    for arm in ARMS:
        events = in_arm(pair.events, arm)
        left = events[events["event"].isin(("dies", "moves_away"))].set_index("person")["week"]
        known = events[events["other"] >= 0]
        gone_by = known["other"].map(left).fillna(np.inf) <= known["week"]
        assert gone_by[known["event"] == "tie_leaves"].all()
        assert not gone_by[known["event"].isin(("tie_begins", "tie_ends", "tie_changes"))].any()
        assert {"tie_leaves", "tie_begins", "tie_ends"} <= set(known["event"])
    assert pair.residents["age"].tolist() == (start.age_weeks // 52).tolist()


def test_a_community_begins_with_who_is_reached_and_takes_those_it_knows(warmed_up):
    reached = np.zeros(len(warmed_up), bool)
    reached[::7] = True
    chosen = community(warmed_up, reached, 40)
    assert reached[chosen[0]]
    assert len(set(chosen)) == 40
    assert (warmed_up.age_band[chosen] >= ADULT_BAND).all()
    for position, row in enumerate(chosen[1:], start=1):
        assert {other for other, _ in ties_of(warmed_up, row)} & set(chosen[:position])
    with pytest.raises(ValueError, match="nobody to follow"):
        community(warmed_up, np.zeros(len(warmed_up), bool), 40)


def made_up(events, lonely=(False, True)):
    """A pair of runs of events (person, week, event, arm)."""
    return made_up_pair([(person, week, event, "", 1, arm) for person, week, event, arm in events], lonely)


def test_weeks_of_loneliness_count_from_its_beginning_to_its_end_or_until_someone_leaves():
    pair = made_up(
        [
            (0, 3, "lonely", BASELINE),
            (0, 7, "no_longer_lonely", BASELINE),
            (1, 5, "moves_away", BOTH),
            (0, 10, "joins", "plan"),
        ]
    )
    assert lonely_by_week(pair, BASELINE)[:, 0].tolist() == [week in (3, 4, 5, 6) for week in range(11)]
    had = outcomes(pair)
    assert had["weeks_lonely_baseline"].tolist() == [4, 4]
    assert had["weeks_lonely_plan"].tolist() == [0, 4]


def test_stories_are_of_the_largest_differences_each_way_and_of_someone_for_whom_there_is_none():
    pair = made_up(
        [
            (0, 3, "lonely", BASELINE),
            (1, 4, "admission", "plan"),
            (2, 1, "joins", "plan"),
            (3, 2, "lonely", "plan"),
            (3, 10, "no_longer_lonely", "plan"),
        ],
        lonely=(False, False, True, False),
    )
    assert [(one.why, one.person) for one in stories(pair)] == [
        ("less_lonely", 0),
        ("no_difference", 2),
        ("more_lonely", 3),
        ("more_admissions", 1),
    ]


def test_nobody_has_two_stories(pair):
    people = [one.person for one in stories(pair)]
    assert people
    assert len(set(people)) == len(people)
