"""Page Plan over HTTP: an answer for any position of the sliders, exact results where there are any, and a draft."""

from __future__ import annotations

import json
import math

import pytest

from calibration.surface import Point, load_surface, reading
from calibration.surface.points import PAYERS, plan_itself
from dashboard.application.pages import plan
from dashboard.application.parts.app_state import state_of
from dashboard.building.check import check
from dashboard.building.text import new_text
from dashboard.runs.question import link_name
from dashboard.topics import plan as topic
from dashboard.topics.districts import whole_district_rows
from simulator.api import compare, load
from simulator.comparison.smallest_differences import DEFAULTS
from simulator.programme_files import shipped_programmes
from tests.helpers.finished_runs import FROME, read_through
from tests.helpers.made_up_surface import write_surface
from tests.helpers.one_resident import Person, said_in, secured, shown
from tests.helpers.synthetic_results import lively, results

AT = plan.usual_positions()
POINT = Point(0.5, 0.4, 0.2, 0.2, 30.0)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        made = tmp_path_factory.mktemp("made") / "surface"
        write_surface(made, patch)
    return made


@pytest.fixture
def app(tmp_path, folder, monkeypatch):
    monkeypatch.setattr(plan, "load_surface", lambda: load_surface(folder))
    with secured(tmp_path / "finished") as made:
        yield made


def test_the_sliders_begin_at_the_plan_of_which_they_are_shares():
    at = plan.usual_positions()
    assert at == {
        "automation": 100.0,
        "health_connectors": 40.0,
        "talking_cafes": 15.0,
        "complex_care_hub": 30.0,
        "new_money": 0.0,
    }


@pytest.mark.parametrize("name", PAYERS)
def test_a_programme_has_room_for_its_caseload_as_often_as_members_change_in_a_year(name):
    (of,) = (one for one in shipped_programmes() if one.name == name)
    said = plan._bought(of, 2.0 * of.central("unit_cost"))
    units, room = said.split(f" {of.unit}s, room for ")
    assert units == "2.0"
    people = 2.0 * of.central("caseload") * 52.0 / of.central("duration")
    assert float(room.split(" ")[0].replace(",", "")) == pytest.approx(people, rel=0.05)


def moved(person, place="frome", **to):
    values = {f"plan-{name}.value": value for name, value in {**AT, **to}.items()}
    changed = {key: values[key] for key in values if key.removeprefix("plan-").partition(".")[0] in to}
    return person.post("plan-bar.children", changed, {**values, "url.search": f"?place={place}"})


def test_a_slider_is_answered_with_people_hours_pounds_and_both_lenses(app):
    answer = moved(Person(app, "anna"), new_money=60.0)
    assert said_in(answer["plan-new_money-said"]) == "£60 a resident: £1,700,000 a year, in the same mix."
    assert "whole-time workers, room for" in said_in(answer["plan-health_connectors-said"])
    assert "hours a week" in said_in(answer["plan-automation-said"])
    signs = said_in(answer["plan-signs"])
    assert all(heading in signs for heading in ("Emergency admissions a year", "Adults often or always lonely"))
    drawn = json.dumps(answer["plan-signs"])
    assert drawn.count('"shape on-trial-evidence"') == drawn.count('"shape as-claimed"') == 3
    said = said_in(answer["plan-how"])
    assert said.startswith(
        "Estimated on trial evidence and as claimed from 50 runs each; mean error on plans not seen: "
    )


def test_what_is_bought_is_never_more_than_what_is_freed(app):
    answer = moved(Person(app, "anna"), health_connectors=80.0)
    assert answer["plan-complex_care_hub"]["value"] == 10.0  # gave way first, since it was the largest of the others
    assert answer["plan-talking_cafes"]["value"] == 10.0
    assert "plan-health_connectors" not in answer
    assert said_in(answer["plan-saved-said"]) == "Saved: 0 %"


def test_the_address_restores_the_sliders(app):
    page = shown(app, "?place=frome&automation=50&new_money=25&talking_cafes=0", path="/plan")
    assert '"id": "plan-automation"' in page
    for name, value in {**AT, "automation": 50.0, "new_money": 25.0, "talking_cafes": 0.0}.items():
        slider = page[page.rindex("{", 0, page.index(f'"id": "plan-{name}"')) :][:400]
        assert f'"value": {value}' in slider, name


def test_everything_else_is_a_draft_with_the_same_plan(app):
    anna = Person(app, "anna")
    values = {f"plan-{name}.value": value for name, value in {**AT, "automation": 50.0}.items()}
    answer = anna.post("url.href", {"plan-build.n_clicks": 1}, {**values, "url.search": "?place=frome"})
    href = answer["url"]["href"]
    assert href.startswith("/build?")
    draft = state_of(app).drafts.get(href.rpartition("draft=")[2].partition("&")[0])
    found = check(draft.text, state_of(app).drafts.folder_of("anna") / "draft.yaml", load("baseline"))
    assert not found.problems
    same = Point(0.5, 0.4, 0.15, 0.3, 0.0).scenario()
    assert link_name(found.scenario) == link_name(same)  # so that runs of the draft are those of the plan


def test_runs_of_the_plan_take_the_place_of_its_estimate(folder):
    surface = load_surface(folder)
    base, after = (results(name, lively(8, effect), **FROME) for name, effect in (("baseline", 0.0), ("my_plan", 0.2)))
    arms = [read_through(arm, "as-claimed") for arm in (base, after)]
    exact = {"trial-evidence": None, "as-claimed": compare(arms[1], arms[0])}
    place = topic.plan_place(surface, "frome")
    rows = topic.plan_rows(surface, POINT, place, {}, exact)
    mine = rows[rows["measure"] == "emergency_admissions"].set_index("lens")
    true = compare(arms[1], arms[0]).per("year").summary(("emergency_admissions",), rounded=False).iloc[0]
    assert mine.loc["as-claimed", "difference"] == true["difference"]
    assert mine.loc["trial-evidence", "difference"] != true["difference"]
    assert math.isnan(mine.loc["as-claimed", "missed_by"])
    said = topic.how_found(rows, place)
    assert said.startswith("Run exactly as claimed: 8 pairs of runs. Estimated on trial evidence from 50 runs each")


def test_an_outdated_surface_or_another_place_is_refused_with_the_way_out(app, monkeypatch, messages):
    page = shown(app, "?place=hamlet", path="/plan")
    assert "plan-signs" not in page
    messages.check(said_in(page))
    monkeypatch.setattr(reading, "is_this_model", lambda _: False)
    older = plan.load_surface()
    older.__dict__.pop("outdated", None)
    page = shown(app, "?place=frome", path="/plan")
    older.__dict__.pop("outdated", None)
    assert "There is no estimate here" in page


def in_place(name, point, matters=DEFAULTS):
    surface = load_surface()
    place = topic.plan_place(surface, name)
    rows = topic.plan_rows(surface, point, place, matters, dict.fromkeys(sorted(surface.record["lenses"])))
    return place, rows.set_index(["lens", "measure"])


@pytest.mark.parametrize("name", ["mendip", "tower_hamlets"])
def test_in_a_district_the_plan_itself_does_what_its_own_results_say(name):
    place, rows = in_place(name, plan_itself())
    own = whole_district_rows(name, sorted(load_surface().record["lenses"]), DEFAULTS).set_index(["lens", "measure"])
    assert place.share == pytest.approx(place.residents / 28_000)
    for key, said in own.iterrows():
        found = rows.loc[key]
        assert found["difference"] == pytest.approx(said["difference"], rel=1e-6)
        assert found["high"] - found["low"] == pytest.approx(said["high"] - said["low"], rel=1e-6)
        assert found["matters"] == pytest.approx(said["matters"])
        assert found["baseline"] == pytest.approx(said["baseline"])


def test_in_a_district_other_plans_differ_from_the_plan_itself_as_in_the_town_for_each_resident():
    larger = plan_itself()._replace(new_money=30.0)
    apart = {}
    for name in ("mendip", "frome"):
        _, rows = in_place(name, larger)
        apart[name] = rows["difference"] - in_place(name, plan_itself())[1]["difference"]
    for (lens, measure), step in apart["mendip"].items():
        times = 1.0 if measure == "often_always_lonely" else place_share("mendip")
        assert step == pytest.approx(times * apart["frome"][lens, measure], rel=1e-6), (lens, measure)
    nothing = in_place("mendip", Point(0.0, 0.4, 0.2, 0.2, 0.0))[1]
    assert (nothing[["difference", "low", "high"]] == 0.0).to_numpy().all()


def place_share(name):
    return topic.plan_place(load_surface(), name).share


@pytest.mark.parametrize("changed", [{"automation": 0.5}, {"automation": 0.0, "new_money": 4.0}])
def test_a_small_plan_departs_from_the_town_in_proportion_to_its_automation_or_money(changed):
    small, key, surface = plan_itself()._replace(**changed), ("as-claimed", "emergency_admissions"), load_surface()
    apart = []
    for point in (small, plan_itself()):
        there, town = (in_place(name, point)[1].loc[key, "difference"] for name in ("mendip", "frome"))
        apart.append(there - place_share("mendip") * town)
    spent, plans = (sum(surface.freed("frome").pounds(one, 28_000).values()) for one in (small, plan_itself()))
    assert spent < plans
    assert apart[0] / apart[1] == pytest.approx(max(small.automation, spent / plans))


def test_the_page_of_a_district_has_sliders_its_own_pounds_and_says_where_it_is_from(tmp_path):
    with secured(tmp_path / "finished") as app:
        page = said_in(shown(app, "?place=mendip", path="/plan"))
        assert "Plan: Mendip" in page
        assert "These runs are of Frome, Somerset" in page
        answer = moved(Person(app, "anna"), place="mendip", new_money=10.0)
        assert said_in(answer["plan-new_money-said"]).startswith("£10 a resident: £1,200,000 a year")


@pytest.mark.parametrize("place", ["hamlet", "no_such_place"])
def test_a_slider_in_a_place_without_estimates_is_refused_with_the_reason(app, place):
    with pytest.raises(AssertionError, match="Plans are not estimated for"):  # the text of a refused request
        moved(Person(app, "anna"), place=place, new_money=9.0)


def test_a_draft_of_a_plan_reads_as_a_person_would_write_it(messages):
    messages.check(new_text(POINT._replace(automation=0.0).content()))
