"""Contents of an evidence file: the pydantic models behind ``schema.json``."""

from __future__ import annotations

from typing import Any, Literal, Self, cast

from pydantic import BaseModel, ConfigDict, Field, model_validator

from simulator.errors import did_you_mean
from simulator.evidence.distributions import Distribution, why_impossible
from simulator.foundations.categories import LISTS
from simulator.foundations.input_files import InvalidValue
from simulator.foundations.units import UNITS, Unit

Grade = Literal["A", "B", "C", "assumption"]
By = Literal[
    "age_band",
    "deprivation",
    "sex",
    "conditions",
    "digital_capability",
    "context",
    "service",
    "task",
    "paperwork",
    "role",
    "programme",
    "payer",
    "contact_channel",
    "wait_cause",
    "gp_years",
]
Number = float | dict[str, float]
"""One number, or one for each category of `by`."""


class Entry(BaseModel):
    """One evidence value as written in a file."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        strict=True,
        json_schema_extra={
            "if": {"properties": {"grade": {"const": "assumption"}}},
            "else": {"required": ["reference"]},
        },
    )

    label: str = Field(min_length=3, description="Meaning of the number in words, for readers and figures")
    unit: str = Field(description="A unit of simulator/foundations/units.py", json_schema_extra={"enum": list(UNITS)})
    by: By | None = Field(
        None, description="The category of a table; value, low and high are then maps with all its keys"
    )
    value: Number = Field(description="The central value: the median of the distribution")
    low: Number | None = Field(None, description="2.5th percentile (uniform, triangular: the lower end)")
    high: Number | None = Field(None, description="97.5th percentile (uniform, triangular: the upper end)")
    distribution: Distribution = Field(description="Shape of the distribution; fixed has no low and high")
    grade: Grade = Field(
        description="A: strong study or official count; B: one study; C: weak; assumption: a judgement"
    )
    source: str = Field(min_length=10, description="Author, year, title, table; or the basis of an assumption")
    reference: str | None = Field(
        None,
        pattern=r"^(doi:10\.|https?://)\S+$",
        description="doi:... or https://...; required unless the grade is assumption",
    )
    note: str | None = Field(None, description="Limitations, conversions and gaps in the source")
    observational: bool = Field(
        False,
        description="A relative risk, or its logarithm, from an observational study, through which a policy may act; "
        "its causal share can be reduced",
    )

    @model_validator(mode="after")
    def _check(self) -> Self:
        unit = UNITS.get(self.unit)
        if unit is None:
            raise InvalidValue(f"there is no unit {self.unit!r}", did_you_mean(self.unit, UNITS), ("unit",))
        if self.grade != "assumption" and self.reference is None:
            raise InvalidValue(
                f"a value of grade {self.grade} has no reference", "Add 'reference: doi:...' or a web address"
            )
        for name in ("low", "high"):
            if (getattr(self, name) is None) != (self.distribution == "fixed"):
                wrong = f"a {self.distribution} value {'has' if self.distribution == 'fixed' else 'lacks'} '{name}'"
                right = "Give both low and high, or leave both out and set the distribution to 'fixed'"
                raise InvalidValue(wrong, right, ("distribution",))
        if self.observational and self.unit not in ("ratio", "log ratio"):
            wrong = f"a value in {self.unit!r} is marked observational"
            raise InvalidValue(wrong, "Only a 'ratio' or 'log ratio' can be a relative risk", ("observational",))
        for name in ("value", "low", "high"):
            self._check_number(name, getattr(self, name), unit)
        self._check_distribution()
        return self

    def _check_number(self, name: str, number: Number | None, unit: Unit) -> None:
        if number is None:
            return
        problem = table_problem(number, self.by)
        if problem is not None:
            raise InvalidValue(*problem, (name,))
        for at, each in _each(number, self.by):
            refusal = unit.refuses(each)
            if refusal is not None:
                raise InvalidValue(refusal, f"Give {unit.meaning}", (name, *at))

    def _check_distribution(self) -> None:
        if self.low is None or self.high is None:
            return
        lows, highs = in_order(self.low, self.by), in_order(self.high, self.by)
        for (at, value), low, high in zip(_each(self.value, self.by), lows, highs, strict=True):
            if not low <= value <= high:
                wrong = f"low {low:g}, value {value:g} and high {high:g} are out of order"
                raise InvalidValue(wrong, "Low must not exceed the value, nor the value high", ("value", *at))
            reason = why_impossible(self.distribution, value, low, high)
            if reason is not None:
                raise InvalidValue(reason, "Change low, or choose another distribution", ("low", *at))


class EvidenceFile(BaseModel):
    """A file of evidence on one topic."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, title="Evidence on one topic")

    topic: str = Field(description="The name of the file without .yaml")
    values: dict[str, Entry] = Field(min_length=1, description="Evidence values by name")


def table_problem(number: Any, by: str | None, *, partly: bool = False) -> tuple[str, str] | None:
    """Problem with a number or map for a value with this ``by``, and its correction, or None.

    With ``partly`` a map may omit categories.
    """
    if by is None:
        if isinstance(number, dict):
            return "a table was found where a single number is expected", "Give one number"
        return None
    known = LISTS[by]
    if not isinstance(number, dict):
        wrong = f"a single number was found where a table by {by} is expected"
        return wrong, f"Give a number for each of {', '.join(known)}"
    for key in number:
        if key not in known:
            return f"there is no {by} {key!r}", did_you_mean(key, known)
    missing = [key for key in known if key not in number]
    if missing and not partly:
        return f"the table by {by} lacks {', '.join(missing)}", "Give a number for each"
    return None


def in_order(number: Number, by: str | None) -> tuple[float, ...]:
    """The numbers of a table in the order of its category; a single number as a tuple of one."""
    return tuple(each for _, each in _each(number, by))


def _each(number: Number, by: str | None) -> list[tuple[tuple[str, ...], float]]:
    if by is None or not isinstance(number, dict):
        return [((), cast(float, number))]
    return [((key,), number[key]) for key in LISTS[by]]
