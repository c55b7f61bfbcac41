"""What the running application holds, for pages: no module keeps state of its own."""

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
from simulator.places import Place

_KEY: Final = "relational_offset"
_PINNED: Final = "relational_offset_version"


class ApplicationState(NamedTuple):
    """What an application holds."""

    settings: Settings
    library: Library
    example: WorkedExample
    place: Place  # of the worked example
    jobs: Jobs
    drafts: Drafts


def set_state(app: Dash, current_state: ApplicationState) -> None:
    """Give an application what its pages read."""
    app.server.extensions[_KEY] = current_state


def state_of(app: Dash) -> ApplicationState:
    """What an application holds."""
    return cast(ApplicationState, app.server.extensions[_KEY])


def current_state() -> ApplicationState:
    """What the application of the current request holds."""
    return cast(ApplicationState, current_app.extensions[_KEY])


def view_of(query: str | None) -> View:
    """The view of an address; in the place of the worked example unless it names another."""
    return View.of_query(query, current_state().place.name)


def library() -> Library:
    """The finished runs of the current application, of the model version to which the current page is pinned."""
    return current_state().library.of_version(g.get(_PINNED))


def pin(version: str) -> None:
    """Show the current page with finished runs of another model version."""
    g.setdefault(_PINNED, version)
