"""Tables and findings on a fitted lens: targets, implied effect sizes, checks, and sensitivity of targets."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from calibration import against_targets, load_targets
from calibration.lens.warnings import another_model, baseline_warning, unexplained
from dashboard.figures.chart import plain
from dashboard.text.labels import MINUS
from dashboard.text.phrases import lowered
from dashboard.text.tables import Cells, cells_of
from simulator.lenses import Lens, implied_strengths
from simulator.lenses import lens as lenses_module
from simulator.results.results import Results
from simulator.results.run_record import model_version

DIAGNOSTICS: Final = "diagnostics"
FOLLOWS: Final = {"nothing": "", "widened": "ranges are widened", "withheld": "ranges are withheld"}
PLAUSIBLE: Final = 2.0
"""Standard deviations beyond which a missed target is not plausibly due to chance."""
MOST_MOVERS: Final = 10
_NEGATIVE: Final = re.compile(r"(?<![\w.])-(?=\d)")


def target_rows(lens: Lens) -> pd.DataFrame:
    """One row per target: name, label, unit, value, low, high, simulated with both ends, residual and z.

    Further columns are fitted, reached and source. The residual, like ``z``, is published less simulated.
    """
    rows = []
    for name, row in lens.file.targets.items():
        found = row.simulated
        numbers = (row.value, row.low, row.high, found.value, found.low, found.high, row.value - found.value, row.z)
        rows.append((name, row.label, row.unit, *numbers, row.fitted, row.reached, row.source))
    columns = ["name", "label", "unit", "value", "low", "high", "simulated", "simulated_low", "simulated_high"]
    columns += ["residual", "z", "fitted", "reached", "source"]
    return pd.DataFrame(rows, columns=columns)


def target_finding(rows: pd.DataFrame) -> str:
    """The number of fitted and held-out targets within their ranges."""
    fitted, held = rows[rows["fitted"]], rows[~rows["fitted"]]
    said = f"{int(fitted['reached'].sum())} of {len(fitted)} fitted targets are reached"
    if len(held):
        said += f", and {int(held['reached'].sum())} of {len(held)} that were held out"
    worst = rows.iloc[int(rows["z"].abs().to_numpy().argmax())]
    if abs(worst["z"]) > PLAUSIBLE:
        said += f"; the largest deviation is in: {worst['label']}"
    return said


def target_cells(rows: pd.DataFrame) -> Cells:
    """Targets with published and simulated values, residual and z."""
    use = rows["fitted"].map({True: "fitted", False: "held out"})
    reached = rows["reached"].map({True: "reached", False: "NOT REACHED"})
    columns = (
        "Target={label} | Published={value:.4g} | Lower={low:.4g} | Upper={high:.4g} | Simulated={simulated:.4g} | "
        "Lower={simulated_low:.4g} | Upper={simulated_high:.4g} | Residual={residual:+.3g} | z={z:+.1f} | Use={use} | "
        "Reached={met} | Unit={unit} | Source={source}"
    )
    return cells_of(rows.assign(use=use, met=reached), "Targets and simulated values", columns)


def warnings_of_lens(lens: Lens) -> tuple[str, ...]:
    """Warnings: a fit to another model version, unexplained targets, and a town with a high starting level."""
    elsewhere = tuple(another_model(lens.name, lens.fitted_to, model_version()))
    believed = (lens.believed,) if lens.believed else ()
    return (
        believed
        + elsewhere
        + tuple(_NEGATIVE.sub(MINUS, said) for said in (*unexplained(lens.file), *baseline_warning(lens.file)))
    )


def strength_rows(lens: Lens) -> pd.DataFrame:
    """`simulator.lenses.strengths` of every fitted value, with ``role`` and ``width``: posterior over prior width."""
    table = implied_strengths(lens, mechanisms_only=False)
    values = lens.file.parameters
    width = [
        (values[path].fitted.high - values[path].fitted.low) / (values[path].prior.high - values[path].prior.low)
        for path in table["path"]
    ]
    return table.assign(role=[values[path].role for path in table["path"]], width=width)


def strength_finding(rows: pd.DataFrame) -> str:
    """How far the mechanisms are from the range that studies support."""
    mechanisms = rows[rows["role"] == "mechanism"]
    if mechanisms.empty:
        return "No mechanism was fitted in this lens: each is as strong as studies found"
    outside = mechanisms[mechanisms["outside"]]
    said = f"{len(outside)} of {len(mechanisms)} mechanisms are outside the range that studies support"
    known = mechanisms.dropna(subset=["times"])
    if len(known) and known["times"].abs().max() > 1.0:
        most = known.iloc[int(known["times"].abs().to_numpy().argmax())]
        said += f"; the largest multiple is {most['times']:.2g}, for {lowered(str(most['label']))}"
    return said


def width_finding(rows: pd.DataFrame) -> str:
    """The number of values that the targets narrowed."""
    informed = int(rows["informed"].sum())
    return f"The targets narrowed {informed} of {len(rows)} fitted values; the ranges of the others are those of priors"


def strength_cells(rows: pd.DataFrame) -> Cells:
    """Implied effect sizes, one row per value."""
    values = [f"{name}{end}" for name in ("evidence", "fitted") for end in ("", "_low", "_high")]
    shown = rows.assign(
        **{name: rows[name].map(plain) for name in values},
        multiple=["no multiple" if math.isnan(times) else plain(times) for times in rows["times"]],
        range=rows["outside"].map({True: "outside", False: ""}),
        share=100.0 * rows["width"],
        known=rows["informed"].map({True: "informed", False: "prior-driven"}),
    )
    columns = (
        "Value={label} | Role={role} | Studies={evidence} | Lower={evidence_low} | Upper={evidence_high} | "
        "Fitted={fitted} | Lower={fitted_low} | Upper={fitted_high} | Times={multiple} | "
        "Range of studies={range} | Share of prior width={share:.0f} % | Information={known} | Unit={unit} | "
        "Reason for the prior={reason}"
    )
    return cells_of(shown, "Fitted values and the range that studies support", columns)


def gate_cells(lens: Lens) -> Cells:
    """The certificate: all checks, with the consequences of failed ones."""
    body = [
        [name, "passed" if gate.passed else "FAILED", gate.finding, FOLLOWS[gate.consequence]]
        for name, gate in lens.file.gates.items()
    ]
    return Cells(f"Checks of the fit: {lens.file.title}", ["Check", "Passed", "Finding", "Consequence"], body, 1)


def gate_finding(lens: Lens) -> str:
    """The number of checks that passed or failed."""
    gates = lens.file.gates
    failed = [gate for gate in gates.values() if not gate.passed]
    if not failed:
        return f"All {len(gates)} checks were passed" if len(gates) > 1 else "The only check was passed"
    withheld = any(gate.consequence == "withheld" for gate in failed)
    return f"{len(failed)} of {len(gates)} checks failed{', so ranges are withheld' if withheld else ''}"


def diagnostic(lens: str, name: str) -> pd.DataFrame | None:
    """A frame of a shipped lens's fit for all of Frome's gap; None if it is not stored."""
    path = Path(lenses_module.SHIPPED) / lens / DIAGNOSTICS / f"{name}.parquet"
    if not path.is_file():
        return None
    table = pd.read_parquet(path)
    return table[table["frome"] == table["frome"].max()] if "frome" in table else table


def conflict_cells(lens: Lens) -> Cells | None:
    """Each target predicted from the others, with the discrepancy of the model."""
    left_out, off = diagnostic(lens.name, "conflicts"), diagnostic(lens.name, "discrepancy")
    if left_out is None or off is None:
        return None
    labels = {name: row.label for name, row in lens.file.targets.items()}
    both = left_out.merge(off[["target", "in_sd", "mean"]], on="target", suffixes=("", "_off"))
    shown = both.assign(
        label=both["target"].map(labels).fillna(both["target"]),
        z=[f"{z:+.1f}" if np.isfinite(z) else "" for z in both["z"]],
        sure=both["reliable"].map({True: "yes", False: "no"}),
    )
    columns = (
        "Target={label} | Published={value:.4g} | Predicted from the others={mean:.4g} | "
        "Standard deviation={sd_predicted:.3g} | z={z} | Reliable={sure} | Discrepancy, in sd={in_sd:.2f}"
    )
    return cells_of(shown, "Do the targets contradict each other?", columns)


def mover_rows(lens: Lens, target: str) -> pd.DataFrame | None:
    """Sobol indices of a target over the prior, the largest first: label, total with its error, and first order."""
    table = diagnostic(lens.name, "sobol")
    if table is None:
        return None
    mine = table[table["column"] == target].sort_values("total", ascending=False).head(MOST_MOVERS)
    values = lens.file.parameters
    return mine.assign(label=[values[path].label if path in values else path for path in mine["parameter"]])


def mover_targets(lens: Lens) -> dict[str, str]:
    """Labels of the targets with known Sobol indices."""
    table = diagnostic(lens.name, "sobol")
    known = set() if table is None else set(table["column"])
    return {name: row.label for name, row in lens.file.targets.items() if name in known}


def mover_cells(rows: pd.DataFrame) -> Cells:
    """Sobol indices of a target as a table."""
    total, error = 100.0 * rows["total"], 100.0 * rows["total_error"]
    shown = rows.assign(total=total, low=total - error, high=total + error, first=100.0 * rows["first"])
    columns = (
        "Parameter={label} | Total effect={total:.0f} % | Lower={low:.0f} % | Upper={high:.0f} % | "
        "First-order effect={first:.0f} %"
    )
    return cells_of(shown, "Share of this target's variance over the prior (Sobol indices)", columns)


# A simulated baseline compared with its calibration targets: rows, finding and table.


def fit_rows(baseline: Results) -> pd.DataFrame:
    """Rows of `calibration.against_targets`, with simulated and published as positions in the range [%]."""
    rows = against_targets(baseline, load_targets())
    width = rows["high"] - rows["low"]
    return rows.assign(
        simulated_at=100.0 * (rows["simulated"] - rows["low"]) / width,
        published_at=100.0 * (rows["value"] - rows["low"]) / width,
    )


def fit_finding(rows: pd.DataFrame) -> str:
    """The number of targets in range, and the names of the others."""
    missed = list(rows.loc[~rows["in_range"], "label"])
    said = f"{len(rows) - len(missed)} of {len(rows)} targets are in range"
    return f"{said}; out of range: {', '.join(missed)}" if missed else said


def fit_cells(rows: pd.DataFrame) -> Cells:
    """Targets with simulated, published, range, residual (published less simulated), grade and source."""
    shown = rows.assign(
        residual=rows["value"] - rows["simulated"], met=rows["in_range"].map({True: "in range", False: "out of range"})
    )
    columns = (
        "Target={label} | Simulated={simulated:,.4g} | Published={value:g} | Lower={low:g} | Upper={high:g} | "
        "Residual={residual:+,.3g} | Reached={met} | Unit={unit} | Grade={grade} | Source={source}"
    )
    return cells_of(shown, "Targets", columns)
