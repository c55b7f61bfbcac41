"""Requests that no page sends: paths instead of names, numbers without bounds, texts that take long."""

from __future__ import annotations

import base64
import json
import time
from pathlib import Path
from typing import Any

import pytest

from dashboard.application.parts.app_state import state_of
from dashboard.runs.verification import LARGEST
from tests.helpers.one_resident import PLAN, Person, press_id, said_in, secured, shown, somebody

pytestmark = pytest.mark.thorough

LONGEST_SECONDS = 2.0


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    with secured(tmp_path_factory.mktemp("strange") / "finished") as made:
        yield made


def ask(app, wanted: Any) -> tuple[int, str]:
    """Status and answer of the button that asks for runs."""
    key = next(key for key in app.callback_map if "ask-words.children...ask-tick" in key)
    outputs = key.strip(".").split("...")
    body = {
        "output": key,
        "outputs": [dict(zip(("id", "property"), one.split("."), strict=True)) for one in outputs],
        "inputs": [
            {"id": "ask", "property": "n_clicks", "value": 1},
            {"id": "ask-for", "property": "data", "value": wanted},
        ],
        "state": [],
        "changedPropIds": ["ask.n_clicks"],
    }
    headers = {"X-Forwarded-User": "bob"}
    answer = app.server.test_client().post("/_dash-update-component", json=body, headers=headers)
    return answer.status_code, answer.text


@pytest.mark.parametrize("name", ["/etc/passwd", "../secret_plan.yaml", "/dev/ptmx", "a\0b", "x" * 90])
def test_only_shipped_scenarios_can_be_asked_for_by_name(app, name: str) -> None:
    before = len(state_of(app).jobs.states())
    for wanted in (["baseline", name, "hamlet", "evidence", 2], [name, "relational_offset", "hamlet", "evidence", 2]):
        status, answer = ask(app, [wanted])
        assert status == 200
        assert "there is no scenario" in answer
    assert ask(app, [["baseline", "relational_offset", name, "evidence", 2]])[1].count("there is no place") == 1
    assert len(state_of(app).jobs.states()) == before


def test_a_scenario_saved_by_someone_else_cannot_be_asked_for(app) -> None:
    anna = somebody(app)
    anna.press("save", "save")
    (saved,) = Path(state_of(app).drafts.folder_of("anna")).glob("*.yaml")
    status, answer = ask(app, [["baseline", str(saved), "hamlet", "evidence", 2]])
    assert status == 400 or "there is no scenario" in answer, "a long path is refused as no page sends one"
    assert "there is no scenario" in ask(app, [["baseline", saved.stem, "hamlet", "evidence", 2]])[1]
    assert state_of(app).jobs.states("bob") == []


@pytest.mark.parametrize("pairs", [0, -5, 1001, 3_000_000, 10**40, 1.5, "abc", None, True, [2]])
def test_the_number_of_pairs_has_bounds(app, pairs: Any) -> None:
    status, _ = ask(app, [["baseline", "relational_offset", "hamlet", "evidence", pairs]])
    assert status == 400
    assert state_of(app).jobs.states("bob") == []


@pytest.mark.parametrize(
    "wanted", [None, {}, "abc", [[]], [["baseline"]], [["baseline"] * 4 + [2]] * 5, [[["a"]] * 5], "\ud800"]
)
def test_what_no_page_sends_is_refused(app, wanted: Any) -> None:
    assert ask(app, wanted)[0] == 400


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[" * 300_000,
        b'{"output": "none.children", "inputs": [], "state": []}',
        b'{"output": ["page.children"], "inputs": 3}',
        json.dumps({"output": "x", "inputs": [{"id": "a", "property": "b"}] * 5000}).encode(),
    ],
)
def test_a_malformed_request_is_refused_with_a_sentence(app, body: bytes) -> None:
    client = app.server.test_client()
    headers = {"X-Forwarded-User": "bob", "Content-Type": "application/json"}
    answer = client.post("/_dash-update-component", data=body, headers=headers)
    assert answer.status_code == 400
    assert "load the page again" in answer.text


def test_a_request_with_another_callbacks_inputs_is_refused(app) -> None:
    key = next(key for key in app.callback_map if "ask-words.children...ask-tick" in key)
    inputs = [{"id": "build-open", "property": "contents", "value": 1}, {"id": "x", "property": "y", "value": 1}]
    body = {"output": key, "outputs": [], "inputs": inputs, "state": [], "changedPropIds": []}
    client = app.server.test_client()
    assert client.post("/_dash-update-component", json=body, headers={"X-Forwarded-User": "b"}).status_code == 400


@pytest.mark.parametrize(
    "text",
    [
        "automate: [" + "1," * 20_000 + "1]\n",
        PLAN.format(share=60).replace("automate:", "funding: [" + "1," * 9000 + "1]\nautomate:"),
        PLAN.format(share=60) + "".join(f"k{number}: 1\n" for number in range(5000)),
        PLAN.format(share=60) + "title: 0x" + "F" * 5000 + "\n",
    ],
)
def test_a_draft_that_cannot_be_read_opens_as_text_with_its_fault(app, text: str) -> None:
    anna = somebody(app)
    began = time.process_time()
    answer = anna.do({"build-text.value": text})
    assert "line" in said_in(answer["build-verdict"]).lower()
    page = shown(app, f"?place=hamlet&draft={anna.draft}")
    assert time.process_time() - began < 2 * LONGEST_SECONDS
    assert "This draft cannot be opened" not in page
    anna.press("undo", "undo")
    assert anna.text == PLAN.format(share=60)


@pytest.mark.parametrize("path", [[], ["automate", 99, "share"]])
def test_a_field_that_is_not_in_the_draft_is_refused_and_the_draft_kept(app, path: list[Any]) -> None:
    anna = somebody(app)
    said = anna.fill(path, "text", "x")["build-said"]["children"]
    assert said == "This field is not in the draft any more. Load the page again."
    assert anna.text == PLAN.format(share=60)


def test_a_large_text_is_refused(app, messages) -> None:
    anna = somebody(app)
    messages.check(anna.do({"build-text.value": "a: " + "b" * 60_000})["build-said"]["children"])


def verify(app, content: bytes) -> str:
    person = Person(app, "bob")
    sent = f"data:application/json;base64,{base64.b64encode(content).decode()}"
    values = {"verify-file.contents": sent, "verify-file.filename": "record.json"}
    return json.dumps(person.post("verified.children", {"verify-file.contents": sent}, values))


RECORD = {
    "model_version": "x",
    "spec_hash": "x",
    "scenario": "baseline",
    "scenario_hash": "x",
    "place": "frome",
    "place_hash": "x",
    "starts": "2026-04-01",
    "weeks": 52,
}


@pytest.mark.parametrize(
    "change",
    [
        {"weeks": 10**30},
        {"weeks": 520_000},
        {"weeks": None},
        {"weeks": []},
        {"weeks": 1e400},
        {"versions": [1]},
        {"versions": "x"},
        {"scenario": "a\0"},
        {"place": "\ud800"},
        {"lens": ["evidence"]},
        {"starts": "soon"},
    ],
)
def test_a_run_record_with_an_unreadable_part_names_it(app, change: dict[str, Any]) -> None:
    began = time.process_time()
    said = verify(app, json.dumps({**RECORD, **change}).encode())
    assert time.process_time() - began < LONGEST_SECONDS
    assert f"This file is not a run record: {next(iter(change))} cannot be read." in said


@pytest.mark.parametrize("name", ["/dev/ptmx", "/etc/passwd", "scenarios/baseline.yaml", "../x.csv:Area"])
def test_a_run_record_cannot_name_a_path(app, name: str) -> None:
    for part in ("scenario", "place"):
        assert "not here" in verify(app, json.dumps({**RECORD, part: name}).encode())


def test_a_deep_run_record_is_refused(app) -> None:
    assert "not valid JSON" in verify(app, b"[" * (LARGEST - 10_000))


def choose_smallest(app, names: dict[Any, Any], query: Any = "?place=frome") -> tuple[int, str]:
    """Status and new address of the boxes for smallest differences."""
    key = next(
        key for key, one in app.callback_map.items() if any('"type":"matters"' in str(i["id"]) for i in one["inputs"])
    )
    named, _, prop = key.partition(".")
    inputs = [{"id": {"type": "matters", "name": n}, "property": "value", "value": v} for n, v in names.items()]
    body = {
        "output": key,
        "outputs": {"id": named, "property": prop},
        "inputs": [inputs],
        "state": [{"id": "url", "property": "search", "value": query}],
        "changedPropIds": [f"{press_id({'type': 'matters', 'name': n})}.value" for n in names],
    }
    headers = {"X-Forwarded-User": "bob"}
    answer = app.server.test_client().post("/_dash-update-component", json=body, headers=headers)
    return answer.status_code, answer.text


def test_smallest_differences_go_into_the_address(app) -> None:
    status, answer = choose_smallest(app, {"admissions": 2, "loneliness": 0.5, "cost": ""})
    assert status == 200
    assert "matters=admissions%3D2" in answer.replace("\\u0026", "&")
    assert "cost" not in answer
    nothing_new = choose_smallest(app, {"admissions": 1, "loneliness": 0.5, "cost": None})
    assert nothing_new == (200, '{"multi":true,"response":{}}')
    assert choose_smallest(app, {"all of it": 3.0}) == nothing_new


@pytest.mark.parametrize("size", [-1, 0, 1e400, float("nan"), 10**400, True, "abc", [1], {}])
def test_an_unusable_smallest_difference_is_refused(app, size: Any) -> None:
    assert choose_smallest(app, {"admissions": size})[0] == 400


def test_an_output_that_several_callbacks_write_is_accepted_as_browsers_name_it(app) -> None:
    key = next(
        key for key, one in app.callback_map.items() if key.startswith("url.search@") and len(one["inputs"]) == 1
    )
    (known,) = app.callback_map[key]["inputs"]
    part = {"id": known["id"], "property": known["property"], "value": None}
    named, _, prop = key.partition(".")
    body = {
        "output": key,
        "outputs": {"id": named, "property": prop},
        "inputs": [[] if known["id"].startswith("{") else part],
        "state": [{**one, "value": ""} for one in app.callback_map[key]["state"]],
        "changedPropIds": [],
    }
    answer = app.server.test_client().post("/_dash-update-component", json=body, headers={"X-Forwarded-User": "bob"})
    assert answer.status_code in (200, 204)


@pytest.mark.parametrize(
    ("asked", "usual"),
    [
        ("?times=nan", "What it takes"),
        ("plan?automation=nan", "100 %: "),
        ("plan?new_money=1e999", "£0 a resident: "),
        ("money?discount=-inf", "Money, capacity and wellbeing, apart"),
    ],
)
def test_a_link_with_a_number_that_is_none_opens_at_the_usual_one(app, asked: str, usual: str) -> None:
    answer = app.server.test_client().get(f"/{asked}", headers={"X-Forwarded-User": "bob"})
    assert answer.status_code == 200
    assert usual in answer.text


def test_the_draws_of_no_lens_are_not_sent(app) -> None:
    body = {
        "output": "draws-file.data",
        "outputs": {"id": "draws-file", "property": "data"},
        "inputs": [[{"id": {"lens": "x", "type": "lens-draws"}, "property": "n_clicks", "value": 1}]],
        "state": [],
        "changedPropIds": ["draws.n_clicks"],
    }
    answer = app.server.test_client().post("/_dash-update-component", json=body, headers={"X-Forwarded-User": "bob"})
    assert (answer.status_code, json.loads(answer.text)["response"]) == (200, {})
