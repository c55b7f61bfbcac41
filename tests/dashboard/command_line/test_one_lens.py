"""Commands that take one lens: the evidence as written by default, and the lens named in the output."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from simulator.experiments import attribution
from simulator.places.loading import SHIPPED_FOLDER
from simulator.running import ensemble
from tests.dashboard.command_line.test_command_line import offset
from tests.helpers.hand_lens import HUB, hand_lens
from tests.helpers.spread_files import write_county
from tests.helpers.synthetic_results import run
from tests.simulator.places.test_places_writing import AREAS

pytestmark = pytest.mark.thorough

READING = "By hand, none of Frome's gap taken as caused by its programme"


@pytest.fixture
def through(tmp_path):
    return ("--lens", hand_lens(tmp_path / "by-hand", passed=False), "--frome", 0)


@pytest.fixture
def small(tmp_path):
    text = (SHIPPED_FOLDER / "frome.yaml").read_text(encoding="utf-8").replace("name: frome", "name: hamlet")
    path = tmp_path / "hamlet.yaml"
    path.write_text(text.replace("residents: 28000", "residents: 2000"), encoding="utf-8")
    return ("--place", path, "--seeds", 2, "--years", 1, "--workers", 1)


@pytest.fixture
def seen(monkeypatch):
    """Readings of the runs asked for; the runs are made up."""
    readings: list[str] = []

    def simulate(spec, seed, parameter_draw, replay=None):
        readings.append(spec.applied_lens.said)
        return run({"overnight_admissions": 1000, "bed_days": 3000}, quarters=4)

    monkeypatch.setattr(ensemble, "simulate", simulate)
    monkeypatch.setattr(attribution, "simulate", simulate)
    return readings


def test_a_run_holds_the_draws_of_its_lens_and_says_which_check_failed(through, small, tmp_path, messages):
    done = offset("run", "frome", *small, *through, "--out", tmp_path / "out")
    assert done.exit_code == 0, done.output
    assert f"Lens: {READING}." in done.stdout
    messages.check(done.stderr)
    values = pd.read_parquet(tmp_path / "out" / "parameters.parquet").set_index(["seed", "path"])["value"]
    assert values[0, HUB] == 0.0


def test_parts_of_an_effect_use_the_lens(through, seen, small):
    how = (*small, "--seeds", 1, *through, "--json", "--quiet")
    found = json.loads(offset("attribute", "digital_exclusion", *how).stdout)
    assert found["record"]["lens_title"] == READING
    assert len(seen) > 2
    assert set(seen) == {READING}


def test_studies_are_made_through_the_lens(through, small):
    how = ("--design", "before-after", "--scenario", "frome", "--place", small[1], "--seeds", 1, "--years", 3)
    done = offset("evaluate", "health_connectors", *how, "--workers", 1, *through)
    assert done.exit_code == 0, done.output
    assert f"Lens: {READING}." in done.stdout


def test_a_county_and_a_nation_are_run_through_the_lens(through, seen, tmp_path):
    done = offset("spread", "candles", "--county", write_county(tmp_path), "--seeds", 2, "--workers", 1, *through)
    assert done.exit_code == 0, done.output
    assert f"Lens: {READING}." in done.stdout
    of_county = len(seen)
    assert of_county > 0
    how = ("--table", AREAS, "--scale", "5%", "--years", 1, "--workers", 1, "--seeds", 2)
    done = offset("nation", "relational_offset", *how, *through)
    assert done.exit_code == 0, done.output
    assert f"Lens: {READING}." in done.stdout
    assert len(seen) > of_county
    assert set(seen) == {READING}


def test_the_default_is_the_evidence_as_written(seen, small, messages):
    done = offset("run", "baseline", *small)
    messages.check(done.stdout)
    assert set(seen) == {"Evidence as written"}


@pytest.mark.parametrize("command", ["run", "attribute", "evaluate", "spread", "nation"])
def test_two_lenses_at_once_and_settings_without_effect_are_refused(command, seen, messages):
    named = "health_connectors" if command == "evaluate" else "candles" if command == "spread" else "frome"
    both = offset(command, named, "--lens", "both")
    assert both.exit_code == 2
    messages.check(words(both))
    dial = offset(command, named, "--frome", "0.5")
    assert dial.exit_code == 2
    messages.check(words(dial))
    assert seen == []


def words(done):
    return " ".join(done.output.replace("│", " ").split())
