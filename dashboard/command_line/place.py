"""The commands ``offset place ...``: place files from tables."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dashboard.command_line.options import Quiet
from dashboard.command_line.output import say, warn

places = typer.Typer(help="Make place files.", no_args_is_help=True)


@places.callback()
def place() -> None:
    """Make place files."""


@places.command(
    "import",
    epilog="Example: offset place import areas.csv --out my_places --area Mendip --source 'ONS mid-2020 by IMD 2019'",
)
def import_table(
    table: Annotated[Path, typer.Argument(help="CSV with area, deprivation_quintile, age_band, residents.")],
    out: Annotated[Path, typer.Option(help="Folder for the place files.")],
    area: Annotated[
        list[str] | None, typer.Option(help="Only this area; may be given several times. Without it, all areas.")
    ] = None,
    source: Annotated[str | None, typer.Option(help="Source, for every file: who counted what, and when.")] = None,
    reference: Annotated[str | None, typer.Option(help="Address of the source: https://... or doi:...")] = None,
    grade: Annotated[
        str | None, typer.Option(help="Grade. A: official count; B: derived from one; C: substitute; or assumption.")
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Write a place file for each area of a table, to check with 'offset describe place' and to edit."""
    from simulator.places.writing import Provenance, import_places

    done = import_places(table, out, area or (), Provenance(source, reference, grade))
    for error in done.left_out:
        warn(f"Left out: {error.problems[0]}")
    if not quiet:
        files = f"{len(done.written)} place file{'' if len(done.written) == 1 else 's'}"
        say(f"{files} written to {out}. Run them all with 'offset nation SCENARIO --table {out}'.")
