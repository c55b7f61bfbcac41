"""Components as HTML: the first response of a page, which its scripts replace, and the report, which stays as it is."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from pathlib import Path
from typing import Any, Final

from dash.development.base_component import Component
from plotly.offline import get_plotlyjs

from dashboard.exhibits.components import CONFIG, SAVE_BUTTONS, Part, components
from dashboard.text.tables import html_table

ID: Final = "first-sight"
_WORDS: Final = "dash_html_components"
_LEFT_OUT: Final = ("Button", "Form", "Input")
_ATTRIBUTES: Final = {"className": "class", "href": "href", "role": "role"}
_OPEN_ENDED: Final = ("Br", "Hr")
_STYLE: Final = Path(__file__).parents[1] / "assets" / "report.css"
_POLICY: Final = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; font-src data:"
)
"""Under this policy a browser loads nothing from any other address."""
_SCRIPT: Final = """
document.querySelectorAll('.js-plotly-plot').forEach(plot => {
  new ResizeObserver(() => Plotly.Plots.resize(plot)).observe(plot.parentElement);
});
addEventListener('beforeprint', () => document.querySelectorAll('details').forEach(part => { part.open = true; }));
"""
"""Charts resize with their column; all tables are open when the page is printed."""


def initial_html(whole: Component) -> str:
    """The text of a component and of everything in it, without charts and folded tables.

    It covers the page until that is drawn (`assets/screen.js`).

    >>> from dash import html, dcc
    >>> initial_html(html.P(["5 < 6 ", dcc.Link("more", href="/")], className="said"))
    '<div id="first-sight"><p class="said">5 &lt; 6 <a href="/">more</a></p></div>'
    """
    return f'<div id="{ID}">{"".join(_pieces(whole, whole=False))}</div>'


def page(title: str, subtitle: str, parts: Iterable[Part], source: str) -> str:
    """A whole file with the parts of a page, without controls; style, chart library and data are all in it."""
    return (
        '<!DOCTYPE html>\n<html lang="en-GB"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE.read_text(encoding='utf-8')}</style>"
        f"<script>{get_plotlyjs()}</script></head><body>"
        f"<header><div><h1>{escape(title)}</h1><p>{escape(subtitle)}</p></div></header>"
        f'<main>{static_html(parts)}</main><footer><div><p class="provenance">{escape(source)}</p></div></footer>'
        f"<script>{_SCRIPT}</script></body></html>\n"
    )


def static_html(parts: Iterable[Part]) -> str:
    """Parts of a page with their charts and tables, without controls."""
    return "".join(_pieces(components(parts), whole=True))


def _pieces(part: Any, *, whole: bool) -> Iterator[str]:
    if isinstance(part, list | tuple):
        for one in part:
            yield from _pieces(one, whole=whole)
    elif isinstance(part, Component):
        yield from _component(part, whole=whole)
    elif part is not None:
        yield escape(str(part))


def _component(part: Component, *, whole: bool) -> Iterator[str]:
    kind, props = type(part).__name__, part.to_plotly_json()["props"]
    children = props.get("children")
    if kind == "Graph":
        yield _chart(props) if whole else f'<div style="height:{props["style"]["height"]}"></div>'
    elif whole and "data-table" in props:
        yield html_table(**json.loads(props["data-table"]))
    elif props.get("className") == SAVE_BUTTONS and whole:
        return
    elif kind in ("MantineProvider", "LazyContent"):
        yield from _pieces(children, whole=whole)
    elif kind == "Link" or (part._namespace == _WORDS and kind not in _LEFT_OUT and (whole or kind != "Details")):
        tag = "a" if kind == "Link" else kind.lower()
        yield f"<{tag}{_attributes(props)}>"
        if kind not in _OPEN_ENDED:
            yield from _pieces(children, whole=whole)
            yield f"</{tag}>"


def _chart(props: Mapping[str, Any]) -> str:
    """The chart of a ``dcc.Graph``, drawn by the library that the report contains."""
    return str(
        props["figure"].to_html(
            full_html=False, include_plotlyjs=False, include_mathjax=False, config=CONFIG, div_id=props["id"]
        )
    )


def _attributes(props: Mapping[str, Any]) -> str:
    """Attributes that affect appearance and meaning, without ids, which the page itself uses."""
    found = {_ATTRIBUTES.get(name, name): value for name, value in props.items()}
    kept = {name: value for name, value in found.items() if name in _ATTRIBUTES.values() or name.startswith("aria-")}
    return "".join(f' {name}="{escape(str(value))}"' for name, value in kept.items())
