"""Residents followed, in words and as drawn: what is said is what happened."""

from __future__ import annotations

import json

from dashboard.topics import people
from simulator.following.stories import stories
from tests.helpers.followed import a_year, made_up_pair


def test_the_picture_has_what_happens_in_each_run_once_and_in_the_order_of_weeks():
    drawn = json.loads(json.dumps(people.scene(a_year(), 0)))
    without, with_plan = drawn["arms"]
    assert drawn["weeks"] == 52
    assert drawn["names"] == ["A woman of 70 who lives alone", "A man of 71", "A woman of 72"]
    assert (without["lonely"], with_plan["lonely"]) == ([0, 10], [])
    assert (without["admission"], with_plan["admission"]) == ([], [1, 20])
    assert (without["gone"], with_plan["gone"]) == ([2, 30], [2, 30])
    assert (with_plan["joins"], with_plan["group"], with_plan["automated"]) == ([0, 5], [0, 6], [0, 8])
    assert without["ties"] == with_plan["ties"] == [0, 1, 0, 10, 0, 2, 0, 10]


def test_the_finding_gives_both_runs_and_their_difference():
    assert people.finding(a_year()) == (
        "Among these 3 adults over 1 year: 1 more emergency admission with the plan (1 instead of 0), and 43 fewer "
        "lonely weeks with the plan (29 instead of 72)."
    )
    assert people.reach(a_year()) == (
        "With the plan, 1 of them join a programme at some time, and 1 are sent to a machine, 3 times in all; 33 % of "
        "these contacts fail."
    )
    quiet = made_up_pair(
        [(0, 5, "joins", "talking_cafes", 1, "plan"), (1, 52, "admission", "", 1, "both")], (False, True)
    )
    assert "1 emergency admission with and without the plan" in people.finding(quiet)
    assert people.reach(quiet).endswith("it automates no contact with residents.")


def test_a_story_says_how_long_how_often_and_whom_they_met():
    (first, *_) = stories(a_year())
    assert (first.why, first.person) == ("less_lonely", 0)
    assert people.story(a_year(), first) == [
        "A woman of 70 who lives alone. Without the plan: 43 weeks lonely, and never admitted in an emergency. With "
        "it: 0 weeks, and never.",
        "Without the plan: twice at the GP practice.",
        "With the plan: never at the GP practice, 3 times sent to a machine, which failed once, a group in 1 week "
        "and 1 person got to know in a group.",
    ]


def test_both_runs_of_a_story_stand_beside_each_other_on_the_same_weeks():
    told = {one.why: people.story_table(a_year(), one) for one in stories(a_year())}
    assert told["less_lonely"].body == [
        ["5", "–", "Joins: talking cafés"],
        ["7", "Gets to know a friend", "Gets to know a friend"],
        ["10", "Becomes lonely", "–"],
    ]
    assert told["more_admissions"].body == [
        ["20", "–", "Is admitted to hospital, 4 days"],
        ["52", "–", "Is offered a place and declines: health connectors"],
    ]


def test_the_table_counts_both_runs_every_half_year():
    cells = people.counts_table(a_year())
    named = [dict(zip(cells.heads, row, strict=True)) for row in cells.body]
    assert [row["Week"] for row in named] == ["26", "52"]
    assert [row["Lonely, without the plan"] for row in named] == ["2", "1"]
    assert [row["Lonely, with the plan"] for row in named] == ["1", "0"]
    assert [row["Emergency admissions, with the plan"] for row in named] == ["1", "1"]
    assert [row["Died or moved away, without the plan"] for row in named] == ["0", "1"]


def test_how_usual_such_stories_are_is_said():
    assert "Of the 3 people followed, 1 are lonely for fewer weeks with the plan and 0 for more" in people.among(
        a_year()
    )


def test_a_lens_that_goes_beyond_studies_says_so():
    assert "times as strong as studies found" in people.price("as-claimed")
    assert people.price("trial-evidence") == ""
