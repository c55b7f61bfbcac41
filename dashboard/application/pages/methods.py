"""Methods: how to read the numbers, what is left out, the model section by section, and the accessibility statement."""

from __future__ import annotations

from typing import Final

from dash import Dash, dcc, html
from dash.development.base_component import Component

from dashboard import words
from dashboard.application import options
from dashboard.application.view import View
from dashboard.model_sections import model_sections
from simulator.run_record import model_version

PATH: Final = "/methods"
TITLE: Final = "Methods"
ACCESSIBILITY: Final = (
    "Every page is checked with axe-core against the Web Content Accessibility Guidelines 2.2, level AA, and walked "
    "with "
    "the keyboard alone. Every chart has a name, says in words what it shows, and has its numbers in a table under it.",
    "Colour never carries a meaning alone: the shape of a mark or a sign says the same. Nothing moves for those who "
    "ask "
    "their system for less motion.",
    "Pages work from 320 pixels of width on, and at 200 % zoom. Wide tables scroll by themselves.",
    "Known limits: charts cannot be explored point by point with a screen reader, and the tables stand in for that; "
    "the "
    "flow chart of Follow the hour is wide and is best read as its table on a small screen.",
)


def layout(view: View) -> Component:
    """How it was done."""
    sections = model_sections()
    titles = {key: title for key, (title, _) in sections.items()}
    section = options.chosen(view, "section", titles)
    return html.Div(
        [
            html.H1(TITLE),
            html.H2("How to read the numbers"),
            html.Ul([html.Li(point) for point in words.METHOD]),
            html.H2("What this cannot tell you"),
            html.Ul([html.Li(point) for point in (*words.FIRST_CAVEATS, *words.OTHER_CAVEATS)]),
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
    """Choices are options of the address."""
