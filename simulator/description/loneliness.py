"""Loneliness in a simulated baseline, beside the published figures that it should reproduce.

A place is surveyed once a year, after the warm-up and for some years, with the error of a scale or of a single
question, as the people of the published surveys were. How the share often or always lonely responds to a change of
everybody's score is an experiment on the same population: the same weeks with lower scores, with common random numbers.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, model_validator

from simulator.comparison.paired_statistics import decimals_for, monte_carlo_error, rounded
from simulator.errors import FileError, IncompleteEnsembleError
from simulator.evaluation.scores import Floats, Survey, loneliness_scores, measurement_error
from simulator.evidence import load_evidence
from simulator.foundations.categories import ADULT_BAND, AGE_BAND_STARTS, AGE_BANDS, OLDEST_AGE, WEEKS_PER_YEAR
from simulator.foundations.input_files import InvalidValue, read_as
from simulator.model.simulation import forget_model
from simulator.places import Place
from simulator.population.columns import Residents
from simulator.results.results import Failure
from simulator.running.ensemble import Progress, map_seeds
from simulator.scenario.scenario import load_scenario
from simulator.specification.spec import Spec, build_spec

if TYPE_CHECKING:
    from simulator.model.place_model import PlaceModel

YEARS: Final = 8
"""Years surveyed by default, the longest that a published figure spans."""
SHIPPED: Final = Path(__file__).with_suffix(".yaml")
_SETTLED: Final = WEEKS_PER_YEAR // 2
"""Week after a change of all scores from which its effect is counted, for the rest of the year."""
Bools = NDArray[np.bool_]


class People(BaseModel):
    """Some of the adults, at the first survey of a figure."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    from_age: int = Field(default=AGE_BAND_STARTS[ADULT_BAND], ge=AGE_BAND_STARTS[ADULT_BAND], description="Years")
    to_age: int = Field(default=OLDEST_AGE, description="Years")
    lives_alone: bool | None = Field(default=None, description="Everyone by default")
    from_conditions: int = Field(default=0, description="Fewest long-term conditions")
    to_conditions: int = Field(default=3, description="Most long-term conditions; 3 is 3 or more")

    def among(self, wave: Wave) -> Bools:
        """Which residents they are."""
        found = (wave.age >= self.from_age) & (wave.age <= self.to_age)
        found &= (wave.conditions >= self.from_conditions) & (wave.conditions <= self.to_conditions)
        return found if self.lives_alone is None else found & (wave.lives_alone == self.lives_alone)


class Figure(BaseModel):
    """One figure: the statistic of a simulated baseline, and what was published, if anything was."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    label: str = Field(min_length=1, description="Label for readers")
    statistic: Literal[
        "share", "mean", "spread", "correlation", "at_all", "at_none", "same", "no_longer", "response"
    ] = "share"
    seen_by: Literal["state", "scale", "question"] = Field("state", description="What is known of people's loneliness")
    among: People = People()
    relative_to: People | None = Field(default=None, description="Divide by the share among these")
    years: int = Field(default=0, ge=0, description="Years between two surveys")
    waves: int = Field(default=2, ge=2, description="Surveys of the same people, if there are years between them")
    shares: tuple[float, ...] = Field(
        default=(), description="Per cent in each class but the last, the loneliest first"
    )
    shift: float = Field(default=0.0, description="Fall of every adult's score [standard deviations of adults]")
    age_band: str | None = Field(default=None, description="An age band of the model, instead of ages")
    evidence: str | None = Field(default=None, description="An evidence value by age with the published shares")
    unit: str = "%"
    value: float | None = Field(default=None, description="The published figure; none if nothing was published")
    low: float | None = Field(default=None, description="Lowest value that counts as reproduced")
    high: float | None = Field(default=None, description="Highest value that counts as reproduced")
    source: str = ""
    reference: str | None = None
    grade: Literal["A", "B", "C", "assumption"] | None = None
    note: str | None = None

    @model_validator(mode="after")
    def _range_holds_value(self) -> Self:
        given = [number for number in (self.low, self.value, self.high) if number is not None]
        if len(given) not in (0, 3) or given != sorted(given):
            raise InvalidValue(
                "value, low and high do not belong together", "Give all three with low <= value <= high", ("value",)
            )
        return self

    def with_evidence(self) -> Figure:
        """The figure with ages, numbers and source as in the evidence, if it names a value there."""
        if self.evidence is None or self.age_band is None:
            return self
        found, band = load_evidence()[self.evidence], AGE_BANDS.index(self.age_band)
        ends = (*AGE_BAND_STARTS, OLDEST_AGE + 1)
        low, value, high = (100.0 * np.asarray(numbers)[band] for numbers in (found.low, found.value, found.high))
        update = {"value": value, "low": low, "high": high, "source": found.source, "reference": found.reference}
        people = People(from_age=ends[band], to_age=ends[band + 1] - 1)
        return self.model_copy(update={**update, "grade": found.grade, "among": people})


class Question(BaseModel):
    """How well a single question measures the score."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    reliability: float = Field(gt=0.0, le=1.0, description="Share of the variance of adults' answers that is not error")
    source: str
    reference: str


class FigureFile(BaseModel):
    """The file of figures."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    question: Question
    figures: dict[str, Figure] = Field(min_length=1)


class Wave(NamedTuple):
    """All residents at one survey; columns by place on the practice's list."""

    week: int
    score: Floats  # [standard deviations of adults]
    lonely: Bools
    age: Floats  # [years]
    conditions: NDArray[np.uint8]
    lives_alone: Bools
    berth: NDArray[np.int64]
    generation: NDArray[np.int64]

    def seen(self, survey: Survey) -> Floats:
        """Scores as surveyed."""
        return survey.measured(self.score, np.full(len(self.score), self.week), self.berth, self.generation)


def load_figures(path: Path = SHIPPED) -> FigureFile:
    """The figures of a file. Raises FileError with every problem in it."""
    read, _ = read_as(FigureFile, path, FileError, f"simulator/description/{path.name}" if path == SHIPPED else None)
    return read.model_copy(update={"figures": {name: one.with_evidence() for name, one in read.figures.items()}})


def loneliness_table(
    place: Place,
    seeds: Sequence[int] = range(10),
    years: int = YEARS,
    workers: int | Executor | None = None,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Simulated and published figures on loneliness, one row each; figures that span more than ``years`` are left out.

    Columns: figure, label, seen_by, simulated (mean over seeds), monte_carlo_error, value, low, high, unit, in_range
    (None if nothing was published), source, reference, grade, note. Raises IncompleteEnsembleError if a run failed.
    """
    file = load_figures()
    figures = {name: one for name, one in file.figures.items() if one.years * (one.waves - 1) <= years}
    spec = build_spec(load_scenario("baseline"), place, weeks=years * WEEKS_PER_YEAR)
    work = partial(_simulated, spec, figures, file.question.reliability)
    answers = map_seeds(work, seeds, spec, workers=workers, progress=progress)
    for seed, answer in answers.items():
        if isinstance(answer, Failure):
            raise IncompleteEnsembleError(f"The run with seed {seed} failed with {answer.error}: {answer.message}.")
    found = pd.DataFrame([answer for answer in answers.values() if not isinstance(answer, Failure)])
    return pd.DataFrame([_row(name, one, found[name].to_numpy(np.float64)) for name, one in figures.items()])


def _row(name: str, figure: Figure, simulated: Floats) -> dict[str, Any]:
    mean, error = float(simulated.mean()), monte_carlo_error(simulated, np.arange(len(simulated)))
    low, high = (math.nan if end is None else end for end in (figure.low, figure.high))
    return {
        "figure": name,
        "label": figure.label,
        "seen_by": figure.seen_by,
        "simulated": rounded(mean, decimals_for(error, mean)),
        "monte_carlo_error": error,
        "value": math.nan if figure.value is None else figure.value,
        "low": low,
        "high": high,
        "unit": figure.unit,
        "in_range": None if figure.value is None else low <= mean <= high,
        "source": " ".join(figure.source.split()),
        "reference": figure.reference,
        "grade": figure.grade,
        "note": figure.note,
    }


def _simulated(
    spec: Spec, figures: Mapping[str, Figure], question: float, seed: int, _draw: int | None
) -> dict[str, float]:
    """Each figure from one baseline at central evidence, whatever the draw that belongs to the seed."""
    from simulator.model.place_model import PlaceModel

    model = PlaceModel(spec, seed)
    while model.elapsed < 0:
        model.step()
    shifts = sorted({one.shift for one in figures.values() if one.shift})
    found = {name: float("nan") for name in figures}
    responses = _responses(spec, seed, model.columns, shifts)
    waves = [_survey(model)]
    for _ in range(spec.weeks // WEEKS_PER_YEAR):
        for _ in range(WEEKS_PER_YEAR):
            model.step()
        waves.append(_survey(model))
    forget_model(model)
    reliability = {"scale": model.rates.loneliness.scale_reliability, "question": question, "state": 1.0}
    surveys = {name: Survey(seed, measurement_error(share)) for name, share in reliability.items()}
    for name, one in figures.items():
        span = one.years * (one.waves - 1)
        windows = [waves[at : at + span + 1 : one.years or 1] for at in range(len(waves) - span)]
        seen = [statistic_of(one, window, surveys[one.seen_by]) for window in windows]
        found[name] = responses[one.shift] if one.shift else float(np.mean(seen))
    return found


def _survey(model: PlaceModel) -> Wave:
    r = model.columns
    return Wave(
        week=model.week,
        score=loneliness_scores(model),
        lonely=r.lonely == 1,
        age=r.age_weeks / WEEKS_PER_YEAR,
        conditions=r.conditions.copy(),
        lives_alone=r.lives_alone == 1,
        berth=r.berth.astype(np.int64),
        generation=r.generation.astype(np.int64),
    )


def _responses(spec: Spec, seed: int, start: Residents, shifts: Sequence[float]) -> dict[float, float]:
    """Change in the share often or always lonely [%], by how far the scores of all are lowered, when it has settled."""
    from simulator.model.place_model import PlaceModel

    shares = []
    for shift in (0.0, *shifts):
        model = PlaceModel(spec, seed, warmed_up=start.copy())
        there = (start.age_band >= ADULT_BAND).copy()
        lonely = []
        for week in range(WEEKS_PER_YEAR):
            model.step()
            if week == 0:  # the scale of scores is that of the first week
                model.columns.personal_need -= np.float32(shift * model.score_scale.spread)
            there &= model.columns.generation == start.generation
            if week >= _SETTLED:
                lonely.append(model.columns.lonely[there].mean())
        forget_model(model)
        shares.append(float(np.mean(lonely)))
    return {shift: 100.0 * (share / shares[0] - 1.0) for shift, share in zip(shifts, shares[1:], strict=True)}


def statistic_of(figure: Figure, window: Sequence[Wave], survey: Survey) -> float:
    """A figure's statistic of the people who are there at all surveys of a window."""
    first = window[0]
    there = figure.among.among(first)
    for wave in window:
        there = there & (wave.generation == first.generation)
    if figure.statistic == "mean":
        return float(first.score[there].mean())
    if figure.statistic == "spread":
        return float(first.score[there].std())
    if figure.statistic == "share":
        lonely = _lonely(figure, first, survey)
        share = float(lonely[there].mean())
        if figure.relative_to is None:
            return 100.0 * share
        return share / float(lonely[figure.relative_to.among(first)].mean())
    seen = np.array([wave.lonely if figure.seen_by == "state" else wave.seen(survey) for wave in window])[:, there]
    if figure.statistic == "correlation":
        return float(np.corrcoef(seen[0], seen[1])[0, 1])
    edges = np.quantile(seen, 1.0 - np.cumsum(figure.shares)[::-1] / 100.0) if figure.shares else np.array([0.5])
    return 100.0 * float(_repeated(figure.statistic, np.digitize(seen, edges), len(edges)).mean())


def _lonely(figure: Figure, wave: Wave, survey: Survey) -> Bools:
    """Who is often or always lonely; if the figure gives a share, who is among the loneliest of all adults, as seen."""
    if not figure.shares:
        return wave.lonely
    seen = wave.seen(survey)
    return np.asarray(seen > np.quantile(seen[People().among(wave)], 1.0 - figure.shares[0] / 100.0))


def _repeated(statistic: str, classes: NDArray[np.intp], loneliest: int) -> Bools:
    """Whether each person's classes (surveys, people), of which ``loneliest`` is the last, are as a statistic counts.

    `no_longer` has only those who were lonely at first.
    """
    if statistic == "same":
        return np.asarray((classes == classes[0]).all(axis=0))
    lonely = classes == loneliest
    if statistic == "at_none":
        return np.asarray(~lonely.any(axis=0))
    return np.asarray(~lonely[1, lonely[0]] if statistic == "no_longer" else lonely.all(axis=0))
