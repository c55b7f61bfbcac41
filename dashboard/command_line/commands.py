"""The commands of ``offset``. Slow imports are inside the command that needs them, so that help is quick.

Exit codes: 0 done; 1 a file is invalid, or the request is refused; 2 the command was not understood; 3 some runs
failed; 130 interrupted. Nothing runs and nothing is written when a file is invalid.
"""

from __future__ import annotations

import gc
import io
import os
import signal
import sys
import warnings
from pathlib import Path
from types import FrameType
from typing import Annotated, Any, Final

import typer
from typer.core import TyperGroup

from dashboard.command_line.attribute import EXAMPLE as ATTRIBUTE_EXAMPLE
from dashboard.command_line.attribute import attribute
from dashboard.command_line.bundle import EXAMPLE as BUNDLE_EXAMPLE
from dashboard.command_line.bundle import bundle
from dashboard.command_line.calibrate import EXAMPLE as CALIBRATE_EXAMPLE
from dashboard.command_line.calibrate import calibrate
from dashboard.command_line.comparing import (
    ComparisonRequest,
    Shown,
    compare_through,
    compare_variants,
    give_answer,
)
from dashboard.command_line.dashboard import EXAMPLE as DASHBOARD_EXAMPLE
from dashboard.command_line.dashboard import EXAMPLE as SIGN_IN_EXAMPLE
from dashboard.command_line.dashboard import dashboard, sign_in
from dashboard.command_line.engine import Engine
from dashboard.command_line.evaluate import EXAMPLE, evaluate
from dashboard.command_line.lens import (
    Causal,
    Frome,
    Lens,
    NoCausal,
    Variants,
    applied_lenses_for,
    implied_strengths_for,
    refuse_lens_settings,
)
from dashboard.command_line.nation import EXAMPLE as NATION_EXAMPLE
from dashboard.command_line.nation import nation
from dashboard.command_line.options import (
    AtMost,
    Baseline,
    Basis,
    Cluster,
    Group,
    Json,
    Kind,
    Matters,
    Per,
    Place,
    Quiet,
    Scenario,
    Seeds,
    SeedsEach,
    Store,
    Subject,
    Threads,
    Until,
    Workers,
    Years,
    seeds_of,
)
from dashboard.command_line.output import (
    frame_text,
    json_text,
    note,
    place_text,
    say,
    targets_text,
    warn,
    write_text,
)
from dashboard.command_line.pictured import PICTURED, is_picture, pictured_table, write_picture
from dashboard.command_line.place import places
from dashboard.command_line.report import EXAMPLE as REPORT_EXAMPLE
from dashboard.command_line.report import report
from dashboard.command_line.run import EXAMPLE as RUN_EXAMPLE
from dashboard.command_line.run import run
from dashboard.command_line.runs import runs
from dashboard.command_line.saving import cannot_write, refuse_unwritable_file
from dashboard.command_line.sensitivity import EXAMPLE as SENSITIVITY_EXAMPLE
from dashboard.command_line.sensitivity import sensitivity
from dashboard.command_line.size import EXAMPLE as SIZE_EXAMPLE
from dashboard.command_line.size import size
from dashboard.command_line.spread import spread
from dashboard.command_line.studies import EXAMPLE as STUDIES_EXAMPLE
from dashboard.command_line.studies import validate_against_studies
from dashboard.command_line.surface import EXAMPLE as SURFACE_EXAMPLE
from dashboard.command_line.surface import surface
from dashboard.command_line.until import refuse_conflicting_options
from dashboard.command_line.work import RUNS_FAILED, check_file, leave_if_runs_failed, run_with_progress, schema_of
from simulator.errors import IncompleteEnsembleError, SimulatorError
from simulator.running.processes import import_ahead

FILE_IS_BAD: Final = 1
RUNNING: Final = (["run"], ["compare"])
"""Commands for which worker processes start while files are read."""

FEW_COLLECTIONS: Final = 50_000
"""New objects between two garbage collections: a command keeps most of what it imports and makes, so that collections
after every 700, as usual, would take a tenth of its time."""


class Commands(TyperGroup):
    """Turns errors of the simulator into a message and an exit code, and warnings into a line."""

    def invoke(self, ctx: Any) -> Any:
        """Run a command."""
        try:
            with warnings.catch_warnings():
                warnings.showwarning = lambda message, *_: warn(str(message))
                return super().invoke(ctx)
        except SimulatorError as error:
            warn(str(error))
            raise typer.Exit(RUNS_FAILED if isinstance(error, IncompleteEnsembleError) else FILE_IS_BAD) from None
        except BrokenPipeError:
            raise
        except OSError as error:
            warn(cannot_write(error))
            raise typer.Exit(FILE_IS_BAD) from None


FIRST: Final = """\
offset simulates a place that automates tasks and spends the staff time this frees on relationships.

Three things to do first:
  offset dashboard                              see what the shipped plans do, in a browser
  offset compare relational_offset --seeds 8    one plan against services as they are, on one screen
  offset compare my_plan.yaml --place my.yaml   your own plan in your own place

offset --help lists every command, offset COMMAND --help its options."""
"""What ``offset`` alone prints."""

app = typer.Typer(
    cls=Commands,
    name="offset",
    invoke_without_command=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    help="Simulate a place that automates tasks and spends the staff time this frees on relationships.",
    epilog="Example: offset compare relational_offset baseline --seeds 30 --out results",
)


@app.callback()
def begin(
    ctx: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", help="Print the version of the product and of the model.")
    ] = False,
) -> None:
    """Print the version, or what to do first; otherwise nothing before the command."""
    if version:
        from simulator.results.run_record import model_version, package_version

        say(f"offset {package_version()}, model {model_version()}")
    elif ctx.invoked_subcommand is None:
        say(FIRST)


app.command(epilog=RUN_EXAMPLE)(run)


@app.command(epilog="Example: offset compare relational_offset baseline --seeds 30 --out results")
def compare(
    ctx: typer.Context,
    scenario: Scenario,
    baseline: Baseline = "baseline",
    seeds: SeedsEach = None,
    until: Until = None,
    at_most: AtMost = None,
    years: Years = None,
    place: Place = None,
    workers: Workers = None,
    threads: Threads = None,
    cluster: Cluster = None,
    store: Store = None,
    lens: Lens = None,
    frome: Frome = None,
    causal: Causal = None,
    no_causal: NoCausal = False,
    variants: Variants = False,
    per: Per = Basis.YEAR,
    matters: Matters = None,
    every: Annotated[bool, typer.Option("--all", help="Print every outcome, cost and effect size.")] = False,
    by: Annotated[list[Group] | None, typer.Option(help="Also split by this; may be given twice.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for results, run records and the HTML report.")] = None,
    incomplete: Annotated[bool, typer.Option("--incomplete", help="Compare even if some runs failed.")] = False,
    wider: Annotated[bool, typer.Option("--wider", help="Also print the wider ledger, which is in no total.")] = False,
    absorbed: Annotated[bool, typer.Option("--absorbed", help="Compare with the same, absorbed time idle.")] = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Compare two scenarios, run with common random numbers: who gains, who loses and what it costs."""
    from simulator.api import load, specify_comparable
    from simulator.comparison.smallest_differences import read_matters
    from simulator.comparison.verdict import ENOUGH
    from simulator.experiments.absorbed_time import with_idle_time

    refuse_conflicting_options(ctx, until, at_most)
    refuse_lens_settings(variants, lens, frome, causal)
    applied_lenses = applied_lenses_for(lens, frome, causal)
    if absorbed and baseline != "baseline":
        raise typer.BadParameter(f"--absorbed compares {scenario} with itself; leave out {baseline}.")
    before = with_idle_time(scenario) if absorbed else load(baseline)
    comparable = specify_comparable([before, load(scenario)], place=place, years=years)
    seeds = seeds or ("30" if len(applied_lenses) == 1 else str(ENOUGH))
    asked = ComparisonRequest(
        seeds_of(seeds),
        None if until is None else (until, at_most),
        workers,
        incomplete,
        quiet,
        one_share=causal is not None,
        no_causal=no_causal or not (every or out or as_json or variants),
    )
    shown = Shown(tuple(group.value for group in by or ()), comparable.note, every, wider, as_json, quiet)
    engine = Engine(cluster, store, threads)
    if variants:
        comparing = compare_variants(comparable, asked, engine=engine, out=out)
    else:
        comparing = compare_through(applied_lenses, comparable, asked, engine=engine, out=out)
    with comparing as answer:
        strengths = implied_strengths_for(lens)
        found = answer.found.per(per.value).judged_by(read_matters(matters or ()))
        answer = answer._replace(found=found._replace(implied_strengths=strengths))
        finished = give_answer(answer, shown, out)
    if not finished:
        raise typer.Exit(INTERRUPTED)
    leave_if_runs_failed(answer.arms)


app.command(epilog=SIZE_EXAMPLE)(size)
app.command(epilog="Example: offset spread candles rollout --seeds 4 --scale 0.25 --out county")(spread)
app.command(epilog="Example: offset runs my_runs --check")(runs)
app.command(epilog=NATION_EXAMPLE)(nation)
app.add_typer(places, name="place")


@app.command(epilog="Example: offset validate scenarios/relational_offset.yaml my_town.yaml")
def validate(
    files: Annotated[
        list[Path],
        typer.Argument(help="Scenario, place, county, programme, target or study files, or a folder of evidence."),
    ],
    place: Place = None,
) -> None:
    """Check files without running anything; every problem is listed with its line."""
    faults = 0
    for file in files:
        try:
            say(f"{file}: {check_file(file, place)}, no problems found")
        except SimulatorError as error:
            warn(str(error))
            faults += 1
    if faults:
        raise typer.Exit(FILE_IS_BAD)


@app.command(epilog="Example: offset describe baseline --place frome --seeds 10")
def describe(
    what: Annotated[Subject, typer.Argument(help="Subject to describe.")],
    name: Annotated[str | None, typer.Argument(help="The place, scenario, evidence topic or programme.")] = None,
    place: Place = None,
    seeds: Seeds = "10",
    years: Years = None,
    workers: Workers = None,
    out: Annotated[Path | None, typer.Option(help="File to write instead of printing.")] = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Describe a place or its workforce, the model, its evidence, a scenario; or run the baseline against targets.

    Subject access runs the practice with a tenth more and a tenth fewer clinicians; loneliness runs nine years beside
    published figures; relational_work is every arrow from an hour with someone to a day in hospital. With --out and
    .svg or .png these three are drawn.
    """
    if out is not None:
        refuse_unwritable_file(out)
    if what is Subject.BASELINE:
        from calibration import against_targets, load_targets
        from simulator.api import load, specify_comparable

        targets = load_targets()
        comparable = specify_comparable([load(name or "baseline")], place=place, years=years)
        (results,) = run_with_progress(comparable.specs, seeds_of(seeds), workers, quiet=quiet, parameters="central")
        found: Any = against_targets(results, targets)
        record = results.record
        of_what = f"{record['scenario_title']}, {record['place_title']}"
        shown = targets_text(found, f"{of_what}, {len(results.finished)} runs at central evidence")
    elif what in PICTURED:
        found, shown = pictured_table(what, place or name, years, seeds_of(seeds), workers, quiet=quiet)
        if out is not None and is_picture(out):
            write_picture(what, found, out)
            note(f"Written to {out}.", quiet=quiet)
            out = None
    else:
        from simulator.api import describe as description

        found = description(what.value, place or name if what in (Subject.PLACE, Subject.WORKFORCE) else name)
        as_table = place_text if what is Subject.PLACE else frame_text
        shown = found if isinstance(found, str) else as_table(found)
    if as_json:
        found = {"text": found} if isinstance(found, str) else found
        shown = json_text(found)
    if out is not None:
        write_text(out, shown if shown.endswith("\n") else f"{shown}\n")
        note(f"Written to {out}.", quiet=quiet)
    else:
        say(shown.rstrip("\n"))


@app.command(epilog="Example: offset schema scenario --out scenarios/schema.json")
def schema(
    kind: Annotated[Kind, typer.Argument(help="Kind of file.")],
    out: Annotated[Path | None, typer.Option(help="File to write instead of printing.")] = None,
) -> None:
    """Print the JSON Schema of a kind of file, for editors that check as you type."""
    text = json_text(schema_of(kind.value))
    if out is None:
        say(text)
    else:
        write_text(out, f"{text}\n")


app.command(epilog=REPORT_EXAMPLE)(report)
app.command(epilog=EXAMPLE)(evaluate)
app.command(epilog=ATTRIBUTE_EXAMPLE)(attribute)
app.command(epilog=SENSITIVITY_EXAMPLE)(sensitivity)
app.command(epilog=CALIBRATE_EXAMPLE)(calibrate)
app.command("validate-against-studies", epilog=STUDIES_EXAMPLE)(validate_against_studies)
app.command(epilog=BUNDLE_EXAMPLE)(bundle)
app.command(epilog=SURFACE_EXAMPLE)(surface)
app.command(epilog=DASHBOARD_EXAMPLE)(dashboard)
app.command("sign-in", epilog=SIGN_IN_EXAMPLE)(sign_in)


def main() -> None:
    """Entry point."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # shows '?' for characters that the console lacks
    gc.set_threshold(FEW_COLLECTIONS)
    if sys.argv[1:2] in RUNNING and "--help" not in sys.argv:
        import_ahead()
    answer_interrupts()
    app()


# Ctrl-C: the first waits for the current runs to finish, the second exits at once.


INTERRUPTED: Final = 130
STANDARD_ERROR: Final = 2
INTERRUPTED_MESSAGE: Final = "Interrupted. Runs in progress will finish first; interrupt again to stop at once."


def answer_interrupts() -> None:
    """Handle interrupts, unless this process was started with interrupts ignored.

    A run cannot be stopped in the middle, and one of a very large place takes a long time. Exiting at once is safe:
    worker processes end with their parent, and stores and folders are written whole or not at all.
    """
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _first)


def _first(number: int, frame: FrameType | None) -> None:
    signal.signal(signal.SIGINT, _second)
    os.write(STANDARD_ERROR, f"{INTERRUPTED_MESSAGE}\n".encode())  # print could find its buffer in use
    signal.default_int_handler(number, frame)


def _second(*_: object) -> None:
    os._exit(INTERRUPTED)
