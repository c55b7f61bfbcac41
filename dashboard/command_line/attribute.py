"""``offset attribute``: a scenario's effect split by channel."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from dashboard.command_line.lens import Causal, Frome, OneLens, one_applied_lens, show_lens_used
from dashboard.command_line.options import Baseline, Json, Place, Quiet, Scenario, Seeds, Workers, Years, seeds_of
from dashboard.command_line.output import note, say, show_json, table_text
from dashboard.command_line.saving import keep, refuse_unwritable
from dashboard.command_line.work import progress_bar
from simulator.comparison.outcomes import split_by_channel

if TYPE_CHECKING:
    import pandas as pd

    from simulator.experiments.attribution import Attribution

EXAMPLE: Final = "Example: offset attribute relational_offset --seeds 10 --outcome emergency_admissions"
_DECIMALS: Final = 1
_OUTCOMES: Final = f"<{'|'.join(split_by_channel())}>"


def _known(outcome: str) -> str:
    """Check that an outcome can be split by channel; raises BadParameter."""
    if outcome not in split_by_channel():
        raise typer.BadParameter(f"'{outcome}' is not one of {', '.join(split_by_channel())}")
    return outcome


def attribute(
    scenario: Scenario,
    baseline: Baseline = "baseline",
    outcome: Annotated[
        str, typer.Option(callback=_known, metavar=_OUTCOMES, help="Outcome to split.")
    ] = "emergency_admissions",
    seeds: Seeds = "10",
    years: Years = None,
    place: Place = None,
    workers: Workers = None,
    lens: OneLens = None,
    frome: Frome = None,
    causal: Causal = None,
    out: Annotated[Path | None, typer.Option(help="Folder for the tables of every outcome and the record.")] = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Split a scenario's effect by channel, using common random numbers, in parts that add up exactly."""
    from simulator.api import attribute as attribute_scenario

    refuse_unwritable(out)
    applied_lens = one_applied_lens(lens, frome, causal)
    with progress_bar(quiet) as progress:
        found = attribute_scenario(
            scenario,
            baseline,
            seeds=seeds_of(seeds),
            place=place,
            years=years,
            workers=workers,
            progress=progress,
            lens=applied_lens,
        )
    if out is not None:
        out = keep(found.write, out)
    table = found.table(outcome)
    if as_json:
        show_json({"record": found.record, "outcome": outcome, "channels": found.channels, "parts": table})
        return
    title = f"{found.scenario} against {found.baseline} in {found.place}: {outcome.replace('_', ' ')} a year"
    say(attribution_text(found, table, title))
    show_lens_used(found.record)
    note(f"Written to {out}." if out else None, quiet=quiet)


def attribution_text(found: Attribution, table: pd.DataFrame, title: str) -> str:
    """The table as text, with parts rounded so that they still add up, and a note on the method."""
    from dashboard.text.labels import CHANNELS
    from simulator.experiments.attribution import CHANGED_EVIDENCE, INTERACTION, TOTAL, rounded_to_add_up

    rows = {str(row["channel"]): row for row in table.to_dict("records")}
    shown = [*found.channels, *([CHANGED_EVIDENCE] if rows[CHANGED_EVIDENCE]["part"] else [])]
    whole = dict(zip(shown, rounded_to_add_up([float(rows[name]["part"]) for name in shown], _DECIMALS), strict=True))
    whole |= {name: round(float(rows[name]["part"]), _DECIMALS) for name in (INTERACTION, TOTAL)}
    lines = [
        [
            CHANNELS[name],
            f"{part:+,.{_DECIMALS}f}",
            f"{rows[name]['low']:+,.{_DECIMALS}f} to {rows[name]['high']:+,.{_DECIMALS}f}",
            f"{rows[name]['alone']:+,.{_DECIMALS}f}" if name in found.channels else "",
        ]
        for name, part in whole.items()
    ]
    runs, seeds = 2 ** len(found.channels) + 2, len(found.seeds)
    applied_lens = (
        f"Shapley values over {len(found.channels)} channels, {seeds} seed{'s' * (seeds > 1)} of {runs} runs each; "
        "parts add up to the whole in every seed. The range (80 %) reflects stochastic and parameter uncertainty and "
        "what the model leaves out."
    )
    return table_text(title, ["Channel", "Part", "80 % range", "Alone"], lines, [0]) + "\n" + applied_lens
