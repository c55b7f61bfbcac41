"""Costs: savings and costs by service, money and capacity, break-even, and cost-effectiveness."""

from __future__ import annotations

from typing import Final

from dash import Dash, html
from dash.development.base_component import Component

from dashboard import figures
from dashboard.application.pages.costs_worth import worth
from dashboard.application.parts import options, take_away
from dashboard.application.parts.exhibit import exhibit, graph, shown
from dashboard.application.parts.head import head, lens_notes, through_lenses
from dashboard.exhibits.tiles import tiles
from dashboard.runs.view import View
from dashboard.text import findings
from dashboard.text.labels import LEDGER_NOTE, MONEY_NOTE
from dashboard.text.lens_names import key_title
from dashboard.text.phrases import alternative
from dashboard.text.tables import contrasts_cells, ledger_cells
from dashboard.topics.costs import break_even_finding, cumulative_cells, steps_cells, steps_of, thousands
from dashboard.topics.price_terms import Terms, on_terms, terms_text, usual_terms
from dashboard.topics.series import cumulative_cost
from dashboard.topics.services import services_finding
from dashboard.topics.through_lenses import (
    Through,
    as_shown,
    by_title,
    finding_by_lens,
    line_of,
    line_through,
    rows_through,
)
from simulator.comparison.comparison import Comparison
from simulator.comparison.costs_by_service import by_service
from simulator.comparison.headline import financial_year
from simulator.comparison.wellbeing import wellbeing_finding

PATH: Final = "/costs"
TITLE: Final = "Costs"
MOST: Final = Terms(20.0, 200.0, 300.0)
"""Limits of a reader's price terms, in per cent."""


def layout(view: View) -> Component:
    """Costs of one scenario against its base, for each lens, on the reader's terms."""
    terms = _terms(view)
    found = {key: on_terms(one, terms) for key, one in through_lenses(view).items()}
    record = found[view.lens].scenario.record
    said = terms_text(terms, int(record["price_year"]))
    yearly = {key: one if one.basis == "total" else one.per("year") for key, one in found.items()}
    lead = "Who saves and who pays, what of it is money, when it has paid for itself, and what it gets for that."
    line = f"{line_through(found)} {said}".strip()
    return html.Div(
        [
            *head(TITLE, found[view.lens], lead),
            take_away.menu(view, list(found.values())),
            *lens_notes(view, found),
            _controls(view, int(record["price_year"])),
            *([html.P(said, className="finding")] if said else []),
            html.H2("Money, capacity and wellbeing, apart"),
            _apart(yearly, line),
            html.H2("Who saves and who pays"),
            html.Div(
                [_waterfall(key, one, said, several=len(found) > 1) for key, one in yearly.items()], className="pair"
            ),
            *(_services(key, one, said, several=len(found) > 1) for key, one in yearly.items()),
            _ledger(yearly[view.lens], f"{line_of(yearly[view.lens])} {said}".strip()),
            html.H2("When it has paid for itself"),
            _cumulative(found, line),
            html.H2("What it gets for that"),
            worth(found, view, line),
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
    return html.Section([html.H2("On which terms"), html.Div(drawn, className="options")], className="terms")


def _apart(yearly: Through, line: str) -> Component:
    said = (
        "Money changes hands or stays in a budget. Capacity is beds, appointments and staff time that are used or "
        "freed: it pays no bill. Feeling less lonely is given in people, and valued in pounds beside the costs; that "
        "value is in no cost."
    )
    worth = [html.P(f"{key_title(key)}. {wellbeing_finding(one)}") for key, one in yearly.items()]
    return html.Div([shown(tiles(by_title(yearly), line, "apart", said)), *worth])


def _named(title: str, key: str, several: bool) -> str:
    return f"{key_title(key)}. {title}" if several else title


def _waterfall(key: str, yearly: Comparison, terms: str, *, several: bool) -> Component:
    steps = steps_of(yearly)
    rows = as_shown(yearly, by_service(yearly, rounded=False))
    title = _named(finding_by_lens(rows, services_finding), key, several)
    note = (
        "Mean of the paired differences, one step a service and payer, money and capacity together; the last bar is "
        "their sum, the net cost. Left is saved, right is spent. Ranges of each step stand below."
    )
    said = f"{title}. " + "; ".join(f"{step['label']}: {thousands(step['pounds'])}" for _, step in steps.iterrows())
    drawn = graph(figures.waterfall(steps), f"waterfall-{_id(key)}", said)
    line = f"{line_of(yearly)} {terms}".strip()
    return exhibit(title, note, drawn, [steps_cells(steps, str(rows["unit"].iloc[0]))], line)


def _services(key: str, yearly: Comparison, terms: str, *, several: bool) -> Component:
    rows = as_shown(yearly, by_service(yearly, rounded=False))
    payers = as_shown(yearly, yearly.costs("payer", "kind", rounded=False))
    items = as_shown(yearly, yearly.costs("item", "payer", "kind", rounded=False))
    title = _named(finding_by_lens(payers, findings.costs_finding), key, several)
    said = alternative(f"{title}.", rows, "service", "payer", "kind")
    drawn = graph(figures.costs_by_service(rows), f"services-{_id(key)}", said)
    tables = [
        contrasts_cells(rows, "Costs by service", ("service", "payer", "kind")),
        contrasts_cells(payers, "Costs by payer", ("payer", "kind")),
        contrasts_cells(items, "Costs by item", ("item", "payer", "kind")),
    ]
    return exhibit(title, MONEY_NOTE, drawn, tables, f"{line_of(yearly)} {terms}".strip())


def _ledger(yearly: Comparison, line: str) -> Component:
    ledger = yearly.ledger()
    accounts = ledger.groupby("account")["pounds"].sum()
    title = findings.ledger_finding(accounts)
    if not accounts.get("automated", 0.0):
        return html.P(f"{title}.")
    drawn = graph(figures.ledger_bars(ledger), "ledger", f"Bars, one a service, in parts. {title}.")
    return exhibit(title, LEDGER_NOTE, drawn, [ledger_cells(ledger, "The offset ledger, pounds")], line)


def _cumulative(found: Through, line: str) -> Component:
    rows, several = rows_through(found, cumulative_cost), len(found) > 1
    frames = {str(lens_title): mine for lens_title, mine in rows.groupby("lens_title", sort=False)}
    title = finding_by_lens(rows, break_even_finding)
    note = (
        "Net cost (money and capacity) added up year by year, discounted; the band is the middle 80 % of runs. Where "
        "it lies below the line, what was saved is more than what was spent."
    )
    tables = [cumulative_cells(mine, f"{lens_title}: " if several else "") for lens_title, mine in frames.items()]
    said = f"{title}. " + ". ".join(
        "; ".join(f"year {row[0]}: {row[1]} ({row[2]} to {row[3]})" for row in cells.body) for cells in tables
    )
    return exhibit(title, note, graph(figures.cumulative(rows), "cumulative", said), tables, line)


def _id(key: str) -> str:
    """A lens key as part of an id, which may not contain a full stop."""
    return key.replace(".", "_")
