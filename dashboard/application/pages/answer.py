"""Answer: what a plan does at any size, whether to bet on it, and how large it must be."""

from __future__ import annotations

from typing import Annotated, Any, Final

import dash_mantine_components as dmc
import pandas as pd
import plotly.graph_objects as go
from dash import ClientsideFunction, Dash, Input, Output, Patch, State, callback_context, dcc, html, no_update
from dash.development.base_component import Component
from pydantic import Field

from dashboard.application.pages import districts, findings
from dashboard.application.parts import options, take_away
from dashboard.application.parts.app_state import view_of
from dashboard.application.parts.head import through_lenses
from dashboard.application.parts.ready import ready_for
from dashboard.application.parts.run_button import run_button
from dashboard.application.parts.signs import legend, shown_sign
from dashboard.exhibits.components import graph, spoken, unbroken
from dashboard.figures.curves import curves
from dashboard.figures.size import dose_response
from dashboard.runs import QUICK_PAIRS
from dashboard.runs.library import NotFinishedError
from dashboard.runs.view import View
from dashboard.server.requests import Name, Text, checked
from dashboard.text.labels import difference_unit, verdict_rule
from dashboard.text.lens_names import condition, key_title, shown_lenses
from dashboard.topics.answer import Answer, answer_through
from dashboard.topics.signs import SIGNS
from simulator.comparison.outcomes import OUTCOMES
from simulator.experiments.size_targets import CHANCE

PATH: Final = "/"
TITLE: Final = "Answer"
_STEP: Final = 0.1
_HERE: Final = 1
"""Number of the shape of a figure of `Curves` that marks where one is."""
Times = Annotated[float, Field(ge=0.0, le=1000.0, allow_inf_nan=False)]


def layout(view: View) -> Component:
    """The answer for the view's plan, and below it the findings of its finished runs."""
    answer, found = _answer(view)
    times = min(max(options.chosen_number(view, "times", 1.0), 0.0), answer.largest)
    rows = answer.rows(times, view.matters)
    outcome = options.chosen(view, "outcome", SIGNS)
    below = findings.sections(view, found) if found else [_not_run(view)]
    return html.Div(
        [
            html.H1(f"{answer.plan} in {answer.place}"),
            *([_dial(answer, times)] if answer.sized else []),
            html.Div(_said(answer, rows), id="answer"),
            legend(answer.lenses),
            html.Div(
                [
                    html.Ul(_signs(answer, rows), id="signs", className="signs"),
                    *([_curve(answer, outcome, times)] if answer.sized else []),
                ],
                className="sized" if answer.sized else "",
            ),
            html.Div(_advised(answer, rows, times), id="advice"),
            *([_targets(answer)] if answer.sized else []),
            take_away.menu(view, list(found.values())),
            *_noted(answer, view),
            html.Details([html.Summary("Source and settings"), *_source(answer, view)]),
            *below,
        ]
    )


def register(app: Dash) -> None:
    """Answer the dial with all that depends on the plan's size; draw another outcome; keep both in the address."""

    @app.callback(
        Output("answer", "children"),
        Output("signs", "children"),
        Output("advice", "children"),
        Output("dose", "figure"),
        Input("dial", "value"),
        Input("dose-outcome", "value"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    @checked
    def turn(times: Times | None, outcome: Name | None, query: Text | None) -> tuple[Any, ...]:
        view = view_of(query)
        # Finished runs, which take longer to read, say more than what ships at the plan's own size only.
        answer = (ready_for(view) if times != 1.0 else None) or _answer(view)[0]
        here = min(times or 0.0, answer.largest)
        if callback_context.triggered_id == "dose-outcome":
            drawn = _drawn(answer, outcome if outcome in SIGNS else next(iter(SIGNS)), here)
            return no_update, no_update, no_update, drawn
        moved = Patch()
        moved["layout"]["shapes"][_HERE].update({"x0": here, "x1": here})
        rows = answer.rows(here, view.matters)
        return _said(answer, rows), _signs(answer, rows), _advised(answer, rows, here), moved

    app.clientside_callback(
        ClientsideFunction("offset", "keep"),
        Output("dial-kept", "data"),
        Input("dial", "value"),
        Input("dose-outcome", "value"),
        State("dial-kept", "data"),
        prevent_initial_call=True,
    )


def _answer(view: View) -> tuple[Answer, dict[str, Any]]:
    """The answer from the results that ship, or else from finished runs; and those runs, empty if there are none.

    Raises NotFinishedError if there is neither.
    """
    ready = ready_for(view)
    try:
        found = through_lenses(view)
    except NotFinishedError:
        if ready is None:
            raise
        return ready, {}
    return answer_through(found), found


def _noted(answer: Answer, view: View) -> list[Component]:
    """How the answer in a district was found, with the way to the map of all of them."""
    if not answer.notes:
        return []
    more = dcc.Link("The same in every district, on a map", href=f"{districts.PATH}{view.query()}")
    return [html.P([" ".join(answer.notes), " ", more, "."], className="statistic")]


def _said(answer: Answer, rows: pd.DataFrame) -> list[Component]:
    """What the plan does at a size, in a sentence."""
    return [html.P(unbroken(answer.sentence(rows)), className="answer")]


def _signs(answer: Answer, rows: pd.DataFrame) -> list[Component]:
    return [shown_sign(sign) for sign in answer.signs(rows)]


def _advised(answer: Answer, rows: pd.DataFrame, times: float) -> list[Component]:
    """What the plan takes at a size, and what to do with it."""
    advice = answer.advice(rows)
    size = f"{times:.3g} times the plan. {answer.size(times)}" if answer.sized else answer.size(times)
    why = [html.P(unbroken(said)) for said in advice.why if said]
    return [
        html.P([html.Strong("What it takes: "), size], className="takes"),
        html.Section([html.H2(advice.heading), *why], className=f"advice {advice.kind}"),
    ]


def _dial(answer: Answer, times: float) -> Component:
    ends = [end for end in answer.multiples if end == 0.0 or end >= 1.0]
    slider: Component = dmc.Slider(
        id="dial",
        value=times,
        min=0,
        max=answer.largest,
        step=_STEP,
        marks=[{"value": end, "label": f"{end:g}"} for end in ends],
        updatemode="drag",
        thumbLabel="Size, times the plan",
        size="lg",
        thumbSize=26,
    )
    return html.Div(
        [
            html.P(
                ["How much do you shift? ", html.Span("Times the plan; 1 is the plan as it is.")], className="asked"
            ),
            slider,
            dcc.Store(id="dial-kept", data=["times", "outcome"]),
        ],
        className="dial-of-size",
    )


def _drawn(answer: Answer, outcome: str, times: float) -> go.Figure:
    """The curve of an outcome by size, without a legend, since the one of the signs stands above it."""
    unit = difference_unit(OUTCOMES[outcome].unit)
    figure = curves(dose_response(answer.curve(outcome), "" if unit.startswith("pounds") else unit, here=times))
    return figure.update_layout(showlegend=False, margin={"t": 8})


def _curve(answer: Answer, outcome: str, times: float) -> Component:
    data = [{"value": value, "label": label} for value, label in SIGNS.items()]
    box: Component = dmc.Select(
        id="dose-outcome", data=data, value=outcome, allowDeselect=False, w=300, maw="100%", **spoken("Outcome shown")
    )
    drawn = graph(_drawn(answer, outcome, times), "dose", f"{SIGNS[outcome]} by size of the plan.")
    return html.Section([html.Div([html.H2("By size"), box], className="asking"), drawn], className="dose")


def _targets(answer: Answer) -> Component:
    return html.Section(
        [
            html.H2("How large must it be?"),
            html.P(f"Sizes from which the chance is at least {100.0 * CHANCE:.0f} %.", className="statistic"),
            html.Ul([html.Li(text) for text in answer.targets()], className="points"),
            html.P(answer.error(), className="statistic"),
        ]
    )


def _source(answer: Answer, view: View) -> list[Component]:
    through = "; ".join(f"{key_title(key)}: what holds {condition(key)}" for key in answer.lenses)
    return [html.P(text, className="provenance") for text in (f"{through}.", verdict_rule(view.matters), answer.source)]


def _not_run(view: View) -> Component:
    """A way to run what the results that ship leave out."""
    button = run_button(view, shown_lenses(), f"Run {QUICK_PAIRS} pairs of it here")
    said = "Years, ages, deprivation, payers, chances of harm and other take-aways need runs of this plan here."
    return html.Section([html.H2("More about this plan"), html.P(said), *button])
