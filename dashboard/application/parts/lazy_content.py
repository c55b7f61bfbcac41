"""Parts of a page that the browser draws when they come near the window, or when it is idle."""

from __future__ import annotations

from typing import Any

from dash.development.base_component import Component


class LazyContent(Component):
    """Components that leave an empty space of ``height`` pixels until they are drawn (`assets/lazy_content.js`).

    Visible parts are drawn first; the rest follows within about a second, even without scrolling.
    """

    _namespace = "offset_dashboard"
    _type = "LazyContent"

    def __init__(self, children: Any, height: int) -> None:
        self._prop_names = ["children", "height"]
        self.available_properties = self._prop_names
        self._valid_wildcard_attributes: list[str] = []
        self.available_wildcard_properties: list[str] = []
        super().__init__(children=children, height=height)
