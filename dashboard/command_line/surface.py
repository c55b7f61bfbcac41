"""``offset surface``: make or check the response surface that ships with the simulator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import typer

from dashboard.command_line.bundle import FAULTY, reporter
from dashboard.command_line.engine import Engine, open_executor
from dashboard.command_line.options import Cluster, Quiet, ShippedTables, Store, Workers, Years
from dashboard.command_line.output import note, say, warn
from dashboard.command_line.saving import refuse_unwritable
from dashboard.command_line.work import progress_bar

if TYPE_CHECKING:
    from calibration.surface import Surface

EXAMPLE: Final = "Example: offset surface --store surface_runs"
_FEWEST_POINTS: Final = 8
_FEWEST_DRAWS: Final = 2
_FEWEST_RESIDENTS: Final = 1000


def surface(
    points: Annotated[int, typer.Option(min=_FEWEST_POINTS, help="Plans to run; a quarter test the estimates.")] = 96,
    draws: Annotated[int, typer.Option(min=_FEWEST_DRAWS, help="Parameter draws, with one pair of runs each.")] = 8,
    residents: Annotated[
        int,
        typer.Option(min=_FEWEST_RESIDENTS, help="Residents simulated at most, in proportion; results are scaled up."),
    ] = 28_000,
    place: Annotated[list[str] | None, typer.Option(help="A shipped place; without it, Frome.")] = None,
    lens: Annotated[list[str] | None, typer.Option(help="A shipped lens; without it, the two that are shown.")] = None,
    years: Years = None,
    workers: Workers = None,
    cluster: Cluster = None,
    store: Store = None,
    out: ShippedTables = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; make one pair of runs again and compare.")
    ] = False,
    quiet: Quiet = False,
) -> None:
    """Run plans that fill a space of automation, programmes and new money, so that any other can be estimated at once.

    With --check, exits with 1 if the estimates are of another model, scenario or lens, or not those of their runs. An
    interrupted command with --store resumes where it was.
    """
    from calibration.surface import FOLDER, load_surface
    from calibration.surface.making import SurfacePlan, make_surface

    folder, engine = out or FOLDER, Engine(cluster, store)
    if check:
        _check(load_surface(folder), engine, workers, quiet=quiet)
        return
    refuse_unwritable(folder)
    plan = SurfacePlan(points, draws, residents, tuple(place or SurfacePlan.places), tuple(lens or ()), years)
    report = reporter(plan.work(), quiet=quiet)
    with open_executor(engine, workers, quiet=quiet) as executor, progress_bar(quiet) as progress:
        made = make_surface(plan, folder, executor, progress, report)
    _say_errors(made)
    note(f"{plan.points} plans written to {folder}.", quiet=quiet)


def _say_errors(made: Surface) -> None:
    """How far estimates miss plans that they have not seen, by outcome."""
    for _, row in made.tables["check"].iterrows():
        of_range = f" ({100.0 * row['missed_by'] / row['range']:.2g} % of the range)" if row["range"] else ""
        say(
            f"{row['place']}, {row['lens']}: {row['label'].lower()}, estimates miss {row['points']} plans not seen by "
            f"{row['missed_by']:,.3g} {row['unit']} on average{of_range}; {100.0 * row['inside']:.0f} % of runs lie in "
            "their 80 % ranges."
        )


def _check(held: Surface, engine: Engine, workers: int | None, *, quiet: bool) -> None:

    from calibration.surface.making import repeated

    faults: tuple[str, ...] = (held.outdated,) if held.outdated else ()
    if not faults:
        with open_executor(engine, workers, quiet=quiet, tasks=1) as executor:
            faults = repeated(held, executor)
    for fault in faults:
        warn(fault)
    if faults:
        raise typer.Exit(FAULTY)
    say(f"Estimates from {len(held.points)} plans are of this model, and a pair of runs gives the same numbers again.")
