"""The difference in emergency admissions in each year, with its range, by lens."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from dashboard.exhibits.exhibit import Exhibit
from dashboard.figures.chart import Chart, chart_of
from dashboard.text import findings
from dashboard.text.tables import contrasts_cells
from dashboard.topics.through_lenses import finding_by_lens, lens_column, range_note, rows_by_name
from simulator.comparison.comparison import Comparison

_STATISTIC: Final = "Difference in emergency admissions in each year."
_AXIS: Final = "admissions a year, fewer (below) or more (above)"


def years(named: Mapping[str, Comparison], source: str) -> Exhibit[Chart]:
    """The years of comparisons by the name of the lens; ``source`` is the line below them."""
    rows = rows_by_name(named, lambda one: one.by("year", measures=("emergency_admissions",), rounded=False))
    return Exhibit(
        "years",
        finding_by_lens(rows, findings.years_finding),
        f"{_STATISTIC} {range_note(rows)}",
        chart_of(rows.assign(name=[f"Year {year}" for year in rows["year"]]), _AXIS, across=True),
        source,
        (contrasts_cells(rows, "Emergency admissions year by year", ("year", *lens_column(rows))),),
    )
