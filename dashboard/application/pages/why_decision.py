"""Sensitivity analysis on page Why: parameters that a decision depends on, or the command for the analysis."""

from __future__ import annotations

from typing import Any, Final

from dash import html
from dash.development.base_component import Component

from dashboard import figures
from dashboard.application.parts.app_state import library
from dashboard.application.parts.exhibit import exhibit, graph, table, unbroken
from dashboard.runs.view import View
from dashboard.text.lens_names import key_title, settings_of_key
from dashboard.topics import decision
from dashboard.topics.through_lenses import Through

MOVING_NOTE: Final = (
    "Change in the yearly difference in net cost when a parameter goes from its 10th to its 90th percentile, by an "
    "emulator of the pairs of runs; thin bars: middle 80 % over all other parameters. Sobol and Morris indices are in "
    "the table."
)
WORTH_NOTE: Final = (
    "Value to this place, in pounds a year, of knowing a parameter before deciding (expected value of partial perfect "
    "information); thin bars: 95 % interval."
)


def decision_sections(view: View, found: Through) -> list[Component]:
    """The analysis for each lens that has one; otherwise a sentence with its command."""
    asked = {key: library().sensitivity(view.scenario, view.base, view.place, key) for key in found}
    made = {key: one for key, one in asked.items() if one is not None}
    if not made:
        return [
            html.P(
                "There is no sensitivity analysis of this scenario yet; it takes hundreds of runs. The following "
                "command adds it here. FOLDER is the folder of finished runs that the dashboard printed when it "
                "started."
            ),
            html.Pre(html.Code(_command(view))),
        ]
    return [part for key, one in made.items() for part in _section(key, *one, named=len(found) > 1)]


def _command(view: View) -> str:
    """The command for a view's scenario, which is a file if it is the user's own."""
    names = (
        f"{own}.yaml" if digits else own
        for own, _, digits in (name.partition("-") for name in (view.scenario, view.base))
    )
    lens, frome, _ = settings_of_key(view.lens)
    setting = "" if frome is None else f" --frome {frome}"
    where = f"--place {view.place} --lens {lens}{setting}"
    return f"offset sensitivity {' '.join(names)} {where} --dashboard FOLDER"


def _section(key: str, frames: decision.Frames, record: dict[str, Any], *, named: bool) -> list[Component]:
    withheld = bool(record.get("lens_faults"))
    line = (
        f"Model {record['model_version']}. {record['scenario']} {record['scenario_hash']} against "
        f"{record['baseline']['scenario']}. {record['place_title']} {record['place_hash']}. "
        f"Lens: {record['lens_title']}. "
        f"{len(record['seeds'])} paired replications, {record['weeks']} weeks from {record['starts']}. "
        f"{str(record['created'])[:10]}. Simulated estimate, not an official statistic."
    )
    prefix = f"{key_title(key)}. " if named else ""
    moving, worth = decision.moving_rows(frames), decision.worth_rows(frames)
    all_moves, all_worth = (make(frames, withheld=withheld) for make in (decision.moving_cells, decision.worth_cells))
    drawn = []
    for name, rows, finding, note, cells in (
        ("moving", moving, decision.moving_finding, MOVING_NOTE, all_moves),
        ("worth", worth, decision.worth_finding, WORTH_NOTE, all_worth),
    ):
        if rows.empty:
            continue
        shown = decision.without_ranges(rows) if withheld else rows
        figure = figures.ranged(shown, "pounds a year")
        title = f"{prefix}{finding(rows)}"
        chart = graph(figure, f"{name}-{key.replace('.', '_')}", f"{title}. {decision.in_words(shown)}.")
        drawn.append(exhibit(title, note, chart, [cells], line))
    boxes = decision.boxes_cells(frames)
    return [
        *([html.H3(key_title(key))] if named else []),
        html.Ul([html.Li(unbroken(str(said))) for said in record.get("findings", ())], className="points"),
        html.Div(drawn, className="pair"),
        html.H3(f"{prefix}{decision.boxes_finding(frames)}"),
        *([table(boxes)] if boxes.body else []),
        html.P(line, className="provenance"),
    ]
