"""The command that spreads a plan over a county: output, files, exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from dashboard.command_line import app
from simulator.results.results import read_results
from simulator.running import ensemble
from tests.helpers.messages import titles
from tests.helpers.spread_files import make_up_runs, write_county
from tests.helpers.synthetic_results import run

pytestmark = pytest.mark.thorough


@pytest.fixture
def small_county(tmp_path: Path) -> Path:
    return write_county(tmp_path)


@pytest.fixture
def calls(monkeypatch):
    return make_up_runs(monkeypatch)


def offset(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_the_command_prints_starts_without_running_anything(calls, messages):
    done = offset("spread", "candles", "rollout", "--plan-only")
    assert done.exit_code == 0, done.output
    messages.check(titles(done.stdout))
    assert calls == []
    tables = json.loads(offset("spread", "candles", "--plan-only", "--json").stdout)
    assert set(tables) == {"adoption", "reach"}


def test_the_command_runs_every_place_and_writes_tidy_tables(calls, small_county: Path, tmp_path: Path, messages):
    out = tmp_path / "county"
    done = offset("spread", "candles", "rollout", "--county", small_county, "--seeds", 2, "--workers", 1, "--out", out)
    assert done.exit_code == 0, done.output
    messages.check(titles(done.stdout))
    assert len(calls) == 3 * 3 * 2
    assert {path.stem for path in out.glob("*.parquet")} == {"adoption", "reach", "overtaking", "effects", "winners"}
    candles = read_results(out / "candles")
    assert candles.cells["place"].nunique() == 3
    assert candles.record["place"] == "my_county"
    effects_by_place = pd.read_parquet(out / "effects.parquet")
    assert effects_by_place["place"].nunique() == 4
    again = offset("spread", "candles", "--county", small_county, "--seeds", 2, "--workers", 1, "--json")
    assert {"adoption", "reach", "effects", "record"} == set(json.loads(again.stdout))


def test_differences_are_printed_with_units_rounded_to_their_error(calls, small_county: Path):
    asked = ("spread", "candles", "rollout", "--county", small_county, "--workers", 1, "--seeds")
    several = offset(*asked, 2).stdout
    on_progress = several[several.index("Differences from") :]
    assert "nan" not in on_progress
    assert "monte carlo" not in on_progress
    costs = [line for line in on_progress.splitlines() if line.startswith(" Like candles") and "Cost of care" in line]
    assert costs
    assert all("£" in cost and " to " in cost and cost.endswith("pounds a year") for cost in costs)
    assert any(line.split()[:1] == ["1"] and line.endswith(" admissions") for line in on_progress.splitlines())
    alone = offset(*asked, 1).stdout
    costs = [line for line in alone.splitlines() if line.startswith(" Like candles") and "Cost of care" in line]
    assert costs
    assert not any(" to " in cost for cost in costs), "one run has no range"


def test_the_command_says_which_runs_failed(small_county, monkeypatch, messages):
    def simulate(spec, seed, parameter_draw):
        if spec.place.name == "levels" and seed % 2**32 == 1:
            raise MemoryError("no room left")
        return run({"bed_days": 1}, quarters=4)

    monkeypatch.setattr(ensemble, "simulate", simulate)
    arguments = ("spread", "candles", "--county", small_county, "--seeds", 3, "--years", 1, "--workers", 1)
    refused = offset(*arguments)
    assert refused.exit_code == 3
    messages.check(refused.stderr)
    allowed = offset(*arguments, "--incomplete")
    assert allowed.exit_code == 3
    messages.check(allowed.stdout)


def test_a_county_file_is_validated_and_has_a_schema(tmp_path: Path, messages):
    source = Path(__file__).parents[3] / "simulator" / "counties" / "somerset_like.yaml"
    messages.check(offset("validate", source).stdout)
    bad = tmp_path / "somerset_like.yaml"
    bad.write_text(
        source.read_text(encoding="utf-8").replace("origin: market_town", "origin: market"), encoding="utf-8"
    )
    done = offset("validate", bad)
    assert done.exit_code == 1
    messages.check(done.stderr)
    assert json.loads(offset("schema", "county").stdout)["title"] == "A county"
