"""Page People: both towns with words for their pictures, a story of one's choice, and what else has been followed."""

from __future__ import annotations

import json

import pytest

from dashboard.application.pages import people
from dashboard.runs.view import View
from simulator.errors import ResultsError, UnknownNameError
from tests.dashboard.application.test_pages import laid_out, of_type, strings_of, tables_in
from tests.helpers.finished_runs import application, made_up_arms
from tests.helpers.followed import shipped_year


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    return application(tmp_path_factory.mktemp("people"), made_up_arms())


@pytest.fixture
def followed(monkeypatch):
    monkeypatch.setattr(people, "followed", lambda *_: shipped_year())


def town_in(found):
    (town,) = [part["props"]["data-town"] for part, _ in found if "data-town" in part["props"]]
    return json.loads(town)


def test_both_towns_have_a_name_and_their_numbers_in_a_table(app, followed):
    found = laid_out(app, people)
    named = [part["props"]["aria-label"] for part in of_type(found, "Canvas") if part["props"].get("role") == "img"]
    assert [name.partition(":")[0] for name in named] == ["Without the plan", "With the plan"] * 2
    keys = {part["props"]["data-mark"] for part in of_type(found, "Canvas") if "data-mark" in part["props"]}
    assert {"lonely", "automated", "admission", "spared"} < keys
    assert [table["names"] for table in tables_in(found)] == [1, 1]
    assert "Relational offset compared with Services as they are, Frome, Somerset." in strings_of(found)
    assert town_in(found)["chosen"] == 0


def test_a_chosen_story_is_told_and_ringed_in_the_town(app, followed):
    found = laid_out(app, people, View(options={"story": "more_admissions"}))
    assert town_in(found)["chosen"] == 1
    assert tables_in(found)[1]["caption"] == "A man of 71, week by week"


def test_a_plan_that_nobody_has_followed_shows_what_has_been(app, monkeypatch):
    def none(scenario, *_):
        if scenario == "cautious":
            raise UnknownNameError("ready result", "cautious", [])
        return shipped_year()

    monkeypatch.setattr(people, "followed", none)
    found = laid_out(app, people, View(("cautious",)))
    assert "Residents have not been followed under this plan" in " ".join(strings_of(found))
    links = [part["props"] for part in of_type(found, "Link")]
    assert {link["href"].partition("?")[0] for link in links} == {"/people"}
    assert links[0]["children"] == "Relational offset, Frome, Somerset, On trial evidence"


def test_residents_of_another_model_are_not_shown(app, monkeypatch):
    def outdated(*_):
        raise ResultsError("The ready results are those of model 1.")

    monkeypatch.setattr(people, "followed", outdated)
    found = laid_out(app, people)
    assert strings_of(found) == ["People", "The ready results are those of model 1."]
