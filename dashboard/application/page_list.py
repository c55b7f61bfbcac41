"""The pages, in the order of the navigation."""

from __future__ import annotations

from typing import Final, Protocol

from dash import Dash
from dash.development.base_component import Component

from dashboard.application.pages import (
    build,
    calibration,
    certainty,
    compare,
    costs,
    evidence,
    hour,
    methods,
    runs,
    summary,
    who,
    why,
)
from dashboard.application.view import View


class Page(Protocol):
    """A module of `dashboard.application.pages`."""

    PATH: str
    TITLE: str

    def layout(self, view: View) -> Component:
        """The page for a view; in an application's context (`dashboard.application.current`)."""

    def register(self, app: Dash) -> None:
        """Add the page's callbacks."""


PAGES: Final[tuple[Page, ...]] = (
    summary,
    compare,
    build,
    hour,
    costs,
    why,
    certainty,
    who,
    evidence,
    calibration,
    methods,
    runs,
)


def page_of(path: str | None) -> Page | None:
    """The page of a path, or None."""
    wanted = (path or "/").rstrip("/") or "/"
    return next((page for page in PAGES if wanted == page.PATH), None)
