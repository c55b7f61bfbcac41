"""Parts of a programme file: numbers with interval and source, eligibility, and capacity bought for a service."""

from __future__ import annotations

from typing import Annotated, Any, Final, Self

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator
from pydantic.json_schema import SkipJsonSchema

from simulator.errors import did_you_mean
from simulator.evidence.distributions import Distribution, why_impossible
from simulator.evidence.schema import Grade
from simulator.foundations.categories import (
    ALTERNATIVES,
    DEPRIVATION,
    DIGITAL_CAPABILITY,
    OLDEST_AGE,
    SEXES,
    WEEKS_PER_QUARTER,
    WEEKS_PER_YEAR,
)
from simulator.foundations.input_files import InvalidValue, show
from simulator.foundations.units import UNITS
from simulator.programme_files.numbers import CAPACITY_KINDS, NUMBERS
from simulator.scenario.parts import ScenarioPart
from simulator.scenario.types import NotNull, Share, percent_or_number

_REFERENCE: Final = r"^(doi:10\.|https?://)\S+$"
MONTHS_PER_QUARTER: Final = 12 * WEEKS_PER_QUARTER // WEEKS_PER_YEAR
MOST_MONTHS: Final = 12


Weeks = Annotated[int, Field(ge=1, le=200, strict=True)]
YearOfWeeks = Annotated[int, Field(ge=1, le=52, strict=True)]
"""Discharges are remembered for a year."""
Source = Annotated[str, Field(min_length=10)]
Link = Annotated[str, Field(pattern=_REFERENCE)]


class Entry(ScenarioPart):
    """A number with an interval, or with its own source."""

    value: float = Field(strict=True, description="The central value: the median of the distribution")
    low: Annotated[float | SkipJsonSchema[None], NotNull] = Field(None, description="2.5th percentile")
    high: Annotated[float | SkipJsonSchema[None], NotNull] = Field(None, description="97.5th percentile")
    distribution: Distribution = Field("fixed", description="Shape of the distribution; fixed has no low and high")
    grade: Annotated[Grade | SkipJsonSchema[None], NotNull] = Field(None, description="Default: the file's grade")
    source: Annotated[Source | SkipJsonSchema[None], NotNull] = Field(None, description="Default: the file's source")
    reference: Annotated[Link | SkipJsonSchema[None], NotNull] = Field(
        None, description="Default: the file's reference"
    )
    note: Annotated[str | SkipJsonSchema[None], NotNull] = Field(None, description="Limitations and conversions")

    @model_validator(mode="after")
    def _check_distribution(self) -> Self:
        for name in ("low", "high"):
            if (getattr(self, name) is None) != (self.distribution == "fixed"):
                wrong = f"a {self.distribution} value {'has' if self.distribution == 'fixed' else 'lacks'} '{name}'"
                right = "Give low, high and a distribution such as lognormal, or leave all three out"
                raise InvalidValue(wrong, right, (name,))
        if self.low is not None and self.high is not None:
            if not self.low <= self.value <= self.high:
                wrong = f"low {self.low:g}, value {self.value:g} and high {self.high:g} are out of order"
                raise InvalidValue(wrong, "Low must not exceed the value, nor the value high", ("value",))
            reason = why_impossible(self.distribution, self.value, self.low, self.high)
            if reason is not None:
                raise InvalidValue(reason, "Change low, or choose another distribution", ("low",))
        if self.grade not in (None, "assumption") and self.reference is None:
            raise InvalidValue(
                f"a value of grade {self.grade} has no reference", "Add 'reference: doi:...' or a web address"
            )
        return self


def entry_of(name: str, value: object) -> object:
    """A single number or percentage as an entry that inherits grade and source from its file."""
    number = percent_or_number(value)
    if number is not value and UNITS[NUMBERS[name].unit].high != 1.0:
        raise InvalidValue(f"{show(value)} is a percentage", f"Write a number: {name} is in '{NUMBERS[name].unit}'")
    if isinstance(number, dict):
        return number
    if isinstance(number, bool) or not isinstance(number, int | float):
        raise InvalidValue(
            f"{show(value)} is not a number", "Write a number, or a group with value, low, high, distribution"
        )
    return {"value": number}


def in_unit(name: str, entry: Entry) -> Entry:
    """The entry, if its numbers are possible in the unit of ``name``; otherwise raises InvalidValue."""
    unit = UNITS[NUMBERS[name].unit]
    for at in ("value", "low", "high"):
        number = getattr(entry, at)
        refusal = None if number is None else unit.refuses(number)
        if refusal is not None:
            raise InvalidValue(refusal, f"Give {unit.meaning}: {name} is in '{unit.name}'")
    return entry


def one_of(kind: str, known: tuple[str, ...]) -> Any:
    """The type of a word that must be one of ``known``; digits may be written as a number."""

    def check(value: object) -> object:
        word = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
        if word not in known:
            raise InvalidValue(f"there is no {kind} {show(value)}", did_you_mean(str(value), known))
        return word

    return Annotated[
        str, BeforeValidator(check), WithJsonSchema({"enum": [*known, *map(int, filter(str.isdigit, known))]})
    ]


Age = Annotated[int, Field(ge=0, le=OLDEST_AGE, strict=True)]


class Ages(ScenarioPart):
    """Ages in years, including both ends."""

    youngest: Age = Field(0, alias="from", description="Youngest age")
    oldest: Age = Field(OLDEST_AGE, alias="to", description="Oldest age, included")

    @model_validator(mode="after")
    def _order(self) -> Self:
        if self.youngest > self.oldest:
            wrong = f"the youngest age, {self.youngest}, is above the oldest, {self.oldest}"
            raise InvalidValue(wrong, "Give the youngest age under 'from' and the oldest under 'to'", ("from",))
        return self


ALL_AGES: Final = Ages.model_validate({})


class Conditions(ScenarioPart):
    """Minimum number of long-term conditions, up to 3."""

    at_least: int = Field(ge=1, le=3, strict=True)


class Admissions(ScenarioPart):
    """Minimum number of emergency admissions in the last months, counted in quarters including the current one."""

    at_least: int = Field(ge=1, le=50, strict=True)
    months: int = Field(MOST_MONTHS, ge=MONTHS_PER_QUARTER, le=MOST_MONTHS, strict=True)

    @model_validator(mode="after")
    def _quarters(self) -> Self:
        if self.months % MONTHS_PER_QUARTER:
            raise InvalidValue(f"{self.months} months are not whole quarters", "Write 3, 6, 9 or 12", ("months",))
        return self


class Alternative(ScenarioPart):
    """One alternative for eligibility: a person must meet every condition given here."""

    age: Annotated[Ages | SkipJsonSchema[None], NotNull] = Field(None, description="Ages in years")
    conditions: Annotated[Conditions | SkipJsonSchema[None], NotNull] = Field(None, description="Long-term conditions")
    admissions: Annotated[Admissions | SkipJsonSchema[None], NotNull] = Field(None, description="Emergency admissions")
    discharged_weeks: Annotated[YearOfWeeks | SkipJsonSchema[None], NotNull] = Field(
        None, description="In hospital after an emergency, or discharged at most this number of weeks ago"
    )
    lonely: Annotated[bool | SkipJsonSchema[None], NotNull] = Field(None, description="Often or always lonely, or not")
    unmet_connection: Annotated[bool | SkipJsonSchema[None], NotNull] = Field(
        None, description="Lonelier in their usual mood than the average adult at the start, or not"
    )
    lives_alone: Annotated[bool | SkipJsonSchema[None], NotNull] = Field(None, description="Lives alone, or does not")
    deprivation: tuple[one_of("deprivation fifth", DEPRIVATION), ...] = Field(  # type: ignore[valid-type]
        DEPRIVATION, min_length=1, description="Deprivation fifths; 1 is the most deprived"
    )
    digital_capability: tuple[one_of("digital capability", DIGITAL_CAPABILITY), ...] = Field(  # type: ignore[valid-type]
        DIGITAL_CAPABILITY, min_length=1, description="Levels of digital capability"
    )
    sex: Annotated[one_of("sex", SEXES) | SkipJsonSchema[None], NotNull] = Field(  # type: ignore[valid-type]
        None, description="One sex only"
    )
    top_share_by_risk: Annotated[Share | SkipJsonSchema[None], NotNull] = Field(
        None, description="Share of the list with the highest predicted risk: 2 % or 0.02"
    )


class Capacity(ScenarioPart):
    """Capacity that units add to a service."""

    service: one_of("service with capacity to buy", tuple(CAPACITY_KINDS))  # type: ignore[valid-type]
    kind: str = Field(description="Kind of capacity")

    @model_validator(mode="after")
    def _kind_of_service(self) -> Self:
        known = CAPACITY_KINDS[self.service]
        if self.kind not in known:
            wrong = f"{self.service} has no capacity {show(self.kind)}"
            raise InvalidValue(wrong, did_you_mean(self.kind, known), ("kind",))
        return self


def at_most_four(alternatives: tuple[Alternative, ...]) -> tuple[Alternative, ...]:
    """The alternatives; raises InvalidValue if there are more than a run allows."""
    if len(alternatives) > ALTERNATIVES:
        wrong = f"there are {len(alternatives)} alternatives"
        raise InvalidValue(wrong, f"Give at most {ALTERNATIVES}: combine some, or make two programmes")
    return alternatives
