"""Districts: a map of England of the first scenario's effect in each local authority district, and its table."""

from __future__ import annotations

import json
from typing import Any, Final

from dash import Dash, html
from dash.development.base_component import Component

from dashboard.application.parts import options
from dashboard.application.parts.grid import grid, searchable
from dashboard.exhibits.components import spoken, unbroken
from dashboard.runs.choices import scenario_name
from dashboard.runs.view import View
from dashboard.text.labels import labels_in, verdict_rule
from dashboard.text.lens_names import key_title
from dashboard.topics.districts import (
    COLOURED_BY,
    district_rows,
    districts_finding,
    districts_note,
    districts_source,
    districts_table,
    key_of,
    rank_note,
    tiles,
)
from dashboard.topics.through_lenses import lens_of
from simulator.bundle.districts import BASE, DistrictsPlan, load_district_results

PATH: Final = "/districts"
TITLE: Final = "Districts"
_TABLE: Final = "districts-table"
_PAGE: Final = 25
_HINT: Final = "Point at a tile, or go from tile to tile with the arrow keys or by first letter."
_LEAD: Final = "Would it do the same everywhere? One tile for each district, near its neighbours."


def layout(view: View) -> Component:
    """The map for an outcome, through the main lens if districts were run through it, otherwise through the first."""
    ready = load_district_results()
    record = ready.record
    plan = DistrictsPlan.of_record(record)
    lens = lens_of(view.lens) if lens_of(view.lens) in plan.lenses else plan.lenses[0]
    held = set(ready.tables["pairs"]["measure"])
    outcomes = {name: title for name, title in labels_in("first screen").items() if name in held}
    coloured_by = options.chosen(view, "colour", COLOURED_BY)
    rows = district_rows(options.chosen(view, "outcome", outcomes), lens, view.matters)
    finding, unit = districts_finding(rows), str(rows["unit"].iloc[0])
    compared = f"{scenario_name(plan.scenario)} compared with {scenario_name(BASE)}, {len(rows)} districts of England."
    drawn = {"label": f"Map. {finding}", "chosen": view.place, "hint": _HINT, "tiles": tiles(rows, coloured_by)}
    tiled: Any = {"data-districts": json.dumps(drawn, ensure_ascii=False)}
    colours = [
        html.Li([html.Span(style={"background": colour}), words]) for colour, words in key_of(rows, coloured_by).items()
    ]
    return html.Div(
        [
            html.H1(TITLE),
            html.P(f"{compared} Lens: {key_title(lens)}.", className="compared"),
            html.P(_LEAD, className="question"),
            html.Div(
                [
                    options.select(view, "outcome", "Outcome", outcomes),
                    options.select(view, "colour", "Colours", COLOURED_BY),
                ],
                className="options",
            ),
            html.Section(
                [
                    html.H2(unbroken(finding)),
                    html.Div(className="districts-map", **tiled),
                    html.Ul(colours, className="colours", **spoken("Colours")),
                    *([html.P(rank_note(rows), className="statistic")] if coloured_by == "rank" else []),
                    html.P(districts_note(rows, plan), className="statistic"),
                    html.P(f"{verdict_rule(view.matters)} {districts_source(record)}", className="provenance"),
                ],
                className="districts",
            ),
            grid(_TABLE, f"{len(rows)} districts", districts_table(rows), _columns(unit), page=_PAGE),
        ]
    )


def register(app: Dash) -> None:
    """Make the table searchable."""
    searchable(app, _TABLE)


def _columns(unit: str) -> list[dict[str, Any]]:
    """Columns of the table; numbers are shown as text and sorted as numbers."""
    wrapped = {"wrapHeaderText": True, "autoHeaderHeight": True}
    as_text = {**wrapped, "valueFormatter": {"function": "params.data[params.colDef.field + '_text']"}}
    return [
        {"field": "title", "headerName": "District", "flex": 2, "minWidth": 140},
        {
            "field": "residents",
            "headerName": "Residents",
            "flex": 1,
            "minWidth": 110,
            "valueFormatter": {"function": "d3.format(',')(params.value)"},
        },
        {"field": "difference", "headerName": f"Difference, {unit}", "flex": 2, "minWidth": 140, **as_text},
        {"field": "range", "headerName": "80 % range", "flex": 2, "minWidth": 140},
        {"field": "a_year", "headerName": "In the district a year", "flex": 1, "minWidth": 130, **as_text},
        {"field": "level", "headerName": "Baseline", "flex": 1, "minWidth": 110},
        {"field": "verdict", "headerName": "Verdict", "flex": 1, "minWidth": 130},
    ]
