"""What the result depends on: channels of the effect, parameters associated with it, and what a decision turns on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from dashboard.exhibits.exhibit import Exhibit, identifier
from dashboard.figures.chart import Chart, chart_of, plain_rows
from dashboard.text.labels import difference_unit, less_or_more
from dashboard.topics import decision
from dashboard.topics.through_lenses import prefixed
from dashboard.topics.why import (
    channel_cells,
    channel_finding,
    channel_rows,
    draws_used,
    tornado,
    tornado_cells,
    tornado_finding,
)
from simulator.comparison.comparison import Comparison
from simulator.comparison.outcomes import OUTCOMES, Outcome

Named = Mapping[str, Comparison]
_CHANNELS: Final = (
    "Each mark is a channel's mean part over all orders in which channels can be switched on, using common random "
    "numbers, so that the parts add up to the whole in every run. What is due only to channels working together is "
    "in the parts too. Thin lines: 80 % range."
)
_PARAMETERS: Final = (
    "Mean difference over the draws in which a parameter is low, and in which it is high; marked (beyond chance) where "
    "the rank correlation is stronger than chance would give among so many parameters in one of twenty shuffles."
)
_MOVING: Final = (
    "Change in the yearly difference in net cost when a parameter goes from its 10th to its 90th percentile, by an "
    "emulator of the pairs of runs; thin lines: middle 80 % over all other parameters. Sobol and Morris indices are in "
    "the table."
)
_WORTH: Final = (
    "Value to this place, in pounds a year, of knowing a parameter before deciding (expected value of partial perfect "
    "information); thin lines: 95 % interval."
)


def channels(
    split: Mapping[str, tuple[pd.DataFrame, str]], outcome: Outcome, notes: Mapping[str, str]
) -> tuple[Exhibit[Chart], ...]:
    """The parts of an effect: ``split`` has the table of an attribution and its provenance by the name of the lens."""
    made = []
    for name, (table, source) in split.items():
        rows, unit = channel_rows(table, outcome.name), outcome.unit_on("year")
        made.append(
            Exhibit(
                f"channels_{identifier(name)}",
                prefixed(name, channel_finding(rows, outcome.short_label, unit), notes),
                f"{_CHANNELS} {notes[name]}".strip(),
                chart_of(plain_rows(rows, "part", "low", "high", unit=f" {unit}"), f"{unit}, {less_or_more(outcome)}"),
                source,
                (channel_cells(rows, unit),),
            )
        )
    return tuple(made)


def parameters(named: Named, source: str, measure: str) -> tuple[Exhibit[Chart], ...]:
    """The parameters most strongly associated with an outcome, for each lens with enough parameter draws."""
    made = []
    for name, one in named.items():
        rows, bar = tornado(one, measure)
        if rows.empty:
            continue
        n_draws, unit = draws_used(one), difference_unit(OUTCOMES[measure].unit_on(one.basis))
        label = rows["label"].where(~rows["beyond_chance"].astype(bool), rows["label"] + " (beyond chance)")
        halves = [
            plain_rows(rows.assign(label=label, lens_title=f"where it is {half}"), f"{half}_half", unit=f" {unit}")
            for half in ("low", "high")
        ]
        made.append(
            Exhibit(
                f"tornado_{identifier(name)}",
                prefixed(name, tornado_finding(rows, n_draws), named),
                f"{_PARAMETERS} {n_draws} parameter draws; chance reaches a rank correlation of {bar:.2f}.",
                chart_of(pd.concat(halves), f"difference, {unit}"),
                source,
                (tornado_cells(rows, unit),),
            )
        )
    return tuple(made)


def decided_by(name: str, frames: decision.Frames, source: str, *, withheld: bool) -> tuple[Exhibit[Chart], ...]:
    """The parameters that move the net cost, and what it is worth to know each; ``name`` is empty for a single lens."""
    made = []
    for kind, rows, finding, note, cells in (
        ("moving", decision.moving_rows(frames), decision.moving_finding, _MOVING, decision.moving_cells),
        ("worth", decision.worth_rows(frames), decision.worth_finding, _WORTH, decision.worth_cells),
    ):
        if rows.empty:
            continue
        ends = ("", "") if withheld else ("low", "high")
        made.append(
            Exhibit(
                f"{kind}_{identifier(name)}",
                f"{name}. {finding(rows)}" if name else finding(rows),
                note,
                chart_of(
                    plain_rows(rows.assign(withheld=withheld), "amount", *ends, unit=" pounds a year"), "pounds a year"
                ),
                source,
                (cells(frames, withheld=withheld),),
            )
        )
    return tuple(made)


def line_of_record(record: Mapping[str, Any], runs: str, base: str) -> str:
    """The provenance of an analysis with its own run record; ``runs`` says how many runs it has."""
    return (
        f"Model {record['model_version']}. {record['scenario']} {record['scenario_hash']} against {base}. "
        f"{record['place_title']} {record['place_hash']}. Lens: {record['lens_title']}. {runs}, "
        f"{record['weeks']} weeks from {record['starts']}. {str(record['created'])[:10]}. "
        "Simulated estimate, not an official statistic."
    )
