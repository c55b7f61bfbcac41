"""The report of a comparison: one HTML file that opens without a network and can be read by a board."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from dashboard import figures, findings, words
from dashboard.page import chart, exhibit, page
from dashboard.tables import contrasts_table, html_table, ledger_table
from simulator.comparison import Comparison

TILES: Final = ("emergency_admissions", "bed_days", "net_cost", "often_always_lonely")
OUTCOMES: Final = (
    "emergency_admissions",
    "zero_night_admissions",
    "overnight_admissions",
    "bed_days",
    "waiting_days",
    "readmission_rate",
    "ae_attendances",
    "consultations",
    "consultations_refused",
    "often_always_lonely",
    "persistently_lonely",
    "unmet_needs",
    "deaths",
)
"""What the forest shows."""
FEWEST: Final = 10
"""Groups with fewer events than this over the whole horizon of a run are not shown."""


def write_report(comparison: Comparison, path: str | Path, note: str | None = None) -> Path:
    """Write the report of a comparison; ``note`` is a sentence on how it was run. Whole, or not at all."""
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{target.name}-", dir=target.parent)
    with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
        stream.write(report(comparison, note))
    return Path(name).replace(target)


def report(comparison: Comparison, note: str | None = None) -> str:
    """The report as HTML."""
    yearly = comparison.per("year")
    record = comparison.scenario.record
    line = words.provenance(record, comparison.baseline.record, len(comparison.seeds))
    sections = [
        f'<div class="headline">{_sentences(comparison.headline())}</div>',
        _tiles(yearly),
        f"<p>{escape(note)}</p>" if note else "",
        "<h2>What changes</h2>",
        _outcomes(yearly, line),
        _years(yearly, line),
        "<h2>What it costs, and who pays</h2>",
        _costs(yearly, line),
        _ledger(comparison, line),
        "<h2>Who gains, who loses</h2>",
        f'<div class="pair">{_who(comparison, "age_band", line)}{_who(comparison, "deprivation", line)}</div>',
        _limits(record),
        _method(comparison),
    ]
    title = f"{record['scenario_title']} in {record['place_title']}"
    return page(title, record["question"], "".join(sections), f'<p class="provenance">{escape(line)}</p>')


def _sentences(text: str) -> str:
    """The headline, each sentence a paragraph."""
    return f"<p>{escape(text)}</p>"


def _tiles(yearly: Comparison) -> str:
    rows = yearly.summary((*TILES, "net_cash", "net_capacity"), rounded=False).set_index("measure")
    tiles = [_tile(rows.loc[name], _money_line(rows) if name == "net_cost" else "") for name in TILES]
    return f'<ul class="tiles">{"".join(tiles)}</ul>'


def _tile(row: pd.Series[Any], more: str) -> str:
    error, unit = row["monte_carlo_error"], str(row["unit"])
    number, low, high = (words.signed(row[name], error, unit) for name in ("difference", "low", "high"))
    kind = findings.clearness(row)
    verdict = {"better": "Clearly better", "worse": "Clearly worse", "different": "Different", "unclear": "Not clear"}
    level = words.measured(row["baseline"], row["baseline_error"], unit)
    return (
        f'<li class="tile {kind}"><h2>{escape(row["label"])}</h2><p class="number">{escape(number)}</p>'
        f'<p class="unit">{escape(unit)}, from {escape(level)}</p>'
        f'<p class="range">80 % of runs: {escape(low)} to {escape(high)}</p>{more}'
        f'<p class="verdict">{verdict[kind]}: {escape(_pairs(row))}</p></li>'
    )
