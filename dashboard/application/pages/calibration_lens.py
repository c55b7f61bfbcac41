"""A fitted lens on page Calibration: fit, implied effect sizes, informed parameters, and checks."""

from __future__ import annotations

from typing import Any, Final

import dash_mantine_components as dmc
from dash import html
from dash.development.base_component import Component

from dashboard.application.parts import options
from dashboard.credibility.fitted_lens import (
    conflict_cells,
    gate_cells,
    gate_finding,
    mover_cells,
    mover_rows,
    mover_targets,
    strength_cells,
    strength_finding,
    strength_rows,
    target_cells,
    target_finding,
    target_rows,
    warnings_of_lens,
    width_finding,
)
from dashboard.exhibits.components import components, shown, table
from dashboard.exhibits.exhibit import Exhibit, identifier
from dashboard.figures.chart import Chart, chart_of, plain_rows
from dashboard.runs.view import View
from dashboard.text.lens_names import key_title
from dashboard.text.phrases import lowered
from simulator.lenses import Lens

DRAWS: Final = "lens-draws"
FIT_NOTE: Final = (
    "Published less simulated, over the standard deviation of both, with chance; up to two of them are "
    "expected. Targets held out were not fitted but predicted; ◆ lies outside the range that sources leave open."
)
STRENGTH_NOTE: Final = (
    "The fitted strength over that which controlled studies support, ratios by their logarithms: 1 is what they found. "
    "◆: the fitted median lies outside the studies' range. Where studies support nothing there is no "
    "multiple, and the value is only in the table. The fit does not show that the mechanism is this strong, only that "
    "it would have to be."
)
WIDTH_NOTE: Final = (
    "Middle 95 % of the draws over that of the prior. Learned: the targets narrowed the middle 80 % to below four "
    "fifths of the prior's. A prior-driven value lies within a range that was put in, though targets may have moved it."
)
MOVERS_NOTE: Final = (
    "Share of the target's variance over the prior that goes when a value is known, with all that it does together "
    "with others (Sobol's total index, of the emulators); lines: 95 % interval of the index."
)
CONFLICT_NOTE: Final = (
    "Each target is left out in turn and predicted by the fit to the others. Discrepancy is how far the model as such "
    "is held to be off a target, in the target's own standard deviations."
)


def lens_sections(view: View, lens: Lens) -> list[Component]:
    """All sections on a fitted lens, from its file and its diagnostics."""
    title = key_title(lens.name)
    line = _line(lens)
    return [
        html.Section(
            [
                html.H2(title),
                html.P(lens.file.description, className="question"),
                _fit(lens, line),
                html.Ul([html.Li(said) for said in warnings_of_lens(lens)], className="points"),
                *_strengths(lens, line),
                *_movers(view, lens, line),
                html.H3(gate_finding(lens)),
                table(gate_cells(lens)),
                *_conflicts(lens),
                dmc.Button(
                    f"Download the draws, {title.lower()} (CSV)",
                    id={"type": DRAWS, "lens": lens.name},
                    variant="outline",
                    mt="sm",
                ),
                html.P(line, className="provenance"),
            ],
            className="lens-section texts",
        )
    ]


def _line(lens: Lens) -> str:
    record: dict[str, Any] = lens.file.record
    return (
        f"Lens {lens.name}, fitted by {record.get('command', 'offset calibrate')} with model "
        f"{record.get('model_version', 'unknown')}, {record.get('simulated_points', 'unknown')} points of "
        f"{record.get('residents', 'unknown')} residents a place; draws {lens.file.draws[:8]}. Simulated estimate, not "
        "an official statistic."
    )


def _fit(lens: Lens, line: str) -> Component:
    rows = target_rows(lens)
    label = [
        f"{row['label']}{'' if row['fitted'] else ', held out'}{'' if row['reached'] else ' ◆'}"
        for _, row in rows.iterrows()
    ]
    said = [
        f"published {row['value']:g}, simulated {row['simulated']:.4g} {row['unit']}, z {row['z']:+.1f}"
        for _, row in rows.iterrows()
    ]
    drawn = plain_rows(rows.assign(label=label), "z").assign(words=said)
    chart = chart_of(drawn, "published less simulated, standard deviations", ends=(-3.0, 3.0))
    return shown(
        Exhibit(f"fit_{identifier(lens.name)}", target_finding(rows), FIT_NOTE, chart, line, (target_cells(rows),))
    )


def _strengths(lens: Lens, line: str) -> list[Component]:
    rows = strength_rows(lens)
    cells = (strength_cells(rows),)
    known = rows[rows["role"] == "mechanism"].dropna(subset=["times"])
    parts: list[Exhibit[Chart] | Component] = [html.P(f"{strength_finding(rows)}.", className="finding")]
    if len(known):
        label = known["label"].where(~known["outside"].astype(bool), known["label"] + " ◆")
        drawn = plain_rows(known.assign(label=label), "times", unit=" times")
        chart = chart_of(drawn, "multiple of the strength found in studies", ends=(0.0, 1.0))
        title = f"Implied effect sizes: {lowered(strength_finding(rows))}"
        parts = [Exhibit(f"implied_strengths_{identifier(lens.name)}", title, STRENGTH_NOTE, chart, line, cells)]
    label = rows["label"] + rows["informed"].map({True: ", informed", False: ", prior-driven"})
    drawn = plain_rows(rows.assign(label=label, percent=100.0 * rows["width"]), "percent", unit=" %")
    chart = chart_of(drawn.sort_values("width"), "posterior width, % of the prior's", ends=(0.0, 100.0))
    parts.append(Exhibit(f"widths_{identifier(lens.name)}", width_finding(rows), WIDTH_NOTE, chart, line, cells))
    return components([tuple(parts)])


def _movers(view: View, lens: Lens, line: str) -> list[Component]:
    """Sobol indices of a target, from the emulators of the fit."""
    targets = mover_targets(lens)
    if not targets:
        return []
    key = f"moved_{lens.name.replace('-', '_')}"
    target = options.chosen(view, key, targets)
    rows = mover_rows(lens, target)
    if rows is None or rows.empty:
        return []
    total, error = 100.0 * rows["total"], 100.0 * rows["total_error"]
    ends = {"low": total - error, "high": total + error}
    drawn = plain_rows(rows.assign(total=total, **ends), "total", *ends, unit=" %")
    chart = chart_of(drawn, "% of the target's variance over the prior")
    title = f"{targets[target]}: moved most by {lowered(str(rows['label'].iloc[0]))}"
    described = Exhibit(f"movers_{identifier(lens.name)}", title, MOVERS_NOTE, chart, line, (mover_cells(rows),))
    return [options.select(view, key, "Target", targets), shown(described)]


def _conflicts(lens: Lens) -> list[Component]:
    cells = conflict_cells(lens)
    if cells is None:
        return []
    inside = [html.Summary(cells.caption), html.P(CONFLICT_NOTE, className="statistic"), table(cells)]
    return [html.Details(inside)]
