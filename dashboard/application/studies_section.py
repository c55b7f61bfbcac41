"""On page Calibration: what studies of a programme would report, simulated, beside the truth; the command, if none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from dash import html
from dash.development.base_component import Component

from dashboard import figures
from dashboard.application import options
from dashboard.application.current import library
from dashboard.application.exhibit import exhibit, table
from dashboard.application.graph import graph
from dashboard.application.text import unbroken
from dashboard.application.view import STUDIED_PROGRAMME, View
from dashboard.lens_keys import dials_of, key_title
from dashboard.saying import listed
from dashboard.simulated_studies import (
    Kept,
    in_words,
    part_rows,
    parts_cells,
    parts_finding,
    studies_cells,
    studies_finding,
    study_rows,
)
from dashboard.through import noted, within

OPTION: Final = "studied"
NOTE: Final = (
    "Emergency admissions in the year after joining, in % of what the design expects: mean of such studies, with the "
    "mean 95 % interval that one of them prints. Open diamonds: the true change of the same people, in % of the same "
    "year lived without the programme. Parts are in % of the year before. Ranges of both: middle 80 % of studies."
)
_LEAD: Final = (
    "One run is one study: its analyst sees one place, once, and only what a data set shows. How much of what it would "
    "report belongs to the programme, and how much to the design?"
)


def studies_sections(view: View, keys: Sequence[str]) -> list[Component]:
    """Studies of one programme through each lens of ``keys`` that has them; what makes those that are missing."""
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
        " ".join(["offset evaluate", programme, "--place", view.place, *dials_of(key).options, "--dashboard FOLDER"])
        for key in lacking
    ]
    where = "This puts them here; FOLDER is where this dashboard keeps finished runs, as it said when it was started."
    return [html.P(f"{said} {where}"), html.Pre(html.Code("\n".join(lines)))]


def _section(programme: str, made: Mapping[str, Kept]) -> list[Component]:
    rows, parts = study_rows(made), part_rows(made)
    title = studies_finding(rows, parts)
    line = _line(programme, made)
    drawn = graph(figures.simulated_studies(rows), "simulated-studies", f"{title}. {in_words(rows)}.")
    shown: list[Component] = [exhibit(title, noted(NOTE, rows), drawn, [studies_cells(rows)], line)]
    if len(parts):
        shown += [
            html.H3(unbroken(parts_finding(parts))),
            table(parts_cells(parts)),
            html.P(line, className="provenance"),
        ]
    return [html.Div(shown, className="texts")]


def _line(programme: str, made: Mapping[str, Kept]) -> str:
    """The provenance: that of the first lens, and what the others add."""
    first, *others = (record for _, record in made.values())
    beside = "; ".join(f"{one['reading']} ({len(one['seeds'])} studies, runs {one['spec_hash']})" for one in others)
    return (
        f"Model {first['model_version']}. Studies of {programme} in {first['scenario']} {first['scenario_hash']}. "
        f"{first['place_title']} {first['place_hash']}, {first['residents']:,} residents. {first['weeks']} weeks from "
        f"{first['starts']}. Lens: {first['reading']}. {len(first['seeds'])} studies of each design, runs "
        f"{first['spec_hash']}. {str(first['created'])[:10]}. {f'Beside it: {beside}. ' if beside else ''}"
        "Simulated estimate, not an official statistic."
    )
