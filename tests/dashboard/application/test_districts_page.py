"""Page Districts: the map, its colours, its table, and the choice of any district as the place."""

from __future__ import annotations

import json

import pytest

from dashboard.application.app import create_app
from dashboard.application.pages import districts as page
from dashboard.application.parts.settings import Settings
from dashboard.runs.choices import place_choices
from dashboard.runs.question import place_of
from dashboard.runs.view import View
from dashboard.topics import districts as topic
from simulator.errors import ResultsError
from simulator.places import load_place
from tests.dashboard.application.test_pages import laid_out, of_type, text_of
from tests.helpers.district_results import write_made_up


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    return create_app(Settings(tmp_path_factory.mktemp("finished"), prepare=False))


@pytest.fixture(scope="module")
def held(tmp_path_factory):
    return write_made_up(tmp_path_factory.mktemp("made_up") / "districts")


@pytest.fixture
def shown(app, held, monkeypatch):
    for module in (page, topic):
        monkeypatch.setattr(module, "load_district_results", lambda: held)
    return lambda **view: laid_out(app, page, View(**view))


def map_in(found):
    (held,) = (part["props"]["data-districts"] for part, _ in found if "data-districts" in part["props"])
    return json.loads(held)


def test_the_map_has_every_district_and_begins_at_the_one_that_is_chosen(shown):
    drawn = map_in(shown(place="mendip", lens="trial-evidence"))
    assert len(drawn["tiles"]) == 326
    assert drawn["chosen"] == "mendip"
    assert drawn["label"].startswith("Map. Emergency admissions: ")
    assert {"name", "title", "q", "r", "colour", "words"} == set(drawn["tiles"][0])


def test_outcome_and_colours_are_chosen_in_the_address(shown):
    usual, chosen = (
        shown(lens="trial-evidence", options=options) for options in ({}, {"outcome": "net_cash", "colour": "verdict"})
    )
    assert map_in(chosen)["label"] != map_in(usual)["label"]
    assert "pounds per 1,000 residents a year" in map_in(chosen)["label"]
    assert map_in(usual)["tiles"] != map_in(chosen)["tiles"]
    assert "Fifth with the least gain" in text_of(usual)
    assert "Fifth with the least gain" not in text_of(chosen)


def test_the_table_has_every_district_to_sort_by_number(shown):
    (table,) = of_type(shown(lens="as-claimed"), "AgGrid")
    rows = table["props"]["rowData"]
    assert len(rows) == 326
    assert all(isinstance(row["difference"], float) for row in rows)
    assert rows[0]["title"] == "Adur"


def test_another_lens_than_those_that_were_run_shows_the_first(shown):
    assert "Lens: As claimed." in text_of(shown(lens="evidence"))
    assert "Lens: On trial evidence." in text_of(shown(lens="trial-evidence_causal_0"))


def test_results_of_another_model_are_not_shown_and_it_is_said_how_to_make_them(app, monkeypatch):
    def refuse():
        raise ResultsError("They are made again with 'offset bundle --districts 6'.")

    monkeypatch.setattr(page, "load_district_results", refuse)
    assert "They are made again with 'offset bundle --districts 6'." in text_of(laid_out(app, page, View()))


def test_every_district_can_be_chosen_as_the_place_of_a_run(tmp_path):
    choices = {one["value"]: one["label"] for one in place_choices(load_place("frome"))}
    assert choices["tower_hamlets"] == "Tower Hamlets"
    assert len(choices) == 326 + 5
    assert place_of("tower_hamlets", tmp_path).title == "Tower Hamlets"
