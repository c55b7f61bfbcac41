"""Certainty: the chance of reaching a target, whether enough runs were made, and what the range is made of."""

from __future__ import annotations

from typing import Final

import numpy as np
from dash import Dash, html
from dash.development.base_component import Component

from dashboard import figures
from dashboard.application import options
from dashboard.application.exhibit import exhibit
from dashboard.application.graph import graph
from dashboard.application.head import comparison_of, head, line_of
from dashboard.application.view import View
from dashboard.certainty_words import (
    curve_cells,
    needed_words,
    parts_cells,
    parts_finding,
    running_cells,
    running_finding,
    slider_of,
    target_finding,
    target_words,
)
from dashboard.series import exceedance, pair_values, parts_of_range, reached, running_mean
from dashboard.words import difference_unit
from simulator.arms import described
from simulator.comparison import Comparison

PATH: Final = "/certainty"
TITLE: Final = "Certainty"
CHOICES: Final = (
    "emergency_admissions",
    "bed_days",
    "ae_attendances",
    "often_always_lonely",
    "unmet_needs",
    "net_cost",
    "net_cash",
)


def layout(view: View) -> Component:
    """How sure one outcome of one scenario is."""
    comparison = comparison_of(view)
    line = line_of(comparison)
    words = {name: described(name, comparison.basis).label for name in CHOICES}
    measure = options.chosen(view, "outcome", words)
    lead = "How likely it is to do at least so much; whether enough runs were made to say so; and what makes the range."
    return html.Div(
        [
            *head(TITLE, comparison, lead),
            options.select(view, "outcome", "Outcome", words),
            html.H2("The chance of reaching a target"),
            _target(comparison, measure, view, line),
            html.H2("Whether enough runs were made"),
            _running(comparison, measure, line),
            html.H2("What makes the range"),
            _parts(comparison, line),
        ]
    )


def register(app: Dash) -> None:
    """Choices are options of the address."""


def _target(comparison: Comparison, measure: str, view: View, line: str) -> Component:
    named = described(measure, comparison.basis)
    differences = pair_values(comparison, measure)["difference"].to_numpy(np.float64)
    slider = slider_of(differences)
    key = f"target_{measure}"
    target = min(max(options.chosen_number(view, key, slider.usual), slider.ends[0]), slider.ends[1])
    unit = difference_unit(named.unit)
    less = named.good != "more"
    hits, of = reached(differences, target, less=less)
    title = target_finding(named.label, target, unit, hits, of)
    note = (
        "Share of pairs in which the difference is this much or less. Read upwards from the target: so many pairs "
        "reach "
        "it. A share of few pairs is itself rough: with eight pairs, one pair is 12 %."
    )
    rows = exceedance(differences)
    drawn = graph(figures.s_curve(rows, target, unit), "s-curve", f"{title}. {note}")
    bar = html.Div(
        [
            html.P(target_words(target, unit, less=less), className="target"),
            options.slider(view, key, f"Target, {unit}", slider.usual, slider.ends, slider.step),
        ],
        className="slider",
    )
    return html.Div([bar, exhibit(title, note, drawn, [curve_cells(rows, unit)], line)])


def _running(comparison: Comparison, measure: str, line: str) -> Component:
    named = described(measure, comparison.basis)
    unit = difference_unit(named.unit)
    rows = running_mean(comparison, measure)
    title = running_finding(rows, named.label)
    differences = pair_values(comparison, measure)["difference"].to_numpy(np.float64)
    note = (
        f"Mean difference ({unit}) as pairs of runs are added; the band is one Monte Carlo error either side. It "
        "narrows with "
        "more "
        f"runs; the range of outcomes does not. {needed_words(differences, float(rows['error'].iloc[-1]))}"
    )
    drawn = graph(figures.running(rows), "running", f"{title}. {note}")
    return exhibit(title, note, drawn, [running_cells(rows, unit)], line)


def _parts(comparison: Comparison, line: str) -> Component:
    rows = parts_of_range(comparison, CHOICES)
    if rows.empty:
        return html.P("With so few runs, luck and what is not known cannot be told apart.")
    title = parts_finding(rows)
    note = (
        "Two runs of a belief differ by luck alone; beliefs differ by what is not known of the evidence. More research "
        "narrows what is not known; nothing narrows luck. With few beliefs the split is rough."
    )
    said = "; ".join(f"{row['label']}: {100 * row['belief']:.0f} % not known" for _, row in rows.iterrows())
    drawn = graph(figures.luck_and_belief(rows), "parts", f"{title}. {said}.")
    return exhibit(title, note, drawn, [parts_cells(rows)], line)
