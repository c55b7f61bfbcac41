"""A simulated baseline beside its calibration targets: where each lies in its range, in words and as a table."""

from __future__ import annotations

import pandas as pd

from calibration import against_targets, load_targets
from dashboard.tables import Cells
from dashboard.words import MINUS
from simulator.results import Results


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
