"""Estimates of simulated studies: one per run, on the working scale of the study's unit."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from functools import partial
from typing import NamedTuple, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from calibration.studies.analyses import MEASURES, Cohort, Contrast, Growth, Tenure, Trend
from calibration.studies.loading import StudyPlan
from simulator.api import run_comparable
from simulator.comparison.ages import band_shares
from simulator.comparison.arms import value_of
from simulator.comparison.paired_statistics import Floats, components_of_variance
from simulator.errors import FitError
from simulator.evaluation import (
    ElsewhereEstimates,
    Spans,
    plan_studies,
    run_studies,
    study_elsewhere,
    study_seed,
    tenure_odds,
)
from simulator.evaluation.designs import EvaluationPlan as EvaluationPlan
from simulator.evaluation.estimates import Estimate
from simulator.results.results import QUARTERS_PER_YEAR, Failure, Results, parameter_draw_of
from simulator.running.ensemble import map_seeds
from simulator.specification.spec import Spec

Progress = Callable[[int, int], None]
Failures = tuple[tuple[int, str, str], ...]
"""Seed, error and message of runs that did not finish."""
Answer = TypeVar("Answer")


class StudyEstimates(NamedTuple):
    """Simulated replications of one published study, one entry per finished run."""

    seeds: NDArray[np.int64]
    estimate: Floats  # a contrast uses common random numbers, which makes it more precise than a real study
    stochastic_variance: float  # stochastic variance of such a study with an independent comparator
    people: float  # studied, mean over runs
    failures: Failures

    @property
    def draws(self) -> NDArray[np.int64]:
        """Number of each run's parameter draw."""
        return _draws(self.seeds)


class StudyRuns:
    """Runs on one executor, each made only once even if several studies need it."""

    def __init__(self, seeds: Sequence[int], executor: Executor, progress: Progress | None) -> None:
        self.seeds, self.executor, self.progress = list(seeds), executor, progress
        self._known: dict[str, Results] = {}

    def of(self, *specs: Spec) -> list[Results]:
        """Comparable results of these specifications, in their order."""
        new = {spec.hash: spec for spec in specs if spec.hash not in self._known}
        if new:
            made = run_comparable(list(new.values()), self.seeds, self.executor, self.progress)
            self._known.update(zip(new, made, strict=True))
        return [self._known[spec.hash] for spec in specs]


def runs_needed(plans: Sequence[StudyPlan], seeds: int) -> list[int]:
    """Progress steps of each study, in order: runs, or seeds for studies of persons."""
    seen: set[str] = set()
    steps = []
    for plan in plans:
        if isinstance(plan.study.simulate.analysis, Cohort | Tenure):
            steps.append(seeds)
            continue
        new = {spec.hash for spec in (plan.spec, plan.without) if spec is not None} - seen
        seen |= new
        steps.append(seeds * len(new))
    return steps


def simulate_study(plan: StudyPlan, runs: StudyRuns) -> StudyEstimates:
    """Simulate the study once for each seed."""
    analysis = plan.study.simulate.analysis
    if isinstance(analysis, Cohort):
        return _cohort(plan, analysis, runs)
    if isinstance(analysis, Tenure):
        return _tenure(plan, analysis, runs)
    if not isinstance(analysis, Contrast):
        (results,) = runs.of(plan.spec)
        own = _of_one_place(results, analysis)
        return _found(plan, own, _stochastic_variance(own, results.finished), results.finished, [results])
    assert plan.without is not None
    results, without = runs.of(plan.spec, plan.without)
    finished = tuple(seed for seed in results.finished if seed in set(without.finished))
    return _contrast(plan, analysis, finished, (results, without))


def _of_one_place(results: Results, analysis: Trend | Growth) -> Floats:
    """Change over time in per cent, shape (seeds,)."""
    counts = _counts(results, results.finished, analysis.ages)
    outcome = MEASURES[analysis.measure]
    if isinstance(analysis, Trend):
        return trend_percent(value_of(outcome, counts[:, analysis.from_quarter - 1 :], "total", 1.0))
    years = (analysis.from_year, analysis.to_year)
    first, last = (value_of(outcome, _year(counts, year), "1,000", 1.0) for year in years)
    return np.asarray(100.0 * (last / first - 1.0))


def trend_percent(counts: Floats) -> Floats:
    """Change along the least-squares line through quarterly counts, from first to last quarter, in % of the first.

    ``counts`` has shape (runs, quarters); returns shape (runs,).

    >>> trend_percent(np.array([[100.0, 90.0, 80.0]])).round(6).tolist()
    [-20.0]
    """
    quarters = np.arange(counts.shape[1], dtype=np.float64)
    centred = quarters - quarters.mean()
    slope = counts @ centred / (centred**2).sum()
    first = counts.mean(axis=1) - slope * quarters.mean()
    return np.asarray(100.0 * slope * quarters[-1] / first)


def _contrast(
    plan: StudyPlan, analysis: Contrast, seeds: tuple[int, ...], arms: tuple[Results, Results]
) -> StudyEstimates:
    outcome = MEASURES[analysis.measure]
    values = [value_of(outcome, _year(_counts(arm, seeds, analysis.ages), analysis.year), "1,000", 1.0) for arm in arms]
    scenario, without = values
    if plan.study.published.unit == "%":
        stochastic_variance = sum(_stochastic_variance(100.0 * np.log(value), seeds) for value in values)
        return _found(plan, np.asarray(100.0 * (scenario / without - 1.0)), stochastic_variance, seeds, arms)
    return _found(
        plan, np.asarray(scenario - without), sum(_stochastic_variance(value, seeds) for value in values), seeds, arms
    )


def _stochastic_variance(values: Floats, seeds: Sequence[int] | NDArray[np.int64]) -> float:
    """Variance of values between runs of one parameter draw; over all runs if no draw has two."""
    stochastic_variance = components_of_variance(values, _draws(seeds)).stochastic
    return stochastic_variance if np.isfinite(stochastic_variance) else float(values.var(ddof=1))


def _draws(seeds: Sequence[int] | NDArray[np.int64]) -> NDArray[np.int64]:
    return np.array([parameter_draw_of(int(seed)) for seed in seeds], np.int64)


def estimate_of_run(plan: StudyPlan, seed: int) -> float:
    """The estimate of a study of people in one run, all evidence at the values of ``plan``; for fitting.

    NaN if nobody took part. Raises FitError for a study that cannot be a target (`not_a_target`).
    """
    analysis = plan.study.simulate.analysis
    fault = not_a_target(plan)
    if fault is not None or not isinstance(analysis, Cohort):
        raise FitError(f"{fault}")
    made = study_seed(_cohort_plan(plan, analysis), seed, None)
    rows = made.estimates if analysis.weeks_after is None else made.loneliness
    rows = rows[rows["effect_on"] == analysis.effect_on]
    if len(rows) != 1:
        return float("nan")
    row = rows.iloc[0]
    return float(100.0 * row["difference"] / row["expected"] if plan.study.published.unit == "%" else row["difference"])


def not_a_target(plan: StudyPlan) -> str | None:
    """Why a lens cannot be fitted to a study, and what would be right; None if it can."""
    analysis, name = plan.study.simulate.analysis, plan.study.name
    if not isinstance(analysis, Cohort) or analysis.controls == "elsewhere":
        return (
            f"study '{name}' cannot be a target. Name one that follows the members of a programme with controls from "
            "the same place, or write the figure as a target on a run"
        )
    if math.isnan(plan.study.published.error):
        return f"study '{name}' cannot be a target without an interval. Name one that gives low and high"
    return None


def _cohort_plan(plan: StudyPlan, analysis: Cohort) -> EvaluationPlan:
    studies = plan_studies(plan.spec, analysis.programme, [analysis.design], analysis.follow_up_weeks)
    waves = studies.waves if analysis.weeks_after is None else (analysis.weeks_after,)
    return replace(studies, effect_on=analysis.effect_on, waves=waves)


def _cohort(plan: StudyPlan, analysis: Cohort, runs: StudyRuns) -> StudyEstimates:
    """Differences, or % of the expected mean over all runs, since a mean of noisy ratios is biased upwards."""
    studies = _cohort_plan(plan, analysis)
    estimates = _reported_elsewhere if analysis.controls == "elsewhere" else _reported
    if analysis.weeks_after is not None:
        estimates = _reported_loneliness
    rows, failures = estimates(studies, runs)
    rows = rows[(rows["effect_on"] == analysis.effect_on) & rows["difference"].notna()]
    estimate, seeds = rows["difference"].to_numpy(np.float64), rows["seed"].to_numpy(np.int64)
    if plan.study.published.unit == "%":
        estimate = 100.0 * estimate / float(rows["expected"].mean())
    stochastic_variance = _stochastic_variance(estimate, seeds) if len(seeds) else np.nan
    return StudyEstimates(seeds, estimate, stochastic_variance, float(rows["people"].mean()), failures)


def _reported(studies: EvaluationPlan, runs: StudyRuns) -> tuple[pd.DataFrame, Failures]:
    """The reported estimates, one row per seed and effect."""
    made = run_studies(studies, runs.seeds, runs.executor, runs.progress)
    return made.estimates, tuple(made.failures.itertuples(index=False, name=None))


def _reported_loneliness(studies: EvaluationPlan, runs: StudyRuns) -> tuple[pd.DataFrame, Failures]:
    """The reported standardised differences in loneliness, likewise."""
    made = run_studies(studies, runs.seeds, runs.executor, runs.progress)
    return made.loneliness, tuple(made.failures.itertuples(index=False, name=None))


def _reported_elsewhere(studies: EvaluationPlan, runs: StudyRuns) -> tuple[pd.DataFrame, Failures]:
    """The same, for studies with controls from elsewhere."""
    answers = _over_seeds(partial(study_elsewhere, studies), studies.spec, runs)
    (design,) = studies.designs
    rows = [
        {"seed": seed, "effect_on": "members", "people": found.people, **found.estimates[design]._asdict()}
        for seed, found in answers.items()
        if isinstance(found, ElsewhereEstimates)
    ]
    columns = ["seed", "effect_on", "people", *Estimate._fields]
    return pd.DataFrame(rows, columns=columns), _failures(answers)


def _over_seeds(work: Callable[[int, int | None], Answer], spec: Spec, runs: StudyRuns) -> dict[int, Answer | Failure]:
    return map_seeds(work, runs.seeds, spec, workers=runs.executor, progress=runs.progress)


def _failures(answers: Mapping[int, object]) -> Failures:
    return tuple((seed, *answer) for seed, answer in answers.items() if isinstance(answer, Failure))


def _tenure(plan: StudyPlan, analysis: Tenure, runs: StudyRuns) -> StudyEstimates:
    spans = Spans(analysis.newer_than_weeks, analysis.older_from_weeks, analysis.older_to_weeks)
    answers = _over_seeds(partial(tenure_odds, plan.spec, spans), plan.spec, runs)
    done = {seed: odds for seed, odds in answers.items() if not isinstance(odds, Failure) and odds == odds}
    odds, seeds = np.log(np.array(list(done.values()), np.float64)), np.array(list(done), np.int64)
    stochastic_variance = _stochastic_variance(odds, seeds) if len(seeds) else np.nan
    return StudyEstimates(seeds, odds, stochastic_variance, float(plan.spec.place.residents), _failures(answers))


def _found(
    plan: StudyPlan, estimate: Floats, stochastic_variance: float, seeds: Sequence[int], arms: Sequence[Results]
) -> StudyEstimates:
    lost = pd.concat([arm.failures for arm in arms]).drop_duplicates("seed")
    failures = tuple(lost[["seed", "error", "message"]].itertuples(index=False, name=None))
    return StudyEstimates(
        np.array(seeds, np.int64), estimate, stochastic_variance, float(plan.spec.place.residents), failures
    )


def _counts(results: Results, seeds: Sequence[int], ages: str | None) -> Floats:
    """Counts by run and quarter, shape (seeds, quarters, measures)."""
    counts = results.counts(seeds).sum(axis=(3, 4))
    return np.asarray(np.einsum("sqam,a->sqm", counts, band_shares(ages)))


def _year(counts: Floats, year: int) -> Floats:
    """Counts of one year, counted from 1: shape (seeds, measures)."""
    return np.asarray(counts[:, (year - 1) * QUARTERS_PER_YEAR : year * QUARTERS_PER_YEAR].sum(axis=1))
