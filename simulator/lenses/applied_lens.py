"""A lens as applied in a run: its draws replace some evidence values, and associations count as causal in part.

Draws of a lens are addressed by the number of the parameter draw, as draws of the evidence are, so that both scenarios
of a pair use the same one, and values that the lens does not cover are drawn as usual.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from simulator.evidence import Value
from simulator.foundations.units import UNITS

EVIDENCE: Final = "evidence"
"""The name of the lens for the evidence as written."""
ELICITED: Final = "elicited"
"""In place of a number for Frome's share: draws over the whole range of shares that were fitted."""
Numbers = float | tuple[float, ...]


@dataclass(frozen=True, eq=False)
class ParameterDraws:
    """Draws of some evidence values. ``rows`` (draws, values) is read-only; a ratio multiplies the value written."""

    paths: tuple[str, ...]
    ratios: tuple[bool, ...]
    rows: NDArray[np.float64]

    @cached_property
    def hash(self) -> str:
        """Eight hexadecimal digits of every draw."""
        key = repr((self.paths, self.ratios, self.rows.shape)).encode()
        return hashlib.sha256(key + np.ascontiguousarray(self.rows).tobytes()).hexdigest()[:8]

    def of(self, path: str, parameter_draw: int | None) -> tuple[float, bool] | None:
        """The number for a path in a draw (None: the median of all), and whether it is a ratio; None if not covered.

        Draws repeat once all have been used.
        """
        if path not in self.paths:
            return None
        column = self.paths.index(path)
        if parameter_draw is None:
            return float(np.median(self.rows[:, column])), self.ratios[column]
        return float(self.rows[parameter_draw % len(self.rows), column]), self.ratios[column]

    def without(self, paths: Collection[str]) -> ParameterDraws:
        """The same draws without some values."""
        kept = [position for position, path in enumerate(self.paths) if path not in paths]
        return ParameterDraws(
            tuple(self.paths[position] for position in kept),
            tuple(self.ratios[position] for position in kept),
            self.rows[:, kept],
        )


@dataclass(frozen=True, eq=False)
class AppliedLens:
    """A lens as applied in a run, and the causal share of observed associations."""

    lens: str = EVIDENCE
    title: str = "Evidence as written"
    frome: str | None = None  # assumed share of Frome's gap that the programme caused; None: not part of the lens
    causal: float = 1.0  # share of each observed log relative risk treated as causal, times that of the evidence
    draws: ParameterDraws | None = None
    faults: tuple[str, ...] = ()  # checks that the lens failed, in sentences
    fitted_to: str = ""  # model version
    believed: str = ""  # what one would have to believe for it to hold, in a sentence

    @property
    def plain(self) -> bool:
        """Whether it leaves the evidence as written."""
        return self.draws is None and self.causal == 1.0

    @property
    def hash(self) -> str:
        """Eight hexadecimal digits of everything that affects a run."""
        key = (self.lens, self.frome, self.causal, self.draws.hash if self.draws else "")
        return hashlib.sha256(repr(key).encode()).hexdigest()[:8]

    @property
    def said(self) -> str:
        """The lens and its settings in a few words, for every output.

        >>> AppliedLens(causal=0.5).said
        'Evidence as written, half of each observed association taken as causal'
        >>> AppliedLens("as-claimed", "As claimed", frome="0.3").said
        "As claimed, 0.3 of Frome's gap taken as caused by its programme"
        """
        parts = [self.title]
        if self.frome == ELICITED:
            parts.append("the share of Frome's gap caused by its programme spread evenly from none to all")
        elif self.frome is not None:
            parts.append(f"{_share_text(float(self.frome))} of Frome's gap taken as caused by its programme")
        if self.causal != 1.0:
            parts.append(f"{_share_text(self.causal)} of each observed association taken as causal")
        return ", ".join(parts)

    def number(self, value: Value, written: Numbers, parameter_draw: int | None) -> Numbers:
        """An evidence value through this lens: ``written`` is its number, or numbers, before the lens is applied."""
        found = None if self.draws is None else self.draws.of(value.path, parameter_draw)
        numbers = written if found is None else _given(value, written, *found)
        if self.causal == 1.0 or not value.observational:
            return numbers
        return _each(numbers, lambda number: discounted(value.unit, number, self.causal))

    def without(self, paths: Collection[str]) -> AppliedLens:
        """The same applied lens without these paths, which a scenario sets itself."""
        if self.draws is None or not set(paths) & set(self.draws.paths):
            return self
        return replace(self, draws=self.draws.without(paths))


AS_WRITTEN: Final = AppliedLens()
"""The evidence as written."""


def discounted(unit: str, number: float, share: float) -> float:
    """The causal part of an association: a share of its logarithm, for a ratio or a log ratio.

    >>> discounted("log ratio", -0.3, 0.5), discounted("ratio", 1.21, 0.0), round(discounted("ratio", 1.21, 0.5), 6)
    (-0.15, 1.0, 1.1)
    """
    if unit == "ratio":
        return math.exp(share * math.log(number))
    return share * number


def _given(value: Value, written: Numbers, number: float, ratio: bool) -> Numbers:
    unit = UNITS[value.unit]
    if ratio:
        # What a table states as certain, such as the unit in which its other entries are told, is not scaled.
        keys = zip(*(np.atleast_1d(numbers).tolist() for numbers in (written, value.low, value.high)), strict=True)
        scaled = tuple(
            each if low == high else min(max(each * number, unit.low), unit.high) for each, low, high in keys
        )
        return scaled if isinstance(written, tuple) else scaled[0]
    return min(max(number, unit.low), unit.high)


def _each(numbers: Numbers, change: Callable[[float], float]) -> Numbers:
    if isinstance(numbers, tuple):
        return tuple(change(number) for number in numbers)
    return change(numbers)


def _share_text(share: float) -> str:
    return {0.0: "none", 0.5: "half", 1.0: "all"}.get(share, f"{share:g}")
