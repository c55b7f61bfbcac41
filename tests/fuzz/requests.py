"""Requests to every callback of the dashboard, with values that no page sends."""

from __future__ import annotations

import json
from collections import Counter
from random import Random
from typing import Any
from urllib.parse import quote

from dash import Dash

from dashboard.application.page_list import PAGES
from dashboard.application.parts.app_state import state_of
from dashboard.application.parts.waiting import or_page
from dashboard.runs.view import View
from dashboard.server.requests import PATH
from tests.fuzz.mutator import changed_data, strange
from tests.helpers.one_resident import PLAN, press_id

PATHS_OF_PAGES = (*(page.PATH for page in PAGES), "/none")
ACTS = ("add", "remove", "give-back", "undo", "redo", "copy", "begin", "save", "add-change", "cancel", "download", "x")
FIELDS = ("share", "whole", "number", "text", "date", "choice", "x")
FIELD_PATHS: tuple[Any, ...] = (
    ["automate", 0, "share"],
    ["automate", 99, "share"],
    ["title"],
    ["funding"],
    ["funding", 0],
    ["calendar", "weeks"],
    ["changes", "x", "value"],
    [],
    [0],
    ["name", "name"],
    {"a": 1},
    "x",
)


class Heard(dict[str, str]):
    """Choices of a page, none of them made; ``asked`` are those that it has asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: set[str] = set()

    def get(self, key: str, default: Any = None) -> Any:
        self.asked.add(key)
        return default


def choices(app: Dash) -> list[str]:
    """The names of everything that can be chosen on a page and stands in its address."""
    heard = Heard()
    with app.server.app_context():
        for page in PAGES:
            or_page(page, View(options=heard))
    return sorted(heard.asked)


class Requests:
    """Requests to one application, whose draft they may spoil."""

    def __init__(self, app: Dash) -> None:
        self.app, self.client = app, app.server.test_client()
        self.keys = sorted(key for key, one in app.callback_map.items() if one.get("callback") is not None)
        self.answers: Counter[int] = Counter()
        self.choices = choices(app)
        self.draft = state_of(app).drafts.new("this computer", "relational_offset", PLAN.format(share=60)).id

    def case(self, random: Random) -> tuple[str, Any]:
        """Method and path, or a request's body."""
        if random.random() < 0.1:
            names = random.sample(("scenarios", "base", "place", "lens", "draft", "per", "matters"), 3)
            names += random.sample(self.choices, 3)
            query = "&".join(f"{name}={quote(str(self._word(random)), errors='surrogatepass')}" for name in names)
            return random.choice(PATHS_OF_PAGES), query
        key = random.choice(self.keys)
        spec = self.app.callback_map[key]
        inputs = [self._part(one, random) for one in spec["inputs"]]
        body: Any = {
            "output": key,
            "outputs": [],
            "inputs": inputs,
            "state": [self._part(one, random) for one in spec["state"]],
            "changedPropIds": [random.choice(_ids(inputs))] if _ids(inputs) else [],
        }
        body["outputs"] = _outputs(key)
        return PATH, changed_data(body, random) if random.random() < 0.15 else body

    def tried(self, case: tuple[str, Any]) -> str | None:
        """What is wrong with the answer, or None."""
        path, sent = case
        if path != PATH:
            answer = self.client.get(f"{path}?{sent}")
        else:
            try:
                body = json.dumps(sent)
            except ValueError:
                return None
            answer = self.client.post(path, data=body, content_type="application/json")
        self.answers[answer.status_code] += 1
        if answer.status_code in (200, 204, 303, 400, 404, 409):
            return None
        return f"status {answer.status_code}"

    def _part(self, one: dict[str, Any], random: Random) -> Any:
        name, prop = one["id"], one["property"]
        if not (isinstance(name, str) and name.startswith("{")):
            return {"id": name, "property": prop, "value": self._value(f"{name}.{prop}", random)}
        pattern = json.loads(name)
        return [self._matching(pattern, prop, random) for _ in range(random.randrange(3))]

    def _matching(self, pattern: dict[str, Any], prop: str, random: Random) -> dict[str, Any]:
        path = json.dumps(random.choice(FIELD_PATHS))
        usual = {"act": random.choice(ACTS), "kind": random.choice(FIELDS), "path": path}
        found = {key: usual.get(key, "x") if isinstance(value, list) else value for key, value in pattern.items()}
        return {"id": found, "property": prop, "value": random.choice((1, 60, "text", strange(random)))}

    def _value(self, name: str, random: Random) -> Any:
        usual = {
            "url.pathname": random.choice(PATHS_OF_PAGES),
            "url.search": f"?place=frome&draft={self.draft}&lens={self._word(random)}",
            "build-draft.data": self.draft,
            "build-text.value": PLAN.format(share=random.choice((60, 999, "[", "0x" + "F" * 100))),
            "build-start.value": self._word(random),
            "ask.n_clicks": 1,
            "ask-for.data": [[self._word(random) for _ in range(4)] + [strange(random)]],
            "waiting-for.data": [self._word(random) for _ in range(3)],
            "compare-scenarios.value": [self._word(random)],
            "verify-file.contents": f"data:;base64,{'e30=' if random.random() < 0.5 else 'W1tb'}",
        }
        return usual[name] if name in usual and random.random() < 0.85 else strange(random)

    def _word(self, random: Random) -> Any:
        known = ("baseline", "relational_offset", "frome", "mendip", "evidence", "as-claimed", "net_cash", "3")
        word = random.choice((*known, strange(random), strange(random)))
        return word if not isinstance(word, float) else str(word)


def _ids(inputs: list[Any]) -> list[str]:
    parts = [part for one in inputs for part in (one if isinstance(one, list) else [one])]
    names = [part["id"] if isinstance(part["id"], str) else press_id(part["id"]) for part in parts]
    return [f"{name}.{part['property']}" for name, part in zip(names, parts, strict=True)]


def _outputs(key: str) -> Any:
    parts = [part.rpartition(".") for part in key.strip(".").split("...")]
    made = [[] if name.startswith("{") else {"id": name, "property": prop.partition("@")[0]} for name, _, prop in parts]
    return made if key.startswith("..") else made[0]
