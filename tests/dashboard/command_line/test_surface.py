"""``offset surface``: estimates from made-up runs, resumed from a store, and checked."""

from __future__ import annotations

import inspect
import json
from dataclasses import asdict

import pytest

from calibration.surface import load_surface
from calibration.surface.making import SurfacePlan
from dashboard.command_line.surface import surface
from simulator.running import ensemble
from tests.dashboard.command_line.test_command_line import offset
from tests.helpers.made_up_surface import made_up

pytestmark = pytest.mark.thorough

SMALL = ("--residents", 7000, "--points", 8, "--draws", 2, "--lens", "evidence", "--years", 1, "--workers", 1)


@pytest.fixture
def seen(monkeypatch):
    """Scenario and seed of every run; the runs are made up."""
    runs: list[tuple[str, int]] = []

    def simulate(spec, seed, parameter_draw):
        runs.append((spec.scenario.name, seed))
        return made_up(spec, seed, parameter_draw)

    monkeypatch.setattr(ensemble, "simulate", simulate)
    return runs


def test_the_command_writes_a_surface_says_its_errors_and_resumes(seen, tmp_path, messages):
    how = ("surface", *SMALL, "--out", tmp_path / "surface", "--store", tmp_path / "runs")
    done = offset(*how)
    assert done.exit_code == 0, done.output
    first, *_ = done.stdout.splitlines()
    assert first.startswith("frome, evidence: emergency admissions, estimates miss 2 plans not seen by ")
    assert first.endswith(" of runs lie in their 80 % ranges.")
    messages.check(done.stderr)
    assert len(seen) == 2 * 9
    assert {seed for _, seed in seen} == {0, 2}
    assert offset(*how).exit_code == 0
    assert len(seen) == 2 * 9
    assert load_surface(tmp_path / "surface").record["simulated"] == {"frome": 7000}


def test_the_check_makes_a_pair_again_and_names_an_outdated_surface(seen, tmp_path, messages):
    folder = tmp_path / "surface"
    assert offset("surface", *SMALL, "--out", folder, "--quiet").exit_code == 0
    before = len(seen)
    done = offset("surface", "--check", "--out", folder, "--workers", 1)
    assert (done.exit_code, done.stderr) == (0, "")
    messages.check(done.stdout)
    assert len(seen) == before + 2
    record = json.loads((folder / "record.json").read_text(encoding="utf-8"))
    changed = {**record, "scenarios": {**record["scenarios"], "relational_offset": "00000000"}}
    (folder / "record.json").write_text(json.dumps(changed), encoding="utf-8")
    done = offset("surface", "--check", "--out", folder, "--workers", 1)
    assert done.exit_code == 1
    messages.check(done.stderr)


def test_what_ships_is_what_the_command_makes_without_options():
    usual, ships = SurfacePlan(), load_surface().record
    assert (ships["command"], ships["plan"]) == (usual.command, json.loads(json.dumps(asdict(usual))))
    asked = inspect.signature(surface).parameters
    for option in ("points", "draws", "residents"):
        assert asked[option].default == getattr(usual, option), option
