"""State of the running application, for pages; modules keep no other state."""

from __future__ import annotations

from typing import Final, NamedTuple, cast

from dash import Dash
from flask import current_app, g

from dashboard.application.parts.settings import Settings
from dashboard.application.parts.worked_example import WorkedExample
from dashboard.building.drafts import Drafts
from dashboard.runs import Jobs
from dashboard.runs.library import Library
from dashboard.runs.view import View
from simulator.comparison.comparison import Comparison
from simulator.places import Place

_KEY: Final = "relational_offset"
_PINNED: Final = "relational_offset_version"


class ApplicationState(NamedTuple):
    """State of an application."""

    settings: Settings
    library: Library
    example: WorkedExample
    place: Place  # of the worked example
    jobs: Jobs
    drafts: Drafts


def set_state(app: Dash, state: ApplicationState) -> None:
    """Give an application its state."""
    app.server.extensions[_KEY] = state


def state_of(app: Dash) -> ApplicationState:
    """The state of an application."""
    return cast(ApplicationState, app.server.extensions[_KEY])


def current_state() -> ApplicationState:
    """The state of the current request's application."""
    return cast(ApplicationState, current_app.extensions[_KEY])


def view_of(query: str | None) -> View:
    """The view of an address; the default place is that of the worked example."""
    return View.of_query(query, current_state().place.name)


def library() -> Library:
    """The library of the current application, for the model version to which the current page is pinned."""
    return current_state().library.of_version(g.get(_PINNED))


def comparison_in(view: View, scenario: str | None = None, lens: str | None = None) -> Comparison:
    """A comparison of the view's base, place and basis, judged by its smallest differences that matter.

    By default of its first scenario, through its main lens. Raises as `Library.comparison`.
    """
    found = library().comparison(scenario or view.scenario, view.base, view.place, lens or view.lens)
    return found.per(view.per).judged_by(view.matters)


def pin(version: str) -> None:
    """Pin the current page to another model version."""
    g.setdefault(_PINNED, version)
