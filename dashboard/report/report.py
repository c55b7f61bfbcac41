"""The report of a comparison: one HTML file for a board, which opens without a network."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from dash import html
from dash.development.base_component import Component

from dashboard.exhibits.answer import limitations, opening
from dashboard.exhibits.components import Part, table
from dashboard.exhibits.lenses import strengths, through_each_lens
from dashboard.exhibits.results import results
from dashboard.exhibits.static_html import page
from dashboard.exhibits.tiles import tiles
from dashboard.exhibits.wider_ledger import wider
from dashboard.text import labels as words
from dashboard.text.lens_names import lens_title
from dashboard.text.tables import Cells
from dashboard.topics.through_lenses import line_of, line_through
from simulator.comparison.comparison import Comparison
from simulator.experiments.lens_comparisons import LensComparisons

RECORDED: Final = (
    "scenario",
    "scenario_hash",
    "spec_hash",
    "place_hash",
    "evidence_hash",
    "model_version",
    "versions",
    "created",
)


def write_report(
    comparison: Comparison, path: str | Path, note: str | None = None, found: LensComparisons | None = None
) -> Path:
    """Write the report of a comparison, completely or not at all; ``note`` is a sentence on how it was run.

    ``found`` is the same comparison through other lenses and at other causal shares.
    """
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    return write_whole(target, report(comparison, note, found))


def write_whole(target: Path, text: str) -> Path:
    """Write a text file, completely or not at all."""
    new = target.with_name(f".{target.name}.new")
    try:
        new.write_text(text, encoding="utf-8", newline="\n")
        return new.replace(target)
    finally:
        new.unlink(missing_ok=True)


def report(comparison: Comparison, note: str | None = None, found: LensComparisons | None = None) -> str:
    """The report as HTML: the pages of results, with the lenses, the wider ledger and the run record."""
    record, line = comparison.scenario.record, line_of(comparison)
    found = found or LensComparisons((comparison,), {})
    named = {lens_title(one.scenario.record): one.per("year") for one in found.comparisons}
    source = line_through(named)
    parts: list[Part] = [
        *opening(named),
        tiles(named, source),
        *([html.P(note)] if note else []),
        *through_each_lens(found),
        *results(named, source),
        *strengths(found),
        limitations(record),
        *_method(comparison),
        wider(comparison.per("year"), line),
    ]
    title = f"{record['scenario_title']} in {record['place_title']}"
    return page(title, record["question"], parts, line)


def _method(comparison: Comparison) -> list[Component]:
    """How to read the numbers, changes to the evidence, and the run record."""
    arms = (comparison.scenario.record, comparison.baseline.record)
    changes = [
        [arm["scenario_title"], change["path"], str(change["value"]), change["reason"]]
        for arm in arms
        for change in arm["changes"]
    ]
    heads = ["Scenario", "Evidence value", "In this scenario", "Reason"]
    changed = [table(Cells("Evidence that the scenarios change", heads, changes, 2))] if changes else []
    entries = [[name, *(str(arm[name]) for arm in arms)] for name in RECORDED]
    record = table(Cells("Run record", ["Entry", "Scenario", "Baseline"], entries, 1))
    points = [html.Li(point) for point in (words.verdict_rule(comparison.matters), *words.METHOD)]
    return [
        html.H2("How to read this"),
        html.Ul(points),
        *changed,
        html.Details([html.Summary("Run record"), record], className="record"),
    ]
