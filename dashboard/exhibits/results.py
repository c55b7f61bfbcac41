"""All that is shown of a comparison, topic by topic: pages show topics, the report all of it, take-aways its charts."""

from __future__ import annotations

from collections.abc import Mapping

from dash import html

from dashboard.exhibits.certainty import certainty
from dashboard.exhibits.chances import chances_of_harm
from dashboard.exhibits.components import Part
from dashboard.exhibits.money import money
from dashboard.exhibits.paired_forest import paired_forest
from dashboard.exhibits.parameters import parameters
from dashboard.exhibits.people import people
from dashboard.exhibits.years import years
from dashboard.text.labels import labels_in
from dashboard.topics.harm import CHANCES_WITHHELD
from simulator.comparison.comparison import Comparison


def results(named: Mapping[str, Comparison], source: str) -> list[Part]:
    """The parts for comparisons by the name of the lens; ``source`` is the line below each exhibit.

    Where a page lets the reader choose an outcome, it is the first.
    """
    associated = parameters(named, source, next(iter(labels_in("lenses"))))
    return [
        html.H2("Changes in outcomes"),
        paired_forest(named, source),
        years(named, source),
        html.H2("Access to services"),
        paired_forest(named, source, "access"),
        *money(named, source),
        html.H2("Who gains, who loses"),
        *people(named, source),
        html.H2("Probability of harm"),
        *(chances_of_harm(named, source) or (html.P(CHANCES_WITHHELD),)),
        *certainty(named, source, next(iter(labels_in("certainty")))),
        *([html.H2("Parameters associated with the result"), associated] if associated else []),
    ]
