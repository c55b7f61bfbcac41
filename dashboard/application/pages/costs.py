"""Costs: where it is saved and where it is paid, what of it is money, when it breaks even, what it gets for that."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from dash import Dash, html
from dash.development.base_component import Component

from dashboard import figures, findings
from dashboard.application import options
from dashboard.application.exhibit import exhibit
from dashboard.application.graph import graph
from dashboard.application.head import comparison_of, head, line_of
from dashboard.application.pages.summary import tile
from dashboard.application.view import View
from dashboard.money_words import break_even_finding, cumulative_cells, plane_finding, steps_cells, steps_of, thousands
from dashboard.saying import alternative
from dashboard.series import acceptability, cumulative_cost, plane
from dashboard.services import services_finding
from dashboard.tables import Cells, contrasts_cells, ledger_cells
from dashboard.words import LEDGER_NOTE, MONEY_NOTE
from simulator.comparison import Comparison
from simulator.who_pays import by_service

PATH: Final = "/costs"
TITLE: Final = "Costs"
EFFECT_WORDS: Final = {
    "emergency_admissions": "emergency admission",
    "lonely_years": "year of one adult's loneliness",
}
MOST_WORTH: Final = {"emergency_admissions": 20_000, "lonely_years": 20_000}
"""Pounds at which the acceptability curve ends."""
APART: Final = ("net_cash", "net_capacity", "often_always_lonely")


def layout(view: View) -> Component:
    """Costs of one scenario against its base."""
    comparison = comparison_of(view)
    line = line_of(comparison)
    yearly = comparison if comparison.basis == "total" else comparison.per("year")
    lead = "Who saves and who pays, what of it is money, when it has paid for itself, and what it gets for that."
    return html.Div(
        [
            *head(TITLE, comparison, lead),
            html.H2("Money, capacity and well-being, apart"),
            _apart(yearly),
            html.H2("Who saves and who pays"),
            _waterfall(yearly, line),
            _services(yearly, line),
            _ledger(yearly, line),
            html.H2("When it has paid for itself"),
            _cumulative(comparison, line),
            html.H2("What it gets for that"),
            _worth(comparison, view, line),
        ]
    )


def register(app: Dash) -> None:
    """Choices are options of the address."""


def _apart(yearly: Comparison) -> Component:
    rows = yearly.summary(APART, rounded=False)
    tiles = [tile(row, "") for _, row in rows.iterrows()]
    said = (
        "Money changes hands or stays in a budget. Capacity is beds, appointments and staff time that are used or "
        "freed: it pays no bill. Feeling less lonely is given in people, and no value in pounds is put on it."
    )
    return html.Div([html.Ul(tiles, className="tiles"), html.P(said, className="statistic")])


def _waterfall(yearly: Comparison, line: str) -> Component:
    steps = steps_of(yearly)
    rows = by_service(yearly, rounded=False)
    title = services_finding(rows)
    note = (
        "Mean of the paired differences, one step a service and payer, money and capacity together; the last bar is "
        "their sum, the net cost. Left is saved, right is spent. Ranges of each step stand below."
    )
    said = f"{title}. " + "; ".join(f"{step['label']}: {thousands(step['pounds'])}" for _, step in steps.iterrows())
    drawn = graph(figures.waterfall(steps), "waterfall", said)
    return exhibit(title, note, drawn, [steps_cells(steps, str(rows["unit"].iloc[0]))], line)


def _services(yearly: Comparison, line: str) -> Component:
    rows = by_service(yearly, rounded=False)
    payers = yearly.costs("payer", "kind", rounded=False)
    title = findings.costs_finding(payers)
    drawn = graph(
        figures.costs_by_service(rows), "services", alternative(f"{title}.", rows, "service", "payer", "kind")
    )
    tables = [
        contrasts_cells(rows, "Costs by service", ("service", "payer", "kind")),
        contrasts_cells(payers, "Costs by payer", ("payer", "kind")),
        contrasts_cells(
            yearly.costs("item", "payer", "kind", rounded=False), "Costs by item", ("item", "payer", "kind")
        ),
    ]
    return exhibit(title, MONEY_NOTE, drawn, tables, line)


def _ledger(yearly: Comparison, line: str) -> Component:
    ledger = yearly.ledger()
    accounts = ledger.groupby("account")["pounds"].sum()
    title = findings.ledger_finding(accounts)
    if not accounts.get("automated", 0.0):
        return html.P(f"{title}.")
    drawn = graph(figures.ledger_bars(ledger), "ledger", f"Bars, one a service, in parts. {title}.")
    return exhibit(title, LEDGER_NOTE, drawn, [ledger_cells(ledger, "The offset ledger, pounds")], line)


def _cumulative(comparison: Comparison, line: str) -> Component:
    rows = cumulative_cost(comparison)
    title = break_even_finding(rows)
    note = (
        "Net cost (money and capacity) added up year by year, discounted; the band is the middle 80 % of runs. Where "
        "it "
        "lies below the line, what was saved is more than what was spent."
    )
    cells = cumulative_cells(rows)
    said = f"{title}. " + "; ".join(f"year {row[0]}: {row[1]} ({row[2]} to {row[3]})" for row in cells.body)
    return exhibit(title, note, graph(figures.cumulative(rows), "cumulative", said), [cells], line)


def _worth(comparison: Comparison, view: View, line: str) -> Component:
    effect = options.chosen(view, "effect", EFFECT_WORDS)
    one = EFFECT_WORDS[effect]
    pairs = plane(comparison, effect)
    title = plane_finding(pairs, one)
    note = (
        "One dot a pair of runs, over the whole run: right is avoided, left is added; below is saved, above is spent."
    )
    drawn = graph(figures.cost_plane(pairs, f"{one}s avoided<br>(left: added)"), "plane", f"{title}. {note}")
    worth = np.linspace(0.0, MOST_WORTH[effect], 81).tolist()
    curve = acceptability(pairs, worth)
    marks = np.linspace(0.0, MOST_WORTH[effect], 5).tolist()
    found = "; ".join(f"at £{row['worth']:,.0f}: {100 * row['share']:.0f} %" for _, row in curve.iloc[::20].iterrows())
    curve_title = f"Chance that it is worth its cost, by what one {one} avoided is worth"
    curve_note = (
        "Share of pairs in which what was avoided, at this worth, is more than the net cost. What one is worth is the "
        "reader's judgement: no threshold is official for it."
    )
    curve_drawn = graph(
        figures.acceptability_curve(curve, marks, f"worth of one {one}<br>avoided"),
        "acceptability",
        f"{curve_title}: {found}.",
    )
    return html.Div(
        [
            options.select(
                view, "effect", "Set the cost against", {key: f"{said}s" for key, said in EFFECT_WORDS.items()}
            ),
            html.Div(
                [
                    exhibit(title, note, drawn, [_pairs_cells(pairs, one)], line),
                    exhibit(curve_title, curve_note, curve_drawn, [_curve_cells(curve.iloc[::5], one)], line),
                ],
                className="pair",
            ),
        ]
    )


def _pairs_cells(pairs: pd.DataFrame, one: str) -> Cells:
    body = [
        [str(int(row["seed"])), thousands(row["cost"]), f"{row['avoided']:,.1f}".replace("-", "−")]
        for _, row in pairs.iterrows()
    ]
    return Cells("Pair by pair, over the whole run", ["Seed", "Net cost", f"{one}s avoided"], body, 1)


def _curve_cells(curve: pd.DataFrame, one: str) -> Cells:
    body = [[f"£{row['worth']:,.0f}", f"{100 * row['share']:.0f} %"] for _, row in curve.iterrows()]
    return Cells("Acceptability", [f"Worth of one {one}", "Pairs worth their cost"], body, 1)
