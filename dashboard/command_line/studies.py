"""``offset validate-against-studies``: published studies replicated by simulation."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from dashboard.command_line.lens import OneLens, one_lens
from dashboard.command_line.options import Json, Quiet, Seeds, Workers, seeds_of
from dashboard.command_line.output import note, say, show_json, table_text, write_text
from dashboard.command_line.saving import keep, refuse_unwritable, refuse_unwritable_dashboard
from dashboard.command_line.work import leave_if_lost, progress_bar

if TYPE_CHECKING:
    from calibration.studies import BlindPredictions

EXAMPLE: Final = "Example: offset validate-against-studies evercare_high_risk named_gp --seeds 12 --out studies"


def validate_against_studies(
    studies: Annotated[
        list[str] | None, typer.Argument(help="Shipped studies, or study files; without any, all shipped ones.")
    ] = None,
    seeds: Seeds = "12",
    lens: OneLens = None,
    workers: Workers = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder for the table (CSV and HTML page), all estimates and the record.")
    ] = None,
    shown: Annotated[
        Path | None, typer.Option("--dashboard", help="Folder of a dashboard that will show it on page Calibration.")
    ] = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Replicate published studies on simulated residents, and compare the predictions with the published results."""
    from calibration.studies import validate_against_studies as validate

    if len(seeds_of(seeds)) < 2:
        raise typer.BadParameter("a prediction needs at least two runs", param_hint="--seeds")
    if studies and shown:
        raise typer.BadParameter("a dashboard shows all shipped studies; name none", param_hint="--dashboard")
    refuse_unwritable(out)
    refuse_unwritable_dashboard(shown)
    through = one_lens(lens)
    with progress_bar(quiet) as progress:
        found = validate(studies or None, seeds_of(seeds), lens=through, workers=workers, progress=progress)
    if out is not None:
        from dashboard.credibility.published_studies import predictions_page

        out = keep(found.write, out)
        write_text(out / "studies.html", predictions_page(found))
    if shown is not None:
        from dashboard.runs.library import Library

        Library(shown).keep_predictions(found, str(found.record["lens"]))
    if as_json:
        tables = {"findings": list(found.findings()), "studies": found.table, "variants": found.variants}
        show_json({**tables, "record": dict(found.record)})
    else:
        _show(found)
        note(f"Written to {out}." if out else None, quiet=quiet)
        note(f"The dashboard of {shown} shows it on page Calibration." if shown else None, quiet=quiet)
    leave_if_lost(found.failures)


def _show(found: BlindPredictions) -> None:
    from calibration.studies.formatting import HEADS, RULE, cells

    rows = [cells(row) for _, row in found.table.iterrows()]
    runs = found.table["runs"]
    many = f"{runs.min()}" if runs.min() == runs.max() else f"{runs.min()} to {runs.max()}"
    say(
        table_text(
            f"Predictions and published results, {many} runs each. {found.record['lens_title']}",
            HEADS,
            rows,
            (0, 6, 7),
        )
    )
    say(f"\n{RULE}\n")
    say("\n".join((*found.findings(), *(f"Failed check: {fault}." for fault in found.record["lens_faults"]))))
