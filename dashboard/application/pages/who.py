"""Who and where: differences by age, deprivation and both, absolute or relative to each group's own level."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

import pandas as pd
from dash import Dash, html
from dash.development.base_component import Component

from dashboard import figures
from dashboard.application.parts import options, take_away
from dashboard.application.parts.exhibit import exhibit, graph
from dashboard.application.parts.head import head, lens_notes, through_lenses
from dashboard.runs.view import View
from dashboard.text import findings
from dashboard.text.labels import label
from dashboard.text.lens_names import key_title
from dashboard.text.phrases import alternative
from dashboard.text.tables import contrasts_cells
from dashboard.topics.groups import (
    GROUPS,
    RANGE,
    SHORT_GROUP,
    age_by_deprivation,
    axis_of,
    gains_and_losses,
    grid_finding,
    group_rows,
    relative,
    statistic_of,
)
from dashboard.topics.through_lenses import finding_by_lens, line_of, line_through, noted, rows_through
from simulator.comparison.comparison import Comparison
from simulator.comparison.outcomes import shown_in

PATH: Final = "/who"
TITLE: Final = "Who and where"
SCALES: Final = {"absolute": "Absolute: per 1,000, or points", "relative": "Relative: % of the group's own level"}
_RELATIVE_AXIS: Final = "% of the group's own level, less (left) or more (right)"


def layout(view: View) -> Component:
    """Differences by group of one scenario against its base, for each lens."""
    found = through_lenses(view)
    line = line_through(found)
    scale = options.chosen(view, "scale", SCALES)
    shown = {
        (group, measure): rows_through(found, partial(group_rows, group=group, measure=measure))
        for group in GROUPS
        for measure in shown_in("groups")
    }
    lead = "Who gains and who loses. The same difference per head means more to a group that has more of it."
    rows = [
        html.Div(
            [_exhibit(rows, group, measure, scale, line) for (of, measure), rows in shown.items() if of == group],
            className="pair",
        )
        for group in GROUPS
    ]
    return html.Div(
        [
            *head(TITLE, found[view.lens], lead),
            take_away.menu(view, list(found.values())),
            *lens_notes(view, found),
            *(html.P(said, className="finding") for said in _gains(shown, several=len(found) > 1)),
            options.select(view, "scale", "Differences", SCALES),
            html.H2("By age, and by deprivation"),
            *rows,
            html.H2("Age and deprivation together"),
            html.Div([_grid(key, one, several=len(found) > 1) for key, one in found.items()], className="pair"),
        ]
    )


def _gains(shown: dict[tuple[str, str], pd.DataFrame], *, several: bool) -> list[str]:
    """Groups that gain and lose, by lens."""
    lens_titles = list(dict.fromkeys(next(iter(shown.values()))["lens_title"]))
    said = []
    for lens_title in lens_titles:
        mine = {key: rows[rows["lens_title"] == lens_title] for key, rows in shown.items()}
        words = gains_and_losses(mine)
        said.append(f"{lens_title}. {words}" if several else words)
    return said


def register(app: Dash) -> None:
    """Choices are stored in the address."""


def _exhibit(rows: pd.DataFrame, group: str, measure: str, scale: str, line: str) -> Component:
    mine = rows[rows["measure"] == measure]
    several = mine["lens_title"].nunique() > 1
    title = finding_by_lens(mine, lambda part: findings.groups_finding(part, group, measure))
    statistic = f"{statistic_of(measure, group)} {RANGE}"
    drawn_rows: Any = mine
    if scale == "relative":
        drawn_rows = relative(mine)
        statistic = f"Difference in per cent of the {SHORT_GROUP[group]}'s own level in the base. {RANGE}"
    figure = figures.by_group(drawn_rows, group, axis_of(measure) if scale == "absolute" else _RELATIVE_AXIS)
    named_by = ("lens_title", group) if several else (group,)
    drawn = graph(figure, f"{group}-{measure}", alternative(f"{title}.", drawn_rows, *named_by))
    cells = contrasts_cells(rows, f"By {label(group).lower()}", ("label", *named_by))
    return exhibit(title, noted(statistic, mine), drawn, [cells], line)


def _grid(key: str, comparison: Comparison, *, several: bool) -> Component:
    rows = rows_through({key: comparison}, age_by_deprivation)
    title = (
        f"{key_title(key)}: {finding_by_lens(rows, grid_finding)}" if several else finding_by_lens(rows, grid_finding)
    )
    note = (
        "Difference in emergency admissions a year per 1,000 residents of the group. Filled and marked: "
        "it matters; pale: too small to matter, or cannot tell yet; empty: too few to show."
    )
    drawn = graph(
        figures.tile_grid(rows),
        f"age-by-deprivation-{key.replace('.', '_')}",
        alternative(f"{title}.", rows, "age_band", "deprivation"),
    )
    cells = contrasts_cells(rows, "Emergency admissions by age and deprivation", ("age_band", "deprivation"))
    return exhibit(title, note, drawn, [cells], line_of(comparison))
