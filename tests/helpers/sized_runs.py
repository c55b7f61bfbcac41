"""Made-up runs of a plan at several sizes: effects that grow with the multiple, by hand."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from simulator.results.results import PROGRAMME_COLUMNS, VOLUNTEER_COLUMNS, RunFrames, parameter_values
from simulator.running import ensemble
from tests.helpers.synthetic_results import run

PLACES = 60
"""Members of each unit of the programme while there are people to offer it to."""


def multiple_of(name: str) -> float:
    """The multiple in the name of a scaled scenario; 0 for the baseline."""
    if name == "baseline":
        return 0.0
    _, times, multiple = name.partition("_times_")
    return float(multiple.replace("_", ".")) if times else 1.0


def frames_at(multiple: float, seed: int, quarters: int) -> RunFrames:
    """Fewer admissions by ten a multiple up to five, fewer lonely by three, and ever more money for cafés.

    Cafés have members in proportion to their units up to five times the plan, and then no more to offer to.
    """
    filled = min(multiple, 5.0)
    counts = {
        "overnight_admissions": 1000 - round(10 * filled) - (seed % 3 if multiple else 0),
        "lonely_weeks": 52 * 400 - round(52 * 3 * multiple),
        "adult_weeks": 52 * 4000,
    }
    members, spent = round(PLACES * filled), round(2_000_000 * multiple)
    money = [
        (at, "talking_cafes", "new_money", "nhs", spent, multiple, members, 13 * members, 4 * members, members)
        for at in range(quarters if multiple else 0)
    ]
    willing = [(at, "talking_cafes", round(2 * multiple), 0, 0.0, 0.0, 0, 0, 0, 0, 100) for at, *_ in money]
    frames = run(counts, quarters=quarters, bought=pd.DataFrame(money, columns=list(PROGRAMME_COLUMNS)))
    return frames._replace(volunteers=pd.DataFrame(willing, columns=list(VOLUNTEER_COLUMNS)))


def make_up_sizes(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Replace runs by made-up ones; the returned list records their specifications."""
    made: list[Any] = []

    def simulate(spec, seed, parameter_draw):
        made.append(spec)
        frames = frames_at(multiple_of(spec.scenario.name), seed, -(-spec.weeks // 13))
        own = parameter_values(spec.rates(None), spec.evidence)
        return frames._replace(parameters={**frames.parameters, **own})

    monkeypatch.setattr(ensemble, "simulate", simulate)
    return made
