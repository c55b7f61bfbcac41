"""Follow the hour: automated time, failure demand, uses of freed time, and the people reached."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
from dash import ClientsideFunction, Dash, Input, Output, State, dcc, html
from dash.development.base_component import Component

from dashboard import figures
from dashboard.application.parts import options
from dashboard.application.parts.head import head, lens_notes, through_lenses
from dashboard.exhibits.components import framed, graph, save_buttons, spoken, table
from dashboard.exhibits.exhibit import Drawing, Exhibit
from dashboard.runs.view import View
from dashboard.text.labels import difference_unit, label
from dashboard.text.lens_names import key_title
from dashboard.text.phrases import difference_text, range_text
from dashboard.topics.hour import (
    ALL,
    flow_cells,
    flow_finding,
    flows,
    hours_text,
    reached_people,
    services_of,
    shortfall,
)
from dashboard.topics.through_lenses import Through, line_of, rows_by_name
from simulator.foundations.categories import WEEKS_PER_QUARTER

PATH: Final = "/hour"
TITLE: Final = "Follow the hour"
WHOLE: Final = "all"
NOTE: Final = (
    "Pounds of staff time and money over the time shown, mean of the runs, undiscounted; bands are as wide as their "
    "pounds. What failed comes back to staff as rework and frees nothing. Only what is released can be reinvested, "
    "saved or absorbed."
)


def layout(view: View) -> Component:
    """The flow of one scenario, for one service or all, in one quarter or all."""
    found = through_lenses(view)
    comparison = found[view.lens]
    results, seeds = comparison.scenario, comparison.seeds
    services = {ALL: "All services", **{name: label(name) for name in services_of(results)}}
    quarters = {WHOLE: "The whole time"} | {
        str(n): f"Quarter {n}" for n in range(1, results.weeks // WEEKS_PER_QUARTER + 1)
    }
    service = options.chosen(view, "service", services)
    chosen = options.chosen(view, "quarter", quarters)
    quarter = None if chosen == WHOLE else int(chosen)
    rows = flows(results, seeds, service, quarter)
    lead = "What automation takes over, what comes back, what that frees, where it goes, and whom it reaches."
    return html.Div(
        [
            *head(TITLE, comparison, lead),
            *lens_notes(view, found),
            html.Div(
                [
                    options.select(view, "service", "Service", services),
                    options.select(view, "quarter", "Time", quarters),
                ],
                className="options",
            ),
            html.H2("Where it goes"),
            html.P(hours_text(results, seeds, service, quarter), className="finding"),
            _flow(rows, shortfall(results, seeds, service, quarter), line_of(comparison)),
            html.H2("Whom it reached"),
            *(table(reached_people(one.scenario, one.seeds, key_title(key), quarter)) for key, one in found.items()),
            html.H2("What came of it"),
            *(_came(found, key) for key in found),
        ]
    )


def register(app: Dash) -> None:
    """Show the chart once the browser has loaded the full chart library, which no other page needs."""
    app.clientside_callback(
        ClientsideFunction("offset", "wholeLibrary"),
        Output("hour-chart", "children"),
        Input("hour-drawn", "data"),
        State("hour-drawn", "data"),
    )


def _flow(rows: pd.DataFrame, short: list[str], line: str) -> Component:
    title = flow_finding(rows)
    said = " ".join(short)
    if rows.empty:
        return html.P(f"{title}. {said}")
    cells = flow_cells(rows)
    links = "; ".join(f"{row[0]} to {row[1]}: {row[2]}" for row in cells.body)
    figure = figures.hour_flow(rows)
    described = Exhibit("hour", title, f"{NOTE} {said}", Drawing(figure, links), line, (cells,))
    drawn = graph(figure, described.name, described.alternative)
    waiting: Any = html.Div(id="hour-chart", className="chart")
    place = html.Div(waiting, className="scroll", tabIndex=0, role="region", **spoken("Flow chart"))
    return html.Div(
        [dcc.Store(id="hour-drawn", data=drawn.to_plotly_json()), framed(described, [place, save_buttons()])]
    )


def _came(found: Through, key: str) -> Component:
    rows = rows_by_name({key: found[key]}, lambda one: one.summary("hour", rounded=False))
    points = [
        html.Li(
            f"{row['label']}: {difference_text(row)} {difference_unit(row['unit'])} (80 % range: {range_text(row)})"
        )
        for _, row in rows.iterrows()
    ]
    named = [html.P(key_title(key), className="lens_title")] if len(found) > 1 else []
    return html.Div([*named, html.Ul(points)], className="through" if key == next(iter(found)) else "beside")
