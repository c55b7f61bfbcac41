"""Tables that can be sorted and filtered (AG Grid, community edition), with a name and a search box."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import dash_ag_grid as dag
import dash_mantine_components as dmc
from dash import ClientsideFunction, Dash, Input, Output, html
from dash.development.base_component import Component

from dashboard.application.parts.lazy_content import LazyContent

_OPTIONS: Final[dict[str, Any]] = {
    "animateRows": False,
    "enableCellTextSelection": True,
    "ensureDomOrder": True,
    "suppressColumnVirtualisation": True,
}

_ROW: Final = 42
"""Minimum height of a row in pixels, reserved until the table is drawn."""


def grid(
    name: str, caption: str, rows: Sequence[Mapping[str, Any]], columns: Sequence[dict[str, Any]], *, page: int = 0
) -> Component:
    """A table with an id. ``columns`` are AG Grid's; ``page`` is the number of rows per page, 0 for a single page."""
    paging = {"pagination": True, "paginationPageSize": page, "paginationPageSizeSelector": False} if page else {}
    table = dag.AgGrid(
        id=name,
        rowData=list(rows),
        columnDefs=list(columns),
        defaultColDef={"sortable": True, "filter": True, "resizable": True, "wrapText": True, "autoHeight": True},
        dashGridOptions={**_OPTIONS, **paging, "domLayout": "autoHeight"},
        style={"width": "100%"},
        className="ag-theme-quartz grid",
    )
    search = dmc.TextInput(id=f"{name}-search", label="Search in this table", w=280, debounce=300)
    frame = html.Div(LazyContent(table, _ROW * (1 + min(len(rows), page or len(rows)))), className="scroll grid-frame")
    return html.Section([html.H2(caption), search, frame], className="exhibit")


def searchable(app: Dash, name: str) -> None:
    """Make the search box of a grid filter its rows, in the browser."""
    app.clientside_callback(
        ClientsideFunction("offset", "search"),
        Output(name, "dashGridOptions"),
        Input(f"{name}-search", "value"),
        prevent_initial_call=True,
    )
