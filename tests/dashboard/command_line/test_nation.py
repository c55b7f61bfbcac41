"""The command that runs a nation: output, files written during and after the run, exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from dashboard.command_line import app
from dashboard.command_line.options import parse_scale
from dashboard.report.folder import read_comparison
from simulator.nations import NationFolder
from simulator.results.folder import hash_of
from simulator.running import ensemble
from tests.helpers.messages import headings
from tests.helpers.synthetic_results import run
from tests.simulator.places.test_places_writing import AREAS

pytestmark = pytest.mark.thorough

SMALL = ("--table", AREAS, "--scale", "5%", "--years", 1, "--workers", 1)


@pytest.fixture
def failing(monkeypatch):
    """Runs are made up; those of the scenario fail in the places put into the list."""
    places: list[str] = []

    def simulate(spec, seed, parameter_draw):
        if spec.place.name in places and spec.scenario.name != "baseline":
            raise MemoryError("no room left")
        fewer = 7 if spec.scenario.name != "baseline" else 0
        return run({"overnight_admissions": 1000 - fewer - seed % 2**32, "bed_days": 3000}, quarters=4)

    monkeypatch.setattr(ensemble, "simulate", simulate)
    return places


def offset(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_a_nation_is_reported_with_its_scale_and_written_completely(failing, tmp_path: Path, messages):
    out = tmp_path / "england"
    done = offset("nation", "relational_offset", *SMALL, "--seeds", 4, "--out", out)
    assert done.exit_code == 0, done.output
    for words in (
        "each simulated resident representing 14.35",
        "80 % range",
        "Variation between places",
        "Places where emergency admissions fall and rise most",
        "Results are scaled up by 14.35 (by place: 1.113 to 20)",
    ):
        assert words in done.stdout
    assert not (tmp_path / "england.unfinished").exists()
    tables = {path.stem: pd.read_csv(path) for path in out.glob("*.csv")}
    assert {name: len(table) for name, table in tables.items() if name in ("places", "failures")} == {
        "places": 4,
        "failures": 0,
    }
    assert len(tables["outcomes"]) == 4 * 9
    assert all("factor" in tables[name].columns for name in ("places", "outcomes", "totals", "spread"))
    record = json.loads((out / "record.json").read_text(encoding="utf-8"))
    assert record["finished"]
    assert record["factor"] == pytest.approx(14.3544, abs=1e-3)
    assert record["files"]["totals.csv"] == hash_of(out / "totals.csv")
    comparison, remarks = read_comparison(out / "comparison")
    assert comparison.scenario.record["simulated_residents"] == 11_838
    messages.check(remarks)
    messages.check(headings((out / "comparison" / "report.html").read_text(encoding="utf-8")))


def test_json_holds_every_table(failing):
    done = offset("nation", "relational_offset", *SMALL, "--seeds", 1, "--json")
    content = json.loads(done.stdout)
    assert {"headline", "totals", "spread", "places", "outcomes", "failures", "remarks", "record"} == set(content)
    assert content["record"]["places"] == 4


def test_a_failed_place_is_named_and_the_rest_is_reported(failing, tmp_path: Path, messages):
    failing.append("rutland")
    out = tmp_path / "england"
    done = offset("nation", "relational_offset", *SMALL, "--seeds", 1, "--out", out)
    assert done.exit_code == 3
    messages.check(done.stderr)
    messages.check(done.stdout)
    assert pd.read_csv(out / "failures.csv")["place"].tolist() == ["rutland"]
    assert pd.read_csv(out / "places.csv").set_index("place")["left_out"]["rutland"]


def test_places_are_on_disk_as_soon_as_they_are_done(failing, tmp_path: Path, monkeypatch):
    seen = []

    def add(self, done):
        real(self, done)
        seen.append(len(pd.read_csv(self.growing / "places.csv")))

    real = NationFolder.add
    monkeypatch.setattr(NationFolder, "add", add)
    assert offset("nation", "relational_offset", *SMALL, "--seeds", 1, "--out", tmp_path / "new").exit_code == 0
    assert seen == [1, 2, 3, 4]


def test_invalid_options_are_refused_before_anything_runs(failing, tmp_path: Path, messages):
    messages.check(offset("nation", "relational_offset", "--scale", "2").stderr)
    messages.check(offset("nation", "relational_offset", "--scale", "much").stderr)
    missing = offset("nation", "relational_offset", "--table", tmp_path / "none.csv")
    assert missing.exit_code == 1
    messages.check(missing.stderr)
    foreign = tmp_path / "mine"
    foreign.mkdir()
    (foreign / "thesis.txt").write_text("do not lose", encoding="utf-8")
    refused = offset("nation", "relational_offset", *SMALL, "--out", foreign)
    assert refused.exit_code == 1
    messages.check(refused.stderr)
    assert (foreign / "thesis.txt").exists()


def test_scales_are_numbers_or_percentages():
    assert [parse_scale(text) for text in ("1", "0.25", "2.5%", "100 %")] == [1.0, 0.25, 0.025, 1.0]
