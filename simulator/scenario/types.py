"""Types of the entries of a scenario file (shares, numbers, names, weeks), and an immutable mapping."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import partial
from typing import Annotated, Any, Final, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, WithJsonSchema

from simulator.errors import did_you_mean
from simulator.foundations.categories import HOURS_IN_A_WEEK, PAYERS, PROGRAMMES, SERVICES
from simulator.foundations.input_files import InvalidValue, show

_PERCENT: Final = re.compile(r"\s*([+-]?\d+(?:\.\d+)?)\s*%\s*")
MOST: Final = 1e12
"""Largest number a scenario may give, so that products of several do not overflow."""
LONGEST_REFERENCE: Final = 200
"""Bytes of the name or path of a scenario or place, within the limit of every operating system."""

Key = TypeVar("Key", bound=str)
Item = TypeVar("Item")


class FrozenMapping(Mapping[Key, Item]):
    """An immutable mapping that can be hashed and pickled; order is ignored."""

    def __init__(self, items: Mapping[Key, Item]) -> None:
        self._items = dict(items)

    def __getitem__(self, key: Key) -> Item:
        return self._items[key]

    def __iter__(self) -> Iterator[Key]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __hash__(self) -> int:
        return hash(frozenset(self._items.items()))

    def __repr__(self) -> str:
        return repr(self._items)


def percent_or_number(value: object) -> object:
    """``"60 %"`` as 0.6; anything else unchanged.

    >>> percent_or_number("60 %"), percent_or_number("7.5%"), percent_or_number(0.6), percent_or_number("lots")
    (0.6, 0.075, 0.6, 'lots')
    """
    match = _PERCENT.fullmatch(value) if isinstance(value, str) else None
    return float(Decimal(match[1]) / 100) if match else value


def share_of_whole(value: object) -> float:
    """A share between 0 and 1, from a number or a percentage; raises InvalidValue.

    >>> share_of_whole("85 %"), share_of_whole(1)
    (0.85, 1.0)
    """
    number = percent_or_number(value)
    if isinstance(number, bool) or not isinstance(number, int | float) or math.isnan(number):
        raise InvalidValue(f"{show(value)} is not a share", "Write a percentage such as 60 %, or a number such as 0.6")
    if number < 0:
        raise InvalidValue(f"{show(value)} is below 0", "Write a share from 0 % to 100 %")
    if number > 1:
        meant = f"Write {number:g} % or {number / 100:g}" if value == number <= 100 else "Write 100 % or less"
        raise InvalidValue(f"{show(value)} is above 100 %", meant)
    return float(number)


def _known(kind: str, names: tuple[str, ...], value: str) -> str:
    if value not in names:
        raise InvalidValue(f"there is no {kind} {show(value)}", did_you_mean(value, names))
    return value


def _identifier(value: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9_]*", value):
        raise InvalidValue(
            f"{show(value)} is not a valid name", "Use lower-case letters, digits and underscores, such as 'my_plan'"
        )
    return value


def _programme_file(value: str) -> str:
    if not re.fullmatch(r".+\.ya?ml", value):
        raise InvalidValue(
            f"{show(value)} is not a programme file",
            "Name a file such as my_programme.yaml; shipped programmes need no file",
        )
    return value


def _short(value: str) -> str:
    if len(value.encode()) > LONGEST_REFERENCE:
        raise InvalidValue(f"{show(value)} is too long", f"Write at most {LONGEST_REFERENCE} bytes")
    return value


def _in_a_week(value: float) -> float:
    if value > HOURS_IN_A_WEEK:
        raise InvalidValue(f"{value:g} hours are more than a week", f"Write {HOURS_IN_A_WEEK} or less")
    return value


def _not_null(value: object) -> object:
    if value is None:
        raise InvalidValue("no value is given", "Give a value, or remove the line")
    return value


def _changed_number(value: object) -> float | FrozenMapping[str, float]:
    """A number, or numbers for some categories of a table."""
    if isinstance(value, dict) and value:
        return FrozenMapping({key: _one_number(entry, (key,)) for key, entry in value.items()})
    return _one_number(value, ())


def _one_number(value: object, at: tuple[str, ...]) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or math.isnan(value):
        meant = percent_or_number(value)
        right = f"Write {meant:g}" if meant != value and isinstance(meant, float) else "Write a number such as 0.6"
        raise InvalidValue(f"{show(value)} is not a number", right, at)
    if abs(value) > MOST:
        raise InvalidValue(f"{show(value)} is too large", f"Write a number from -{MOST:g} to {MOST:g}", at)
    return float(value)


def _plain(value: float | FrozenMapping[str, float]) -> float | dict[str, float]:
    return dict(value) if isinstance(value, FrozenMapping) else value


_SHARE_SCHEMA: Final[dict[str, Any]] = {
    "anyOf": [
        {"type": "number", "minimum": 0, "maximum": 1},
        {"type": "string", "pattern": r"^\s*\+?0*(100(\.0+)?|\d{1,2}(\.\d+)?)\s*%\s*$"},
    ]
}
_NUMBER_SCHEMA: Final[dict[str, Any]] = {
    "anyOf": [
        {"type": "number", "minimum": -MOST, "maximum": MOST},
        {
            "type": "object",
            "minProperties": 1,
            "additionalProperties": {"type": "number", "minimum": -MOST, "maximum": MOST},
        },
    ]
}
NotNull = BeforeValidator(_not_null)
"""For an optional field that may not be written without a value."""
Share = Annotated[float, BeforeValidator(share_of_whole), WithJsonSchema(_SHARE_SCHEMA)]
Number = Annotated[
    float | FrozenMapping[str, float],
    BeforeValidator(_changed_number),
    PlainSerializer(_plain),
    WithJsonSchema(_NUMBER_SCHEMA),
]
Name = Annotated[str, AfterValidator(_identifier), Field(json_schema_extra={"pattern": "^[a-z][a-z0-9_]*$"})]
Text = Annotated[str, Field(min_length=1)]
Reference = Annotated[str, Field(min_length=1, max_length=LONGEST_REFERENCE), AfterValidator(_short)]
ProgrammeFileName = Annotated[
    str,
    AfterValidator(_programme_file),
    AfterValidator(_short),
    Field(min_length=1, max_length=LONGEST_REFERENCE, json_schema_extra={"pattern": r"\.ya?ml$"}),
]
"""A programme file, in the folder of the scenario that names it."""
Week = Annotated[int, Field(ge=0, strict=True)]
Positive = Annotated[float, Field(gt=0, le=MOST, strict=True)]
HoursOfAWeek = Annotated[
    float,
    Field(gt=0, strict=True, json_schema_extra={"maximum": HOURS_IN_A_WEEK}),
    AfterValidator(_in_a_week),
]
"""Hours per week of one person."""
Service = Annotated[
    str, AfterValidator(partial(_known, "service", SERVICES)), Field(json_schema_extra={"enum": list(SERVICES)})
]
Programme = Annotated[
    str,
    AfterValidator(_identifier),
    Field(json_schema_extra={"anyOf": [{"enum": list(PROGRAMMES)}, {"pattern": "^[a-z][a-z0-9_]*$"}]}),
]
"""A shipped programme or one of the scenario's own files; `simulator.scenario.checks` checks that it exists."""
Payer = Annotated[
    str, AfterValidator(partial(_known, "payer", PAYERS)), Field(json_schema_extra={"enum": list(PAYERS)})
]
