"""The paired forest: differences of several outcomes in per cent of the baseline, with their ranges, lens by lens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from dashboard.exhibits.exhibit import Exhibit
from dashboard.figures.chart import NO_LEVEL, Chart, chart_of
from dashboard.text import findings
from dashboard.text.labels import FEWER_OR_MORE, SHORT
from dashboard.text.tables import contrasts_cells
from dashboard.topics.through_lenses import range_note, rows_by_name, told
from simulator.comparison.comparison import Comparison

OUTCOMES: Final = (
    "emergency_admissions",
    "zero_night_admissions",
    "overnight_admissions",
    "bed_days",
    "waiting_days",
    "readmission_rate",
    "ae_attendances",
    "often_always_lonely",
    "persistently_lonely",
    "deaths",
)
ACCESS: Final = ("consultations", "consultations_refused", "unmet_needs", "failed_contacts", "human_contacts")
"""What the two forests show: they differ in scale."""
AXIS: Final = f"% of the baseline, {FEWER_OR_MORE}"
_STATISTIC: Final = "Mean of the paired differences in per cent of the baseline."


def paired_forest(
    named: Mapping[str, Comparison], source: str, measures: Sequence[str] = OUTCOMES, name: str = "outcomes"
) -> Exhibit[Chart]:
    """The forest of a comparison through each lens, by the name of the lens; ``source`` is the line below it."""
    rows = rows_by_name(named, lambda one: one.summary(measures, rounded=False))
    named_by = ("label", "reading") if len(named) > 1 else ("label",)
    return Exhibit(
        name,
        told(rows, findings.outcomes_finding),
        f"{_STATISTIC} {range_note(rows)}",
        chart_of(in_percent(rows), AXIS, missing=NO_LEVEL),
        source,
        contrasts_cells(rows, "Outcomes", named_by),
    )


def in_percent(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows with the short name of each outcome, to be drawn in per cent of the baseline; not where it has none."""
    names = [SHORT.get(row["measure"], str(row["label"])) for _, row in rows.iterrows()]
    scale: Any = 100.0 / rows["baseline"].abs().replace(0.0, np.nan)
    return rows.assign(name=names, scale=scale)
