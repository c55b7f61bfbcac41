"""Studies on page Calibration: simulated studies of a programme, and replicated published studies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from dash import html
from dash.development.base_component import Component

from calibration.studies import BlindPredictions
from dashboard.application.parts import options
from dashboard.application.parts.app_state import library
from dashboard.credibility.published_studies import predictions, published_cells
from dashboard.credibility.simulated_studies import (
    Kept,
    part_rows,
    parts_cells,
    parts_finding,
    studies_cells,
    studies_chart,
    studies_finding,
    study_rows,
)
from dashboard.credibility.studied_loneliness import NOTE as OF_LONELINESS
from dashboard.credibility.studied_loneliness import (
    loneliness_cells,
    loneliness_finding,
    loneliness_parts_cells,
    loneliness_rows,
)
from dashboard.exhibits.components import components, table, unbroken
from dashboard.exhibits.components import shown as on_page
from dashboard.exhibits.exhibit import Exhibit
from dashboard.runs.view import STUDIED_PROGRAMME, View
from dashboard.text.labels import WITHHELD_NOTE
from dashboard.text.lens_names import key_title, settings_of_key
from dashboard.text.phrases import listed
from dashboard.topics.through_lenses import lens_of, within

OPTION: Final = "studied"
NOTE: Final = (
    "Emergency admissions in the year after joining, in % of what the design expects: mean of such studies, with the "
    "mean 95 % interval that one of them prints. The truth: the change of the same people, in % of the same "
    "year lived without the programme. Parts are in % of the year before. Ranges of both: middle 80 % of studies."
)
_WHERE: Final = (
    "This puts them here; FOLDER is where this dashboard keeps finished runs, as it said when it was started."
)
_LEAD: Final = (
    "One run is one study: its analyst sees one place, once, and only what a data set shows. How much of what it would "
    "report belongs to the programme, and how much to the design?"
)


def studies_sections(view: View, keys: Sequence[str]) -> list[Component]:
    """Studies of one programme for each lens of ``keys`` that has them, and commands for the missing ones."""
    names = dict.fromkeys(name for key in keys for name in library().evaluated(view.place, key))
    words = {
        name: name.replace("_", " ").capitalize() for name in sorted(names, key=lambda name: name != STUDIED_PROGRAMME)
    }
    programme = options.chosen(view, OPTION, words) if words else STUDIED_PROGRAMME
    asked = {key: library().evaluation(programme, view.place, key) for key in keys}
    made = {key_title(key): found for key, found in asked.items() if found is not None}
    lacking = [key for key, found in asked.items() if found is None]
    return [
        html.P(_LEAD, className="question"),
        *([options.select(view, OPTION, "Programme studied", words)] if len(words) > 1 else []),
        *(_section(programme, made) if made else []),
        *(_commands(view, programme, lacking, some=bool(made)) if lacking else []),
    ]


def _commands(view: View, programme: str, lacking: Sequence[str], *, some: bool) -> list[Component]:
    through = listed([within(key_title(key)) for key in lacking])
    said = f"No studies have been simulated {through} {'yet' if some else 'in this place yet'}."
    lines = [
        " ".join(
            ["offset evaluate", programme, "--place", view.place, *settings_of_key(key).options, "--dashboard FOLDER"]
        )
        for key in lacking
    ]
    return [html.P(f"{said} {_WHERE}"), _lines(lines)]


def _section(programme: str, made: Mapping[str, Kept]) -> list[Component]:
    rows, parts, line = study_rows(made), part_rows(made), _line(programme, made)
    described = Exhibit(
        "simulated_studies",
        studies_finding(rows, parts),
        f"{NOTE} {WITHHELD_NOTE}" if rows["withheld"].any() else NOTE,
        studies_chart(rows),
        line,
        (studies_cells(rows),),
    )
    shown: list[Component] = [on_page(described)]
    if len(parts):
        shown += [
            html.H3(unbroken(parts_finding(parts))),
            table(parts_cells(parts)),
            html.P(line, className="provenance"),
        ]
    return [html.Div([*shown, *_loneliness(made, line)], className="texts")]


def _loneliness(made: Mapping[str, Kept], line: str) -> list[Component]:
    """Loneliness as the studies would report it, and the parts of its before-after change."""
    rows = loneliness_rows(made)
    if rows.empty:
        return []
    parts = loneliness_parts_cells(rows)
    return [
        html.H3(unbroken(loneliness_finding(rows))),
        html.P(OF_LONELINESS, className="statistic"),
        table(loneliness_cells(rows)),
        *([] if parts is None else [table(parts)]),
        html.P(line, className="provenance"),
    ]


def _line(programme: str, made: Mapping[str, Kept]) -> str:
    """The provenance of the first lens, with the runs of the others."""
    first, *others = (record for _, record in made.values())
    beside = "; ".join(f"{one['lens_title']} ({len(one['seeds'])} studies, runs {one['spec_hash']})" for one in others)
    return (
        f"Model {first['model_version']}. Studies of {programme} in {first['scenario']} {first['scenario_hash']}. "
        f"{first['place_title']} {first['place_hash']}, {first['residents']:,} residents. {first['weeks']} weeks from "
        f"{first['starts']}. Lens: {first['lens_title']}. {len(first['seeds'])} studies of each design, runs "
        f"{first['spec_hash']}. {str(first['created'])[:10]}. {f'Other lenses: {beside}. ' if beside else ''}"
        "Simulated estimate, not an official statistic."
    )


# Published studies on page Calibration: published and predicted results.


def blind_sections(found: dict[str, BlindPredictions | None]) -> list[Component]:
    """Predictions for each lens that has them, and commands for the others; the published results if none has."""
    made = {key: one for key, one in found.items() if one is not None}
    lacking = [key for key in found if key not in made]
    shown = [_predictions(key, one, several=len(made) > 1) for key, one in made.items()]
    if not made:
        shown.append(html.Div(table(published_cells()), className="texts"))
    if lacking:
        through = listed([within(key_title(key)) for key in lacking])
        lines = [f"offset validate-against-studies --lens {lens_of(key)} --dashboard FOLDER" for key in lacking]
        shown += [html.P(f"They have not been replicated {through} with this version. {_WHERE}"), _lines(lines)]
    return shown


def _lines(commands: Sequence[str]) -> Component:
    return html.Pre(html.Code("\n".join(commands)))


def _predictions(key: str, found: BlindPredictions, *, several: bool) -> Component:
    record = found.record
    line = (
        f"Model {record['model_version']}. Lens: {record.get('lens_title', key_title(key))}. "
        f"{len(record['seeds'])} seeds; evidence {record['base_evidence_hash']}. {str(record['created'])[:10]}. "
        "Simulated estimate, not an official statistic."
    )
    beware = [
        html.P(unbroken(f"Of the lens: {fault}."), className="statistic") for fault in record.get("lens_faults", ())
    ]
    shown = components(predictions(found, line, key_title(key) if several else ""))
    return html.Div([*shown, *beware], className="texts")
