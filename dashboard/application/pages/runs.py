"""Runs: all finished runs of this model version, with the commands that reproduce them."""

from __future__ import annotations

import base64
import binascii
from shlex import quote
from typing import Any, Final

import dash_mantine_components as dmc
from dash import Dash, Input, Output, State, dcc, html, no_update
from dash.development.base_component import Component

from dashboard.application.parts.app_state import current_state
from dashboard.application.parts.grid import grid, searchable
from dashboard.application.parts.waiting import refused
from dashboard.exhibits.components import table
from dashboard.runs.verification import LARGEST, VerificationResult, read_uploaded, verify
from dashboard.runs.view import View
from dashboard.server.access import THIS_COMPUTER, owner
from dashboard.server.requests import Text, checked
from dashboard.text.lens_names import key_title, settings_of_key
from simulator.errors import SimulatorError
from simulator.results.run_record import model_version

PATH: Final = "/runs"
TITLE: Final = "Runs"


def layout(view: View) -> Component:  # noqa: ARG001 - every page takes the view
    """The library of finished runs."""
    rows = current_state().library.rows()
    shown = [
        {
            **{str(key): str(value) for key, value in row.items()},
            "lens": key_title(str(row["lens"])),
            "created": row["created"][:10],
            "again": _again(row),
        }
        for row in rows.to_dict("records")
    ]
    progress = current_state().example.progress
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
            *_where(),
            html.H2("Verify a run record"),
            html.P(
                "Choose the record.json of any results: is it a run of this model, can it be made again here, and "
                "did it give the same numbers?",
                className="question",
            ),
            dcc.Upload(
                id="verify-file",
                children=dmc.Button("Choose a record.json", id="verify-choose", variant="outline"),
                accept=".json,application/json",
                max_size=LARGEST,
                className="verify-file",
            ),
            html.Div(id="verified", role="status", className="texts"),
        ]
    )


def _where() -> list[Component]:
    """The folder of the runs, for the person at this computer; others cannot reach it."""
    if owner() != THIS_COMPUTER:
        return []
    return [html.P(f"They are kept in {current_state().library.folder}.", className="provenance")]


def register(app: Dash) -> None:
    """Make the table searchable, and verify uploaded records."""
    searchable(app, "runs-table")

    @app.callback(
        Output("verified", "children"),
        Input("verify-file", "contents"),
        State("verify-file", "filename"),
        prevent_initial_call=True,
    )
    @checked
    def check(contents: str | None, name: Text | None) -> Any:
        if not contents:
            return no_update
        try:
            content = base64.b64decode(contents.partition(",")[2], validate=True)
            return verified(
                verify(read_uploaded(content), current_state().library, (current_state().place,)), name or ""
            )
        except (SimulatorError, binascii.Error) as error:
            return refused("This cannot be verified", str(error))


def verified(found: VerificationResult, name: str) -> Component:
    """The result of verifying a record, with each part compared."""
    kind = "calm" if found.same else "alarm"
    return html.Div(
        [
            html.Section([html.H3(name or "The record"), html.P(found.finding)], className=f"harm {kind}"),
            table(found.cells),
        ]
    )


def _again(row: dict[Any, Any]) -> str:
    """The command that reproduces a set of runs."""
    if row["replications"] < 1:
        return ""
    seeds = f"0-{int(row['replications']) - 1}" if row["replications"] > 1 else "0"
    through = settings_of_key(str(row["lens"])).options
    parts = ["offset", "run", row["scenario"], "--place", row["place"], "--seeds", seeds, *through]
    return " ".join(quote(str(part)) for part in parts)


def _columns() -> list[dict[str, Any]]:
    return [
        {"field": "title", "headerName": "Scenario", "width": 180},
        {"field": "scenario_hash", "headerName": "Hash", "width": 95},
        {"field": "place", "headerName": "Place", "width": 85},
        {"field": "lens", "headerName": "Lens", "width": 130},
        {"field": "starts", "headerName": "From", "width": 105},
        {"field": "weeks", "headerName": "Weeks", "width": 70, "filter": False},
        {"field": "replications", "headerName": "Runs", "width": 60, "filter": False},
        {"field": "created", "headerName": "Made", "width": 105},
        {"field": "again", "headerName": "To run it again", "minWidth": 260, "flex": 1, "cellClass": "command"},
    ]
