"""The parts of a scenario file, each as a frozen pydantic model."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal, NoReturn, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    SerializerFunctionWrapHandler,
    ValidationInfo,
    field_validator,
    model_serializer,
    model_validator,
)
from pydantic.json_schema import SkipJsonSchema

from simulator.errors import did_you_mean
from simulator.foundations.categories import ALL_TASKS, ROLES, SERVICES, WEEKS_PER_QUARTER, WEEKS_PER_YEAR
from simulator.foundations.input_files import InvalidValue, show
from simulator.foundations.units import UNITS
from simulator.scenario.types import (
    MOST,
    FrozenMapping,
    HoursOfAWeek,
    Name,
    NotNull,
    Number,
    Payer,
    Positive,
    Programme,
    Reference,
    Service,
    Share,
    Text,
    Week,
)

DEFAULT_START: Final = datetime.date(2026, 4, 1)
DEFAULT_YEARS: Final = 5
MOST_YEARS: Final = 100
SHARE_TOLERANCE: Final = 1e-6
"""Shares may differ from a total of 1 by this much, so that thirds can be written."""

Years = Annotated[int, Field(ge=1, le=MOST_YEARS, strict=True)]
Quarters = Annotated[
    int,
    Field(ge=1, le=MOST_YEARS * WEEKS_PER_YEAR, strict=True, json_schema_extra={"multipleOf": WEEKS_PER_QUARTER}),
]
OneOrMore = Annotated[int, Field(ge=1, strict=True)]
_TASKS_OF: Final = {
    service: tuple(task.split(".")[1] for task in ALL_TASKS if task.split(".")[0] == service) for service in SERVICES
}


class ScenarioPart(BaseModel):
    """Base of every part of a scenario: frozen, and without unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    def __setattr__(self, name: str, value: Any) -> None:
        if name.startswith("_"):
            super().__setattr__(name, value)
        else:
            self._refuse(name)

    def __delattr__(self, name: str) -> None:
        self._refuse(name)

    def _refuse(self, name: str) -> NoReturn:
        kind = type(self).__name__
        raise AttributeError(f"{kind} is frozen; cannot set '{name}'. Write a scenario file that extends this one.")


class PartWithReason(ScenarioPart):
    """A part with an optional reason; without one it is written as if there were no such field."""

    reason: Annotated[Text | SkipJsonSchema[None], NotNull] = Field(None, description="Reason for this and its amount")

    @model_serializer(mode="wrap")
    def _without_nothing(self, content: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {name: value for name, value in content(self).items() if name != "reason" or value is not None}


class Calendar(ScenarioPart):
    """When a scenario begins and how long it runs, in model years of 52 weeks."""

    model_config = ConfigDict(json_schema_extra={"not": {"required": ["years", "weeks"]}})
    starts: datetime.date = Field(DEFAULT_START, description="First day, such as 2026-04-01")
    years: Annotated[Years | SkipJsonSchema[None], NotNull] = Field(None, description="Length in years of 52 weeks")
    weeks: Annotated[Quarters | SkipJsonSchema[None], NotNull] = Field(
        None, description="Length in weeks: whole quarters of 13"
    )

    @field_validator("starts", mode="before")
    @classmethod
    def _is_date(cls, value: object) -> object:
        if type(value) is not datetime.date:
            raise InvalidValue(f"{show(value)} is not a date", "Write a date as 2026-04-01")
        refusal = UNITS["calendar year"].refuses(value.year)
        if refusal is not None:
            raise InvalidValue(refusal, "Write a date from 1900 to 2200")
        return value

    @model_validator(mode="after")
    def _one_length(self) -> Self:
        if self.years is not None and self.weeks is not None:
            raise InvalidValue("the length is given twice", "Give either years or weeks", ("weeks",))
        if self.weeks is not None and self.weeks % WEEKS_PER_QUARTER:
            near = max(1, round(self.weeks / WEEKS_PER_QUARTER)) * WEEKS_PER_QUARTER
            wrong = f"{self.weeks} weeks are not whole quarters"
            raise InvalidValue(wrong, f"Write a multiple of {WEEKS_PER_QUARTER}, such as {near}", ("weeks",))
        return self

    @property
    def length(self) -> int:
        """Weeks."""
        return self.weeks or (self.years or DEFAULT_YEARS) * WEEKS_PER_YEAR


DEFAULT_CALENDAR: Final = Calendar.model_validate({})
LONGEST_CALENDAR: Final = Calendar.model_validate({"years": MOST_YEARS})


class AutomationEntry(PartWithReason):
    """A task of a service, and the share of it that is automated."""

    model_config = ConfigDict(
        json_schema_extra={
            "allOf": [
                {
                    "if": {"properties": {"service": {"const": service}}, "required": ["service"]},
                    "then": {"properties": {"task": {"enum": list(tasks)}}},
                }
                for service, tasks in _TASKS_OF.items()
            ]
        }
    )
    service: Service = Field(description="The service whose task is automated")
    task: str = Field(description="A task of this service")
    share: Share = Field(description="Share of the task's contacts that is eventually automated: 60 % or 0.6")
    from_week: Week = Field(0, description="Week in which it begins, counted from 0")
    ramp_weeks: Week = Field(description="Weeks from the beginning to the full share; 0 for the full share at once")

    @field_validator("task")
    @classmethod
    def _task_of_service(cls, task: str, info: ValidationInfo) -> str:
        service = info.data.get("service")
        if service is None or task in _TASKS_OF[service]:
            return task
        tasks = _TASKS_OF[service]
        if not tasks:
            others = [name for name, known in _TASKS_OF.items() if known]
            raise InvalidValue(f"{service} has no task that can be automated", f"Choose one of {', '.join(others)}")
        owners = [name for name, known in _TASKS_OF.items() if task in known]
        right = f"It is a task of {owners[0]}" if owners else did_you_mean(task, tasks)
        raise InvalidValue(f"{service} has no task {show(task)}", right)

    @property
    def path(self) -> str:
        """Service and task, as evidence tables name it."""
        return f"{self.service}.{self.task}"


class Reinvestment(PartWithReason):
    """Programmes bought with the redeployable part of the released resource; the rest is saved."""

    share: Share = Field(description="Share of the redeployable resource that is reinvested; the rest is saved")
    programmes: Annotated[Mapping[Programme, Share], AfterValidator(FrozenMapping), PlainSerializer(dict)] = Field(
        default_factory=lambda: FrozenMapping({}), description="Programmes bought, in shares that add up to 100 %"
    )

    @model_validator(mode="after")
    def _whole(self) -> Self:
        total = sum(self.programmes.values())
        if self.programmes and abs(total - 1.0) > SHARE_TOLERANCE:
            change = f"{'add' if total < 1 else 'remove'} {100 * abs(1.0 - total):.4g} %"
            raise InvalidValue(f"the shares add up to {100 * total:g} %", f"Make it 100 %: {change}", ("programmes",))
        if self.share > 0 and not self.programmes:
            raise InvalidValue("no programme is bought with this share", "Add 'programmes:' with shares", ("share",))
        return self


class Funding(PartWithReason):
    """Money for a programme that was not released in this place: payer, amount and time."""

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [{"required": [amount]} for amount in ("pounds_per_year", "pounds_per_resident", "units")],
            "if": {"properties": {"kind": {"const": "pump_priming"}}, "required": ["kind"]},
            "then": {"required": ["weeks"]},
        }
    )
    programme: Programme = Field(description="The programme that is paid for")
    kind: Literal["pump_priming", "new_money"] = Field(description="Pump priming, which ends, or lasting new money")
    payer: Payer = Field(description="Who pays")
    pounds_per_year: Annotated[Positive | SkipJsonSchema[None], NotNull] = Field(
        None, description="Amount in pounds per year of 52 weeks"
    )
    pounds_per_resident: Annotated[Positive | SkipJsonSchema[None], NotNull] = Field(
        None, description="Or: pounds per year for each resident of the place when the scenario begins"
    )
    units: Annotated[Positive | SkipJsonSchema[None], NotNull] = Field(
        None, description="Or: number of whole-time workers (cafés: weekly cafés), at their central unit cost"
    )
    from_week: Week = Field(0, description="First week, counted from 0")
    weeks: Annotated[OneOrMore | SkipJsonSchema[None], NotNull] = Field(
        None, description="Number of weeks; to the end if not given (required for pump priming)"
    )

    @model_validator(mode="after")
    def _one_amount(self) -> Self:
        given = self.given
        if not given:
            raise InvalidValue("no amount is given", "Add 'pounds_per_year: ...' or 'units: ...'")
        if len(given) > 1:
            raise InvalidValue("the amount is given twice", f"Give either {' or '.join(given)}", (given[-1],))
        if self.kind == "pump_priming" and self.weeks is None:
            right = "Add 'weeks: ...', or write 'kind: new_money' for lasting money"
            raise InvalidValue("pump priming has no end", right, ("kind",))
        return self

    @property
    def given(self) -> tuple[str, ...]:
        """The field that states the amount; several or none in an invalid entry."""
        fields = ("pounds_per_year", "pounds_per_resident", "units")
        return tuple(name for name in fields if getattr(self, name) is not None)

    @property
    def amount(self) -> str:
        """The amount in words.

        >>> Funding(programme="talking_cafes", kind="new_money", payer="nhs", pounds_per_resident=147).amount
        '£147 for each resident a year'
        """
        if self.pounds_per_resident is not None:
            return f"£{self.pounds_per_resident:,g} for each resident a year"
        return f"{self.units:g} units" if self.pounds_per_year is None else f"£{self.pounds_per_year:,.0f} a year"


class Commitment(PartWithReason):
    """Posts promised from a given week on: the released resource pays for them before anything else."""

    programme: Programme = Field(description="The programme that the posts belong to")
    units: Positive = Field(description="Whole-time workers (cafés: weekly cafés)")
    from_week: Week = Field(0, description="First week, counted from 0")


class VolunteerSurge(ScenarioPart):
    """A limited time in which many more adults than usual are willing to volunteer, as in the spring of 2020."""

    from_week: Week = Field(0, description="First week, counted from 0")
    weeks: OneOrMore = Field(description="Number of weeks")
    extra_share_of_adults: Share = Field(description="Share of adults willing, in addition to usual: 19 % or 0.19")
    hours_per_week: HoursOfAWeek = Field(description="Mean hours per week that these adults can give")
    reason: Text = Field(description="Why there is a surge")
    source: Text = Field(description="Source of the numbers")


class EvidenceChange(ScenarioPart):
    """An evidence value that differs in this scenario, and why."""

    value: Number = Field(description="The value here; for a table, only the categories that differ")
    reason: Text = Field(description="Why it differs")


_PACE = ("places_per_wave", "weeks_between_waves")


class Spread(ScenarioPart):
    """How the plan reaches the places of a county: by directive in waves, or taught by teams that practise it.

    Automation, reinvestment, funding and commitments of a place begin in the week in which it takes up the plan, at the
    fidelity that it has.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "if": {"properties": {"mode": {"const": "rollout"}}, "required": ["mode"]},
            "then": {"required": list(_PACE)},
            "else": {"properties": dict.fromkeys(_PACE, False)},
        }
    )
    mode: Literal["rollout", "candles"] = Field(description="By directive and manual, or taught by practised teams")
    reason: Text = Field(description="Why the plan would spread this way")
    county: Annotated[Reference | SkipJsonSchema[None], NotNull] = Field(
        None, description="A shipped county or a county file, unless the run names one"
    )
    origin: Annotated[Name | SkipJsonSchema[None], NotNull] = Field(
        None, description="Place of the county that begins; by default the one that the county file names"
    )
    from_week: Week = Field(0, description="Week in which the origin begins and a directive is given, counted from 0")
    places_per_wave: Annotated[OneOrMore | SkipJsonSchema[None], NotNull] = Field(
        None, description="Roll-out: number of places per wave"
    )
    weeks_between_waves: Annotated[OneOrMore | SkipJsonSchema[None], NotNull] = Field(
        None, description="Roll-out: weeks from the directive to the first wave, and from wave to wave"
    )
    amounts_for: Annotated[OneOrMore | SkipJsonSchema[None], NotNull] = Field(
        None,
        description="Residents that funding and commitments are stated for; other places get amounts in proportion",
    )

    @model_validator(mode="after")
    def _has_its_pace(self) -> Self:
        for name in _PACE:
            given = getattr(self, name) is not None
            if self.mode == "rollout" and not given:
                raise InvalidValue(f"a roll-out has no pace: '{name}' is missing", f"Add '{name}: ...'", (name,))
            if self.mode == "candles" and given:
                right = "Remove it: how fast teams teach is evidence (spread.apprenticeship, spread.learners_at_once)"
                raise InvalidValue("candles do not spread in waves", right, (name,))
        return self


ROLES_OF: Final = {
    service: tuple(role.split(".")[1] for role in ROLES if role.split(".")[0] == service) for service in SERVICES
}
Hours = Annotated[float, Field(ge=-MOST, le=MOST, strict=True)]


class StaffingEntry(ScenarioPart):
    """Hours per week added to, cut from or spent on training of one role of one service, for a time."""

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [{"required": ["hours_per_week"]}, {"required": ["training_hours_per_week"]}],
            "allOf": [
                {
                    "if": {"properties": {"service": {"const": service}}, "required": ["service"]},
                    "then": {"properties": {"role": {"enum": list(roles)}}},
                }
                for service, roles in ROLES_OF.items()
            ],
        }
    )
    service: Service = Field(description="The service whose staff change")
    role: str = Field(description="A role of this service")
    hours_per_week: Annotated[Hours | SkipJsonSchema[None], NotNull] = Field(
        None, description="Staff hours per week added, or cut if below 0"
    )
    training_hours_per_week: Annotated[Positive | SkipJsonSchema[None], NotNull] = Field(
        None, description="Or: paid hours per week of training in relational skill, for all staff of the role together"
    )
    from_week: Week = Field(0, description="First week, counted from 0")
    weeks: Annotated[OneOrMore | SkipJsonSchema[None], NotNull] = Field(
        None, description="Number of weeks; to the end if not given"
    )
    reason: Text = Field(description="Reason: why staff are cut, or who pays for relief")

    @field_validator("role")
    @classmethod
    def _role_of_service(cls, role: str, info: ValidationInfo) -> str:
        service = info.data.get("service")
        if service is None or role in ROLES_OF[service]:
            return role
        owners = [name for name, known in ROLES_OF.items() if role in known]
        right = f"It is a role of {owners[0]}" if owners else did_you_mean(role, ROLES_OF[service])
        raise InvalidValue(f"{service} has no role {show(role)}", right)

    @model_validator(mode="after")
    def _one_amount(self) -> Self:
        if self.hours_per_week is None and self.training_hours_per_week is None:
            raise InvalidValue("no hours are given", "Add 'hours_per_week: ...' or 'training_hours_per_week: ...'")
        if self.hours_per_week is not None and self.training_hours_per_week is not None:
            right = "Write two entries, one for hours and one for training"
            raise InvalidValue("hours and training are given in one entry", right, ("training_hours_per_week",))
        if self.hours_per_week == 0.0:
            raise InvalidValue(
                "0 hours have no effect", "Write hours above or below 0, or remove the entry", ("hours_per_week",)
            )
        return self

    @property
    def path(self) -> str:
        """Service and role, as evidence tables name it."""
        return f"{self.service}.{self.role}"
