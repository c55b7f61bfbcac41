"""Work shared by commands: runs with a progress bar, checks of files, and schemas."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

import typer

from dashboard.command_line.engine import LOCAL, Engine, executor_of
from dashboard.command_line.output import is_interactive, warn
from dashboard.command_line.saving import refuse_unwritable

if TYPE_CHECKING:
    import pandas as pd

    from simulator.results.results import Results
    from simulator.specification.spec import Spec

RUNS_FAILED: Final = 3
BEFORE: Final = "compiling, making the place"
"""What happens before the first run is done."""


def run_with_progress(
    specs: Sequence[Spec],
    seeds: Sequence[int],
    workers: int | None,
    *,
    quiet: bool,
    out: Path | None = None,
    parameters: Literal["drawn", "central"] = "drawn",
    engine: Engine = LOCAL,
) -> list[Results]:
    """Run specifications. An ``out`` folder that cannot be written is refused before anything runs."""
    from simulator.running.ensemble import run_ensemble

    refuse_unwritable(out)
    with progress_bar(quiet) as progress, executor_of(engine, workers, quiet=quiet) as executor:
        return run_ensemble(specs, seeds, executor=executor, workers=workers, progress=progress, parameters=parameters)


@contextmanager
def progress_bar(quiet: bool, what: str = "Runs") -> Iterator[Callable[[int, int], None] | None]:
    """A progress bar on standard error; None if that is not a terminal or ``quiet`` is true.

    It names ``what`` is run, how long that has taken and how long the rest will take; before the first run is done,
    what comes before it.
    """
    if quiet or not is_interactive():
        yield None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    times = (TextColumn("taken"), TimeElapsedColumn(), TextColumn("left"), TimeRemainingColumn())
    columns = (TextColumn("{task.description}"), BarColumn(bar_width=16), MofNCompleteColumn(), *times)
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(f"{what}: {BEFORE}", total=None)

        def update(done: int, total: int) -> None:
            bar.update(task, description=what if done else f"{what}: {BEFORE}", completed=done, total=total)

        yield update


def leave_if_runs_failed(arms: Sequence[Results]) -> None:
    """Report failed runs, if any, and exit with their code."""
    from simulator.comparison.comparability import failed_runs

    lost = [failed_runs(arm) for arm in arms if len(arm.failures)]
    for sentence in lost:
        warn(sentence)
    if lost:
        raise typer.Exit(RUNS_FAILED)


def leave_if_lost(failures: pd.DataFrame) -> None:
    """Report runs that failed, with one row per run in ``failures``, and exit with their code."""
    if len(failures):
        first = failures.iloc[0]
        warn(f"{len(failures)} runs failed. The first failed with {first['error']}: {first['message']}.")
        raise typer.Exit(RUNS_FAILED)


_KINDS: Final = (
    ({"targets"}, "calibration.targets.run_files", "check_runs", "targets"),
    ({"lenses"}, "calibration.targets.priors", "load_priors", "priors"),
    ({"published", "simulate"}, "calibration.studies", "load_study", "a study"),
    ({"places"}, "simulator.counties", "read_county", "a county"),
    ({"residents"}, "simulator.places", "read_place", "a place"),
    ({"unit_cost", "for"}, "simulator.programme_files", "load_programme", "a programme"),
)
"""Kinds of files by a field that only they have: fields, module and name of the reader, name of the kind."""


def check_file(path: Path, place: str | None) -> str:
    """Check a scenario, place, county, programme, target or study file, or a folder of evidence; return its kind.

    Raises a FileError with every problem.
    """
    from simulator.errors import FileError
    from simulator.foundations.input_files import read_yaml

    if path.is_dir() and (path / "lens.yaml").is_file():
        from simulator.lenses import read_lens

        read_lens(path)
        return "a lens"
    if path.is_dir():
        from simulator.evidence import load_evidence

        load_evidence(path)
        return "evidence"
    data = read_yaml(path, FileError).data if path.is_file() else {}
    fields = set(data) if isinstance(data, dict) else set()
    for marks, module, reader, kind in _KINDS:
        if fields & marks:
            getattr(importlib.import_module(module), reader)(path)
            return kind
    from simulator.districts import load_place, named_district
    from simulator.scenario.scenario import load_scenario
    from simulator.specification.spec import build_spec

    scenario = load_scenario(path)
    build_spec(scenario, load_place(place) if place else named_district(scenario.place_reference))
    return "a scenario"


_MODELS: Final = {
    "scenario": ("simulator.scenario.scenario", "Scenario"),
    "place": ("simulator.places", "PlaceFile"),
    "county": ("simulator.counties", "CountyFile"),
    "evidence": ("simulator.evidence.schema", "EvidenceFile"),
    "targets": ("calibration.targets.targets", "TargetFile"),
    "lens": ("simulator.lenses", "LensFile"),
    "priors": ("calibration.targets.priors", "PriorFile"),
    "study": ("calibration.studies", "PublishedStudy"),
}
"""Kinds of files, and the model that each is checked by."""


def schema_of(kind: str) -> dict[str, Any]:
    """The JSON Schema of files of one kind."""
    from simulator.foundations.input_files import json_schema
    from simulator.programme_files import programme_schema

    if kind == "programme":
        return programme_schema()
    module, model = _MODELS[kind]
    return json_schema(getattr(importlib.import_module(module), model))
