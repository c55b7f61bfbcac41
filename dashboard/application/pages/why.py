"""Why: through which channels a scenario works, in parts that add up to its whole effect."""

from __future__ import annotations

from typing import Final

from dash import Dash, html
from dash.development.base_component import Component

from dashboard import figures
from dashboard.application import options
from dashboard.application.current import library
from dashboard.application.exhibit import exhibit
from dashboard.application.graph import graph
from dashboard.application.head import comparison_of, head
from dashboard.application.view import View
from dashboard.channel_rows import UNITS, channel_cells, channel_finding, channel_rows
from dashboard.words import FIRST_CAVEATS
from simulator.likeness import seeds_in_words

PATH: Final = "/why"
TITLE: Final = "Why"
NOTE: Final = (
    "Each bar is a channel's mean part over all orders in which channels can be switched on, on one and the same "
    "luck, so "
    "that the parts (turquoise) add up to the whole (blue) in every run. Grey: how much of them comes only of channels "
    "working together; it is contained in the parts. Thin bars: middle 80 % of runs."
)


def layout(view: View) -> Component:
    """The parts of one scenario's effect."""
    comparison = comparison_of(view)
    outcome = options.chosen(view, "channel_outcome", {key: said for key, (said, _) in UNITS.items()})
    lead = "Which part of the effect comes through which channel, and how much only because they work together."
    found = library().attribution(view.scenario, view.base, view.place, view.lens)
    page = [*head(TITLE, comparison, lead)]
    if found is None:
        command = f"offset attribute {view.scenario} {view.base} --place {view.place} --seeds 10"
        page += [
            html.P(
                "The effect of this scenario has not been split by channel: a seed takes dozens of runs. The worked "
                "example "
                "holds it for the relational offset against services as they are. For this one, run:"
            ),
            html.Pre(html.Code(command)),
        ]
        return html.Div(page)
    table, record = found
    rows = channel_rows(table, outcome)
    label, unit = UNITS[outcome]
    title = channel_finding(rows, label, unit)
    said = "; ".join(
        f"{row['label']}: {row['part']:+,.1f} ({row['low']:+,.1f} to {row['high']:+,.1f})" for _, row in rows.iterrows()
    )
    line = (
        f"Model {record['model_version']}. {record['scenario']} {record['scenario_hash']} against {view.base}. "
        f"{record['place_title']} {record['place_hash']}. {len(record['seeds'])} seeds "
        f"({seeds_in_words(record['seeds'])}), "
        f"{record['weeks']} weeks from {record['starts']}. {str(record['created'])[:10]}. Simulated estimate, not an "
        "official statistic."
    )
    count, pairs = len(record["seeds"]), len(comparison.seeds)
    fewer = f"Over {count} of the {pairs} seeds of other pages, so that the whole may differ." if count < pairs else ""
    drawn = graph(figures.channels(rows, f"{unit},<br>less (left) or more (right)"), "channels", f"{title}. {said}.")
    page += [
        html.H2("Channel by channel"),
        options.select(view, "channel_outcome", "Outcome", {key: said for key, (said, _) in UNITS.items()}),
        exhibit(title, f"{NOTE} {fewer}", drawn, [channel_cells(rows, unit)], line),
        html.P(FIRST_CAVEATS[1], className="question"),
    ]
    return html.Div(page)


def register(app: Dash) -> None:
    """Choices are options of the address."""
