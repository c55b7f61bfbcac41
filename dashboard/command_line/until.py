"""``offset compare --until``: replications until the headline difference is precise enough."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

from dashboard.command_line.output import note, warn
from dashboard.command_line.work import progress_bar

if TYPE_CHECKING:
    from concurrent.futures import Executor

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
    executor: Executor,
    *,
    quiet: bool,
    incomplete: bool,
) -> list[Results]:
    """Run a baseline and a scenario until the error is reached or the maximum of replications, and report which."""
    from simulator.experiments.replications import MOST, run_until
    from simulator.running.ensemble import run_ensemble

    def run(seeds: Sequence[int]) -> list[Results]:
        with progress_bar(quiet) as progress:
            return run_ensemble(specs, seeds, executor=executor, progress=progress)

    target, at_most = until
    found = run_until(
        run,
        target,
        at_most=at_most or MOST,
        incomplete=incomplete,
        on_progress=lambda text: note(text, quiet=quiet),
    )
    for sentence in found.sentences():
        if not quiet or not found.reached:
            warn(sentence)
    return found.arms
