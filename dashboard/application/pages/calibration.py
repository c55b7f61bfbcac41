"""Calibration: the baseline beside what was published of places like it, target by target."""

from __future__ import annotations

from typing import Final

from dash import Dash, html
from dash.development.base_component import Component

from dashboard import figures
from dashboard.application.current import library
from dashboard.application.exhibit import exhibit
from dashboard.application.graph import graph
from dashboard.application.view import BASELINE, View
from dashboard.fit_rows import fit_cells, fit_finding, fit_rows
from dashboard.lens_keys import key_title

PATH: Final = "/calibration"
TITLE: Final = "Calibration"
_NOT_FITTED: Final = (
    "With the evidence as written nothing has been fitted: each value is what its source says, and the baseline is set "
    "beside its targets afterwards. Reaching a target is then a check and not a result of tuning."
)


def layout(view: View) -> Component:
    """The fit of the baseline in a place."""
    results = library().results(BASELINE, view.place, view.lens)
    rows = fit_rows(results)
    record = results.record
    title = fit_finding(rows)
    said = "; ".join(
        f"{row['label']}: {row['simulated']:,.4g}, published {row['value']:g} ({row['low']:g} to {row['high']:g})"
        for _, row in rows.iterrows()
    )
    note = (
        "Grey: the range that sources leave open, drawn from its lower to its upper end for each target; tick: the "
        "published value; dot: simulated, mean of the runs; square: out of range."
    )
    line = (
        f"Model {record['model_version']}. {record['scenario']} {record['scenario_hash']}. {record['place_title']} "
        f"{record['place_hash']}. {len(results.finished)} runs with parameters {record['parameters']}. "
        f"{str(record['created'])[:10]}. Simulated estimate, not an official statistic."
    )
    drawn = graph(figures.residuals(rows), "targets", f"{title}. {said}.")
    return html.Div(
        [
            html.H1(TITLE),
            html.P(f"Lens: {key_title(view.lens)}. {_NOT_FITTED}", className="question"),
            html.H2("The baseline beside its targets"),
            exhibit(f"{title}, in {record['place_title']}", note, drawn, [fit_cells(rows)], line),
        ]
    )


def register(app: Dash) -> None:
    """The page has no callbacks of its own."""
