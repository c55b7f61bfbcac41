"""The paired forest: differences of several outcomes in per cent of the baseline, with their ranges, by lens."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd

from dashboard.exhibits.exhibit import Exhibit
from dashboard.figures.chart import NO_LEVEL, Chart, chart_of
from dashboard.text import findings
from dashboard.text.labels import FEWER_OR_MORE, name_of
from dashboard.text.tables import contrasts_cells
from dashboard.topics.through_lenses import finding_by_lens, lens_column, range_note, rows_by_name
from simulator.comparison.comparison import Comparison
from simulator.comparison.outcomes import Where

AXIS: Final = f"% of the baseline, {FEWER_OR_MORE}"
_STATISTIC: Final = "Mean of the paired differences in per cent of the baseline."


def paired_forest(named: Mapping[str, Comparison], source: str, where: Where = "outcomes") -> Exhibit[Chart]:
    """The forest of comparisons by the name of the lens; ``source`` is the line below it.

    Outcomes on another scale have a separate forest, ``access``.
    """
    rows = rows_by_name(named, lambda one: one.summary(where, rounded=False))
    return Exhibit(
        where,
        finding_by_lens(rows, findings.outcomes_finding),
        f"{_STATISTIC} {range_note(rows)}",
        chart_of(in_percent(rows), AXIS, missing=NO_LEVEL),
        source,
        (contrasts_cells(rows, "Outcomes", ("label", *lens_column(rows))),),
    )


def in_percent(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows with short names of outcomes, and the factor to per cent of the baseline; NaN where that is zero."""
    names = [name_of(row) for _, row in rows.iterrows()]
    scale: Any = 100.0 / rows["baseline"].abs().replace(0.0, np.nan)
    return rows.assign(name=names, scale=scale)
