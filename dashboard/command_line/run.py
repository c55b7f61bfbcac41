"""``offset run``: one scenario and its outcomes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

from dashboard.command_line.engine import Engine
from dashboard.command_line.lens import Causal, Frome, OneLens, one_applied_lens, show_lens_used
from dashboard.command_line.options import (
    Basis,
    Cluster,
    Json,
    Per,
    Place,
    Quiet,
    Scenario,
    Seeds,
    Store,
    Threads,
    Workers,
    Years,
    seeds_of,
)
from dashboard.command_line.output import note, show_json, show_levels
from dashboard.command_line.saving import keep
from dashboard.command_line.work import leave_if_runs_failed, run_with_progress

EXAMPLE: Final = "Example: offset run baseline --place somerset --seeds 10 --out results/baseline"


def run(
    scenario: Scenario,
    seeds: Seeds = "30",
    years: Years = None,
    place: Place = None,
    workers: Workers = None,
    threads: Threads = None,
    cluster: Cluster = None,
    store: Store = None,
    lens: OneLens = None,
    frome: Frome = None,
    causal: Causal = None,
    per: Per = Basis.YEAR,
    out: Annotated[Path | None, typer.Option(help="Folder for tidy results and the run record.")] = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Run one scenario and print its outcomes."""
    from simulator.api import load, specify_comparable
    from simulator.comparison.arms import levels

    applied_lens = one_applied_lens(lens, frome, causal)
    comparable = specify_comparable([load(scenario)], place=place, years=years, lens=applied_lens)
    engine = Engine(cluster, store, threads)
    (results,) = run_with_progress(comparable.specs, seeds_of(seeds), workers, quiet=quiet, out=out, engine=engine)
    if out is not None:
        out = keep(results.write, out)
    note(comparable.note, quiet=quiet)
    table = levels(results, per.value)
    if as_json:
        show_json({"record": results.record, "levels": table, "failures": results.failures})
    else:
        show_levels(table, f"{results.record['scenario_title']}, {results.record['place_title']}")
        show_lens_used(results.record)
        note(f"Written to {out}." if out else None, quiet=quiet)
    leave_if_runs_failed([results])
