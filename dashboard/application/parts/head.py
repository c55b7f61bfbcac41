"""The head of every page of results: its comparison, for each lens shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from dash import html
from dash.development.base_component import Component

from dashboard.application.parts.app_state import comparison_in
from dashboard.application.parts.run_button import run_button
from dashboard.runs.library import NotFinishedError
from dashboard.runs.question import MOST_PAIRS
from dashboard.runs.view import View
from dashboard.text.lens_names import key_title, shown_lenses
from dashboard.text.phrases import listed
from dashboard.topics.through_lenses import Through, faults_through, lens_of
from simulator.bundle import SHIPS
from simulator.comparison.comparison import Comparison
from simulator.comparison.verdict import more_pairs
from simulator.errors import IncomparableRunsError, SimulatorError

WITHHELD: Final = "Its ranges are withheld, and so is every verdict, since this lens failed checks:"


def comparison_of(view: View) -> Comparison:
    """The comparison of a page that shows one, on the view's basis, through the main lens."""
    return comparison_in(view)


def through_lenses(view: View, scenario: str | None = None) -> dict[str, Comparison]:
    """The comparison through the main lens, then through each other lens that is shown and has been run.

    ``scenario`` is by default the view's first. Raises NotFinishedError if the main lens has not been run.
    """
    name = scenario or view.scenario
    found = {view.lens: comparison_in(view, name)}
    for lens in other_lenses(view):
        try:
            found[lens] = comparison_in(view, name, lens)
        except (NotFinishedError, IncomparableRunsError):
            continue
    return found


def comparison_through(view: View, key: str) -> Comparison | None:
    """The view's comparison by lens key; None if it has not been run or the runs cannot be compared."""
    try:
        return comparison_in(view, lens=key)
    except SimulatorError:
        return None


def other_lenses(view: View) -> tuple[str, ...]:
    """The lenses shown in addition to the main one."""
    return tuple(lens for lens in shown_lenses() if lens != lens_of(view.lens))


def head(title: str, comparison: Comparison, lead: str) -> list[Component]:
    """Title, comparison, and question of the page."""
    record, base = comparison.scenario.record, comparison.baseline.record
    compared = f"{record['scenario_title']} compared with {base['scenario_title']}, {record['place_title']}."
    return [html.H1(title), html.P(compared, className="compared"), html.P(lead, className="question")]


def lens_notes(view: View, found: Through) -> list[Component]:
    """Notes on runs that ship, on failed checks of lenses, and on lenses that have not been run."""
    notes: list[Component] = [
        html.Section(
            [
                html.P([html.Strong(f"{title}. "), WITHHELD]),
                html.Ul([html.Li(fault) for fault in faults]),
            ],
            className="harm alarm lens-fault",
        )
        for title, faults in faults_through(found).items()
    ]
    return [*_ships_note(view, found), *notes, *_absent([lens for lens in other_lenses(view) if lens not in found])]


def _ships_note(view: View, found: Through) -> list[Component]:
    """How many pairs of runs ship, if these are they, with a button to run more; empty for the user's own runs."""
    ships = [one for one in found.values() if one.scenario.record.get(SHIPS)]
    if not ships:
        return []
    pairs = len(ships[0].seeds)
    more = min(more_pairs(pairs), MOST_PAIRS)
    said = f"From the {pairs} pairs of runs that ship. More pairs make means and chances more certain."
    button = run_button(view, shown_lenses(), f"Run {more} pairs here", more)
    return [html.Section([html.P(said), *button], className="ships")]


def _absent(lenses: Sequence[str]) -> list[Component]:
    if not lenses:
        return []
    titles = listed([key_title(lens) for lens in lenses])
    return [html.P(f"Not run yet through the other lens, {titles}: what follows is one reading of two.")]
