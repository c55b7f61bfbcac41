"""Findings: one sentence for each chart, stating its result."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from dashboard.text.labels import FIFTHS, MINUS, difference_unit, label, name_of
from dashboard.text.phrases import capital, difference_text, lowered, range_text
from simulator.comparison.headline import clear_sign, pounds_text
from simulator.comparison.outcomes import OUTCOMES

MOST_NAMES: Final = 3


def clearness(row: pd.Series[Any]) -> str:
    """``better``, ``worse``, ``different`` (neither direction is good) or ``unclear``, by the sign of `clear_sign`."""
    sign = clear_sign(row)
    if sign == 0:
        return "unclear"
    if row["good"] == "neither":
        return "different"
    return "better" if (sign < 0) == (row["good"] == "less") else "worse"


def with_size(row: pd.Series[Any]) -> str:
    """The difference of a row with its unit and its range."""
    return f"{difference_text(row)} {difference_unit(row['unit'])} ({range_text(row)})"


def largest(rows: pd.DataFrame) -> pd.Series[Any]:
    """The row with the largest difference in either direction."""
    return rows.iloc[int(rows["difference"].abs().argmax())]


def outcomes_finding(rows: pd.DataFrame) -> str:
    """The outcomes that are clearly better and clearly worse, and the number without a clear difference."""
    names: dict[str, list[str]] = {"better": [], "worse": [], "different": [], "unclear": []}
    for _, row in rows.iterrows():
        names[clearness(row)].append(name_of(row))
    said = [f"clearly {kind}: {_listed(names[kind])}" for kind in ("better", "worse", "different") if names[kind]]
    if not said:
        return "No outcome differs clearly from the baseline"
    if names["unclear"]:
        said.append(f"not clear: {len(names['unclear'])} of {len(rows)}")
    return capital("; ".join(said))


def years_finding(rows: pd.DataFrame) -> str:
    """The year from which the difference in admissions is clear."""
    clear = [clearness(row) for _, row in rows.iterrows()]
    years = list(rows["year"])
    if all(found == "unclear" for found in clear):
        return "The difference in emergency admissions is not clear in any year"
    first = next(position for position, found in enumerate(clear) if found != "unclear")
    direction = "fewer" if clear[first] == "better" else "more"
    said = f"Clearly {direction} emergency admissions"
    if first == len(years) - 1:
        return f"{said} in year {years[first]}{' only' if first else ''}"
    lasting = all(found == clear[first] for found in clear[first:])
    return f"{said} from year {years[first]}{' onwards' if lasting else ', but not in every year'}"


def groups_finding(rows: pd.DataFrame, group: str, measure: str = "emergency_admissions") -> str:
    """The number of groups in which a measure is clearly lower or higher, and the group with the largest change."""
    shown = rows.dropna(subset=["difference"])
    one = OUTCOMES[measure]
    found = [clearness(row) for _, row in shown.iterrows()]
    groups = "age bands" if group == "age_band" else "deprivation fifths"
    if shown.empty:
        return f"{capital(one.noun)}: the groups are too small to show"
    most = largest(shown)
    name = FIFTHS[int(most[group]) - 1] if group == "deprivation" else most[group]
    place = f"in {'fifth ' if group == 'deprivation' else 'the band '}{name}"
    where = f"the largest change per head is {with_size(most)}, {place}"
    if not {"better", "worse"} & set(found):
        return f"{capital(one.noun)}: chance alone could explain the change in each of {len(shown)} {groups}; {where}"
    clear = {one.change(better=True): found.count("better"), one.change(better=False): found.count("worse")}
    counts = [f"clearly {words} in {count}" for words, count in clear.items() if count]
    counts[0] = f"{counts[0]} of {len(shown)} {groups}"
    said = ", ".join(counts)
    return f"{capital(said)}; {where}"


def costs_finding(rows: pd.DataFrame) -> str:
    """Payers whose spending falls or rises."""
    said = []
    for _, row in rows[rows["kind"] == "cashable"].iterrows():
        if row["equal_in"] == row["runs"]:
            continue
        kind, payer = clearness(row), label(row["payer"])
        if kind == "unclear":
            said.append(f"not clear for {payer}")
        else:
            pounds = pounds_text(abs(row["difference"]), row["monte_carlo_error"])
            said.append(f"{payer} {'saves' if kind == 'better' else 'pays'} {pounds}")
    return f"Spending per year: {'; '.join(said)}" if said else "No payer's spending changes"


def ledger_finding(accounts: pd.Series[Any]) -> str:
    """How the released amount was used. ``accounts`` contains pounds by account, summed over services."""
    released = accounts.get("released", 0.0)
    if not accounts.get("automated", 0.0):
        return "Nothing was automated, so nothing was released"
    if released <= 0.0:
        return f"Automation cost more than it released: £{-released:,.0f} short after rework and technology"
    parts = (f"{signed_pounds(accounts.get(name, 0.0))} {name}" for name in ("reinvested", "saved", "absorbed"))
    return f"{signed_pounds(released)} released: {', '.join(parts)}"


def signed_pounds(pounds: float) -> str:
    """Pounds to the nearest thousand, with a minus sign for a loss.

    >>> signed_pounds(412_345.0), signed_pounds(-16_200.0)
    ('£412,000', '−£16,000')
    """
    thousands = round(pounds, -3)
    return f"{MINUS if thousands < 0 else ''}£{abs(thousands):,.0f}"


def _listed(names: list[str]) -> str:
    """Up to three names, or their number if there are more."""
    if len(names) > MOST_NAMES:
        return f"{len(names)} outcomes"
    return ", ".join(lowered(name) for name in names)
