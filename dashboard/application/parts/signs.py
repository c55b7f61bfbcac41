"""Signs: one outcome each, as a line with one mark for each lens, whose colour and shape are the same everywhere."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.exhibits.components import spoken, unbroken
from dashboard.text.lens_names import condition, key_title, lens_class
from dashboard.text.phrases import capital, lowered
from dashboard.topics.signs import Mark, Sign


def _meaning(key: str) -> str:
    return f"{capital(condition(key))} ({lowered(key_title(key))})"


def legend(lenses: Iterable[str]) -> Component:
    """What the marks of lenses, by key, and the numbers beside them mean."""
    named = [html.Span([html.Span(className=f"shape {lens_class(key_title(key))}"), _meaning(key)]) for key in lenses]
    return html.P([*named, html.Span("In grey: the 80 % range")], className="legend")


def shown_sign(sign: Sign) -> Component:
    """One outcome: both lenses on one line, and under it the number, range and verdict of each."""
    heading = html.Div([html.H2(sign.heading), html.P(sign.level, className="level")], className="of")
    inside = [heading, _track(sign), *map(_mark, sign.marks)]
    return html.Li(inside, **spoken(sign.spoken))


def _mark(mark: Mark) -> Component:
    number: list[Any] = [
        html.Span(className="shape"),
        html.Strong(unbroken(mark.number)),
        f" {mark.range}",
    ]
    said = html.P(unbroken(mark.verdict), className=f"verdict {mark.kind}")
    return html.Div([html.P(number), said], className=f"mark {_lens_class(mark)}")


def _lens_class(mark: Mark) -> str:
    return lens_class(key_title(mark.lens))


def _track(sign: Sign) -> Component:
    """Mean and range of each lens on a line whose ends are the same at every size, with a stroke at no change."""
    hidden: Any = {"aria-hidden": "true"}  # the numbers are said beside it

    def at(value: float) -> float:
        return round(100.0 * sign.place(value), 2)

    parts = [html.Span(className="zero", style={"left": f"{at(0.0)}%"})]
    for mark in sign.marks:
        low, mean, high = mark.ends
        if not math.isnan(low):
            place = {"left": f"{at(low)}%", "width": f"{at(high) - at(low):.2f}%"}
            parts.append(html.Span(className=f"ends {_lens_class(mark)}", style=place))
        parts.append(html.Span(className=f"shape {_lens_class(mark)}", style={"left": f"{at(mean)}%"}))
    return html.Div(parts, className="track", **hidden)
