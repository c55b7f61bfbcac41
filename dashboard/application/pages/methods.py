"""Methods: how to read the numbers, the model section by section, reporting standards, logs, and accessibility."""

from __future__ import annotations

from typing import Final

import dash_mantine_components as dmc
from dash import ClientsideFunction, Dash, Input, Output, dcc, html
from dash.development.base_component import Component

from dashboard.application.parts import options
from dashboard.application.parts.head import comparison_of
from dashboard.credibility.reporting import AUTHOR, STANDARDS, assumption_cells, model_sections, reporting_cells
from dashboard.exhibits.components import table
from dashboard.runs.view import View
from dashboard.text import labels as words
from dashboard.text.lens_names import key_title
from dashboard.text.tables import Cells
from dashboard.topics.through_lenses import lens_of
from simulator.comparison.comparison import Comparison
from simulator.errors import SimulatorError
from simulator.results.run_record import model_version

PATH: Final = "/methods"
TITLE: Final = "Methods"
ACCESSIBILITY: Final = (
    "Every page is checked with axe-core against the Web Content Accessibility Guidelines 2.2, level AA, and walked "
    "with the keyboard alone. Every chart has a name, says in words what it shows, and has its numbers in a table "
    "under it.",
    "Colour never carries a meaning alone: the shape of a mark or a sign says the same. Nothing moves for those who "
    "ask their system for less motion.",
    "Pages work from 320 pixels of width on, and at 200 % zoom. Wide tables scroll by themselves.",
    "Known limits: charts cannot be explored point by point with a screen reader, and the tables stand in for that; "
    "the flow chart of Follow the hour is wide and is best read as its table on a small screen.",
)
FILLED: Final = (
    f"Filled by the software for the comparison shown above; what it cannot know is marked '{AUTHOR}'. Fold a table "
    "open to read it; printed, all of them are open."
)


def layout(view: View) -> Component:
    """Methods for the comparison shown."""
    sections = model_sections()
    titles = {key: title for key, (title, _) in sections.items()}
    section = options.chosen(view, "section", titles)
    return html.Div(
        [
            html.H1(TITLE),
            dmc.Button("Print this page, or save it as PDF", id="print", variant="outline", mt="xs"),
            dcc.Store(id="printed"),
            html.H2("How to read the numbers"),
            html.Ul([html.Li(point) for point in words.METHOD]),
            html.H2("Limitations"),
            html.Ul([html.Li(point) for point in _caveats(view)]),
            html.H2("Reporting standards, assumptions and quality"),
            html.P(FILLED, className="question"),
            *_standards(view),
            html.H2("The model, as it is in the code"),
            html.P(
                "Written by the program from its own rules and evidence, after the ODD protocol. The whole page: "
                "offset describe model --out model.md",
                className="question",
            ),
            options.select(view, "section", "Section", titles),
            html.Div(
                dcc.Markdown(sections[section][1], className="model-page"),
                className="scroll",
                tabIndex=0,
                role="region",
                id="model-section",
                title=titles[section],
            ),
            html.P(f"Model {model_version()}.", className="provenance"),
            html.H2("Accessibility statement"),
            html.Ul([html.Li(point) for point in ACCESSIBILITY]),
        ]
    )


def register(app: Dash) -> None:
    """Choices are stored in the address; the browser prints the page."""
    app.clientside_callback(
        ClientsideFunction("offset", "print"),
        Output("printed", "data"),
        Input("print", "n_clicks"),
        prevent_initial_call=True,
    )


def _standards(view: View) -> list[Component]:
    """Tables of the standards for the view's comparison, if it has been run, and the assumptions log."""
    comparison = _comparison(view)
    if comparison is None:
        return [html.P("The standards are filled in when this comparison has been run."), _folded(assumption_cells())]
    filled = [reporting_cells(name, comparison) for name in STANDARDS]
    return [_folded(cells) for cells in (*filled, assumption_cells())]


def _folded(cells: Cells) -> Component:
    return html.Details([html.Summary(cells.caption), table(cells)], className="texts")


def _caveats(view: View) -> tuple[str, ...]:
    """Limitations of the comparison shown, or of any through its lens if it has not been run."""
    comparison = _comparison(view)
    through = {"composite": False, "lens": lens_of(view.lens), "lens_title": key_title(view.lens)}
    return words.caveats(through if comparison is None else comparison.scenario.record)


def _comparison(view: View) -> Comparison | None:
    try:
        return comparison_of(view)
    except SimulatorError:
        return None
