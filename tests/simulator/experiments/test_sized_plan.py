"""Dose and response, targets and saturation of a plan: by hand from made-up runs, and from small real ones."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

import simulator
from simulator.comparison.comparison import compare
from simulator.comparison.discrepancy import discrepancy
from simulator.errors import UnknownNameError
from simulator.experiments.monotone import crossing, left_out, levelling, smoothed
from simulator.experiments.size_targets import DEFAULT_TARGETS, parse_target
from simulator.experiments.sized_plan import MEASURES, size_plan, size_question
from simulator.lenses import AS_WRITTEN
from simulator.results.folder import read_tables
from tests.helpers.sized_runs import PLACES, make_up_sizes
from tests.helpers.small_runs import small_frome, small_spec
from tests.helpers.synthetic_results import results, run

MULTIPLES = (0.5, 1.0, 2.0, 5.0, 10.0)
SEEDS = range(4)


@pytest.fixture(scope="module")
def sized():
    plan, base = small_spec("volunteers_only", 52), small_spec("baseline", 52)
    targets = (*DEFAULT_TARGETS, "admissions=-30", "lonely=-5%", "unmet_needs=0")
    question = size_question(plan, base, MULTIPLES, targets)
    with pytest.MonkeyPatch.context() as patch:
        made = make_up_sizes(patch)
        found = size_plan(question, [AS_WRITTEN], SEEDS, workers=1)
    assert len(made) == len(SEEDS) * (1 + len(MULTIPLES))
    return found


def curve_of(sized, measure, column="smooth"):
    return sized.curves[sized.curves["measure"] == measure][column].to_numpy()


def test_curves_go_through_the_paired_differences(sized):
    chance = np.mean([seed % 3 for seed in SEEDS])
    wanted = [-10 * min(multiple, 5.0) - chance for multiple in MULTIPLES]
    assert curve_of(sized, "emergency_admissions") == pytest.approx(wanted)
    below = chance - (0.5 + 1.5 * discrepancy().ratio)  # of 0, 0, 1 and 2, the median is 0.5
    assert curve_of(sized, "emergency_admissions", "low") == pytest.approx(np.array(wanted) + below)
    assert tuple(sized.curves["measure"].unique()) == MEASURES
    assert (curve_of(sized, "net_cash") > 0.0).all()
    lonely = curve_of(sized, "wellbeing_lost")
    assert lonely[-1] == pytest.approx(10 * lonely[1], rel=1e-6)
    assert set(sized.curves["runs"]) == {len(SEEDS)}


def test_the_smallest_size_that_meets_a_target_is_between_those_that_were_run(sized):
    first = sized.smallest.set_index("target")["from_multiple"]
    assert 2.0 < first["admissions=-30"] < 5.0
    assert first["unmet_needs=0"] == MULTIPLES[0]
    assert 5.0 < first["lonely=-5%"] <= 10.0
    assert math.isnan(first["lonely=-1point"])
    best = sized.smallest.set_index("target").loc["lonely=-1point"]
    assert (best["best"], best["best_at"]) == (0.0, MULTIPLES[0])
    shares = sized.chances[sized.chances["target"] == "admissions=-30"].set_index("multiple")["chance"]
    assert (shares[2.0], shares[5.0]) == (0.0, 1.0)


def test_it_says_where_a_programme_has_nobody_left_and_outcomes_level_off(sized):
    (row,) = sized.saturation.to_dict("records")
    assert (row["name"], row["multiple"], row["reason"]) == ("talking_cafes", 10.0, "people to offer to")
    assert (row["level"], row["reference"]) == (PLACES / 2, PLACES)
    level = sized.levelling.set_index("measure")["multiple"]
    assert level["emergency_admissions"] == 5.0
    assert math.isnan(level["often_always_lonely"])


def test_programmes_are_what_the_runs_bought(sized):
    there = sized.programmes.set_index("multiple")
    assert there.loc[2.0, "pounds"] == pytest.approx(4 * 20_000 * 2.0)
    assert (there.loc[2.0, "units"], there.loc[2.0, "members"]) == (2.0, 2 * PLACES)
    assert there.loc[2.0, "offers"] == 4 * 4 * 2 * PLACES
    assert there.loc[2.0, "joined"] == 4 * 2 * PLACES


def test_the_cost_of_each_adult_no_longer_lonely_is_the_same_at_every_size(sized):
    each = sized.each.set_index("multiple")
    assert each.loc[10.0, "fewer"] == pytest.approx(30.0)
    assert each.loc[10.0, "money"] == pytest.approx(each.loc[5.0, "money"], rel=0.05)


def test_the_curve_is_checked_on_runs_it_has_not_seen(sized):
    check = sized.check.set_index("measure")
    assert check.loc["wellbeing_lost", "missed_by"] == pytest.approx(
        0.0, abs=1e-6 * check.loc["wellbeing_lost", "largest"]
    )
    assert check.loc["emergency_admissions", "missed_by"] > 0.0


def test_tables_are_written_and_read_again(sized, tmp_path):
    tables, record = read_tables(sized.write(tmp_path / "size"), tuple(sized.tables()))
    assert record["multiples"] == list(MULTIPLES)
    pd.testing.assert_frame_equal(tables["smallest"], sized.smallest)
    assert (tables["sizes"]["multiple"] == list(MULTIPLES)).all()


def test_volunteers_and_takers_can_be_what_is_missing(sized):
    from simulator.experiments.saturation import saturation

    base = results("baseline", {0: run({})})
    for column, reason in (("volunteers", "volunteers"), ("joined", "takers")):
        programmes = sized.programmes.assign(
            offers=100.0 * sized.programmes["units"], joined=50.0 * sized.programmes["units"]
        )
        programmes["volunteers"] = 2.0 * programmes["units"]
        programmes.loc[programmes["multiple"] == 10.0, column] /= 4.0
        (row,) = saturation(programmes, [], base).to_dict("records")
        assert row["reason"] == reason


def test_a_service_that_the_plan_leaves_without_staff_is_named(sized):
    from simulator.experiments.saturation import saturation

    base = results("baseline", {0: run({}, staff=_staff(0.02))})
    arm = results("plan", {0: run({}, staff=_staff(0.10))})
    (row,) = saturation(sized.programmes[:0], [(2.0, arm)], base).to_dict("records")
    assert (row["name"], row["reason"], row["multiple"]) == ("gp_practice.clinician", "staff", 2.0)
    assert (row["level"], row["reference"]) == (0.10, 0.02)


def _staff(vacancies):
    from tests.helpers.synthetic_results import services

    return services((0, "gp_practice", "clinician", 0)).assign(vacancies=vacancies)


def test_a_target_compares_wellbeing_with_the_net_cost_and_adds_them_to_nothing():
    target = parse_target("wellbeing=0")
    counts = {"lonely_weeks": 5200, "adult_weeks": 52000, "ae_attendances": 0}
    before = results("baseline", {seed: run(counts) for seed in range(2)})
    costs = {**counts, "ae_attendances": 20}
    for fewer, worth in ((0, False), (10, False), (5200, True)):
        after = results("plan", {seed: run({**costs, "lonely_weeks": 5200 - fewer}) for seed in range(2)})
        found = compare(after, before)
        net_cost, lost = found.summary(("net_cost", "wellbeing_lost"), rounded=False)["difference"]
        assert net_cost > 0.0
        assert (net_cost < -lost) == worth
        assert target.met(found).tolist() == [float(worth)] * 2


@pytest.mark.parametrize(
    "text", ["admissions", "admissions=5 percent", "lonely=-1pint", "wellbeing=-5%", "admissions=-1point", "bed_day=0"]
)
def test_what_is_no_target_is_refused(text, messages):
    with pytest.raises((ValueError, UnknownNameError)) as refused:
        parse_target(text)
    messages.check(refused.value)


def test_targets_in_words(messages):
    for text in (*DEFAULT_TARGETS, "cost=-£100,000", "bed_days=-2%", "continuity=+5points", "unmet_needs=0"):
        messages.check(parse_target(text).label)


def test_a_question_that_cannot_be_asked_is_refused(messages):
    plan, base = small_spec("frome"), small_spec()
    for how in ({"multiples": (1.0, 1.0)}, {"chance": 1.0}):
        with pytest.raises(ValueError) as refused:  # noqa: PT011
            size_question(plan, base, **how)
        messages.check(refused.value)


def test_curves_rise_or_fall_and_net_costs_may_turn_once():
    points = np.array([-2.0, -3.0, -1.0, 4.0])
    turning = smoothed(points, from_nothing=True, may_turn=True)
    assert turning.tolist() == points.tolist()
    assert (np.diff(smoothed(points, from_nothing=True)) >= 0.0).all()
    assert left_out(np.array([1.0, 2.0, 3.0]), np.array([1.0, 2.5, 3.0])).tolist() == pytest.approx([0.25, -0.5])
    assert crossing(np.array([1.0, 2.0, 3.0]), np.array([0.9, 0.85, 0.75]), 0.8) == pytest.approx((1.0, 2.5))
    assert math.isnan(levelling(np.array([1.0, 2.0]), np.array([1.0, 2.0])))


def test_small_real_runs_grow_with_the_plan():
    found = simulator.size(
        "frome", place=small_frome(), years=1, seeds=range(2), workers=1, multiples=[1, 8], lenses=["evidence"]
    )
    spent = found.programmes.groupby("multiple")["pounds"].sum()
    assert spent[8.0] == pytest.approx(8 * spent[1.0], rel=1e-3)
    cash = curve_of(found, "net_cash")
    assert cash[1] > 4 * cash[0] > 0.0
    assert found.failures == ()
