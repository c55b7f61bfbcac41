"""Money: what is spent, what comes back and to whom, on one scale and on the reader's terms."""

from __future__ import annotations

from typing import Final

from dash import Dash, html
from dash.development.base_component import Component

from dashboard.application.parts import options, take_away
from dashboard.application.parts.head import head, lens_notes, through_lenses
from dashboard.exhibits.components import components
from dashboard.exhibits.money import money
from dashboard.runs.view import View
from dashboard.topics.costs import one_and_many
from dashboard.topics.price_terms import Terms, on_terms, terms_text, usual_terms
from dashboard.topics.through_lenses import by_title, line_through
from simulator.comparison.headline import financial_year
from simulator.comparison.outcomes import shown_in

PATH: Final = "/money"
TITLE: Final = "Money"
MOST: Final = Terms(20.0, 200.0, 300.0)
"""Limits of a reader's price terms, in per cent."""
_LEAD: Final = "What is spent, what comes back and to whom, when it has paid for itself, and what it gets for that."


def layout(view: View) -> Component:
    """Costs of one scenario against its base, for each lens, on the reader's terms."""
    terms, effects = _terms(view), {name: one_and_many(name)[1] for name in shown_in("worth")}
    found = {key: on_terms(one, terms) for key, one in through_lenses(view).items()}
    price_year = int(found[view.lens].scenario.record["price_year"])
    said = terms_text(terms, price_year)
    yearly = {key: one if one.basis == "total" else one.per("year") for key, one in found.items()}
    source = f"{line_through(found)} {said}".strip()
    return html.Div(
        [
            *head(TITLE, found[view.lens], _LEAD),
            take_away.menu(view, list(found.values())),
            *lens_notes(view, found),
            html.Details(
                [
                    html.Summary("On which terms"),
                    _controls(view, price_year),
                    options.select(view, "effect", "Set the cost against", effects),
                ],
                open=bool(said),
            ),
            *([html.P(said, className="finding")] if said else []),
            *components(money(by_title(yearly), source, options.chosen(view, "effect", effects))),
        ]
    )


def register(app: Dash) -> None:
    """Choices are stored in the address."""


def _terms(view: View) -> Terms:
    """The reader's price terms within their limits."""
    usual = usual_terms()
    given = (options.chosen_number(view, name, getattr(usual, name)) for name in Terms._fields)
    return Terms(*(min(max(0.0, number), most) for number, most in zip(given, MOST, strict=True)))


def _controls(view: View, price_year: int) -> Component:
    """Fields for the reader's discounting, level of prices and optimism bias."""
    usual = usual_terms()
    year = financial_year(price_year)
    boxes = (
        ("discount", "Discount rate, % a year", usual.discount, 0.5, "The Green Book's; 0 for none"),
        ("prices", f"Prices of {year}, and %", 0.0, 1.0, "By an index of your own, to restate them"),
        ("optimism", "Optimism bias, %", 0.0, 5.0, "Added to programmes, technology and staff"),
    )
    drawn = [
        options.number(view, key, label, usual_number, step=step, description=words)
        for key, label, usual_number, step, words in boxes
    ]
    return html.Section(html.Div(drawn, className="options"), className="terms")
