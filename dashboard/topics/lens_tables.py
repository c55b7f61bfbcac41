"""Tables by lens: outcomes side by side, implied effect sizes, and the headline by causal share."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape
from typing import Any, Final

import pandas as pd

from calibration.lens.warnings import another_model
from dashboard.text.labels import CAUSAL_MISSING, WITHHELD, difference_unit, measured, signed
from dashboard.text.lens_names import lens_name
from dashboard.text.phrases import difference_text, range_text
from dashboard.text.tables import html_table
from simulator.comparison.comparison import Comparison
from simulator.experiments.lens_comparisons import LensComparisons
from simulator.experiments.structural_variants import minimax_regret_finding

VARIANT_HEADS: Final = (
    "Variant",
    "Emergency admissions a year",
    "Middle 80 % of runs",
    "Net cost, pounds a year",
    "Middle 80 %",
    "Regret of adopting, pounds a year",
    "Regret of not adopting, pounds a year",
    "Pairs",
)
VARIANTS_NOTE: Final = "Variants are neither weighted nor averaged."
_HEADS: Final = ("Baseline", "Difference", "Middle 80 % of runs", "Unit", "Pairs")
_IMPLIED_STRENGTHS: Final = (
    "Mechanism",
    "Studies",
    "Fitted",
    "Fitted as a multiple of studies",
    "",
    "Unit",
)


def lenses_section(found: LensComparisons) -> str:
    """The section on lenses; with a single lens, its name and notes."""
    first = found.comparisons[0].scenario.record
    named = str(first.get("lens_title", "Evidence as written"))
    parts = [f"<p>Lens: {escape(named)}.</p>"]
    if len(found.comparisons) > 1:
        parts = ["<h2>Through each lens</h2>", _side_by_side(found)]
        others = "; ".join(_link(one) for one in found.comparisons[1:])
        parts.append(f"<p>Unless a lens is named, the lens is: {escape(named)}. This page through: {others}.</p>")
    parts += [_notes(one) for one in found.comparisons]
    parts += [] if found.variants is None else [_variants(found.variants.regrets)]
    return "".join(parts)


def strengths_section(found: LensComparisons) -> str:
    """The section on implied effect sizes, and on the headline if less of each association is causal."""
    parts = [_implied_strengths(found, one) for one in found.comparisons]
    parts += [causal_part(found, one) for one in found.comparisons]
    return f"<h2>Implied effect sizes</h2>{''.join(parts)}" if any(parts) else ""


def _link(one: Comparison) -> str:
    record = one.scenario.record
    return f'<a href="through/{escape(str(record["lens"]))}/report.html">{escape(str(record["lens_title"]))}</a>'


def _side_by_side(found: LensComparisons) -> str:
    rows = [
        [row["label"], str(row["lens_title"]).partition(",")[0], *_cells(row)]
        for _, row in found.side_by_side().iterrows()
    ]
    return html_table("Differences through each lens", ["Outcome", "Lens", *_HEADS], rows, names=2)


def _cells(row: pd.Series[Any]) -> list[str]:
    unit = str(row["unit"])
    return [
        measured(row["baseline"], row["baseline_error"], unit),
        difference_text(row),
        WITHHELD if row["withheld"] else range_text(row),
        difference_unit(unit),
        str(row["runs"]),
    ]


def _notes(one: Comparison) -> str:
    """Notes on a lens: whether it was fitted to another model version, and the checks it failed."""
    record = one.scenario.record
    name = escape(str(record.get("lens_title", "Evidence as written")))
    versions = (str(record.get("lens_fitted_to", "")), str(record["model_version"]))
    noted = "".join(f"<p>{name}: {escape(said)}</p>" for said in another_model(str(record.get("lens")), *versions))
    said = "".join(f"<li>{escape(fault)}</li>" for fault in record.get("lens_faults", ()))
    if not said:
        return noted
    return f"{noted}<p>{name}: the ranges should not be used, since this lens failed checks.</p><ul>{said}</ul>"


def _implied_strengths(found: LensComparisons, one: Comparison) -> str:
    table = found.strengths(one)
    if table is None:
        return ""
    rows = [
        [
            row["label"],
            _range(row["evidence"], row["evidence_low"], row["evidence_high"]),
            _range(row["fitted"], row["fitted_low"], row["fitted_high"]),
            "no multiple: no effect in studies" if math.isnan(row["times"]) else f"{row['times']:.3g}",
            "informed" if row["informed"] else "prior-driven",
            row["unit"],
        ]
        for _, row in table.iterrows()
    ]
    if not rows:
        return ""
    title = f"Implied effect sizes: {one.scenario.record['lens_title']}"
    believed = str(one.scenario.record.get("lens_believed", ""))
    return f"<p>{escape(believed)}</p>{html_table(title, _IMPLIED_STRENGTHS, rows, names=1)}"


def _range(value: float, low: float, high: float) -> str:
    return "none" if math.isnan(value) else f"{value:.3g} ({low:.3g} to {high:.3g})"


def causal_part(found: LensComparisons, one: Comparison) -> str:
    """The headline of a lens at each causal share, or a sentence if that is still to be made."""
    table = found.causal.get(lens_name(one.scenario.record))
    if table is None and not found.causal_missing:
        return ""
    if table is None:
        return f"<p>{escape(str(one.scenario.record['lens_title']))}: {escape(CAUSAL_MISSING)}</p>"
    title = f"If less of each association is causal: {one.scenario.record['lens_title']}"
    rows = [[row["label"], f"{row['causal']:g}", *_cells(row)] for _, row in table.iterrows()]
    note = (
        "Associations from observational studies, with none, half or all of each treated as causal; "
        f"{int(table['runs'].max())} pairs of runs each, with a separate parameter draw in every pair."
    )
    heads = ["Outcome", "Causal share", *_HEADS]
    return f"{html_table(title, heads, rows, names=2)}<p>{escape(note)}</p>"


def _variants(table: pd.DataFrame) -> str:
    rows = [variant_cells(row) for row in table.to_dict("records")]
    said = f"<p>{escape(minimax_regret_finding(table))} {VARIANTS_NOTE}</p>"
    caption = "The difference, and the regret of adopting the scenario and of not adopting it"
    return f"<h2>Under each structural variant</h2>{said}{html_table(caption, VARIANT_HEADS, rows, names=1)}"


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
