"""Relational offset policy simulator: what happens when a place automates tasks and spends what that frees on people.

    from simulator import load, run, compare
    baseline = run(load("scenarios/baseline.yaml"), seeds=range(100))
    offset = run(load("scenarios/relational_offset.yaml"), seeds=range(100))
    compare(offset, baseline).by("age_band")

Names are imported when first used, so that the command line starts quickly.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from simulator.api import compare, describe, evaluate, load, nation, run, size, value
    from simulator.comparison.comparison import Comparison
    from simulator.districts import load_place
    from simulator.errors import SimulatorError
    from simulator.evaluation import Evaluation
    from simulator.results.results import Results, read_results
    from simulator.scenario.scenario import Scenario

_API = "simulator.api"
_HOMES = {
    "Attribution": "simulator.experiments.attribution",
    "Comparison": "simulator.comparison.comparison",
    "Evaluation": "simulator.evaluation",
    "Results": "simulator.results.results",
    "Scenario": "simulator.scenario.scenario",
    "SimulatorError": "simulator.errors",
    "load_place": "simulator.districts",
    "read_results": "simulator.results.results",
    **dict.fromkeys(("attribute", "compare", "describe", "evaluate", "load", "nation", "run", "size", "value"), _API),
}
__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'simulator' has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
