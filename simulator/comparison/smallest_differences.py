"""The smallest difference of each outcome that matters: defaults from a file, and those that a user sets instead.

A difference matters if it is larger than a share of the baseline (admissions), a share of the baseline's cost of care
(pounds), or an amount in the outcome's own unit (percentage points, SD). Each `simulator.comparison.outcomes.Outcome`
names the entry that it is judged by.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from simulator.comparison.outcomes import OUTCOMES, shown_in
from simulator.errors import FileError, UnknownNameError
from simulator.evidence.schema import Grade
from simulator.foundations.input_files import read_as

FILE: Final = Path(__file__).with_name("smallest_differences.yaml")
Unit = Literal["% of the baseline", "% of the cost of care", "percentage points", "SD"]
Matters = Mapping[str, float]
"""Smallest differences that a user set, by the name of the entry, in the entry's unit."""
DEFAULTS: Final[Matters] = MappingProxyType({})
_SHORT: Final[Mapping[Unit, str]] = {
    "% of the baseline": "%",
    "% of the cost of care": "% of care",
    "percentage points": "points",
    "SD": "SD",
}


class SmallestDifference(BaseModel):
    """One smallest difference, with its reason."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(pattern=r"^[a-z_]+$")
    title: str = Field(min_length=3, description="The outcomes that are judged by it")
    value: float = Field(gt=0.0)
    unit: Unit
    why: str = Field(min_length=10, description="Why a smaller difference does not matter")
    source: str = Field(min_length=10, description="Author, year, title; or the basis of an assumption")
    grade: Grade


class SmallestDifferencesFile(BaseModel):
    """All smallest differences."""

    model_config = ConfigDict(extra="forbid", frozen=True, title="Smallest differences that matter")

    differences: tuple[SmallestDifference, ...]


@lru_cache(maxsize=1)
def smallest_differences() -> Mapping[str, SmallestDifference]:
    """The entries of the file by name. Raises FileError with every problem."""
    read, _ = read_as(SmallestDifferencesFile, FILE, FileError, f"simulator/comparison/{FILE.name}")
    return MappingProxyType({one.name: one for one in read.differences})


def entry(name: str) -> SmallestDifference:
    """The entry of a name; raises UnknownNameError with a suggestion."""
    known = smallest_differences()
    if name not in known:
        raise UnknownNameError("smallest difference", name, known)
    return known[name]


def smallest(name: str, chosen: Matters, level: float, care_cost: float) -> float:
    """The smallest difference that matters of an outcome with this baseline level, in the outcome's unit.

    ``care_cost`` is the baseline's cost of care [pounds], on the same basis and for the same people as ``level``.

    >>> smallest("admissions", DEFAULTS, 2600.0, 5e7), smallest("cost", {"cost": 1.0}, 0.0, 5e7)
    (26.0, 500000.0)
    """
    found = entry(name)
    value = chosen.get(name, found.value)
    if found.unit == "% of the baseline":
        return abs(level) * value / 100.0
    return care_cost * value / 100.0 if found.unit == "% of the cost of care" else value


def read_matters(parts: Iterable[str]) -> dict[str, float]:
    """Smallest differences from texts such as ``admissions=2``, in the units of the file.

    Raises UnknownNameError for an unknown name, ValueError for anything that is not a positive number.

    >>> read_matters(["admissions=2", "cost=0.25"])
    {'admissions': 2.0, 'cost': 0.25}
    """
    found = {}
    for part in parts:
        name, _, number = part.partition("=")
        known = entry(name.strip())
        try:
            value = float(number.strip().rstrip("%"))
        except ValueError:
            value = math.nan
        if not 0.0 < value < math.inf:
            raise ValueError(
                f"write {known.name}= and a number above 0, in {known.unit}, such as {known.name}={known.value:g}"
            )
        found[known.name] = value
    return found


def matters_parts(chosen: Matters) -> list[str]:
    """The texts that `read_matters` reads, without those that are as in the file.

    >>> matters_parts({"cost": 1.0, "admissions": 1.0})
    ['cost=1']
    """
    return [f"{name}={value:g}" for name, value in sorted(chosen.items()) if value != entry(name).value]


def matters_in_words(chosen: Matters, *, short: bool = False) -> str:
    """Every smallest difference, in one sentence; in ``short``, those of the outcomes that are shown first.

    >>> matters_in_words({"cost": 2.0}).partition("; costs")[2]
    ' 2 % of the cost of care.'
    >>> matters_in_words({}, short=True)
    'admissions 1 %, loneliness 0.5 points, cost 0.5 % of care'
    """
    if short:
        names = dict.fromkeys(OUTCOMES[measure].smallest_difference for measure in shown_in("first screen"))
        known = (entry(name) for name in names)
        return ", ".join(f"{one.name} {chosen.get(one.name, one.value):g} {_SHORT[one.unit]}" for one in known)
    said = []
    for one in smallest_differences().values():
        title = one.title if one.title.startswith("A&E") else f"{one.title[0].lower()}{one.title[1:]}"
        said.append(f"{title} {chosen.get(one.name, one.value):g} {one.unit}")
    return f"Smallest differences that matter: {'; '.join(said)}."
