"""Signs: one outcome each, as a line with one mark for each lens, whose colour and shape are the same everywhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.application.parts.exhibit import spoken, unbroken
from dashboard.text.lens_names import lens_class
from dashboard.topics.plan import Mark, Sign


def shown_signs(found: Sequence[Sign]) -> list[Component]:
    """The signs below each other, with numbers, ranges and verdicts in words."""
    drawn = ([html.H2(one.title), _line(one), *map(_words, one.marks)] for one in found)
    return [html.Section(parts, className="sign") for parts in drawn]


def _line(sign: Sign) -> Component:
    low, high = sign.small
    parts = [
        html.Span(className="small-band", style=_from_to(low, high)),
        html.Span(className="no-change", style={"left": f"{sign.zero:.2f}%"}),
        *(part for row, mark in enumerate(sign.marks) for part in _mark(mark, f"row-{row}")),
    ]
    return html.Div(parts, className="sign-line", role="img", **spoken(sign.spoken))


def _mark(mark: Mark, row: str) -> list[Component]:
    lens = lens_class(mark.lens_title)
    drawn: list[Component] = []
    if mark.low is not None and mark.high is not None:
        drawn.append(html.Span(className=f"mark-range {row} {lens}", style=_from_to(mark.low, mark.high)))
    return [*drawn, html.Span(className=f"mark {row} {lens}", style={"left": f"{mark.at:.2f}%"})]


def _words(mark: Mark) -> Component:
    return html.P(
        [
            html.Span(className=f"mark {lens_class(mark.lens_title)}"),
            html.Span(f"{mark.lens_title} "),
            html.Strong(unbroken(mark.number)),
            html.Span(f" {mark.verdict.lower()} ", className="sign-verdict"),
            html.Span(unbroken(f"({mark.range})"), className="quiet"),
        ],
        className="sign-words",
    )


def _from_to(low: float, high: float) -> dict[str, Any]:
    return {"left": f"{low:.2f}%", "width": f"{high - low:.2f}%"}
