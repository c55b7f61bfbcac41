"""A page's own choices: each is an option of the address, so that a link restores it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import dash_mantine_components as dmc
from dash import ALL, Dash, Input, Output, State, callback_context, no_update
from dash.development.base_component import Component

from dashboard.application.parts.app_state import view_of
from dashboard.runs.view import View

_TYPE: Final = "option"


def select(view: View, key: str, label: str, words: Mapping[str, str]) -> Component:
    """A list to choose one of; the first is usual."""
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
    """A number to type or step."""
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
    """A number to drag, or to move with the arrow keys."""
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
    """What a view chose among ``words``; the first of them if nothing, or something unknown."""
    given = view.options.get(key, "")
    return given if given in words else next(iter(words))


def chosen_number(view: View, key: str, usual: float) -> float:
    """The number that a view chose, or the usual one."""
    try:
        return float(view.options.get(key, usual))
    except ValueError:
        return usual


def register(app: Dash) -> None:
    """Whatever is chosen goes into the address; one callback for the options of all pages."""

    @app.callback(
        Output("url", "search", allow_duplicate=True),
        Input({"type": _TYPE, "key": ALL, "usual": ALL}, "value"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def choose(_values: list[Any], query: str | None) -> Any:
        view = view_of(query)
        changed = {}
        for one in callback_context.inputs_list[0]:
            key, given = str(one["id"]["key"]), _text(one.get("value"))
            if given and given != view.options.get(key, str(one["id"]["usual"])):
                changed[key] = given
        return view.changed(options={**view.options, **changed}).query() if changed else no_update


def _id(key: str, usual: object) -> dict[str, str]:
    """Of an option; a page that is drawn triggers all of its options, so each knows what it is unless chosen."""
    return {"type": _TYPE, "key": key, "usual": _text(usual)}


def _text(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float | int) else str(value or "")
