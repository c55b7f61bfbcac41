"""Simulated replications of published studies (blind predictions), as a section or as a separate page."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import pandas as pd
from dash import html

from calibration.studies import BlindPredictions, load_study, study_names
from calibration.studies.formatting import HEADS, RULE, cells, shown
from dashboard import figures
from dashboard.exhibits.components import Part, unbroken
from dashboard.exhibits.exhibit import Drawing, Exhibit, identifier
from dashboard.exhibits.static_html import page
from dashboard.text.tables import Cells, cells_of

TITLE: Final = "Replicating published studies"
SUBTITLE: Final = "Results of published studies as predicted by the simulator, and as published"
STATISTIC: Final = (
    "Each mark is a published estimate, with its 95 % interval if published, as a distance from the prediction in half "
    "predictive intervals. The band contains 80 % of such studies if the model is right. Squares are outside it."
)

SOURCES: Final = "Study={title} | Design={design} | Source={source} | Reference={reference} | Numbers read on={checked}"


def predictions_page(found: BlindPredictions) -> str:
    """A whole page: findings, chart, table, and all sources."""
    record = found.record
    line = f"Model {record['model_version']}; {len(record['seeds'])} seeds; evidence {record['base_evidence_hash']}."
    return page(TITLE, SUBTITLE, predictions(found, line), line)


def predictions(found: BlindPredictions, line: str, name: str = "") -> list[Part]:
    """Findings and chart for any page; ``line`` is the provenance, ``name`` that of the lens if there are several."""
    rows = found.table
    first, *others = found.findings()
    numbers = Cells("Predicted and published", list(HEADS), [cells(row) for _, row in rows.iterrows()], 1)
    return [
        Exhibit(
            f"predictions_{identifier(name)}",
            f"{name}. {first}" if name else first,
            STATISTIC,
            Drawing(figures.predictions(rows), alternative(rows)),
            line,
            (numbers, cells_of(rows, "Sources", SOURCES)),
        ),
        *(html.P(unbroken(sentence), className="statistic") for sentence in (*others, RULE)),
    ]


def alternative(rows: pd.DataFrame) -> str:
    """What the chart shows, as text."""
    missed = [str(row["title"]) for _, row in rows.iterrows() if not row["hit"]]
    return f"{len(rows)} published estimates and their predictive intervals; outside: {'; '.join(missed) or 'none'}"


# Results of published studies as a table, without simulation.


@lru_cache(maxsize=1)
def published_cells() -> Cells:
    """Every shipped study: design, outcome, estimate with its interval, whether it informs the evidence, source."""
    body = []
    for name in study_names():
        study = load_study(name).study
        published = study.published
        ends = ["not published", ""]
        if published.low is not None and published.high is not None:
            ends = [shown(published.low, published.unit), shown(published.high, published.unit)]
        use = "a source of the evidence" if study.informs else "not in the evidence"
        use = "strengths may be fitted to it" if study.fitted_to else use
        row = [study.title, study.design, study.outcome, shown(published.value, published.unit), *ends]
        body.append([*row, published.unit, use, study.source])
    heads = ["Study", "Design", "Outcome", "Published", "Lower", "Upper", "Unit", "Use", "Source"]
    return Cells("Results of published studies", heads, body, 1)
