"""Contents of a programme file: the pydantic models behind ``schema.json``."""

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
    """Fields of a programme file other than numbers, which are added below."""

    renamed_fields: ClassVar = {"what": "description"}

    name: Name = Field(description="Short name, the same as that of the file")
    title: Text = Field(description="Name for readers")
    description: Text = Field(description="What is done, by whom, with whom, in a sentence or two")
    source: Source = Field(description="Source of all numbers that have none of their own")
    grade: Grade = Field(description="A: strong study; B: one study; C: weak; assumption: a judgement")
    reference: Annotated[Link | SkipJsonSchema[None], NotNull] = Field(None, description="doi:... or https://...")
    note: Annotated[str | SkipJsonSchema[None], NotNull] = Field(None, description="Limitations and gaps in the source")
    unit: Text = Field("worker", description="One unit, such as a whole-time worker or a weekly group")
    payer: Annotated[Payer | SkipJsonSchema[None], NotNull] = Field(None, description="The usual payer")
    eligible: Annotated[tuple[Alternative, ...], AfterValidator(at_most_four)] = Field(
        (), alias="for", description="Eligibility: people who meet one of these alternatives"
    )
    randomise: Share = Field(
        1.0, description="Share of eligible people who may be offered a place; the others are controls"
    )
    channel: one_of("channel", CONTACT_CHANNELS) = Field("visit", description="How contacts are made")  # type: ignore[valid-type]
    ties: one_of("kind of tie", TIE_KINDS) = Field("none", description="Kind of tie that a member forms")  # type: ignore[valid-type]
    introduces: Annotated[Name | SkipJsonSchema[None], NotNull] = Field(
        None, description="A programme to which new members are introduced"
    )
    care_plan: bool = Field(False, description="Members have a written care plan")
    adds: Annotated[Capacity | SkipJsonSchema[None], NotNull] = Field(
        None, description="Service capacity added by units"
    )
    trains: Annotated[one_of("service", SERVICES) | SkipJsonSchema[None], NotNull] = Field(  # type: ignore[valid-type]
        None, description="The service whose staff are trained"
    )

    def given(self, number: str) -> bool:
        """Whether the file sets this number."""
        return getattr(self, number) is not None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        for problem in _problems(self):
            raise problem
        return self


def _problems(file: _Words) -> Iterator[InvalidValue]:
    """Inconsistencies between the parts of a file, of which the first is reported."""
    if file.grade != "assumption" and file.reference is None:
        yield InvalidValue(
            f"a file of grade {file.grade} has no reference", "Add 'reference: doi:...' or a web address"
        )
    for name, kind in NUMBERS.items():
        if kind.needed and not file.given(name) and (file.eligible or not kind.takes_part):
            yield InvalidValue(f"'{name}' is missing", f"Add '{name}: ...' ({kind.unit}): {kind.label}")
        spoken_of = file.given("conversations") and name in ("introduction", "old_ties")
        if kind.takes_part and file.given(name) and not file.eligible and not spoken_of:
            wrong = f"{name} is given, but no one is eligible"
            yield InvalidValue(wrong, "Describe the people who are eligible under 'for'", (name,))
    requirements = (
        ("ties", file.ties != "none", ("contacts_per_week", "contact_hours")),
        ("introduces", file.introduces is not None, ("introduction",)),
        ("continuity_gain", file.given("continuity_gain"), ("hours_per_unit", "minutes_per_member")),
        ("adds", file.adds is not None, ("capacity",)),
        ("trains", file.trains is not None, ("training_hours",)),
        ("volunteer_leaving", file.given("volunteer_leaving"), ("volunteers_supported",)),
        ("conversations", file.given("conversations"), ("volunteers_per_unit",)),
        ("volunteers_per_unit", file.given("volunteers_per_unit"), ("volunteer_hours",)),
    )
    for word, present, numbers in requirements:
        for number in numbers:
            if present and not file.given(number):
                yield InvalidValue(f"'{word}' needs '{number}', which is missing", f"Add '{number}: ...'", (word,))
    for number, word in (("introduction", "introduces"), ("capacity", "adds"), ("training_hours", "trains")):
        if file.given(number) and getattr(file, word) is None:
            yield InvalidValue(f"{number} is given without '{word}'", f"Add '{word}: ...', or remove it", (number,))
    if file.given("tie_strength") and file.ties in ("none", "group"):
        yield InvalidValue(
            f"tie_strength has no effect with 'ties: {file.ties}'", "Remove it, or choose other ties", ("tie_strength",)
        )
    if file.introduces == file.name:
        wrong = "the programme introduces its members to itself"
        yield InvalidValue(wrong, "Name another programme", ("introduces",))
    for index, alternative in enumerate(file.eligible):
        ages = alternative.age or ALL_AGES
        if file.ties == "trusted_adult" and not (SCHOOL_AGES[0] <= ages.youngest and ages.oldest <= SCHOOL_AGES[1]):
            right = "Add 'age: {from: 5, to: 15}'"
            yield InvalidValue("a trusted adult at school is for ages 5 to 15", right, ("for", index, "age"))


def _number_fields() -> dict[str, Any]:
    fields = {}
    for name, kind in NUMBERS.items():

        def read(value: object, name: str = name) -> object:
            return entry_of(name, value)

        def check(entry: Entry, name: str = name) -> Entry:
            return in_unit(name, entry)

        number = Annotated[
            Entry, BeforeValidator(read), AfterValidator(check), WithJsonSchema(_number_schema(kind.unit))
        ]
        absent: Any = SkipJsonSchema[None]  # type: ignore[misc]
        fields[name] = (Annotated[number | absent, NotNull], Field(None, description=kind.label))
    return fields


_ENTRY: Final = "an entry"
"""Placeholder in a field's schema for the entry that all numbers share."""


def _number_schema(unit: str) -> dict[str, Any]:
    low, high = UNITS[unit].low, UNITS[unit].high
    bare: list[dict[str, Any]] = [{"type": "number", "minimum": low, "maximum": high}, {"$comment": _ENTRY}]
    if high == 1.0:
        bare.append({"type": "string", "pattern": r"^\s*\d+(\.\d+)?\s*%\s*$"})
    return {"anyOf": bare}


ProgrammeFile: Any = create_model("ProgrammeFile", __base__=_Words, **_number_fields())
"""A programme file: the fields of `_Words` and each number of `NUMBERS`."""


def programme_schema() -> dict[str, Any]:
    """JSON Schema of a programme file, for editors; shipped as ``simulator/programme_files/schema.json``."""
    text = json.dumps(ProgrammeFile.model_json_schema())
    schema = json.loads(text.replace(json.dumps({"$comment": _ENTRY}), json.dumps({"$ref": "#/$defs/Entry"})))
    schema["$defs"] = {**schema.get("$defs", {}), "Entry": Entry.model_json_schema()}
    title = "Programme of the relational offset simulator"
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": title}
