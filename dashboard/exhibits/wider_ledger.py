"""The wider ledger in the report: shown last, separately, and included in no total."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboard.exhibits.components import shown, table, unbroken
from dashboard.exhibits.exhibit import Exhibit
from dashboard.figures.chart import Chart, chart_of
from dashboard.text.labels import difference_unit, measured
from dashboard.text.phrases import difference_text, range_text
from dashboard.text.tables import Cells, cells_of, whole_pounds
from dashboard.topics.through_lenses import as_shown
from simulator.comparison.comparison import Comparison
from simulator.comparison.wider_ledger import (
    IMPLIED,
    LINES,
    SIMULATED,
    LedgerLine,
    associations,
    claims,
    claims_error,
    wider_ledger,
)

HEADING: Final = "Wider ledger: not in any figure above"
LEAD: Final = (
    "Published claims about the effects of relationships beyond health. Each line multiplies a change in the model by "
    "a published association, of which a share is treated as causal: {share} on average, which is a judgement; 0 "
    "switches it off. No line is graded better than C. None is included in a total, a cost or the headline, and the "
    "lines should not be added to each other or to anything else."
)
CLAIMS_NOTE: Final = (
    "Pounds a year for a place of this size. The claims are for the UK, scaled by population, and shown for comparison "
    "only; the model neither supports nor refutes them. The released amount comes from this simulation: mean of the "
    "runs with the middle 80 %, undiscounted."
)
_POUNDS: Final = "pounds per year"
_CLAIMS: Final = {
    "claimed_gross_saving": "{uk} a year in the UK, gross",
    "claimed_net_saving": "{uk} a year in the UK, net",
    "claimed_digital_saving": "{uk} a year in the UK, by government",
    "automated": "staff time automated",
    "released": "released after rework and technology",
}
_GRADES: Final = {"C": "Grade C: weak evidence of cause", "assumption": "Assumption: below grade C"}


def wider(comparison: Comparison, source: str) -> Component:
    """The lines as cards, the national claims compared with the simulation, and the sources."""
    rows = as_shown(comparison, wider_ledger(comparison, rounded=False))
    rests = associations(comparison)
    share = rests[rests["name"] == "causal_share"]["value"].iloc[0]
    cards = [_card(each, rows[rows["line"] == each.name], rests) for each in LINES]
    return html.Section(
        [
            html.H2(HEADING),
            html.P(LEAD.format(share=f"{100 * share:.0f} %")),
            html.Ul(cards, className="cards"),
            shown(_claims(comparison, source)),
            html.Details([html.Summary("Sources of the wider ledger"), table(_sources(rests))]),
        ],
        className="wider",
    )


def _card(line: LedgerLine, rows: pd.DataFrame, rests: pd.DataFrame) -> Component:
    simulated, implied = (rows[rows["part"] == part].iloc[0] for part in (SIMULATED, IMPLIED))
    lead = rests[rests["line"] == line.name]
    points = (
        ("In the model", f"{simulated['label']}: {change_text(simulated)}"),
        ("Implied effect", implied_text(implied)),
        ("Source", line.source or str(lead["source"].iloc[0]).strip()),
        ("Why shown separately", line.why),
    )
    body = [part for name, text in points for part in (html.Dt(name), html.Dd(unbroken(text)))]
    grade = _GRADES[str(rows["grade"].iloc[0])]
    return html.Li([html.H3(line.title), html.P(grade, className="grade"), html.Dl(body)])


def change_text(row: pd.Series[Any]) -> str:
    """A change with its range, or a note that there is none."""
    if row["runs"] == 0:
        return "no one in this group"
    if row["equal_in"] == row["runs"]:
        return "no change in any run"
    unit = difference_unit(row["unit"]).removeprefix("pounds ")
    return f"{difference_text(row)} {unit} (80 % of runs: {range_text(row)})"


def implied_text(row: pd.Series[Any]) -> str:
    """The implied effect with its range, or a note that no study gives a size."""
    if row["runs"] == 0:
        return f"{row['label']}: no effect size is published, so none is calculated"
    return f"{row['label']}: {change_text(row)}"


def _claims(comparison: Comparison, source: str) -> Exhibit[Chart]:
    rows, error = as_shown(comparison, claims(comparison)), claims_error(comparison)
    money = rows[rows["unit"] == _POUNDS]
    names = [
        f"{row['kind'].capitalize()}: {_CLAIMS[row['name']].format(uk=billions(row['uk']))}"
        for _, row in money.iterrows()
    ]
    said = [f"{row['label']}, {amount_text(row['place'], row, error)}" for _, row in money.iterrows()]
    drawn = money.assign(name=names, difference=money["place"], scale=1e-6, words=said)
    chart = chart_of(drawn, "£ million a year")
    return Exhibit("claims", claims_finding(rows), CLAIMS_NOTE, chart, source, (claims_cells(rows, error),))


def claims_finding(rows: pd.DataFrame) -> str:
    """The released amount as a share of the claimed net saving."""
    named = rows.set_index("name")
    place = named["place"]
    released, claimed = place["released"], place["claimed_net_saving"]
    if not place["automated"]:
        return "Nothing was automated here, so there is nothing to compare with the national claims"
    if released <= 0.0:
        return "Here automation released nothing after rework and technology, to compare with the national claims"
    part, nationally = 100.0 * released / claimed, billions(float(named["uk"]["claimed_net_saving"]))
    return f"Released here: {part:.2g} % of this place's share of the {nationally} net saving claimed nationally"


def claims_sentence(comparison: Comparison) -> str:
    """What the national claims imply for this place, and what was released here."""
    rows = as_shown(comparison, claims(comparison))
    money = rows[(rows["kind"] == "claimed") & (rows["unit"] == _POUNDS)]
    nationally, here = ([float(money[area].agg(end)) for end in ("min", "max")] for area in ("uk", "place"))
    (released,) = (row for _, row in rows.iterrows() if row["name"] == "released")
    amount = amount_text(released["place"], released, claims_error(comparison))
    return (
        f"National claims taken at their word, {billions(nationally[0])} to {billions(nationally[1])} a year for the "
        f"UK, would be £{here[0] / 1e6:.2g} million to £{here[1] / 1e6:.2g} million a year for a place of this size; "
        f"what automation releases here, after rework and technology, is {amount} a year."
    )


def claims_cells(rows: pd.DataFrame, error: float) -> Cells:
    """Claims and simulated amounts a year, in pounds unless another unit stands there, with lower and upper ends."""
    body = [
        [
            str(row["label"]),
            str(row["kind"]),
            *(amount_text(row[name], row, error) for name in ("place", "low", "high", "england", "uk")),
            str(row["grade"]),
            str(row["source"]).strip(),
        ]
        for _, row in rows.iterrows()
    ]
    heads = ["Amount", "Kind", "A place of this size", "Lower", "Upper", "England", "UK", "Grade", "Source"]
    return Cells("National claims and simulated amounts, a year", heads, body, 1)


def amount_text(pounds: float, row: pd.Series[Any], error: float) -> str:
    """An amount of a row of claims: to three digits, or to the Monte Carlo error if it is simulated and a place's."""
    if pounds != pounds:
        return "withheld" if row["withheld"] and row["kind"] == "simulated" else ""
    if row["unit"] != _POUNDS:
        return _claimed(pounds, row["unit"])
    if row["kind"] == "claimed" or pounds > 1e3 * abs(row["place"]):
        return whole_pounds(float(f"{pounds:.3g}"))
    return measured(pounds, error, "pounds")


def billions(pounds: float) -> str:
    """Pounds in whole billions.

    >>> billions(40e9)
    '£40bn'
    """
    return f"£{pounds / 1e9:.0f}bn"


def _claimed(amount: float, unit: str) -> str:
    """A claim in hours or as a share, with its unit, three digits.

    >>> _claimed(3.2e6, "hours"), _claimed(0.84, "share")
    ('3,200,000 hours', '84 %')
    """
    return f"{100.0 * amount:.3g} %" if unit == "share" else f"{float(f'{amount:.3g}'):,.0f} hours"


def _sources(rests: pd.DataFrame) -> Cells:
    shown = rests.assign(title=rests["line"].map({line.name: line.title for line in LINES}))
    columns = (
        "Line={title} | Parameter={label} | Value={value:,.3g} | Lower={low:,.3g} | Upper={high:,.3g} | Unit={unit} | "
        "Grade={grade} | Source={source}"
    )
    return cells_of(shown, "Associations, with the values drawn in the runs", columns, names=2)
