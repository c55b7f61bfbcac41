"""What a lens file says: the pydantic models behind ``schema.json``. `offset calibrate` writes such files."""

from __future__ import annotations

from typing import Any, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from simulator.foundations.input_files import InvalidValue

AppliesAs = Literal["value", "ratio"]
Role = Literal["mechanism", "baseline", "place"]


class FileModel(BaseModel):
    """A group of fields, frozen, in which a misspelt field is a fault."""

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

    label: str = Field(min_length=1, description="What it is, for a reader")
    unit: str = Field(description="Unit of the numbers; 'ratio to evidence' where it multiplies what is written")
    applies_as: AppliesAs = Field("value", description="Takes the place of the evidence value, or multiplies it")
    role: Role = Field(
        description="A mechanism of the policy, a baseline value, or of the place studied alone: not used elsewhere"
    )
    prior: Range = Field(description="What was allowed before the fit")
    reason: str = Field(min_length=1, description="Why so much was allowed")
    evidence: Range | None = Field(None, description="What the evidence file gives, where it has a number")
    fitted: Range = Field(description="Median and middle 95 % of the draws, with all of Frome's gap taken as caused")
    informed: bool = Field(description="Whether the targets narrowed it; if not, it is what the prior says")


class TargetFit(FileModel):
    """One target beside what the simulator gave at the draws."""

    label: str = Field(min_length=1)
    unit: str
    value: float = Field(description="What was published")
    low: float
    high: float
    simulated: Range
    z: float = Field(description="Published less simulated, in standard deviations of both")
    fitted: bool = Field(description="Whether it was fitted; if not, it was held out and is a prediction")
    reached: bool = Field(description="Whether the simulated median lies between low and high")
    source: str


class Gate(FileModel):
    """One check of a fit."""

    renamed_fields: ClassVar = {"follows": "consequence", "says": "finding"}

    passed: bool
    consequence: Literal["nothing", "widened", "withheld"] = Field(
        "nothing", description="What follows for the intervals: they are wider by it already, or not to be shown"
    )
    finding: str = Field(min_length=1, description="What was found, in a sentence")


class LensFile(FileModel):
    """A lens: what was fitted, to what, how near it came."""

    renamed_fields: ClassVar = {"what": "description"}

    lens: str = Field(pattern=r"^[a-z][a-z0-9-]*$", description="Name; that of the folder")
    title: str = Field(min_length=1)
    description: str = Field(min_length=1, description="What one believes who looks through it, in a sentence or two")
    frome: tuple[float, ...] = Field((), description="Shares of Frome's gap for which there are draws; none: no dial")
    parameters: dict[str, FittedParameter] = Field(min_length=1, description="Fitted values by evidence path")
    targets: dict[str, TargetFit] = Field(description="Targets by name")
    gates: dict[str, Gate] = Field(description="Checks by name; a lens that failed one says so wherever it is used")
    record: dict[str, Any] = Field(description="How it was fitted: command, model version, runs, seeds, residents")
    draws: str = Field(pattern=r"^[0-9a-f]{64}$", description="SHA-256 of draws.csv beside this file")

    @model_validator(mode="after")
    def _shares(self) -> Self:
        for position, share in enumerate(self.frome):
            if not 0.0 <= share <= 1.0:
                raise InvalidValue(f"{share:g} is no share", "Give shares from 0 to 1", ("frome", position))
        return self


def lens_schema() -> dict[str, Any]:
    """JSON Schema of a lens file, for editors; shipped as ``simulator/lenses/schema.json``."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **LensFile.model_json_schema()}
