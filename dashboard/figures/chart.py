"""A chart as plain numbers and words, which every medium draws without further computation."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Final

import pandas as pd

from dashboard.figures.style import kind_of
from dashboard.text.labels import MINUS, difference_unit
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
    points: tuple[tuple[float, ...], ...] = ()  # numbers of single pairs of runs, for each category

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
    ends: tuple[float, ...] = ()  # numbers that the axis includes too, such as those of a chart with the same scale

    def numbers(self) -> list[float]:
        """All values and ends of ranges that the axis includes."""
        drawn = (end for one in self.series for each in (one.values, one.low, one.high, *one.points) for end in each)
        return [end for end in (*drawn, *self.ends) if not math.isnan(end)]

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


def chart_of(
    rows: pd.DataFrame,
    axis: str,
    *,
    missing: str = TOO_FEW,
    across: bool = False,
    ends: tuple[float, ...] = (),
    points: Mapping[tuple[str, str], tuple[float, ...]] = MappingProxyType({}),
) -> Chart:
    """The chart of unrounded rows of a comparison, with one category per ``name`` and one series per ``lens_title``.

    Numbers are multiplied by the column ``scale`` and described by the column ``words``, if rows have them; ``points``
    are numbers of single pairs of runs by series and category.
    """
    categories = tuple(dict.fromkeys(rows["name"]))
    by_series = rows.groupby("lens_title", sort=False) if "lens_title" in rows else (("", rows),)
    series = tuple(_series(str(name), mine, categories) for name, mine in by_series)
    if points:
        each = {one.name: tuple(points.get((one.name, category), ()) for category in categories) for one in series}
        series = tuple(replace(one, points=each[one.name]) for one in series)
    return Chart(axis, categories, series, missing, across, ends)


def _series(name: str, rows: pd.DataFrame, categories: tuple[str, ...]) -> Series:
    found = rows.set_index("name")
    ends = found[["difference", "low", "high"]].astype(float).mul(found.get("scale", 1.0), axis=0)
    values, low, high = (tuple(ends[column].reindex(list(categories))) for column in ends.columns)
    known = {row["name"]: row for _, row in rows.iterrows() if not math.isnan(row["difference"])}
    words = tuple(_words(known[category]) if category in known else "" for category in categories)
    kinds = tuple(kind_of(known[category]) if category in known else "" for category in categories)
    return Series(name, values, low, high, words, kinds)


def plain_rows(rows: pd.DataFrame, value: str, low: str = "", high: str = "", *, unit: str = "") -> pd.DataFrame:
    """Rows for `chart_of` of numbers that are no differences of a comparison, named by their ``label``.

    Numbers are described to three significant digits, with their range if its columns are named and it is known.
    """
    ends = {end: rows[name] if name else math.nan for end, name in (("low", low), ("high", high))}
    made = rows.drop(columns=["verdict"], errors="ignore").assign(name=rows["label"], difference=rows[value], **ends)
    said = []
    for _, row in made.iterrows():
        known = f" ({plain(row['low'])} to {plain(row['high'])})" if not math.isnan(row["low"]) else ""
        known = " (range withheld)" if row.get("withheld", False) else known
        said.append(f"{plain(row['difference'])}{unit}{known}")
    return made.assign(words=said)


def plain(number: float) -> str:
    """A number to three significant digits, with a minus sign.

    >>> plain(-12345.0), plain(0.03219), plain(7.0)
    ('−12,300', '0.0322', '7')
    """
    if math.isnan(number):
        return "none"
    rounded = float(f"{number:.3g}")
    return (f"{rounded:,.0f}" if abs(rounded) >= 100.0 else f"{rounded:.3g}").replace("-", MINUS)


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
