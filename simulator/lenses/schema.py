"""Lens files: the pydantic models behind ``schema.json``. `offset calibrate` writes such files."""

from __future__ import annotations

from typing import Any, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from simulator.foundations.input_files import InvalidValue

AppliesAs = Literal["value", "ratio"]
Role = Literal["mechanism", "baseline", "place"]


class FileModel(BaseModel):
    """A frozen group of fields that refuses unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Range(FileModel):
    """A median and the middle 95 %."""

    value: float
    low: float
    high: float

    @model_validator(mode="after")
    def _order(self) -> Self:
        if not self.low <= self.value <= self.high:
            wrong = f"low {self.low:g}, value {self.value:g}, high {self.high:g} are out of order"
            raise InvalidValue(wrong, "Order them low, value, high", ("value",))
        return self


class FittedParameter(FileModel):
    """One fitted evidence value."""

    renamed_fields: ClassVar = {"acts": "applies_as", "trial": "evidence", "learned": "informed"}

    label: str = Field(min_length=1, description="Label for readers")
    unit: str = Field(description="Unit of the numbers; 'ratio to evidence' if it multiplies the evidence value")
    applies_as: AppliesAs = Field("value", description="Replaces the evidence value, or multiplies it")
    role: Role = Field(
        description="A mechanism of the policy, a baseline value, or specific to the place studied, not used elsewhere"
    )
    prior: Range = Field(description="Distribution before the fit")
    reason: str = Field(min_length=1, description="Reason for this prior")
    evidence: Range | None = Field(None, description="Value in the evidence file, if it is a single number")
    fitted: Range = Field(description="Median and middle 95 % of the draws, with all of Frome's gap attributed to it")
    informed: bool = Field(description="Whether the targets narrowed it; if not, it is the same as the prior")


class TargetFit(FileModel):
    """One target and its simulated value."""

    label: str = Field(min_length=1)
    unit: str
    value: float = Field(description="Published value")
    low: float
    high: float
    simulated: Range
    z: float = Field(description="Published minus simulated, in standard deviations of both")
    fitted: bool = Field(description="Whether it was fitted; if not, it was held out and is predicted")
    reached: bool = Field(description="Whether the simulated median lies between low and high")
    source: str


class ReportedFigure(FileModel):
    """A simulated figure that no study has published, such as how many people a programme would have to reach."""

    label: str = Field(min_length=1)
    unit: str
    simulated: Range


class Gate(FileModel):
    """One check of a fit."""

    renamed_fields: ClassVar = {"follows": "consequence", "says": "finding"}

    passed: bool
    consequence: Literal["nothing", "widened", "withheld"] = Field(
        "nothing", description="Consequence for the ranges: already widened, or withheld"
    )
    finding: str = Field(min_length=1, description="Finding of the check, in a sentence")


class LensFile(FileModel):
    """A lens: fitted parameters, targets and checks."""

    renamed_fields: ClassVar = {"what": "description"}

    lens: str = Field(pattern=r"^[a-z][a-z0-9-]*$", description="Name of the lens and of its folder")
    title: str = Field(min_length=1)
    description: str = Field(min_length=1, description="The view of the evidence that it represents, in a sentence")
    frome: tuple[float, ...] = Field((), description="Shares of Frome's gap that were fitted; empty if not applicable")
    parameters: dict[str, FittedParameter] = Field(min_length=1, description="Fitted values by evidence path")
    targets: dict[str, TargetFit] = Field(description="Targets by name")
    reported: dict[str, ReportedFigure] = Field({}, description="Simulated figures without a published one, by name")
    gates: dict[str, Gate] = Field(description="Checks by name; a failed check is reported wherever the lens is used")
    record: dict[str, Any] = Field(description="How it was fitted: command, model version, runs, seeds, residents")
    draws: str = Field(pattern=r"^[0-9a-f]{64}$", description="SHA-256 of draws.csv in the same folder")

    @model_validator(mode="after")
    def _shares(self) -> Self:
        for position, share in enumerate(self.frome):
            if not 0.0 <= share <= 1.0:
                raise InvalidValue(f"{share:g} is not a share", "Give shares from 0 to 1", ("frome", position))
        return self
