"""What a bundle holds: scenarios, each compared with its base in every place and through every lens; plans by size."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any, Final, NamedTuple, Self

import pandas as pd

from simulator.api import specify_comparable
from simulator.bundle.tables import compared, sizes_compared
from simulator.comparison.comparability import seeds_in_words
from simulator.experiments.sized_plan import SizeQuestion, size_question
from simulator.lenses import apply_lens, lens_names
from simulator.places import load_place, place_names
from simulator.results.results import Results
from simulator.running.ensemble import RunGroup
from simulator.scenario.files import scenario_names
from simulator.scenario.scenario import Scenario, load_scenario
from simulator.specification.spec import Spec

BASE: Final = "baseline"
"""The scenario that every other is compared with."""
Key = tuple[str, str, str]
"""Scenario, place and lens of a comparison."""
SIZED: Final = ("relational_offset", "relational_offset_as_claimed")
"""Scenarios that are also run at several sizes, in the first of their places."""


class Work(NamedTuple):
    """Runs that share a place, a lens and a calendar, the base first, and the tables that are made of them."""

    group: RunGroup
    tables: Callable[[Sequence[Results]], list[dict[str, pd.DataFrame]]]


class Pair(NamedTuple):
    """Specifications that are compared."""

    base: Spec
    spec: Spec

    @property
    def key(self) -> Key:
        """Scenario, place and lens."""
        return self.spec.scenario.name, self.spec.place.name, self.spec.applied_lens.lens


@dataclass(frozen=True)
class BundlePlan:
    """What to compare. Empty lists mean everything that is shipped (`scenarios_of`, `places_of`, every lens)."""

    seeds: tuple[int, ...]
    scenarios: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    lenses: tuple[str, ...] = ()
    years: int | None = None  # instead of the scenarios' length

    @classmethod
    def of_record(cls, record: Mapping[str, Any]) -> Self:
        """The plan in the record of a bundle."""
        asked = record["plan"]
        lists = {name: tuple(asked[name]) for name in ("seeds", "scenarios", "places", "lenses")}
        return cls(**lists, years=asked["years"])

    @property
    def record(self) -> dict[str, Any]:
        """The plan, ready for JSON, and the command that carries it out."""
        return {"plan": asdict(self), "command": self.command}

    @property
    def command(self) -> str:
        """The command that makes this bundle.

        >>> BundlePlan(tuple(range(16)), places=("frome",)).command
        'offset bundle --place frome --seeds 16'
        """
        named = (("scenario", self.scenarios), ("place", self.places), ("lens", self.lenses))
        parts = [f"--{option} {name}" for option, names in named for name in names]
        words = seeds_in_words(self.seeds)
        parts.append(f"--seeds {len(self.seeds) if words == f'0-{len(self.seeds) - 1}' else words}")
        parts += [] if self.years is None else [f"--years {self.years}"]
        return " ".join(["offset bundle", *parts])

    def work(self) -> list[Work]:
        """Everything to run, the longest first; raises as `pairs`."""
        found = [*work_of(self.pairs()), *(Work(group, partial(sizes_compared, of)) for of, group in self.sizes())]
        return sorted(found, key=lambda work: -work.group.resident_weeks)

    def sizes(self) -> Iterator[tuple[SizeQuestion, RunGroup]]:
        """Plans at several sizes, through every lens."""
        base = load_scenario(BASE)
        for name in SIZED:
            if self.scenarios and name not in self.scenarios:
                continue
            plan = load_scenario(name)
            place = next(_places_of(plan, base, self.places or shipped_places()))
            before, after = specify_comparable([base, plan], place=place, years=self.years).specs
            question = size_question(after, before)
            for group in question.groups([apply_lens(lens) for lens in self.lenses or lens_names()]):
                yield question, group

    def pairs(self) -> list[Pair]:
        """Every comparison, ordered by lens, place and scenario.

        Raises UnknownNameError, ScenarioError, PlaceError or LensError before anything runs.
        """
        base = load_scenario(BASE)
        scenarios = [load_scenario(name) for name in self.scenarios or shipped_scenarios()]
        found = []
        applied_lenses = [apply_lens(name) for name in self.lenses or lens_names()]
        for scenario in scenarios:
            for place in _places_of(scenario, base, self.places or shipped_places()):
                specs = specify_comparable([base, scenario], place=place, years=self.years).specs
                found += [Pair(*(spec.read_through(lens) for spec in specs)) for lens in applied_lenses]
        return sorted(found, key=lambda pair: tuple(reversed(pair.key)))


def shipped_scenarios() -> tuple[str, ...]:
    """Shipped scenarios that are about one place: all but the base and those that spread over a county."""
    return tuple(name for name in scenario_names() if name != BASE and load_scenario(name).spread is None)


def shipped_places() -> tuple[str, ...]:
    """The base's place, Frome, and the composite places."""
    composite = (name for name in place_names() if load_place(name).composite)
    return (str(load_scenario(BASE).place_reference), *composite)


def _places_of(scenario: Scenario, base: Scenario, places: Sequence[str]) -> Iterator[str]:
    """Where a scenario is run: one that has its own place or calendar in its place alone."""
    if scenario.calendar is not None or scenario.place_reference != base.place_reference:
        yield str(scenario.place_reference)
    else:
        yield from places


def work_of(pairs: Sequence[Pair]) -> list[Work]:
    """The runs of these comparisons; each base is run once, before its scenarios."""
    specs: dict[str, list[Spec]] = {}
    for pair in pairs:
        specs.setdefault(pair.base.hash, [pair.base]).append(pair.spec)
    return [Work(RunGroup(tuple(some)), compared) for some in specs.values()]
