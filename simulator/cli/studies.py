"""``offset validate-against-studies``: published studies made again, each prediction beside what was published."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from simulator.cli.options import Json, Quiet, Seeds, Workers, seeds_of
from simulator.cli.output import json_text, note, say, table_text, warn
from simulator.cli.work import RUNS_FAILED, progress_bar

if TYPE_CHECKING:
    import pandas as pd

    from calibration.studies import BlindPredictions

EXAMPLE: Final = "Example: offset validate-against-studies evercare_high_risk named_gp --seeds 12 --out studies"
_HEADS: Final = (
    "Study",
    "Predicted",
    "80 % of such studies",
    "Published",
    "95 % interval",
    "Unit",
    "",
    "No effect at all",
)
_RULE: Final = (
    "Hit: the published estimate lies in the 80 % predictive interval, which holds belief about the evidence and the "
    "study's own sampling. 'No effect at all' is the verdict on a prediction that nothing works. * The study is among "
    "the sources of the evidence: agreement is no independent test. No value of the model was chosen by this table."
)


def validate_against_studies(
    studies: Annotated[
        list[str] | None, typer.Argument(help="Shipped studies, or study files; all shipped ones if none.")
    ] = None,
    seeds: Seeds = "12",
    workers: Workers = None,
    out: Annotated[Path | None, typer.Option(help="Folder for the table, every estimate and the record.")] = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Make published studies again on the simulated residents, and say where the model is right and where not."""
    from calibration.studies import validate_against_studies as validate
    from simulator.results_folder import refuse_foreign_folder

    if len(seeds_of(seeds)) < 2:
        raise typer.BadParameter("a prediction needs two runs or more", param_hint="--seeds")
    if out is not None:
        refuse_foreign_folder(out)
    with progress_bar(quiet) as progress:
        found = validate(studies or None, seeds_of(seeds), workers=workers, progress=progress)
    if out is not None:
        found.write(out)
    if as_json:
        say(json_text({"findings": list(found.findings()), "studies": found.table, "record": dict(found.record)}))
    else:
        _show(found)
        note(f"Written to {out}." if out else None, quiet=quiet)
    if len(found.failures):
        first = found.failures.iloc[0]
        warn(f"{len(found.failures)} runs failed (first cause: {first['error']}: {first['message']}).")
        raise typer.Exit(RUNS_FAILED)


def _show(found: BlindPredictions) -> None:
    rows = [_cells(row) for _, row in found.table.iterrows()]
    runs = found.table["runs"]
    many = f"{runs.min()}" if runs.min() == runs.max() else f"{runs.min()} to {runs.max()}"
    say(table_text(f"Predictions beside published studies, {many} runs each", _HEADS, rows, (0, 6, 7)))
    say(f"\n{_RULE}\n")
    say("\n".join(found.findings()))


def _cells(row: pd.Series[Any]) -> list[str]:
    unit = str(row["unit"])
    interval = "none printed"
    if row["published_low"] == row["published_low"]:
        interval = f"{shown(row['published_low'], unit)} to {shown(row['published_high'], unit)}"
    nothing = {True: "hit", False: "MISS"}.get(row["nothing_hits"], "")
    return [
        f"{row['title']}{' *' if row['informs'] else ''}",
        shown(row["predicted"], unit),
        f"{shown(row['low'], unit)} to {shown(row['high'], unit)}",
        shown(row["published"], unit),
        interval,
        unit,
        "hit" if row["hit"] else "MISS",
        nothing,
    ]


def shown(value: float, unit: str) -> str:
    """An estimate as text: ratios and rates with two decimals, the rest with one and a sign.

    >>> shown(0.884, "odds ratio"), shown(-6.66, "%"), shown(-0.01, "%")
    ('0.88', '-6.7', '0.0')
    """
    if unit == "odds ratio":
        return f"{value:.2f}"
    decimals = 2 if unit == "admissions a person-year" else 1
    rounded = round(value, decimals) + 0.0
    return f"{rounded:+.{decimals}f}" if rounded else f"{0.0:.{decimals}f}"
