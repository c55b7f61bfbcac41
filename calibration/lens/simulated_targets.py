"""The simulations of a fit: runs and studies of a target file at given evidence values, as each target's statistic."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import NormalDist
from typing import Final, NamedTuple

import numpy as np

from calibration.fitting import Parameter, Problem, SimulatedValues
from calibration.fitting import Target as FitTarget
from calibration.fitting.problem import SimulateDraws
from calibration.studies.estimates import estimate_of_run
from calibration.studies.loading import StudyPlan, load_study
from calibration.targets.figures import RunCounts, run_counts, target_statistic
from calibration.targets.priors import Priors
from calibration.targets.run_files import file_named
from calibration.targets.targets import SHIPPED, RunStatistic, StudyRun, Target, TargetFile, fitted_to
from simulator.comparison.paired_statistics import Floats
from simulator.districts import load_place
from simulator.errors import FitError
from simulator.lenses import AppliedLens, ParameterDraws
from simulator.results.results import Failure
from simulator.results.run_record import model_version
from simulator.running.ensemble import compile_ahead, run_seed
from simulator.scenario.scenario import load_scenario
from simulator.specification.spec import Spec, build_spec


@dataclass(frozen=True)
class FitParameter:
    """How one parameter of the fit enters a run."""

    path: str
    ratio: bool
    of_place: bool  # specific to the place studied


@dataclass(frozen=True)
class TargetRun:
    """One run: its specification, and the share of the place-specific growth that applies to it."""

    name: str
    spec: Spec
    growth: float  # share


@dataclass(frozen=True)
class TargetSimulator:
    """The function that a fit calls: given points and one seed each, it returns one row of target statistics per point.

    A point contains a value for each of ``values``; all other evidence is at its central value. The runs of a point use
    common random numbers. The result depends on the arguments alone, and the object can be sent to any process.
    A row has the statistics of fitted targets, the estimates of studies, and the other statistics.
    """

    runs: tuple[TargetRun, ...]
    values: tuple[FitParameter, ...]
    fitted: tuple[Target, ...]
    others: tuple[RunStatistic, ...]
    studies: tuple[StudyPlan, ...]

    def __call__(self, points: Floats, seeds: Sequence[int]) -> SimulatedValues:
        """Target statistics, shape (points, targets); NaN with a reason where a run failed."""
        rows = [self._row(point, int(seed)) for point, seed in zip(points, seeds, strict=True)]
        return SimulatedValues(np.array([row for row, _ in rows]), tuple(reason for _, reason in rows))

    def _row(self, point: Floats, seed: int) -> tuple[Floats, str]:
        specs = [run.spec.read_through(self.applied_lens(point, run.growth)) for run in self.runs]
        made = run_seed(specs, seed, None)
        found: dict[str, RunCounts] = {}
        for run, outcome in zip(self.runs, made, strict=True):
            if isinstance(outcome, Failure):
                reason = f"run '{run.name}': {outcome.error}: {outcome.message}"
                return np.full(len(self.fitted) + len(self.studies) + len(self.others), np.nan), reason
            found[run.name] = run_counts(outcome)
        fitted, others = (
            [target_statistic(target, found) for target in targets] for targets in (self.fitted, self.others)
        )
        elsewhere = self.applied_lens(point, 0.0)
        estimates = [estimate_of_run(plan.through(elsewhere), seed) for plan in self.studies]
        return np.array([*fitted, *estimates, *others]), ""

    def applied_lens(self, point: Floats, growth: float) -> AppliedLens:
        """The evidence at a point, with the share ``growth`` of the place-specific growth."""
        shares = np.array([growth if value.of_place else 1.0 for value in self.values])
        paths = tuple(value.path for value in self.values)
        return AppliedLens(
            "point", draws=ParameterDraws(paths, tuple(value.ratio for value in self.values), (point * shares)[None])
        )

    @property
    def version(self) -> str:
        """Changes whenever the same point and seed would give other statistics."""
        parts = [
            model_version(),
            [(run.name, run.spec.hash, run.growth) for run in self.runs],
            [(value.path, value.ratio, value.of_place) for value in self.values],
            [[str(getattr(target, field)) for field in _STATISTIC_FIELDS] for target in (*self.fitted, *self.others)],
            [(plan.spec.hash, repr(plan.study.simulate.analysis)) for plan in self.studies],
        ]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]

    def prepare(self) -> None:
        """Compile the code that other workers then only load."""
        compile_ahead(self.runs[0].spec)


_STATISTIC_FIELDS: Final = (
    "measure", "run", "statistic", "years", "quarters", "of_level_of", "to_run", "ages", "deprivation",
    "minus_lowest_of", "relative_to_all", "unit",
)  # fmt: skip
"""Fields that determine a target's simulated statistic."""


class Columns(NamedTuple):
    """What is fitted, predicted and reported, by name and in the order in which it is simulated."""

    fitted: dict[str, Target]
    studies: dict[str, StudyPlan]
    held_out: dict[str, Target]
    reported: dict[str, RunStatistic]

    @property
    def others(self) -> tuple[RunStatistic, ...]:
        """Statistics to which nothing is fitted."""
        return (*self.held_out.values(), *self.reported.values())


def columns_of(priors: Priors, file: TargetFile, folder: Path) -> Columns:
    """Targets with a run and studies to which the lens is fitted, and the targets that it predicts.

    Raises FitError if there is nothing to fit to, and the errors of study files.
    """
    fitted = {name: target for name, target in file.targets.items() if target.run and priors.lens in target.lenses}
    held_out = {name: target for name, target in file.targets.items() if target.run and name not in fitted}
    if not fitted:
        raise FitError(f"lens '{priors.lens}' is fitted to no target. Add 'lenses: [{priors.lens}]' to one with a run")
    studies = {
        name: load_study(file_named(name, folder)) for name, one in file.studies.items() if priors.lens in one.lenses
    }
    return Columns(fitted, studies, held_out, dict(file.reported))


class Published(NamedTuple):
    """A published figure with which a simulated one is compared."""

    label: str
    unit: str
    value: float
    low: float
    high: float
    sd: float
    source: str


def published_figures(columns: Columns) -> dict[str, Published]:
    """The published figure of every column by name; the range of a study is its 95 % interval."""
    figures = {
        name: Published(one.label, one.unit, one.value, one.low, one.high, one.sd, one.source)
        for name, one in (columns.fitted | columns.held_out).items()
    }
    for name, plan in columns.studies.items():
        study, found = plan.study, plan.study.published
        half = NormalDist().inv_cdf(0.975) * found.error
        ends = (found.value - half, found.value + half)
        figures[name] = Published(study.title, found.unit, found.value, *ends, found.error, study.source)
    return figures


def problem_of(
    priors: Priors,
    file: TargetFile,
    *,
    residents: int,
    full_size: int | None = None,
    share: float = 1.0,
    folder: Path = SHIPPED.parent,
) -> Problem:
    """The fitting problem of a lens.

    ``residents`` is the number simulated in every place, with programme money in proportion; ``full_size`` that at the
    draws of the posterior (default: the same). ``share`` is the share of Frome's gap caused by its programme: a target
    that states its value without the programme is moved towards that value accordingly. Targets of other lenses are
    simulated as well, and predicted. Scenario, place and study files are looked for in the folder ``folder``. Raises
    FitError, or the errors of scenarios, places and studies.
    """
    columns = columns_of(priors, file, folder)
    small = _simulator(priors, file, columns, residents, folder)
    programmes = {path for run in small.runs for plan in run.spec.programmes for path in plan.values}
    programmes |= {path for study in small.studies for plan in study.spec.programmes for path in plan.values}
    for parameter in priors.parameter_priors:
        if parameter.path.startswith("programme.") and parameter.path not in programmes:
            raise FitError(
                f"no run of the targets uses '{parameter.path}'. Remove it from the priors of lens '{priors.lens}'"
            )
    full = None if full_size is None else _simulator(priors, file, columns, full_size, folder)
    published = {name: plan.study.published for name, plan in columns.studies.items()}
    return Problem(
        parameters=tuple(
            Parameter(parameter.path, parameter.distribution, parameter.value, parameter.low, parameter.high)
            for parameter in priors.parameter_priors
        ),
        targets=(
            *(
                FitTarget(name, fitted_to(file.targets, name, share), target.sd, target.error_group)
                for name, target in columns.fitted.items()
            ),
            *(FitTarget(name, result.value, result.error) for name, result in published.items()),
        ),
        simulate=small,
        version=small.version,
        outputs=(*columns.held_out, *columns.reported),
        correlations={name: r for name, r in file.correlations.items() if _count(columns.fitted, name) > 1},
        prepare=small.prepare,
        simulate_draws=None if full is None else SimulateDraws(full, full.version),
    )


def _simulator(priors: Priors, file: TargetFile, columns: Columns, residents: int, folder: Path) -> TargetSimulator:
    targets = (*columns.fitted.values(), *columns.others)
    used = {name for target in targets for name in (target.run, target.to_run) if name}
    growth = {"none": 0.0, "own": 1.0, "shared": priors.settings.shared_growth.value}
    runs = tuple(
        TargetRun(name, _spec(run, residents, folder), growth[run.growth])
        for name, run in file.runs.items()
        if name in used
    )
    values = tuple(
        FitParameter(parameter.path, parameter.applies_as == "ratio", parameter.role == "place")
        for parameter in priors.parameter_priors
    )
    studies = tuple(
        replace(plan, spec=_resized(plan.spec, min(residents, plan.spec.place.residents)))
        for plan in columns.studies.values()
    )
    return TargetSimulator(runs, values, tuple(columns.fitted.values()), columns.others, studies)


def _resized(spec: Spec, residents: int) -> Spec:
    place = spec.place.model_copy(update={"residents": residents})
    return replace(at_size(spec, residents / spec.place.residents), place=place)


def _spec(run: StudyRun, residents: int, folder: Path) -> Spec:
    place = load_place(file_named(run.place, folder))
    scenario = load_scenario(file_named(run.scenario, folder))
    return _resized(build_spec(scenario, place, weeks=run.weeks, starts=run.starts), residents)


def at_size(spec: Spec, size: float) -> Spec:
    """A specification with its money, posts and hours multiplied by ``size``, as its residents are."""
    return replace(
        spec,
        funding=tuple(fund._replace(pence_per_week=round(size * fund.pence_per_week)) for fund in spec.funding),
        commitments=tuple(posts._replace(units=size * posts.units) for posts in spec.commitments),
        staffing=tuple(
            change._replace(
                hours_per_week=size * change.hours_per_week, training_per_week=size * change.training_per_week
            )
            for change in spec.staffing
        ),
    )


def _count(targets: Mapping[str, Target], group: str) -> int:
    return sum(target.error_group == group for target in targets.values())
