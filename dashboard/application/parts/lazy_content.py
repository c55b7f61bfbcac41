"""A part of a page that the browser makes when it comes near the window, or when there is nothing else to do."""

from __future__ import annotations

from typing import Any

from dash.development.base_component import Component


class LazyContent(Component):
    """Some components whose place is empty, and ``height`` pixels high, until then (`assets/lazy_content.js`).

    What a reader looks at is made first; the rest follows in the same second, whether or not anybody scrolls.
    """

    _namespace = "offset_dashboard"
    _type = "LazyContent"

    def __init__(self, children: Any, height: int) -> None:
        self._prop_names = ["children", "height"]
        self.available_properties = self._prop_names
        self._valid_wildcard_attributes: list[str] = []
        self.available_wildcard_properties: list[str] = []
        super().__init__(children=children, height=height)
