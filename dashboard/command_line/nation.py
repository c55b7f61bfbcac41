"""The command ``offset nation``: a scenario in every place of a nation, and the national totals."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from dashboard.command_line.engine import Engine, open_executor
from dashboard.command_line.lens import Causal, Frome, OneLens, one_applied_lens, show_lens_used
from dashboard.command_line.options import (
    Baseline,
    Cluster,
    Json,
    Quiet,
    Scenario,
    Seeds,
    Store,
    Workers,
    Years,
    parse_scale,
    seeds_of,
)
from dashboard.command_line.output import contrast_rows, is_interactive, note, say, show_json, table_text, warn
from dashboard.command_line.work import RUNS_FAILED

if TYPE_CHECKING:
    from concurrent.futures import Executor

    import pandas as pd

    from simulator.nations import NationRuns, PlaceResult

EXAMPLE: Final = "Example: offset nation relational_offset --seeds 4 --store my_runs --out england"
_TOLD: Final = 3
"""Places shown at each end of the ranking."""
_INTERVAL: Final = {"pairs": "80 % range", "places": "80 % by places", "none": "Interval"}


def nation(
    scenario: Scenario,
    baseline: Baseline = "baseline",
    table: Annotated[
        str | None,
        typer.Option(
            metavar="FILE|FOLDER",
            help="Areas to run: districts (the 326 of England), a folder of place files, or a table with the columns "
            "area, deprivation_quintile, age_band, residents.",
        ),
    ] = None,
    scale: Annotated[
        float | None,
        typer.Option(
            parser=parse_scale,
            metavar="SHARE",
            help="Run each place with this share of its residents (0.05 or 5%), at least 2,000; results are scaled up.",
        ),
    ] = None,
    seeds: Seeds = "4",
    years: Years = None,
    amounts_for: Annotated[
        int | None,
        typer.Option(min=1, help="Residents that the scenario's amounts are for; by default, those of its place."),
    ] = None,
    workers: Workers = None,
    cluster: Cluster = None,
    store: Store = None,
    lens: OneLens = None,
    frome: Frome = None,
    causal: Causal = None,
    out: Annotated[Path | None, typer.Option(help="Folder for tables, run record and report.")] = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Compare a scenario with a baseline in every place of a nation and in total: 20 English composites, or a table."""
    from simulator.api import load
    from simulator.foundations.categories import WEEKS_PER_YEAR
    from simulator.nations import NationFolder, load_nation, nation_question, run_nation

    arms = (load(scenario), load(baseline))
    weeks = None if years is None else years * WEEKS_PER_YEAR
    question = nation_question(
        load_nation("england" if table is None else table),
        arms,
        seeds_of(seeds),
        scale,
        weeks=weeks,
        amounts_for=amounts_for,
    )
    question = replace(question, applied_lens=one_applied_lens(lens, frome, causal))
    folder = None if out is None else NationFolder(out, question)

    def opened() -> AbstractContextManager[Executor]:
        return open_executor(Engine(cluster, store), workers, quiet=quiet)

    with _progress(question.nation.residents, len(question.nation.areas), quiet=quiet) as show:

        def on_progress(done: PlaceResult) -> None:
            if folder is not None:
                folder.add(done)
            for failure in done.failures.itertuples():
                warn(f"{done.about['title']} is left out: {failure.error}: {failure.message}")
            show(done)

        runs = run_nation(question, workers=workers, opened=opened, on_progress=on_progress)
    _show(runs, as_json=as_json)
    if folder is not None:
        from dashboard.report.folder import write_comparison

        remarks = " ".join(runs.sentences())
        folder.finish(runs, lambda new: write_comparison(runs.comparison, new, remarks))
        note(f"Written to {out}.", quiet=quiet)
    if len(runs.failures):
        raise typer.Exit(RUNS_FAILED)


@contextmanager
def _progress(residents: int, places: int, *, quiet: bool) -> Iterator[Callable[[PlaceResult], None]]:
    """A progress bar with the time left, by residents, since places differ in size."""
    if quiet or not is_interactive():
        yield lambda done: None  # noqa: ARG005
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        Progress,
        TaskProgressColumn,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(f"0 of {places} places", total=residents)
        ended = 0

        def show(done: PlaceResult) -> None:
            nonlocal ended
            ended += 1
            bar.update(task, completed=done.done, description=f"{ended} of {places} places: {done.about['title']}")

        yield show


def _show(runs: NationRuns, *, as_json: bool) -> None:
    totals, spread = runs.totals(), runs.spread()
    if as_json:
        tables: dict[str, Any] = {"totals": totals, "spread": spread, "places": runs.places, "outcomes": runs.outcomes}
        tables |= {"failures": runs.failures, "remarks": list(runs.sentences()), "record": runs.record()}
        show_json({"headline": runs.headline(), **tables})
        return
    say(f"{runs.headline()}\n")
    record = runs.record()
    covers = next((name for name in ("pairs", "places") if (totals["interval"] == name).any()), "none")
    main = totals[totals["measure"].isin(set(runs.outcomes["measure"]))]
    heads = ["Outcome", "Baseline", "Scenario", "Difference", _INTERVAL[covers], "Fewer in", "Unit"]
    against = runs.comparison.baseline.record["scenario_title"]
    title = f"{record['scenario_title']} against {against}, {record['place_title']}"
    say(f"{table_text(title, heads, contrast_rows(main))}\n")
    say(f"{_spread_text(spread)}\n")
    say(f"{_ends_text(runs.outcomes)}\n")
    for sentence in runs.sentences():
        say(sentence)
    show_lens_used(record)


def _spread_text(spread: pd.DataFrame) -> str:
    rows = [
        [
            str(row["label"]),
            *(_number(row[name]) for name in ("lowest", "low", "median", "high", "highest")),
            f"{100.0 * row['residents_with_fewer']:.0f} %",
            str(row["rate_unit"]),
        ]
        for _, row in spread.iterrows()
    ]
    heads = ["Difference", "Lowest", "10 %", "Median", "90 %", "Highest", "Residents with less", "Unit"]
    return table_text("Variation between places, weighted by residents", heads, rows, (0, 7))


def _ends_text(outcomes: pd.DataFrame) -> str:
    """The places where admissions fall and rise most."""
    table = outcomes[outcomes["measure"] == "emergency_admissions"].sort_values(["rate", "place"], kind="stable")
    ends = table if len(table) <= 2 * _TOLD else table.iloc[[*range(_TOLD), *range(-_TOLD, 0)]]
    rows = [
        [
            str(row["title"]),
            f"{row['residents']:,}",
            f"{row['factor']:.4g}",
            _number(row["difference"]),
            _number(row["rate"]),
        ]
        for _, row in ends.iterrows()
    ]
    heads = ["Place", "Residents", "Scaled up by", "Admissions a year", "Per 1,000 residents"]
    return table_text("Places where emergency admissions fall and rise most", heads, rows)


def _number(value: Any) -> str:
    number = float(value)
    return f"{number:,.0f}" if abs(number) >= 1000.0 else f"{number:.3g}"
