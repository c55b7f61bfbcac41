"""A district at other sizes than were run there: its own numbers where they are known, and the town's steps beyond."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.exhibits.board import board
from dashboard.topics.answer import ready_answer
from dashboard.topics.district_answer import district_answer
from dashboard.topics.districts import whole_district_rows
from dashboard.topics.signs import SIGNS
from simulator.comparison.paired_statistics import range_of
from simulator.comparison.smallest_differences import DEFAULTS
from simulator.experiments.size_targets import CHANCE

ASKED = ("relational_offset", "mendip", "baseline")
LENSES = ("trial-evidence", "as-claimed")


@pytest.fixture(scope="module")
def mendip():
    return district_answer(*ASKED, LENSES, DEFAULTS)


@pytest.fixture(scope="module")
def frome():
    return ready_answer("relational_offset", "frome", "baseline", LENSES)


def means(answer, key, measure, size):
    one = answer.lenses[key]
    (found,) = one.differences_at(measure, np.array([size]))
    return float(found.mean())


@pytest.mark.parametrize("key", LENSES)
@pytest.mark.parametrize("measure", SIGNS)
def test_at_the_plans_own_size_it_is_that_of_the_map(mendip, key, measure):
    rows = whole_district_rows("mendip", LENSES, DEFAULTS)
    (own,) = rows[(rows["lens"] == key) & (rows["measure"] == measure)].to_dict("records")
    shown = mendip.rows(1.0, DEFAULTS)
    (row,) = shown[(shown["lens"] == key) & (shown["measure"] == measure)].to_dict("records")
    for number in ("difference", "low", "high", "verdict"):
        assert row[number] == own[number], number
    assert means(mendip, key, measure, 1.0) == pytest.approx(own["difference"])


def test_the_size_it_takes_is_that_from_which_enough_of_its_own_pairs_meet_the_target(mendip):
    assert len(list(mendip.targets())) == 3  # of wellbeing and capacity districts have no results
    one = mendip.lenses["as-claimed"]
    (row,) = mendip.smallest["as-claimed"].query("target == 'admissions=-5%'").to_dict("records")
    first = one.multiples[one.multiples >= row["from_multiple"]][0]
    share = (
        100.0
        * one.differences_at("emergency_admissions", np.array([first, 0.5]))
        / one.baselines["emergency_admissions"]
    )
    assert (share[0] <= -5.0).mean() >= CHANCE > (share[1] <= -5.0).mean()
    assert f"if Frome's claim is right, from {row['from_multiple']:.2g} times" in next(iter(mendip.targets()))


@pytest.mark.parametrize("key", LENSES)
@pytest.mark.parametrize("measure", SIGNS)
def test_nothing_is_nothing_and_each_further_step_adds_what_it_adds_in_the_town(mendip, frome, key, measure):
    assert means(mendip, key, measure, 0.0) == 0.0
    each = 1.0 if measure == "often_always_lonely" else mendip.residents / frome.residents
    for low, high in ((1.0, 3.0), (3.0, 10.0)):
        step, there = (means(one, key, measure, high) - means(one, key, measure, low) for one in (mendip, frome))
        assert step == pytest.approx(each * there, rel=1e-6), (low, high)


@pytest.mark.parametrize("key", LENSES)
@pytest.mark.parametrize("measure", SIGNS)
def test_at_other_sizes_the_range_is_the_towns_as_much_wider_as_at_the_plans_own(mendip, frome, key, measure):
    def width(answer, size):
        (found,) = answer.lenses[key].differences_at(measure, np.array([size]))
        low, high = range_of(found)
        return high - low

    assert width(mendip, 5.0) / width(mendip, 1.0) == pytest.approx(width(frome, 5.0) / width(frome, 1.0), rel=1e-6)
    (own,) = (row for _, row in whole_district_rows("mendip", (key,), DEFAULTS).iterrows() if row["measure"] == measure)
    assert width(mendip, 1.0) == pytest.approx(own["high"] - own["low"], rel=1e-6)


def test_a_board_is_shown_how_other_sizes_are_estimated(mendip, frome):
    said = "each further step adds what it adds in Frome, Somerset, for each resident"
    assert said in board(mendip, DEFAULTS, 3.0).cannot
    assert said not in board(frome, DEFAULTS, 3.0).cannot


def test_people_served_grow_with_the_residents(mendip, frome):
    for key, one in mendip.lenses.items():
        mine, town = (some.served(2.0)["joined"].sum() for some in (one, frome.lenses[key]))
        assert mine / town == pytest.approx(mendip.residents / frome.residents, rel=1e-6)


@pytest.mark.parametrize("asked", [("cautious", *ASKED[1:]), ("relational_offset", "frome", "baseline")])
def test_other_plans_and_places_have_no_answer_of_a_district(asked):
    assert district_answer(*asked, LENSES, DEFAULTS) is None
