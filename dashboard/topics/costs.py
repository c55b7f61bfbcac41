"""Findings and tables on costs: services that save and pay, the net cost over time, and cost-effectiveness."""

from __future__ import annotations

import numpy as np
import pandas as pd

from dashboard.text.findings import largest, tally
from dashboard.text.labels import MINUS, label
from dashboard.text.phrases import listed, lowered, range_text
from dashboard.text.tables import Cells
from simulator.comparison.costs import NET_KINDS
from simulator.comparison.headline import pounds_text
from simulator.comparison.outcomes import OUTCOMES


def thousands(pounds: float) -> str:
    """Pounds to three significant digits.

    >>> thousands(-16_234.0), thousands(1_234_567.0), thousands(0.0)
    ('−£16,200', '£1,230,000', '£0')
    """
    size = abs(pounds)
    digits = 0 if size < 1.0 else max(0, int(np.floor(np.log10(size))) - 2)
    said = f"£{round(size, -digits):,.0f}"
    return f"{MINUS}{said}" if pounds < 0 and said != "£0" else said


def break_even_finding(rows: pd.DataFrame) -> str:
    """Whether and when the scenario pays for itself on average, and the net cost by the end, with its pairs."""
    paid = [int(row["year"]) for _, row in rows.iterrows() if row["mean"] < 0.0]
    last = rows.iloc[-1]
    ending = (
        f"by year {int(last['year'])} the net cost is {thousands(last['mean'])}, and below zero in "
        f"{int(last['saved_in'])} of {int(last['runs'])} pairs"
    )
    lasting = [year for year in paid if all(later in paid for later in range(year, int(last["year"]) + 1))]
    if not rows[["mean", "low", "high"]].to_numpy().any():
        return "Net cost does not change"
    unsure = "" if last["low"] > 0.0 or last["high"] < 0.0 else ". The range includes both"
    since = f"paid for itself from year {lasting[0]} onwards" if lasting else "not paid for itself"
    return f"On average it has {since}; {ending}{unsure}"


def cumulative_cells(rows: pd.DataFrame, named: str = "") -> Cells:
    """Cumulative net cost as a table; ``named`` begins its caption."""
    body = []
    for _, row in rows.iterrows():
        cells = ["withheld"] * 3
        if not row.get("withheld", False):
            cells = [
                *(thousands(row[name]) for name in ("low", "high")),
                f"{int(row['saved_in'])} of {int(row['runs'])}",
            ]
        body.append([str(int(row["year"])), thousands(row["mean"]), *cells])
    return Cells(
        f"{named}Cumulative net cost, discounted pounds", ["To year", "Mean", "Lower", "Upper", "Paid off in"], body, 1
    )


def one_and_many(measure: str) -> tuple[str, str]:
    """The singular and plural noun of an outcome.

    >>> one_and_many("emergency_admissions"), one_and_many("often_always_lonely")
    (('emergency admission', 'emergency admissions'), ('year of loneliness', 'years of loneliness'))
    """
    outcome = OUTCOMES[measure]
    if outcome.amount.unit == "weeks":
        return f"year of {outcome.noun}", f"years of {outcome.noun}"
    return outcome.noun.removesuffix("s"), outcome.noun


def plane_finding(pairs: pd.DataFrame, many: str) -> str:
    """The number of pairs in which events are avoided, and the mean cost of avoiding one."""
    helped = int((pairs["avoided"] > 0.0).sum())
    said = f"Fewer {many} in {helped} of {len(pairs)} pairs"
    cost, avoided = float(pairs["cost"].mean()), float(pairs["avoided"].mean())
    if avoided <= 0.0:
        return f"{said}; on average none is avoided, so there is no cost of avoiding one"
    if cost <= 0.0:
        return f"{said}; on average it helps and saves {pounds_text(-cost, float('nan'))}"
    return f"{said}; on average {pounds_text(cost / avoided, float('nan'))} for each one avoided"


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
