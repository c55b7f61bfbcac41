"""Targets: published figures that a simulated baseline should reproduce, and the comparison with them.

A target names an outcome (`simulator.comparison.outcomes`), for everyone or for some ages or one deprivation fifth, and
the range that counts as reproduced. Ages that split an age band of the model take a proportionate part of it, as if its
people were spread evenly over its years. A target with a ``run`` is measured on that run, with its place and calendar
(`calibration.lens.simulated_targets`); one without is measured on any baseline.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import NormalDist
from typing import ClassVar, Final, Literal, Self

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from simulator.comparison.ages import Ages, band_shares, years_of_age
from simulator.comparison.arms import value_of
from simulator.comparison.outcomes import outcome, outcomes_of_counts
from simulator.comparison.paired_statistics import Floats, decimals_for, monte_carlo_error, rounded
from simulator.errors import TargetError, did_you_mean
from simulator.foundations.categories import DEPRIVATION, WEEKS_PER_YEAR
from simulator.foundations.input_files import InvalidValue, read_as
from simulator.results.results import Results, parameter_draw_of

SHIPPED: Final = Path(__file__).parent / "targets.yaml"
_SHOWN: Final = "calibration/targets/targets.yaml"
UNITS: Final = {
    "%": 1.0,
    "percentage points": 1.0,
    "days": 1.0,
    "per 1,000 residents a year": 1.0,
    "per 1,000 residents": 1.0,
    "per resident a year": 1.0 / 1000.0,
    "ratio to all residents": 1.0,
    "ratio": 1.0,
}
"""Units of targets, and the factor from the outcome's own (amounts per 1,000 residents a year; ratios as they are)."""
MEASURES: Final = tuple(outcomes_of_counts())
COST: Final = "cost_of_emergency_admissions"
"""A measure in addition to the outcomes: cost of emergency admissions, at the prices of the run, in pounds."""
Statistic = Literal["mean", "trend", "growth", "ratio"]


class StudyRun(BaseModel):
    """A run on which targets are measured: a scenario, a place and a calendar."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    scenario: str = Field("baseline", description="A shipped scenario, or a scenario file in the same folder")
    place: str = Field(description="A shipped place, or a place file in the same folder")
    starts: datetime.date = Field(description="First day")
    weeks: int = Field(ge=13, le=1040, description="Length in weeks; a quarter has 13")
    growth: Literal["none", "own", "shared"] = Field(
        "none",
        description="Place-specific growth: none, all that is fitted (own), or the share set by the lens (shared)",
    )


class RunStatistic(BaseModel):
    """A statistic of a run: an outcome, for everyone or for some, over the run or over time."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    renamed_fields: ClassVar = {"reckoned": "statistic", "together": "error_group"}

    label: str = Field(min_length=1, description="Label for readers")
    measure: str = Field(description="An outcome of the model, by its name in simulator/comparison/outcomes.py")
    run: str | None = Field(None, description="The run in this file on which it is measured; any baseline by default")
    statistic: Statistic = Field(
        "mean",
        description="mean: over the run or its years; trend: change along a straight line through the quarters, in per "
        "cent of its starting value; growth: change between two years, in per cent; ratio: to another run",
    )
    years: tuple[int, int] | None = Field(None, description="Years of the run, from 1: first and last, or from and to")
    quarters: int | None = Field(
        None, ge=1, description="Number of quarterly steps of a trend; by default from the first quarter to the last"
    )
    of_level_of: str | None = Field(None, description="Outcome whose starting level is the denominator of a trend")
    to_run: str | None = Field(None, description="The run in the denominator of a ratio")
    ages: Ages | None = Field(None, description="Years of age, such as 20-37 or 67+; all ages by default")
    deprivation: int | None = Field(None, ge=1, le=5, description="Fifth, 1 the most deprived; all by default")
    minus_lowest_of: tuple[Ages, ...] = Field((), description="Ages; the lowest of their values is subtracted")
    relative_to_all: bool = Field(False, description="Divide by the figure for all residents")
    unit: str = Field(description="Unit of the numbers", json_schema_extra={"enum": list(UNITS)})

    @field_validator("measure")
    @classmethod
    def _known_measure(cls, measure: str) -> str:
        if measure not in (*MEASURES, COST):
            raise InvalidValue(f"there is no outcome '{measure}'", did_you_mean(measure, (*MEASURES, COST)))
        return measure

    @property
    def needs_run(self) -> bool:
        """Whether it cannot be measured on any baseline."""
        return self.measure == COST or self.statistic != "mean"

    @model_validator(mode="after")
    def _measured_somewhere(self) -> Self:
        if self.run is None and self.needs_run:
            wrong = "it needs a run on which it is measured"
            raise InvalidValue(
                wrong, "Name one of 'runs' with 'run: ...'", ("run" if self.measure != COST else "measure",)
            )
        if (self.statistic == "ratio") != (self.to_run is not None):
            raise InvalidValue(
                "'to_run' is required for a ratio and not allowed otherwise", "Give 'to_run' with 'ratio' only"
            )
        if self.statistic == "growth" and self.years is None:
            raise InvalidValue("growth needs two years", "Give the years, such as 'years: [1, 4]'", ("years",))
        if self.years is not None and not 1 <= self.years[0] <= self.years[1]:
            raise InvalidValue(
                f"years {self.years[0]} to {self.years[1]} are out of order", "Give [first, last]", ("years",)
            )
        return self

    @field_validator("unit")
    @classmethod
    def _known_unit(cls, unit: str) -> str:
        if unit not in UNITS:
            raise InvalidValue(f"'{unit}' is not a unit of targets", did_you_mean(unit, UNITS))
        return unit

    @field_validator("ages", "minus_lowest_of")
    @classmethod
    def _readable_ages(cls, ages: str | tuple[str, ...] | None) -> str | tuple[str, ...] | None:
        for given in (ages,) if isinstance(ages, str) else ages or ():
            first, last = years_of_age(given)
            if last < first:
                raise InvalidValue(f"the ages '{given}' are out of order", f"Write '{last}-{first}'")
        return ages


class Target(RunStatistic):
    """One published figure; simulated values from ``low`` to ``high`` count as reproducing it."""

    tolerance: float | None = Field(
        None,
        gt=0.0,
        allow_inf_nan=False,
        description="Half the width of the 95 % range; by default half of low to high",
    )
    error_group: str | None = Field(None, description="A name shared by targets with correlated errors")
    lenses: tuple[str, ...] = Field((), description="Lenses fitted to it; other lenses hold it out and predict it")
    frome: str | None = Field(
        None,
        description="The target it would equal without the programme; a smaller share of Frome's gap moves it there",
    )
    value: float = Field(allow_inf_nan=False, description="The published figure")
    low: float = Field(allow_inf_nan=False, description="Lowest value that counts as reproduced")
    high: float = Field(allow_inf_nan=False, description="Highest value that counts as reproduced")
    source: str = Field(min_length=1, description="Authors, year, journal or publisher, and the basis of the range")
    reference: str = Field(min_length=1, description="DOI or web address")
    grade: Literal["A", "B", "C"] = Field(description="Strength of the source")

    @property
    def needs_run(self) -> bool:
        """Whether it cannot be measured on any baseline."""
        return bool(self.lenses) or super().needs_run

    @property
    def sd(self) -> float:
        """Standard deviation of its error: its tolerance is half the width of a normal 95 % interval."""
        half = 0.5 * (self.high - self.low) if self.tolerance is None else self.tolerance
        return half / NormalDist().inv_cdf(0.975)

    @model_validator(mode="after")
    def _range_holds_value(self) -> Self:
        if not self.low <= self.value <= self.high:
            wrong = f"{self.value:g} lies outside {self.low:g} to {self.high:g}"
            raise InvalidValue(wrong, "Give low <= value <= high", ("value",))
        return self


class ReportedStatistic(RunStatistic):
    """A statistic without a published figure, of a run of the file."""

    run: str = Field(description="The run in this file on which it is measured")


class StudyTarget(BaseModel):
    """A published study of the members of a programme, simulated with its own analysis; its file has the result."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    lenses: tuple[str, ...] = Field(min_length=1, description="Lenses fitted to it; other lenses do not simulate it")


class TargetFile(BaseModel):
    """A file of targets, and of the runs on which some are measured."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    runs: dict[str, StudyRun] = Field({}, description="Runs by name")
    correlations: dict[str, float] = Field({}, description="Correlation of the errors within each group of targets")
    targets: dict[str, Target] = Field(min_length=1, description="Targets by name")
    reported: dict[str, ReportedStatistic] = Field(
        {}, description="Statistics of the fitted runs that have no published figure, written into the lens"
    )
    studies: dict[str, StudyTarget] = Field(
        {}, description="Published studies that are targets as well: shipped ones by name, or study files in the folder"
    )

    @model_validator(mode="after")
    def _names(self) -> Self:
        for section, name, target in self._statistics():
            for field, known in (("run", self.runs), ("to_run", self.runs), ("frome", self.targets)):
                given = getattr(target, field, None)
                if given is not None and given not in known:
                    kind = "target" if field == "frome" else "run"
                    raise InvalidValue(
                        f"there is no {kind} '{given}'", did_you_mean(given, known), (section, name, field)
                    )
            if target.of_level_of is not None and target.of_level_of not in MEASURES:
                right = did_you_mean(target.of_level_of, MEASURES)
                raise InvalidValue(f"there is no outcome '{target.of_level_of}'", right, (section, name, "of_level_of"))
            for position, year in enumerate(target.years or ()):
                if target.run is not None and 52 * year > self.runs[target.run].weeks + 51:
                    wrong = f"there is no year {year} in a run of {self.runs[target.run].weeks} weeks"
                    raise InvalidValue(wrong, "Give an earlier year", (section, name, "years", position))
        groups = {target.error_group for target in self.targets.values()} - {None}
        for name, correlation in self.correlations.items():
            if name not in groups:
                right = did_you_mean(name, {str(group) for group in groups})
                raise InvalidValue(f"no target belongs to a group '{name}'", right, ("correlations", name))
            if not 0.0 <= correlation < 1.0:
                raise InvalidValue(
                    f"{correlation:g} is not a valid correlation", "Give 0 or more, and below 1", ("correlations", name)
                )
        return self

    def _statistics(self) -> Iterator[tuple[str, str, RunStatistic]]:
        """Section, name and statistic of everything that is measured on a run."""
        for section, group in (("targets", self.targets), ("reported", self.reported)):
            for name, statistic in group.items():
                yield section, name, statistic


def load_targets(path: Path | str | None = None) -> dict[str, Target]:
    """Targets of a baseline by name, from a file or the shipped one, without those measured on a run of the file.

    Raises TargetError with every problem in the file.
    """
    return {name: target for name, target in load_target_file(path).targets.items() if target.run is None}


def load_target_file(path: Path | str | None = None) -> TargetFile:
    """Read a target file (default: the shipped one). Raises TargetError with every problem in the file."""
    where, shown = (SHIPPED, _SHOWN) if path is None else (Path(path), None)
    return read_as(TargetFile, where, TargetError, shown)[0]


def against_targets(results: Results, targets: dict[str, Target]) -> pd.DataFrame:
    """Compare a simulated baseline with its targets: one row per target.

    Columns: target, label, simulated (mean over replications, rounded by its Monte Carlo error), monte_carlo_error,
    value, low, high, unit, in_range (of the unrounded mean), source, reference, grade.
    """
    seeds = results.finished
    counts = results.counts(seeds).sum(axis=(1, 4)).astype(np.float64)  # (seeds, ages, fifths, measures)
    drawn = results.record["parameters"] == "drawn"
    draws = np.array([parameter_draw_of(seed) if drawn else 0 for seed in seeds], np.int64)
    rows = []
    for name, target in targets.items():
        simulated = level(target, counts, results.weeks / WEEKS_PER_YEAR)
        mean, error = float(simulated.mean()), monte_carlo_error(simulated, draws)
        row = {
            "target": name,
            "label": target.label,
            "simulated": rounded(mean, decimals_for(error, mean)),
            "monte_carlo_error": rounded(error, 1 + decimals_for(error, error)),
            "value": target.value,
            "low": target.low,
            "high": target.high,
            "unit": target.unit,
            "in_range": target.low <= mean <= target.high,
            "source": target.source,
            "reference": target.reference,
            "grade": target.grade,
        }
        rows.append(row)
    return pd.DataFrame(rows)


def fitted_to(targets: Mapping[str, Target], name: str, share: float) -> float:
    """The value a target is fitted to if its programme caused this share of the gap: its own, or nearer the county's.

    With a share of 0 Frome would have changed as the county did; with 1 the target is the published value.
    """
    target = targets[name]
    if target.frome is None:
        return target.value
    without = targets[target.frome].value
    return without + share * (target.value - without)


def level(target: RunStatistic, counts: Floats, years: float) -> Floats:
    """The target's value in each replication, shape (seeds,), from counts (seeds, ages, fifths, measures)."""
    own = _of(target, target.ages, counts, years)
    if target.relative_to_all:
        own = own / value_of(outcome(target.measure), counts.sum(axis=(1, 2)), "1,000", years)
    if target.minus_lowest_of:
        others = [_of(target, ages, counts, years) for ages in target.minus_lowest_of]
        own = own - min(others, key=np.mean)
    return own * UNITS[target.unit]


def _of(target: RunStatistic, ages: str | None, counts: Floats, years: float) -> Floats:
    """The target's measure at these ages and in its deprivation fifth, in each replication."""
    by_age = np.einsum("safm,a->sfm", counts, band_shares(ages))
    chosen = by_age.sum(axis=1) if target.deprivation is None else by_age[:, DEPRIVATION.index(str(target.deprivation))]
    return value_of(outcome(target.measure), chosen, "1,000", years)
