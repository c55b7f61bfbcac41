"""Findings and tables on costs: the steps to the net cost, its course over time, and cost-effectiveness."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from dashboard.text.labels import MINUS, label
from dashboard.text.tables import Cells
from simulator.comparison.comparison import Comparison
from simulator.comparison.costs_by_service import by_service
from simulator.comparison.headline import pounds_text
from simulator.comparison.outcomes import OUTCOMES

NET: Final = "Net cost"


def thousands(pounds: float) -> str:
    """Pounds to three significant digits.

    >>> thousands(-16_234.0), thousands(1_234_567.0), thousands(0.0)
    ('−£16,200', '£1,230,000', '£0')
    """
    size = abs(pounds)
    digits = 0 if size < 1.0 else max(0, int(np.floor(np.log10(size))) - 2)
    said = f"£{round(size, -digits):,.0f}"
    return f"{MINUS}{said}" if pounds < 0 and said != "£0" else said


def steps_of(yearly: Comparison) -> pd.DataFrame:
    """Steps of a waterfall: label and pounds for each service and payer, and the net cost as their sum."""
    rows = by_service(yearly, "service", "payer", rounded=False)
    rows = rows[rows["equal_in"] < rows["runs"]]
    steps = [(f"{label(row['service'])} ({label(row['payer'])})", row["difference"]) for _, row in rows.iterrows()]
    steps = [step for step in steps if step[1] != 0.0]
    steps.append((NET, float(sum(pounds for _, pounds in steps))))
    return pd.DataFrame(steps, columns=["label", "pounds"])


def steps_cells(steps: pd.DataFrame, unit: str) -> Cells:
    """The waterfall as a table."""
    body = [[str(step["label"]), thousands(step["pounds"])] for _, step in steps.iterrows()]
    return Cells(f"Steps to the net cost: {unit}", ["Service (payer)", "Mean difference"], body, 1)


def break_even_finding(rows: pd.DataFrame) -> str:
    """Whether and when the scenario pays for itself on average, and in how many pairs it does by the end."""
    paid = [int(row["year"]) for _, row in rows.iterrows() if row["mean"] < 0.0]
    last = rows.iloc[-1]
    pairs = f"by year {int(last['year'])} it has in {int(last['saved_in'])} of {int(last['runs'])} pairs"
    lasting = [year for year in paid if all(later in paid for later in range(year, int(last["year"]) + 1))]
    if not rows[["mean", "low", "high"]].to_numpy().any():
        return "Net cost does not change"
    unsure = "" if last["low"] > 0.0 or last["high"] < 0.0 else ". The range includes both"
    if not lasting:
        return f"On average it has not paid for itself within {int(last['year'])} years; {pairs}{unsure}"
    return f"On average it has paid for itself from year {lasting[0]} onwards; {pairs}{unsure}"


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
