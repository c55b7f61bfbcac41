"""``offset compare --until``: replications until the headline difference is precise enough."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from dashboard.command_line.engine import Engine, executor_of
from dashboard.command_line.output import note, warn
from dashboard.command_line.work import progress_bar

if TYPE_CHECKING:
    from simulator.results.results import Results
    from simulator.specification.spec import Spec


def refuse_conflicting_options(context: typer.Context, until: float | None, at_most: int | None) -> None:
    """Raise BadParameter for ``--until`` with ``--seeds``, or ``--at-most`` without ``--until``."""
    source = context.get_parameter_source("seeds")
    if until is not None and source is not None and source.name == "COMMANDLINE":
        raise typer.BadParameter("--until determines the number of seeds: leave out --seeds")
    if until is None and at_most is not None:
        raise typer.BadParameter("--at-most is a limit for --until: use both options")


def run_to_precision(
    specs: Sequence[Spec],
    until: tuple[float, int | None],
    workers: int | None,
    *,
    quiet: bool,
    incomplete: bool,
    engine: Engine,
    out: Path | None = None,
) -> list[Results]:
    """Run a baseline and a scenario until the error is reached or the maximum of replications, and report which."""
    from simulator.experiments.replications import MOST, run_until
    from simulator.results.folder import refuse_foreign_folder
    from simulator.running.ensemble import own_executor, run_ensemble

    if out is not None:
        refuse_foreign_folder(out)
    target, at_most = until
    with executor_of(engine, workers, quiet=quiet) as given:
        executor = given or own_executor(workers)

        def run(seeds: Sequence[int]) -> list[Results]:
            with progress_bar(quiet) as progress:
                return run_ensemble(specs, seeds, executor=executor, progress=progress)

        try:
            found = run_until(
                run,
                target,
                at_most=at_most or MOST,
                incomplete=incomplete,
                on_progress=lambda text: note(text, quiet=quiet),
            )
        finally:
            if given is None:
                executor.shutdown(cancel_futures=True)
    for sentence in found.sentences():
        if not quiet or not found.reached:
            warn(sentence)
    return found.arms
