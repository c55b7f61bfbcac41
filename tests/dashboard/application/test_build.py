"""Page Build over HTTP, as browsers use it: edits, problems, files, simultaneous runs of many users, links."""

from __future__ import annotations

import base64
import json
import re
import shutil
import threading
from typing import Any
from urllib.parse import quote

import pytest

from dashboard.application.pages.build import draft_session as build_desk
from dashboard.application.pages.build import side
from dashboard.application.parts.app_state import state_of
from dashboard.runs import JobState, Phase
from dashboard.runs.view import View
from dashboard.server import PasswordFile
from dashboard.server.passwords import set_password
from dashboard.server.serving import secure
from dashboard.text.lens_names import shown_lenses
from simulator.api import load, specify_comparable
from simulator.results.run_record import model_version
from simulator.store import open_store
from tests.helpers.finished_runs import application, made_up_arms
from tests.helpers.messages import about
from tests.helpers.one_resident import PLAN, Person, press_id, said_in, secured, shown, somebody, wait

OLD = "0.0.1+0123abcd"


@pytest.fixture
def app(tmp_path, monkeypatch):
    monkeypatch.setattr(build_desk, "QUICK_PAIRS", 2)
    with secured(tmp_path / "finished") as made:
        yield made


@pytest.mark.thorough
def test_a_field_tells_its_fault_at_once_and_undo_takes_it_back(app, messages):
    anna = somebody(app)
    path = ["automate", 0, "share"]
    answer = anna.fill(path, "share", 99)
    field = press_id({"type": "build-field", "kind": "share", "path": json.dumps(path)})
    messages.check(answer[field]["error"])
    messages.check(said_in(answer["build-verdict"]))
    assert "build-cards" not in answer
    assert "share: 99 %" in anna.text
    assert "# Agreed with reception." in anna.text
    answer = anna.press("undo", "undo")
    messages.check(said_in(answer["build-verdict"]))
    assert anna.text == PLAN.format(share=60)
    assert "£" in json.dumps(answer["build-ledger"], ensure_ascii=False)
    anna.press("redo", "redo")
    assert "share: 99 %" in anna.text
    messages.check(anna.press("redo", "redo")["build-said"]["children"])


def test_what_has_not_changed_is_not_an_edit(app):
    anna = somebody(app)
    assert anna.fill(["automate", 0, "share"], "share", 60) == {}
    assert anna.fill(["calendar", "weeks"], "whole", 13) == {}
    assert anna.fill(["automate", 0, "reason"], "text", "") == {}
    assert state_of(app).drafts.get(anna.draft).earlier == 0


def test_entries_and_the_text_can_be_edited_and_given_back(app, messages):
    anna = somebody(app)
    answer = anna.press("add", ["funding"])
    messages.check(about(said_in(answer["build-cards"]), "health connectors", "NHS"))
    answer = anna.press("remove", ["funding", 0])
    assert "funding: []" in anna.text
    anna.press("give-back", ["funding"])
    assert "funding" not in anna.text
    answer = anna.do({"build-text.value": anna.text + "staffin: 1\n"})
    messages.check(said_in(answer["build-verdict"]))
    answer = anna.do({"build-text.value": "a: ["})
    messages.check(said_in(answer["build-cards"]))
    anna.press("undo", "undo")
    anna.press("undo", "undo")
    pick = {press_id({"type": "build-pick", "of": "evidence"}) + ".value": "contacts.realisation_rate"}
    answer = anna.press("add-change", ["changes"], **pick)
    assert "changes.contacts.realisation_rate.reason" in json.dumps(answer["build-verdict"])
    messages.check(anna.press("dance", ["funding"])["build-said"]["children"])


def test_what_is_saved_is_a_file_that_runs_and_a_shipped_name_is_refused(app, messages):
    anna = somebody(app)
    said = anna.press("save", "save")["build-said"]["children"]
    path = state_of(app).drafts.path_of("anna", "my_plan")
    assert str(path.parent) not in said
    messages.check(said)
    assert specify_comparable([load(path)], place="frome").specs[0].scenario.title == "Plan 60"
    anna.fill(["name"], "text", "frome")
    messages.check(anna.press("save", "save")["build-said"]["children"])
    anna.fill(["name"], "text", "No Name")
    messages.check(anna.press("save", "save")["build-said"]["children"])
    sent = anna.post(
        "build-download.data",
        {f"{press_id({'type': 'build-act', 'act': 'download', 'path': 'download'})}.n_clicks": 1},
        {"build-draft.data": anna.draft, "url.search": anna.query},
    )
    assert sent["build-download"]["data"] == {"content": anna.text, "filename": "No Name.yaml", "type": "text/yaml"}


def test_files_that_are_too_large_or_no_text_are_refused(app, messages):
    anna = Person(app, "anna")
    for content in (b"x" * 200_001, b"\xff\xfe"):
        answer = anna.post(
            "build-download.data",
            {"build-open.contents": f"data:;base64,{base64.b64encode(content).decode()}"},
            {"build-open.filename": "x.yaml"},
        )
        messages.check(answer["build-said"]["children"])
    answer = anna.post("build-download.data", {"build-open.contents": "data:;base64,!!"}, {"build-open.filename": "x"})
    messages.check(answer["build-said"]["children"])


@pytest.mark.slow
def test_twenty_people_press_run_and_each_gets_the_right_answer_computed_once(app):
    shares = [60] * 11 + [30, 31, 32] * 3
    people = [somebody(app, f"person{number}", share) for number, share in enumerate(shares)]
    said: list[str] = []
    pressing = [
        threading.Thread(target=lambda one=one: said.append(one.press("quick", "quick")["build-said"]["children"]))
        for one in people
    ]
    for one in pressing:
        one.start()
    for one in pressing:
        one.join()
    assert said == ["Asked for. It goes on if you close this page."] * 20
    jobs = state_of(app).jobs
    states = {person.name: jobs.states(person.name) for person in people}
    assert all({one.lens for one in found} == set(shown_lenses()) for found in states.values())
    wait(app, {one.key for found in states.values() for one in found})
    for person, share in zip(people, shares, strict=True):
        assert len(jobs.states(person.name)) == len(shown_lenses())
        for state in jobs.states(person.name):
            assert (state.phase, state.names[0], state.place) == (Phase.FINISHED, "baseline", "hamlet")
            found = state_of(app).library.comparison(state.names[1], "baseline", "hamlet", state.lens)
            assert found.scenario.record["scenario_title"] == f"Plan {share}"
            assert found.scenario.record["residents"] == 2000
    assert len(open_store(jobs.folder / "runs").runs()) == 2 * 5 * len(shown_lenses())  # of the baseline and four plans
    one = people[0]
    layout = one.client.get("/_dash-layout", headers=one.headers).text
    assert f'"label":"Plan 60 ({jobs.states(one.name)[0].names[1]})"' in layout.replace(": ", ":")
    listed = json.dumps(one.post("build-runs.children@", {"build-tick.n_intervals": 1}, _where(one)))
    assert "Finished: 2 pairs of runs." in listed
    assert f"/?scenarios={jobs.states(one.name)[0].names[1]}" in listed


def _where(person: Person) -> dict[str, Any]:
    return {"build-draft.data": person.draft, "url.search": person.query, "build-pairs.value": 100}


def test_nobody_cancels_anothers_run(app, monkeypatch, messages):
    monkeypatch.setattr(state_of(app).jobs._workers, "start", lambda: None)  # it stays in the queue
    anna, ben = somebody(app, "anna"), somebody(app, "ben", 50)
    anna.press("full", "full")
    keys = [state.key for state in state_of(app).jobs.states("anna")]
    assert sorted(state.pairs for state in state_of(app).jobs.states("anna")) == [2, 2, 100, 100]
    for key in keys:
        messages.check(ben.press("cancel", key)["build-said"]["children"])
        assert state_of(app).jobs.state(key).phase is Phase.QUEUED
        messages.check(anna.press("cancel", key)["build-said"]["children"])
        assert state_of(app).jobs.state(key).phase is Phase.CANCELLED


def test_anothers_draft_is_to_be_read_and_copied(app, messages):
    anna = somebody(app)
    ben = Person(app, "ben", anna.query)
    ben.draft = anna.draft
    notes = set(said_in(shown(app, anna.query, "ben")).splitlines()) - set(said_in(shown(app, anna.query)).splitlines())
    messages.check("\n".join(sorted(notes)))
    assert ben.fill(["automate", 0, "share"], "share", 10) == {}
    messages.check(ben.press("add", ["funding"])["build-said"]["children"])
    assert anna.text == PLAN.format(share=60)
    answer = ben.post(
        "build-download.data",
        {f"{press_id({'type': 'build-act', 'act': 'copy', 'path': 'copy'})}.n_clicks": 1},
        {"build-draft.data": ben.draft, "url.search": ben.query},
    )
    ben.query = answer["url"]["search"]
    ben.draft = View.of_query(ben.query).options["draft"]
    assert "name: my_plan_copy" in ben.text
    assert notes.isdisjoint(said_in(shown(app, ben.query, "ben")).splitlines())


def test_a_reload_and_a_second_browser_show_the_last_draft_and_its_run(app, monkeypatch):
    monkeypatch.setattr(state_of(app).jobs._workers, "start", lambda: None)
    anna = Person(app, "anna")
    page = shown(app, "?scenarios=cautious&place=hamlet")
    assert '"my_cautious"' in page
    draft = state_of(app).drafts.latest("anna", "cautious")
    assert draft is not None
    anna.draft, anna.query = draft.id, "?scenarios=cautious&place=hamlet"
    anna.fill(["title"], "text", "Slower still")
    anna.press("quick", "quick")
    again = shown(app, "?scenarios=cautious&place=hamlet")
    assert '"Slower still"' in again
    (state, *_) = state_of(app).jobs.states("anna")
    assert state.in_words() in again


def test_the_file_may_name_the_district_that_is_chosen_above_and_no_other_is_sent(app):
    page = shown(app, "?scenarios=cautious&place=mendip")
    assert '"value":"mendip"' in page.replace(": ", ":")
    assert '"value":"frome"' in page.replace(": ", ":")
    assert "liverpool" not in page


def test_a_draft_that_is_not_there_is_reported(app, messages):
    messages.check(said_in(shown(app, "?draft=0123456789abcdef")))
    messages.check(said_in(shown(app, "?scenarios=nothing")))


@pytest.mark.thorough
def test_a_link_to_another_version_shows_its_results_read_only(app, tmp_path, messages):
    finished = tmp_path / "finished"
    query = f"?scenarios=relational_offset&base=baseline&place=frome&model={OLD}"
    missing = shown(app, query, path="/")
    messages.check(about(said_in(missing), OLD))
    shutil.copytree(finished / model_version(), finished / OLD)
    page = shown(app, query, path="/")
    assert "Frome, Somerset" in page
    notes = about(said_in(page), OLD)
    messages.check(notes)
    now = shown(app, query.replace(OLD, model_version()), path="/")
    assert not any(note in said_in(now) for note in notes.splitlines())
    anna = somebody(app)
    pinned = View.of_query(anna.query).changed(model=OLD).query()
    notes = set(said_in(shown(app, pinned)).splitlines()) - set(said_in(shown(app, anna.query)).splitlines())
    messages.check("\n".join(sorted(notes)))
    anna.query = pinned
    assert anna.fill(["automate", 0, "share"], "share", 10) == {}


def test_a_draft_and_runs_of_another_version_say_so(app, monkeypatch, messages):
    anna = somebody(app)
    said = f" {OLD}; this is model {model_version()}. "
    assert said not in shown(app, anna.query)
    with monkeypatch.context() as before:
        before.setattr("dashboard.building.drafts.model_version", lambda: OLD)
        anna.fill(["title"], "text", "As it was")
    messages.check(about(said_in(shown(app, anna.query)), said))
    anna.fill(["title"], "text", "As it is")
    assert said not in shown(app, anna.query)
    state = JobState(
        "k", "Plan", Phase.FINISHED, 0, 4, 4, None, (), True, 0.0, ("baseline", "plan"), "frome", "evidence", 2, OLD
    )
    listed = str(side.runs([state], (), View()))
    (note,) = re.findall(f"'([^']*{re.escape(said)}[^']*)'", listed)
    messages.check(note)
    assert f"model={quote(OLD)}" in listed
    listed = str(side.runs([state._replace(model_version=model_version())], (), View()))
    assert said not in listed
    assert "model=" not in listed


def test_whoever_has_signed_in_is_named_and_can_leave(app, tmp_path):
    page = app.server.test_client().get("/_dash-layout", headers={"X-Forwarded-User": "anna"}).text
    assert "Signed in as anna" in page
    assert "Sign out" not in page  # it is the proxy that lets people out
    people = tmp_path / "people.txt"
    set_password(people, "ben", "correct horse battery")
    own = application(tmp_path / "own", made_up_arms())
    secure(own, "0.0.0.0", PasswordFile(people, tmp_path))
    client = own.server.test_client()
    assert client.get("/sign-in").status_code == 200
    client.post("/sign-in", data={"name": "ben", "password": "correct horse battery"})
    page = client.get("/_dash-layout").text
    assert "Signed in as ben" in page
    assert "Sign out" in page
    local = application(tmp_path / "local", made_up_arms())
    assert "Signed in as" not in local.server.test_client().get("/_dash-layout").text


def test_access_is_only_through_the_proxy(app):
    client = app.server.test_client()
    assert client.get("/build").status_code == 401
    named = {"X-Forwarded-User": "anna"}
    assert client.get("/build", headers=named).status_code == 200
    assert client.get("/nothing/here", headers=named).status_code == 404
    assert client.get("/assets/../pyproject.toml", headers=named).status_code == 404


def test_uploaded_files_stay_in_their_owners_folder(app):
    with app.server.test_request_context():
        desk = build_desk.session_of(View(), None)
        assert desk.path.parent == state_of(app).drafts.folder_of(desk.who)
