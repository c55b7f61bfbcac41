"""Evidence in memory: immutable values by name, and changes to them by a scenario."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from simulator.errors import EvidenceError, Problem, UnknownNameError, did_you_mean
from simulator.evidence.distributions import Distribution, quantile_of
from simulator.evidence.schema import Grade, Number, table_problem
from simulator.foundations.categories import LISTS
from simulator.foundations.units import UNITS

Numbers = float | tuple[float, ...]
"""One number, or one for each category of a table, in category order."""


@dataclass(frozen=True)
class Value:
    """One evidence value. ``path`` is topic and name; numbers are in ``unit``; ``by`` is the category of a table."""

    path: str
    label: str
    unit: str
    by: str | None
    value: Numbers
    low: Numbers
    high: Numbers
    distribution: Distribution
    grade: Grade
    source: str
    reference: str | None
    note: str | None
    file: str
    line: int | None
    observational: bool = False

    def at(self, quantile: float) -> Numbers:
        """The value at a quantile of its distribution, within the range of its unit; all keys of a table move together.

        Raises ValueError unless the quantile is between 0 and 1.
        """
        if not 0.0 < quantile < 1.0:
            raise ValueError(f"a quantile must lie between 0 and 1, not {quantile}")
        if isinstance(self.value, tuple):
            rows = zip(self.value, _tuple(self.low), _tuple(self.high), strict=True)
            return tuple(self._one(quantile, *row) for row in rows)
        return self._one(quantile, self.value, _tuple(self.low)[0], _tuple(self.high)[0])

    def _one(self, quantile: float, value: float, low: float, high: float) -> float:
        unit = UNITS[self.unit]
        return min(max(quantile_of(self.distribution, value, low, high, quantile), unit.low), unit.high)

    def by_category(self) -> dict[str, float]:
        """The numbers of a table by category; empty for a single number."""
        return dict(zip(LISTS[self.by], _tuple(self.value), strict=True)) if self.by else {}


@dataclass(frozen=True)
class Change:
    """A scenario's change to one evidence value: a number, or numbers for some categories, and the reason."""

    value: Number
    reason: str
    file: str
    line: int | None


class Evidence(Mapping[str, Value]):
    """All evidence values by path, such as ``loneliness.onset_rate``. Immutable."""

    def __init__(self, values: Mapping[str, Value]) -> None:
        """Store ``values`` in the order of their paths."""
        self._values = dict(sorted(values.items()))

    @cached_property
    def hash(self) -> str:
        """Eight hexadecimal digits of every number, unit and distribution."""
        digest = hashlib.sha256()
        for value in self._values.values():
            key = (value.path, value.unit, value.by, value.value, value.low, value.high, value.distribution)
            digest.update(repr(key).encode())
        return digest.hexdigest()[:8]

    def __getitem__(self, path: str) -> Value:
        """The value at ``path``; raises UnknownNameError with a suggestion."""
        try:
            return self._values[path]
        except KeyError:
            raise UnknownNameError("evidence value", path, self._near(path)) from None

    def __contains__(self, path: object) -> bool:
        """Whether there is a value at ``path``."""
        return path in self._values

    def __iter__(self) -> Iterator[str]:
        """Paths in order."""
        return iter(self._values)

    def __len__(self) -> int:
        """Number of values."""
        return len(self._values)

    def __hash__(self) -> int:
        """Equal evidence has equal hashes."""
        return hash(self.hash)

    def __eq__(self, other: object) -> bool:
        """Whether every value, source and line is the same."""
        return isinstance(other, Evidence) and self._values == other._values

    def __repr__(self) -> str:
        """Size and hash."""
        return f"Evidence({len(self)} values, {self.hash})"

    def topics(self) -> tuple[str, ...]:
        """Names of the topics."""
        return tuple(dict.fromkeys(path.split(".")[0] for path in self._values))

    def topic(self, name: str) -> dict[str, Value]:
        """Values of one topic by name; raises UnknownNameError."""
        if name not in self.topics():
            raise UnknownNameError("evidence topic", name, self.topics())
        return {path.split(".", 1)[1]: value for path, value in self._values.items() if path.startswith(f"{name}.")}

    def problems_with(self, changes: Mapping[str, Change]) -> list[Problem]:
        """Problems with these changes, with file and line; empty if there are none."""
        problems = []
        for path, change in changes.items():
            problem = self._problem(path, change)
            if problem is not None:
                problems.append(Problem(change.file, change.line, f"changes.{path}", *problem))
        return problems

    def with_changes(self, changes: Mapping[str, Change]) -> Evidence:
        """The same evidence with some values replaced by fixed ones; raises EvidenceError listing every problem.

        If only some categories of a table change, the others keep their central value.
        """
        problems = self.problems_with(changes)
        if problems:
            raise EvidenceError(problems)
        changed = {path: _changed(self._values[path], change) for path, change in changes.items()}
        return Evidence({**self._values, **changed}) if changed else self

    def _problem(self, path: str, change: Change) -> tuple[str, str] | None:
        if path not in self._values:
            return f"there is no evidence value '{path}'", did_you_mean(path, self._near(path))
        value = self._values[path]
        if not change.reason.strip():
            return "the change has no reason", "Add the reason why the value differs: 'reason: ...'"
        problem = table_problem(change.value, value.by, partly=True)
        if problem is not None:
            return problem
        unit = UNITS[value.unit]
        numbers = change.value.values() if isinstance(change.value, dict) else (change.value,)
        refusals = [refusal for refusal in map(unit.refuses, numbers) if refusal is not None]
        return (refusals[0], f"Give {unit.meaning}: {path} is in '{unit.name}'") if refusals else None

    def _near(self, path: str) -> tuple[str, ...]:
        """Suggestions for a misspelt path: a similar path, else the names in its topic, else the topics."""
        near = difflib.get_close_matches(path, self._values, n=1)
        return tuple(near) or (
            tuple(self.topic(topic)) if (topic := path.split(".")[0]) in self.topics() else self.topics()
        )


def _tuple(numbers: Numbers) -> tuple[float, ...]:
    return numbers if isinstance(numbers, tuple) else (numbers,)


def _changed(value: Value, change: Change) -> Value:
    number: Numbers
    if isinstance(change.value, dict):
        number = tuple(float(each) for each in {**value.by_category(), **change.value}.values())
    else:
        number = float(change.value)
    return replace(
        value,
        value=number,
        low=number,
        high=number,
        distribution="fixed",
        grade="assumption",
        source=change.reason,
        reference=None,
        note=f"Changed in {change.file}",
        file=change.file,
        line=change.line,
    )
