"""Differences between a draft and the scenario it is compared with, by entry."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from dashboard.building.forms import capitalised, in_words
from simulator.scenario.scenario import Scenario

_NAMED_BY: Final = {
    "automate": ("service", "task"),
    "funding": ("programme", "kind", "payer", "from_week"),
    "commitments": ("programme", "from_week"),
    "staffing": ("service", "role", "from_week"),
}
"""Fields that identify the entries of a list."""
_NOT_POLICY: Final = ("name", "title", "question", "extends")


class Difference(NamedTuple):
    """One entry that differs; ``before`` or ``after`` is empty where it is missing."""

    part: str
    what: str
    before: str
    after: str


def differences(base: Scenario, draft: Scenario) -> tuple[Difference, ...]:
    """All differences in policy between the draft and the base, in the order of a scenario file."""
    before, after = (one.model_dump(mode="json", exclude=set(_NOT_POLICY)) for one in (base, draft))
    found = []
    for part in Scenario.model_fields:
        if part in _NOT_POLICY:
            continue
        ours, theirs = dict(_entries(part, after.get(part))), dict(_entries(part, before.get(part)))
        for what in dict.fromkeys((*theirs, *ours)):
            pair = theirs.get(what, ""), ours.get(what, "")
            if pair[0] != pair[1]:
                found.append(Difference(capitalised(in_words(part)), what, *pair))
    return tuple(found)


def line_difference(before: str, after: str, names: tuple[str, str]) -> str:
    """Two texts as a unified difference."""
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), *names, lineterm="", n=2)
    return "\n".join(lines)


def _entries(part: str, value: Any) -> Iterator[tuple[str, str]]:
    """Entries of a part: subject and content, in words."""
    if isinstance(value, list):
        seen: dict[str, int] = {}
        for entry in value:
            named = [_named(key, entry[key]) for key in _NAMED_BY[part]] if isinstance(entry, Mapping) else [str(entry)]
            what = ", ".join(named)
            seen[what] = seen.get(what, 0) + 1
            rest = _rest(entry, _NAMED_BY[part]) if isinstance(entry, Mapping) else "named"
            yield (what if seen[what] == 1 else f"{what} ({seen[what]})"), rest
    elif isinstance(value, Mapping):
        for key, entry in value.items():
            if key == "programmes" and isinstance(entry, Mapping):
                yield from ((in_words(name), _percent(share)) for name, share in entry.items())
            elif isinstance(entry, Mapping):
                yield key, _rest(entry, ())
            elif entry is not None:
                yield in_words(key), _said(key, entry)
    elif value is not None:
        yield in_words(part), str(value)


def _named(key: str, value: Any) -> str:
    return f"from week {value}" if key == "from_week" else in_words(str(value))


def _rest(entry: Mapping[str, Any], named: tuple[str, ...]) -> str:
    return ", ".join(
        f"{in_words(key)} {_said(key, value)}"
        for key, value in entry.items()
        if key not in named and value is not None and key != "reason"
    )


def _said(key: str, value: Any) -> str:
    if key in ("share", "extra_share_of_adults"):
        return _percent(value)
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {number:g}" for name, number in value.items())
    return f"{value:,g}" if isinstance(value, int | float) else in_words(str(value))


def _percent(share: float) -> str:
    return f"{100.0 * share:.4g} %"
