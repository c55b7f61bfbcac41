"""Errors of the simulator, as one tree under `SimulatorError`; those of files are `FileError` and carry problems.

Users read these messages: they name the file, line and field, say what was found and what would be accepted.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Final, Self


class SimulatorError(Exception):
    """Base class of every error that the simulator raises deliberately."""


MOST_PROBLEMS: Final = 50
"""Problems of one file that are listed; nobody reads more, and each takes time to word."""


@dataclass(frozen=True)
class Problem:
    """One problem in one file.

    ``line`` is 1-based, or None if the problem is on no particular line; ``field`` is a dotted path; ``wrong`` is a
    clause that says what was found, ``right`` a clause that says what would be accepted.
    """

    file: str
    line: int | None
    field: str
    wrong: str
    right: str

    def __str__(self) -> str:
        where = self.file if self.line is None else f"{self.file}, line {self.line}"
        field = f", {self.field}" if self.field else ""
        stop = "" if self.right.endswith((".", "?")) else "."
        return f"{where}{field}: {self.wrong}. {self.right}{stop}"


class FileError(SimulatorError):
    """A file cannot be used. ``problems`` lists those found, at most `MOST_PROBLEMS`, in file order."""

    kind = "file"

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems[:MOST_PROBLEMS])
        count = len(self.problems)
        head = f"{count} problem{'s' if count != 1 else ''} in this {self.kind}"
        if count == MOST_PROBLEMS:
            head = f"The first {count} problems in this {self.kind}"
        super().__init__("\n".join([f"{head}:", *(f"  {problem}" for problem in self.problems)]))

    def without_folders(self) -> Self:
        """The same error, with the names of files alone, for someone who must not see this computer's folders."""
        return type(self)([replace(problem, file=PurePath(problem.file).name) for problem in self.problems])

    def __reduce__(self) -> tuple[type[FileError], tuple[tuple[Problem, ...]]]:
        """Pickle by problems, so that a worker's error reaches the parent process complete."""
        return (type(self), (self.problems,))


class EvidenceError(FileError):
    """An evidence file does not conform to the evidence schema."""

    kind = "evidence file"


class PlaceError(FileError):
    """A place file, or a table of areas, cannot be turned into a place."""

    kind = "place file"


class AreaTableError(PlaceError):
    """A table of areas cannot be turned into places."""

    kind = "table"


class ScenarioError(FileError):
    """A scenario file does not conform to the scenario schema, or cannot be carried out."""

    kind = "scenario file"


class CountyError(FileError):
    """A county file, or a place that it names, cannot be used."""

    kind = "county file"


class ProgrammeError(FileError):
    """A programme file does not conform to the programme schema."""

    kind = "programme file"


class TargetError(FileError):
    """A calibration target file does not conform to its schema."""

    kind = "target file"


class PriorError(FileError):
    """A calibration prior file does not conform to its schema."""

    kind = "prior file"


class LensError(FileError):
    """A lens file does not conform to its schema, or its draws belong to another lens."""

    kind = "lens"


class PublishedStudyError(FileError):
    """A file of a published study does not conform to its schema, or asks for something a study may not do."""

    kind = "study file"


class UnknownNameError(SimulatorError, KeyError):
    """A name is not one of the known ones."""

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        self.kind, self.name, self.known = kind, name, tuple(known)
        super().__init__(f"there is no {kind} {name!r}. {did_you_mean(name, self.known)}")

    def __str__(self) -> str:
        return str(self.args[0])

    def __reduce__(self) -> tuple[type[UnknownNameError], tuple[str, str, tuple[str, ...]]]:
        """Pickle by the three arguments."""
        return (type(self), (self.kind, self.name, self.known))


class LedgerError(SimulatorError):
    """Released is not reinvested + saved + absorbed: an error in the simulator, never in its input."""


class StockError(SimulatorError):
    """People or hours appeared or vanished in a run: an error in the simulator, never in its input."""


class IncompleteEnsembleError(SimulatorError):
    """Some runs of an ensemble failed, and an incomplete comparison was not allowed."""


class IncomparableRunsError(SimulatorError):
    """Two sets of runs differ in place, calendar, seeds or model version."""


class StudyError(SimulatorError):
    """A simulated study has no participants or no controls."""


class ResultsError(SimulatorError):
    """A results folder is missing, damaged, or written by another version."""


class StoreError(SimulatorError):
    """A store of runs cannot be opened, read or written."""


class StoreWarning(UserWarning):
    """A run in a store is damaged and was set aside."""


class ClusterError(SimulatorError):
    """A cluster cannot be reached, or is not suitable."""


class FitError(SimulatorError):
    """A fit is not possible: its inputs are inconsistent, it cannot be simulated, or a target is out of reach."""


def did_you_mean(name: str, known: Iterable[str], ending: str = "") -> str:
    """A sentence that suggests the nearest known name, or lists them all; ``ending`` is appended to each name.

    >>> did_you_mean("relasional_offset", ["baseline", "relational_offset"])
    "Did you mean 'relational_offset'?"
    >>> did_you_mean("x", ["baseline", "frome"])
    'Known: baseline, frome.'

    One number is never suggested for another:

    >>> did_you_mean("0.3", ["0.25", "0.5"]), did_you_mean("85", ["0-4", "85+"])
    ('Known: 0.25, 0.5.', "Did you mean '85+'?")
    """
    names = sorted(known)
    candidates = [one for one in names if not (_is_number(name) and _is_number(one))]
    near = difflib.get_close_matches(name, candidates, n=1, cutoff=0.6)
    if near:
        return f"Did you mean {near[0] + ending!r}?"
    return f"Known: {', '.join(name + ending for name in names)}."


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
