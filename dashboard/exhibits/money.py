"""What is spent, what comes back and to whom, on one scale; when it has paid for itself, and what it gets for that."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd
from dash import html

from dashboard.exhibits.components import Part, table, unbroken
from dashboard.exhibits.exhibit import Exhibit
from dashboard.exhibits.tiles import tiles
from dashboard.figures.chart import Chart, chart_of
from dashboard.figures.curves import Curve, Curves, curves_of
from dashboard.text import findings
from dashboard.text import labels as words
from dashboard.text.phrases import listed, lowered, sentence
from dashboard.text.tables import cells_of, contrasts_cells, ledger_cells
from dashboard.topics.costs import (
    break_even_finding,
    cumulative_cells,
    none_matters,
    one_and_many,
    plane_finding,
    service_text,
    services_finding,
)
from dashboard.topics.series import acceptability, cumulative_cost, plane
from dashboard.topics.through_lenses import (
    finding_by_lens,
    is_withheld,
    lens_column,
    prefixed,
    range_note,
    rows_by_name,
)
from simulator.comparison.comparison import Comparison
from simulator.comparison.costs_by_service import by_service
from simulator.comparison.outcomes import shown_in
from simulator.comparison.wellbeing import wellbeing_finding

Named = Mapping[str, Comparison]
_THOUSAND: Final = 1e-3
_APART: Final = (
    "Money changes hands or stays in a budget. Capacity is beds, appointments and staff time that are used or freed: "
    "it pays no bill. Feeling less lonely is given in people, and valued in pounds beside the costs; that value is in "
    "no cost."
)
_TOTALS: Final = {
    "net_cash": "All money",
    "net_capacity": "All capacity",
    "net_cost": "Money and capacity together",
    "wellbeing_lost": "Beside, in no cost: wellbeing lost",
}
_KINDS: Final = {"cashable": "Money", "capacity": "Beds, appointments and staff time (capacity, not money)"}
_CUMULATIVE: Final = (
    "Net cost (money and capacity) added up year by year, discounted; the band is the 80 % range. Where it "
    "lies below the line, what was saved is more than what was spent."
)
_PLANE: Final = (
    "One dot a pair of runs, over the whole run: right is avoided, left is added; below is saved, above is spent."
)
_CURVE: Final = (
    "Chance that what is avoided, at this worth, is more than the net cost. What one is worth is the "
    "reader's judgement: no threshold is official for it."
)
_MOST_WORTH: Final = 20_000
"""Upper end of the acceptability curve, in pounds."""
_POINTS: Final = 81


def money(named: Named, source: str, effect: str = "") -> list[Part]:
    """Costs in comparisons by the name of the lens, on their basis.

    ``effect`` is the outcome that the net cost is set against, by default the first.
    """
    return [
        html.H2("Money, capacity and wellbeing, apart"),
        tiles(named, source, "apart", _APART),
        *(
            html.P(prefixed(name, wellbeing_finding(one).replace("-", words.MINUS), named))
            for name, one in named.items()
        ),
        html.H2("What is spent, what comes back, and to whom"),
        html.P(f"{_services(named)}.", className="finding"),
        *spending(named, source),
        *_ledger(named, source),
        html.H2("When it has paid for itself"),
        _cumulative(named, source),
        html.H2("What it gets for that"),
        *_worth(named, source, effect or shown_in("worth")[0]),
    ]


def spending(named: Named, source: str) -> list[Exhibit[Chart]]:
    """Differences in cost by payer, and by service for money and for capacity, all on one scale."""
    payers = rows_by_name(named, lambda one: one.costs("payer", "kind", rounded=False))
    totals = rows_by_name(named, lambda one: one.summary(tuple(_TOTALS), rounded=False))
    services = rows_by_name(named, lambda one: by_service(one, rounded=False))
    items = rows_by_name(named, lambda one: one.costs("item", "payer", "kind", rounded=False))
    unit = words.difference_unit(str(totals["unit"].iloc[0])).replace("pounds", "£ thousand")
    axis = f"{unit}, {words.SAVED_OR_SPENT}"
    together = pd.concat(
        [
            payers.assign(name=[f"{words.label(row['payer'])}: {_kind(row)}" for _, row in payers.iterrows()]),
            totals.assign(name=totals["measure"].map(_TOTALS)),
        ]
    )
    numbers = pd.concat([together, services])[["difference", "low", "high"]].to_numpy(np.float64)
    ends = (_THOUSAND * float(np.nanmin(numbers)), _THOUSAND * float(np.nanmax(numbers)))
    lens = lens_column(payers)
    first = Exhibit(
        "costs_by_payer",
        finding_by_lens(payers, findings.costs_finding),
        f"Difference in cost by payer. {words.MONEY_NOTE} {range_note(payers)}",
        chart_of(together.assign(scale=_THOUSAND), axis, ends=ends),
        source,
        (
            contrasts_cells(payers, "Costs by payer", (*lens, "payer", "kind")),
            contrasts_cells(items, "Costs by item", (*lens, "item", "payer", "kind")),
        ),
    )
    return [first, *_by_service(services, axis, ends, source)]


def _services(named: Named) -> str:
    return finding_by_lens(rows_by_name(named, lambda one: by_service(one, rounded=False)), services_finding)


def _kind(row: pd.Series[str]) -> str:
    return words.label(row["kind"]).lower()


def _by_service(services: pd.DataFrame, axis: str, ends: tuple[float, ...], source: str) -> list[Exhibit[Chart]]:
    names = [_service_text(row["service"], row["payer"]) for _, row in services.iterrows()]
    services, lens = services.assign(name=names, scale=_THOUSAND), lens_column(services)
    made = []
    for kind, meaning in _KINDS.items():
        rows = services[services["kind"] == kind]
        moved = rows[rows["equal_in"] < rows["runs"]]["name"]
        if moved.empty:
            continue
        made.append(
            Exhibit(
                f"costs_{kind}",
                f"{words.label(kind)}: {lowered(finding_by_lens(rows, _who_saves))}"
                if lens
                else finding_by_lens(rows, services_finding),
                f"{meaning}: difference in cost by service and payer, on the same scale. {range_note(rows)}",
                chart_of(rows[rows["name"].isin(moved)], axis, missing="nothing", ends=ends),
                source,
                (contrasts_cells(services, "Costs by service", (*lens, "service", "payer", "kind")),),
            )
        )
    return made


def _who_saves(rows: pd.DataFrame) -> str:
    """The services that save and pay enough to matter; the chart shows the amounts."""
    found = []
    for kind, verb in (("better", "saved"), ("worse", "paid")):
        who = dict.fromkeys(service_text(name) for name in rows[rows["verdict"] == kind]["service"])
        found += [f"{verb} in {listed(list(who))}"] if who else []
    return sentence("; ".join(found)).rstrip(".") if found else none_matters(rows)


def _service_text(service: str, payer: str) -> str:
    """A service with its payer, unless its name begins with the payer."""
    name, who = words.label(service), words.label(payer)
    return name if name.startswith(who) else f"{name} ({who})"


def _ledger(named: Named, source: str) -> list[Part]:
    """The uses of the staff time automated in each service, through the main lens: parts of a whole, to the penny."""
    ledger = next(iter(named.values())).ledger()
    accounts = ledger.groupby("account")["pounds"].sum()
    title = prefixed(next(iter(named)), findings.ledger_finding(accounts), named)
    if not accounts.get("automated", 0.0):
        return [html.P(f"{title}.")]
    said = [
        html.H3(unbroken(title)),
        html.P(words.LEDGER_NOTE, className="statistic"),
        table(ledger_cells(ledger, "The offset ledger over the whole run, pounds")),
        html.P(source, className="provenance"),
    ]
    return [html.Section(said, className="exhibit")]


def _cumulative(named: Named, source: str) -> Exhibit[Curves]:
    rows = rows_by_name(named, cumulative_cost)
    tables = [
        cumulative_cells(mine, f"{name}: " if len(named) > 1 else "")
        for name, mine in rows.groupby("lens_title", sort=False)
    ]
    return Exhibit(
        "cumulative",
        finding_by_lens(rows, break_even_finding),
        _CUMULATIVE,
        Curves(
            "", "£ thousand", curves_of(rows, "year", "mean", scale=_THOUSAND), note="below zero it has paid for itself"
        ),
        source,
        tuple(tables),
    )


def _worth(named: Named, source: str, effect: str) -> list[Part]:
    """The cost-effectiveness plane and the acceptability curve; lenses whose ranges are withheld are left out."""
    known = {name: one for name, one in named.items() if not is_withheld(one)}
    if not known:
        return [html.P("Pairs of runs show the range, and are withheld with it.")]
    (one, many), several = one_and_many(effect), len(known) > 1
    pairs = rows_by_name(known, lambda found: plane(found, effect))
    by_lens = pairs.groupby("lens_title", sort=False)
    title = finding_by_lens(pairs, lambda rows: plane_finding(rows, many), named=len(known) < len(named))
    columns = f"Seed={{seed}} | Net cost, pounds={{cost:,.0f}} | {many} avoided={{avoided:,.1f}}"
    dots = Exhibit(
        "plane",
        title,
        _PLANE,
        Curves(
            f"{many} avoided<br>(left: added)", "net cost, £ thousand", _dots(pairs), note="bottom right: helps, saves"
        ),
        source,
        tuple(cells_of(rows, f"{name}: pair by pair, over the whole run", columns) for name, rows in by_lens),
    )
    values = np.linspace(0.0, _MOST_WORTH, _POINTS).tolist()
    curve = rows_by_name(known, lambda found: acceptability(plane(found, effect), values))
    curve = curve.assign(percent=100.0 * curve["share"])
    axes = (f"worth of one {one}<br>avoided", "chance, %")
    share = Exhibit(
        "acceptability",
        f"Chance that it is worth its cost, by what one {one} avoided is worth",
        _CURVE,
        Curves(*axes, curves_of(curve, "worth", "percent", line="steps", mark="none"), (-3.0, 103.0), pounds=True),
        source,
        tuple(
            cells_of(
                rows.iloc[::5],
                f"{name}: acceptability" if several else "Acceptability",
                f"Worth of one {one}=£{{worth:,.0f}} | Chance of being worth it={{percent:.0f}} %",
            )
            for name, rows in curve.groupby("lens_title", sort=False)
        ),
    )
    return [(dots, share)]


def _dots(pairs: pd.DataFrame) -> tuple[Curve, ...]:
    """The pairs of each lens, and their mean."""
    means = pairs.groupby("lens_title", sort=False, as_index=False)[["avoided", "cost"]].mean()
    middle = curves_of(means, "avoided", "cost", scale=_THOUSAND, line="none", mark="x")
    return (
        *curves_of(pairs, "avoided", "cost", scale=_THOUSAND, line="none"),
        *(one._replace(name=f"mean, {one.name}", of=one.name) for one in middle),
    )
