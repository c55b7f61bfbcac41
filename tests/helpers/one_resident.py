"""A user with a browser: requests that browsers send when fields are filled in and buttons pressed."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dash import Dash

from dashboard.application.parts.app_state import state_of
from dashboard.runs.view import View
from dashboard.server import ProxyHeader
from dashboard.server.serving import secure
from tests.dashboard.runs.test_jobs import HAMLET
from tests.helpers.finished_runs import application, made_up_arms

PLAN = """\
name: my_plan
title: Plan {share}
question: What if {share} % are automated?
calendar: {{starts: 2026-04-01, weeks: 13}}
automate:
  # Agreed with reception.
  - {{service: gp_practice, task: appointment_booking, share: {share} %, ramp_weeks: 0}}
reinvest: {{share: 85 %, programmes: {{health_connectors: 100 %}}}}
"""


@contextmanager
def secured(folder: Path) -> Iterator[Dash]:
    """A dashboard over made-up runs, with a place of one resident, where a proxy says who somebody is."""
    made = application(folder, made_up_arms())
    (folder / "jobs" / "places" / "hamlet.yaml").write_text(HAMLET, encoding="utf-8")
    secure(made, "0.0.0.0", ProxyHeader("127.0.0.1"))
    yield made
    state_of(made).jobs.close()
    state_of(made).drafts.close()


class Person:
    """A user with a browser, named by the proxy."""

    def __init__(self, app: Dash, name: str, query: str = "") -> None:
        self.app, self.name, self.query, self.draft = app, name, query, ""
        self.client = app.server.test_client()

    def post(self, part: str, changed: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
        """Call the callback that writes ``part``; return its outputs by element and property."""
        key = next(key for key in self.app.callback_map if key == part or f"..{part}" in key)
        spec = self.app.callback_map[key]
        asked = {**values, **changed}
        outputs = [self._found(one.component_id, one.component_property, asked) for one in _listed(spec["output"])]
        body = {
            "output": key,
            "outputs": outputs if key.startswith("..") else outputs[0],
            "inputs": [self._found(one["id"], one["property"], asked) for one in spec["inputs"]],
            "state": [self._found(one["id"], one["property"], asked) for one in spec["state"]],
            "changedPropIds": list(changed),
        }
        answer = self.client.post("/_dash-update-component", json=body, headers=self.headers)
        assert answer.status_code in (200, 204), answer.text
        return answer.get_json()["response"] if answer.status_code == 200 else {}

    def _found(self, name: Any, prop: str, asked: Mapping[str, Any]) -> Any:
        pattern = json.loads(name) if isinstance(name, str) and name.startswith("{") else name
        if not isinstance(pattern, dict):
            return {"id": name, "property": prop, "value": asked.get(f"{name}.{prop}")}
        ids = [json.loads(key.rpartition(".")[0]) for key in asked if key.startswith("{")]
        kind = pattern["type"]
        return [
            {"id": one, "property": prop, "value": asked.get(f"{press_id(one)}.{prop}")}
            for one in ids
            if one["type"] == kind
        ]

    @property
    def headers(self) -> dict[str, str]:
        return {"X-Forwarded-User": self.name}

    def open(self, text: str) -> None:
        """Open a file."""
        content = f"data:text/yaml;base64,{base64.b64encode(text.encode()).decode()}"
        answer = self.post(
            "build-download.data",
            {"build-open.contents": content},
            {"build-open.filename": "my_plan.yaml", "url.search": self.query},
        )
        assert "url" in answer, answer
        self.query = answer["url"]["search"]
        self.draft = View.of_query(self.query).options["draft"]

    def do(self, changed: Mapping[str, Any], **values: Any) -> dict[str, Any]:
        """Change a field, press a button, or edit the text."""
        usual = {"build-draft.data": self.draft, "url.search": self.query, "build-pairs.value": 100}
        return self.post("build-cards.children", changed, {**usual, **values})

    def press(self, act: str, path: str | list[Any], **values: Any) -> dict[str, Any]:
        name = path if isinstance(path, str) else json.dumps(path)
        return self.do({f"{press_id({'type': 'build-act', 'act': act, 'path': name})}.n_clicks": 1}, **values)

    def fill(self, path: list[Any], kind: str, value: Any) -> dict[str, Any]:
        return self.do({f"{press_id({'type': 'build-field', 'kind': kind, 'path': json.dumps(path)})}.value": value})

    @property
    def text(self) -> str:
        return state_of(self.app).drafts.get(self.draft).text


def _listed(output: Any) -> list[Any]:
    return list(output) if isinstance(output, list | tuple) else [output]


def press_id(name: Mapping[str, str]) -> str:
    return json.dumps(name, sort_keys=True, separators=(",", ":"))


def somebody(app: Dash, name: str = "anna", share: int = 60) -> Person:
    person = Person(app, name, "?place=hamlet")
    person.open(PLAN.format(share=share))
    return person


def shown(app: Dash, query: str, name: str = "anna", path: str = "/build") -> str:
    """A page as JSON."""
    person = Person(app, name)
    answer = person.post("page.children", {"url.pathname": path}, {"url.search": query, "ready.data": 0})
    return json.dumps(answer["page"]["children"], ensure_ascii=False)


def said_in(page: Any) -> str:
    """The visible text of a page or part, given as JSON or as data: one string per line."""
    return "\n".join(_strings(json.loads(page) if isinstance(page, str) else page))


def _strings(part: Any, shown: bool = True) -> Iterator[str]:
    if isinstance(part, str) and shown:
        yield part
    elif isinstance(part, list):
        for one in part:
            yield from _strings(one, shown)
    elif isinstance(part, dict):
        for name, one in part.items():
            yield from _strings(one, name in ("children", "label", "error", "description"))


def wait(app: Dash, keys: set[str]) -> None:
    end = time.monotonic() + 240.0
    while not all(state_of(app).jobs.state(key).over for key in keys):
        assert time.monotonic() < end
        time.sleep(0.05)
