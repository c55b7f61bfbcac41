"""A response surface of made-up runs: admissions fall with automation, and with money less than in proportion."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from calibration.surface import Surface
from calibration.surface.making import SurfacePlan, make_surface
from simulator.foundations.measures import INDEX
from simulator.running import ensemble
from tests.helpers.synthetic_results import run_of

SMALL = SurfacePlan(points=32, draws=2, residents=7000, years=1)


def fewer(scenario, seed):
    """The admissions that a made-up run has less than the baseline."""
    money = sum(fund.pounds_per_resident or 0.0 for fund in scenario.funding)
    share = scenario.automate[0].share if scenario.automate else 0.0
    return (1.0 + 0.1 * (seed // 2)) * (100.0 * share + 40.0 * math.log1p(money / 10.0))


def made_up(spec, seed, parameter_draw):
    """In place of `simulate`."""
    frames = run_of(spec, seed, parameter_draw)
    frames.cells[0, 0, INDEX["overnight_admissions"]] = round(1000.0 - fewer(spec.scenario, seed))
    frames.cells[0, 0, INDEX["bed_days"]] = round(5000.0 - 6.0 * fewer(spec.scenario, seed))
    return frames


def write_surface(folder: Path, monkeypatch: pytest.MonkeyPatch, plan: SurfacePlan = SMALL) -> Surface:
    """Make a surface in a folder from made-up runs."""
    monkeypatch.setattr(ensemble, "simulate", made_up)
    with ThreadPoolExecutor(1) as executor:
        return make_surface(plan, folder, executor)
