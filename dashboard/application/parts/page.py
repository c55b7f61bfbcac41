"""Protocol of a page of the application."""

from __future__ import annotations

from typing import Protocol

from dash import Dash
from dash.development.base_component import Component

from dashboard.runs.view import View


class Page(Protocol):
    """A module of `dashboard.application.pages`."""

    PATH: str
    TITLE: str

    def layout(self, view: View) -> Component:
        """The page for a view; in an application's context (`dashboard.application.parts.app_state`)."""

    def register(self, app: Dash) -> None:
        """Add the page's callbacks."""
