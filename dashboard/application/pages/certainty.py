"""Certainty: the probability of reaching a target, whether there were enough runs, and the parts of the range."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from dash import Dash, html
from dash.development.base_component import Component

from dashboard import figures
from dashboard.application.parts import options
from dashboard.application.parts.exhibit import exhibit, graph
from dashboard.application.parts.head import head, lens_notes, through_lenses
from dashboard.runs.view import View
from dashboard.text.labels import difference_unit, labels_in
from dashboard.text.lens_names import key_title
from dashboard.text.tables import Cells
from dashboard.topics.certainty import (
    curve_cells,
    parts_cells,
    parts_finding,
    running_cells,
    slider_of,
    target_finding,
    target_text,
    verdict_finding,
)
from dashboard.topics.series import exceedance, pair_values, parts_of_range, reached, running_mean
from dashboard.topics.through_lenses import Through, is_withheld, line_of, line_through, within
from simulator.comparison.comparison import Comparison
from simulator.comparison.outcomes import OUTCOMES
from simulator.comparison.paired_statistics import Floats

PATH: Final = "/certainty"
TITLE: Final = "Certainty"


def layout(view: View) -> Component:
    """The certainty of one outcome of one scenario, for each lens."""
    found = through_lenses(view)
    comparison = found[view.lens]
    words = labels_in("certainty")
    measure = options.chosen(view, "outcome", words)
    lead = "How likely it is to do at least so much; whether enough runs were made to say so; and what makes the range."
    return html.Div(
        [
            *head(TITLE, comparison, lead),
            *lens_notes(view, found),
            options.select(view, "outcome", "Outcome", words),
            html.H2("The chance of reaching a target"),
            _target(found, measure, view),
            html.H2("Whether enough runs were made"),
            _running(found, measure),
            html.H2("What makes the range"),
            html.Div([_parts(key, one, several=len(found) > 1) for key, one in found.items()], className="pair"),
        ]
    )


def register(app: Dash) -> None:
    """Choices are stored in the address."""


def _differences(comparison: Comparison, measure: str) -> Floats:
    return pair_values(comparison, measure)["difference"].to_numpy(np.float64)


def _each(found: Through, rows: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """The frames of all lenses in one, with their lens."""
    return pd.concat([rows[key].assign(lens_title=key_title(key)) for key in found], ignore_index=True)


def _captioned(cells: Cells, key: str, found: Through) -> Cells:
    return cells._replace(caption=f"{key_title(key)}: {cells.caption}") if len(found) > 1 else cells


def _target(found: Through, measure: str, view: View) -> Component:
    """The S-curve of pairs; lenses whose ranges are withheld are left out, since the probability depends on them."""
    shown = {key: one for key, one in found.items() if not is_withheld(one)}
    if not shown:
        return html.P("The probability of reaching a target depends on the range, so it is withheld too.")
    differences = {key: _differences(one, measure) for key, one in shown.items()}
    named = OUTCOMES[measure]
    slider = slider_of(np.concatenate(list(differences.values())))
    key = f"target_{measure}"
    target = min(max(options.chosen_number(view, key, slider.usual), slider.ends[0]), slider.ends[1])
    unit = difference_unit(named.unit_on(next(iter(shown.values())).basis))
    less = named.good != "more"
    said = []
    for lens, values in differences.items():
        finding = target_finding(named.label, target, unit, *reached(values, target, less=less))
        said.append(f"{finding} {within(key_title(lens))}" if len(found) > 1 else finding)
    title = "; ".join([said[0], *(one.removeprefix(f"{named.label}: ") for one in said[1:])])
    note = (
        "Share of pairs in which the difference is this much or less. Read upwards from the target: so many pairs "
        "reach it. A share of few pairs is itself rough: with eight pairs, one pair is 12 %."
    )
    rows = {lens: exceedance(values) for lens, values in differences.items()}
    drawn = graph(figures.s_curve(_each(shown, rows), target, unit), "s-curve", f"{title}. {note}")
    bar = html.Div(
        [
            html.P(target_text(target, unit, less=less), className="target"),
            options.slider(view, key, f"Target, {unit}", slider.usual, slider.ends, slider.step),
        ],
        className="slider",
    )
    tables = [_captioned(curve_cells(frame, unit), lens, found) for lens, frame in rows.items()]
    return html.Div([bar, exhibit(title, note, drawn, tables, line_through(shown))])


def _running(found: Through, measure: str) -> Component:
    named = OUTCOMES[measure]
    unit = difference_unit(named.unit_on(next(iter(found.values())).basis))
    rows = {key: running_mean(one, measure) for key, one in found.items()}
    said = []
    for key, one in found.items():
        finding = f"{named.label}: range withheld"
        if not is_withheld(one):
            finding = verdict_finding(one.summary((measure,), rounded=False).iloc[0])
        said.append(f"{finding}, {within(key_title(key))}" if len(found) > 1 else finding)
    title = "; ".join([said[0], *(one.removeprefix(f"{named.label}: ") for one in said[1:])])
    note = (
        f"Mean difference ({unit}) as pairs of runs are added; the band is one Monte Carlo error either side. It "
        "narrows with more runs; the range of outcomes does not."
    )
    drawn = graph(figures.running(_each(found, rows)), "running", f"{title}. {note}")
    tables = [_captioned(running_cells(frame, unit), key, found) for key, frame in rows.items()]
    return exhibit(title, note, drawn, tables, line_through(found))


def _parts(key: str, comparison: Comparison, *, several: bool) -> Component:
    rows = parts_of_range(comparison, "certainty")
    named = f"{key_title(key)}. " if several else ""
    if rows.empty:
        return html.P(f"{named}With so few runs, chance and parameter uncertainty cannot be separated.")
    title = f"{named}{parts_finding(rows)}"
    note = (
        "Two runs with the same parameters differ by chance alone (stochastic uncertainty); runs with different "
        "parameters also differ because the evidence is uncertain (parameter uncertainty). More research can narrow "
        "the second, nothing the first. With few parameter draws the split is approximate."
    )
    said = "; ".join(f"{row['label']}: {100 * row['parameter']:.0f} % parameters" for _, row in rows.iterrows())
    drawn = graph(figures.variance_components(rows), f"parts-{key.replace('.', '_')}", f"{title}. {said}.")
    return exhibit(title, note, drawn, [parts_cells(rows)], line_of(comparison))
