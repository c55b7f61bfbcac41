"""Choices of a single page, stored in the address so that a link restores them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

import dash_mantine_components as dmc
from dash import ALL, Dash, Input, Output, State, callback_context, no_update
from dash.development.base_component import Component

from dashboard.application.parts.app_state import view_of
from dashboard.runs.view import View
from dashboard.server.requests import Name, Text, checked

_TYPE: Final = "option"


def select(view: View, key: str, label: str, words: Mapping[str, str]) -> Component:
    """A list to choose from; the first is the default."""
    data = [{"value": value, "label": said} for value, said in words.items()]
    box: Component = dmc.Select(
        id=_id(key, next(iter(words))),
        label=label,
        data=data,
        value=chosen(view, key, words),
        allowDeselect=False,
        w=300,
        maw="100%",
    )
    return box


def number(view: View, key: str, label: str, usual: float, *, step: float, description: str) -> Component:
    """A number field."""
    box: Component = dmc.NumberInput(
        id=_id(key, usual),
        label=label,
        description=description,
        value=chosen_number(view, key, usual),
        step=step,
        debounce=400,
        w=300,
        maw="100%",
    )
    return box


def slider(view: View, key: str, label: str, usual: float, ends: tuple[float, float], step: float) -> Component:
    """A slider for a number."""
    bar: Component = dmc.Slider(
        id=_id(key, usual),
        value=min(max(chosen_number(view, key, usual), ends[0]), ends[1]),
        min=ends[0],
        max=ends[1],
        step=step,
        updatemode="mouseup",
        labelAlwaysOn=False,
        thumbLabel=label,
        size="lg",
        thumbSize=26,
        maw=640,
    )
    return bar


def chosen(view: View, key: str, words: Mapping[str, str]) -> str:
    """A view's choice from ``words``; the first if there is no valid choice."""
    given = view.options.get(key, "")
    return given if given in words else next(iter(words))


def chosen_number(view: View, key: str, usual: float) -> float:
    """The finite number chosen in a view, or the default ``usual``."""
    try:
        given = float(view.options.get(key, usual))
    except ValueError:
        return usual
    return given if math.isfinite(given) else usual


def register(app: Dash) -> None:
    """Write choices into the address, with one callback for the options of all pages."""

    @app.callback(
        Output("url", "search", allow_duplicate=True),
        Input({"type": _TYPE, "key": ALL, "usual": ALL}, "value"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    @checked
    def choose(_values: list[Name | float | None], query: Text | None) -> Any:
        view = view_of(query)
        changed = {}
        for one in callback_context.inputs_list[0]:
            key, given = str(one["id"]["key"]), _text(one.get("value"))
            if given and given != view.options.get(key, str(one["id"]["usual"])):
                changed[key] = given
        return view.changed(options={**view.options, **changed}).query() if changed else no_update


def _id(key: str, usual: object) -> dict[str, str]:
    """The id of an option with its default, since drawing a page triggers all its options."""
    return {"type": _TYPE, "key": key, "usual": _text(usual)}


def _text(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float | int) else str(value or "")
