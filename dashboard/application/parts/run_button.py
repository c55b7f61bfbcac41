"""A button to run what a page lacks: a lens, a lens setting or a place outside the worked example."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Final

import dash_mantine_components as dmc
from dash import Dash, Input, Output, State, callback_context, dcc, html, no_update
from dash.development.base_component import Component
from pydantic import Field

from dashboard.application.parts.app_state import current_state
from dashboard.runs import QUICK_PAIRS, JobState, Phase, Question
from dashboard.runs.question import Pairs, shipped_scenario
from dashboard.runs.view import View
from dashboard.server.access import owner
from dashboard.server.requests import Name, checked
from simulator.errors import SimulatorError
from simulator.scenario.scenario import scenario_names

SECONDS: Final = 2
"""Interval between two checks of progress."""
Asked = tuple[Name, Name, Name, Name, Pairs]
"""Names of base, scenario, place and lens, and the number of pairs, as the page sends them."""
Wanted = Annotated[list[Asked], Field(max_length=4)]


def run_button(view: View, lenses: Sequence[str], label: str, pairs: int = QUICK_PAIRS) -> list[Component]:
    """A button to run the view's first scenario and its base through lenses, with space for progress.

    Since pages are cached it is the same for all users; a user's running jobs are looked up when it is shown. Empty for
    a user's own scenario, which page Build runs, and in a link pinned to another model version.
    """
    if view.pinned or not {view.scenario, view.base} <= set(scenario_names()):
        return []
    wanted = [[view.base, view.scenario, view.place, lens, pairs] for lens in lenses]
    button: Component = dmc.Button(label, id="ask")
    return [
        html.Div([button, html.P(id="ask-words", role="status")], className="asking"),
        dcc.Store(id="ask-for", data=wanted),
        dcc.Interval(id="ask-tick", interval=1000 * SECONDS, disabled=True),
    ]


def register(app: Dash) -> None:
    """Submit the questions when the button is clicked, and redraw the page when all are answered."""

    @app.callback(
        Output("ask-words", "children"),
        Output("ask-tick", "disabled"),
        Output("ask", "disabled"),
        Input("ask", "n_clicks"),
        Input("ask-for", "data"),
    )
    @checked
    def ask(clicks: int | None, wanted: Wanted) -> tuple[Any, Any, Any]:
        try:
            for one in wanted if clicks and callback_context.triggered_id == "ask" else ():
                current_state().jobs.submit(question(one), owner())
        except SimulatorError as error:
            return str(error), True, False
        states = _states(wanted)
        under_way = any(not state.over for state in states)
        return _words(states), not under_way, under_way

    @app.callback(
        Output("ask-words", "children", allow_duplicate=True),
        Output("ready", "data", allow_duplicate=True),
        Input("ask-tick", "n_intervals"),
        State("ask-for", "data"),
        State("ready", "data"),
        prevent_initial_call=True,
    )
    @checked
    def look(_ticks: int | None, wanted: Wanted, ready: int | None) -> tuple[Any, Any]:
        states = _states(wanted)
        over = bool(states) and all(state.over for state in states)
        return _words(states), (ready or 0) + 1 if over else no_update


def question(wanted: Asked) -> Question:
    """The question of base, scenario, place, lens and pairs. Raises UnknownNameError for a scenario not shipped."""
    base, scenario, place, lens, pairs = wanted
    return Question((shipped_scenario(base), shipped_scenario(scenario)), place, pairs, lens)


def _states(wanted: Sequence[Asked]) -> list[JobState]:
    """The latest job of each question that has been submitted."""
    found = []
    for base, scenario, place, lens, pairs in wanted:
        same = ((base, scenario), place, lens, pairs)
        mine = [
            state
            for state in current_state().jobs.states(owner())
            if (state.names, state.place, state.lens, state.pairs) == same and state.phase is not Phase.CANCELLED
        ]
        found += mine[:1]
    return found


def _words(states: Sequence[JobState]) -> str:
    """The progress of all jobs."""
    if not states:
        return ""
    if len(states) == 1:
        (state,) = states
        return " ".join((state.in_words(), *(fault.message for fault in state.faults)))
    done, total = sum(state.done for state in states), sum(state.pairs * len(state.names) for state in states)
    faults = [fault.message for state in states for fault in state.faults]
    return " ".join((f"{done} of {total} runs done.", *faults))
