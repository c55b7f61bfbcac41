"""Making a bundle: every run in one queue, and tables of each comparison as soon as its runs are done."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

import pandas as pd

from simulator.bundle.plan import BASE, BundlePlan, Pair, groups_of
from simulator.bundle.tables import KEYS, TABLES, tables_of
from simulator.comparison.comparison import Comparison, compare
from simulator.results.folder import write_tables
from simulator.results.run_record import library_versions, model_version
from simulator.running.ensemble import GroupRuns, Progress, RunGroup, begin_groups


def make_tables(
    pairs: Sequence[Pair],
    seeds: Sequence[int],
    executor: Executor,
    progress: Progress | None = None,
    on_group: Callable[[RunGroup], None] | None = None,
) -> dict[str, pd.DataFrame]:
    """The tables of all comparisons. ``on_group`` is called when the comparisons of a place and lens are made.

    Raises IncompleteEnsembleError if a run failed: a bundle is complete.
    """
    made: dict[str, list[pd.DataFrame]] = {name: [] for name in TABLES}
    for group, comparisons in _compared(groups_of(pairs), seeds, executor, progress):
        for comparison in comparisons:
            for name, table in tables_of(comparison).items():
                made[name].append(table)
        if on_group is not None:
            on_group(group)
    return {name: _sorted(pd.concat(tables, ignore_index=True)) for name, tables in made.items()}


def _compared(
    groups: Sequence[RunGroup], seeds: Sequence[int], executor: Executor, progress: Progress | None
) -> Iterator[tuple[RunGroup, list[Comparison]]]:
    """The comparisons of each group when its runs are done, in the order of the queue; its runs are then dropped."""
    tasks: dict[int, dict[Future[Any], tuple[int, int]]] = {}
    for task, (number, seed) in begin_groups(executor, groups, seeds).tasks.items():
        tasks.setdefault(number, {})[task] = (0, seed)
    before, runs = 0, len(seeds) * sum(len(group.specs) for group in groups)
    for number in list(tasks):

        def advance(done: int, _: int, before: int = before) -> None:
            if progress is not None:
                progress(before + done, runs)

        group = groups[number]
        ((base, *others),) = GroupRuns((group,), tuple(seeds), "drawn", tasks.pop(number)).results(advance)
        before += len(seeds) * len(group.specs)
        yield group, [compare(results, base) for results in others]


def _sorted(table: pd.DataFrame) -> pd.DataFrame:
    """Rows by lens, place and scenario; those of a comparison keep their order."""
    return table.sort_values(list(reversed(KEYS)), kind="stable", ignore_index=True)


def write_bundle(folder: Path, plan: BundlePlan, tables: Mapping[str, pd.DataFrame]) -> None:
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
