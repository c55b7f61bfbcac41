"""Public functions: load, run, compare, size, attribute, value, evaluate and describe scenarios, and run a nation.

Attribution, studies and nations, which take long to import, are imported by the functions that need them.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypedDict, Unpack

from simulator.comparison.comparability import common_calendar
from simulator.comparison.comparison import compare as compare
from simulator.comparison.costs import costs
from simulator.description.describe import describe as describe
from simulator.districts import load_place, named_district
from simulator.errors import IncomparableRunsError
from simulator.foundations.categories import WEEKS_PER_YEAR
from simulator.lenses import AS_WRITTEN, EVIDENCE, AppliedLens, apply_lens, lens_names
from simulator.places import Place
from simulator.results.results import Results
from simulator.running.ensemble import Progress, run_ensemble
from simulator.scenario.scenario import Scenario, load_scenario
from simulator.specification.amounts import size_note
from simulator.specification.spec import Spec, build_spec

if TYPE_CHECKING:
    import pandas as pd

    from simulator.evaluation import Evaluation
    from simulator.experiments.attribution import Attribution
    from simulator.experiments.sized_plan import SizedPlan
    from simulator.nations import NationRuns, PlaceResult

STUDIED = "frome"
"""The scenario evaluated by default: it pays for every programme."""


class ComparableSpecs(NamedTuple):
    """Specifications that may be compared, and a note if one runs on another's calendar or is for another size."""

    specs: tuple[Spec, ...]
    note: str | None


class RunOptions(TypedDict, total=False):
    """Place, length, processes and lens of a run."""

    place: Place | str | Path | None  # instead of the scenario's
    years: int | None  # instead of the scenario's
    workers: int | Executor | None  # number of processes (default: one per core), or an executor
    progress: Progress | None
    lens: str | Path | AppliedLens  # one of `lenses`, the folder of a lens, or an applied lens; default: evidence


class SizeOptions(RunOptions, total=False):
    """Options for sizing a plan."""

    multiples: Sequence[float] | None  # of the plan; default: from a quarter to ten times
    targets: Sequence[str] | None  # such as "admissions=-5%" (`simulator.experiments.size_targets`)
    chance: float  # with which a target is to be met; default: 0.8
    lenses: Sequence[str | Path | AppliedLens] | None  # default: ``lens``, or the two that are shipped


class NationOptions(TypedDict, total=False):
    """Options for running a nation."""

    years: int | None  # instead of the scenario's
    amounts_for: int | None  # residents that money, posts and hours are stated for; default: the scenario's place
    workers: int | Executor | None  # as in `RunOptions`
    lens: str | Path | AppliedLens  # as in `RunOptions`
    on_progress: Callable[[PlaceResult], None] | None  # called when each place has finished


def load(name_or_path: str | Path) -> Scenario:
    """Read a shipped scenario by name, or a scenario file by path.

    Raises ScenarioError with every problem in the file, UnknownNameError if no shipped scenario has the name.
    """
    return load_scenario(name_or_path)


def run(scenario: Scenario, seeds: Sequence[int] = range(30), **how: Unpack[RunOptions]) -> Results:
    """Run a scenario once for each seed.

    ``place`` and ``years`` replace the scenario's. ``lens`` is one of `lenses`, the folder of a lens, or a lens
    applied with a chosen share of Frome's gap. ``workers`` is a number of processes (default: one per core) or an
    executor. A run that fails is a row of ``failures``. Raises ScenarioError, PlaceError, LensError or
    UnknownNameError before anything runs.
    """
    (results,) = run_comparable(_specified([scenario], how), seeds, how.get("workers"), how.get("progress"))
    return results


def lenses() -> tuple[str, ...]:
    """Names of the available lenses; ``evidence``, the evidence as written, is always among them."""
    return lens_names()


def run_comparable(
    specs: Sequence[Spec],
    seeds: Sequence[int],
    workers: int | Executor | None = None,
    progress: Progress | None = None,
) -> list[Results]:
    """Run several specifications with the same seeds in parallel: quicker than one after the other."""
    if isinstance(workers, Executor):
        return run_ensemble(specs, seeds, executor=workers, progress=progress)
    return run_ensemble(specs, seeds, workers=workers, progress=progress)


def specify_comparable(
    scenarios: Sequence[Scenario],
    *,
    place: Place | str | Path | None = None,
    years: int | None = None,
    lens: str | Path | AppliedLens = EVIDENCE,
) -> ComparableSpecs:
    """Specifications of scenarios for one place and one calendar, so that their runs may be compared.

    The place is the one given, or that of the first scenario that names one. If some scenarios state a calendar and
    others do not, all run on the stated one. Raises IncomparableRunsError if two state different calendars and
    ``years`` does not settle the length, or if two name different places.
    """
    chosen = place if place is None or isinstance(place, Place) else load_place(place)
    if chosen is None:
        named = {str(scenario.place_reference): scenario for scenario in scenarios if scenario.place_reference}
        if len(named) > 1:
            places = " and ".join(f"{scenario.name} names {reference}" for reference, scenario in named.items())
            raise IncomparableRunsError(f"{places}. Give one place for both.")
        chosen = load_place(next(iter(named.values())).place_reference or "") if named else None
    lenders = [scenario for scenario in scenarios if scenario.calendar is not None]
    borrowers = [scenario.title for scenario in scenarios if scenario.calendar is None]
    length = None if years is None else years * WEEKS_PER_YEAR
    calendar = common_calendar({(scenario.starts, scenario.weeks): scenario.name for scenario in lenders}, length)
    starts, weeks = (None, length) if calendar is None else calendar
    notes = []
    if lenders and borrowers:
        notes = [f"{' and '.join(borrowers)} ran on the calendar of {lenders[0].title}: {weeks} weeks from {starts}."]
    applied_lens = lens if isinstance(lens, AppliedLens) else apply_lens(lens)
    specs = tuple(build_spec(scenario, chosen, weeks=weeks, starts=starts) for scenario in scenarios)
    specs = specs if applied_lens is AS_WRITTEN else tuple(spec.read_through(applied_lens) for spec in specs)
    for spec in specs:
        if named_district(spec.scenario.place_reference) is None:
            notes += [note] if (note := size_note(spec.scenario, spec.place)) else []
    return ComparableSpecs(specs, " ".join(dict.fromkeys(notes)) or None)


def value(results: Results) -> pd.DataFrame:
    """Costs per run by year, item, payer and kind, in pounds of the price year (`simulator.comparison.costs.costs`)."""
    return costs(results)


def evaluate(
    programme: str,
    scenario: Scenario | str | Path = STUDIED,
    *,
    designs: Sequence[str] | None = None,
    seeds: Sequence[int] = range(10),
    **how: Unpack[RunOptions],
) -> Evaluation:
    """Simulate studies of a programme, one of each design per seed, and compare their estimates with the true effect.

    ``designs`` are some of ``before-after``, ``matched``, ``did`` and ``trial`` (default: all). ``how`` is as in `run`.
    Raises UnknownNameError for an unknown programme or design, StudyError if there are no participants to study.
    """
    from simulator.evaluation import DESIGNS, plan_studies, run_studies

    chosen = scenario if isinstance(scenario, Scenario) else load(scenario)
    (spec,) = _specified([chosen], how)
    plan = plan_studies(spec, programme, DESIGNS if designs is None else designs)
    return run_studies(plan, seeds, how.get("workers"), how.get("progress"))


def attribute(
    scenario: Scenario | str | Path,
    baseline: Scenario | str | Path = "baseline",
    *,
    seeds: Sequence[int] = range(10),
    **how: Unpack[RunOptions],
) -> Attribution:
    """Split a scenario's effect by channel, using common random numbers (`simulator.experiments.attribution`).

    ``how`` is as in `run`. Raises IncompleteEnsembleError if a run failed.
    """
    from simulator.experiments import attribution

    chosen = [one if isinstance(one, Scenario) else load(one) for one in (baseline, scenario)]
    before, after = _specified(chosen, how)
    workers, progress = how.get("workers"), how.get("progress")
    return attribution.attribute(after, before, seeds, workers=workers, progress=progress)


def size(
    plan: Scenario | str | Path,
    base: Scenario | str | Path = "baseline",
    *,
    seeds: Sequence[int] = range(16),
    **how: Unpack[SizeOptions],
) -> SizedPlan:
    """How large a plan must be: its effects at multiples of its size, and the smallest that meets each target.

    ``how`` is as in `run`, with multiples, targets, chance and lenses. Raises ValueError, ScenarioError and
    UnknownNameError before anything runs, and IncompleteEnsembleError if no pair of some multiple finished.
    """
    from simulator.experiments.lens_comparisons import default_lenses
    from simulator.experiments.size_targets import CHANCE
    from simulator.experiments.sized_plan import size_plan, size_question

    arms = [one if isinstance(one, Scenario) else load(one) for one in (base, plan)]
    before, after = specify_comparable(arms, place=how.get("place"), years=how.get("years")).specs
    question = size_question(after, before, how.get("multiples"), how.get("targets"), how.get("chance", CHANCE))
    named = how.get("lenses") or ([how["lens"]] if "lens" in how else default_lenses())
    applied = [lens if isinstance(lens, AppliedLens) else apply_lens(lens) for lens in named]
    return size_plan(question, applied, seeds, workers=how.get("workers"), progress=how.get("progress"))


def nation(
    scenario: Scenario | str | Path,
    baseline: Scenario | str | Path = "baseline",
    places: str | Path = "england",
    *,
    scale: float | None = None,
    seeds: Sequence[int] = range(4),
    **how: Unpack[NationOptions],
) -> NationRuns:
    """Run a scenario against a baseline in every place of a nation, and add up the results (`simulator.nations`).

    ``places`` is a shipped nation, a table of areas (CSV) or a folder of place files; ``scale`` runs each place with
    that share of its residents and scales the results up. Only one row per place is kept in the returned tables.
    Raises UnknownNameError, PlaceError, IncomparableRunsError or ValueError before anything runs, and
    IncompleteEnsembleError if no place finished.
    """
    from simulator.nations import load_nation, nation_question, run_nation

    arms = [one if isinstance(one, Scenario) else load(one) for one in (scenario, baseline)]
    years = how.get("years")
    weeks = None if years is None else years * WEEKS_PER_YEAR
    amounts_for = how.get("amounts_for")
    question = nation_question(
        load_nation(places), (arms[0], arms[1]), seeds, scale, weeks=weeks, amounts_for=amounts_for
    )
    lens = how.get("lens", EVIDENCE)
    question = replace(question, applied_lens=lens if isinstance(lens, AppliedLens) else apply_lens(lens))
    return run_nation(question, workers=how.get("workers"), on_progress=how.get("on_progress"))


def _specified(scenarios: Sequence[Scenario], how: RunOptions) -> tuple[Spec, ...]:
    place, years, lens = how.get("place"), how.get("years"), how.get("lens", EVIDENCE)
    return specify_comparable(scenarios, place=place, years=years, lens=lens).specs


_RENAMED: dict[str, Callable[..., object]] = {
    "Alike": ComparableSpecs,
    "run_alike": run_comparable,
    "specify_alike": specify_comparable,
}
"""What had another name in the version before."""


def __getattr__(name: str) -> Any:
    if name not in _RENAMED:
        raise AttributeError(f"module 'simulator.api' has no attribute {name!r}")
    text = f"{name} is now called {_RENAMED[name].__name__}. This version still has the old name."
    warnings.warn(text, FutureWarning, stacklevel=2)
    return _RENAMED[name]
