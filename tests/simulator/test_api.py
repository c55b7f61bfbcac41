"""The public functions of the simulator."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

import simulator
from simulator import api, compare, describe, load, run, value
from simulator.api import specify_comparable
from simulator.errors import IncomparableRunsError, UnknownNameError
from simulator.foundations.categories import AGE_BANDS
from simulator.scenario.scenario import load_scenario
from tests.helpers.small_runs import small_frome
from tests.helpers.synthetic_results import lively
from tests.helpers.synthetic_results import results as made_up_results

OWN_CALENDAR = """name: {name}
title: {name}
question: What if?
extends: baseline
calendar: {{starts: 2030-04-01, years: {years}}}
{more}
"""


@pytest.fixture
def scenario(tmp_path):
    def write(name, years=3, more=""):
        path = tmp_path / f"{name}.yaml"
        path.write_text(OWN_CALENDAR.format(name=name, years=years, more=more), encoding="utf-8")
        return load_scenario(path)

    return write


def test_the_readme_walk_through_as_code():
    place = small_frome()
    with ThreadPoolExecutor(1) as here:
        baseline = run(load("scenarios/baseline.yaml"), seeds=range(2), place=place, years=1, workers=here)
        offset = run(load("scenarios/relational_offset.yaml"), seeds=range(2), place=place, years=1, workers=here)
    table = compare(offset, baseline).by("age_band")
    assert tuple(table["age_band"].unique()) == AGE_BANDS
    assert baseline.record["residents"] == 2000
    released = value(offset).groupby("item")["pounds"].sum()
    assert released["technology"] > 0
    assert value(baseline)["item"].isin(["short_admissions", "overnight_admissions", "ae", "gp"]).any()


def test_names_are_found_when_first_used_and_are_always_the_same():
    assert simulator.describe is describe
    assert simulator.compare is compare
    assert callable(simulator.describe)


def test_every_finished_run_is_priced():
    table = value(made_up_results("offset", lively(3, 0.1), weeks=260))
    assert sorted(table["seed"].unique()) == [0, 1, 2]
    assert list(table.columns) == ["seed", "year", "item", "payer", "kind", "pounds", "discounted_pounds"]


def test_a_single_stated_calendar_applies_to_both(scenario, messages):
    comparable = specify_comparable([load("baseline"), scenario("later")])
    assert [(spec.weeks, spec.starts.isoformat()) for spec in comparable.specs] == [(156, "2030-04-01")] * 2
    messages.check(comparable.note)


def test_without_a_stated_calendar_there_is_nothing_to_say():
    comparable = specify_comparable([load("baseline"), load("relational_offset")], years=1)
    assert ([spec.weeks for spec in comparable.specs], comparable.note) == ([52, 52], None)


def test_two_calendars_are_refused(scenario, messages):
    with messages.raised(IncomparableRunsError):
        specify_comparable([scenario("soon", 3), scenario("late", 4)])


def test_years_settle_the_length_of_two_calendars_but_not_their_first_day(scenario, messages):
    comparable = specify_comparable([load("baseline"), scenario("soon", 3), scenario("late", 4)], years=2)
    assert [(spec.weeks, spec.starts.isoformat()) for spec in comparable.specs] == [(104, "2030-04-01")] * 3
    messages.check(comparable.note)
    with messages.raised(IncomparableRunsError):
        specify_comparable([load("frome"), scenario("soon", 3)], years=2)


def test_two_places_are_refused_unless_one_is_given(scenario, messages):
    here, there = scenario("here"), scenario("there", more="place: somerset")
    with messages.raised(IncomparableRunsError):
        specify_comparable([here, there])
    assert {spec.place.name for spec in specify_comparable([here, there], place="somerset").specs} == {"somerset"}


def test_describe_refuses_what_it_does_not_know(messages):
    with messages.raised(UnknownNameError):
        describe("modell")


def test_describe_takes_things_as_well_as_names():
    assert describe(load("baseline")) == describe("scenario", "baseline")
    table = describe(small_frome())
    assert len(table) > 10


def test_a_verb_by_its_former_name_is_the_same_verb_and_says_the_present_one(messages):
    with messages.warned(FutureWarning):
        assert api.specify_alike is specify_comparable
    with pytest.raises(AttributeError):
        api.specify_all  # noqa: B018
