"""What a programme file may say: the pydantic models behind ``schema.json``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, Final, Self

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema, create_model, model_validator
from pydantic.json_schema import SkipJsonSchema

from simulator.evidence.schema import Grade
from simulator.foundations.categories import CONTACT_CHANNELS, SERVICES, TIE_KINDS
from simulator.foundations.input_files import InvalidValue
from simulator.foundations.units import UNITS
from simulator.programme_files.numbers import NUMBERS
from simulator.programme_files.parts import (
    ALL_AGES,
    Alternative,
    Capacity,
    Entry,
    Link,
    Source,
    at_most_four,
    entry_of,
    in_unit,
    one_of,
)
from simulator.scenario.parts import ScenarioPart
from simulator.scenario.types import Name, NotNull, Payer, Share, Text

SCHOOL_AGES: Final = (5, 15)


class _Words(ScenarioPart):
    """What a programme file says in words; its numbers are added below."""

    renamed_fields: ClassVar = {"what": "description"}

    name: Name = Field(description="Short name, that of the file")
    title: Text = Field(description="Name for readers")
    description: Text = Field(description="What is done, by whom, with whom, in a sentence or two")
    source: Source = Field(description="Where the numbers come from, unless they say so themselves")
    grade: Grade = Field(description="A: strong study; B: one study; C: weak; assumption: a judgement")
    reference: Annotated[Link | SkipJsonSchema[None], NotNull] = Field(None, description="doi:... or https://...")
    note: Annotated[str | SkipJsonSchema[None], NotNull] = Field(None, description="Limits, and what was not found")
    unit: Text = Field("worker", description="What one unit is: a whole-time worker, a weekly group")
    payer: Annotated[Payer | SkipJsonSchema[None], NotNull] = Field(None, description="Who usually pays")
    eligible: Annotated[tuple[Alternative, ...], AfterValidator(at_most_four)] = Field(
        (), alias="for", description="Who is eligible: whoever meets one of these alternatives"
    )
    randomise: Share = Field(
        1.0, description="Share of the eligible who may be offered a place; the others are controls"
    )
    channel: one_of("channel", CONTACT_CHANNELS) = Field("visit", description="How contacts are made")  # type: ignore[valid-type]
    ties: one_of("kind of tie", TIE_KINDS) = Field("none", description="Whom a member gets to know")  # type: ignore[valid-type]
    introduces: Annotated[Name | SkipJsonSchema[None], NotNull] = Field(
        None, description="A programme to which new members are brought"
    )
    care_plan: bool = Field(False, description="Members have a written plan of care")
    adds: Annotated[Capacity | SkipJsonSchema[None], NotNull] = Field(None, description="Whose capacity units add to")
    trains: Annotated[one_of("service", SERVICES) | SkipJsonSchema[None], NotNull] = Field(  # type: ignore[valid-type]
        None, description="The service whose staff are trained"
    )

    def given(self, number: str) -> bool:
        """Whether the file gives this number."""
        return getattr(self, number) is not None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        for fault in _faults(self):
            raise fault
        return self


def _faults(file: _Words) -> Iterator[InvalidValue]:
    """Every fault between the parts of a file, the first of which is told."""
    if file.grade != "assumption" and file.reference is None:
        yield InvalidValue(
            f"a file of grade {file.grade} has no reference", "Add 'reference: doi:...' or a web address"
        )
    for name, kind in NUMBERS.items():
        if kind.needed and not file.given(name) and (file.eligible or not kind.takes_part):
            yield InvalidValue(f"'{name}' is missing", f"Add '{name}: ...' ({kind.unit}): {kind.label}")
        if kind.takes_part and file.given(name) and not file.eligible:
            yield InvalidValue(f"{name} is given, but nobody takes part", "Say who is eligible under 'for'", (name,))
    together = (
        ("ties", file.ties != "none", ("contacts_per_week", "contact_hours")),
        ("introduces", file.introduces is not None, ("introduction",)),
        ("continuity_gain", file.given("continuity_gain"), ("hours_per_unit", "minutes_per_member")),
        ("adds", file.adds is not None, ("capacity",)),
        ("trains", file.trains is not None, ("training_hours",)),
        ("volunteer_leaving", file.given("volunteer_leaving"), ("volunteers_supported",)),
        ("volunteers_per_unit", file.given("volunteers_per_unit"), ("volunteer_hours",)),
    )
    for word, there, numbers in together:
        for number in numbers:
            if there and not file.given(number):
                yield InvalidValue(f"'{number}' is missing, which '{word}' needs", f"Add '{number}: ...'", (word,))
    for number, word in (("introduction", "introduces"), ("capacity", "adds"), ("training_hours", "trains")):
        if file.given(number) and getattr(file, word) is None:
            yield InvalidValue(f"{number} is given without '{word}'", f"Add '{word}: ...', or remove it", (number,))
    if file.given("tie_strength") and file.ties in ("none", "group"):
        yield InvalidValue(
            f"ties: {file.ties} takes no tie_strength", "Remove it, or choose other ties", ("tie_strength",)
        )
    if file.introduces == file.name:
        yield InvalidValue("it introduces to itself", "Name another programme", ("introduces",))
    for index, alternative in enumerate(file.eligible):
        ages = alternative.age or ALL_AGES
        if file.ties == "trusted_adult" and not (SCHOOL_AGES[0] <= ages.youngest and ages.oldest <= SCHOOL_AGES[1]):
            right = "Add 'age: {from: 5, to: 15}'"
            yield InvalidValue("a trusted adult at school is for ages 5 to 15", right, ("for", index, "age"))


def _number_fields() -> dict[str, Any]:
    fields = {}
    for name, kind in NUMBERS.items():

        def check(entry: Entry, name: str = name) -> Entry:
            return in_unit(name, entry)

        number = Annotated[
            Entry, BeforeValidator(entry_of), AfterValidator(check), WithJsonSchema(_number_schema(kind.unit))
        ]
        absent: Any = SkipJsonSchema[None]  # type: ignore[misc]
        fields[name] = (Annotated[number | absent, NotNull], Field(None, description=kind.label))
    return fields


_ENTRY: Final = "an entry"
"""Stands in a field's schema for the entry that all numbers share."""


def _number_schema(unit: str) -> dict[str, Any]:
    low, high = UNITS[unit].low, UNITS[unit].high
    limits = {key: end for key, end in (("minimum", low), ("maximum", high)) if abs(end) != float("inf")}
    bare: list[dict[str, Any]] = [{"type": "number", **limits}, {"$comment": _ENTRY}]
    if high == 1.0:
        bare.append({"type": "string", "pattern": r"^\s*\d+(\.\d+)?\s*%\s*$"})
    return {"anyOf": bare}


ProgrammeFile: Any = create_model("ProgrammeFile", __base__=_Words, **_number_fields())
"""A programme file: what `_Words` says in words, and each number of `NUMBERS`."""


def programme_schema() -> dict[str, Any]:
    """JSON Schema of a programme file, for editors; shipped as ``simulator/programme_files/schema.json``."""
    text = json.dumps(ProgrammeFile.model_json_schema())
    schema = json.loads(text.replace(json.dumps({"$comment": _ENTRY}), json.dumps({"$ref": "#/$defs/Entry"})))
    schema["$defs"] = {**schema.get("$defs", {}), "Entry": Entry.model_json_schema()}
    title = "Programme of the relational offset simulator"
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": title}
