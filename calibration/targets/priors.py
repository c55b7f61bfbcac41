"""Priors: which evidence values a lens may fit, within what range and why; a file that researchers edit."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar, Final, Literal, NamedTuple, Self

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
    """The prior of one evidence value."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    renamed_fields: ClassVar = {"acts": "applies_as"}

    role: Role | None = Field(None, description="Role of the value; by default that of the list it is in")
    applies_as: AppliesAs = Field("value", description="value: replaces the evidence value; ratio: multiplies it")
    distribution: Distribution = Field(description="Shape of the distribution; not fixed")
    value: float = Field(description="Median")
    low: float = Field(description="2.5th percentile (uniform, triangular: the lower end)")
    high: float = Field(description="97.5th percentile (uniform, triangular: the upper end)")
    reason: str = Field(min_length=10, description="Why this range")

    @model_validator(mode="after")
    def _check_distribution(self) -> Self:
        if self.distribution == "fixed":
            raise InvalidValue("a fixed prior cannot be fitted", "Omit it, or choose a distribution", ("distribution",))
        if not self.low < self.value < self.high:
            wrong = f"low {self.low:g}, value {self.value:g} and high {self.high:g} are out of order"
            raise InvalidValue(wrong, "Give low < value < high", ("value",))
        reason = why_impossible(self.distribution, self.value, self.low, self.high)
        if reason is not None:
            raise InvalidValue(reason, "Change low or high, or choose another distribution", ("low",))
        return self


class Shared(BaseModel):
    """Share of the county-specific growth that also applies to the town with the programme."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    value: float = Field(ge=0.0, le=1.0)
    reason: str = Field(min_length=10)


class LensPriors(BaseModel):
    """The priors of a lens, besides those of the baseline."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    renamed_fields: ClassVar = {"what": "description"}

    title: str = Field(min_length=1)
    description: str = Field(min_length=1, description="The view of the evidence that the lens represents")
    frome: tuple[float, ...] = Field(
        (), description="Shares of Frome's gap to fit for; empty: the lens has no such setting"
    )
    shared_growth: Shared
    more_waves: int = Field(
        0,
        ge=0,
        le=20,
        description="Waves beyond the usual two, the last of which then has more points: for a fit far from the priors",
    )
    as_evidence: tuple[str, ...] = Field((), description="Mechanisms whose prior is their distribution in the evidence")
    priors: dict[str, Prior] = Field({}, description="Mechanisms and further values by evidence path")

    @model_validator(mode="after")
    def _shares(self) -> Self:
        for position, share in enumerate(self.frome):
            if not 0.0 <= share <= 1.0:
                raise InvalidValue(f"{share:g} is not a share", "Give shares from 0 to 1", ("frome", position))
        if self.frome and max(self.frome) != 1.0:
            raise InvalidValue("the shares do not include the whole gap", "Add 1", ("frome",))
        return self


class PriorFile(BaseModel):
    """A file of priors: those common to all lenses, and those of each lens."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    baseline: dict[str, Prior] = Field({}, description="Values that every lens fits, by evidence path")
    lenses: dict[str, LensPriors] = Field(min_length=1, description="Lenses by name")


class ParameterPrior(NamedTuple):
    """One value to be fitted, with its prior and its evidence."""

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
    """All priors of one lens."""

    lens: str
    settings: LensPriors
    parameter_priors: tuple[ParameterPrior, ...]


def load_priors(path: Path | str | None = None) -> dict[str, Priors]:
    """The priors of each lens in a file (default: the shipped one), by name. Raises PriorError with every problem."""
    where, shown = (SHIPPED, _SHOWN) if path is None else (Path(path), None)
    read, document = read_as(PriorFile, where, PriorError, shown)
    known = fittable_values()
    problems = _problems(read, document, known)
    if problems:
        raise PriorError(problems)
    return {name: Priors(name, lens, _parameter_priors(read, lens, known)) for name, lens in read.lenses.items()}


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
        reason = f"As in the evidence: {value.source}"
        found[path] = ParameterPrior(path, "mechanism", "value", value.distribution, *three(value), reason, value)
    return tuple(found.values())


def _acts_through_policy(value: Value) -> bool:
    """Whether a value is by default a mechanism of the policy: of a programme, or an observed association."""
    return value.path.startswith("programme.") or value.observational


def three(value: Value) -> tuple[float, float, float]:
    """Median, low and high of a value that is not a table."""
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
                fault = "it is a table, or fixed in the evidence", "Give it a prior under 'priors'"
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
        return None if prior.low > 0.0 else ("a ratio must be above 0", "Give ratios above 0")
    if value.by is not None:
        right = "Write 'applies_as: ratio', which multiplies the whole table"
        return f"one number is given for a table by {value.by}", right
    unit = UNITS[value.unit]
    refusals = [refusal for refusal in map(unit.refuses, (prior.low, prior.high)) if refusal is not None]
    return (refusals[0], f"Give {unit.meaning}: it is in '{unit.name}'") if refusals else None
