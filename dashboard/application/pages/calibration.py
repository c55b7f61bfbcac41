"""Calibration: targets and implied effect sizes of each lens, the baseline against its targets, and studies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import pandas as pd
from dash import ALL, Dash, Input, Output, callback_context, dcc, html, no_update
from dash.development.base_component import Component

from dashboard.application.pages.calibration_lens import DRAWS, lens_sections
from dashboard.application.pages.calibration_studies import blind_sections, studies_sections
from dashboard.application.parts.app_state import library
from dashboard.application.parts.head import other_lenses
from dashboard.application.parts.run_button import run_button
from dashboard.credibility.fitted_lens import fit_cells, fit_finding, fit_rows
from dashboard.exhibits.components import shown
from dashboard.exhibits.exhibit import Exhibit, identifier
from dashboard.figures.chart import chart_of, plain_rows
from dashboard.runs import QUICK_PAIRS
from dashboard.runs.library import NotFinishedError
from dashboard.runs.view import BASELINE, View
from dashboard.server.requests import checked
from dashboard.text.lens_names import key_title, shown_lenses
from dashboard.text.phrases import listed
from dashboard.topics.through_lenses import lens_of, within
from simulator.api import lenses
from simulator.lenses import EVIDENCE, load_lens
from simulator.results.results import Results

PATH: Final = "/calibration"
TITLE: Final = "Calibration"
_NOT_FITTED: Final = (
    "With the evidence as written nothing has been fitted: each value is what its source says, and the baseline is set "
    "beside its targets afterwards. Reaching a target is then a check and not a result of tuning."
)
_FITTED: Final = (
    "Two readings of Frome: a simulator whose mechanisms are as strong as trials found does not give what was reported "
    "of Frome; one that is strong enough to give it asks a reader to believe what no trial found. Both are shown."
)
_NOTE: Final = (
    "The published value and the simulated one, mean of the runs, within the range that sources leave open for each "
    "target: 0 is its lower and 100 its upper end."
)


def layout(view: View) -> Component:
    """The fit of each lens, the baseline of the place, simulated studies, and replicated published studies."""
    fitted = [lens for lens in dict.fromkeys((lens_of(view.lens), *shown_lenses())) if _is_fitted(lens)]
    keys = (view.lens, *other_lenses(view))
    return html.Div(
        [
            html.H1(TITLE),
            html.P(_FITTED if fitted else _NOT_FITTED, className="question"),
            *(part for lens in fitted for part in lens_sections(view, load_lens(lens))),
            html.H2("The baseline of this place beside its targets"),
            *_baselines(view, keys),
            html.H2("Studies of a programme, simulated"),
            *studies_sections(view, keys),
            html.H2("Replicating published studies"),
            *blind_sections({key: library().predictions(lens_of(key)) for key in keys}),
            dcc.Download(id="draws-file"),
        ]
    )


def register(app: Dash) -> None:
    """Make the draws of a lens available for download."""

    @app.callback(
        Output("draws-file", "data"), Input({"type": DRAWS, "lens": ALL}, "n_clicks"), prevent_initial_call=True
    )
    @checked
    def send(clicks: list[int | None]) -> Any:
        asked = callback_context.triggered_id
        name = str(asked.get("lens")) if isinstance(asked, dict) else ""
        if not any(clicks) or not _is_fitted(name):
            return no_update
        text = load_lens(name).draws.to_csv(index=False, float_format="%.6g", lineterminator="\n")
        return {"content": text, "filename": f"{name}.draws.csv", "type": "text/csv"}


def _is_fitted(lens: str) -> bool:
    return lens != EVIDENCE and lens in lenses()


def _baselines(view: View, keys: Sequence[str]) -> list[Component]:
    """The baseline beside its targets through each lens of ``keys``, with a way to run it where it has not been."""
    found, lacking = [], []
    for key in keys:
        try:
            found.append(_baseline(key, library().results(BASELINE, view.place, key), several=len(keys) > 1))
        except NotFinishedError:
            lacking.append(key)
    if not lacking:
        return [html.Div(found, className="pair")]
    said = html.P(f"It has not been run yet {listed([within(key_title(key)) for key in lacking])}.")
    return [html.Div(found, className="pair"), said, *run_button(view, lacking, f"Run {QUICK_PAIRS} pairs here")]


def _baseline(key: str, results: Results, *, several: bool) -> Component:
    rows = fit_rows(results)
    record = results.record
    title = f"{fit_finding(rows)}, in {record['place_title']}"
    line = (
        f"Model {record['model_version']}. {record['scenario']} {record['scenario_hash']}. {record['place_title']} "
        f"{record['place_hash']}. Lens: {record.get('lens_title', key_title(key))}. {len(results.finished)} runs with "
        f"parameters {record['parameters']}. {str(record['created'])[:10]}. Simulated estimate, not an official "
        "statistic."
    )
    drawn = [
        plain_rows(rows, f"{series}_at").assign(
            lens_title=series, words=[f"{row[column]:,.4g} {row['unit']}" for _, row in rows.iterrows()]
        )
        for series, column in (("published", "value"), ("simulated", "simulated"))
    ]
    return shown(
        Exhibit(
            f"targets_{identifier(key)}",
            f"{key_title(key)}. {title}" if several else title,
            _NOTE,
            chart_of(pd.concat(drawn), "position in the published range, %", ends=(0.0, 100.0)),
            line,
            (fit_cells(rows),),
        )
    )
