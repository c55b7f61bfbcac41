"""Cohorts of a study, on panels made by hand: windows, follow-up, matching, and true effects."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from simulator.evaluation.cohorts import (
    eligible_non_members,
    first_eligible,
    first_joined,
    matched_controls,
    matched_controls_elsewhere,
    per_person,
    with_characteristics,
    with_follow_up,
    year_after,
    year_before,
)
from simulator.evaluation.panel import ON_FILE, USUAL_GP
from simulator.evaluation.tenure import Spans, odds_of
from simulator.evaluation.truth import PARTS, parts, true_effect
from tests.helpers.panels import JOINED, WEEKS, panel, people


def test_the_year_before_ends_with_the_week_of_joining_and_the_year_after_follows() -> None:
    found = panel({0: [JOINED - 52, JOINED - 51, JOINED, JOINED + 1, JOINED + 52, JOINED + 53]})
    rows, weeks = np.array([0]), np.array([JOINED])
    assert (year_before(found, rows, weeks).tolist(), year_after(found, rows, weeks).tolist()) == ([2], [2])


def test_a_shorter_follow_up_counts_its_own_weeks_as_a_rate_a_year() -> None:
    found = panel({0: [JOINED, JOINED + 1, JOINED + 26, JOINED + 27, JOINED + 52]})
    rows, weeks = np.array([0]), np.array([JOINED])
    assert year_after(replace(found, follow_up=26), rows, weeks).tolist() == [4.0]
    assert year_after(found, rows, weeks).tolist() == [4.0]
    assert year_after(replace(found, follow_up=1), rows, weeks).tolist() == [52.0]


def test_controls_elsewhere_are_matched_and_eligible_in_the_same_week() -> None:
    """Rows 0 to 2 of the other place are eligible; row 1 is of another sex, row 2 left in the year after."""
    here = panel({}, joined={5: [JOINED]}, sex=[1, 1, 1, 1, 1, 0])
    other = panel(
        {}, eligible=dict.fromkeys(range(3), range(JOINED, JOINED + 1)), left={2: JOINED + 9}, sex=[0, 1, 0, 0, 0, 0]
    )
    controls, matched = matched_controls_elsewhere(here, people(5), other)
    assert matched.tolist() == [True]
    assert controls[["row", "week", "weight"]].to_numpy().tolist() == [[0.0, JOINED, 1.0]]
    _, matched = matched_controls_elsewhere(here, people(5, week=JOINED + 1), other)
    assert matched.tolist() == [False], "nobody was eligible in that week"


def test_odds_ratios_of_longer_exposure_are_stratified() -> None:
    """Rows 0 and 1 have had their GP for less than a year, 2 and 3 for longer, 4 for too long; 5 left."""
    had, left, spans = [0, 3, 4, 7, 9, 4], {5: 150}, Spans(52, 52, 103)
    assert odds_of(panel({0: [110], 3: [110], 4: [110], 5: [110]}, left=left, usual_gp_quarters=had), spans) == 1.0
    nobody = panel({0: [110]}, left=left, usual_gp_quarters=had)
    assert math.isnan(odds_of(nobody, spans)), "nobody of the longer ones was admitted"
    apart = panel({0: [110], 3: [110]}, left=left, usual_gp_quarters=had, sex=[0, 0, 1, 1, 0, 0])
    assert math.isnan(odds_of(apart, spans)), "no stratum has both"


def test_odds_ratios_use_the_last_year_and_the_given_exposure() -> None:
    """Row 3 was admitted before the last year, row 4 has had the GP for a quarter more than rows 2 and 3."""
    found = panel({0: [110], 2: [155], 3: [103], 4: [110]}, left={5: 150}, usual_gp_quarters=[3, 3, 6, 6, 7, 6])
    assert odds_of(found, Spans(52, 52, 83)) == 1.0
    assert odds_of(found, Spans(52, 52, 93)) == 2.0


def test_the_exposure_is_that_at_the_beginning_of_the_last_year() -> None:
    """Of six people, four have a new GP from the quarter on in which the last year begins."""
    found = panel({0: [110], 4: [110]}, usual_gp_quarters=[6] * 6)
    found.traits[USUAL_GP][104 // 13 :, :4] = 0
    assert odds_of(found, Spans(52, 52, 103)) == 3.0


def test_only_those_who_stayed_both_years_are_followed() -> None:
    """Row 1 came within the year before, row 2 left in the year after; row 3's year after is not over."""
    found = panel({}, left={1: 20, 2: JOINED + 52, 4: 9})
    everyone = pd.concat([people(0, 1, 2, 4), people(3, week=WEEKS - 52)], ignore_index=True)
    assert with_follow_up(found, everyone, weeks_before=51)["row"].tolist() == [0, 4]
    assert with_follow_up(found, everyone, weeks_before=0)["row"].tolist() == [0, 1, 4]


def test_only_the_first_membership_of_a_person_counts() -> None:
    """Row 0 joins twice; the place of row 1 is taken by another, who joins for a first time too."""
    found = panel(
        {},
        joined={0: [60, 90], 1: [55, 100]},
        left={1: 70},
        eligible={0: range(40, 50), 1: range(68, 75), 2: range(30, 31)},
    )
    assert sorted(map(tuple, first_joined(found).to_numpy().tolist())) == [(0, 60), (1, 55), (1, 100)]
    assert sorted(map(tuple, first_eligible(found).to_numpy().tolist())) == [(0, 40), (1, 68), (1, 70), (2, 30)]


def test_controls_match_exactly_and_have_a_weight_of_one_per_member() -> None:
    """Member 0 has two doubles, 1 and 2; 3 joined later, 4 was admitted more often, 5 is older."""
    found = panel(
        {0: [50], 1: [40], 2: [45], 3: [50], 4: [40, 50], 5: [50]},
        joined={0: [JOINED], 3: [JOINED + 20]},
        age_band=[6, 6, 6, 6, 6, 7],
    )
    controls, matched = matched_controls(found, people(0))
    assert matched.tolist() == [True]
    assert dict(zip(controls["row"], controls["weight"], strict=True)) == {1: 0.5, 2: 0.5}


def test_unmatched_members_are_matched_without_deprivation_then_without_sex_then_dropped() -> None:
    found = panel(
        {},
        joined={row: [JOINED] for row in (0, 1, 2)},
        age_band=[5, 6, 7, 5, 6, 8],
        deprivation=[0, 0, 0, 3, 3, 0],
        sex=[0, 0, 0, 0, 1, 0],
    )
    controls, matched = matched_controls(found, people(0, 1, 2))
    assert matched.tolist() == [True, True, False]
    assert sorted(controls["row"]) == [3, 4]


def test_three_or_more_admissions_are_one_class() -> None:
    found = panel({0: [40, 41, 42], 1: [40, 41, 42, 43], 2: [40, 41]}, joined={0: [JOINED]})
    controls, _ = matched_controls(found, people(0))
    assert controls["row"].tolist() == [1]


def test_comparators_of_a_difference_in_differences_are_eligible_in_the_same_week_and_never_join() -> None:
    found = panel(
        {},
        joined={0: [JOINED], 3: [100]},
        eligible={row: range(58, 63) for row in (1, 3, 4)} | {2: range(20, 30)},
        volunteer=[0, 0, 0, 0, 1, 0],
    )
    comparators, served = eligible_non_members(found, people(0))
    assert (comparators["row"].tolist(), served.tolist()) == ([1], [True])
    assert eligible_non_members(found, people(0, week=80))[1].tolist() == [False]


def test_a_comparator_of_several_weeks_is_one_person_with_mean_years() -> None:
    """Row 1 serves in weeks 60 and 70 with weights 1 and 3; one admission in week 65 is after the first of them."""
    found = panel({1: [65]})
    rows = pd.DataFrame({"row": [1, 1], "week": [60, 70], "weight": [1.0, 3.0]})
    (row,) = per_person(found, rows).to_dict("records")
    assert row == {"row": 1, "week": 60, "weight": 4.0, "before": 0.75, "after": 0.25}


def test_the_data_of_a_study_contain_only_recorded_items() -> None:
    table = with_characteristics(panel({}, age_band=[0, 1, 2, 3, 4, 8]), people(5))
    assert set(table) == {"row", "week", "person", *ON_FILE}
    assert {"frailty", "transient", "support", "lonely"} & set(table) == set()
    assert (table["age_band"].tolist(), table["person"].tolist()) == (["85+"], ["5-0"])


BEFORE = {0: [20, 30, 40, 50], 1: [30, 50], 3: [30]}


def test_the_true_effect_is_the_difference_between_both_runs_of_the_same_people() -> None:
    """With: one admission of rows 0 and 1 after joining. Without: three. Row 2 is another person there."""
    with_it = panel({0: [*BEFORE[0], 70], 1: BEFORE[1], 2: [70, 71]})
    without = panel({0: [*BEFORE[0], 70, 80], 1: [*BEFORE[1], 90]}, left={2: 30})
    truth = true_effect(with_it, without, people(0, 1, 2))
    assert truth == (2, 0.5, 1.5)
    assert truth.difference == -1.0


def test_the_parts_of_a_before_after_difference_by_hand() -> None:
    """Two members, 6 admissions before and 1 after; without the programme 3 after. All six have one age band.

    Difference -5/2. Effect (1 - 3)/2 = -1. Without the programme the change is (3 - 6)/2 = -1.5; that of all six is
    (3 + 3 - 6 - 1)/6 = -1/6, for row 3 was admitted once before and row 4 three times after.
    """
    with_it = panel({**BEFORE, 0: [*BEFORE[0], 70], 4: [61, 62, 112]})
    without = panel({**BEFORE, 0: [*BEFORE[0], 70, 80], 1: [*BEFORE[1], 90], 4: [61, 62, 112]})
    found = parts(with_it, without, people(0, 1))
    assert tuple(found) == PARTS
    assert list(found.values()) == pytest.approx([-1.0, -1.5 + 1 / 6, -1 / 6, 0.0])


def test_people_without_a_counterpart_are_a_separate_part_and_the_sum_holds() -> None:
    """Three people, 6 admissions before and 3 after: -1. Row 2, admitted twice after, has no other life.

    The other two: effect -1, what would have happened anyway -1.5; so 1.5 is left.
    """
    with_it = panel({**BEFORE, 0: [*BEFORE[0], 70], 2: [70, 71]})
    without = panel({**BEFORE, 0: [*BEFORE[0], 70, 80], 1: [*BEFORE[1], 90]}, left={2: 70})
    found = parts(with_it, without, people(0, 1, 2))
    assert sum(found.values()) == pytest.approx((3 - 6) / 3)
    assert found["true_effect"] == -1.0
    assert found["not_paired"] == pytest.approx(-1.0 + 1.0 + 1.5)
