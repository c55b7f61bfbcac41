"""Edits of the text of a scenario file that keep its comments, order and style."""

from __future__ import annotations

import datetime
import io
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from dashboard.building.forms import Kind
from simulator.errors import ScenarioError
from simulator.foundations.input_files import read_yaml_text
from simulator.foundations.yaml_reader import Step
from simulator.scenario.scenario import Scenario

WIDTH: Final = 120
Where = tuple[Step, ...]


def data_of(text: str) -> dict[str, Any]:
    """The fields of a text. Raises ScenarioError with file and line if it is not valid YAML or has no fields."""
    document = read_yaml_text(text, "this file", ScenarioError)
    if not isinstance(document.data, dict):
        problem = document.problem((), "a scenario must be a group of fields", "Write fields as 'name: value'")
        raise ScenarioError([problem])
    return document.data


def with_value(text: str, path: Where, value: Any) -> str:
    """The text with ``value`` at ``path``; missing groups and lists on the path are created."""
    loaded = _load(text)
    here: Any = loaded
    for step, following in pairwise(path):
        if isinstance(step, str) and not isinstance(here.get(step), dict | list):
            _put(here, step, CommentedSeq() if isinstance(following, int) else CommentedMap())
        here = here[step]
    if isinstance(path[-1], int) and path[-1] >= len(here):
        here.append(_commented(value, len(path)))
    else:
        _put(here, path[-1], _commented(value, len(path) - 1))
    return _dump(loaded)


def without(text: str, path: Where) -> str:
    """The text without the value at ``path``; a list or group that becomes empty is removed too."""
    loaded = _load(text)
    arounds = [loaded]
    for step in path[:-1]:
        arounds.append(arounds[-1][step])
    for around, step in zip(reversed(arounds), reversed(path), strict=True):
        del around[step]
        if around or around is loaded:
            break
    return _dump(loaded)


def typed(kind: Kind, given: Any) -> Any:
    """An input of a user as written in a file; None for an empty one.

    >>> typed("share", 62.5), typed("whole", 12.0), typed("whole", 1.5), typed("text", "  "), typed("date", "2026-13")
    ('62.5 %', 12, 1.5, None, '2026-13')
    """
    if given is None or (isinstance(given, str) and not given.strip()):
        return None
    if kind == "share":
        return f"{given:g} %" if isinstance(given, int | float) else str(given)
    if kind == "date":
        try:
            return datetime.date.fromisoformat(str(given).strip())
        except ValueError:
            return str(given)
    if isinstance(given, float) and given.is_integer() and abs(given) < 1e15:
        return int(given)
    return given


def shown(kind: Kind, value: Any) -> Any:
    """A value of a file as shown in a field; the inverse of `typed`.

    >>> shown("share", "62.5 %"), shown("share", 0.07), shown("share", "lots"), shown("text", None)
    (62.5, 7.0, 'lots', '')
    """
    if value is None or isinstance(value, dict | list):
        return ""
    if kind == "share" and isinstance(value, str) and value.strip().endswith("%"):
        try:
            return float(value.strip().removesuffix("%"))
        except ValueError:
            return value
    if kind == "share" and isinstance(value, int | float) and not isinstance(value, bool):
        return float(f"{100.0 * value:.10g}")
    return value if isinstance(value, int | float) and kind != "text" else str(value).strip()


def in_field_order(entry: dict[str, Any]) -> dict[str, Any]:
    """A scenario's fields in the order of its model."""
    order = list(Scenario.model_fields)
    return dict(sorted(entry.items(), key=lambda item: order.index(item[0]) if item[0] in order else len(order)))


def new_text(content: dict[str, Any]) -> str:
    """The text of a file with ``content``."""
    loaded = CommentedMap()
    for name, value in in_field_order(content).items():
        _put(loaded, name, _commented(value))
    return _dump(loaded)


def _put(around: Any, step: Step, value: Any) -> None:
    """Set a field; a new top-level field is inserted in the order of the model."""
    if isinstance(step, int) or step in around or "name" not in around:
        around[step] = value
        return
    order = list(Scenario.model_fields)
    later = order[order.index(step) + 1 :] if step in order else []
    position = next((number for number, key in enumerate(around) if key in later), len(around))
    around.insert(position, step, value)


def _commented(value: Any, depth: int = 0) -> Any:
    """Plain data in the style of the shipped files, with each entry of a list on one line."""
    if isinstance(value, dict):
        group = CommentedMap((key, _commented(part, depth + 1)) for key, part in value.items())
        if depth and all(not isinstance(part, dict | list) for part in value.values()):
            group.fa.set_flow_style()
        return group
    if isinstance(value, Sequence) and not isinstance(value, str):
        return CommentedSeq(_commented(part, depth + 1) for part in value)
    return value


def _yaml() -> YAML:
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = WIDTH
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def _load(text: str) -> CommentedMap:
    data_of(text)  # refuses anchors, aliases and tags
    loaded: CommentedMap = _yaml().load(text)
    return loaded


def _dump(loaded: CommentedMap) -> str:
    stream = io.StringIO()
    _yaml().dump(loaded, stream)
    return stream.getvalue()
