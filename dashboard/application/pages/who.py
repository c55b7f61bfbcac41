"""Who and where: differences by age, deprivation and both, absolute or against each group's own level."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
from dash import Dash, html
from dash.development.base_component import Component

from dashboard import figures, findings
from dashboard.application import options
from dashboard.application.exhibit import exhibit
from dashboard.application.graph import graph
from dashboard.application.head import comparison_of, head, line_of
from dashboard.application.view import View
from dashboard.saying import alternative
from dashboard.tables import contrasts_cells
from dashboard.who import (
    AXIS,
    GROUPS,
    MEASURES,
    RANGE,
    SHORT_GROUP,
    STATISTIC,
    age_by_deprivation,
    gains_and_losses,
    grid_finding,
    group_rows,
    relative,
)
from dashboard.words import label
from simulator.comparison import Comparison

PATH: Final = "/who"
TITLE: Final = "Who and where"
SCALES: Final = {"absolute": "Absolute: per 1,000, or points", "relative": "Relative: % of the group's own level"}
_RELATIVE_AXIS: Final = "% of the group's own level,<br>less (left) or more (right)"


def layout(view: View) -> Component:
    """Differences by group of one scenario against its base."""
    comparison = comparison_of(view)
    line = line_of(comparison)
    scale = options.chosen(view, "scale", SCALES)
    shown = {(group, measure): group_rows(comparison, group, measure) for group in GROUPS for measure in MEASURES}
    lead = "Who gains and who loses. The same difference per head means more to a group that has more of it."
    rows = [
        html.Div(
            [_exhibit(shown[group, measure], group, measure, scale, line) for measure in MEASURES], className="pair"
        )
        for group in GROUPS
    ]
    return html.Div(
        [
            *head(TITLE, comparison, lead),
            html.P(gains_and_losses(shown), className="finding"),
            options.select(view, "scale", "Differences", SCALES),
            html.H2("By age, and by deprivation"),
            *rows,
            html.H2("Age and deprivation together"),
            _grid(comparison, line),
        ]
    )


def register(app: Dash) -> None:
    """Choices are options of the address."""


def _exhibit(rows: pd.DataFrame, group: str, measure: str, scale: str, line: str) -> Component:
    mine = rows[rows["measure"] == measure]
    title = findings.groups_finding(mine, group, measure)
    statistic = STATISTIC[measure].format(group=SHORT_GROUP[group]) + RANGE
    drawn_rows: Any = mine
    if scale == "relative":
        drawn_rows = relative(mine)
        statistic = f"Difference in per cent of the {SHORT_GROUP[group]}'s own level in the base. {RANGE}"
    figure = figures.by_group(drawn_rows, group, AXIS[measure] if scale == "absolute" else _RELATIVE_AXIS)
    drawn = graph(figure, f"{group}-{measure}", alternative(f"{title}.", drawn_rows, group))
    return exhibit(
        title, statistic, drawn, [contrasts_cells(rows, f"By {label(group).lower()}", ("label", group))], line
    )


def _grid(comparison: Comparison, line: str) -> Component:
    rows = age_by_deprivation(comparison)
    title = grid_finding(rows)
    note = (
        "Difference in emergency admissions a year per 1,000 residents of the group. Filled and marked: clear, the "
        "middle 80 % of runs lie on one side of nothing; pale: not clear; empty: too few to show."
    )
    drawn = graph(
        figures.tile_grid(rows), "age-by-deprivation", alternative(f"{title}.", rows, "age_band", "deprivation")
    )
    cells = contrasts_cells(rows, "Emergency admissions by age and deprivation", ("age_band", "deprivation"))
    return exhibit(title, note, drawn, [cells], line)
