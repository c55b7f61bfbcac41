"""Whole results that ship: every table of the runs of a few plans, so that each page of results has them at once.

    <folder>/<lens>/<scenario>/   as written by `Results.write`, the base among the scenarios

They are the runs of which the ready results of the same plans were made (`simulator.bundle.plan.SIZED`), in the base's
place. ``offset bundle --runs`` makes them again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from functools import lru_cache, partial
from pathlib import Path
from typing import Final

from simulator.bundle.plan import BASE, SIZED, BundlePlan, work_of
from simulator.bundle.reading import FOLDER as TABLES
from simulator.bundle.reading import load_bundle
from simulator.bundle.same_numbers import is_this_model
from simulator.comparison.comparability import failed_runs
from simulator.comparison.comparison import Comparison, compare
from simulator.errors import IncompleteEnsembleError
from simulator.experiments.lens_comparisons import default_lenses
from simulator.lenses import apply_lens
from simulator.results.folder import RECORD, hash_of, read_record, write_folder
from simulator.results.results import Results, read_results
from simulator.running.ensemble import Progress, RunGroup, run_groups
from simulator.scenario.scenario import load_scenario

FOLDER: Final = Path(__file__).with_name("shipped_runs")
"""The whole results that ship with the simulator."""
SHIPS: Final = "ships"
"""Field of the run record of results that ship."""


def whole_groups() -> list[RunGroup]:
    """The runs that are kept whole, a group for each lens, the base first."""
    plan = BundlePlan((), SIZED, (str(load_scenario(BASE).place_reference),), default_lenses())
    return [work.group for work in work_of(plan.pairs())]


def write_whole_runs(
    seeds: Sequence[int], executor: Executor, folder: Path = FOLDER, progress: Progress | None = None
) -> int:
    """Run what is kept whole and write it; returns the number of runs.

    Raises ResultsError for another folder, and IncompleteEnsembleError, before anything is written, if a run failed.
    """
    groups = whole_groups()
    made = run_groups(groups, seeds, executor=executor, progress=progress)
    lost = [failed_runs(results) for of_lens in made for results in of_lens if len(results.failures)]
    if lost:
        raise IncompleteEnsembleError(" ".join(lost))
    for of_lens in made:
        for results in of_lens:
            shipped = replace(results, record={**results.record, SHIPS: True})
            write_folder(folder / str(results.record["lens"]) / results.scenario, partial(_fill, shipped))
    return len(seeds) * sum(len(group.specs) for group in groups)


def _fill(shipped: Results, folder: Path) -> None:
    """Write results into an empty folder, in two thirds of the space that `Results.fill` takes."""
    from pyarrow.parquet import read_table, write_table

    shipped.fill(folder)
    record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    for name in record["files"]:
        path = folder / name
        write_table(read_table(path), path, compression="zstd", use_dictionary=False)
        record["files"][name] = hash_of(path)
    (folder / RECORD).write_text(json.dumps(record, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def shipped_seeds() -> tuple[int, ...]:
    """Seeds of the ready results, which whole results have too."""
    return BundlePlan.of_record(load_bundle(TABLES, any_version=True).record).seeds


def whole_results(scenario: str, place: str, lens: str, folder: Path = FOLDER) -> Results | None:
    """The whole results of a scenario; None if there are none of these files and this model."""
    path = folder / lens / scenario
    if not (path / RECORD).is_file():
        return None
    record = read_record(path)
    made = (record["scenario_hash"], record["place"], record["lens_hash"])
    if made != (load_scenario(scenario).hash, place, apply_lens(lens).hash):
        return None
    return _read(path, str(record["created"])) if is_this_model(str(record["model_version"])) else None


def whole_comparison(scenario: str, base: str, place: str, lens: str, folder: Path = FOLDER) -> Comparison | None:
    """A scenario compared with its base from whole results; None if there are none of these files and this model."""
    found = [whole_results(name, place, lens, folder) for name in (scenario, base)]
    made = [str(results.record["created"]) for results in found if results is not None]
    return _compared(*(folder / lens / name for name in (scenario, base)), *made) if len(made) == len(found) else None


def check_whole_runs(folder: Path = FOLDER) -> Iterator[str]:
    """A sentence for each plan and lens whose whole results are missing, outdated, or not those of the ready results.

    Raises ResultsError if the ready results are of another model.
    """
    held, place = load_bundle(TABLES), str(load_scenario(BASE).place_reference)
    again = "They are made again with 'offset bundle --runs'."
    for lens in default_lenses():
        for scenario in SIZED:
            found = whole_comparison(scenario, BASE, place, lens, folder)
            if found is None:
                yield f"The whole results of {scenario} through {lens} are missing or of another version. {again}"
                continue
            pairs = held.of(scenario, place, lens).tables["pairs"]
            both = found.by_pair("command line").merge(
                pairs, on=["measure", "seed"], how="outer", suffixes=("", "_held")
            )
            if not all(both[arm].equals(both[f"{arm}_held"]) for arm in ("baseline", "scenario")):
                yield f"The whole results of {scenario} through {lens} are not those of the ready results. {again}"


@lru_cache(maxsize=8)
def _compared(scenario: Path, base: Path, *created: str) -> Comparison:
    return compare(*(_read(path, made) for path, made in zip((scenario, base), created, strict=True)))


@lru_cache(maxsize=8)
def _read(path: Path, _created: str) -> Results:
    return read_results(path)
