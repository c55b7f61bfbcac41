"""Who gains and who loses: by age, by deprivation and by both, absolute or relative to a group's own level."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pandas as pd
from dash import html

from dashboard.exhibits.components import Part
from dashboard.exhibits.exhibit import Drawing, Exhibit, identifier
from dashboard.figures import tile_grid
from dashboard.figures.chart import Chart, chart_of
from dashboard.text import findings
from dashboard.text import labels as words
from dashboard.text.phrases import in_words, lowered
from dashboard.text.tables import contrasts_cells
from dashboard.topics.groups import GROUPS, age_by_deprivation, gains_and_losses, grid_finding, group_rows, relative
from dashboard.topics.through_lenses import finding_by_lens, lens_column, line_of, range_note, rows_by_name
from simulator.comparison.comparison import Comparison
from simulator.comparison.outcomes import OUTCOMES, shown_in

Named = Mapping[str, Comparison]
SCALES: Final = {"absolute": "Absolute: per 1,000, or points", "relative": "Relative: % of the group's own level"}
_SHORT: Final = {"age_band": "age band", "deprivation": "fifth"}
GRID_NOTE: Final = (
    "Difference in emergency admissions a year per 1,000 residents of the group. Filled and marked: it matters; pale: "
    "too small to matter, or cannot tell yet; empty: too few to show."
)


def people(named: Named, source: str, scale: str = "absolute") -> list[Part]:
    """The groups that gain and lose in comparisons by the name of the lens; ``scale`` is one of `SCALES`."""
    shown = {
        (group, measure): rows_by_name(named, lambda one, group=group, measure=measure: group_rows(one, group, measure))  # type: ignore[misc]
        for group in GROUPS
        for measure in shown_in("groups")
    }
    said = []
    for name in named:
        gains = gains_and_losses({key: rows[rows["lens_title"] == name] for key, rows in shown.items()})
        said.append(html.P(f"{name}. {gains}" if len(named) > 1 else gains, className="finding"))
    charts = [
        tuple(_groups(rows, group, measure, scale, source) for (of, measure), rows in shown.items() if of == group)
        for group in GROUPS
    ]
    grids = tuple(_grid(name, one, several=len(named) > 1) for name, one in named.items())
    return [*said, html.H2("By age, and by deprivation"), *charts, html.H2("Age and deprivation together"), grids]


def _groups(table: pd.DataFrame, group: str, measure: str, scale: str, source: str) -> Exhibit[Chart]:
    one, rows = OUTCOMES[measure], table[table["measure"] == measure]
    unit = words.difference_unit(one.unit_on("1,000"))
    by = lowered(words.label(group))
    statistic, axis = f"{one.label} by {by}: difference, {unit}.", f"{unit}, {words.less_or_more(one)}"
    drawn = rows
    if scale == "relative":
        drawn = relative(rows)
        statistic = f"{one.label} by {by}: difference in per cent of the {_SHORT[group]}'s own level in the base."
        axis = "% of the group's own level, less (left) or more (right)"
    fifths = group == "deprivation"
    names = [f"Fifth {words.FIFTHS[int(name) - 1]}" if fifths else str(name) for name in rows[group]]
    return Exhibit(
        f"{group}_{measure}",
        finding_by_lens(rows, lambda part: findings.groups_finding(part, group, measure)),
        f"{statistic} {range_note(rows)}",
        chart_of(drawn.assign(name=names), axis),
        source,
        (contrasts_cells(table, f"By {by}", ("label", *lens_column(table), group)),),
    )


def _grid(name: str, comparison: Comparison, *, several: bool) -> Exhibit[Drawing]:
    rows = rows_by_name({name: comparison}, age_by_deprivation)
    title = finding_by_lens(rows, grid_finding)
    return Exhibit(
        f"age_by_deprivation_{identifier(name)}",
        f"{name}: {title}" if several else title,
        GRID_NOTE,
        Drawing(tile_grid(rows), in_words(rows, "age_band", "deprivation")),
        line_of(comparison),
        (contrasts_cells(rows, "Emergency admissions by age and deprivation", ("age_band", "deprivation")),),
    )
