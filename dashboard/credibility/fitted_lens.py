"""A fitted lens as rows, tables and sentences: targets, what one would have to believe, checks, what moved what."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from calibration import against_targets, load_targets
from calibration.lens.warnings import another_model, baseline_warning, unexplained
from dashboard.text.labels import MINUS
from dashboard.text.phrases import lowered
from dashboard.text.tables import Cells
from simulator.lenses import Lens, implied_strengths
from simulator.lenses import lens as lenses_module
from simulator.results.results import Results
from simulator.results.run_record import model_version

DIAGNOSTICS: Final = "diagnostics"
FOLLOWS: Final = {"nothing": "", "widened": "ranges are wider by it", "withheld": "ranges are withheld"}
PLAUSIBLE: Final = 2.0
"""Standard deviations beyond which a target was missed for no ordinary luck."""
MOST_MOVERS: Final = 10
_NEGATIVE: Final = re.compile(r"(?<![\w.])-(?=\d)")


def target_rows(lens: Lens) -> pd.DataFrame:
    """One row a target: name, label, unit, value, low, high, simulated with both ends, residual, z, and what follows.

    That is fitted, reached and source. The residual, as ``z``, is published less simulated.
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
    """How many targets are within their ranges, fitted and held out."""
    fitted, held = rows[rows["fitted"]], rows[~rows["fitted"]]
    said = f"{int(fitted['reached'].sum())} of {len(fitted)} fitted targets are reached"
    if len(held):
        said += f", and {int(held['reached'].sum())} of {len(held)} that were held out"
    worst = rows.iloc[int(rows["z"].abs().to_numpy().argmax())]
    if abs(worst["z"]) > PLAUSIBLE:
        said += f"; farthest off: {worst['label']}"
    return said


def target_cells(rows: pd.DataFrame) -> Cells:
    """Targets with what was published and simulated, residual and z."""
    body = [
        [
            str(row["label"]),
            *(f"{row[name]:.4g}" for name in ("value", "low", "high", "simulated", "simulated_low", "simulated_high")),
            _signed(row["residual"], ".3g"),
            _signed(row["z"], ".1f"),
            "fitted" if row["fitted"] else "held out",
            "reached" if row["reached"] else "NOT REACHED",
            str(row["unit"]),
            " ".join(str(row["source"]).split()),
        ]
        for _, row in rows.iterrows()
    ]
    heads = ["Target", "Published", "Lower", "Upper", "Simulated", "Lower", "Upper", "Residual", "z", "Use", "Reached"]
    return Cells("Targets beside what was simulated", [*heads, "Unit", "Source"], body, 1)


def warnings_of_lens(lens: Lens) -> tuple[str, ...]:
    """That it was fitted to another model, if it was; what the fit leaves unexplained; and that its town began high."""
    elsewhere = tuple(another_model(lens.name, lens.fitted_to, model_version()))
    return elsewhere + tuple(
        _NEGATIVE.sub(MINUS, said) for said in (*unexplained(lens.file), *baseline_warning(lens.file))
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
    """How far mechanisms lie from what studies support."""
    mechanisms = rows[rows["role"] == "mechanism"]
    if mechanisms.empty:
        return "This lens fitted no mechanism: each is as strong as studies found"
    outside = mechanisms[mechanisms["outside"]]
    said = f"{len(outside)} of {len(mechanisms)} mechanisms lie outside what studies support"
    known = mechanisms.dropna(subset=["times"])
    if len(known) and known["times"].abs().max() > 1.0:
        most = known.iloc[int(known["times"].abs().to_numpy().argmax())]
        said += f"; most of all {lowered(str(most['label']))}: {most['times']:.2g} times as strong"
    return said


def width_finding(rows: pd.DataFrame) -> str:
    """How much was informed."""
    informed = int(rows["informed"].sum())
    return f"The targets narrowed {informed} of {len(rows)} fitted values; the rest range as far as their priors"


def strength_cells(rows: pd.DataFrame) -> Cells:
    """What one would have to believe, value by value."""
    body = [
        [
            str(row["label"]),
            str(row["role"]),
            *_three(row, "evidence"),
            *_three(row, "fitted"),
            "no multiple" if math.isnan(row["times"]) else f"{row['times']:.3g}",
            "outside" if row["outside"] else "",
            f"{100.0 * row['width']:.0f} %",
            "informed" if row["informed"] else "prior-driven",
            str(row["unit"]),
            str(row["reason"]),
        ]
        for _, row in rows.iterrows()
    ]
    heads = ["Value", "Role", "Studies", "Lower", "Upper", "Fitted", "Lower", "Upper", "Times", "Range of studies"]
    heads += ["Width of the prior", "Learned", "Unit", "Why so much was allowed"]
    return Cells("Fitted values beside what studies support", heads, body, 1)


def gate_cells(lens: Lens) -> Cells:
    """The certificate: every check, and what follows where it was not passed."""
    body = [
        [name, "passed" if gate.passed else "FAILED", gate.finding, FOLLOWS[gate.consequence]]
        for name, gate in lens.file.gates.items()
    ]
    return Cells(
        f"Checks of the fit: {lens.file.title}", ["Check", "Passed or not", "What was found", "What follows"], body, 1
    )


def gate_finding(lens: Lens) -> str:
    """Whether the certificate holds."""
    gates = lens.file.gates
    failed = [gate for gate in gates.values() if not gate.passed]
    if not failed:
        return f"All {len(gates)} checks were passed" if len(gates) > 1 else "The one check was passed"
    withheld = any(gate.consequence == "withheld" for gate in failed)
    return f"{len(failed)} of {len(gates)} checks failed{', and ranges are withheld for it' if withheld else ''}"


def diagnostic(lens: str, name: str) -> pd.DataFrame | None:
    """A frame of a shipped lens's fit for all of Frome's gap; None if it was not kept."""
    path = Path(lenses_module.SHIPPED) / lens / DIAGNOSTICS / f"{name}.parquet"
    if not path.is_file():
        return None
    table = pd.read_parquet(path)
    return table[table["frome"] == table["frome"].max()] if "frome" in table else table


def conflict_cells(lens: Lens) -> Cells | None:
    """Each target predicted from the others, and how much the model as such is held to be off it."""
    left_out, off = diagnostic(lens.name, "conflicts"), diagnostic(lens.name, "discrepancy")
    if left_out is None or off is None:
        return None
    labels = {name: row.label for name, row in lens.file.targets.items()}
    both = left_out.merge(off[["target", "in_sd", "mean"]], on="target", suffixes=("", "_off"))
    body = [
        [
            labels.get(str(row["target"]), str(row["target"])),
            f"{row['value']:.4g}",
            f"{row['mean']:.4g}",
            f"{row['sd_predicted']:.3g}",
            _signed(row["z"], ".1f") if np.isfinite(row["z"]) else "",
            "yes" if row["reliable"] else "no",
            f"{row['in_sd']:.2f}",
        ]
        for _, row in both.iterrows()
    ]
    heads = ["Target", "Published", "Predicted by the others", "Standard deviation", "z", "Can be told"]
    return Cells("Do the targets contradict each other?", [*heads, "Discrepancy, in sd"], body, 1)


def mover_rows(lens: Lens, target: str) -> pd.DataFrame | None:
    """What moves a target across the prior, the strongest first: label, total share of variance, its error, alone."""
    table = diagnostic(lens.name, "sobol")
    if table is None:
        return None
    mine = table[table["column"] == target].sort_values("total", ascending=False).head(MOST_MOVERS)
    values = lens.file.parameters
    return mine.assign(label=[values[path].label if path in values else path for path in mine["parameter"]])


def mover_targets(lens: Lens) -> dict[str, str]:
    """Targets of which it is known what moves them, with their labels."""
    table = diagnostic(lens.name, "sobol")
    known = set() if table is None else set(table["column"])
    return {name: row.label for name, row in lens.file.targets.items() if name in known}


def mover_cells(rows: pd.DataFrame) -> Cells:
    """What moves a target, as a table."""
    body = [
        [
            str(row["label"]),
            f"{100.0 * row['total']:.0f} %",
            f"{100.0 * (row['total'] - row['total_error']):.0f} %",
            f"{100.0 * (row['total'] + row['total_error']):.0f} %",
            f"{100.0 * row['first']:.0f} %",
        ]
        for _, row in rows.iterrows()
    ]
    heads = ["Value", "Share of variance, with others", "Lower", "Upper", "By itself"]
    return Cells("What moves this target across the prior (Sobol indices)", heads, body, 1)


def _three(row: pd.Series[Any], name: str) -> list[str]:
    return ["none" if math.isnan(row[key]) else f"{row[key]:.3g}" for key in (name, f"{name}_low", f"{name}_high")]


def _signed(value: float, shape: str) -> str:
    return f"{value:+{shape}}".replace("-", MINUS)


# A simulated baseline beside its calibration targets: where each lies in its range, in words and as a table.


def fit_rows(baseline: Results) -> pd.DataFrame:
    """One row a target as of `calibration.against_targets`, with where simulated and published lie in it [%]."""
    rows = against_targets(baseline, load_targets())
    width = rows["high"] - rows["low"]
    return rows.assign(
        simulated_at=100.0 * (rows["simulated"] - rows["low"]) / width,
        published_at=100.0 * (rows["value"] - rows["low"]) / width,
    )


def fit_finding(rows: pd.DataFrame) -> str:
    """How many targets are reached, and which are not."""
    missed = list(rows.loc[~rows["in_range"], "label"])
    said = f"{len(rows) - len(missed)} of {len(rows)} targets are in range"
    return f"{said}; out of range: {', '.join(missed)}" if missed else said


def fit_cells(rows: pd.DataFrame) -> Cells:
    """Targets with simulated, published, range, residual (published less simulated), grade and source."""
    body = [
        [
            str(row["label"]),
            f"{row['simulated']:,.4g}",
            f"{row['value']:g}",
            f"{row['low']:g}",
            f"{row['high']:g}",
            f"{row['value'] - row['simulated']:+,.3g}".replace("-", MINUS),
            "in range" if row["in_range"] else "out of range",
            str(row["unit"]),
            str(row["grade"]),
            " ".join(str(row["source"]).split()),
        ]
        for _, row in rows.iterrows()
    ]
    heads = ["Target", "Simulated", "Published", "Lower", "Upper", "Residual", "Reached", "Unit", "Grade", "Source"]
    return Cells("Targets", heads, body, 1)
