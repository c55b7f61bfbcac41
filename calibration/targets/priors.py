"""Priors: which evidence values a lens may fit, how far, and why; a file that a researcher edits."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar, Final, Literal, NamedTuple, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from simulator.errors import PriorError, Problem, UnknownNameError, did_you_mean
from simulator.evidence import Evidence, Value
from simulator.evidence.distributions import Distribution, why_impossible
from simulator.foundations.input_files import Document, InvalidValue, read_as
from simulator.foundations.units import UNITS
from simulator.lenses import fittable_values

SHIPPED: Final = Path(__file__).parent / "priors.yaml"
_SHOWN: Final = "calibration/targets/priors.yaml"
Role = Literal["mechanism", "baseline", "place"]
AppliesAs = Literal["value", "ratio"]


class Prior(BaseModel):
    """Belief about one evidence value before it is fitted."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    renamed_fields: ClassVar = {"acts": "applies_as"}

    role: Role | None = Field(None, description="What it is; that of the list it stands in unless given")
    applies_as: AppliesAs = Field("value", description="Takes the place of the evidence value, or multiplies it")
    distribution: Distribution = Field(description="Shape of belief; not fixed")
    value: float = Field(description="Median of belief")
    low: float = Field(description="2.5th percentile (uniform, triangular: the lower end)")
    high: float = Field(description="97.5th percentile (uniform, triangular: the upper end)")
    reason: str = Field(min_length=10, description="Why so much is allowed, and no more")

    @model_validator(mode="after")
    def _check_distribution(self) -> Self:
        if self.distribution == "fixed":
            raise InvalidValue("a fixed prior cannot be fitted", "Leave it out, or give it a width", ("distribution",))
        if not self.low < self.value < self.high:
            wrong = f"low {self.low:g}, value {self.value:g}, high {self.high:g} are out of order"
            raise InvalidValue(wrong, "Give low < value < high", ("value",))
        reason = why_impossible(self.distribution, self.value, self.low, self.high)
        if reason is not None:
            raise InvalidValue(reason, "Change low or high, or choose another distribution", ("low",))
        return self


class Shared(BaseModel):
    """How much of the place's own growth the town of the programme is taken to share."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    value: float = Field(ge=0.0, le=1.0)
    reason: str = Field(min_length=10)


class LensPriors(BaseModel):
    """What a lens fits besides the baseline."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    renamed_fields: ClassVar = {"what": "description"}

    title: str = Field(min_length=1)
    description: str = Field(min_length=1, description="What one believes who looks through it")
    frome: tuple[float, ...] = Field(
        (), description="Shares of Frome's gap to fit for; none: the lens has no such dial"
    )
    shared_growth: Shared
    as_evidence: tuple[str, ...] = Field((), description="Mechanisms whose belief is that of the evidence")
    priors: dict[str, Prior] = Field({}, description="Mechanisms and further values by evidence path")

    @model_validator(mode="after")
    def _shares(self) -> Self:
        for position, share in enumerate(self.frome):
            if not 0.0 <= share <= 1.0:
                raise InvalidValue(f"{share:g} is no share", "Give shares from 0 to 1", ("frome", position))
        if self.frome and max(self.frome) != 1.0:
            raise InvalidValue("all of the gap is not among the shares", "Add 1", ("frome",))
        return self


class PriorFile(BaseModel):
    """A file of priors: those of every lens, and those of each."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    baseline: dict[str, Prior] = Field({}, description="Values that every lens fits, by evidence path")
    lenses: dict[str, LensPriors] = Field(min_length=1, description="Lenses by name")


class ParameterPrior(NamedTuple):
    """One value to be fitted, with its prior and what the evidence says of it."""

    path: str
    role: Role
    applies_as: AppliesAs
    distribution: Distribution
    value: float
    low: float
    high: float
    reason: str
    evidence: Value


class Priors(NamedTuple):
    """All that one lens may fit."""

    lens: str
    settings: LensPriors
    parameter_priors: tuple[ParameterPrior, ...]


def load_priors(path: Path | str | None = None) -> dict[str, Priors]:
    """What each lens of a file (or of the shipped one) fits, by name. Raises PriorError with every fault."""
    where, shown = (SHIPPED, _SHOWN) if path is None else (Path(path), None)
    read, document = read_as(PriorFile, where, PriorError, shown)
    known = fittable_values()
    problems = _problems(read, document, known)
    if problems:
        raise PriorError(problems)
    return {name: Priors(name, lens, _parameter_priors(read, lens, known)) for name, lens in read.lenses.items()}


def priors_schema() -> dict[str, Any]:
    """JSON Schema of a prior file, for editors; shipped as ``calibration/targets/priors.schema.json``."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **PriorFile.model_json_schema()}


def _parameter_priors(read: PriorFile, lens: LensPriors, known: Evidence) -> tuple[ParameterPrior, ...]:
    found: dict[str, ParameterPrior] = {}
    lists: tuple[tuple[Mapping[str, Prior], Role], ...] = ((read.baseline, "baseline"), (lens.priors, "mechanism"))
    for priors, role in lists:
        for path, prior in priors.items():
            usual: Role = "baseline" if role == "mechanism" and not _acts_through_policy(known[path]) else role
            numbers = (prior.distribution, prior.value, prior.low, prior.high)
            found[path] = ParameterPrior(
                path, prior.role or usual, prior.applies_as, *numbers, prior.reason, known[path]
            )
    for path in lens.as_evidence:
        value = known[path]
        reason = f"As the evidence has it: {value.source}"
        found[path] = ParameterPrior(path, "mechanism", "value", value.distribution, *three(value), reason, value)
    return tuple(found.values())


def _acts_through_policy(value: Value) -> bool:
    """Whether a value is a mechanism of the policy unless said otherwise: a programme's, or an observed association."""
    return value.path.startswith("programme.") or value.observational


def three(value: Value) -> tuple[float, float, float]:
    """Median, low and high of a value that is no table."""
    middle, low, high = value.value, value.low, value.high
    assert not isinstance(middle, tuple)
    assert not isinstance(low, tuple)
    assert not isinstance(high, tuple)
    return middle, low, high


def _problems(read: PriorFile, document: Document, known: Evidence) -> list[Problem]:
    problems = []
    lists: list[tuple[tuple[str, ...], Mapping[str, Prior]]] = [(("baseline",), read.baseline)]
    lists += [(("lenses", name, "priors"), lens.priors) for name, lens in read.lenses.items()]
    for at, priors in lists:
        for path, prior in priors.items():
            fault = _unknown(path, known) or _unfit(prior, known[path])
            if fault is not None:
                problems.append(document.problem((*at, path), *fault))
    for name, lens in read.lenses.items():
        for position, path in enumerate(lens.as_evidence):
            fault = _unknown(path, known)
            if fault is None and (known[path].by or known[path].low == known[path].high):
                fault = "it is a table, or fixed in the evidence", "Give it a prior of its own under 'priors'"
            if fault is not None:
                problems.append(document.problem(("lenses", name, "as_evidence", position), *fault))
    return problems


def _unknown(path: str, known: Evidence) -> tuple[str, str] | None:
    try:
        known[path]
    except UnknownNameError as error:
        return f"there is no evidence value '{path}'", did_you_mean(path, error.known)
    return None


def _unfit(prior: Prior, value: Value) -> tuple[str, str] | None:
    if prior.applies_as == "ratio":
        return None if prior.low > 0.0 else ("a ratio of 0 or less", "Give ratios above 0")
    if value.by is not None:
        return f"it is a table by {value.by}, given as one number", "Write 'acts: ratio', which multiplies all of it"
    unit = UNITS[value.unit]
    refusals = [refusal for refusal in map(unit.refuses, (prior.low, prior.high)) if refusal is not None]
    return (refusals[0], f"Give {unit.meaning}: it is in '{unit.name}'") if refusals else None
