"""The finding of a comparison in plain sentences: better, worse, more expensive, or not clear."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import pandas as pd

from simulator.comparison.outcomes import OUTCOMES, Outcome
from simulator.comparison.paired_statistics import decimals_for, rounded

MOST_DECIMALS: Final = 3
"""Maximum number of decimals shown, however small the error."""
Verbs = Callable[[float, float], str]
_MONEY: Final[Mapping[tuple[str, ...], tuple[str, tuple[str, str]]]] = {
    ("cashable",): ("In money it", ("costs about {} a year more", "saves about {} a year")),
    ("capacity",): (
        "In beds, appointments and staff time it",
        ("takes up about {} a year more", "frees about {} a year"),
    ),
}
"""By kinds of cost: the subject of a sentence, and its verbs for more and for less."""


def headline(rows: pd.DataFrame, scenario: Mapping[str, Any], baseline: Mapping[str, Any]) -> tuple[str, ...]:
    """A sentence on each outcome, such as emergency admissions, money and capacity, and one on prices.

    ``rows`` are those of a comparison per year, unrounded; the mappings are the run records. `clear_sign` decides
    which differences are called clear.
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


def clear_sign(row: pd.Series[Any]) -> int:
    """Sign of a clear paired difference, or 0 if it is not clear.

    A difference is clear if there are two runs or more, its range excludes zero, and its mean as shown is not zero.

    >>> row = {"runs": 8, "difference": 0.2, "low": 0.1, "high": 0.4, "monte_carlo_error": 0.05}
    >>> others = {"low": -0.1}, {"runs": 1}, {"monte_carlo_error": 3.0}
    >>> clear_sign(pd.Series(row)), [clear_sign(pd.Series({**row, **other})) for other in others]
    (1, [0, 0, 0])
    """
    if row["runs"] < 2 or not (row["low"] > 0.0 or row["high"] < 0.0):
        return 0
    mean = row["difference"]
    if rounded(mean, min(decimals_for(row["monte_carlo_error"], mean), MOST_DECIMALS)) == 0.0:
        return 0
    return 1 if row["low"] > 0.0 else -1


def financial_year(begins: int) -> str:
    """A financial year by the calendar year in which it begins.

    >>> financial_year(2023), financial_year(1999)
    ('2023/24', '1999/00')
    """
    return f"{begins}/{(begins + 1) % 100:02d}"


def events(row: pd.Series[Any], subject: str, outcome: Outcome) -> str:
    """One sentence on a counted outcome, such as emergency admissions, with its range and the number of pairs."""
    mean, error, noun = row["difference"], row["monte_carlo_error"], outcome.noun
    change = people_text(mean, error)
    if row["runs"] == 1:
        return f"{subject} gives {change} {noun} a year in a single pair of runs, which is too few to show a range."
    interval = f"the middle 80 % of runs lie between {between(row, people_text)}"
    if row["equal_in"] == row["runs"]:
        return f"{subject} gives exactly the same number of {noun} in each of {row['runs']} paired runs."
    certainty = f"{interval}; {pairs_text(row)}."
    sign = clear_sign(row)
    if sign and sign == {"less": 1, "more": -1}.get(outcome.good):
        return f"{subject} makes things worse, with about {change} {noun} a year: {certainty}"
    if sign:
        return f"{subject} leads to about {change} {noun} a year: {certainty}"
    return f"{subject} makes no clear difference to {noun}: on average {change} a year, but {certainty}"


def money(row: pd.Series[Any], subject: str, verbs: tuple[str, str]) -> str:
    """One sentence on a cost; ``verbs`` express more and less of it, with a placeholder for the amount."""
    mean, error = row["difference"], row["monte_carlo_error"]
    more, less = verbs
    if row["equal_in"] == row["runs"]:
        return f"{subject} is exactly the same in each of {row['runs']} paired runs."
    verb = (more if mean > 0 else less).format(pounds_text(abs(mean), error))
    if row["runs"] == 1:
        return f"{subject} {verb} in that pair."
    interval = f"the middle 80 % of runs from {between(row, cost_text, ' to ')}"
    if clear_sign(row):
        return f"{subject} {verb} ({interval})."
    if rounded(mean, decimals_for(error, mean)) == 0.0:
        return f"{subject} makes no clear difference ({interval})."
    return f"{subject} makes no clear difference: on average it {verb} ({interval})."


def pairs_text(row: pd.Series[Any], less: str = "fewer") -> str:
    """Number of paired runs with less of an outcome, and of ties.

    >>> pairs_text(pd.Series({"fewer_in": 93, "equal_in": 0, "runs": 100}))
    'fewer in 93 of 100 paired runs'
    >>> pairs_text(pd.Series({"fewer_in": 5, "equal_in": 2, "runs": 10}))
    'fewer in 5 of 10 paired runs, and equal in 2'
    """
    ties = f", and equal in {row['equal_in']}" if row["equal_in"] else ""
    return f"{less} in {row['fewer_in']} of {row['runs']} paired runs{ties}"


def between(row: pd.Series[Any], words: Verbs, joined: str = " and ") -> str:
    """The two ends of the range, the smaller in size first where both have the same sign."""
    ends = sorted((row["low"], row["high"]), key=abs if row["low"] * row["high"] > 0 else None)
    return joined.join(words(end, row["monte_carlo_error"]) for end in ends)


def number_text(value: float, error: float) -> str:
    """A number rounded to the first significant digit of its Monte Carlo error, with thousands separated.

    >>> number_text(12345.6, 37.0), number_text(0.256, 0.01), number_text(1234.0, 0.3)
    ('12,350', '0.26', '1,234.0')
    """
    places = min(decimals_for(error, value), MOST_DECIMALS)
    return f"{rounded(value, places):,.{max(0, places)}f}"


def people_text(value: float, error: float) -> str:
    """A difference in a count, in words.

    >>> people_text(-38.2, 4.0), people_text(3.0, 0.5), people_text(0.2, 4.0)
    ('38 fewer', '3.0 more', 'no more and no fewer')
    """
    number = number_text(abs(value), error)
    if float(number.replace(",", "")) == 0.0:
        return "no more and no fewer"
    return f"{number} {'fewer' if value < 0 else 'more'}"


def cost_text(value: float, error: float) -> str:
    """A difference in pounds, in words.

    >>> cost_text(-38211.0, 4000.0)
    '£38,000 less'
    """
    return f"{pounds_text(abs(value), error)} {'less' if value < 0 else 'more'}"


def pounds_text(value: float, error: float) -> str:
    """Whole pounds, no finer than the Monte Carlo error.

    >>> pounds_text(1234567.0, 2000.0), pounds_text(-12.4, 0.2)
    ('£1,235,000', '-£12')
    """
    places = min(0, decimals_for(error, value))
    amount = rounded(value, places)
    return f"{'-' if amount < 0 else ''}£{abs(amount):,.0f}"
