"""Tables by lens: outcomes side by side, implied effect sizes, and the headline by causal share."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final

import pandas as pd
from dash import html
from dash.development.base_component import Component

from calibration.lens.warnings import another_model
from dashboard.exhibits.causal_shares import causal_shares
from dashboard.exhibits.components import Part, table
from dashboard.figures.chart import plain
from dashboard.text.labels import CAUSAL_MISSING, WITHHELD, difference_unit, measured, signed
from dashboard.text.lens_names import lens_name, lens_title
from dashboard.text.phrases import difference_text, range_text
from dashboard.text.tables import Cells
from dashboard.topics.through_lenses import line_of
from simulator.comparison.comparison import Comparison
from simulator.experiments.lens_comparisons import LensComparisons
from simulator.experiments.structural_variants import minimax_regret_finding

VARIANT_HEADS: Final = (
    "Variant",
    "Emergency admissions a year",
    "80 % range",
    "Net cost, pounds a year",
    "80 % range",
    "Regret of adopting, pounds a year",
    "Regret of not adopting, pounds a year",
    "Pairs",
)
VARIANTS_NOTE: Final = "Variants are neither weighted nor averaged."
_HEADS: Final = ("Baseline", "Difference", "80 % range", "Unit", "Pairs")
_IMPLIED_STRENGTHS: Final = (
    "Mechanism",
    "Studies",
    "Fitted",
    "Fitted as a multiple of studies",
    "Information",
    "Unit",
)


def through_each_lens(found: LensComparisons) -> list[Component]:
    """Outcomes by lens, with the names and notes of the lenses; with a single lens, its name and notes."""
    first = found.comparisons[0].scenario.record
    named = str(first.get("lens_title", "Evidence as written"))
    parts: list[Component] = [html.P(f"Lens: {named}.")]
    if len(found.comparisons) > 1:
        rows = [
            [row["label"], str(row["lens_title"]).partition(",")[0], *_cells(row)]
            for _, row in found.side_by_side().iterrows()
        ]
        links = [part for one in found.comparisons[1:] for part in ("; ", _link(one))][1:]
        parts = [
            html.H2("Through each lens"),
            table(Cells("Differences through each lens", ["Outcome", "Lens", *_HEADS], rows, 2)),
            html.P([f"Unless a lens is named, the lens is: {named}. This page through: ", *links, "."]),
        ]
    parts += [part for one in found.comparisons for part in _notes(one)]
    return parts if found.variants is None else [*parts, *_variants(found.variants.regrets)]


def strengths(found: LensComparisons) -> list[Part]:
    """Implied effect sizes, and the headline if less of each association is causal."""
    parts = [part for one in found.comparisons for part in _implied_strengths(found, one)]
    parts += [part for one in found.comparisons for part in causal_part(found, one)]
    return [html.H2("Implied effect sizes"), *parts] if parts else []


def _link(one: Comparison) -> Component:
    record = one.scenario.record
    return html.A(str(record["lens_title"]), href=f"through/{record['lens']}/report.html")


def _cells(row: pd.Series[Any]) -> list[str]:
    unit = str(row["unit"])
    return [
        measured(row["baseline"], row["baseline_error"], unit),
        difference_text(row),
        WITHHELD if row["withheld"] else range_text(row),
        difference_unit(unit),
        str(row["runs"]),
    ]


def _notes(one: Comparison) -> list[Component]:
    """Notes on a lens: whether it was fitted to another model version, and the checks it failed."""
    record = one.scenario.record
    name = str(record.get("lens_title", "Evidence as written"))
    versions = (str(record.get("lens_fitted_to", "")), str(record["model_version"]))
    noted: list[Component] = [html.P(f"{name}: {said}") for said in another_model(str(record.get("lens")), *versions)]
    faults = [html.Li(fault) for fault in record.get("lens_faults", ())]
    if not faults:
        return noted
    return [*noted, html.P(f"{name}: the ranges should not be used, since this lens failed checks."), html.Ul(faults)]


def _implied_strengths(found: LensComparisons, one: Comparison) -> list[Part]:
    sizes = found.strengths(one)
    if sizes is None or sizes.empty:
        return []
    rows = [
        [
            row["label"],
            _range(row["evidence"], row["evidence_low"], row["evidence_high"]),
            _range(row["fitted"], row["fitted_low"], row["fitted_high"]),
            "no multiple: no effect in studies" if math.isnan(row["times"]) else plain(row["times"]),
            "informed" if row["informed"] else "prior-driven",
            row["unit"],
        ]
        for _, row in sizes.iterrows()
    ]
    title = f"Implied effect sizes: {one.scenario.record['lens_title']}"
    believed = str(one.scenario.record.get("lens_believed", ""))
    return [html.P(believed), table(Cells(title, list(_IMPLIED_STRENGTHS), rows, 1))]


def _range(value: float, low: float, high: float) -> str:
    return plain(value) if math.isnan(value) else f"{plain(value)} ({plain(low)} to {plain(high)})"


def causal_part(found: LensComparisons, one: Comparison) -> list[Part]:
    """The headline of a lens at each causal share, or a sentence if that is still to be made."""
    title = str(one.scenario.record.get("lens_title", ""))
    made: list[Part] = [*causal_shares({lens_title(one.scenario.record): one}, found.causal, line_of(one))]
    return made or ([html.P(f"{title}: {CAUSAL_MISSING}")] if found.causal_missing else [])


def _variants(regrets: pd.DataFrame) -> list[Component]:
    rows = [variant_cells(row) for row in regrets.to_dict("records")]
    caption = "The difference, and the regret of adopting the scenario and of not adopting it"
    return [
        html.H2("Under each structural variant"),
        html.P(f"{minimax_regret_finding(regrets)} {VARIANTS_NOTE}"),
        table(Cells(caption, list(VARIANT_HEADS), rows, 1)),
    ]


def variant_cells(row: dict[Any, Any]) -> list[str]:
    """A row of `simulator.experiments.structural_variants.regrets` as text, by `VARIANT_HEADS`."""
    cells = {}
    for name, unit in (("admissions", "admissions a year"), ("cost", "pounds a year")):
        error = float(row[f"{name}_error"])
        cells[name] = signed(row[name], error, unit)
        ends = [signed(row[f"{name}_{end}"], error, unit) for end in ("low", "high")]
        cells[f"{name}_ends"] = WITHHELD if row["withheld"] else " to ".join(ends)
    regret = [measured(row[name], float(row["cost_error"]), "pounds a year") for name in ("do", "leave")]
    return [str(row["variant"]), *cells.values(), *regret, str(row["runs"])]


def names_of(comparisons: Sequence[Comparison]) -> tuple[str, ...]:
    """The lens of each comparison."""
    return tuple(lens_name(one.scenario.record) for one in comparisons)
