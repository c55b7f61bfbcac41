"""A chart as plain numbers and words, which every medium draws without further computation."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from dashboard.figures.style import kind_of
from dashboard.text.labels import difference_unit
from dashboard.text.phrases import difference_text, range_text

TOO_FEW: Final = "too few to show"
NO_LEVEL: Final = "none in the baseline"
_STEPS: Final = 6.0


@dataclass(frozen=True)
class Series:
    """Numbers of one colour, one for each category of the chart; NaN where there is no number or no range."""

    name: str
    values: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    words: tuple[str, ...]  # each number with its range, rounded to its error; empty where there is none
    kinds: tuple[str, ...]  # `dashboard.figures.style.kind_of`

    def lengths(self) -> tuple[list[float], list[float]]:
        """Lengths of the range from each value to its lower and to its upper end; NaN where there is none."""
        less = [value - low for value, low in zip(self.values, self.low, strict=True)]
        more = [high - value for value, high in zip(self.values, self.high, strict=True)]
        return less, more

    @property
    def ranged(self) -> bool:
        """Whether any number has a range."""
        return not all(math.isnan(low) for low in self.low)


@dataclass(frozen=True)
class Chart:
    """Differences with their ranges: one line or group of bars per category, one colour per series."""

    axis: str  # unit of the values
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    missing: str = TOO_FEW  # shown where there is no number
    across: bool = False  # categories along the horizontal axis, such as years; otherwise next to their bars

    def numbers(self) -> list[float]:
        """All values and ends of ranges."""
        ends = (end for one in self.series for column in (one.values, one.low, one.high) for end in column)
        return [end for end in ends if not math.isnan(end)]

    def scale(self) -> tuple[float, float, float]:
        """Ends and step of an axis of round numbers that includes zero and every value with its range."""
        return round_scale(self.numbers())

    def labels(self) -> tuple[str, ...]:
        """The categories, with a note for one without a number in any series."""
        empty = [all(math.isnan(one.values[k]) for one in self.series) for k in range(len(self.categories))]
        return tuple(
            f"{name} ({self.missing})" if none else name for name, none in zip(self.categories, empty, strict=True)
        )

    def spoken(self) -> str:
        """Every number with its range, as text."""
        return "; ".join(
            f"{f'{one.name}, ' if len(self.series) > 1 else ''}{category}: {words or self.missing}"
            for one in self.series
            for category, words in zip(self.categories, one.words, strict=True)
        )


def chart_of(rows: pd.DataFrame, axis: str, *, missing: str = TOO_FEW, across: bool = False) -> Chart:
    """The chart of unrounded rows of a comparison, with one category per ``name`` and one series per ``lens_title``.

    Numbers are multiplied by the column ``scale`` and described by the column ``words``, if rows have them.
    """
    categories = tuple(dict.fromkeys(rows["name"]))
    by_series = rows.groupby("lens_title", sort=False) if "lens_title" in rows else (("", rows),)
    series = tuple(_series(str(name), mine, categories) for name, mine in by_series)
    return Chart(axis, categories, series, missing, across)


def _series(name: str, rows: pd.DataFrame, categories: tuple[str, ...]) -> Series:
    found = rows.set_index("name")
    ends = found[["difference", "low", "high"]].astype(float).mul(found.get("scale", 1.0), axis=0)
    values, low, high = (tuple(ends[column].reindex(list(categories))) for column in ends.columns)
    known = {row["name"]: row for _, row in rows.iterrows() if not math.isnan(row["difference"])}
    words = tuple(_words(known[category]) if category in known else "" for category in categories)
    kinds = tuple(kind_of(known[category]) if category in known else "" for category in categories)
    return Series(name, values, low, high, words, kinds)


def _words(row: pd.Series[Any]) -> str:
    return str(row["words"]) if "words" in row else hover_text(row)


def hover_text(row: pd.Series[Any]) -> str:
    """A difference and its range, as in the table."""
    return f"{difference_text(row)} {difference_unit(row['unit'])} ({range_text(row)})"


def round_scale(numbers: Sequence[float]) -> tuple[float, float, float]:
    """Ends and step of an axis of round numbers that includes all ``numbers`` and zero.

    >>> round_scale([-3.2, 7.9]), round_scale([])
    ((-4.0, 8.0, 2.0), (0.0, 1.0, 1.0))
    """
    low, high = min([*numbers, 0.0]), max([*numbers, 0.0])
    if low == high:
        return 0.0, 1.0, 1.0
    rough = (high - low) / _STEPS
    size = 10.0 ** math.floor(math.log10(rough))
    step = size * next(factor for factor in (1.0, 2.0, 5.0, 10.0) if factor * size >= rough)
    return math.floor(low / step) * step, math.ceil(high / step) * step, step


def tick_text(value: float, step: float) -> str:
    """A number on an axis with this step.

    >>> tick_text(-0.5, 0.5), tick_text(1000.0, 500.0), tick_text(0.0, 2.0)
    ('−0.5', '1,000', '0')
    """
    text = f"{abs(value):,.{max(0, -math.floor(math.log10(step)))}f}"
    if not any(digit in text for digit in "123456789"):
        return "0"
    return f"−{text}" if value < 0 else text
