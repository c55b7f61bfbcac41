"""``offset evaluate``: simulated studies of a programme, compared with its true effect."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from dashboard.command_line.lens import Causal, Frome, OneLens, one_applied_lens, show_lens_used
from dashboard.command_line.options import Design, Json, Place, Quiet, Seeds, Workers, Years, seeds_of
from dashboard.command_line.output import note, say, show_json, table_text
from dashboard.command_line.saving import keep, refuse_unwritable, refuse_unwritable_dashboard
from dashboard.command_line.work import leave_if_lost, progress_bar

if TYPE_CHECKING:
    import pandas as pd

    from simulator.evaluation import Evaluation

EXAMPLE: Final = "Example: offset evaluate complex_care_hub --design before-after --design trial --seeds 10"
_HEADS: Final = (
    "Design",
    "Effect on",
    "People",
    "Compared",
    "Rate",
    "Expected",
    "Reported change",
    "True change",
    "Bias",
    "Intervals that miss",
    "Found fewer",
    "Found more",
)
_LONELINESS_HEADS: Final = (
    "Design",
    "Effect on",
    "Weeks",
    "People",
    "Compared",
    "Reported (error)",
    "True",
    "Intervals that miss",
    "No longer",
    "As surveyed",
)


def evaluate(
    programme: Annotated[str, typer.Argument(help="Programme to study, such as complex_care_hub.")],
    design: Annotated[
        list[Design] | None, typer.Option(help="Design; may be given several times. Without it, all designs.")
    ] = None,
    scenario: Annotated[str | None, typer.Option(help="Scenario that funds it ('frome').")] = None,
    seeds: Seeds = "10",
    years: Years = None,
    place: Place = None,
    workers: Workers = None,
    lens: OneLens = None,
    frome: Frome = None,
    causal: Causal = None,
    out: Annotated[Path | None, typer.Option(help="Folder for estimates, the studies' data and the record.")] = None,
    shown: Annotated[
        Path | None, typer.Option("--dashboard", help="Folder of a dashboard that will show it on page Calibration.")
    ] = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Study a programme with common study designs, and compare their estimates with its true effect."""
    from simulator.api import STUDIED
    from simulator.api import evaluate as evaluate_programme
    from simulator.evaluation import DESIGNS, json_content

    refuse_unwritable(out)
    refuse_unwritable_dashboard(shown)
    applied_lens = one_applied_lens(lens, frome, causal)
    designs = [chosen.value for chosen in design] if design else DESIGNS
    with progress_bar(quiet) as progress:
        found = evaluate_programme(
            programme,
            scenario or STUDIED,
            designs=designs,
            seeds=seeds_of(seeds),
            place=place,
            years=years,
            workers=workers,
            progress=progress,
            lens=applied_lens,
        )
    if out is not None:
        out = keep(found.write, out)
    if shown is not None:
        _keep(found, shown)
    if as_json:
        show_json(json_content(found))
    else:
        _show(found)
        show_lens_used(found.record)
        note(f"Written to {out}." if out else None, quiet=quiet)
        note(f"The dashboard of {shown} shows it on page Calibration." if shown else None, quiet=quiet)
    leave_if_lost(found.failures)


def _keep(found: Evaluation, folder: Path) -> None:
    """Store the studies for a dashboard of this folder."""
    from dashboard.runs.library import Library
    from dashboard.text.lens_names import lens_settings_in

    Library(folder).keep_evaluation(found, lens_settings_in(found.record).key)


def _show(found: Evaluation) -> None:
    """Print the findings, the designs side by side, and the parts of a before-after difference."""
    from simulator.evaluation.findings import PARTS, signed

    record = found.record
    say("\n".join(found.findings()) + "\n")
    title = f"{record['programme']}: {record['scenario_title']}, {record['place_title']}, one study per run"
    rows = [_cells(row) for _, row in found.summary().iterrows()]
    say(table_text(title, _HEADS, rows, (0, 1)))
    say("\nRates are emergency admissions per person-year in the year after, means over studies.")
    parts = found.decomposition()
    if len(parts):
        lines = [
            [PARTS[row["part"]], f"{row['difference']:+.3f}", signed(row["points"])] for _, row in parts.iterrows()
        ]
        lines.append(["total", f"{parts['difference'].sum():+.3f}", signed(parts["points"].sum())])
        heads = ["Part", "Per person-year", "Percentage points of the year before"]
        say(f"\n{table_text('Parts of the before-after difference', heads, lines)}")

    _show_loneliness(found)


def _show_loneliness(found: Evaluation) -> None:
    """Print loneliness by design and weeks after joining."""
    from simulator.evaluation.findings import PARTS, deviations

    summary = found.loneliness_summary()
    if summary.empty:
        return
    rows = [_loneliness_cells(row) for _, row in summary.iterrows()]
    say(f"\n{table_text('Loneliness after joining, in standard deviations at entry', _LONELINESS_HEADS, rows, (0, 1))}")
    say(
        "\nA minus means less lonely. Scores have the error of a real scale. 'No longer': of those often or always "
        "lonely at the start, the share who no longer are, in study / comparators / the same people without the "
        "programme; 'as surveyed' by their scores, in study / comparators."
    )
    before_after = summary[summary["design"] == "before-after"]
    if len(before_after):
        names = {"true_difference": PARTS["true_effect"], **{name: PARTS[name] for name in list(PARTS)[1:]}}
        names["not_paired"] += ", error of the scale"
        lines = [[label, *(deviations(float(value)) for value in before_after[name])] for name, label in names.items()]
        lines.append(["total", *(deviations(float(value)) for value in before_after["difference"])])
        heads = ["Part", *(f"{weeks} weeks" for weeks in before_after["weeks"])]
        say(f"\n{table_text('Parts of the before-after change of loneliness', heads, lines)}")


def _loneliness_cells(row: pd.Series[Any]) -> list[str]:
    from simulator.evaluation.findings import deviations, share

    truly = (row[name] for name in ("no_longer", "no_longer_compared", "no_longer_without"))
    surveyed = (row[name] for name in ("surveyed_no_longer", "surveyed_no_longer_compared"))
    return [
        str(row["design"]),
        str(row["effect_on"]),
        f"{row['weeks']}",
        f"{row['people']:,.0f}",
        f"{row['comparators']:,.0f}",
        f"{deviations(row['difference'])} ({row['error']:.2f})",
        deviations(row["true_difference"]),
        f"{row['missed_in']} of {row['studies']}",
        " / ".join("none" if math.isnan(value) else share(value) for value in truly),
        " / ".join("none" if math.isnan(value) else share(value) for value in surveyed),
    ]


def _percent(percent: float) -> str:
    from simulator.evaluation.findings import signed

    return signed(percent) if math.isnan(percent) else f"{signed(percent)} %"


def _cells(row: pd.Series[Any]) -> list[str]:
    studies = int(row["studies"])
    error = "" if math.isnan(row["bias_error"]) else f" (error {row['bias_error']:.3f})"
    return [
        str(row["design"]),
        str(row["effect_on"]),
        f"{row['people']:,.0f}",
        f"{row['comparators']:,.0f}",
        f"{row['rate']:.3f}",
        f"{row['expected']:.3f}",
        _percent(row["percent"]),
        _percent(row["true_percent"]),
        f"{row['bias']:+.3f}{error}",
        f"{row['missed_in']} of {studies}",
        f"{row['found_less_in']} of {studies}",
        f"{row['found_more_in']} of {studies}",
    ]
