"""The simulations of a fit: runs of a target file at given evidence values, summarised as each target's statistic."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

from calibration.fitting import Parameter, Problem, SimulatedValues
from calibration.fitting import Target as FitTarget
from calibration.targets.figures import RunCounts, run_counts, target_statistic
from calibration.targets.priors import Priors
from calibration.targets.run_files import file_named
from calibration.targets.targets import SHIPPED, StudyRun, Target, TargetFile, fitted_to
from simulator.comparison.paired_statistics import Floats
from simulator.errors import FitError
from simulator.lenses import AppliedLens, ParameterDraws
from simulator.places import load_place
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
    """

    runs: tuple[TargetRun, ...]
    values: tuple[FitParameter, ...]
    targets: tuple[Target, ...]

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
                return np.full(len(self.targets), np.nan), reason
            found[run.name] = run_counts(outcome)
        return np.array([target_statistic(target, found) for target in self.targets]), ""

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
            [[str(getattr(target, field)) for field in _STATISTIC_FIELDS] for target in self.targets],
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


def problem_of(
    priors: Priors, file: TargetFile, *, residents: int, share: float = 1.0, folder: Path = SHIPPED.parent
) -> Problem:
    """The fitting problem of a lens.

    ``residents`` is the number simulated in every place, with programme money in proportion. ``share`` is the share of
    Frome's gap caused by its programme: a target that states its value without the programme is moved towards that
    value accordingly. Targets of other lenses are simulated as well, and predicted. Scenario and place files are looked
    for in the folder ``folder``. Raises FitError, or the errors of scenarios and places.
    """
    fitted = {name: target for name, target in file.targets.items() if target.run and priors.lens in target.lenses}
    held_out = {name: target for name, target in file.targets.items() if target.run and name not in fitted}
    if not fitted:
        raise FitError(f"lens '{priors.lens}' is fitted to no target. Add 'lenses: [{priors.lens}]' to one with a run")
    used = {name for target in (*fitted.values(), *held_out.values()) for name in (target.run, target.to_run) if name}
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
    study = TargetSimulator(runs, values, (*fitted.values(), *held_out.values()))
    programmes = {path for run in runs for plan in run.spec.programmes for path in plan.values}
    for parameter in priors.parameter_priors:
        if parameter.path.startswith("programme.") and parameter.path not in programmes:
            raise FitError(
                f"no run of the targets uses '{parameter.path}'. Remove it from the priors of lens '{priors.lens}'"
            )
    return Problem(
        parameters=tuple(
            Parameter(parameter.path, parameter.distribution, parameter.value, parameter.low, parameter.high)
            for parameter in priors.parameter_priors
        ),
        targets=tuple(
            FitTarget(name, fitted_to(file.targets, name, share), target.sd, target.error_group)
            for name, target in fitted.items()
        ),
        simulate=study,
        version=study.version,
        outputs=tuple(held_out),
        correlations={name: r for name, r in file.correlations.items() if _count(fitted, name) > 1},
        prepare=study.prepare,
    )


def _spec(run: StudyRun, residents: int, folder: Path) -> Spec:
    place = load_place(file_named(run.place, folder))
    scenario = load_scenario(file_named(run.scenario, folder))
    smaller = place.model_copy(update={"residents": residents})
    spec = build_spec(scenario, place, weeks=run.weeks, starts=run.starts)
    return replace(at_size(spec, residents / place.residents), place=smaller)


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
