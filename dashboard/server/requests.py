"""What browsers send to callbacks: only what the pages send is passed on; anything else is refused, with status 400.

Flask limits the size of a request (`dashboard.server.headers`). Here its form is checked: a known callback with its own
inputs, plain text, and no deep nesting. A callback's values are checked by the types of its arguments (`checked`).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Annotated, Any, Final, ParamSpec, TypeVar

from dash import Dash
from flask import Flask, Response, request
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, validate_call

from simulator.errors import SimulatorError

PATH: Final = "/_dash-update-component"
MOST_LEVELS: Final = 20
MOST_PARTS: Final = 20_000
"""Values in one request."""
_REFUSED: Final = "This request does not come from a page of this dashboard, or from an older one: load the page again."

Given = ParamSpec("Given")
Answer = TypeVar("Answer")
Text = Annotated[str, StringConstraints(max_length=2000)]
Name = Annotated[str, StringConstraints(max_length=100)]
Names = Annotated[list[Name], Field(max_length=100)]


def checked(callback: Callable[Given, Answer]) -> Callable[Given, Answer]:
    """The callback, with its arguments checked by their types; others than these are refused with status 400."""
    return validate_call(callback)


class _Part(BaseModel):
    """One input of a callback, with its value."""

    model_config = ConfigDict(extra="ignore")
    id: Text | dict[Name, Text | int | float | None]
    property: Name


class _Request(BaseModel):
    """The form of a request to a callback."""

    model_config = ConfigDict(extra="ignore")
    output: Annotated[str, StringConstraints(max_length=20_000)]
    outputs: _Part | list[_Part | list[_Part]] = []
    inputs: list[_Part | list[_Part]]
    state: list[_Part | list[_Part]] = []
    changedPropIds: list[Text] = []  # noqa: N815 - as Dash calls it


def only_known_requests(app: Dash) -> None:
    """Refuse requests that no page sends, before a callback sees them, and values that no callback takes."""

    def check() -> Response | None:
        if request.path != PATH or request.method != "POST":
            return None
        try:
            sent = json.loads(request.get_data().decode())
            _plain(sent)
            asked = _Request.model_validate(sent)
        except (ValueError, RecursionError):  # not JSON, not UTF-8, or not of this form
            return _refusal()
        known = app.callback_map.get(asked.output)
        if known is None or not _fits(known["inputs"], asked.inputs) or not _fits(known["state"], asked.state):
            return _refusal()
        several = asked.output.startswith("..")
        written = [
            {"id": one.component_id_str(), "property": one.component_property}
            for one in (known["output"] if several else [known["output"]])
        ]
        outputs = asked.outputs if several and isinstance(asked.outputs, list) else [asked.outputs]
        for one in outputs:  # a browser adds to an output that several callbacks write which of them it is
            for part in one if isinstance(one, list) else [one]:
                if isinstance(part, _Part):
                    part.property = part.property.partition("@")[0]
        return None if _fits(written, outputs) else _refusal()

    app.server.before_request(check)
    refuse_unfit(app.server)


def refuse_unfit(server: Flask) -> None:
    """Answer values that a callback does not take with status 400, and errors of the simulator with their sentence."""
    server.register_error_handler(ValidationError, lambda _: _refusal())
    server.register_error_handler(SimulatorError, lambda error: _refusal(str(error)))


def _refusal(why: str = _REFUSED) -> Response:
    return Response(why, 400, mimetype="text/plain; charset=utf-8")


def _plain(sent: Any) -> None:
    """Raise ValueError for values that are nested too deeply, too many, or no text in UTF-8."""
    level, left = [sent], MOST_PARTS
    for _ in range(MOST_LEVELS):
        following: list[Any] = []
        for value in level:
            if isinstance(value, dict):
                following += [*value.keys(), *value.values()]
            elif isinstance(value, list):
                following += value
            elif isinstance(value, str):
                value.encode()
        left -= len(following)
        if left < 0:
            raise ValueError("too many values")
        level = following
        if not level:
            return
    raise ValueError("nested too deeply")


def _fits(known: list[dict[str, Any]], sent: list[Any]) -> bool:
    """Whether the inputs sent are those of the callback, in order; a pattern matches a list with its keys."""
    return len(known) == len(sent) and all(_is(one, given) for one, given in zip(known, sent, strict=True))


def _is(known: dict[str, Any], sent: Any) -> bool:
    name = known["id"]
    pattern = json.loads(name) if isinstance(name, str) and name.startswith("{") else name
    if not isinstance(pattern, dict):
        return isinstance(sent, _Part) and (sent.id, sent.property) == (name, known["property"])
    parts = sent if isinstance(sent, list) else [sent]
    return all(
        isinstance(part.id, dict)
        and part.id.keys() == pattern.keys()
        and part.property == known["property"]
        and all(isinstance(wanted, list) or part.id[key] == wanted for key, wanted in pattern.items())
        for part in parts
    )
