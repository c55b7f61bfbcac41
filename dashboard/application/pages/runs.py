"""Runs: everything that has been run with this version, and the command that runs it again."""

from __future__ import annotations

from typing import Any, Final

from dash import Dash, html
from dash.development.base_component import Component

from dashboard.application.current import held
from dashboard.application.grid import grid, searchable
from dashboard.application.view import View
from simulator.run_record import model_version

PATH: Final = "/runs"
TITLE: Final = "Runs"


def layout(view: View) -> Component:  # noqa: ARG001 - every page takes the view
    """The library of finished runs."""
    rows = held().library.rows()
    shown = [
        {**{str(key): str(value) for key, value in row.items()}, "created": row["created"][:10], "again": _again(row)}
        for row in rows.to_dict("records")
    ]
    progress = held().example.progress
    under_way = f" {progress.done} of {progress.total} runs of the worked example are done." if progress.now else ""
    return html.Div(
        [
            html.H1(TITLE),
            html.P(
                f"Finished runs of model {model_version()}. Runs of another version are never shown beside these: a "
                f"difference could come from the version.{under_way}",
                className="question",
            ),
            grid("runs-table", f"{len(shown)} sets of finished runs", shown, _columns()),
            html.P(f"They are kept in {held().library.folder}.", className="provenance"),
        ]
    )


def register(app: Dash) -> None:
    """The table can be searched."""
    searchable(app, "runs-table")


def _again(row: dict[Any, Any]) -> str:
    """The command that makes the same runs."""
    if row["replications"] < 1:
        return ""
    seeds = f"0-{int(row['replications']) - 1}" if row["replications"] > 1 else "0"
    return f"offset run {row['scenario']} --place {row['place']} --seeds {seeds}"


def _columns() -> list[dict[str, Any]]:
    return [
        {"field": "title", "headerName": "Scenario", "width": 220},
        {"field": "scenario_hash", "headerName": "Hash", "width": 110},
        {"field": "place", "headerName": "Place", "width": 110},
        {"field": "lens", "headerName": "Lens", "width": 105},
        {"field": "starts", "headerName": "From", "width": 120},
        {"field": "weeks", "headerName": "Weeks", "width": 95},
        {"field": "replications", "headerName": "Runs", "width": 90},
        {"field": "created", "headerName": "Made", "width": 120},
        {"field": "again", "headerName": "To run it again", "minWidth": 330, "flex": 1, "cellClass": "command"},
    ]
