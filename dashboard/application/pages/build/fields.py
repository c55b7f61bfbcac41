"""Fields of page Build: controls with description, problem and, where available, evidence."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final

import dash_mantine_components as dmc
from dash import html
from dash.development.base_component import Component
from pydantic import Field as Limit
from pydantic import StrictInt, StrictStr, TypeAdapter, ValidationError

from dashboard.building.check import DraftCheck
from dashboard.building.drafts import DraftError
from dashboard.building.edits import value_at
from dashboard.building.facts import Fact
from dashboard.building.forms import LONG, Field, Kind, in_words
from dashboard.building.text import Where, shown
from simulator.errors import Problem
from simulator.foundations.yaml_reader import dotted

FIELD: Final = "build-field"
ACT: Final = "build-act"
PICK: Final = "build-pick"
PAUSE: Final = 350
"""Milliseconds after the last key until an input is checked."""


def field_id(path: Where, kind: Kind) -> dict[str, str]:
    """The id of a field, which contains its path in the file."""
    return {"type": FIELD, "path": _text(path), "kind": kind}


def _text(path: Where) -> str:
    """A path without spaces, which an id must not contain for references to description and problem to work."""
    return json.dumps(path, separators=(",", ":"))


def path_of(text: str) -> Where:
    """The path in an id. Raises DraftError for another text."""
    try:
        return _PATH.validate_json(text)
    except ValidationError:
        raise DraftError(GONE) from None


GONE: Final = "This field is not in the draft any more. Load the page again."
_PATH: Final = TypeAdapter(Annotated[tuple[StrictStr | StrictInt, ...], Limit(max_length=20)])


def control(checked: DraftCheck, field: Field, around: Where, *, disabled: bool = False) -> Component:
    """One field of the part at ``around``."""
    path = (*around, field.name)
    entry = _entry(checked.whole, around)
    value = shown(field.kind, value_at(checked.whole, path))
    return input_for(field, path, value, field_errors(checked.problems_at(dotted(path))), entry, disabled=disabled)


def input_for(
    field: Field, path: Where, value: Any, error: str, entry: Mapping[str, Any], *, disabled: bool = False
) -> Component:
    """The control of a field: list, number, date or text."""
    shared: dict[str, Any] = {
        "id": field_id(path, field.kind),
        "label": field.label,
        "description": field.description,
        "error": error,
        "disabled": disabled,
        "required": field.required,
        "placeholder": "" if field.default is None else f"{field.default}",
    }
    made: Component
    if field.kind == "choice":
        offered = list(field.offered(entry))
        offered += [] if value in ("", *offered) else [str(value)]  # an invalid value; the problem names it
        data = [{"value": one, "label": in_words(one)} for one in offered]
        made = dmc.Select(
            **shared,
            value=value or None,
            data=data,
            allowDeselect=not field.required,
            searchable=len(data) > 8,
            limit=30,
        )
    elif field.kind in ("share", "whole", "number") and not _is_text(value):
        suffix = {"suffix": " %"} if field.kind == "share" else {}
        made = dmc.NumberInput(
            **shared, **suffix, value=value, debounce=PAUSE, decimalScale=6, clampBehavior="none", hideControls=False
        )
    elif field.name in LONG:
        made = dmc.Textarea(**shared, value=value, debounce=PAUSE, autosize=True, minRows=1, maxRows=6)
    else:
        made = dmc.TextInput(**shared, value=value, debounce=PAUSE)
    return html.Div(made, className=f"field {field.kind} {'long' if field.name in LONG else ''}".strip())


def number_at(checked: DraftCheck, path: Where, label: str, description: str, *, disabled: bool) -> Component:
    """A field for a number outside the forms: an evidence value, or a category of one."""
    field = Field(str(path[-1]), "number", label, description, required=False, default=None)
    value = shown("number", value_at(checked.whole, path))
    return input_for(field, path, value, field_errors(checked.problems_at(dotted(path))), {}, disabled=disabled)


def button(act: str, path: Where | str, label: str, name: str = "", **look: Any) -> Component:
    """A button for an action on the part at ``path``; ``name`` is its name for screen readers."""
    spoken: dict[str, Any] = {"aria-label": name} if name else {}
    text = path if isinstance(path, str) else _text(path)
    made: Component = dmc.Button(label, id={"type": ACT, "act": act, "path": text}, **{"size": "sm", **look}, **spoken)
    return made


def fact_line(fact: Fact | None) -> list[Component]:
    """The fact on a number, with its source folded."""
    if fact is None:
        return []
    source: list[Any] = [f"{fact.source} ({fact.grade_text})."]
    if fact.reference is not None:
        source.append(html.A("Open the source", href=fact.reference, target="_blank", rel="noreferrer noopener"))
    return [
        html.Div(
            [html.P(f"{fact.said}."), html.Details([html.Summary("Source"), html.P([*_spaced(source)])])],
            className="fact",
        )
    ]


def faults(problems: Sequence[Problem]) -> list[Component]:
    """Problems that no single field shows."""
    if not problems:
        return []
    return [
        html.Div(html.Ul([html.Li(problem_text(problem)) for problem in problems], className="faults"), role="alert")
    ]


def problem_text(problem: Problem) -> str:
    """A problem as one or two sentences, with its line and field."""
    line = "" if problem.line is None else f"Line {problem.line}"
    field = f"{', ' if line else ''}{problem.field}" if problem.field else ""
    where = f"{line}{field}: " if line or field else ""
    return f"{where}{_sentences(problem)}"


def field_errors(problems: Sequence[Problem]) -> str:
    """The problems of one field."""
    return " ".join(_sentences(problem) for problem in problems)


def _sentences(problem: Problem) -> str:
    stop = "" if problem.right.endswith((".", "?")) else "."
    return f"{problem.wrong[0].upper()}{problem.wrong[1:]}. {problem.right}{stop}"


def _is_text(value: Any) -> bool:
    """Whether a file has a value that a number field cannot show."""
    return isinstance(value, str) and value != ""


def _entry(data: Any, path: Where) -> Mapping[str, Any]:
    found = value_at(data, path)
    return found if isinstance(found, Mapping) else {}


def _spaced(parts: Sequence[Any]) -> list[Any]:
    return [item for part in parts for item in (part, " ")]
