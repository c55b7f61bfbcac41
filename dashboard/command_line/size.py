"""``offset size``: how large a plan must be, on one screen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from dashboard.command_line.engine import Engine, executor_of
from dashboard.command_line.lens import Causal, Frome, Lens, applied_lenses_for, warn_of_faults
from dashboard.command_line.options import (
    Baseline,
    Cluster,
    Json,
    Place,
    Quiet,
    Scenario,
    Seeds,
    Store,
    Workers,
    Years,
    checked_by,
    parse_chance,
    seeds_of,
)
from dashboard.command_line.output import SCREEN, note, plain, say, show_json, warn, wrapped
from dashboard.command_line.saving import keep, refuse_unwritable
from dashboard.command_line.work import RUNS_FAILED, progress_bar

if TYPE_CHECKING:
    import pandas as pd

    from simulator.experiments.sized_plan import SizedPlan

EXAMPLE: Final = "Example: offset size relational_offset --target admissions=-5% --target money=0 --store my_runs"
_NAMES: Final = 19
_CELL: Final = 27
_TARGETS: Final = 48


def parse_multiples(text: str) -> str:
    """Check multiples such as ``0.5,1,2,10``; raises BadParameter."""
    try:
        found = multiples_of(text)
    except ValueError:
        found = []
    if len(found) < 2 or not all(0.0 < multiple <= 1000.0 for multiple in found):
        raise typer.BadParameter("write two multiples or more, each above 0 and at most 1000, such as 0.5,1,2,10")
    return text


def multiples_of(text: str) -> list[float]:
    """The multiples in a text, in rising order, each once.

    >>> multiples_of("1, 10,0.5,1")
    [0.5, 1.0, 10.0]
    """
    return sorted({float(part) for part in text.split(",")})


def parse_target_option(texts: list[str] | None) -> list[str] | None:
    """Check targets such as ``admissions=-5%``; raises BadParameter."""
    from simulator.experiments.size_targets import parse_target

    return checked_by(parse_target, texts)


def size(
    scenario: Scenario,
    baseline: Baseline = "baseline",
    multiples: Annotated[
        str | None,
        typer.Option(
            callback=lambda text: text if text is None else parse_multiples(text),
            metavar="M,M,...",
            show_default=False,
            help="Multiples of the plan. Default: 0.25,0.5,1,2,3,5,10.",
        ),
    ] = None,
    target: Annotated[
        list[str] | None,
        typer.Option(
            callback=parse_target_option,
            metavar="NAME=AMOUNT",
            help="Target: admissions=-5%, lonely=-1point, money=0, wellbeing=0 (default: these four), or any other "
            "outcome; may be given several times.",
        ),
    ] = None,
    chance: Annotated[
        float, typer.Option(parser=parse_chance, metavar="PERCENT", help="Chance with which a target is to be met.")
    ] = "80%",  # type: ignore[assignment]
    seeds: Seeds = "16",
    years: Years = None,
    place: Place = None,
    workers: Workers = None,
    cluster: Cluster = None,
    store: Store = None,
    lens: Lens = None,
    frome: Frome = None,
    causal: Causal = None,
    out: Annotated[Path | None, typer.Option(help="Folder for tidy tables, the run record and size.html.")] = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Find how large a plan must be: its effects from nothing to ten times its size, and what size meets each target.

    What the plan spends on programmes is multiplied. Automation grows with it up to its ceiling, and new money pays the
    rest. An interrupted command with --store resumes where it was.
    """
    from simulator.api import load, specify_comparable
    from simulator.experiments.sized_plan import size_plan, size_question

    applied_lenses = applied_lenses_for(lens, frome, causal)
    refuse_unwritable(out)
    comparable = specify_comparable([load(baseline), load(scenario)], place=place, years=years)
    before, after = comparable.specs
    wanted = None if multiples is None else multiples_of(multiples)
    question = size_question(after, before, wanted, target, chance)
    with (
        progress_bar(quiet) as progress,
        executor_of(Engine(cluster, store), workers, quiet=quiet) as executor,
    ):
        found = size_plan(question, applied_lenses, seeds_of(seeds), workers=executor or workers, progress=progress)
    if out is not None:
        from dashboard.report.size import write_size

        out = keep(lambda folder: write_size(found, folder), out)
    if as_json:
        show_json({"record": found.record, "chance": found.chance, **found.tables()})
    else:
        say(size_text(found))
        for record in found.lens_records:
            warn_of_faults(record)
        note(comparable.note, quiet=quiet)
        note(f"Written to {out}; open {out / 'size.html'} in a browser." if out else None, quiet=quiet)
    if found.failures:
        for failure in found.failures:
            warn(failure)
        raise typer.Exit(RUNS_FAILED)


def size_text(found: SizedPlan) -> str:
    """Everything on one screen of `SCREEN` characters."""
    return "\n".join(_lines(found))


def _lines(found: SizedPlan) -> Iterator[str]:
    from dashboard.topics.size import (
        each_rows,
        findings,
        joined_rows,
        money_rows,
        response_rows,
        shown_multiples,
        title,
    )

    yield wrapped(title(found))
    yield ""
    yield _row("", ["as it is" if multiple == 1.0 else f"{multiple:g} times" for multiple in shown_multiples(found)])
    for name, cells in money_rows(found):
        yield _row(name, cells)
    yield "People who join a programme, in the last year"
    for name, cells in joined_rows(found):
        yield _row(f"  {name}", cells)
    for heading, lines in response_rows(found):
        yield heading
        for name, cells in lines:
            yield _row(f"  {name}", [plain(cell) for cell in cells])
    yield "Net cost of each adult no longer lonely, pounds a year"
    for name, cells in each_rows(found):
        yield _row(f"  {name}", cells)
    yield ""
    yield from target_lines(f"Met with a chance of {100.0 * found.chance:g} %", found.curves, found.smallest)
    yield ""
    for sentence in findings(found):
        yield wrapped(sentence)


def target_lines(head: str, curves: pd.DataFrame, smallest: pd.DataFrame) -> Iterator[str]:
    """A table with the smallest size that meets each target, by lens, from tables of a `SizedPlan`."""
    from dashboard.topics.size import lens_names, target_rows

    names = list(lens_names(curves).values())
    wide = (SCREEN - _TARGETS) // len(names)
    for text, cells in ((head, names), *target_rows(curves, smallest)):
        yield f"{text[:_TARGETS]:{_TARGETS}}{''.join(f'{cell:>{wide}}' for cell in cells)}"


def _row(name: str, cells: list[str]) -> str:
    return f"{name[:_NAMES]:{_NAMES}}{''.join(f'{cell:>{_CELL}}' for cell in cells)}".rstrip()
