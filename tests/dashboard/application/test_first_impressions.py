"""What a first-time user met: colours that swap, sums that do not add up, internal names, buttons that do half."""

from __future__ import annotations

import re

import plotly.graph_objects as go
import pytest

from dashboard import figures
from dashboard.application.page_list import PAGES
from dashboard.application.pages import answer, evidence, methods
from dashboard.application.parts.app_state import state_of
from dashboard.application.parts.worked_example import WorkedExample
from dashboard.exhibits.exhibit import Tile, edge_of
from dashboard.exhibits.paired_forest import paired_forest
from dashboard.exhibits.scenarios import scenarios_by_year
from dashboard.exhibits.tiles import tiles
from dashboard.figures.curves import Curve, Curves, curves
from dashboard.figures.style import PLANS, VERDICT_COLOURS, mark_no_change, series_colour
from dashboard.runs import JobState, Phase
from dashboard.runs.choices import own_titles
from dashboard.runs.view import View
from simulator.bundle import shipped_seeds
from simulator.comparison.comparison import compare
from tests.dashboard.application.test_pages import laid_out, of_type, text_of
from tests.helpers.finished_runs import application as made_application
from tests.helpers.finished_runs import made_up_arms, ship_lenses

AS_CLAIMED, TRIALS = "As claimed", "On trial evidence"


@pytest.fixture(scope="module")
def comparison():
    baseline, helps = made_up_arms()[:2]
    return compare(helps, baseline)


@pytest.fixture
def both(tmp_path, monkeypatch):
    """A dashboard over made-up runs through both lenses."""
    ship_lenses(tmp_path / "lenses", monkeypatch, passed=True)
    return made_application(tmp_path / "finished", made_up_arms())


@pytest.fixture(scope="module")
def nothing_run(tmp_path_factory):
    return made_application(tmp_path_factory.mktemp("nothing") / "finished", ())


def test_a_lens_keeps_its_colour_whichever_is_in_front(comparison):
    colours = {}
    for named in ((AS_CLAIMED, TRIALS), (TRIALS, AS_CLAIMED), (TRIALS,)):
        chart = paired_forest(dict.fromkeys(named, comparison), "A line.").figure
        traces = figures.dots(chart).data
        found = {trace.name or named[0]: trace.line.color for trace in traces}
        colours.setdefault(AS_CLAIMED, set()).update(found[name] for name in named if name == AS_CLAIMED)
        colours.setdefault(TRIALS, set()).update(found[name] for name in named if name == TRIALS and len(named) > 1)
        lines = curves(Curves("", "", tuple(Curve(name, (0.0,), (1.0,)) for name in named)))
        assert [trace.line.color for trace in lines.data] == [series_colour(name) for name in named]
    assert colours == {name: {series_colour(name)} for name in (AS_CLAIMED, TRIALS)}
    assert series_colour(AS_CLAIMED) != series_colour(TRIALS)


def test_no_plan_has_the_colour_of_a_lens_or_a_verdict(comparison):
    (plans,) = scenarios_by_year({"": dict.fromkeys("ABCD", comparison)}, "A line.")
    drawn = [trace.line.color for trace in curves(plans.figure).data]
    assert drawn == list(PLANS)
    lenses = {series_colour(name) for name in (AS_CLAIMED, TRIALS, "Evidence as written")}
    assert not lenses & set(PLANS)
    assert not set(VERDICT_COLOURS.values()) & set(PLANS)


def test_an_edge_of_one_colour_never_stands_for_two_verdicts():
    better = Tile("A", "Bed days", "", "", "", "", "", "", "better")
    assert edge_of([better, better]) == "better"
    assert edge_of([better, better._replace(kind="worse")]) == ""


def test_the_parts_of_the_net_cost_add_up_as_shown(comparison):
    (tile,) = tiles({"": comparison}, "A line.", ("net_cost",)).figure.tiles
    total, *parts = (
        int(text.replace("−", "-").replace("£", "").replace(",", ""))
        for text in (tile.number, *re.findall(r"[−+]?£[\d,]+", tile.level))
    )
    assert len(parts) == 2
    assert total == sum(parts) != 0


@pytest.mark.parametrize(("low", "high", "side"), [(-9.0, 0.1, "right"), (-0.1, 9.0, "left"), (-5.0, 5.0, "center")])
def test_the_words_at_the_line_of_no_change_stay_within_the_chart(low, high, side):
    figure = go.Figure()
    mark_no_change(figure, low, high)
    assert figure.layout.annotations[0].xanchor == side


@pytest.mark.parametrize("target", [-8.0, -0.5])
def test_the_word_at_the_target_stays_within_the_chart(target):
    drawn = curves(Curves("days", "", (Curve("", (-9.0, -4.0), (50.0, 100.0)),), target=target))
    words = [one for one in drawn.layout.annotations if one.text == "target"]
    assert words[0].xanchor == ("right" if target > -4.5 else "left")


def test_missing_runs_are_offered_through_every_lens_even_while_the_example_runs(both, monkeypatch):
    asked = View(("frome",), place="rural_district", lens="as-claimed")
    monkeypatch.setattr(WorkedExample, "working", True)
    found = laid_out(both, answer, asked)
    assert not [part for part in of_type(found, "Progress") if part["props"].get("id") == "waiting-bar"]
    (wanted,) = [part["props"]["data"] for part in of_type(found, "Store") if part["props"].get("id") == "ask-for"]
    assert [one[:4] for one in wanted] == [
        ["baseline", "frome", "rural_district", lens] for lens in ("as-claimed", "trial-evidence")
    ]
    waits = laid_out(both, answer, asked.changed(place="frome"))
    assert [part for part in of_type(waits, "Progress") if part["props"].get("id") == "waiting-bar"]


def test_what_the_example_will_hold_is_known(both):
    example = state_of(both).example
    assert example.will_hold("frome", "frome", "as-claimed")
    assert example.will_hold("baseline", "frome", "trial-evidence")
    assert not example.will_hold("frome", "rural_district", "as-claimed")
    assert not example.will_hold("my_plan-0a1b2c3d", "frome", "as-claimed")


def test_methods_know_of_a_fitted_lens_before_anything_has_been_run(both):
    said = text_of(laid_out(both, methods, View(("frome",), place="rural_district", lens="as-claimed")))
    assert "has not been calibrated" not in said
    assert "The model was fitted to published figures" in said


def test_own_scenarios_are_called_by_their_titles():
    def state(name, title):
        made = JobState(**dict.fromkeys(JobState._fields))
        title = f"{title} against Services as they are"
        return made._replace(names=("baseline", name), title=title, phase=Phase.FINISHED)

    assert own_titles([state("mine-8f26a3ee", "My plan")]) == {"mine-8f26a3ee": "My plan"}
    two = own_titles([state("mine-8f26a3ee", "My plan"), state("mine-0a1b2c3d", "My plan")])
    assert list(two.values()) == ["My plan (version 8f26)", "My plan (version 0a1b)"]


def test_a_table_that_can_be_searched_claims_no_number_that_a_search_would_change(both):
    headings = [part["props"]["children"] for part in of_type(laid_out(both, evidence), "H2")]
    assert "Values" in headings
    assert not [said for said in headings if re.search(r"\d+ of \d+", str(said))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.TITLE)
def test_no_page_shows_a_name_with_digits_of_a_hash(both, page):
    assert not re.search(r"\b[a-z_]+-[0-9a-f]{8}\b", text_of(laid_out(both, page)))


@pytest.mark.parametrize("place", ["frome", "mendip"])
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.TITLE)
def test_no_page_has_an_empty_list_or_offers_to_run_more_pairs_twice(nothing_run, page, place):
    found = laid_out(nothing_run, page, View(place=place))
    assert not [part for part in of_type(found, "Ul") if not part["props"]["children"]]
    classes = [part["props"].get("className") for part in of_type(found, "Section")]
    assert classes.count("ships") <= 1
    pairs = len(shipped_seeds())
    assert (f"Run {4 * pairs} pairs here" in text_of(found)) == ("ships" in classes)
