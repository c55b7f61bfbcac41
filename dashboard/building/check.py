"""A draft checked as `offset run` would check it: by the models of the files, then against evidence and place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dashboard.building.references import foreign_references
from dashboard.building.text import data_of
from simulator.api import specify_alike
from simulator.errors import FileError, Problem, ScenarioError, SimulatorError
from simulator.files import read_yaml_text
from simulator.places import Place
from simulator.scenario import Scenario, scenario_from_text
from simulator.scenario_files import read_chain, resolve
from simulator.spec import Spec, build_spec


@dataclass(frozen=True)
class Checked:
    """What is known of a draft. ``scenario`` and ``spec`` are None while it has faults."""

    text: str
    own: Mapping[str, Any]  # what the file says; empty if it is no YAML
    whole: Mapping[str, Any]  # with what it takes from those it extends
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
    """What a text says, and what it says with what it extends; that alone, if this cannot be read."""
    own = data_of(text)
    if any(foreign_references(own)):
        return own, own
    try:
        return own, resolve(read_chain(path, text)).data
    except FileError:
        return own, own


def check(text: str, path: Path, base: Scenario | None = None, place: Place | None = None) -> Checked:
    """Check the text of a draft as if it were the file at ``path``, in a place and beside the scenario it is held
    against; the scenario's own place and none beside it if these are not given."""
    try:
        document = read_yaml_text(text, path.name, ScenarioError)
    except ScenarioError as error:
        return Checked(text, {}, {}, error.problems)
    own = document.data
    if not isinstance(own, dict):
        wrong = "a scenario is a group of fields"
        return Checked(text, {}, {}, (document.problem((), wrong, "Write fields as 'name: value'"),))
    foreign = tuple(document.problem(*fault) for fault in foreign_references(own))
    if foreign:
        return Checked(text, own, own, foreign)
    try:
        whole = resolve(read_chain(path, text)).data
    except FileError as error:
        return Checked(text, own, own, error.problems)
    try:
        scenario = scenario_from_text(text, path)
    except FileError as error:
        return Checked(text, own, whole, error.problems)
    try:
        spec = build_spec(scenario, place)
    except FileError as error:
        return Checked(text, own, whole, error.problems, scenario)
    if base is None:
        return Checked(text, own, whole, (), scenario, spec)
    try:
        base_spec, spec = specify_alike([base, scenario], place=place).specs
    except SimulatorError as error:
        unlike = Problem(path.name, None, "", str(error).removesuffix("."), "Choose another scenario to compare with")
        return Checked(text, own, whole, (unlike,), scenario, spec)
    return Checked(text, own, whole, (), scenario, spec, base_spec)
