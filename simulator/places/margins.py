"""Contents of a place file: the pydantic models behind ``schema.json``."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator

from simulator.errors import did_you_mean
from simulator.foundations.categories import ADULT_BAND, AGE_BAND_STARTS, DEPRIVATION, SEXES
from simulator.foundations.input_files import InvalidValue, show
from simulator.places.bands import check_tiling

FEWEST_RESIDENTS: Final = 2000
MOST_RESIDENTS: Final = 70_000_000
"""Residents of the largest place: about those of the United Kingdom."""
MOST_COUNTED: Final = 1e10
HOUSEHOLD_SIZES: Final = ("1", "2", "3", "4", "5", "6+")
ROUNDING: Final = 0.005
"""Largest accepted difference of published percentages from 100 %, due to rounding."""
_PERCENT: Final = re.compile(r"\s*([+-]?\d+(?:\.\d+)?)\s*%\s*")


def share_of_whole(value: object) -> float:
    """``"6.3 %"`` or 0.063 as a share between 0 and 1; raises InvalidValue for anything else.

    >>> share_of_whole("25 %"), share_of_whole(0.25)
    (0.25, 0.25)
    """
    if isinstance(value, str) and (found := _PERCENT.fullmatch(value)):
        number = float(found[1]) / 100.0
    elif isinstance(value, int | float) and not isinstance(value, bool):
        number = float(value)
    else:
        raise InvalidValue(
            f"{show(value)} is not a share", "Write a percentage such as 6.3 %, or a number such as 0.063"
        )
    if not 0.0 <= number <= 1.0:
        raise InvalidValue(f"{show(value)} is not between 0 % and 100 %", "Write a share from 0 % to 100 %")
    return number


def count_of_residents(value: object) -> float:
    """A finite number of 0 or more; raises InvalidValue for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise InvalidValue(f"{show(value)} is not a number", "Write a number of 0 or more")
    if value < 0:
        raise InvalidValue(f"{show(value)} is negative", "Write a number of 0 or more")
    if value > MOST_COUNTED:
        raise InvalidValue(f"{show(value)} is too large", f"Write {MOST_COUNTED:,.0f} or less")
    return float(value)


Share = Annotated[
    float,
    BeforeValidator(share_of_whole),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "number", "minimum": 0, "maximum": 1},
                {"type": "string", "pattern": r"^\s*\+?(100(\.0+)?|\d{1,2}(\.\d+)?)\s*%\s*$"},
            ]
        }
    ),
]
Count = Annotated[float, BeforeValidator(count_of_residents), WithJsonSchema({"type": "number", "minimum": 0})]
Grade = Literal["A", "B", "C", "assumption"]
_REFERENCED: Final[dict[str, Any]] = {
    "if": {"properties": {"grade": {"const": "assumption"}}},
    "else": {"required": ["reference"]},
}


class SourceFields(BaseModel):
    """The source of a margin."""

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_extra=_REFERENCED)

    source: str = Field(min_length=10, description="Author, year, title, table; or the basis of an assumption")
    reference: str | None = Field(
        None,
        pattern=r"^(doi:10\.|https?://)\S+$",
        description="doi:... or https://...; required unless the grade is assumption",
    )
    grade: Grade = Field(description="A: official count; B: derived from one; C: a proxy for one; or assumption")
    note: str | None = Field(None, description="Derivations and limitations")

    @model_validator(mode="after")
    def _has_reference(self) -> Self:
        if self.grade != "assumption" and self.reference is None:
            raise InvalidValue(
                f"a margin of grade {self.grade} has no reference", "Add 'reference: https://...' or 'doi:...'"
            )
        return self


class Margin(SourceFields):
    """A margin: counts of residents (or households), or shares that add up to 100 %."""

    model_config = ConfigDict(
        json_schema_extra={**_REFERENCED, "oneOf": [{"required": ["counts"]}, {"required": ["shares"]}]}
    )

    counts: dict[str, Count] | None = Field(None, description="Numbers of residents (household_sizes: households)")
    shares: dict[str, Share] | None = Field(None, description="Shares that add up to 100 %")

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        if (self.counts is None) == (self.shares is None):
            found = "neither counts nor shares are given" if self.counts is None else "both counts and shares are given"
            raise InvalidValue(found, "Give either counts or shares")
        total = math.fsum(self.parts.values())
        if self.shares is not None and abs(total - 1.0) > ROUNDING:
            change = f"{'add' if total < 1.0 else 'subtract'} {100 * abs(1.0 - total):.3g} %"
            wrong = f"the shares add up to {100 * total:.4g} %"
            raise InvalidValue(wrong, f"They should add up to 100 %: {change}", ("shares",))
        if total <= 0.0:
            raise InvalidValue("all counts are 0", "Give numbers of residents", ("counts",))
        return self

    @property
    def parts(self) -> Mapping[str, float]:
        """The numbers as given, by key."""
        return self.counts if self.counts is not None else self.shares or {}

    @property
    def field(self) -> str:
        """Name of the field that contains the numbers."""
        return "counts" if self.counts is not None else "shares"


class SharesByAge(SourceFields):
    """A share of each age band; the shares need not add up to 100 %."""

    shares: dict[str, Share] = Field(description="Share of each age band")


class SharesByDeprivation(SourceFields):
    """A share of each deprivation fifth."""

    shares: dict[Literal["1", "2", "3", "4", "5"], Share] = Field(description="Share of each deprivation fifth")


class AgeByDeprivation(SourceFields):
    """Residents by deprivation fifth (1 = most deprived) and age band."""

    counts: dict[str, dict[str, Count]] = Field(description="Numbers of residents by fifth, then by age band")


class StartingAdmissions(SourceFields):
    """Emergency admissions when a scenario begins, relative to those expected of the place's residents."""

    ratio: float = Field(ge=0.2, le=5.0, description="Observed over expected, such as 1.22 for 22 % more")


class PlaceFile(BaseModel):
    """A place: its residents, described by published margins, each with its source."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        title="A place",
        json_schema_extra={"anyOf": [{"required": ["age", "deprivation"]}, {"required": ["age_by_deprivation"]}]},
    )

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$", description="The name of the file without .yaml")
    title: str = Field(min_length=3, description="Name for readers and figures")
    residents: int = Field(description="Registered residents to simulate, 2,000 or more")
    composite: bool = Field(False, description="True for a composite of other places, which does not exist itself")
    comparator: str | None = Field(None, description="Name of the place to compare it with")
    practices: list[str] = Field(default_factory=list, description="General practices whose lists it represents")
    gp_appointments_ratio: float = Field(1.0, gt=0.0, le=5.0, description="GP capacity relative to the evidence")
    neighbourhood_size: int = Field(1500, ge=200, le=10000, description="Approximate residents per neighbourhood")
    age: Margin | None = Field(None, description="Residents by age band; not needed with age_by_deprivation")
    sex: Margin | None = Field(None, description="Default: England")
    deprivation: Margin | None = Field(None, description="Residents by national deprivation fifth, 1 = most deprived")
    age_by_deprivation: AgeByDeprivation | None = Field(
        None, description="Age by deprivation; default: England. It can replace the margins age and deprivation"
    )
    living_alone: SharesByAge | None = Field(None, description="Share of each adult age band; default: England")
    household_sizes: Margin | None = Field(None, description="Households by size; default: England")
    starting_admissions: StartingAdmissions | None = Field(
        None,
        description="Emergency admissions at the start relative to those expected of the residents, where observed; "
        "modelled if illness.starting_excess_modelled is above 0",
    )

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.residents < FEWEST_RESIDENTS:
            wrong = f"{self.residents} residents are too few to form neighbourhoods, households and ties"
            raise InvalidValue(wrong, f"Write {FEWEST_RESIDENTS} or more", ("residents",))
        if self.residents > MOST_RESIDENTS:
            wrong = f"{self.residents:,} residents are more than any place has"
            raise InvalidValue(wrong, f"Write {MOST_RESIDENTS:,} or less", ("residents",))
        for name in ("age", "deprivation"):
            if getattr(self, name) is None and self.age_by_deprivation is None:
                raise InvalidValue(
                    f"'{name}' is missing", f"Add '{name}: ...', or age_by_deprivation for both", (name,)
                )
        self._check_keys()
        return self

    def _check_keys(self) -> None:
        for name, keys in (("sex", SEXES), ("deprivation", DEPRIVATION), ("household_sizes", HOUSEHOLD_SIZES)):
            margin: Margin | None = getattr(self, name)
            if margin is not None:
                check_keys(margin.parts, keys, name, (name, margin.field))
        if self.age is not None:
            _check_bands(self.age.parts, 0, ("age", self.age.field))
        if self.living_alone is not None:
            _check_bands(self.living_alone.shares, AGE_BAND_STARTS[ADULT_BAND], ("living_alone", "shares"))
        if self.age_by_deprivation is not None:
            at = ("age_by_deprivation", "counts")
            check_keys(self.age_by_deprivation.counts, DEPRIVATION, "deprivation fifth", at)
            for fifth, counts in self.age_by_deprivation.counts.items():
                _check_bands(counts, 0, (*at, fifth))


def check_keys(given: Mapping[str, Any], known: tuple[str, ...], what: str, at: tuple[str, ...]) -> None:
    """Raise InvalidValue unless exactly the known keys are given."""
    for key in given:
        if key not in known:
            raise InvalidValue(f"there is no {what} {key!r}", did_you_mean(key, known), (*at, key))
    missing = [key for key in known if key not in given]
    if missing:
        verb = "is" if len(missing) == 1 else "are"
        wrong = f"{', '.join(missing)} {verb} missing"
        raise InvalidValue(wrong, f"Give a number for each of {', '.join(known)}", at)


def _check_bands(given: Mapping[str, Any], first: int, at: tuple[str, ...]) -> None:
    try:
        check_tiling(given, first)
    except InvalidValue as error:
        raise InvalidValue(error.wrong, error.right, (*at, *error.at)) from None
