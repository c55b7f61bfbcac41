"""Everything that can go wrong, as one tree.

    SimulatorError
    ├── FileError            a file says something it cannot mean (carries one Problem per fault)
    │   ├── EvidenceError    simulator/evidence/*.yaml or an overlay
    │   ├── PlaceError       a place file
    │   │   └── AreaTableError   a published table of areas
    │   ├── ScenarioError    a scenario file
    │   ├── CountyError      a county file
    │   ├── ProgrammeError   a programme file
    │   ├── TargetError      a calibration target file
    │   ├── PriorError       a calibration prior file
    │   ├── LensError        a lens file, or its draws
    │   └── PublishedStudyError   a file of a published study
    ├── UnknownNameError     a name that is not in the list it should come from
    ├── LedgerError          the double entry of the offset does not balance
    ├── IncompleteEnsembleError   a comparison was asked of runs of which some failed
    ├── IncomparableRunsError      two sets of runs that must not be compared
    ├── StudyError           a simulated study that cannot be made
    ├── ResultsError         a results folder that cannot be read
    ├── StoreError           a store of runs that cannot be read or written
    ├── ClusterError         a cluster that cannot be used
    └── FitError             a fit that cannot be made, or a target that no parameter can reach

Messages are public: they name the file, the line and the field, say what was wrong and what would be right.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


class SimulatorError(Exception):
    """Root of every error the simulator raises on purpose."""


@dataclass(frozen=True)
class Problem:
    """One fault in one file.

    ``line`` is 1-based, or None where the file has no such line; ``field`` is a dotted path; ``wrong`` is a clause
    that says what was found, ``right`` a clause that says what would be accepted.
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
    """A file cannot be used. ``problems`` lists every fault found in one reading, in file order."""

    kind = "file"

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        count = len(self.problems)
        head = f"{count} problem{'s' if count != 1 else ''} in this {self.kind}"
        super().__init__("\n".join([f"{head}:", *(f"  {problem}" for problem in self.problems)]))

    def __reduce__(self) -> tuple[type[FileError], tuple[tuple[Problem, ...]]]:
        """Pickle by problems, so that a worker's error reaches its parent whole."""
        return (type(self), (self.problems,))


class EvidenceError(FileError):
    """An evidence file breaks the evidence schema."""

    kind = "evidence file"


class PlaceError(FileError):
    """A place file, or a table of areas, cannot be turned into a place."""

    kind = "place file"


class AreaTableError(PlaceError):
    """A table of areas cannot be turned into places."""

    kind = "table"


class ScenarioError(FileError):
    """A scenario file breaks the scenario schema, or asks for what cannot be."""

    kind = "scenario file"


class CountyError(FileError):
    """A county file, or a place that it names, cannot be used."""

    kind = "county file"


class ProgrammeError(FileError):
    """A programme file breaks the programme schema."""

    kind = "programme file"


class TargetError(FileError):
    """A calibration target file breaks its schema."""

    kind = "target file"


class PriorError(FileError):
    """A calibration prior file breaks its schema."""

    kind = "prior file"


class LensError(FileError):
    """A lens file breaks its schema, or its draws are not its own."""

    kind = "lens"


class PublishedStudyError(FileError):
    """A file of a published study breaks its schema, or asks for what a study must not."""

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
    """Released is not reinvested + saved + absorbed. Never caused by input: it is a fault of the simulator."""


class IncompleteEnsembleError(SimulatorError):
    """Some runs of an ensemble failed, and nobody said that a comparison may leave them out."""


class IncomparableRunsError(SimulatorError):
    """Two sets of runs differ in place, calendar, seeds or model version."""


class StudyError(SimulatorError):
    """A simulated study has nobody to study."""


class ResultsError(SimulatorError):
    """A results folder is missing, damaged, or of another version."""


class StoreError(SimulatorError):
    """A store of runs cannot be opened, read or written."""


class StoreWarning(UserWarning):
    """A run in a store was damaged, and is set aside."""


class ClusterError(SimulatorError):
    """A cluster cannot be reached, or must not be used."""


class FitError(SimulatorError):
    """A problem cannot be fitted: it contradicts itself, cannot be simulated, or a target is out of reach."""


def did_you_mean(name: str, known: Iterable[str], ending: str = "") -> str:
    """A sentence that suggests the nearest known name, or lists them all; ``ending`` is what they all end in.

    >>> did_you_mean("relasional_offset", ["baseline", "relational_offset"])
    "Did you mean 'relational_offset'?"
    >>> did_you_mean("x", ["baseline", "frome"])
    'Known: baseline, frome.'

    A number is no misspelling of another:

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
