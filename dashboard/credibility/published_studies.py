"""Blind predictions as a section of a page, and as a page of their own."""

from __future__ import annotations

from functools import lru_cache
from html import escape
from typing import Final

import pandas as pd

from calibration.studies import BlindPredictions, load_study, study_names
from calibration.studies.formatting import HEADS, RULE, cells, shown
from dashboard import figures
from dashboard.text.html import chart, exhibit, page, unbroken
from dashboard.text.tables import Cells, html_table

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


# What published studies found, as a table, before anything is simulated.


@lru_cache(maxsize=1)
def published_cells() -> Cells:
    """Every shipped study: design, outcome, estimate with its interval, whether it informs the evidence, source."""
    body = []
    for name in study_names():
        study = load_study(name).study
        published = study.published
        ends = ["none printed", ""]
        if published.low is not None and published.high is not None:
            ends = [shown(published.low, published.unit), shown(published.high, published.unit)]
        told = "a source of the evidence" if study.informs else "not in the evidence"
        row = [study.title, study.design, study.outcome, shown(published.value, published.unit), *ends]
        body.append([*row, published.unit, told, study.source])
    heads = ["Study", "Design", "Outcome", "Published", "Lower", "Upper", "Unit", "Use", "Source"]
    return Cells("What published studies found", heads, body, 1)
