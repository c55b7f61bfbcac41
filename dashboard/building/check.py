"""Checks of a draft, as in `offset run`: by the models of files, then against evidence and place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from dashboard.building.text import data_of
from simulator.api import specify_comparable
from simulator.districts import named_district
from simulator.errors import FileError, Problem, ScenarioError, SimulatorError
from simulator.foundations.input_files import read_yaml_text
from simulator.foundations.yaml_reader import Step
from simulator.places import Place, place_names
from simulator.scenario.files import read_chain, resolve
from simulator.scenario.scenario import Scenario, scenario_from_text
from simulator.specification.spec import Spec, build_spec

MOST_ENTRIES: Final = 100
"""Entries of a list that a page shows as fields."""


@dataclass(frozen=True)
class DraftCheck:
    """The result of a check. ``scenario`` and ``spec`` are None while the draft has problems."""

    text: str
    own: Mapping[str, Any]  # fields of the file; empty if it is not valid YAML
    whole: Mapping[str, Any]  # including inherited fields
    problems: tuple[Problem, ...]
    scenario: Scenario | None = None
    spec: Spec | None = None
    base_spec: Spec | None = None

    @property
    def legible(self) -> bool:
        """Whether the text is YAML, so that it can be edited field by field."""
        return bool(self.own)

    def problems_at(self, field: str) -> list[Problem]:
        """The problems of one field, by its dotted path."""
        return [problem for problem in self.problems if problem.field == field]


def parts(text: str, path: Path) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """The fields of a text, without and with inherited fields; without them only, if they cannot be read."""
    own = data_of(text)
    if any(foreign_references(own)):
        return own, own
    try:
        return own, resolve(read_chain(path, text)).data
    except FileError:
        return own, own


def check(text: str, path: Path, base: Scenario | None = None, place: Place | None = None) -> DraftCheck:
    """Check the text of a draft as the file at ``path``, in ``place`` (default: its own), and against ``base``."""
    try:
        document = read_yaml_text(text, path.name, ScenarioError)
    except ScenarioError as error:
        return DraftCheck(text, {}, {}, error.problems)
    own = document.data
    if not isinstance(own, dict):
        wrong = "a scenario must be a group of fields"
        return DraftCheck(text, {}, {}, (document.problem((), wrong, "Write fields as 'name: value'"),))
    long = [name for name, part in own.items() if isinstance(part, list | dict) and len(part) > MOST_ENTRIES]
    if long or len(own) > MOST_ENTRIES:
        wrong = f"there are more than {MOST_ENTRIES} entries"
        problem = document.problem(tuple(long[:1]), wrong, f"Write at most {MOST_ENTRIES}, or use the command line")
        return DraftCheck(text, {}, {}, (problem,))
    foreign = tuple(document.problem(*fault) for fault in foreign_references(own))
    if foreign:
        return DraftCheck(text, own, own, foreign)
    try:
        whole = resolve(read_chain(path, text)).data
    except FileError as error:
        return DraftCheck(text, own, own, error.problems)
    try:
        scenario = scenario_from_text(text, path)
    except FileError as error:
        return DraftCheck(text, own, whole, error.problems)
    try:
        spec = build_spec(scenario, place or named_district(scenario.place_reference))
    except FileError as error:
        return DraftCheck(text, own, whole, error.problems, scenario)
    if base is None:
        return DraftCheck(text, own, whole, (), scenario, spec)
    try:
        base_spec, spec = specify_comparable([base, scenario], place=place).specs
    except SimulatorError as error:
        unlike = Problem(path.name, None, "", str(error).removesuffix("."), "Choose another scenario to compare with")
        return DraftCheck(text, own, whole, (unlike,), scenario, spec)
    return DraftCheck(text, own, whole, (), scenario, spec, base_spec)


# References of a scenario from a browser: only plain names of scenarios, places and files, no other path on disk.


PLAIN: Final = re.compile(r"[A-Za-z0-9_]{1,80}(\.ya?ml)?")
_BESIDE: Final = "Name a shipped one, or one that you have saved here"
Fault = tuple[tuple[Step, ...], str, str]


def foreign_references(data: Mapping[str, Any]) -> Iterator[Fault]:
    """References outside the scenario's folder, and to places that are not shipped: path and clauses of the problem.

    >>> [fault[1] for fault in foreign_references({"extends": "../../etc/passwd.yaml"})]
    ["'../../etc/passwd.yaml' is outside your own folder"]
    """
    spread = data.get("spread")
    references: list[tuple[tuple[Step, ...], Any]] = [(("extends",), data.get("extends"))]
    references.append((("spread", "county"), spread.get("county") if isinstance(spread, dict) else None))
    files = data.get("programmes")
    references += [(("programmes", index), file) for index, file in enumerate(files if isinstance(files, list) else ())]
    for path, name in references:
        if isinstance(name, str) and not PLAIN.fullmatch(name):
            yield path, f"'{name}' is outside your own folder", _BESIDE
    place = data.get("place")
    if isinstance(place, str) and place not in place_names() and named_district(place) is None:
        yield (
            ("place",),
            f"there is no shipped place '{place}'",
            f"Choose one of {', '.join(place_names())}, or a district",
        )
