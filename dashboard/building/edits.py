"""Edits of a draft: set a field, add or remove an entry, copy an inherited part."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from dashboard.building.facts import every_value
from dashboard.building.text import Where, new_text, with_value, without
from simulator.foundations.yaml_reader import Step
from simulator.scenario.files import OWN_KEYS
from simulator.scenario.scenario import Scenario

_ADDED_UP: Final = ("changes",)
"""Parts that are merged with those of the parent; any other part replaces the parent's."""
LISTS: Final = tuple(
    name for name, field in Scenario.model_fields.items() if str(field.annotation).startswith("tuple[")
)
"""Parts that are lists of entries."""
STARTS: Final[Mapping[str, Any]] = {
    "automate": {
        "service": "gp_practice",
        "task": "appointment_booking",
        "share": "50 %",
        "from_week": 0,
        "ramp_weeks": 52,
    },
    "funding": {"programme": "health_connectors", "kind": "new_money", "payer": "nhs", "units": 1},
    "commitments": {"programme": "health_connectors", "units": 1, "from_week": 26},
    "staffing": {"service": "gp_practice", "role": "receptionist", "hours_per_week": 1, "from_week": 0},
    "calendar": {"years": 5},
    "volunteer_surge": {"from_week": 0, "weeks": 26},
    "spread": {"mode": "candles"},
}
"""Initial contents of new entries."""


def value_at(data: Any, path: Where) -> Any:
    """The value at a path, or None."""
    for step in path:
        if isinstance(data, Mapping):
            data = data.get(step)
        elif isinstance(data, list) and isinstance(step, int) and step < len(data):
            data = data[step]
        else:
            return None
    return data


def set_field(text: str, own: Mapping[str, Any], whole: Mapping[str, Any], path: Where, value: Any) -> str:
    """The text with a field set, or removed if ``value`` is None; its part is copied from the parent first."""
    text = with_inherited_part(text, own, whole, path)
    if value is None:
        here = value_at(own if path[0] in own else whole, path)
        return text if here is None else without(text, path)
    return with_value(text, path, value)


def added(text: str, own: Mapping[str, Any], whole: Mapping[str, Any], part: str) -> str:
    """The text with a new entry in a list, or with a new part."""
    if part in LISTS:
        text = with_inherited_part(text, own, whole, (part,))
        return with_value(text, (part, len(whole.get(part) or ())), STARTS[part])
    return with_value(text, (part,), STARTS[part])


def removed(text: str, own: Mapping[str, Any], whole: Mapping[str, Any], path: Where) -> str:
    """The text without an entry; its list is copied from the parent first, and stays as an empty list."""
    text = with_inherited_part(text, own, whole, path)
    entries = value_at(whole, path[:-1])
    if isinstance(entries, list) and len(entries) == 1:
        return with_value(text, path[:-1], [])
    return without(text, path)


def reset_part(text: str, own: Mapping[str, Any], part: str) -> str:
    """The text without a part, which is then inherited."""
    return without(text, (part,)) if part in own else text


def with_change(text: str, own: Mapping[str, Any], path: str | None) -> str:
    """The text with an entry for an evidence value, at its central value and without a reason yet."""
    known = every_value()
    if path is None or path not in known or path in (own.get("changes") or {}):
        return text
    value = known[path]
    start = dict([next(iter(value.by_category().items()))]) if value.by else value.value
    return with_value(text, ("changes", path), {"value": start, "reason": ""})


def with_inherited_part(text: str, own: Mapping[str, Any], whole: Mapping[str, Any], path: Where) -> str:
    """The text with an inherited part, named by the beginning of ``path``, copied into it if missing."""
    part = str(path[0])
    replaced_whole = len(path) == 1 and not isinstance(whole.get(part), list)
    if part in own or part not in whole or part in _ADDED_UP or replaced_whole:
        return text
    return with_value(text, (part,), whole[part])


def copied(text: str, name: str, title: str) -> str:
    """The text under another name and title."""
    return with_value(with_value(text, ("name",), name), ("title",), title)


def extending(scenario: Scenario, name: str) -> str:
    """A new file that extends a scenario and so far changes nothing."""
    return new_text(
        {
            "name": name,
            "title": f"{scenario.title}, changed",
            "question": scenario.question.strip(),
            "extends": scenario.name,
        }
    )


def inherits(own: Mapping[str, Any], whole: Mapping[str, Any], part: Step) -> bool:
    """Whether a part is inherited."""
    return part in whole and part not in own and part not in OWN_KEYS
