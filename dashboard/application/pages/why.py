"""Why: effects by channel and by causal share, and parameters associated with the result."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

import numpy as np
import pandas as pd
from dash import Dash, html
from dash.development.base_component import Component

from dashboard import figures
from dashboard.application.pages.why_decision import decision_sections
from dashboard.application.parts import options
from dashboard.application.parts.app_state import library
from dashboard.application.parts.exhibit import exhibit, graph
from dashboard.application.parts.head import comparison_through, head, lens_notes, through_lenses
from dashboard.application.parts.run_button import run_button
from dashboard.runs import QUICK_PAIRS
from dashboard.runs.view import View
from dashboard.text.labels import FIRST_CAVEATS, difference_unit, labels_in, less_or_more
from dashboard.text.lens_names import key_title
from dashboard.text.phrases import alternative
from dashboard.text.tables import contrasts_cells
from dashboard.topics.through_lenses import Through, line_of, line_through
from dashboard.topics.why import (
    CAUSAL_NOTE,
    FEWEST_DRAWS,
    causal_finding,
    causal_rows,
    channel_cells,
    channel_finding,
    channel_rows,
    draws_used,
    lenses_to_ask,
    tornado,
    tornado_cells,
    tornado_finding,
)
from simulator.comparison.comparability import seeds_in_words
from simulator.comparison.comparison import Comparison
from simulator.comparison.outcomes import OUTCOMES, Outcome, split_by_channel

PATH: Final = "/why"
TITLE: Final = "Why"
NOTE: Final = (
    "Each bar is a channel's mean part over all orders in which channels can be switched on, using common random "
    "numbers, so that the parts (turquoise) add up to the whole (blue) in every run. Grey: the share due only to "
    "channels working together, which the parts include. Thin bars: middle 80 % of runs."
)
PARAMETER_NOTE: Final = (
    "Mean difference over the draws in which a parameter is low, and in which it is high; pale where the rank "
    "correlation is no stronger than chance would give among so many parameters in one of twenty shuffles."
)
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
            *decision_sections(view, found),
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
    drawn = [
        _parts(view, key, split, outcome, len(found[key].seeds), named=len(found) > 1) for key, split in known.items()
    ]
    choice = options.select(view, "channel_outcome", "Outcome", words)
    return [choice, html.Div(drawn, className="pair"), html.P(FIRST_CAVEATS[1], className="question")]


def _parts(
    view: View, key: str, split: tuple[pd.DataFrame, dict[str, Any]], outcome: Outcome, pairs: int, *, named: bool
) -> Component:
    """Parts for one lens; ``pairs`` is the number of pairs on other pages."""
    table, record = split
    rows = channel_rows(table, outcome.name)
    if record["lens_faults"]:
        rows = rows.assign(low=np.nan, high=np.nan)
    unit = outcome.unit_on("year")
    title = channel_finding(rows, outcome.short_label, unit)
    title = f"{key_title(key)}. {title}" if named else title
    cells = channel_cells(rows, unit)
    said = "; ".join(f"{row[0]}: {row[1]} ({row[2]} to {row[3]})" for row in cells.body)
    line = (
        f"Model {record['model_version']}. {record['scenario']} {record['scenario_hash']} against {view.base}. "
        f"{record['place_title']} {record['place_hash']}. Lens: {record['lens_title']}. {len(record['seeds'])} seeds "
        f"({seeds_in_words(record['seeds'])}), {record['weeks']} weeks from {record['starts']}. "
        f"{str(record['created'])[:10]}. Simulated estimate, not an official statistic."
    )
    count = len(record["seeds"])
    fewer = f"Over {count} of the {pairs} seeds of other pages, so that the whole may differ." if count < pairs else ""
    figure = figures.channels(rows, f"{unit}, {less_or_more(outcome)}")
    drawn = graph(figure, f"channels-{key.replace('.', '_')}", f"{title}. {said}.")
    return exhibit(title, f"{NOTE} {fewer}", drawn, [cells], line)


def _causal(view: View, found: Through) -> list[Component]:
    """The difference with none, half and all of each observed association causal."""
    find = partial(comparison_through, view)
    rows = causal_rows(found, find)
    missing = lenses_to_ask(found, find)
    asked = run_button(view, missing, f"Run {len(missing)} × {QUICK_PAIRS} pairs at other shares") if missing else []
    if rows is None:
        command = f"offset compare {view.scenario} {view.base} --place {view.place} --causal 0"
        return [
            html.P("It has not been run with less of each observed association taken as causal."),
            *asked,
            html.Pre(html.Code(command)),
        ]
    words = labels_in("lenses")
    measure = options.chosen(view, "causal_outcome", words)
    mine = rows[rows["measure"] == measure]
    title = causal_finding(mine, words[measure])
    unit = difference_unit(str(mine["unit"].iloc[0]))
    figure = figures.by_causal_share(mine, f"{unit}, {less_or_more(OUTCOMES[measure])}")
    drawn = graph(figure, "causal", alternative(f"{title}.", mine, "lens_title", "share"))
    cells = contrasts_cells(rows, "At each causal share", ("label", "lens_title", "share"))
    note = f"{CAUSAL_NOTE} {int(mine['runs'].max())} pairs each."
    return [
        options.select(view, "causal_outcome", "Outcome", words),
        exhibit(title, note, drawn, [cells], line_through(found)),
        *asked,
    ]


def _parameters(view: View, found: Through) -> list[Component]:
    """The tornado of each lens, or the number of runs needed for it."""
    words = labels_in("lenses")
    measure = options.chosen(view, "parameter_outcome", words)
    drawn = [part for key, one in found.items() for part in _tornado(key, one, measure, named=len(found) > 1)]
    if drawn:
        choice = options.select(view, "parameter_outcome", "Outcome", words)
        return [choice, html.Div(drawn, className="pair")]
    n_draws = max(draws_used(one) for one in found.values())
    return [
        html.P(
            f"These pairs of runs have {n_draws} parameter draws. With fewer than {FEWEST_DRAWS}, a ranking would "
            "mostly reflect chance. Page Build makes a full run; two pairs share a draw, so "
            f"{ENOUGH_PAIRS} pairs have {ENOUGH_PAIRS // 2}. The sensitivity of targets is on page Calibration."
        )
    ]


def _tornado(key: str, comparison: Comparison, measure: str, *, named: bool) -> list[Component]:
    rows, bar = tornado(comparison, measure)
    if rows.empty:
        return []
    n_draws = draws_used(comparison)
    title = tornado_finding(rows, n_draws)
    title = f"{key_title(key)}. {title}" if named else title
    unit = difference_unit(OUTCOMES[measure].unit_on(comparison.basis))
    cells = tornado_cells(rows, unit)
    said = "; ".join(f"{row[0]}: {row[1]} where it is low, {row[2]} where it is high" for row in cells.body)
    note = f"{PARAMETER_NOTE} {n_draws} parameter draws; chance reaches a rank correlation of {bar:.2f}."
    drawn = graph(figures.tornado(rows, f"difference, {unit}"), f"tornado-{key.replace('.', '_')}", f"{title}. {said}.")
    return [exhibit(title, note, drawn, [cells], line_of(comparison))]
