"""Real runs that take a moment: 2,000 residents of Frome, one quarter."""

from __future__ import annotations

from functools import lru_cache

from simulator.places import Place, load_place
from simulator.scenario.scenario import load_scenario
from simulator.specification.spec import Spec, build_spec


@lru_cache(maxsize=1)
def small_frome() -> Place:
    """Frome with 2,000 residents."""
    return Place(**{**load_place("frome").model_dump(), "residents": 2000})


@lru_cache(maxsize=8)
def small_spec(scenario: str = "baseline", weeks: int = 13) -> Spec:
    """A shipped scenario in `small_frome`."""
    return build_spec(load_scenario(scenario), small_frome(), weeks=weeks)
