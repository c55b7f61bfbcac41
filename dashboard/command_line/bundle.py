"""``offset bundle``: make or check the ready results that ship with the simulator."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from dashboard.command_line.engine import Engine, open_executor
from dashboard.command_line.options import Cluster, Quiet, Seeds, ShippedTables, Store, Workers, Years, seeds_of
from dashboard.command_line.output import note, say, warn, write_text
from dashboard.command_line.saving import refuse_unwritable, refuse_unwritable_file
from dashboard.command_line.work import progress_bar

if TYPE_CHECKING:
    from simulator.bundle import Bundle
    from simulator.bundle.plan import Work

EXAMPLE: Final = "Example: offset bundle --seeds 16 --store ready_runs"
FAULTY: Final = 1
PAGE: Final = "RESULTS.md"
_SAME_LIVES: Final = "The residents followed are of this model, and one community followed again gives the same lives."


def bundle(
    scenario: Annotated[list[str] | None, typer.Option(help="A shipped scenario; without it, all of them.")] = None,
    place: Annotated[
        list[str] | None, typer.Option(help="A shipped place; without it, Frome and the composite places.")
    ] = None,
    lens: Annotated[list[str] | None, typer.Option(help="A shipped lens, or evidence; without it, all.")] = None,
    seeds: Seeds = "16",
    years: Years = None,
    workers: Workers = None,
    cluster: Cluster = None,
    store: Store = None,
    out: ShippedTables = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; make a sample of the runs again and compare.")
    ] = False,
    confirm: Annotated[
        bool,
        typer.Option(
            "--confirm", help="Run the first pair of every result again; if none differs, they hold for this model."
        ),
    ] = False,
    people: Annotated[
        bool, typer.Option("--people", help="Only the residents followed week by week, for page People.")
    ] = False,
    runs: Annotated[
        bool, typer.Option("--runs", help="Only the whole results of the main plans, for the pages of results.")
    ] = False,
    studies: Annotated[
        bool, typer.Option("--studies", help="Only the replicated published studies, for page Calibration.")
    ] = False,
    districts: Annotated[
        int | None,
        typer.Option(min=4, metavar="DRAWS", help="Run relational_offset in every district of England instead."),
    ] = None,
    page: Annotated[bool, typer.Option("--page", help="Run nothing; write the page again from the tables.")] = False,
    quiet: Quiet = False,
) -> None:
    """Run every shipped scenario against its base and keep the finished comparisons as tables and a page.

    A scenario with its own place or calendar is run in its place alone. --place, --scenario and --lens may be given
    several times. With --check, exits with 1 if the ready results are of another model, or not those of their runs.
    --confirm is for a change of the model that alters no number: it makes the first pair of each comparison again, and
    if all have the same numbers to the last bit, whatever was made by the models before the change holds for this one.
    What ships also has residents followed week by week through one pair of runs, which --people makes or checks alone.
    --runs makes or checks every table of the runs of the main plans, with the seeds of the ready results.
    --studies replicates the published studies through every lens, as 'offset validate-against-studies' does.
    --districts makes those of the map of England, with one pair of runs for each of so many parameter draws.
    """
    from dashboard.exports.results_page import results_page
    from simulator.bundle import FOLDER, BundlePlan, load_bundle, make_tables, write_bundle
    from simulator.bundle.same_numbers import confirm_same_numbers
    from simulator.results.run_record import model_version
    from simulator.scenario.files import SHIPPED_FOLDER

    if districts is not None:
        _districts(districts, out, Engine(cluster, store), workers, quiet=quiet)
        return
    folder, engine = out or FOLDER, Engine(cluster, store)
    if studies:
        _studies(out, engine, workers, quiet=quiet)
        return
    if confirm:
        if out is not None:
            raise typer.BadParameter("it is about the ready results that ship: leave out --out", param_hint="--confirm")
        _confirm(load_bundle(folder, any_version=True), engine, workers, quiet=quiet)
        return
    if people:
        _people(out, engine, workers, check=check, quiet=quiet)
        return
    results = (SHIPPED_FOLDER if out is None else folder) / PAGE
    if runs:
        _runs(out, engine, workers, check=check, quiet=quiet)
        return
    if check:
        _check(load_bundle(folder, any_version=True), results, engine, workers, quiet=quiet)
        if out is None:
            _runs(None, engine, workers, check=True, quiet=quiet)
        return
    if not page:
        refuse_unwritable(folder)
        chosen = (tuple(scenario or ()), tuple(place or ()), tuple(lens or ()))
        plan = BundlePlan(tuple(seeds_of(seeds)), *chosen, years)
        work = plan.work()
        with open_executor(engine, workers, quiet=quiet) as executor, progress_bar(quiet) as progress:
            tables = make_tables(work, plan.seeds, executor, progress, reporter(work, quiet=quiet))
        write_bundle(folder, plan, tables)
        note(f"{len(tables['entries'])} comparisons written to {folder}.", quiet=quiet)
        if out is None:
            confirm_same_numbers(model_version())
            _people(None, engine, workers, check=False, quiet=quiet)
            _runs(None, engine, workers, check=False, quiet=quiet)
    write_text(results, results_page(load_bundle(folder, any_version=True)))
    note(f"Their page is {results}.", quiet=quiet)


def _districts(draws: int, out: Path | None, engine: Engine, workers: int | None, *, quiet: bool) -> None:
    """Make the ready results of districts."""
    from simulator.bundle import DistrictsPlan, make_tables, write_bundle
    from simulator.bundle.districts import FOLDER

    folder = out or FOLDER
    refuse_unwritable(folder)
    plan = DistrictsPlan(draws)
    work = plan.work()
    with open_executor(engine, workers, quiet=quiet) as executor, progress_bar(quiet) as progress:
        tables = make_tables(work, plan.seeds, executor, progress)
    write_bundle(folder, plan, tables)
    note(f"{len(tables['entries'])} comparisons written to {folder}.", quiet=quiet)


def _check(held: Bundle, page: Path, engine: Engine, workers: int | None, *, quiet: bool) -> None:
    """Report faults of ready results and of their page, and exit with a code if there are any."""
    from dashboard.exports.results_page import results_page
    from simulator.bundle import check_bundle, load_bundle, load_district_results
    from simulator.bundle.people import PEOPLE, check_people
    from simulator.errors import ResultsError
    from simulator.scenario.files import SHIPPED_FOLDER

    ships = page.parent == SHIPPED_FOLDER
    with (
        open_executor(engine, workers, quiet=quiet) as executor,
        progress_bar(quiet) as progress,
        ThreadPoolExecutor(1) as beside,
    ):
        # One community takes one core as long as the sample takes two, so they are made again at the same time.
        followed = load_bundle(PEOPLE, any_version=True) if ships else None
        lives = beside.submit(check_people, followed, executor) if followed else None
        faults = check_bundle(held, executor, progress)
    if not page.is_file() or page.read_text(encoding="utf-8") != results_page(held):
        faults = (*faults, f"{page} is not what the tables say. 'offset bundle --page' writes it again.")
    try:
        if ships:
            load_district_results()
    except ResultsError as error:
        faults = (*faults, str(error))
    _exit_if(faults, held)
    say(f"{len(held.keys)} ready results are of this model, and a sample of their runs gives the same numbers.")
    if lives is not None and followed is not None:
        _exit_if(lives.result(), followed)
        say(_SAME_LIVES)


def _confirm(held: Bundle, engine: Engine, workers: int | None, *, quiet: bool) -> None:
    """Add this model to those with the numbers of the ready results; exits with a code if a number differs."""
    from simulator.bundle.checking import differs
    from simulator.bundle.same_numbers import confirm_same_numbers
    from simulator.results.run_record import model_version

    with open_executor(engine, workers, quiet=quiet) as executor, progress_bar(quiet) as progress:
        _exit_if(differs(held, executor, progress), held)
    confirm_same_numbers(str(held.record["model_version"]))
    say(f"The first pair of each of {len(held.keys)} ready results has the same numbers with model {model_version()}.")


def _exit_if(faults: Sequence[str], held: Bundle) -> None:
    for fault in faults:
        warn(fault)
    if faults:
        if not held.outdated:
            warn(f"They are made again with '{held.record['command']}'.")
        raise typer.Exit(FAULTY)


def _people(out: Path | None, engine: Engine, workers: int | None, *, check: bool, quiet: bool) -> None:
    """Make the followed residents, or check them; exits with a code if they have faults."""
    from simulator.bundle import load_bundle, write_bundle
    from simulator.bundle.people import PEOPLE, check_people, make_people, people_plan

    folder, plan = out or PEOPLE, people_plan()
    held = load_bundle(folder, any_version=True) if check else None
    with open_executor(engine, workers, quiet=quiet) as executor, progress_bar(quiet) as progress:
        if held is not None:
            _exit_if(check_people(held, executor), held)
            say(_SAME_LIVES)
            return
        write_bundle(folder, plan, make_people(plan, executor, progress))
    note(f"The residents followed are written to {folder}.", quiet=quiet)


def _runs(out: Path | None, engine: Engine, workers: int | None, *, check: bool, quiet: bool) -> None:
    """Make the whole results of the main plans, or check them; exits with a code if they have faults."""
    from simulator.bundle import write_whole_runs
    from simulator.bundle.whole_runs import FOLDER, check_whole_runs, shipped_seeds

    folder = out or FOLDER
    if check:
        faults = tuple(check_whole_runs(folder))
        for fault in faults:
            warn(fault)
        if faults:
            raise typer.Exit(FAULTY)
        say("The whole results of the main plans are of this model, and have the numbers of the ready results.")
        return
    refuse_unwritable_file(folder)
    for written in folder.glob("*/*"):  # results of each lens and scenario, which are replaced
        refuse_unwritable(written)
    with open_executor(engine, workers, quiet=quiet) as executor, progress_bar(quiet) as progress:
        made = write_whole_runs(shipped_seeds(), executor, folder, progress)
    note(f"{made} whole runs written to {folder}.", quiet=quiet)


def _studies(out: Path | None, engine: Engine, workers: int | None, *, quiet: bool) -> None:
    """Replicate the published studies through every lens."""
    from calibration.studies.predictions import SHIPPED, write_shipped_predictions

    folder = out or SHIPPED
    refuse_unwritable_file(folder)
    for written in folder.glob("*"):  # of each lens, which are replaced
        refuse_unwritable(written)
    with open_executor(engine, workers, quiet=quiet) as executor, progress_bar(quiet) as progress:
        for lens in write_shipped_predictions(executor, folder, progress):
            note(f"Studies replicated through {lens} are written to {folder / lens}.", quiet=quiet)


def reporter(work: Sequence[Work], *, quiet: bool) -> Callable[[Work], None]:
    """Prints what is done when the runs of a place and lens are, and the time that is left, by resident-weeks."""
    began, done = time.monotonic(), 0
    whole = sum(part.group.resident_weeks for part in work)

    def report(part: Work) -> None:
        nonlocal done
        done += part.group.resident_weeks
        left = (time.monotonic() - began) / 60.0 * (whole - done) / done
        spec = part.group.specs[0]
        what = f"{spec.place.title}, {spec.applied_lens.said}, {spec.weeks} weeks from {spec.starts}"
        note(f"{100 * done // whole} % done, about {left:.0f} minutes left: {what}.", quiet=quiet)

    return report
