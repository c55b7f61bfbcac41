"""Follow the hour: staff time automated, rework, time released, its uses, and the people reached."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import pandas as pd

from dashboard.text.findings import signed_pounds
from dashboard.text.labels import label
from dashboard.text.tables import Cells
from dashboard.topics.plan_flow import hourly_cost
from simulator.results.results import Results

ALL: Final = "all"
LEAST: Final = 0.5
"""Pounds below which a flow is treated as zero, since amounts are rounded from pence."""
FAILURE: Final = "Failed contacts and rework, back to staff"
TECHNOLOGY: Final = "Technology"
RELEASED: Final = "Released"
REINVESTED: Final = "Reinvested in programmes"
SAVED: Final = "Saved: money kept"
ABSORBED: Final = "Absorbed: other work of the service"
_ENDS: Final = {"reinvested": REINVESTED, "saved": SAVED, "absorbed": ABSORBED}
_OTHER: Final = {"pump_priming": "Pump priming", "new_money": "New money"}


def flows(results: Results, seeds: Sequence[int], service: str = ALL, quarter: int | None = None) -> pd.DataFrame:
    """Links of the flow in pounds, mean of the runs: source, target, pounds, kind; undiscounted.

    A negative flow (a service whose rework and technology cost more than was freed) has no width; `shortfall` reports
    it. For a single service, programmes are shown in proportion to its share of what was reinvested.
    """
    book = _chosen(results.ledger, seeds, service, quarter)
    accounts = book.groupby(["service", "account"], observed=True)["pence"].sum() / 100.0 / len(seeds)
    rows: list[tuple[str, str, float, str]] = []
    reinvested = 0.0
    for name in dict.fromkeys(book["service"].astype(str)):
        pounds = {account: float(accounts.get((name, account), 0.0)) for account in results.ledger["account"].unique()}
        start = f"{label(name)}: staff time automated"
        rows += [
            (start, FAILURE, pounds["rework"], "rework"),
            (start, TECHNOLOGY, pounds["technology"], "technology"),
            (start, RELEASED, pounds["released"], "released"),
        ]
        reinvested += pounds["reinvested"]
    sums = {account: float(accounts.xs(account, level=1).sum()) if len(accounts) else 0.0 for account in _ENDS}
    rows += [(RELEASED, end, sums[account], account) for account, end in _ENDS.items()]
    rows += _bought(results, seeds, service, quarter, reinvested)
    table = pd.DataFrame(rows, columns=["source", "target", "pounds", "kind"])
    shown = table[table["pounds"] > LEAST]
    return shown.groupby(["source", "target", "kind"], sort=False)["pounds"].sum().reset_index()


def _bought(
    results: Results, seeds: Sequence[int], service: str, quarter: int | None, reinvested: float
) -> list[tuple[str, str, float, str]]:
    """Spending on programmes: from released money, by its shares, and from other money unless one service is shown."""
    table = _chosen(results.programmes, seeds, ALL, quarter)
    pounds = table.groupby(["source", "programme"], observed=True)["pence"].sum() / 100.0 / len(seeds)
    rows = []
    released = float(pounds.xs("released", level=0).sum()) if "released" in pounds.index.get_level_values(0) else 0.0
    amounts: dict[Any, float] = pounds.to_dict()
    for (source, programme), amount in amounts.items():
        if source == "released":
            if released:
                rows.append((REINVESTED, label(programme), reinvested * amount / released, "programme"))
        elif service == ALL:
            rows.append((_OTHER[str(source)], label(programme), amount, "other"))
    return rows


def _chosen(table: pd.DataFrame, seeds: Sequence[int], service: str, quarter: int | None) -> pd.DataFrame:
    table = table[table["seed"].isin(list(seeds))]
    if service != ALL:
        table = table[table["service"].astype(str) == service]
    return table if quarter is None else table[table["quarter"] == quarter]


def services_of(results: Results) -> list[str]:
    """Services with any automated staff time."""
    automated = results.ledger[(results.ledger["account"] == "automated") & (results.ledger["pence"] != 0)]
    return list(dict.fromkeys(automated["service"].astype(str)))


def hours_text(results: Results, seeds: Sequence[int], service: str = ALL, quarter: int | None = None) -> str:
    """A sentence on the hours of staff time that automation took over, by service.

    Pounds are divided by what an hour of the automated tasks costs.
    """
    book = _chosen(results.ledger, seeds, service, quarter)
    book = book[book["account"] == "automated"]
    tasks, place = tuple(results.record["automates"]), str(results.record["place"])
    said = []
    for name, pence in book.groupby(book["service"].astype(str))["pence"].sum().items():
        hours = float(pence) / 100.0 / len(seeds) / hourly_cost(tasks, str(name), place)
        if hours > 0.0:
            said.append(f"{label(str(name))} {float(f'{hours:.2g}'):,.0f} hours")
    return f"Staff time taken over by automation, mean of the runs: {', '.join(said)}." if said else ""


def shortfall(results: Results, seeds: Sequence[int], service: str = ALL, quarter: int | None = None) -> list[str]:
    """Sentences on amounts that a flow cannot show: negative accounts, and services with a loss."""
    book = _chosen(results.ledger, seeds, service, quarter)
    released = book[book["account"] == "released"].groupby("service", observed=True)["pence"].sum() / 100.0 / len(seeds)
    below = (
        book[book["account"].isin(list(_ENDS))].groupby("account", observed=True)["pence"].sum() / 100.0 / len(seeds)
    )
    said = [
        f"{str(name).capitalize()} is {signed_pounds(float(pounds))}, which the flow cannot show: in some quarters "
        "rework and technology cost more than was freed."
        for name, pounds in below.items()
        if pounds < -LEAST
    ]
    return said + [
        f"{label(name)} loses {signed_pounds(-float(pounds))}: rework and technology cost more than was freed."
        for name, pounds in released.items()
        if pounds < -LEAST
    ]


def reached_people(results: Results, seeds: Sequence[int], lens_title: str, quarter: int | None = None) -> Cells:
    """People reached by each programme through a lens, mean of the runs, in the last quarter or the one chosen."""
    table = _chosen(results.programmes, seeds, ALL, quarter)
    columns = ["units", "clients", "member_weeks", "offers", "engagements"]
    once = table.drop_duplicates(["seed", "quarter", "programme"])  # the columns after pence repeat in each row
    last = once[once["quarter"] == once["quarter"].max()] if quarter is None else once
    people = last.groupby("programme", observed=True)[["units", "clients"]].sum() / len(seeds)
    counted = once.groupby("programme", observed=True)[columns[2:]].sum() / len(seeds)
    body = [
        [
            label(name),
            f"{people['units'].get(name, 0.0):,.1f}",
            f"{people['clients'].get(name, 0.0):,.0f}",
            *(f"{counted.loc[name, column]:,.0f}" for column in columns[2:]),
        ]
        for name in counted.index
    ]
    when = "at the end" if quarter is None else f"in quarter {quarter}"
    heads = ["Programme", f"Workers or cafés {when}", f"People {when}", "Weeks taken part", "Offers made", "Taken up"]
    return Cells(f"{lens_title}: people reached by programmes, mean of the runs", heads, body, 1)


def flow_cells(rows: pd.DataFrame) -> Cells:
    """The flow as a table."""
    body = [[str(row["source"]), str(row["target"]), signed_pounds(row["pounds"])] for _, row in rows.iterrows()]
    return Cells("Flows in pounds, mean of the runs", ["From", "To", "Pounds"], body, 2)


def flow_finding(rows: pd.DataFrame) -> str:
    """The shares of automated staff time that are rework, technology and released."""
    start = rows[rows["kind"].isin(("rework", "technology", "released"))].groupby("kind")["pounds"].sum()
    automated = float(start.sum())
    if automated <= 0.0:
        return "Nothing was automated here"
    parts = [
        f"{100 * float(start.get(kind, 0.0)) / automated:.0f} % {words}"
        for kind, words in (
            ("rework", "comes back as rework"),
            ("technology", "pays for technology"),
            ("released", "is released"),
        )
    ]
    return f"Of {signed_pounds(automated)} of staff time automated, {parts[0]}, {parts[1]} and {parts[2]}"
