"""A small county, and made-up runs for it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from simulator.running import ensemble
from tests.helpers.synthetic_results import lively

SMALL = """\
name: my_county
title: My county
origin: hill
source: A map of our own
grade: assumption
places:
  - {name: hill, title: Hill, based_on: frome, residents: 2000, neighbours: [levels]}
  - {name: levels, title: Levels, based_on: somerset, residents: 3000, neighbours: [town]}
  - {name: town, title: Town, based_on: somerset, residents: 2000, neighbours: [levels]}
"""
EFFECT = {"baseline": 0.0, "candles": 0.3, "rollout": 0.1}


def write_county(folder: Path) -> Path:
    """A county file with three places in a row."""
    path = folder / "my_county.yaml"
    path.write_text(SMALL, encoding="utf-8")
    return path


def make_up_runs(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, int, int | None]]:
    """Replace runs by made-up ones that improve with the scenario; the returned list records their arguments."""
    made: list[tuple[Any, int, int | None]] = []
    quick = {name: lively(4, effect) for name, effect in EFFECT.items()}

    def simulate(spec, seed, parameter_draw):
        made.append((spec, seed, parameter_draw))
        frames = quick[spec.scenario.name][seed % 2**32]
        return frames._replace(cells=frames.cells[: spec.weeks // 13])

    monkeypatch.setattr(ensemble, "simulate", simulate)
    return made
