"""Forms from models: the fields of a part of a scenario, with kind, choices, range and description."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final, Literal, NamedTuple

from pydantic import BaseModel

Kind = Literal["share", "choice", "whole", "number", "date", "text"]
LONG: Final = ("question", "reason", "source")
"""Fields that contain sentences."""
_WORDS: Final = {"gp": "GP", "nhs": "NHS", "ae": "A&E"}


class Field(NamedTuple):
    """One field of a form."""

    name: str
    kind: Kind
    label: str
    description: str
    required: bool
    default: Any
    choices: tuple[str, ...] = ()
    decides: str | None = None  # the field on whose value the choices depend
    choices_by: Mapping[str, tuple[str, ...]] = {}  # by that field's value

    def offered(self, entry: Mapping[str, Any]) -> tuple[str, ...]:
        """The choices, given the other fields of the entry."""
        if self.decides is None:
            return self.choices
        return self.choices_by.get(str(entry.get(self.decides)), ())


@lru_cache(maxsize=32)
def fields_of(part: type[BaseModel]) -> tuple[Field, ...]:
    """The plain fields of a part, the reason last; nested parts have separate forms.

    >>> from simulator.scenario.parts import AutomationEntry
    >>> [(field.name, field.kind) for field in fields_of(AutomationEntry)][:3]
    [('service', 'choice'), ('task', 'choice'), ('share', 'share')]
    """
    schema = part.model_json_schema()
    dependent = _dependent(schema)
    found = []
    for name, about in schema["properties"].items():
        kind = "choice" if name in dependent else _kind(about)
        if kind is None:
            continue
        decides, choices_by = dependent.get(name, (None, {}))
        found.append(
            Field(
                name=name,
                kind=kind,
                label=capitalised(in_words(name)),
                description=about.get("description", ""),
                required=name in schema.get("required", ()),
                default=about.get("default"),
                choices=_enum(about),
                decides=decides,
                choices_by=choices_by,
            )
        )
    return tuple(sorted(found, key=lambda field: field.name == "reason"))


def in_words(name: str) -> str:
    """A name in a file as words.

    >>> in_words("gp_practice"), in_words("pounds_per_year"), in_words("council_contact_centre.housing")
    ('GP practice', 'pounds per year', 'council contact centre: housing')
    """
    return " ".join(_WORDS.get(word, word) for word in name.replace(".", ": ").replace("_", " ").split(" "))


def capitalised(words: str) -> str:
    """Words with a capital first letter.

    >>> capitalised("talking cafés"), capitalised("GP continuity")
    ('Talking cafés', 'GP continuity')
    """
    return words[:1].upper() + words[1:]


def _kind(about: Mapping[str, Any]) -> Kind | None:
    if _enum(about):
        return "choice"
    members = about.get("anyOf", ())
    if any("%" in str(member.get("pattern", "")) for member in members):
        return "share"
    kinds: dict[str, Kind] = {"integer": "whole", "number": "number", "string": "text"}
    if about.get("format") == "date":
        return "date"
    return kinds.get(str(about.get("type")))


def _enum(about: Mapping[str, Any]) -> tuple[str, ...]:
    members = (about, *about.get("anyOf", ()))
    return next((tuple(member["enum"]) for member in members if "enum" in member), ())


def _dependent(schema: Mapping[str, Any]) -> dict[str, tuple[str, dict[str, tuple[str, ...]]]]:
    """Fields whose choices depend on another's value, from the rules ``if that is ..., then this is one of ...``."""
    found: dict[str, tuple[str, dict[str, tuple[str, ...]]]] = {}
    for rule in schema.get("allOf", ()):
        for decides, condition in rule["if"]["properties"].items():
            for name, then in rule["then"].get("properties", {}).items():
                found.setdefault(name, (decides, {}))[1][condition["const"]] = tuple(then["enum"])
    return found
