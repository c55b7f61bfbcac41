"""What every page of results begins with, and the comparison it is about."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from dashboard import words
from dashboard.application.current import library
from dashboard.application.view import View
from simulator.comparison import Comparison


def comparison_of(view: View) -> Comparison:
    """The comparison of a page that shows one, on the view's basis."""
    return library().comparison(view.scenario, view.base, view.place, view.lens).per(view.per)


def line_of(comparison: Comparison) -> str:
    """The provenance of a comparison."""
    record, base = comparison.scenario.record, comparison.baseline.record
    return words.provenance(record, base, len(comparison.seeds))


def head(title: str, comparison: Comparison, lead: str) -> list[Component]:
    """Title, what is compared, and what the page answers."""
    record, base = comparison.scenario.record, comparison.baseline.record
    compared = f"{record['scenario_title']} compared with {base['scenario_title']}, {record['place_title']}."
    return [html.H1(title), html.P(compared, className="compared"), html.P(lead, className="question")]
