"""Blind predictions as a section of a page, and as a page of their own."""

from __future__ import annotations

from html import escape
from typing import Final

import pandas as pd

from calibration.studies import BlindPredictions
from calibration.studies.words import HEADS, RULE, cells
from dashboard import figures
from dashboard.page import chart, exhibit, page, unbroken
from dashboard.tables import html_table

TITLE: Final = "Published studies, made again"
SUBTITLE: Final = "What the simulator says that published studies should have found, beside what they found"
STATISTIC: Final = (
    "Each mark is a published estimate, with its 95 % interval if one was printed, counted from the prediction in half "
    "predictive intervals; the band holds 80 % of such studies if the model is right. Squares are misses."
)


def predictions_page(found: BlindPredictions) -> str:
    """A whole page: what was found, the chart, its table, and every source."""
    record = found.record
    line = f"Model {record['model_version']}; {len(record['seeds'])} seeds; evidence {record['base_evidence_hash']}."
    return page(TITLE, SUBTITLE, predictions_section(found, line), f'<p class="provenance">{escape(line)}</p>')


def predictions_section(found: BlindPredictions, line: str) -> str:
    """The section, for a page of any kind; ``line`` is the provenance under the chart."""
    rows = found.table
    first, *others = found.findings()
    drawn = chart(figures.predictions(rows), "predictions", alternative(rows))
    body = [cells(row) for _, row in rows.iterrows()]
    table = html_table("Predicted and published", HEADS, body, names=1)
    said = "".join(f"<p>{unbroken(sentence)}</p>" for sentence in others)
    return (
        f"{exhibit(first, STATISTIC, drawn, table, line)}<section>{said}<p>{escape(RULE)}</p>{_sources(rows)}</section>"
    )


def alternative(rows: pd.DataFrame) -> str:
    """The chart in words."""
    missed = [str(row["title"]) for _, row in rows.iterrows() if not row["hit"]]
    return f"{len(rows)} published estimates in their predictive intervals; outside: {'; '.join(missed) or 'none'}."


def _sources(rows: pd.DataFrame) -> str:
    body = [
        [str(row[name]) for name in ("title", "design", "source", "reference", "checked")] for _, row in rows.iterrows()
    ]
    heads = ("Study", "Design", "Source", "Reference", "Numbers read on")
    return f"<details><summary>Sources</summary>{html_table('Sources', heads, body, names=1)}</details>"
