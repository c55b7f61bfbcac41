"""The report of a comparison: one HTML file for a board, which opens without a network."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any, Final

from dashboard.exhibits.paired_forest import paired_forest
from dashboard.exhibits.tiles import tiles
from dashboard.exhibits.years import years
from dashboard.report.exhibit import shown
from dashboard.text import labels as words
from dashboard.text.html import page
from dashboard.text.lens_names import lens_title
from dashboard.text.tables import html_table
from dashboard.topics.groups import who_section
from dashboard.topics.harm import chances_exhibit, first_screen
from dashboard.topics.lens_tables import lenses_section, strengths_section
from dashboard.topics.services import money_section
from dashboard.topics.through_lenses import line_of, line_through, sentences
from dashboard.topics.wider_ledger import wider_section
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
    """The report as HTML."""
    yearly = comparison.per("year")
    record = comparison.scenario.record
    line = line_of(comparison)
    found = found or LensComparisons((comparison,), {})
    named = {lens_title(one.scenario.record): one.per("year") for one in found.comparisons}
    source = line_through(named)
    sections = [
        first_screen(yearly, _headline(found), _others(found)),
        shown(tiles(named, source)),
        f"<p>{escape(note)}</p>" if note else "",
        lenses_section(found),
        "<h2>Changes in outcomes</h2>",
        shown(paired_forest(named, source)),
        shown(years(named, source)),
        "<h2>Access to services</h2>",
        shown(paired_forest(named, source, "access")),
        "<h2>Savings and costs by service</h2>",
        money_section(yearly, line),
        "<h2>Who gains, who loses</h2>",
        who_section(comparison, line),
        "<h2>Probability of harm</h2>",
        chances_exhibit(yearly, line),
        strengths_section(found),
        _limits(record),
        _method(comparison),
        wider_section(yearly, line),
    ]
    title = f"{record['scenario_title']} in {record['place_title']}"
    return page(title, record["question"], "".join(sections), f'<p class="provenance">{escape(line)}</p>')


def _headline(found: LensComparisons) -> str:
    """The findings by lens; lenses are named if there are several."""
    parts = []
    for one in found.comparisons:
        if len(found.comparisons) > 1:
            parts.append(f"<p><strong>{escape(str(one.scenario.record['lens_title']))}</strong></p>")
        parts += [f"<p>{escape(sentence)}</p>" for sentence in sentences(one)]
    return f'<div class="headline">{"".join(parts)}</div>'


def _others(found: LensComparisons) -> dict[str, Comparison]:
    return {words.short_lens_title(one.scenario.record): one.per("year") for one in found.comparisons[1:]}


def _limits(record: Mapping[str, Any]) -> str:
    points = "".join(f"<li>{escape(caveat)}</li>" for caveat in words.caveats(record))
    return f'<section class="limits"><h2>Limitations</h2><ul>{points}</ul></section>'


def _method(comparison: Comparison) -> str:
    """How to read the numbers, changes to the evidence, and the run record."""
    arms = (comparison.scenario.record, comparison.baseline.record)
    changes = [
        [arm["scenario_title"], change["path"], str(change["value"]), change["reason"]]
        for arm in arms
        for change in arm["changes"]
    ]
    heads = ["Scenario", "Evidence value", "In this scenario", "Reason"]
    table = html_table("Evidence that the scenarios change", heads, changes, names=2)
    entries = [[name, *(str(arm[name]) for arm in arms)] for name in RECORDED]
    record = html_table("Run record", ["Entry", "Scenario", "Baseline"], entries, names=1)
    points = "".join(f"<li>{escape(point)}</li>" for point in (words.verdict_rule(comparison.matters), *words.METHOD))
    return (
        f"<h2>How to read this</h2><ul>{points}</ul>{table if changes else ''}"
        f'<details class="record"><summary>Run record</summary>{record}</details>'
    )
