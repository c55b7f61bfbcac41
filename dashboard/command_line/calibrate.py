"""``offset calibrate``: fit a lens to its targets, or show the checks of a fitted one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from dashboard.command_line.engine import Engine, executor_of
from dashboard.command_line.lens import implied_strengths_text
from dashboard.command_line.lens_check import diagnostics_text, frames_of
from dashboard.command_line.options import Cluster, Json, Quiet, Workers
from dashboard.command_line.output import is_interactive, note, say, show_json, table_text, warn

if TYPE_CHECKING:
    import pandas as pd

    from calibration.fitting import Progress
    from simulator.lenses import Lens

EXAMPLE: Final = "Example: offset calibrate my_county --lens as-claimed --quick --out my_lens/as-claimed"
GATES_FAILED: Final = 1
_SECONDS_BETWEEN: Final = 15.0
"""Between two lines of progress where standard error is not a terminal."""


def calibrate(
    folder: Annotated[
        Path | None,
        typer.Argument(help="Folder with your own targets.yaml or priors.yaml; without it the shipped ones."),
    ] = None,
    lens: Annotated[str, typer.Option(help="Lens of the priors to fit.")] = "as-claimed",
    quick: Annotated[
        bool, typer.Option("--quick", help="Use a tenth of the runs, to test the set-up. The fit should not be used.")
    ] = False,
    residents: Annotated[
        int | None,
        typer.Option(min=2000, help="Residents to simulate in each place (7,000; with --quick 3,000)."),
    ] = None,
    workers: Workers = None,
    cluster: Cluster = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder with the same name as the lens; its runs are kept next to it.")
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Do not fit: show the checks of the lens in --out, or of the shipped one.")
    ] = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Fit a lens to published figures, report targets that were not reached, and write it for compare --lens.

    After an interruption the same command continues where it stopped.
    """
    from simulator.lenses import lens_names, load_lens, read_lens
    from simulator.lenses.lens import SHIPPED

    if check:
        folder_of = out or (SHIPPED / lens if lens in lens_names() else Path(lens))
        show_lens(load_lens(lens) if out is None else read_lens(out), folder_of, as_json=as_json)
        return
    from calibration.lens.lens_fit import SMALL, STANDARD, fit_lens, write_lens
    from calibration.targets.folder import read_files

    files = read_files(folder)
    files.of(lens)
    target = out or Path(lens)
    if target.resolve().name != lens:
        raise typer.BadParameter(f"the folder must have the same name as the lens: write --out {target / lens}")
    size = SMALL if quick else STANDARD
    size = size if residents is None else size._replace(residents=residents, full_size=None)
    store = target.resolve().parent / f"{lens}.runs.sqlite"
    store.parent.mkdir(parents=True, exist_ok=True)
    with executor_of(Engine(cluster), workers, quiet=quiet) as executor, progress_display(quiet) as on_message:
        fitted = fit_lens(files, lens, size, store=store, workers=executor or workers, progress=on_message)
    command = f"offset calibrate {folder or ''} --lens {lens}{' --quick' if quick else ''}".replace("  ", " ")
    write_lens(fitted, target, {"command": command})
    show_lens(read_lens(target), target, as_json=as_json)
    note(f"Written to {target}; runs are kept in {store}.", quiet=quiet)


def show_lens(lens: Lens, folder: Path, *, as_json: bool) -> None:
    """Print a lens with its checks and the frames of its fit in ``folder``; exits with a code if a check failed."""
    from calibration.lens.warnings import another_model, baseline_warning, unexplained
    from simulator.lenses import implied_strengths
    from simulator.results.run_record import model_version

    file = lens.file
    frames, missing = frames_of(folder)
    if as_json:
        show_json({**file.model_dump(mode="json"), "implied_strengths": implied_strengths(lens), "diagnostics": frames})
    else:
        say(f"{file.title}. {file.description}\n")
        rows = [
            [
                row.label,
                f"{row.value:g} ({row.low:g} to {row.high:g})",
                f"{row.simulated.value:.3g} ({row.simulated.low:.3g} to {row.simulated.high:.3g})",
                f"{row.z:+.1f}",
                "fitted" if row.fitted else "held out",
                "reached" if row.reached else "NOT REACHED",
                row.unit,
            ]
            for row in file.targets.values()
        ]
        heads = ["Target", "Published", "Simulated", "z", "", "", "Unit"]
        say(table_text("Targets and simulated values", heads, rows, (0, 4, 5, 6)))
        elsewhere = another_model(lens.name, lens.fitted_to, model_version())
        for sentence in (*filter(None, (lens.believed,)), *elsewhere, *unexplained(file), *baseline_warning(file)):
            say(f"\n{sentence}")
        mechanisms, every = implied_strengths(lens), implied_strengths(lens, mechanisms_only=False)
        if len(mechanisms):
            say(f"\n{implied_strengths_text(mechanisms, file.title)}")
        if len(every) > len(mechanisms):
            say(f"\n{_others_text(every[~every['path'].isin(mechanisms['path'])])}")
        for text in diagnostics_text(frames) if frames else ():
            say(f"\n{text}")
        say("")
        for name, gate in file.gates.items():
            said = gate.finding if gate.finding.startswith(name) else f"{name}: {gate.finding}"
            say(f"{'passed' if gate.passed else 'FAILED'}  {said}")
    if missing is not None:
        warn(missing)
    if lens.faults:
        warn(f"{len(lens.faults)} of {len(file.gates)} checks failed. Every comparison with this lens will say so.")
        raise typer.Exit(GATES_FAILED)


def _others_text(table: pd.DataFrame) -> str:
    """Fitted values that are not mechanisms, next to the evidence."""
    rows = [
        [
            row["label"],
            f"{row['evidence']:.3g}",
            f"{row['fitted']:.3g} ({row['fitted_low']:.3g} to {row['fitted_high']:.3g})",
            "informed" if row["informed"] else "prior-driven",
            row["unit"],
        ]
        for _, row in table.iterrows()
    ]
    return table_text("Other parameters", ["Parameter", "Evidence", "Fitted", "", "Unit"], rows, (0, 3, 4))


@contextmanager
def progress_display(quiet: bool) -> Iterator[Callable[[str, Progress], None] | None]:
    """Progress with the time left: a bar on a terminal, otherwise a line now and then; None if ``quiet``."""
    if quiet:
        yield None
    elif is_interactive():
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
        from rich.progress import Progress as Bar

        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[left]}"),
        )
        with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("Calibrating", total=None, left="")

            def update(title: str, state: Progress) -> None:
                bar.update(
                    task,
                    description=f"{title}: {state.stage}",
                    completed=state.done,
                    total=state.total,
                    left=left(state),
                )

            yield update
    else:
        yield _lines()


def _lines() -> Callable[[str, Progress], None]:
    import time

    last: dict[str, float] = {"at": 0.0}

    def line(title: str, state: Progress) -> None:
        now = time.monotonic()
        if now - last["at"] >= _SECONDS_BETWEEN or state.done == state.total:
            last["at"] = now
            warn(f"{title}: {state.stage}, {state.done} of {state.total} runs, {left(state)}")

    return line


def left(state: Progress) -> str:
    """The time left, in words."""
    if state.seconds_left is None:
        return "time left not yet known"
    minutes, seconds = divmod(round(state.seconds_left), 60)
    return f"{minutes} min {seconds} s left" if minutes else f"{seconds} s left"
