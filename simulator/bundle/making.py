"""Making a bundle: every run in one queue, and tables as soon as its runs are done."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any, Protocol

import pandas as pd

from simulator.bundle.plan import BASE, Work
from simulator.bundle.tables import KEYS
from simulator.results.folder import write_tables
from simulator.results.results import Results
from simulator.results.run_record import library_versions, model_version
from simulator.running.ensemble import GroupRuns, Progress, begin_groups


def make_tables(
    work: Sequence[Work],
    seeds: Sequence[int],
    executor: Executor,
    progress: Progress | None = None,
    on_done: Callable[[Work], None] | None = None,
) -> dict[str, pd.DataFrame]:
    """The tables of all work, which is put into the queue in this order. ``on_done`` is called after each part.

    Raises IncompleteEnsembleError if a run failed: a bundle is complete.
    """
    made: dict[str, list[pd.DataFrame]] = {}
    for part, results in _finished(work, seeds, executor, progress):
        for tables in part.tables(results):
            for name, table in tables.items():
                made.setdefault(name, []).append(table)
        if on_done is not None:
            on_done(part)
    return {name: _sorted(pd.concat(made[name], ignore_index=True)) for name in sorted(made)}


def _finished(
    work: Sequence[Work], seeds: Sequence[int], executor: Executor, progress: Progress | None
) -> Iterator[tuple[Work, list[Results]]]:
    """The results of each part when its runs are done, in the order of the queue; they are dropped after their use."""
    tasks: dict[int, dict[Future[Any], tuple[int, int, int]]] = {}
    for task, (number, seed, first) in begin_groups(executor, [part.group for part in work], seeds).tasks.items():
        tasks.setdefault(number, {})[task] = (0, seed, first)
    before, runs = 0, len(seeds) * sum(len(part.group.specs) for part in work)
    for number in list(tasks):

        def advance(done: int, _: int, before: int = before) -> None:
            if progress is not None:
                progress(before + done, runs)

        part = work[number]
        (results,) = GroupRuns((part.group,), tuple(seeds), "drawn", tasks.pop(number)).results(advance)
        before += len(seeds) * len(part.group.specs)
        yield part, results


def _sorted(table: pd.DataFrame) -> pd.DataFrame:
    """Rows by lens, place and scenario; those of a comparison keep their order."""
    return table.sort_values(list(reversed(KEYS)), kind="stable", ignore_index=True)


class Plan(Protocol):
    """What was run."""

    @property
    def record(self) -> dict[str, Any]:
        """The plan, ready for JSON, and the command that carries it out."""


def write_bundle(folder: Path, plan: Plan, tables: Mapping[str, pd.DataFrame]) -> None:
    """Write tables, which begin with `KEYS`, and their record: the same bytes for the same runs and libraries.

    Raises ResultsError if the folder holds something other than results, ValueError for a table without the keys.
    """
    for name, table in tables.items():
        if tuple(table.columns[: len(KEYS)]) != KEYS:
            raise ValueError(f"Table {name} begins with {', '.join(table.columns[: len(KEYS)])}, not {', '.join(KEYS)}")
    record = {
        "model_version": model_version(),
        "versions": dict(library_versions()),
        "base": BASE,
        "tables": list(tables),
        **plan.record,
    }
    write_tables(folder, tables, record)
