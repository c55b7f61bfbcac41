"""Every page builds on finished runs, has text alternatives, and makes no outside requests."""

from __future__ import annotations

import ast
import json
from itertools import pairwise
from pathlib import Path

import pytest
from plotly.utils import PlotlyJSONEncoder

from dashboard.application.page_list import PAGES, page_of
from dashboard.application.pages import compare, hour, why
from dashboard.application.parts import waiting
from dashboard.application.parts.app_state import state_of
from dashboard.exhibits.components import CONFIG
from dashboard.runs.view import View
from simulator.errors import ResultsError
from simulator.results.results import TABLES
from tests.helpers.finished_runs import application, made_up_arms, real_arms

SOURCES = sorted((Path(__file__).parents[3] / "dashboard").rglob("*.py"))


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    return application(tmp_path_factory.mktemp("real"), real_arms())


def parts(component, above=()):
    """Every component of a layout as JSON would carry it, with those it stands in."""
    if isinstance(component, list | tuple):
        for one in component:
            yield from parts(one, above)
    elif isinstance(component, dict) and "props" in component:
        yield component, above
        for value in component["props"].values():
            yield from parts(value, (*above, component))
    elif isinstance(component, dict):
        for value in component.values():
            yield from parts(value, above)


_SEEN = {}
"""Layouts that were built, by application, page and address."""


def seen(app, page, view=None):
    """A page as it is first seen, or for a view, of an application whose runs stay as they are: built once."""
    key = (app, page, (view or View()).query())
    if key not in _SEEN:
        _SEEN[key] = laid_out(app, page, view)
    return _SEEN[key]


def laid_out(app, page, view=None):
    with app.server.app_context():
        built = waiting.or_page(page, view or View())
    return list(parts(json.loads(json.dumps(built, cls=PlotlyJSONEncoder))))


def of_type(found, kind):
    return [part for part, _ in found if part["type"] == kind]


def tables_in(found):
    """The tables of a layout, which a browser builds: caption, heads, names, body."""
    return [json.loads(part["props"]["data-table"]) for part, _ in found if "data-table" in part["props"]]


def refusals(found):
    """The replacement of a page that cannot be shown."""
    return [part for part in of_type(found, "Section") if "refused" in str(part["props"].get("className"))]


def said_before(found, text):
    """The text of a page just before this text."""
    strings = strings_of(found)
    return strings[next(place for place, said in enumerate(strings) if text in said) - 1]


def text_of(found):
    return " ".join([*(made["caption"] for made in tables_in(found)), *strings_of(found)])


def strings_of(found):
    """All strings of a layout, in order."""
    strings = []
    for part, _ in found:
        children = part["props"].get("children")
        strings += [
            child for child in (children if isinstance(children, list) else [children]) if isinstance(child, str)
        ]
    return strings


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.TITLE)
@pytest.mark.parametrize("runs", ["real", "made_up"])
def test_every_page_builds_on_finished_runs(page, runs, request):
    found = seen(request.getfixturevalue(runs), page)
    assert len(of_type(found, "H1")) == 1
    assert refusals(found) == []
    assert "Simulated estimate, not an official statistic" in text_of(found) or not of_type(found, "Graph")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.TITLE)
def test_every_chart_has_a_name_words_a_table_and_no_button_that_sends_it_away(page, made_up):
    found = seen(made_up, page)
    charts = [(part, above) for part, above in found if part["type"] == "Graph"]
    for chart, above in charts:
        frame = above[-1]["props"]
        assert frame["role"] == "img"
        assert len(frame["aria-label"]) > 40
        assert chart["props"]["config"]["showSendToCloud"] is False
    names = [chart["props"]["id"] for chart, _ in charts]
    assert len(names) == len(set(names))
    exhibits = [part for part in of_type(found, "Section") if part["props"].get("className") == "exhibit"]
    drawn = [part for part in exhibits if any(inner["type"] == "Figure" for inner, _ in parts(part))]
    assert all(any("data-table" in inner["props"] for inner, _ in parts(part)) for part in drawn)
    assert len(drawn) >= len(charts)


def test_every_chart_has_a_button_a_kind(made_up):
    for page in PAGES:
        found = seen(made_up, page)
        tiles = [part for part in of_type(found, "Ul") if "tiles" in part["props"].get("className", "")]
        charts = len(of_type(found, "Figure")) - len(tiles)
        kinds = [part["props"]["data-picture"] for part in of_type(found, "Button") if "data-picture" in part["props"]]
        assert kinds == ["svg", "png"] * charts, page.TITLE


def test_headings_skip_no_level(made_up):
    for page in PAGES:
        levels = [int(part["type"][1]) for part, _ in seen(made_up, page) if part["type"] in ("H1", "H2", "H3")]
        assert levels[0] == 1, page.TITLE
        assert all(after - before <= 1 for before, after in pairwise(levels)), page.TITLE


def test_charts_are_made_in_one_place_only():
    bare = [
        f"{path.name}:{node.lineno}"
        for path in SOURCES
        if path.name != "components.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if (isinstance(node, ast.Attribute) and node.attr == "Graph")
        or (isinstance(node, ast.ImportFrom) and any(alias.name == "Graph" for alias in node.names))
    ]
    assert bare == []
    assert CONFIG["showSendToCloud"] is False


def test_compare_draws_a_band_for_one_scenario_and_lines_for_two(made_up):
    alone = text_of(seen(made_up, compare, View(("relational_offset",))))
    both = text_of(seen(made_up, compare, View(("relational_offset", "volunteers_only"))))
    assert "with the middle 80 % of runs as a band" in alone
    assert "bands over each other hide more than they show" in both


def test_compare_refuses_runs_of_another_length_and_says_why(made_up):
    said = text_of(laid_out(made_up, compare, View(("relational_offset", "cautious"))))
    assert "Cautious is not shown" in said
    assert "Cautious ran with weeks 104, Relational offset with 260" in said


@pytest.mark.thorough
def test_compare_shows_scenarios_over_the_pairs_that_all_of_them_have(uneven, tmp_path):
    alone = text_of(laid_out(uneven, compare))
    found = laid_out(uneven, compare, View(("relational_offset", "volunteers_only")))
    assert "8 paired replications, seeds 0-7" in alone
    assert "that all of them have" not in alone
    assert "Shown over the 3 pairs of runs that all of them have; by itself Relational offset has 8." in text_of(found)
    assert "3 paired replications, seeds 0-2" in text_of(found)
    (grid,) = of_type(found, "AgGrid")
    assert {row["fewer"].split(" of ")[1] for row in grid["props"]["rowData"]} == {"3"}
    arms = made_up_arms()
    none = application(tmp_path, (*arms[:2], replaced_seeds(arms[2])))
    said = text_of(laid_out(none, compare, View(("volunteers_only",))))
    assert "differ in seeds: 8-15 and 0-7" in said


def replaced_seeds(arm):
    """The same runs, recorded with other seeds."""
    frames = {name: table.assign(seed=table["seed"] + 8) for name, table in vars(arm).items() if name in TABLES}
    return type(arm)(**{**vars(arm), **frames, "record": {**arm.record, "seeds": list(range(8, 16))}})


def test_compare_refuses_a_base_with_other_parameters(tmp_path):
    arms = made_up_arms()
    other = type(arms[0])(**{**vars(arms[0]), "record": {**arms[0].record, "base_evidence_hash": "33333333"}})
    app = application(tmp_path, (other, arms[1]))
    assert "differ in evidence: 22222222 and 33333333" in text_of(laid_out(app, compare))


def test_the_flow_of_an_hour_carries_what_the_ledger_booked(made_up):
    found = seen(made_up, hour)
    (stored,) = of_type(found, "Store")
    sankey = stored["props"]["data"]["props"]["children"]["props"]["figure"]["data"][0]
    assert sankey["type"] == "sankey"
    assert len(sankey["link"]["value"]) >= 8


def test_why_says_what_to_run_where_nothing_has_been_split(made_up):
    codes = of_type(seen(made_up, why), "Code")
    assert codes[0]["props"]["children"] == "offset attribute relational_offset baseline --place frome --seeds 10"


def test_missing_runs_are_reported_and_not_drawn(made_up):
    said = text_of(laid_out(made_up, PAGES[0], View(("frome",), lens="evidence")))
    assert (
        "There are no finished runs of 'What Frome did' in Frome, Somerset with the lens Evidence as written yet."
        in said
    )


def test_a_name_that_leaves_the_folder_is_refused(made_up):
    with pytest.raises(ResultsError, match="is not a valid name: use at most 80 letters, digits and underscores"):
        state_of(made_up).library.find("../../secret", "frome")


def test_an_unknown_path_shows_a_not_found_page(made_up):
    assert page_of("/nowhere") is None
    assert page_of("/compare/") is compare
    client = made_up.server.test_client()
    assert client.get("/nowhere").status_code == 404
    assert client.get("/compare").status_code == 200


def test_the_first_answer_names_its_language_and_nothing_outside(made_up):
    answer = made_up.server.test_client().get("/").get_data(as_text=True)
    assert '<html lang="en-GB">' in answer
    assert "http://" not in answer
    assert "https://" not in answer
