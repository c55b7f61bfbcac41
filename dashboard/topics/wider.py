"""Words and numbers of the wider ledger: what claims beyond health would imply, beside what was simulated."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from dashboard.text.labels import difference_unit, measured
from dashboard.text.phrases import difference_text, range_text
from dashboard.text.tables import Cells, whole_pounds
from dashboard.topics.through_lenses import as_shown
from simulator.comparison.comparison import Comparison
from simulator.comparison.wider_ledger import claims, claims_error

HEADING: Final = "Wider ledger: not in any figure above"
POUNDS: Final = "pounds per year"


def change_text(row: pd.Series[Any]) -> str:
    """A change with its range, or a note that there is none."""
    if row["runs"] == 0:
        return "no one in this group"
    if row["equal_in"] == row["runs"]:
        return "no change in any run"
    unit = difference_unit(row["unit"]).removeprefix("pounds ")
    return f"{difference_text(row)} {unit} (80 % range: {range_text(row)})"


def implied_text(row: pd.Series[Any]) -> str:
    """The implied effect with its range, or a note that no study gives a size."""
    if row["runs"] == 0:
        return f"{row['label']}: no effect size is published, so none is calculated"
    return f"{row['label']}: {change_text(row)}"


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
    money = rows[(rows["kind"] == "claimed") & (rows["unit"] == POUNDS)]
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
    if row["unit"] != POUNDS:
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
