"""The wider ledger in the report: shown last, separately, and included in no total."""

from __future__ import annotations

from html import escape
from typing import Any, Final

import pandas as pd

from dashboard.figures import billions, claims_bars
from dashboard.text.html import chart, exhibit, unbroken
from dashboard.text.labels import difference_unit, measured
from dashboard.text.phrases import difference_text, range_text
from dashboard.text.tables import html_table, whole_pounds
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
_GRADES: Final = {"C": "Grade C: weak evidence of cause", "assumption": "Assumption: below grade C"}


def wider_section(comparison: Comparison, line: str) -> str:
    """The lines as cards, the national claims compared with the simulation, and the sources."""
    table = as_shown(comparison, wider_ledger(comparison, rounded=False))
    rests = associations(comparison)
    share = rests[rests["name"] == "causal_share"]["value"].iloc[0]
    cards = "".join(_card(each, table[table["line"] == each.name], rests) for each in LINES)
    return (
        f'<section class="wider"><h2>{escape(HEADING)}</h2><p>{escape(LEAD.format(share=f"{100 * share:.0f} %"))}</p>'
        f'<ul class="cards">{cards}</ul>{_claims(comparison, line)}'
        f"<details><summary>Sources of the wider ledger</summary>{_sources(rests)}</details></section>"
    )


def _card(line: LedgerLine, rows: pd.DataFrame, rests: pd.DataFrame) -> str:
    simulated, implied = (rows[rows["part"] == part].iloc[0] for part in (SIMULATED, IMPLIED))
    lead = rests[rests["line"] == line.name]
    source = line.source or str(lead["source"].iloc[0]).strip()
    points = (
        ("In the model", f"{simulated['label']}: {change_text(simulated)}"),
        ("Implied effect", implied_text(implied)),
        ("Source", source),
        ("Why shown separately", line.why),
    )
    body = "".join(f"<dt>{escape(name)}</dt><dd>{unbroken(text)}</dd>" for name, text in points)
    grade = _GRADES[str(rows["grade"].iloc[0])]
    return f'<li><h3>{escape(line.title)}</h3><p class="grade">{escape(grade)}</p><dl>{body}</dl></li>'


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


def _claims(comparison: Comparison, line: str) -> str:
    rows = as_shown(comparison, claims(comparison))
    title = claims_finding(rows)
    error = claims_error(comparison)
    money = rows[rows["unit"] == _POUNDS]
    said = "; ".join(f"{row['label']}: {amount_text(row['place'], row, error)}" for _, row in money.iterrows())
    drawn = chart(claims_bars(money), "claims", f"{title}. {said}.")
    return exhibit(title, CLAIMS_NOTE, drawn, claims_table(rows, error), line)


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


def claims_table(rows: pd.DataFrame, error: float) -> str:
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
    return html_table("National claims and simulated amounts, a year", heads, body, names=1)


def amount_text(pounds: float, row: pd.Series[Any], error: float) -> str:
    """An amount of a row of claims: to three digits, or to the Monte Carlo error if it is simulated and a place's."""
    if pounds != pounds:
        return "withheld" if row["withheld"] and row["kind"] == "simulated" else ""
    if row["unit"] != _POUNDS:
        return _claimed(pounds, row["unit"])
    if row["kind"] == "claimed" or pounds > 1e3 * abs(row["place"]):
        return whole_pounds(float(f"{pounds:.3g}"))
    return measured(pounds, error, "pounds")


def _claimed(amount: float, unit: str) -> str:
    """A claim in hours or as a share, with its unit, three digits.

    >>> _claimed(3.2e6, "hours"), _claimed(0.84, "share")
    ('3,200,000 hours', '84 %')
    """
    return f"{100.0 * amount:.3g} %" if unit == "share" else f"{float(f'{amount:.3g}'):,.0f} hours"


def _sources(rests: pd.DataFrame) -> str:
    titles = {line.name: line.title for line in LINES}
    body = [
        [
            titles[row["line"]],
            str(row["label"]),
            *(f"{row[name]:,.3g}" if abs(row[name]) < 1e6 else f"{row[name]:.3g}" for name in ("value", "low", "high")),
            str(row["unit"]),
            str(row["grade"]),
            str(row["source"]).strip(),
        ]
        for _, row in rests.iterrows()
    ]
    heads = ["Line", "Parameter", "Value", "Lower", "Upper", "Unit", "Grade", "Source"]
    return html_table("Associations, with the values drawn in the runs", heads, body, names=2)
