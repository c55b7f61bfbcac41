"""A chart as plain numbers, from which slides, pages and pictures are drawn."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from dashboard.figures.style import NAVY, ORANGE, PURPLE, TURQUOISE

COLOURS: Final = (NAVY, TURQUOISE, PURPLE, ORANGE)
"""Of a chart's series, in order: no chart has more."""
TOO_FEW: Final = "too few to show"
NO_LEVEL: Final = "none in the baseline"
_STEPS: Final = 6.0
_DEPTH: Final = 0.45


@dataclass(frozen=True)
class Series:
    """Numbers of one colour, one for each category of the chart; NaN where there is none, or no range."""

    name: str
    values: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]


@dataclass(frozen=True)
class Chart:
    """Bars with their ranges: a category a group of bars, a series a colour."""

    name: str
    title: str  # the finding
    statistic: str  # what the bars are
    axis: str  # unit of the values
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    missing: str = TOO_FEW  # what stands where there is no number
    across: bool = False  # categories along the horizontal axis, as years are; else beside their bars

    def scale(self) -> tuple[float, float, float]:
        """Ends and step of an axis of round numbers that holds zero and every value with its range."""
        return round_scale([end for one in self.series for ends in (one.values, one.low, one.high) for end in ends])

    def labels(self) -> tuple[str, ...]:
        """The categories; one without a number in any series says so."""
        empty = [all(math.isnan(one.values[k]) for one in self.series) for k in range(len(self.categories))]
        return tuple(
            f"{name} ({self.missing})" if none else name for name, none in zip(self.categories, empty, strict=True)
        )

    def shown(self) -> Chart:
        """The chart as it is drawn: with `labels` for its categories."""
        return replace(self, categories=self.labels())

    def spoken(self) -> list[str]:
        """Every number with its range, a sentence each."""
        return [
            f"{one.name}, {category}: {number_words(value)} ({_range(low, high)})."
            if not math.isnan(value)
            else f"{one.name}, {category}: {self.missing}."
            for one in self.series
            for category, value, low, high in zip(self.categories, one.values, one.low, one.high, strict=True)
        ]

    def alternative(self) -> str:
        """The chart in words, for those who do not see it."""
        return f"{self.title}. {self.statistic} In {self.axis}. {' '.join(self.spoken())}"


def pale(colour: str) -> str:
    """A colour mixed with white, for bars on which the thin line of a range can be seen to its end.

    >>> pale("#12436D")
    '#94AABD'
    """
    parts = [int(colour[begin : begin + 2], 16) for begin in (1, 3, 5)]
    return "#" + "".join(f"{round(255 - _DEPTH * (255 - part)):02X}" for part in parts)


def number_words(value: float) -> str:
    """A number of a chart as text.

    >>> number_words(-12345.6), number_words(0.0123), number_words(-0.0)
    ('−12,346', '0.0123', '0')
    """
    digits = 0 if abs(value) >= 1000.0 or value == 0.0 else 2 - math.floor(math.log10(abs(value)))
    text = f"{abs(value):,.{max(0, min(digits, 6))}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return f"−{text}" if value < 0.0 and text != "0" else text


def round_scale(numbers: Sequence[float]) -> tuple[float, float, float]:
    """Ends and step of an axis of round numbers that holds all ``numbers`` and zero.

    >>> round_scale([-3.2, 7.9, float("nan")]), round_scale([])
    ((-4.0, 8.0, 2.0), (0.0, 1.0, 1.0))
    """
    there = [*(number for number in numbers if not math.isnan(number)), 0.0]
    low, high = min(there), max(there)
    if low == high:
        return 0.0, 1.0, 1.0
    rough = (high - low) / _STEPS
    size = 10.0 ** math.floor(math.log10(rough))
    step = size * next(factor for factor in (1.0, 2.0, 5.0, 10.0) if factor * size >= rough)
    return math.floor(low / step) * step, math.ceil(high / step) * step, step


def tick_words(value: float, step: float) -> str:
    """A number of an axis with this step.

    >>> tick_words(-0.5, 0.5), tick_words(1000.0, 500.0), tick_words(0.0, 2.0)
    ('−0.5', '1,000', '0')
    """
    text = f"{abs(value):,.{max(0, -math.floor(math.log10(step)))}f}"
    if not any(digit in text for digit in "123456789"):
        return "0"
    return f"−{text}" if value < 0 else text


def _range(low: float, high: float) -> str:
    if math.isnan(low + high):
        return "range withheld"
    return f"{number_words(low)} to {number_words(high)}"
