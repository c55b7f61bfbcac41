"""A question: scenarios in one place through one lens, with a number of replications; and its key."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final, Self

from pydantic import Field
from ruamel.yaml import YAML

from dashboard.text.lens_names import applied_lens_by_key
from simulator.api import specify_comparable
from simulator.comparison.verdict import ENOUGH
from simulator.districts import load_place, place_names
from simulator.errors import UnknownNameError
from simulator.lenses import AS_WRITTEN
from simulator.places import Place, read_place
from simulator.results.run_record import model_version
from simulator.scenario.scenario import Scenario, load_scenario, scenario_from_text, scenario_names
from simulator.specification.spec import Spec

EVIDENCE: Final = "evidence"
"""The evidence as written, without a fitted lens. Others by key (`dashboard.text.lens_names`)."""
QUICK_PAIRS: Final = ENOUGH
MOST_PAIRS: Final = 1000
Pairs = Annotated[int, Field(ge=1, le=MOST_PAIRS, strict=True)]
"""Replications that a user may ask for."""
KEY_DIGITS: Final = 24
Places = Callable[[str], Place]
"""A place by its name. Raises UnknownNameError or PlaceError."""


@dataclass(frozen=True)
class Question:
    """A user's question. The first scenario is the base with which the others are compared."""

    scenarios: tuple[Scenario, ...]
    place: str  # a shipped place, or the name of a file in the places' folder without its ending
    pairs: int = QUICK_PAIRS  # replications: seeds 0, 1, 2 and so on
    lens: str = EVIDENCE
    years: int | None = None  # instead of the scenarios' length

    @property
    def title(self) -> str:
        """The scenarios' titles in one line."""
        base, *others = (scenario.title for scenario in self.scenarios)
        return f"{', '.join(others)} against {base}" if others else base

    @property
    def names(self) -> tuple[str, ...]:
        """The scenarios' names in links, base first."""
        return tuple(link_name(scenario) for scenario in self.scenarios)

    @property
    def seeds(self) -> range:
        """The seeds of the replications, the same in every question, so that a longer run extends a shorter one."""
        return range(self.pairs)

    def specs(self, places: Places) -> tuple[Spec, ...]:
        """Specifications to run, base first.

        Raises ScenarioError or PlaceError with every problem, IncomparableRunsError if the scenarios cannot be
        compared, UnknownNameError for an unknown place or lens.
        """
        return self.read(specify_comparable(self.scenarios, place=places(self.place), years=self.years).specs)

    def read(self, written: tuple[Spec, ...]) -> tuple[Spec, ...]:
        """The specifications ``written`` with the evidence as written, with the lens of the question applied."""
        applied_lens = applied_lens_by_key(self.lens)
        return written if applied_lens is AS_WRITTEN else tuple(spec.read_through(applied_lens) for spec in written)

    def note(self, places: Places) -> str | None:
        """A sentence on the calendar, if it was taken from one of the scenarios."""
        return specify_comparable(self.scenarios, place=places(self.place), years=self.years).note

    def key(self, specs: tuple[Spec, ...]) -> str:
        """Hash in 24 hexadecimal digits of contents, place, lens, seeds and model version."""
        content = [
            [spec.scenario.model_dump(mode="json", exclude={"extends"}) for spec in specs],
            [spec.hash for spec in specs],  # evidence, calendar, own programmes
            specs[0].place.model_dump(mode="json"),
            self.lens,
            list(self.seeds),
            model_version(),
        ]
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:KEY_DIGITS]

    def as_text(self) -> str:
        """The question as self-contained JSON; the inverse of `from_text`."""
        scenarios = [{"text": _standalone(one), "folder": str(one.programme_folder)} for one in self.scenarios]
        return json.dumps(
            {"scenarios": scenarios, "place": self.place, "pairs": self.pairs, "lens": self.lens, "years": self.years}
        )

    @classmethod
    def from_text(cls, text: str) -> Self:
        """The question written by `as_text`. Raises ScenarioError if this version cannot read its scenarios."""
        parts = json.loads(text)
        scenarios = tuple(
            scenario_from_text(one["text"], Path(one["folder"]) / "question.yaml") for one in parts.pop("scenarios")
        )
        return cls(scenarios, **parts)


def shipped_scenario(name: str) -> Scenario:
    """A shipped scenario by its name, which a stranger may have sent and so is never a path.

    Raises UnknownNameError for any other.
    """
    if name not in scenario_names():
        raise UnknownNameError("scenario", name, scenario_names())
    return load_scenario(name)


def link_name(scenario: Scenario) -> str:
    """A scenario's name in links: the name of a shipped one; any other name with eight digits of its hash."""
    shipped = scenario.name in scenario_names() and load_scenario(scenario.name) == scenario
    return scenario.name if shipped else f"{scenario.name}-{scenario.hash}"


def place_of(name: str, folder: Path, given: tuple[Place, ...] = ()) -> Place:
    """One of the ``given`` places, one of the folder, or a shipped one.

    Raises UnknownNameError for any other, PlaceError for an invalid file.
    """
    for place in given:
        if place.name == name:
            return place
    own = tuple(sorted(path.stem for path in folder.glob("*.yaml")))
    if name in own:
        return read_place(folder / f"{name}.yaml", f"places/{name}.yaml")
    if name not in place_names():
        raise UnknownNameError("place", name, (*own, *place_names()))
    return load_place(name)


def _standalone(scenario: Scenario) -> str:
    """A scenario as YAML, including everything inherited from those it extends."""
    stream = io.StringIO()
    YAML(typ="safe").dump(_plain(scenario.model_dump(exclude={"extends"}, exclude_unset=True)), stream)
    return stream.getvalue()


def _plain(value: Any) -> Any:
    """A value as dictionaries and lists of types that YAML knows."""
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    return [_plain(part) for part in value] if isinstance(value, list | tuple) else value
