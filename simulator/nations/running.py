"""Running a nation: a scenario and a baseline in every place, added up as places finish."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import pandas as pd

from simulator.comparison.comparison import Comparison, compare
from simulator.counties.spread_runs import seed_offset_of
from simulator.errors import IncompleteEnsembleError, PlaceError
from simulator.nations.nation import Area, simulated_residents
from simulator.nations.outcomes import OUTCOME_COLUMNS, interval_text, outcomes_of_place, spread_table, total_table
from simulator.nations.question import NationQuestion, nation_record, scale_text, specs_in
from simulator.nations.sums import ArmSum
from simulator.places import Place
from simulator.results.results import Failure, RunFrames
from simulator.results.run_record import run_record
from simulator.results.tidy_tables import gather
from simulator.running.ensemble import Outcome, RunGroup, cores, own_executor
from simulator.running.stream import stream_groups
from simulator.specification.spec import Spec

RUNS_AHEAD: Final = 4
"""Runs under way or waiting per worker, so that no worker is idle."""
PLACE_COLUMNS: Final = ("place", "title", "residents", "simulated", "factor", "left_out")
FAILURE_COLUMNS: Final = ("place", "title", "residents", "seed", "scenario", "error", "message")


class PlaceResult(NamedTuple):
    """Results of one place, available as soon as it has finished."""

    about: dict[str, Any]  # place, title, residents, simulated, factor
    outcomes: pd.DataFrame  # `simulator.nations.outcomes.OUTCOME_COLUMNS`; empty if the place is left out
    failures: pd.DataFrame  # FAILURE_COLUMNS
    done: int  # residents of all places finished so far


OnProgress = Callable[[PlaceResult], None]


@dataclass(frozen=True)
class NationRuns:
    """A nation's paired runs, added up; runs of single places are not kept."""

    question: NationQuestion
    comparison: Comparison  # of the sums, scaled up
    places: pd.DataFrame  # PLACE_COLUMNS
    outcomes: pd.DataFrame  # one row per place and measure
    failures: pd.DataFrame

    def totals(self) -> pd.DataFrame:
        """The whole nation's outcomes per year (`simulator.nations.outcomes.total_table`)."""
        return total_table(self.comparison, self.outcomes).assign(factor=self.factor)

    def spread(self) -> pd.DataFrame:
        """Differences between places (`simulator.nations.outcomes.spread_table`)."""
        return spread_table(self.outcomes).assign(factor=self.factor)

    @property
    def factor(self) -> float:
        """Real residents for each simulated one, over all places."""
        return float(self.comparison.scenario.record["factor"])

    def headline(self) -> str:
        """The finding in plain sentences (`Comparison.headline`)."""
        return self.comparison.headline()

    def record(self) -> dict[str, Any]:
        """The scenario's run record, with the fields that differ in the baseline's."""
        scenario, baseline = (dict(arm.record) for arm in (self.comparison.scenario, self.comparison.baseline))
        differs = {name: value for name, value in baseline.items() if value != scenario.get(name)}
        return {**scenario, "baseline": differs, "places_left_out": int(self.places["left_out"].sum())}

    def sentences(self) -> tuple[str, ...]:
        """Sentences on the scale, the intervals, and places left out."""
        counted = self.places[~self.places["left_out"]]
        sentences = [scale_text(counted), interval_text(self.totals(), len(self.comparison.seeds), len(counted))]
        if len(counted) < len(self.places):
            out = self.places[self.places["left_out"]]
            share = 100.0 * out["residents"].sum() / self.places["residents"].sum()
            sentences.append(
                f"{len(out)} of {len(self.places)} places, with {out['residents'].sum():,} residents ({share:.2g} %), "
                "are left out because they could not be built or a run failed. Totals cover the other places only."
            )
        return tuple(sentences)


def run_nation(
    question: NationQuestion,
    *,
    workers: int | Executor | None = None,
    opened: Callable[[], AbstractContextManager[Executor]] | None = None,
    on_progress: OnProgress | None = None,
) -> NationRuns:
    """Run a question in every place, the largest first, and add up results as places finish.

    ``workers`` is a number of processes (default: one per core) or an executor; ``opened`` opens one instead, and
    reopens it if its workers have died. ``on_progress`` is called when each place has finished. A place in which a run
    fails is left out of the sum, with rows in ``failures``. Raises IncompleteEnsembleError if no place is left.
    """
    given = opened or (lambda: nullcontext(workers) if isinstance(workers, Executor) else own_executor(workers))
    count = workers if isinstance(workers, int) else cores()
    sums = (ArmSum(), ArmSum())
    ended: list[PlaceResult] = []
    specs_of_first: list[tuple[Spec, ...]] = []
    seen = 0

    def end(area: Area, about: dict[str, Any], outcomes: pd.DataFrame, failures: list[tuple[Any, ...]]) -> None:
        nonlocal seen
        seen += area.residents
        rows = [(about["place"], about["title"], about["residents"], *failure) for failure in failures]
        done = PlaceResult(about, outcomes, pd.DataFrame(rows, columns=list(FAILURE_COLUMNS)), seen)
        ended.append(done)
        if on_progress is not None:
            on_progress(done)

    asked: list[tuple[Area, Place]] = []

    def groups() -> Iterator[RunGroup]:
        for area in question.nation:
            try:
                place = area.build(simulated_residents(area, question.scale))
            except PlaceError as error:
                about = _about(area, min(area.residents, simulated_residents(area, question.scale)))
                first = error.problems[0]
                end(area, about, _nothing(), [(None, None, "PlaceError", str(first))])
                continue
            group = RunGroup(specs_in(question, place), seed_offset=seed_offset_of(place.name))
            asked.append((area, place))
            yield group

    for group, runs in stream_groups(groups(), question.seeds, given, ahead=RUNS_AHEAD * count):
        area, place = asked.pop(0)
        about = _about(area, place.residents)
        failures = _failures(question, runs)
        if not specs_of_first and not failures:
            specs_of_first.append(group.specs)
        end(area, about, _nothing() if failures else _add(question, group, runs, about, sums), failures)
    if not specs_of_first:
        first = ended[0].failures.iloc[0]
        raise IncompleteEnsembleError(f"No place finished. First cause: {first['error']}: {first['message']}")
    return _put_together(question, specs_of_first[0], sums, ended)


def _add(
    question: NationQuestion,
    group: RunGroup,
    runs: list[list[Outcome]],
    about: dict[str, Any],
    sums: tuple[ArmSum, ArmSum],
) -> pd.DataFrame:
    """Add a place's runs to the sums, and return the place's own outcomes."""
    results = []
    for arm, total in enumerate(sums):
        pairs = zip(question.seeds, runs, strict=True)
        frames = {seed: run for seed, outcomes in pairs if isinstance(run := outcomes[arm], RunFrames)}
        for seed, run in frames.items():
            total.add(seed, run, about["factor"])
        results.append(gather(frames, run_record(group.specs[arm], question.seeds, "drawn")))
    return outcomes_of_place(compare(results[1], results[0]), about)


def _failures(question: NationQuestion, runs: list[list[Outcome]]) -> list[tuple[Any, ...]]:
    names = (question.baseline.name, question.scenario.name)
    return [
        (seed, names[arm], *outcome)
        for seed, outcomes in zip(question.seeds, runs, strict=True)
        for arm, outcome in enumerate(outcomes)
        if isinstance(outcome, Failure)
    ]


def _about(area: Area, simulated: int) -> dict[str, Any]:
    return {
        "place": area.name,
        "title": area.title,
        "residents": area.residents,
        "simulated": simulated,
        "factor": area.residents / simulated,
    }


def _nothing() -> pd.DataFrame:
    return pd.DataFrame(columns=list(OUTCOME_COLUMNS))


def _put_together(
    question: NationQuestion, specs: tuple[Spec, ...], sums: tuple[ArmSum, ArmSum], ended: Sequence[PlaceResult]
) -> NationRuns:
    places = pd.DataFrame([{**done.about, "left_out": not len(done.outcomes)} for done in ended])
    counted = places[~places["left_out"]]
    arms = []
    for spec, total, asked in zip(specs, sums, (question.baseline, question.scenario), strict=True):
        record = {
            **run_record(spec, question.seeds, "drawn"),
            **nation_record(question, counted),
            "scenario_hash": asked.hash,
        }
        arms.append(total.results(record, question.seeds))
    comparison = compare(arms[1], arms[0])
    tables = [done.outcomes for done in ended if len(done.outcomes)]
    failures = [done.failures for done in ended if len(done.failures)]
    return NationRuns(
        question,
        comparison,
        places,
        pd.concat(tables, ignore_index=True),
        pd.concat(failures, ignore_index=True) if failures else pd.DataFrame(columns=list(FAILURE_COLUMNS)),
    )
