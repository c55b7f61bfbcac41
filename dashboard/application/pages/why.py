"""Why: effects by channel and by causal share, and parameters associated with the result."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

import numpy as np
from dash import Dash, html
from dash.development.base_component import Component

from dashboard.application.parts import options
from dashboard.application.parts.app_state import library
from dashboard.application.parts.head import comparison_through, head, lens_notes, through_lenses
from dashboard.application.parts.run_button import run_button
from dashboard.exhibits.causal_shares import causal_shares
from dashboard.exhibits.components import components, table, unbroken
from dashboard.exhibits.parameters import channels, decided_by, line_of_record, parameters
from dashboard.runs import QUICK_PAIRS
from dashboard.runs.view import View
from dashboard.text.labels import FIRST_CAVEATS, labels_in
from dashboard.text.lens_names import key_title, settings_of_key
from dashboard.topics import decision
from dashboard.topics.through_lenses import Through, by_title, line_through
from dashboard.topics.why import FEWEST_DRAWS, draws_used, lenses_to_ask, shares_through
from simulator.comparison.comparability import seeds_in_words
from simulator.comparison.outcomes import split_by_channel
from simulator.experiments.lens_comparisons import by_causal_share

PATH: Final = "/why"
TITLE: Final = "Why"
ENOUGH_PAIRS: Final = 50
"""Pairs suggested if there are too few parameter draws; two pairs share a draw."""


def layout(view: View) -> Component:
    """The parts of one scenario's effect, for each lens."""
    found = through_lenses(view)
    lead = "Which part of the effect comes through which channel, and how much only because they work together."
    return html.Div(
        [
            *head(TITLE, found[view.lens], lead),
            *lens_notes(view, found),
            html.H2("Channel by channel"),
            *_channels(view, found),
            html.H2("If less of what was observed is causal"),
            *_causal(view, found),
            html.H2("Parameters associated with the result"),
            *_parameters(view, found),
            html.H2("What the decision turns on"),
            *_decision(view, found),
        ]
    )


def register(app: Dash) -> None:
    """Choices are stored in the address."""


def _channels(view: View, found: Through) -> list[Component]:
    split = {key: library().attribution(view.scenario, view.base, view.place, key) for key in found}
    known = {key: one for key, one in split.items() if one is not None}
    if not known:
        command = f"offset attribute {view.scenario} {view.base} --place {view.place} --seeds 10"
        return [
            html.P(
                "The effect of this scenario has not been split by channel: a seed takes dozens of runs. The worked "
                "example holds it for the relational offset against services as they are. For this one, run:"
            ),
            html.Pre(html.Code(command)),
        ]
    words = {name: one.short_label for name, one in split_by_channel().items()}
    outcome = split_by_channel()[options.chosen(view, "channel_outcome", words)]
    tables, notes = {}, {}
    for key, (parts, record) in known.items():
        seeds, pairs, ranges = record["seeds"], len(found[key].seeds), ["low", "high"]
        runs = f"{len(seeds)} seeds ({seeds_in_words(seeds)})"
        rows = parts.assign(**dict.fromkeys(ranges, np.nan)) if record["lens_faults"] else parts
        tables[key_title(key)] = (rows, line_of_record(record, runs, view.base))
        fewer = f"Over {len(seeds)} of the {pairs} seeds of other pages, so that the whole may differ."
        notes[key_title(key)] = fewer if len(seeds) < pairs else ""
    choice = options.select(view, "channel_outcome", "Outcome", words)
    return [
        choice,
        *components([channels(tables, outcome, notes)]),
        html.P(FIRST_CAVEATS[1], className="question"),
    ]


def _causal(view: View, found: Through) -> list[Component]:
    """The difference with none, half and all of each observed association causal."""
    find = partial(comparison_through, view)
    made = {lens: by_causal_share(each) for lens, each in shares_through(found, find).items()}
    missing = lenses_to_ask(found, find)
    asked = run_button(view, missing, f"Run {len(missing)} × {QUICK_PAIRS} pairs at other shares") if missing else []
    if not made:
        command = f"offset compare {view.scenario} {view.base} --place {view.place} --causal 0"
        return [
            html.P("It has not been run with less of each observed association taken as causal."),
            *asked,
            html.Pre(html.Code(command)),
        ]
    return [*components([causal_shares(by_title(found), made, line_through(found))]), *asked]


def _parameters(view: View, found: Through) -> list[Component]:
    """The tornado of each lens, or the number of runs needed for it."""
    words = labels_in("lenses")
    drawn = parameters(by_title(found), line_through(found), options.chosen(view, "parameter_outcome", words))
    if drawn:
        return [options.select(view, "parameter_outcome", "Outcome", words), *components([drawn])]
    n_draws = max(draws_used(one) for one in found.values())
    return [
        html.P(
            f"These pairs of runs have {n_draws} parameter draws. With fewer than {FEWEST_DRAWS}, a ranking would "
            "mostly reflect chance. Page Build makes a full run; two pairs share a draw, so "
            f"{ENOUGH_PAIRS} pairs have {ENOUGH_PAIRS // 2}. The sensitivity of targets is on page Calibration."
        )
    ]


def _decision(view: View, found: Through) -> list[Component]:
    """The sensitivity analysis for each lens that has one; otherwise a sentence with its command."""
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
    return [part for key, one in made.items() for part in _decided(key_title(key) if len(found) > 1 else "", *one)]


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


def _decided(name: str, frames: decision.Frames, record: dict[str, Any]) -> list[Component]:
    line = line_of_record(record, f"{len(record['seeds'])} paired replications", record["baseline"]["scenario"])
    boxes, heading = decision.boxes_cells(frames), decision.boxes_finding(frames)
    drawn = decided_by(name, frames, line, withheld=bool(record.get("lens_faults")))
    return [
        *([html.H3(name)] if name else []),
        html.Ul([html.Li(unbroken(str(said))) for said in record.get("findings", ())], className="points"),
        *components([drawn] if drawn else []),
        html.H3(f"{name}. {heading}" if name else heading),
        *([table(boxes)] if boxes.body else []),
        html.P(line, className="provenance"),
    ]
