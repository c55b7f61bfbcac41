"""The finding of a comparison in plain sentences: each with its size, its range and the verdict on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from simulator.comparison.outcomes import OUTCOMES, Outcome
from simulator.comparison.paired_statistics import decimals_for, rounded
from simulator.comparison.verdict import FEWEST, VERDICTS, what_would_tell

MOST_DECIMALS: Final = 3
"""Maximum number of decimals shown, however small the error."""
NO_CHANGE: Final = "no change"
PEOPLE: Final = "adults"
"""Unit of rows that count people."""
_MONEY: Final[Mapping[tuple[str, ...], tuple[str, tuple[str, str]]]] = {
    ("cashable",): ("In money it", ("costs about {} a year more", "saves about {} a year")),
    ("capacity",): (
        "In beds, appointments and staff time it",
        ("takes up about {} a year more", "frees about {} a year"),
    ),
}
"""By kinds of cost: the subject of a sentence, and its verbs for more and for less."""
_SHARE_OF: Final = "percentage points"


def headline(rows: pd.DataFrame, scenario: Mapping[str, Any], baseline: Mapping[str, Any]) -> tuple[str, ...]:
    """A sentence on each outcome, such as emergency admissions, money and capacity, and one on prices.

    ``rows`` are those of a comparison per year, unrounded; the mappings are the run records.
    """
    who, against, where = scenario["scenario_title"], baseline["scenario_title"], scenario["place_title"]
    subject = f"'{who}' in {where}, compared with '{against}',"
    sentences = []
    for _, row in rows.iterrows():
        found = OUTCOMES[row["measure"]]
        if found.source == "costs":
            sentences.append(money(row, *_MONEY[found.sum_of]))
        else:
            sentences.append(events(row, subject, found))
            subject = "It"
    return *sentences, f"Prices are those of {financial_year(scenario['price_year'])}, discounted."


def financial_year(begins: int) -> str:
    """A financial year by the calendar year in which it begins.

    >>> financial_year(2023), financial_year(1999)
    ('2023/24', '1999/00')
    """
    return f"{begins}/{(begins + 1) % 100:02d}"


def events(row: pd.Series[Any], subject: str, outcome: Outcome) -> str:
    """One sentence on a count or a percentage, such as emergency admissions, with its range and verdict."""
    noun, change = outcome.noun, change_text(row, row["difference"])
    amount = f"{change} {noun} a year" if outcome.countable else f"{change} {noun}"
    if change == NO_CHANGE:
        amount = f"{NO_CHANGE} in {noun}"
    if row["runs"] == 1:
        return f"{subject} leads to {amount} in a single pair of runs, which is too few to judge."
    if row["equal_in"] == row["runs"]:
        same = "the same number of" if outcome.countable else "the same"
        return f"{subject} gives exactly {same} {noun} in each of {row['runs']} paired runs."
    return _judged(row, f"{subject} leads to {amount if change == NO_CHANGE else f'about {amount}'}")


def money(row: pd.Series[Any], subject: str, verbs: tuple[str, str]) -> str:
    """One sentence on a cost; ``verbs`` express more and less of it, with a placeholder for the amount."""
    more, less = verbs
    if row["equal_in"] == row["runs"]:
        return f"{subject} is exactly the same in each of {row['runs']} paired runs."
    amount = pounds_text(abs(row["difference"]), row["monte_carlo_error"])
    verb = (more if row["difference"] > 0 else less).format(amount)
    if row["runs"] == 1:
        return f"{subject} {verb} in that pair."
    return _judged(row, f"{subject} {verb}")


def _judged(row: pd.Series[Any], finding: str) -> str:
    """A finding with its range and the verdict on it."""
    ends = range_words(row)
    if row["verdict"] == "small":
        return f"{finding} ({ends}), too little to matter: {chance_text(row)}."
    if row["verdict"] == "unsure":
        return f"{finding} on average ({ends}). Cannot tell yet whether that matters: {undecided(row)}."
    return f"{finding} ({ends}), which is {row['verdict']}: {chance_text(row)}."


def chance_text(row: pd.Series[Any]) -> str:
    """The chance of what the verdict says, with its size; of both directions if there is none yet.

    >>> row = {"measure": "bed_days", "unit": "days a year", "runs": 8, "matters": 26.4, "verdict": "better"}
    >>> row |= {"less_chance": 0.94, "small_chance": 0.1, "more_chance": 0.06}
    >>> chance_text(pd.Series(row)), chance_text(pd.Series({**row, "verdict": "small", "small_chance": 0.9}))
    ('94 % chance of at least 26 fewer', '90 % chance of less than 26 either way')
    >>> chance_text(pd.Series({**row, "verdict": "unsure", "less_chance": 0.5}))
    '50 % chance of at least 26 fewer, 6 % of at least 26 more'
    """
    if row["runs"] < FEWEST:
        return "too few pairs of runs for a chance"
    size, less = matters_text(row), "fewer" if _countable(row) else "less"
    parts = {"less": f"{size} {less}", "more": f"{size} more"}
    if row["verdict"] == "small":
        return f"{chance_percent(row['small_chance'])} chance of less than {size} either way"
    if row["verdict"] == "unsure":
        first, second = sorted(parts, key=lambda side: -row[f"{side}_chance"])
        other = f"{chance_percent(row[f'{second}_chance'])} of at least {parts[second]}"
        return f"{chance_percent(row[f'{first}_chance'])} chance of at least {parts[first]}, {other}"
    side = max(parts, key=lambda name: float(row[f"{name}_chance"]))
    return f"{chance_percent(row[f'{side}_chance'])} chance of at least {parts[side]}"


def verdict_text(row: pd.Series[Any]) -> str:
    """The verdict on a row within a sentence, with its chance and size, and what would tell if nothing does yet."""
    more = undecided(row) if row["verdict"] == "unsure" else chance_text(row)
    return f"{VERDICTS[row['verdict']].lower()}: {more}"


def undecided(row: pd.Series[Any]) -> str:
    """The chances of a difference that has no verdict yet, and what would tell."""
    tells = what_would_tell(row)
    return tells if row["runs"] < FEWEST else f"{chance_text(row)}; {tells}"


def chance_percent(chance: float) -> str:
    """A chance in whole per cent, never 0 or 100.

    >>> chance_percent(0.944), chance_percent(0.999), chance_percent(0.001)
    ('94 %', 'over 99 %', 'under 1 %')
    """
    if chance > 0.99:
        return "over 99 %"
    return "under 1 %" if chance < 0.01 else f"{100.0 * chance:.0f} %"


def matters_text(row: Mapping[str, Any] | pd.Series[Any]) -> str:
    """The smallest difference that matters, to two significant digits, with its unit where it is not a count.

    >>> matters_text({"matters": 26.4, "unit": "days a year"}), matters_text({"matters": 0.5, "unit": "% of adults"})
    ('26', '0.5 percentage points')
    >>> matters_text({"matters": 251_234.0, "unit": "pounds a year"})
    '£250,000'
    """
    unit, size = str(row["unit"]), float(row["matters"])
    if unit.startswith("pounds"):
        return pounds_text(size, float("nan"))
    places = decimals_for(float("nan"), size) if size else 0
    number = f"{rounded(size, places):,.{max(0, places)}f}"
    number = number.rstrip("0").rstrip(".") if "." in number else number
    if unit.startswith("%"):
        return f"{number} {_SHARE_OF}"
    return f"{number} SD" if unit == "SD" else number


def change_text(row: pd.Series[Any], value: float) -> str:
    """A difference of a row in words: number, unit where it is not a count, and direction.

    >>> row = pd.Series({"measure": "often_always_lonely", "unit": "% of adults", "monte_carlo_error": 0.03})
    >>> change_text(row, -0.56), change_text(row, 0.001)
    ('0.56 percentage points less', 'no change')
    """
    unit, error = str(row["unit"]), row["monte_carlo_error"]
    if unit.startswith("pounds"):
        number = pounds_text(abs(value), error)
    else:
        number = number_text(abs(value), error)
    if not any(digit in number for digit in "123456789"):
        return NO_CHANGE
    named = f" {_SHARE_OF}" if unit.startswith("%") else " SD" if unit == "SD" else ""
    less = "fewer" if _countable(row) else "less"
    return f"{number}{named} {less if value < 0 else 'more'}"


def range_words(row: pd.Series[Any]) -> str:
    """The two ends of the 80 % range, the smaller in size first where both have the same sign.

    >>> row = {"measure": "bed_days", "unit": "days a year", "monte_carlo_error": 1.0}
    >>> range_words(pd.Series({**row, "low": -40.0, "high": -12.0}))
    '80 % range 12 to 40 fewer'
    >>> range_words(pd.Series({**row, "low": -40.0, "high": 0.2}))
    '80 % range 40 fewer to no change'
    """
    ends = sorted((row["low"], row["high"]), key=abs if row["low"] * row["high"] > 0 else None)
    first, last = (change_text(row, end) for end in ends)
    same_sign = NO_CHANGE not in (first, last) and row["low"] * row["high"] > 0
    return f"80 % range {first.split(' ')[0] if same_sign else first} to {last}"


def number_text(value: float, error: float) -> str:
    """A number rounded to the first significant digit of its Monte Carlo error, with thousands separated.

    >>> number_text(12345.6, 37.0), number_text(0.256, 0.01), number_text(1234.0, 0.3)
    ('12,350', '0.26', '1,234.0')
    """
    places = min(decimals_for(error, value), MOST_DECIMALS)
    return f"{rounded(value, places):,.{max(0, places)}f}"


def pounds_text(value: float, error: float) -> str:
    """Whole pounds, no finer than the Monte Carlo error.

    >>> pounds_text(1234567.0, 2000.0), pounds_text(-12.4, 0.2)
    ('£1,235,000', '-£12')
    """
    places = min(0, decimals_for(error, value))
    amount = rounded(value, places)
    return f"{'-' if amount < 0 else ''}£{abs(amount):,.0f}"


def _countable(row: pd.Series[Any]) -> bool:
    return row["unit"] == PEOPLE or (row["measure"] in OUTCOMES and OUTCOMES[row["measure"]].countable)
