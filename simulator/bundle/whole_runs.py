"""Whole results that ship: every table of the runs of a few plans, so that each page of results has them at once.

    <folder>/<lens>/<scenario>/   as written by `Results.write`, the base among the scenarios

They are the runs of which the ready results of the same plans were made (`simulator.bundle.plan.SIZED`), in the base's
place. ``offset bundle --runs`` makes them again.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Final

from simulator.bundle.plan import BASE, SIZED, BundlePlan
from simulator.bundle.reading import FOLDER as TABLES
from simulator.bundle.reading import is_this_model, load_bundle
from simulator.comparison.comparison import Comparison, compare
from simulator.experiments.lens_comparisons import default_lenses
from simulator.lenses import apply_lens
from simulator.results.folder import RECORD, read_record
from simulator.results.results import read_results
from simulator.running.ensemble import Progress, RunGroup, run_groups
from simulator.scenario.scenario import load_scenario

FOLDER: Final = Path(__file__).with_name("shipped_runs")
"""The whole results that ship with the simulator."""
SHIPS: Final = "ships"
"""Field of the run record of results that ship."""


def whole_groups() -> list[RunGroup]:
    """The runs that are kept whole, a group for each lens, the base first."""
    plan = BundlePlan((), scenarios=SIZED, places=(str(load_scenario(BASE).place_reference),))
    pairs = plan.pairs()
    return [
        RunGroup((mine[0].base, *(pair.spec for pair in mine)))
        for lens in default_lenses()
        if (mine := [pair for pair in pairs if pair.spec.applied_lens.lens == lens])
    ]


def write_whole_runs(
    seeds: Sequence[int], executor: Executor, folder: Path = FOLDER, progress: Progress | None = None
) -> int:
    """Run what is kept whole and write it; returns the number of runs. Raises ResultsError for another folder."""
    groups = whole_groups()
    for of_lens in run_groups(groups, seeds, executor=executor, progress=progress):
        for results in of_lens:
            shipped = replace(results, record={**results.record, SHIPS: True})
            shipped.write(folder / str(results.record["lens"]) / results.scenario)
    return len(seeds) * sum(len(group.specs) for group in groups)


def shipped_seeds() -> tuple[int, ...]:
    """Seeds of the ready results, which whole results have too."""
    return BundlePlan.of_record(load_bundle(TABLES, any_version=True).record).seeds


def whole_comparison(scenario: str, base: str, place: str, lens: str, folder: Path = FOLDER) -> Comparison | None:
    """A scenario compared with its base from whole results; None if there are none of these files and this model."""
    paths = [folder / lens / name for name in (scenario, base)]
    if not all((path / RECORD).is_file() for path in paths):
        return None
    records = [read_record(path) for path in paths]
    now = [(load_scenario(name).hash, place, apply_lens(lens).hash) for name in (scenario, base)]
    made = [(record["scenario_hash"], record["place"], record["lens_hash"]) for record in records]
    if made != now or not all(is_this_model(str(record["model_version"])) for record in records):
        return None
    return _compared(*paths, *(str(record["created"]) for record in records))


@lru_cache(maxsize=8)
def _compared(scenario: Path, base: Path, *_created: str) -> Comparison:
    return compare(read_results(scenario), read_results(base))
