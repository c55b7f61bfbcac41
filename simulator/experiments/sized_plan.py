"""How large a plan must be: effects at multiples of it, through one or more lenses.

All multiples of a seed share its random numbers and parameter draw, and so does the base: differences are paired. A
curve goes through the means, or the ends of the 80 % ranges, starts at nothing and only rises or only falls,
except that a net cost may turn once (`simulator.experiments.monotone`). It is held to account by leaving out each
multiple in turn: what the curve through the others says there is compared with the runs, which it has not seen.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd

from simulator.comparison.comparability import failed_runs
from simulator.comparison.comparison import Comparison, compare
from simulator.comparison.verdict import ENOUGH
from simulator.comparison.wellbeing import cost_of_each
from simulator.experiments.monotone import left_out, levelling, smoothed
from simulator.experiments.saturation import programmes_at, saturation
from simulator.experiments.scaled_plans import MULTIPLES, ScaledPlan, scaled_plan, unscaled
from simulator.experiments.size_targets import (
    CHANCE,
    DEFAULT_TARGETS,
    MAY_TURN,
    Target,
    chances,
    parse_target,
    smallest_multiples,
)
from simulator.lenses import AppliedLens
from simulator.results.folder import write_tables
from simulator.results.results import Results
from simulator.running.ensemble import Progress, RunGroup, run_groups
from simulator.specification.spec import Spec

SEEDS: Final = ENOUGH
"""Pairs of runs at each multiple, through each lens, by default."""
MEASURES: Final = (
    "emergency_admissions",
    "bed_days",
    "often_always_lonely",
    "net_cash",
    "net_cost",
    "wellbeing_lost",
    "unmet_needs",
)
_NUMBERS: Final = ("difference", "low", "high")
_CLEAR: Final = 2.0
"""Monte Carlo errors beyond which an outcome is taken to change."""


@dataclass(frozen=True)
class SizedPlan:
    """Effects of a plan at several sizes; every table has ``lens`` and ``lens_title`` in front.

    curves      one row per outcome and multiple, a year: those of `Comparison.summary`, ``smooth``, ``smooth_low`` and
                ``smooth_high`` (the curves), and ``withheld`` where the lens failed a check
    pairs       each of `MEASURES` a year in every pair of runs by multiple: seed, baseline, scenario
    chances     chance of meeting each target by multiple (`size_targets.chances`)
    smallest    smallest multiple at which it is high enough (`size_targets.smallest_multiples`)
    programmes  what each programme did by multiple (`saturation.programmes_at`)
    saturation  programmes and roles that saturate, and why (`saturation.saturation`)
    each        net cost of each adult no longer lonely by multiple (`wellbeing.cost_of_each`)
    levelling   multiple from which each outcome changes less than half as fast as at most before; NaN if none, or if
                the outcome does not change beyond its Monte Carlo error
    check       by outcome: root mean square of what the curve says less runs that it has not seen, and their error
    """

    curves: pd.DataFrame
    pairs: pd.DataFrame
    chances: pd.DataFrame
    smallest: pd.DataFrame
    programmes: pd.DataFrame
    saturation: pd.DataFrame
    each: pd.DataFrame
    levelling: pd.DataFrame
    check: pd.DataFrame
    sizes: tuple[ScaledPlan, ...]
    unscaled: tuple[str, ...]  # parts of the plan that no multiple changes
    chance: float
    record: dict[str, Any]  # run record of the plan, with its base, multiples and lenses
    lens_records: tuple[dict[str, Any], ...]  # run record of the base through each lens
    failures: tuple[str, ...]  # a sentence for each multiple of which runs failed

    def tables(self) -> dict[str, pd.DataFrame]:
        """The tables by name, with one more: the parts that could not grow, and the new money, by multiple."""
        own = {one.name: getattr(self, one.name) for one in fields(self)}
        limits = [
            (
                one.multiple,
                one.topped_up,
                "; ".join(f"{limit.kind} {limit.name}: {limit.most:g}" for limit in one.limits),
            )
            for one in self.sizes
        ]
        sizes = pd.DataFrame(limits, columns=["multiple", "new_money_instead", "limits"])
        return {**{name: table for name, table in own.items() if isinstance(table, pd.DataFrame)}, "sizes": sizes}

    def write(self, folder: str | Path) -> Path:
        """Write the tables and the run record into a folder, all or nothing; return the folder.

        Raises ResultsError if the folder holds something other than results.
        """
        write_tables(Path(folder), self.tables(), self.record)
        return Path(folder)


class SizeQuestion(NamedTuple):
    """A plan at several sizes, checked, and what it is to reach; made by `size_question`."""

    plan: Spec
    base: Spec
    sizes: tuple[ScaledPlan, ...]  # by rising multiple
    targets: tuple[Target, ...]
    chance: float

    def groups(self, lenses: Sequence[AppliedLens]) -> list[RunGroup]:
        """What is to be run: by lens, the base and the plan at every multiple."""
        specs = (self.base, *(size.spec for size in self.sizes))
        return [RunGroup(tuple(spec.read_through(lens) for spec in specs)) for lens in lenses]


def size_question(
    plan: Spec,
    base: Spec,
    multiples: Sequence[float] | None = None,
    targets: Sequence[str] | None = None,
    chance: float = CHANCE,
) -> SizeQuestion:
    """The checked question at which multiple a plan reaches each target with this chance.

    By default `scaled_plans.MULTIPLES` and `size_targets.DEFAULT_TARGETS`.

    Raises ValueError for multiples, targets or a chance that cannot be used, UnknownNameError for an unknown target,
    and ScenarioError if the plan cannot be run at some size.
    """
    chosen = tuple(sorted(set(MULTIPLES if multiples is None else multiples)))
    if len(chosen) < 2:
        raise ValueError("A curve needs two multiples or more, such as 1 and 10.")
    if not 0.0 < chance < 1.0:
        raise ValueError(f"The chance to be reached must be above 0 % and below 100 %, not {100.0 * chance:g} %.")
    wanted = tuple(parse_target(text) for text in dict.fromkeys(targets or DEFAULT_TARGETS))
    return SizeQuestion(plan, base, tuple(scaled_plan(plan, base, each) for each in chosen), wanted, chance)


def size_plan(
    question: SizeQuestion,
    lenses: Sequence[AppliedLens],
    seeds: Sequence[int] = range(SEEDS),
    *,
    workers: int | Executor | None = None,
    progress: Progress | None = None,
) -> SizedPlan:
    """Run the base and every multiple of a plan through every lens, with the same seeds, and draw the curves.

    Raises IncompleteEnsembleError if no pair of some multiple finished.
    """
    executor, processes = (workers, None) if isinstance(workers, Executor) else (None, workers)
    runs = run_groups(question.groups(lenses), seeds, executor=executor, workers=processes, progress=progress)
    return sized(question, runs)


def sized(question: SizeQuestion, runs: Sequence[Sequence[Results]]) -> SizedPlan:
    """The tables of runs of `SizeQuestion.groups`: by lens, the results of the base and of every multiple."""
    chosen = [size.multiple for size in question.sizes]
    parts = [_through_lens(arms, chosen) for arms in runs]
    found = [chances(comparisons, question.targets) for comparisons, _ in parts]
    chance_table = pd.concat(found, ignore_index=True)
    failed = [failed_runs(arm) for arms in runs for arm in arms if len(arm.failures)]
    record = {
        **runs[0][1 + _nearest(chosen)].record,
        "base": question.base.scenario.name,
        "base_title": question.base.scenario.title,
        "plan_title": question.plan.scenario.title,
        "multiples": chosen,
    }
    by_lens = [tables for _, tables in parts]
    joined = {name: pd.concat([tables[name] for tables in by_lens], ignore_index=True) for name in by_lens[0]}
    return SizedPlan(
        **joined,
        chances=chance_table,
        smallest=smallest_multiples(chance_table, question.chance),
        sizes=question.sizes,
        unscaled=unscaled(question.plan.scenario, question.base.scenario),
        chance=question.chance,
        record={**record, "lenses": [str(arms[0].record["lens_title"]) for arms in runs]},
        lens_records=tuple(dict(arms[0].record) for arms in runs),
        failures=tuple(failed),
    )


def _nearest(multiples: Sequence[float]) -> int:
    """Position of the multiple that is nearest to the plan itself."""
    return int(np.abs(np.log(np.array(multiples))).argmin())


def _through_lens(
    arms: Sequence[Results], multiples: Sequence[float]
) -> tuple[list[tuple[float, Comparison]], dict[str, pd.DataFrame]]:
    """Runs through one lens: the comparison at each multiple, and the tables of `SizedPlan` without the targets."""
    base, *sized = arms
    record = base.record
    named = {"lens": str(record["lens"]), "lens_title": str(record["lens_title"])}
    by_multiple = list(zip(multiples, sized, strict=True))
    comparisons = [(multiple, compare(arm, base, incomplete=True).per("year")) for multiple, arm in by_multiple]
    rows = [found.summary(MEASURES, rounded=False).assign(multiple=multiple) for multiple, found in comparisons]
    curves = pd.concat(rows, ignore_index=True)
    curves["measure"] = pd.Categorical(curves["measure"], categories=list(MEASURES))
    curves = curves.sort_values(["measure", "multiple"], kind="stable", ignore_index=True)
    curves["measure"] = curves["measure"].astype(str)
    at = np.array(multiples)
    level, checked = [], []
    for measure, mine in curves.groupby("measure", sort=False):
        turns = measure in MAY_TURN
        for number in _NUMBERS:
            name = {"difference": "smooth"}.get(number, f"smooth_{number}")
            points = mine[number].to_numpy(np.float64)
            curves.loc[mine.index, name] = smoothed(points, from_nothing=True, may_turn=turns)
        curve = curves.loc[mine.index, "smooth"].to_numpy(np.float64)
        means, errors = (mine[name].to_numpy(np.float64) for name in ("difference", "monte_carlo_error"))
        missed, error = (float(np.sqrt((off**2).mean())) for off in (left_out(at, means, may_turn=turns), errors[:-1]))
        words = (measure, str(mine["label"].iloc[0]), str(mine["unit"].iloc[0]))
        changed = bool((np.abs(means) > _CLEAR * errors).any()) and not turns
        level.append((*words, levelling(at, curve) if changed else math.nan))
        checked.append((*words, missed, error, float(np.abs(means).max())))
    programmes = programmes_at(by_multiple)
    words_of = ["measure", "label", "unit"]
    tables = {
        "curves": curves.assign(withheld=bool(record["lens_faults"])),
        "pairs": pd.concat([_pairs_at(*one) for one in comparisons], ignore_index=True),
        "programmes": programmes,
        "saturation": saturation(programmes, by_multiple, base),
        "each": pd.DataFrame([{"multiple": m, **cost_of_each(found)._asdict()} for m, found in comparisons]),
        "levelling": pd.DataFrame(level, columns=[*words_of, "multiple"]),
        "check": pd.DataFrame(checked, columns=[*words_of, "missed_by", "monte_carlo_error", "largest"]),
    }
    return comparisons, {name: _with_lens(table, named) for name, table in tables.items()}


def _pairs_at(multiple: float, comparison: Comparison) -> pd.DataFrame:
    """Every outcome of `MEASURES` in each pair at one multiple, a year."""
    rows = comparison.per("year").by_pair(MEASURES)
    rows.insert(0, "multiple", multiple)
    return rows


def _with_lens(table: pd.DataFrame, named: dict[str, str]) -> pd.DataFrame:
    for position, (name, text) in enumerate(named.items()):
        table.insert(position, name, text)
    return table
