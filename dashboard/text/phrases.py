"""Phrases for rows of a comparison: differences and ranges."""

from __future__ import annotations

from typing import Any

import pandas as pd

from dashboard.text.labels import WITHHELD, difference_unit, label, signed


def difference_text(row: pd.Series[Any]) -> str:
    """The difference of an unrounded row with its sign, rounded to its Monte Carlo error."""
    return signed(row["difference"], row["monte_carlo_error"], row["unit"])


def range_text(row: pd.Series[Any]) -> str:
    """The two ends of the 80 % range, or a note that it is withheld because the lens failed a check."""
    if row.get("withheld", False):
        return WITHHELD
    low, high = (signed(row[name], row["monte_carlo_error"], row["unit"]) for name in ("low", "high"))
    return f"{low} to {high}"


def in_words(rows: pd.DataFrame, *named_by: str) -> str:
    """Every number of a chart of paired differences."""
    said = []
    for _, row in rows.iterrows():
        name = ", ".join(label(row[column]) for column in named_by)
        said.append(f"{name}: {difference_text(row)} {difference_unit(row['unit'])}, {range_text(row)}")
    return "; ".join(said)


def listed(names: list[str]) -> str:
    """Names separated by commas, the last two joined by 'and'.

    >>> listed(["a"]), listed(["a", "b", "c"])
    ('a', 'a, b and c')
    """
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def lowered(text: str) -> str:
    """The text with a lower-case first letter, for use within a sentence, unless it begins with an abbreviation.

    >>> lowered("Bed days"), lowered("GP consultations"), lowered("A&E attendances"), lowered("A share")
    ('bed days', 'GP consultations', 'A&E attendances', 'a share')
    """
    return text if text.startswith("A&E") or text[1:2].isupper() else f"{text[0].lower()}{text[1:]}"


def capital(text: str) -> str:
    """The text with a capital first letter."""
    return f"{text[0].upper()}{text[1:]}"


def sentence(text: str) -> str:
    """The text with a capital first letter and a full stop.

    >>> sentence("it costs more")
    'It costs more.'
    """
    return f"{capital(text)}."
