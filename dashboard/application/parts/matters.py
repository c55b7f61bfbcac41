"""The smallest differences that matter, for the user to set; kept in the address."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

import dash_mantine_components as dmc
from dash import ALL, Dash, Input, Output, State, callback_context, html, no_update
from dash.development.base_component import Component
from pydantic import Field

from dashboard.application.parts.app_state import view_of
from dashboard.runs.view import View
from dashboard.server.requests import Text, checked
from simulator.comparison.smallest_differences import entry, matters_in_words, matters_parts, read_matters

OFFERED: Final = ("admissions", "loneliness", "cost")
"""Those that can be set here; links and the command line set any."""
_TYPE: Final = "matters"
Size = Annotated[float, Field(gt=0.0, allow_inf_nan=False, strict=True)]
"""A smallest difference as the page sends it."""


def settings(view: View) -> Component:
    """A folded list of the smallest differences, each with its reason."""
    boxes = []
    for name in OFFERED:
        one = entry(name)
        box: Component = dmc.NumberInput(
            id={"type": _TYPE, "name": name},
            label=f"{one.title}, {one.unit}",
            description=f"Usually {one.value:g}: {one.why}",
            value=view.matters.get(name, one.value),
            min=0.01,
            step=0.1,
            debounce=400,
            maw=420,
        )
        boxes.append(box)
    said = matters_in_words(view.matters, short=True)
    return html.Details([html.Summary(f"What is big enough to matter: {said}"), *boxes], className="take-away")


def register(app: Dash) -> None:
    """Write smallest differences into the address."""

    @app.callback(
        Output("url", "search", allow_duplicate=True),
        Input({"type": _TYPE, "name": ALL}, "value"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    @checked
    def choose(_values: list[Size | Literal[""] | None], query: Text | None) -> Any:
        view = view_of(query)
        given = {str(one["id"]["name"]): one.get("value") for one in callback_context.inputs_list[0]}
        chosen = {name: given[name] for name in OFFERED if given.get(name)}  # a box may be empty
        wanted = view.changed(matters=read_matters(matters_parts({**view.matters, **chosen})))
        return wanted.query() if wanted.matters != view.matters else no_update
