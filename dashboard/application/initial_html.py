"""Initial HTML of a page: its text without charts and controls, for reading before scripts have loaded.

It covers the page until that is drawn (`assets/screen.js`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any, Final

from dash.development.base_component import Component

ID: Final = "first-sight"
_WORDS: Final = "dash_html_components"
_LEFT_OUT: Final = ("Button", "Details", "Form", "Input")
_ATTRIBUTES: Final = {"className": "class", "href": "href", "role": "role"}
_OPEN_ENDED: Final = ("Br", "Hr")


def initial_html(whole: Component) -> str:
    """The text of a component and of everything in it.

    >>> from dash import html, dcc
    >>> initial_html(html.P(["5 < 6 ", dcc.Link("more", href="/")], className="said"))
    '<div id="first-sight"><p class="said">5 &lt; 6 <a href="/">more</a></p></div>'
    """
    return f'<div id="{ID}">{"".join(_pieces(whole))}</div>'


def _pieces(part: Any) -> Iterator[str]:
    if isinstance(part, list | tuple):
        for one in part:
            yield from _pieces(one)
    elif isinstance(part, Component):
        yield from _component(part)
    elif part is not None:
        yield escape(str(part))


def _component(part: Component) -> Iterator[str]:
    kind, children = type(part).__name__, getattr(part, "children", None)
    if kind == "Graph":
        yield f'<div style="height:{vars(part)["style"]["height"]}"></div>'
    elif kind in ("MantineProvider", "LazyContent"):
        yield from _pieces(children)
    elif kind == "Link" or (part._namespace == _WORDS and kind not in _LEFT_OUT):
        tag = "a" if kind == "Link" else kind.lower()
        yield f"<{tag}{_attributes(part.to_plotly_json()['props'])}>"
        if kind not in _OPEN_ENDED:
            yield from _pieces(children)
            yield f"</{tag}>"


def _attributes(props: Mapping[str, Any]) -> str:
    """Attributes that affect appearance and meaning, without ids, which the page itself uses."""
    found = {_ATTRIBUTES.get(name, name): value for name, value in props.items()}
    kept = {name: value for name, value in found.items() if name in _ATTRIBUTES.values() or name.startswith("aria-")}
    return "".join(f' {name}="{escape(str(value))}"' for name, value in kept.items())
