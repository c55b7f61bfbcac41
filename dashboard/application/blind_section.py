"""Published studies on page Calibration: what they found, and beside it what the simulator says they should have."""

from __future__ import annotations

import pandas as pd
from dash import html
from dash.development.base_component import Component

from calibration.studies import BlindPredictions
from calibration.studies.words import HEADS, RULE, cells
from dashboard import figures
from dashboard.application.exhibit import exhibit, table
from dashboard.application.graph import graph
from dashboard.application.text import unbroken
from dashboard.blind import STATISTIC, alternative
from dashboard.lens_keys import key_title
from dashboard.published_rows import published_cells
from dashboard.tables import Cells


def blind_sections(found: dict[str, BlindPredictions | None]) -> list[Component]:
    """Predictions through each lens that has made them; what was published alone, where none has."""
    made = {key: one for key, one in found.items() if one is not None}
    if not made:
        command = f"offset validate-against-studies --seeds 12 --lens {next(iter(found))} --out studies"
        return [
            html.P(
                "The studies have not been made again with this version yet; the worked example does so last of all. "
                "What they found:"
            ),
            html.Div(table(published_cells()), className="texts"),
            html.Pre(html.Code(command)),
        ]
    return [_section(key, one, several=len(made) > 1) for key, one in made.items()]


def _section(key: str, found: BlindPredictions, *, several: bool) -> Component:
    rows, record = found.table, found.record
    first, *others = found.findings()
    faults = record.get("lens_faults", ())
    title = f"{key_title(key)}. {first}" if several else first
    line = (
        f"Model {record['model_version']}. Lens: {record.get('reading', key_title(key))}. "
        f"{len(record['seeds'])} seeds; evidence {record['base_evidence_hash']}. {str(record['created'])[:10]}. "
        "Simulated estimate, not an official statistic."
    )
    numbers = Cells("Predicted and published", list(HEADS), [cells(row) for _, row in rows.iterrows()], 1)
    drawn = graph(figures.predictions(rows), f"predictions-{key.replace('.', '_')}", alternative(rows))
    beware = [f"Of the lens: {fault}." for fault in faults]
    return html.Div(
        [
            exhibit(title, STATISTIC, drawn, [numbers, _sources(rows)], line),
            *(html.P(unbroken(said), className="statistic") for said in (*others, *beware, RULE)),
        ],
        className="texts",
    )


def _sources(rows: pd.DataFrame) -> Cells:
    names = ("title", "design", "source", "reference", "checked")
    heads = ["Study", "Design", "Source", "Reference", "Numbers read on"]
    return Cells("Sources", heads, [[str(row[name]) for name in names] for _, row in rows.iterrows()], 1)
