"""The smallest differences that matter, hers to set; kept in the address."""

from __future__ import annotations

from typing import Any, Final

import dash_mantine_components as dmc
from dash import ALL, Dash, Input, Output, State, callback_context, html, no_update
from dash.development.base_component import Component

from dashboard.application.parts.app_state import view_of
from dashboard.runs.view import View
from simulator.comparison.smallest_differences import entry, matters_in_words, matters_parts, read_matters

OFFERED: Final = ("admissions", "loneliness", "cost")
"""Those that can be set here; links and the command line set any."""
_TYPE: Final = "matters"


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
    def choose(_values: list[Any], query: str | None) -> Any:
        view = view_of(query if isinstance(query, str) else None)
        sent = [
            one for one in callback_context.inputs_list[0] if isinstance(one, dict) and isinstance(one.get("id"), dict)
        ]
        given = {str(one["id"].get("name")): one.get("value") for one in sent}
        numbers = {name: given.get(name) for name in OFFERED}  # a browser may send others, or no numbers
        hers = {
            **view.matters,
            **{name: each for name, each in numbers.items() if isinstance(each, int | float) and each > 0},
        }
        wanted = view.changed(matters=read_matters(matters_parts(hers)))
        return wanted.query() if wanted.matters != view.matters else no_update
