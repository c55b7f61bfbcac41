"""Finding scenario files and resolving the scenarios that they extend.

A scenario states only differences from the one it extends. Each key that it writes replaces that key of its parent as
a whole; only ``changes`` are added to the parent's, path by path. Name, title and question are never inherited.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple

from simulator.errors import Problem, ScenarioError, UnknownNameError, did_you_mean
from simulator.foundations.input_files import Document, is_file, read_yaml, read_yaml_text
from simulator.foundations.yaml_reader import Step
from simulator.scenario.types import LONGEST_REFERENCE

SHIPPED_FOLDER: Final = Path(__file__).parents[2] / "scenarios"
OWN_KEYS: Final = ("name", "title", "question", "extends")
"""Keys that a scenario does not inherit from the one it extends."""
SUFFIXES: Final = (".yaml", ".yml")
LONGEST_CHAIN: Final = 20


class Link(NamedTuple):
    """One file of a chain of scenarios, each extending the next."""

    document: Document
    path: Path


@dataclass(frozen=True)
class ResolvedDocument(Document):
    """A scenario's data, combined with those of its parents.

    ``origins`` maps each part to the file that wrote it, and ``files`` names them all, the scenario's own first.
    """

    origins: Mapping[tuple[Step, ...], Document] = field(default_factory=dict, repr=False)
    files: tuple[str, ...] = ()

    def origin(self, path: tuple[Step, ...]) -> Document | None:
        """The file that wrote the part at ``path``, or None."""
        return self.origins.get(path[:2]) or self.origins.get(path[:1])

    def problem(self, path: tuple[Step, ...], wrong: str, right: str) -> Problem:
        """A problem at ``path``, in the file that wrote it."""
        origin = self.origin(path)
        return super().problem(path, wrong, right) if origin is None else origin.problem(path, wrong, right)

    def in_order(self, problems: Iterable[Problem]) -> list[Problem]:
        """Each problem once, those of the scenario's own file first, then its parents', by line."""
        once = {(problem.file, problem.line, problem.field): problem for problem in problems}
        order = {file: number for number, file in enumerate(self.files)}
        return sorted(once.values(), key=lambda problem: (order.get(problem.file, len(order)), problem.line or 0))


def scenario_names() -> tuple[str, ...]:
    """Names of the shipped scenarios."""
    return tuple(sorted(path.stem for path in SHIPPED_FOLDER.glob("*.yaml")))


_RENAMED: Final = {"offset_half_banked": "offset_half_saved"}
"""Shipped scenarios by the names that they had in the previous version."""


def find_scenario(name_or_path: str | Path) -> Path:
    """The file of a shipped scenario by name, or of a path. Raises UnknownNameError for an unknown name."""
    path = Path(name_or_path)
    if path.suffix in SUFFIXES or len(path.parts) > 1 or is_file(path):
        return path
    if str(name_or_path) in _RENAMED:
        new = _RENAMED[str(name_or_path)]
        warnings.warn(
            f"scenario {name_or_path} is now called {new}; the next version will not read the old name",
            FutureWarning,
            2,
        )
        return SHIPPED_FOLDER / f"{new}.yaml"
    if str(name_or_path) not in scenario_names():
        raise UnknownNameError("scenario", str(name_or_path), scenario_names())
    return SHIPPED_FOLDER / f"{name_or_path}.yaml"


def read_chain(path: Path, text: str | None = None) -> tuple[Link, ...]:
    """The scenario at ``path`` and those it extends, itself first; ``text`` replaces the file's content if given.

    Raises ScenarioError with file and line.
    """
    chain: list[Link] = []
    while True:
        if text is not None and not chain:
            document = read_yaml_text(text, path.name, ScenarioError)
        else:
            document = read_yaml(path, ScenarioError)
        chain.append(Link(document, path.resolve()))
        if not isinstance(document.data, dict):
            wrong = "the file has no fields"
            raise ScenarioError([document.problem((), wrong, "Write fields as 'name: value', such as 'title: ...'")])
        parent = document.data.get("extends")
        if not isinstance(parent, str) or not 0 < len(parent.encode()) <= LONGEST_REFERENCE:
            return tuple(chain)
        path = _parent(parent, chain)


def _parent(name: str, chain: Sequence[Link]) -> Path:
    """The file that the last link extends: in the same folder or else shipped; never itself."""
    document, own = chain[-1]
    beside = [own.parent / name] if Path(name).suffix in SUFFIXES else [own.parent / f"{name}{end}" for end in SUFFIXES]
    found = [path for path in (*beside, SHIPPED_FOLDER / f"{name}.yaml") if is_file(path) and path.resolve() != own]
    if not found:
        siblings = [path.stem for path in own.parent.glob("*.yaml") if path.is_file() and path.resolve() != own]
        wrong = f"there is no scenario '{name}'"
        problem = document.problem(("extends",), wrong, did_you_mean(name, {*siblings, *scenario_names()}))
        raise ScenarioError([problem])
    names = [link.path.stem for link in chain]
    if found[0].resolve() in [link.path for link in chain]:
        wrong = f"the scenarios extend each other in a circle: {' extends '.join([*names, found[0].stem])}"
        raise ScenarioError([document.problem(("extends",), wrong, "Remove 'extends' from one of them")])
    if len(chain) == LONGEST_CHAIN:
        wrong = f"more than {LONGEST_CHAIN} scenarios extend each other"
        raise ScenarioError([document.problem(("extends",), wrong, "Extend a scenario that itself extends fewer")])
    return found[0]


def resolve(chain: Sequence[Link]) -> ResolvedDocument:
    """The content of the first scenario of a chain, with everything it inherits."""
    data: dict[str, Any] = {}
    origins: dict[tuple[Step, ...], Document] = {}
    for document, _ in reversed(chain):
        inherited = {key: value for key, value in data.items() if key not in OWN_KEYS}
        changes = document.data.get("changes")
        data = {**inherited, **document.data}
        origins |= {(key,): document for key in document.data}
        if isinstance(changes, dict):
            origins |= {("changes", path): document for path in changes}
            if isinstance(inherited.get("changes"), dict):
                data["changes"] = {**inherited["changes"], **changes}
    own = chain[0].document
    return ResolvedDocument(own.file, data, own.lines, origins, tuple(link.document.file for link in chain))
