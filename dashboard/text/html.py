"""Self-contained HTML pages: style, chart library and data are all in one file."""

from __future__ import annotations

import re
from html import escape
from pathlib import Path
from typing import Final

import plotly.graph_objects as go
from plotly.offline import get_plotlyjs

_STYLE: Final = Path(__file__).parents[1] / "assets" / "report.css"
_POLICY: Final = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; font-src data:"
)
"""Under this policy a browser loads nothing from any other address."""
_CONFIG: Final = {"displayModeBar": False, "responsive": True, "showSendToCloud": False, "displaylogo": False}
_SCRIPT: Final = """
document.querySelectorAll('.js-plotly-plot').forEach(plot => {
  new ResizeObserver(() => Plotly.Plots.resize(plot)).observe(plot.parentElement);
});
addEventListener('beforeprint', () => document.querySelectorAll('details').forEach(part => { part.open = true; }));
"""
"""Charts resize with their column; all tables are open when the page is printed."""


def chart(figure: go.Figure, name: str, alternative: str) -> str:
    """A figure as HTML; ``name`` is its id, ``alternative`` its text alternative."""
    inner = figure.to_html(full_html=False, include_plotlyjs=False, include_mathjax=False, config=_CONFIG, div_id=name)
    return f'<div class="chart" role="img" aria-label="{escape(alternative)}">{inner}</div>'


def unbroken(text: str) -> str:
    """Escaped text without line breaks between a sign and its number.

    >>> unbroken("lost: −£5,000")
    'lost: <span class="number-unbroken">−£5,000</span>'
    """
    return re.sub(r"[−+]£?[\d,.]*\d", r'<span class="number-unbroken">\g<0></span>', escape(text))


def exhibit(title: str, statistic: str, drawn: str, table: str, provenance: str) -> str:
    """A chart titled with its finding, with a note on its statistic, its table and its provenance."""
    return (
        f"<section><h3>{unbroken(title)}</h3>"
        f'<p class="statistic">{escape(statistic)}</p>'
        f"<figure>{drawn}<figcaption>{escape(provenance)}</figcaption></figure>"
        f"<details><summary>Table of the numbers</summary>{table}</details></section>"
    )


def page(title: str, subtitle: str, body: str, footer: str) -> str:
    """A whole page around ``body``; the chart library is included once."""
    return (
        '<!DOCTYPE html>\n<html lang="en-GB"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE.read_text(encoding='utf-8')}</style>"
        f"<script>{get_plotlyjs()}</script></head><body>"
        f"<header><div><h1>{escape(title)}</h1><p>{escape(subtitle)}</p></div></header>"
        f"<main>{body}</main><footer><div>{footer}</div></footer><script>{_SCRIPT}</script></body></html>\n"
    )
