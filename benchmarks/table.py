"""Rows, bars (target values) and the table made from them."""

from __future__ import annotations

import importlib.metadata
import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final

_PACKAGES: Final = ("numba", "numpy", "mesa", "mesa-frames", "starsim")


@dataclass(frozen=True)
class Bar:
    """A target value for the simulator: at least or at most ``wanted``."""

    wanted: float
    unit: str
    at_least: bool = True

    def verdict(self, measured: float) -> str:
        """Whether ``measured`` reaches the bar, and by how much not, as text.

        >>> Bar(150.0, "x").verdict(210.0)
        'reached: 210 x, wanted at least 150 x'
        >>> Bar(0.6, "s", at_least=False).verdict(0.9)
        'not reached: 0.9 s, wanted at most 0.6 s (1.5 times as much)'
        >>> Bar(3.0, "x").verdict(2.0)
        'not reached: 2 x, wanted at least 3 x (67 % of it)'
        """
        wanted = f"wanted at {'least' if self.at_least else 'most'} {self.wanted:g} {self.unit}"
        if measured >= self.wanted if self.at_least else measured <= self.wanted:
            return f"reached: {measured:.3g} {self.unit}, {wanted}"
        share = measured / self.wanted
        distance = f"{share:.0%} of it".replace("%", " %") if self.at_least else f"{share:.2g} times as much"
        return f"not reached: {measured:.3g} {self.unit}, {wanted} ({distance})"


@dataclass(frozen=True)
class Row:
    """One measurement. ``seconds`` contains every run; the table shows the median."""

    what: str
    seconds: Sequence[float] = ()
    peak_mb: float | None = None
    remark: str = ""
    bar: str = ""

    @property
    def median(self) -> float:
        """Median seconds."""
        return median(self.seconds)


def as_markdown(rows: Sequence[Row], yardstick: float) -> str:
    """The table, as Markdown. Seconds are also in multiples of the ``yardstick`` [s] of the same session.

    Multiples can be compared between days and, with care, between machines.
    """
    lines = [
        "| measured | s, median | x yardstick | runs | peak MB | remark | target |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        seconds = (f"{row.median:.3g}", f"{row.median / yardstick:.3g}") if row.seconds else ("", "")
        peak = "" if row.peak_mb is None else f"{row.peak_mb:.0f}"
        cells = (row.what, *seconds, str(len(row.seconds) or ""), peak, row.remark, row.bar)
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def same_digest(one: str, other: str) -> str:
    """State in words whether two states are identical."""
    return "same digest" if one == other else "NOT the same digest"


def machine() -> str:
    """This machine and the relevant versions, in one line."""
    versions = [f"{name} {_version(name)}" for name in _PACKAGES]
    return (
        f"{_processor()}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}, "
        + ", ".join(versions)
    )


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "absent"


def _processor() -> str:
    information = Path("/proc/cpuinfo")
    if information.exists():
        lines = information.read_text().splitlines()
        names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
        if names:
            return names[0]
    return platform.processor() or platform.machine()
