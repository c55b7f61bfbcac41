"""A shipped programme as delivered in a study: eligibility and amount, never the strength of its effects."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Final

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    ValidationError,
    create_model,
    field_validator,
    model_validator,
)
from pydantic.json_schema import SkipJsonSchema

from simulator.errors import did_you_mean
from simulator.foundations.categories import CONTACT_CHANNELS, PROGRAMMES, TIE_KINDS
from simulator.foundations.input_files import InvalidValue
from simulator.programme_files import ProgrammePlan, as_delivered, load_programme
from simulator.programme_files.numbers import NUMBERS
from simulator.programme_files.parts import Alternative, Entry, at_most_four, entry_of, in_unit, one_of
from simulator.scenario.parts import ScenarioPart
from simulator.scenario.types import NotNull

DELIVERY: Final = (
    "lag",
    "caseload",
    "offer_rate",
    "engagement",
    "duration",
    "asked_again",
    "contacts_per_week",
    "contact_hours",
    "old_ties",
    "sessions",
    "hours_per_unit",
    "volunteers_per_unit",
    "volunteer_hours",
)
"""Numbers of a programme that describe its delivery."""
WORDS: Final = ("channel", "ties")
"""Words of a programme file that describe its delivery."""


class _DeliveredFields(ScenarioPart):
    """The programme and its eligible group; its numbers are added below."""

    renamed_fields: ClassVar = {"like": "based_on"}

    based_on: str = Field(description="A shipped programme", json_schema_extra={"enum": list(PROGRAMMES)})
    eligible: Annotated[tuple[Alternative, ...], AfterValidator(at_most_four)] = Field(
        (),
        alias="for",
        description="Who was eligible, as in a programme file; by default as in the shipped programme",
    )

    channel: Annotated[one_of("channel", CONTACT_CHANNELS) | SkipJsonSchema[None], NotNull] = Field(  # type: ignore[valid-type]
        None, description="How contacts were made; by default as in the shipped programme"
    )
    ties: Annotated[one_of("kind of tie", TIE_KINDS) | SkipJsonSchema[None], NotNull] = Field(  # type: ignore[valid-type]
        None, description="Kind of tie that members formed; by default as in the shipped programme"
    )

    @field_validator("based_on")
    @classmethod
    def _known(cls, name: str) -> str:
        if name not in PROGRAMMES:
            raise InvalidValue(f"there is no programme '{name}'", did_you_mean(name, PROGRAMMES))
        return name

    @model_validator(mode="before")
    @classmethod
    def _no_strength(cls, data: Any) -> Any:
        for name in NUMBERS:
            if isinstance(data, dict) and name in data and name not in DELIVERY:
                right = f"Remove it: a study may only set {', '.join((*WORDS, *DELIVERY))}"
                raise InvalidValue(f"'{name}' belongs to the model's evidence, not to delivery", right, (name,))
        return data


def _number(name: str) -> Any:
    def read(value: object) -> object:
        return entry_of(name, value)

    def check(entry: Entry) -> Entry:
        return in_unit(name, entry)

    absent: Any = SkipJsonSchema[None]  # type: ignore[misc]
    number = Annotated[Entry, BeforeValidator(read, json_schema_input_type=float | str | Entry), AfterValidator(check)]
    return Annotated[number | absent, NotNull], Field(None, description=NUMBERS[name].label)


_FIELDS: Final[dict[str, Any]] = {name: _number(name) for name in DELIVERY}
DeliveredProgramme: Any = create_model("DeliveredProgramme", __base__=_DeliveredFields, __module__=__name__, **_FIELDS)
"""How a programme was delivered: the fields of `_DeliveredFields`, and any number of `DELIVERY`."""


def plan_of(delivered: Any, source: str, eligible: Any) -> ProgrammePlan:
    """The shipped programme as delivered; its numbers have the study's ``source`` unless they state another.

    ``eligible`` is the value of ``for`` in the file. Raises InvalidValue if the numbers do not fit the programme.
    """
    given: dict[str, Any] = {} if eligible is None else {"for": eligible}
    given |= {word: getattr(delivered, word) for word in WORDS if getattr(delivered, word) is not None}
    for name in DELIVERY:
        entry = getattr(delivered, name)
        if entry is not None:
            own = {"grade": "assumption", "source": source}
            given[name] = {**own, **entry.model_dump(exclude_none=True)}
    shipped = load_programme(delivered.based_on)
    try:
        return as_delivered(shipped, given)
    except ValidationError as faults:
        first = faults.errors()[0]
        reason = str(first.get("ctx", {}).get("error", first["msg"]))
        raise InvalidValue(f"the programme cannot be delivered in this way: {reason}", "Change its fields") from None
