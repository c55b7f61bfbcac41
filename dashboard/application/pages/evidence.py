"""Evidence: every value that the model uses, with range, unit, grade and source."""

from __future__ import annotations

from typing import Any, Final

from dash import Dash, html
from dash.development.base_component import Component

from dashboard.application.parts import options
from dashboard.application.parts.app_state import library
from dashboard.application.parts.grid import grid, searchable
from dashboard.credibility.assumptions import GRADES, evidence_rows, grades_finding
from dashboard.runs.view import View
from simulator.results.run_record import model_version

PATH: Final = "/evidence"
TITLE: Final = "Evidence"
_ALL: Final = "all"


def layout(view: View) -> Component:
    """All evidence values, or those of a chosen grade."""
    scenarios = library().scenarios(view.place, view.lens)
    rows = evidence_rows(tuple(scenarios))
    words = {_ALL: "All grades", **GRADES}
    grade = options.chosen(view, "grade", words)
    shown = [row for row in rows if grade in (_ALL, row["grade"])]
    return html.Div(
        [
            html.H1(TITLE),
            html.P(grades_finding(rows), className="headline"),
            html.P(
                "Every number the model uses, with the range that pairs of runs draw from. A scenario may change any "
                "of "
                "them; the last column says which shipped scenarios do.",
                className="question",
            ),
            html.Dl([part for name, said in GRADES.items() for part in (html.Dt(f"Grade {name}"), html.Dd(said))]),
            options.select(view, "grade", "Grade", words),
            grid(
                "evidence-table", "Values" if grade == _ALL else f"Values: {words[grade]}", shown, _columns(), page=15
            ),
            html.P(f"Model {model_version()}.", className="provenance"),
        ]
    )


def register(app: Dash) -> None:
    """Make the table searchable."""
    searchable(app, "evidence-table")


def _columns() -> list[dict[str, Any]]:
    return [
        {"field": "label", "headerName": "Value", "width": 250},
        {"field": "numbers", "headerName": "Central (range)", "width": 290, "sortable": False},
        {"field": "unit", "headerName": "Unit", "width": 130},
        {"field": "grade", "headerName": "Grade", "width": 115},
        {"field": "source", "headerName": "Source", "width": 400},
        {"field": "reference", "headerName": "Reference", "width": 220},
        {"field": "path", "headerName": "Name", "width": 220},
        {"field": "changed_by", "headerName": "Changed by", "width": 170},
    ]
