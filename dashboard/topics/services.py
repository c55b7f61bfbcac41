"""Savings and costs by service, with the offset ledger."""

from __future__ import annotations

import pandas as pd

from dashboard.figures import costs_by_service, ledger_bars
from dashboard.text import findings
from dashboard.text.findings import largest, tally
from dashboard.text.html import chart, exhibit
from dashboard.text.labels import LEDGER_NOTE, MONEY_NOTE, label
from dashboard.text.phrases import alternative, listed, lowered, range_text
from dashboard.text.tables import contrasts_table, ledger_table
from dashboard.topics.through_lenses import as_shown, finding_by_lens
from simulator.comparison.comparison import Comparison
from simulator.comparison.costs import NET_KINDS
from simulator.comparison.costs_by_service import by_service
from simulator.comparison.headline import pounds_text


def money_section(yearly: Comparison, line: str) -> str:
    """Costs by service, payer and kind; the use of the released amount; tables by payer and item."""
    return f'<div class="pair">{_services(yearly, line)}{_ledger(yearly, line)}</div>'


def _services(yearly: Comparison, line: str) -> str:
    rows = as_shown(yearly, by_service(yearly, rounded=False))
    payers = as_shown(yearly, yearly.costs("payer", "kind", rounded=False))
    items = as_shown(yearly, yearly.costs("item", "payer", "kind", rounded=False))
    title = finding_by_lens(rows, services_finding)
    drawn = chart(costs_by_service(rows), "costs", alternative(f"{title}.", rows, "service", "payer", "kind"))
    tables = (
        contrasts_table(rows, "Costs by service", ("service", "payer", "kind")),
        contrasts_table(payers, "Costs by payer", ("payer", "kind")),
        contrasts_table(items, "Costs by item", ("item", "payer", "kind")),
    )
    return exhibit(
        title, f"{finding_by_lens(payers, findings.costs_finding)}. {MONEY_NOTE}", drawn, "".join(tables), line
    )


def services_finding(rows: pd.DataFrame) -> str:
    """The services that save and pay enough to matter, and whether savings in one are costs in another.

    ``rows`` come from `simulator.comparison.costs_by_service.by_service`, unrounded, by service, payer and kind.
    """
    sums: dict[str, dict[str, list[str]]] = {"better": {}, "worse": {}}
    for _, row in rows[rows["kind"].isin(NET_KINDS)].iterrows():
        kind = row["verdict"]
        if kind in sums:
            amount = pounds_text(abs(row["difference"]), row["monte_carlo_error"])
            words = f"{amount} {'in' if row['kind'] == 'cashable' else 'of'} {label(row['kind']).lower()}"
            sums[kind].setdefault(service_text(row["service"]), []).append(words)
    gains, costs = (
        [f"{name} ({listed(amounts)} a year)" for name, amounts in found.items()] for found in sums.values()
    )
    if gains and costs:
        return f"Savings in one service are costs in another: {listed(gains)} saved; {listed(costs)} paid"
    if gains:
        return f"Saved: {listed(gains)}; no service pays enough for it to matter"
    if costs:
        return f"Paid: {listed(costs)}; no service saves enough to matter"
    return none_matters(rows[rows["kind"].isin(NET_KINDS)])


def none_matters(rows: pd.DataFrame) -> str:
    """The finding where no service saves or pays enough to matter, with the largest amount."""
    if rows.empty:
        return "No service saves or pays anything"
    most = largest(rows)
    amount = pounds_text(abs(most["difference"]), most["monte_carlo_error"])
    what = "saved" if most["difference"] < 0.0 else "paid"
    return (
        f"What services save or pay: {tally(rows, 'lines')}; the most is {amount} a year {what} "
        f"({range_text(most)}), in {service_text(most['service'])}"
    )


def service_text(name: object) -> str:
    """A service within a sentence.

    >>> service_text("gp_practice"), service_text("hospital")
    ('GP practice', 'hospital')
    """
    return lowered(label(name))


def _ledger(yearly: Comparison, line: str) -> str:
    ledger = yearly.ledger()
    accounts = ledger.groupby("account")["pounds"].sum()
    title = findings.ledger_finding(accounts)
    if not accounts.get("automated", 0.0):
        return f"<section><h3>{title}</h3></section>"
    drawn = chart(ledger_bars(ledger), "ledger", f"One stacked bar per service. {title}.")
    return exhibit(title, LEDGER_NOTE, drawn, ledger_table(ledger, "The offset ledger, pounds"), line)
