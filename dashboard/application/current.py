"""What the running application holds, for pages: no module keeps state of its own."""

from __future__ import annotations

from typing import Final, NamedTuple, cast

from dash import Dash
from flask import current_app

from dashboard.application.settings import Settings
from dashboard.application.view import View
from dashboard.application.worked_example import WorkedExample
from dashboard.library import Library
from simulator.places import Place

_KEY: Final = "relational_offset"


class Held(NamedTuple):
    """What an application holds."""

    settings: Settings
    library: Library
    example: WorkedExample
    place: Place  # of the worked example


def hold(app: Dash, held: Held) -> None:
    """Give an application what its pages read."""
    app.server.extensions[_KEY] = held


def held_by(app: Dash) -> Held:
    """What an application holds."""
    return cast(Held, app.server.extensions[_KEY])


def held() -> Held:
    """What the application of the current request holds."""
    return cast(Held, current_app.extensions[_KEY])


def view_of(query: str | None) -> View:
    """The view of an address; in the place of the worked example unless it names another."""
    return View.of_query(query, held().place.name)


def library() -> Library:
    """The finished runs of the current application."""
    return held().library
