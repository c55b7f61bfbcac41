"""Findings: one sentence for each chart, stating its result."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from dashboard.text.labels import FIFTHS, MINUS, difference_unit, label, name_of
from dashboard.text.phrases import capital, difference_text, lowered, range_text
from simulator.comparison.headline import pounds_text
from simulator.comparison.outcomes import OUTCOMES
from simulator.comparison.verdict import KINDS, VERDICTS

MOST_NAMES: Final = 3


def tally(rows: pd.DataFrame, of: str) -> str:
    """The number of rows with each verdict, within a sentence; ``of`` is the plural noun of the rows.

    >>> tally(pd.DataFrame({"verdict": ["better", "small", "small"]}), "age bands")
    'better in 1 of 3 age bands, too small to matter in 2'
    >>> tally(pd.DataFrame({"verdict": ["small", "small"]}), "age bands")
    'too small to matter in all 2 age bands'
    """
    found = [str(kind) for kind in rows["verdict"]]
    counts = {VERDICTS[kind].lower(): found.count(kind) for kind in KINDS if kind in found}
    if len(found) == 1:
        return next(iter(counts))
    if len(counts) == 1:
        return f"{next(iter(counts))} in all {len(found)} {of}"
    (first, number), *others = counts.items()
    return ", ".join([f"{first} in {number} of {len(found)} {of}", *(f"{kind} in {n}" for kind, n in others)])


def with_size(row: pd.Series[Any]) -> str:
    """The difference of a row with its unit and its range."""
    return f"{difference_text(row)} {difference_unit(row['unit'])} ({range_text(row)})"


def largest(rows: pd.DataFrame) -> pd.Series[Any]:
    """The row with the largest difference in either direction."""
    return rows.iloc[int(rows["difference"].abs().argmax())]


def outcomes_finding(rows: pd.DataFrame) -> str:
    """The outcomes that are better and worse, and the numbers that are too small to matter or cannot tell yet."""
    names: dict[str, list[str]] = {kind: [] for kind in KINDS}
    for _, row in rows.iterrows():
        names[row["verdict"]].append(name_of(row))
    said = [f"{kind}: {_listed(names[kind])}" for kind in ("better", "worse", "different") if names[kind]]
    counted = ("small", "unsure")
    if not said and not names["unsure"]:
        return "No outcome changes enough to matter"
    said += [f"{VERDICTS[kind].lower()}: {len(names[kind])} of {len(rows)}" for kind in counted if names[kind]]
    return capital("; ".join(said))


def years_finding(rows: pd.DataFrame) -> str:
    """The year from which admissions differ enough to matter."""
    found, years = list(rows["verdict"]), list(rows["year"])
    kinds = ("better", "worse")
    first = next((position for position, kind in enumerate(found) if kind in kinds), None)
    if first is None:
        return f"Emergency admissions: {tally(rows, 'years')}"
    direction = "Fewer" if found[first] == "better" else "More"
    said = f"{direction} emergency admissions, enough to matter,"
    if first == len(years) - 1:
        return f"{said} in year {years[first]}{' only' if first else ''}"
    lasting = all(kind == found[first] for kind in found[first:])
    return f"{said} from year {years[first]}{' onwards' if lasting else ', but not in every year'}"


def groups_finding(rows: pd.DataFrame, group: str, measure: str = "emergency_admissions") -> str:
    """The verdicts on a measure by group, and the group with the largest change."""
    shown = rows.dropna(subset=["difference"])
    noun = capital(OUTCOMES[measure].noun)
    groups = "age bands" if group == "age_band" else "deprivation fifths"
    if shown.empty:
        return f"{noun}: the groups are too small to show"
    most = largest(shown)
    name = FIFTHS[int(most[group]) - 1] if group == "deprivation" else most[group]
    place = f"in {'fifth ' if group == 'deprivation' else 'the band '}{name}"
    return f"{noun}: {tally(shown, groups)}; the largest change per head is {with_size(most)}, {place}"


def costs_finding(rows: pd.DataFrame) -> str:
    """Payers whose spending falls or rises."""
    said = []
    for _, row in rows[rows["kind"] == "cashable"].iterrows():
        if row["equal_in"] == row["runs"]:
            continue
        kind = VERDICTS[row["verdict"]].lower() if row["verdict"] in ("small", "unsure") else ""
        pounds = pounds_text(abs(row["difference"]), row["monte_carlo_error"])
        verb = "saves" if row["difference"] < 0.0 else "pays"
        said.append(f"{label(row['payer'])} {verb} {pounds}{f' ({kind})' if kind else ''}")
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
