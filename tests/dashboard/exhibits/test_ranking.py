"""Plans ranked by what the user wants: in order of the cautious lens, with every number of their answers."""

from __future__ import annotations

import pytest

from dashboard.application.parts.ready import ready_plans
from dashboard.exhibits.ranking import ranking
from dashboard.runs.view import View
from dashboard.topics.answer import SIGNS
from simulator.comparison.smallest_differences import DEFAULTS


@pytest.fixture(scope="module")
def plans():
    return ready_plans(View())


@pytest.mark.parametrize("measure", list(SIGNS))
def test_plans_are_in_the_order_of_the_cautious_lens(plans, measure):
    found = ranking(plans, measure, DEFAULTS)
    first = found.figure.series[0]
    assert first.name == "On trial evidence"
    assert list(first.values) == sorted(first.values)
    assert set(found.figure.categories) == set(plans)
    assert found.figure.categories[0] in found.title


def test_the_numbers_are_those_of_each_answer(plans):
    found = ranking(plans, "emergency_admissions", DEFAULTS)
    for series in found.figure.series:
        for title, value in zip(found.figure.categories, series.values, strict=True):
            rows = plans[title].rows(1.0, DEFAULTS)
            mine = rows[(rows["measure"] == "emergency_admissions")]
            assert value in mine["difference"].tolist()


def test_no_plan_ships_for_another_base_place_or_setting_of_a_lens(plans):
    assert len(plans) >= 10
    assert ready_plans(View(base="automation_only")) == {}
    assert ready_plans(View(place="nowhere")) == {}
    assert ready_plans(View(lens="as-claimed_frome_0.5")) == {}
    with pytest.raises(ValueError, match="needs a plan"):
        ranking({}, "emergency_admissions", DEFAULTS)
