"""``offset bundle``: tables and the page of results, resumed from a store, checked, and the page written again."""

from __future__ import annotations

import json
from dataclasses import replace

import pandas as pd
import pytest

from calibration.studies import predictions
from dashboard.exports.results_page import results_page
from dashboard.runs.library import Library
from simulator.bundle import load_bundle, same_numbers, write_bundle
from simulator.bundle.plan import BundlePlan
from simulator.lenses import lens_names
from simulator.results.run_record import model_version
from simulator.running import ensemble
from tests.dashboard.command_line.test_command_line import offset
from tests.helpers.synthetic_results import run_of

pytestmark = pytest.mark.thorough

SMALL = ("--scenario", "cautious", "--scenario", "digital_exclusion", "--place", "frome", "--years", 1, "--workers", 1)


@pytest.fixture
def seen(monkeypatch):
    """Scenario and seed of every run; the runs are made up."""
    runs: list[tuple[str, int]] = []

    def simulate(spec, seed, parameter_draw):
        runs.append((spec.scenario.name, seed))
        return run_of(spec, seed, parameter_draw)

    monkeypatch.setattr(ensemble, "simulate", simulate)
    return runs


def test_the_command_writes_tables_and_a_page_and_resumes_from_its_store(seen, tmp_path, messages):
    how = (*SMALL, "--lens", "evidence", "--seeds", 2, "--out", tmp_path / "ready", "--store", tmp_path / "runs")
    done = offset("bundle", *how)
    assert done.exit_code == 0, done.output
    messages.check(done.stderr)
    assert len(seen) == 2 * 4
    page = (tmp_path / "ready" / "RESULTS.md").read_text(encoding="utf-8")
    messages.check(page)
    assert offset("bundle", *how).exit_code == 0
    assert len(seen) == 2 * 4
    assert (tmp_path / "ready" / "RESULTS.md").read_text(encoding="utf-8") == page


def test_the_check_makes_a_sample_again_and_names_what_differs(seen, tmp_path, messages):
    how = ("--out", tmp_path / "ready", "--workers", 1)
    assert offset("bundle", *SMALL, *how, "--lens", "evidence", "--seeds", 3, "--quiet").exit_code == 0
    before = len(seen)
    done = offset("bundle", "--check", *how)
    assert (done.exit_code, done.stderr) == (0, "")
    messages.check(done.stdout)
    assert sorted({seed for _, seed in seen[before:]}) == [0, 1]
    record = json.loads((tmp_path / "ready" / "record.json").read_text(encoding="utf-8"))
    pairs = load_bundle(tmp_path / "ready").tables["pairs"]
    changed = pairs.assign(baseline=pairs["baseline"] + (pairs["measure"] == "bed_days") * (pairs["seed"] == 0))
    tables = {**load_bundle(tmp_path / "ready").tables, "pairs": changed}
    write_bundle(tmp_path / "ready", BundlePlan.of_record(record), tables)
    done = offset("bundle", "--check", *how)
    assert done.exit_code == 1
    messages.check(done.stderr)
    assert offset("bundle", "--page", *how, "--quiet").exit_code == 0
    assert "RESULTS.md" not in offset("bundle", "--check", *how).stderr


def test_a_model_is_confirmed_only_if_the_first_pair_of_every_result_is_the_same(seen, tmp_path, monkeypatch, messages):
    folder, file = tmp_path / "ready", tmp_path / "same_numbers.yaml"
    how = (*SMALL, "--lens", "evidence", "--seeds", 3, "--quiet", "--out", folder)
    assert offset("bundle", *how).exit_code == 0
    file.write_text('versions: ["0123abcd"]\n', encoding="utf-8")
    monkeypatch.setattr("simulator.bundle.FOLDER", folder)
    monkeypatch.setattr(same_numbers, "FILE", file)
    held = load_bundle(folder)
    pairs = held.tables["pairs"]
    changed = pairs.assign(scenario=pairs["scenario"] + (pairs["measure"] == "bed_days"))
    write_bundle(folder, BundlePlan.of_record(held.record), {**held.tables, "pairs": changed})
    done = offset("bundle", "--confirm", "--workers", 1)
    assert done.exit_code == 1
    messages.check(done.stderr)
    assert file.read_text(encoding="utf-8") == 'versions: ["0123abcd"]\n'
    write_bundle(folder, BundlePlan.of_record(held.record), held.tables)
    before = len(seen)
    done = offset("bundle", "--confirm", "--workers", 1, "--quiet")
    assert done.exit_code == 0
    messages.check(done.stdout)
    assert {seed for _, seed in seen[before:]} == {0}
    assert file.read_text(encoding="utf-8").count(model_version().rpartition("+")[2]) == 1
    refused = offset("bundle", "--confirm", "--out", folder)
    assert refused.exit_code == 2
    messages.check(refused.stderr)


def test_ranges_of_a_lens_that_failed_a_check_are_withheld_on_the_page(seen, tmp_path):
    how = (*SMALL, "--lens", "evidence", "--seeds", 2, "--out", tmp_path / "ready", "--quiet")
    assert offset("bundle", *how).exit_code == 0
    held = load_bundle(tmp_path / "ready")
    entries = held.tables["entries"]
    failed = [
        json.dumps({**json.loads(text), "lens_faults": ["Known truths were missed"]}) for text in entries["record"]
    ]
    tables = {**held.tables, "entries": entries.assign(record=pd.Series(failed, dtype=entries["record"].dtype))}
    write_bundle(tmp_path / "ready", BundlePlan.of_record(held.record), tables)
    page = results_page(load_bundle(tmp_path / "ready"))
    assert "Ranges are withheld: Known truths were missed." in page
    (row,) = [line for line in page.splitlines() if line.startswith("| [A cautious start](cautious.yaml) |")]
    assert "−20.5 of 1,000 (withheld: the lens failed a check)" in row


def test_whole_runs_are_written_again_over_those_of_before(seen, tmp_path, monkeypatch):
    monkeypatch.setattr("simulator.bundle.whole_runs.shipped_seeds", lambda: (0,))
    how = ("bundle", "--runs", "--out", tmp_path / "whole", "--workers", 1, "--quiet")
    assert offset(*how).exit_code == 0
    assert offset(*how).exit_code == 0
    assert len(seen) == 2 * len(list((tmp_path / "whole").glob("*/*/record.json")))
    (tmp_path / "whole" / "as-claimed" / "notes").mkdir()
    (tmp_path / "whole" / "as-claimed" / "notes" / "mine.txt").write_text("mine", encoding="utf-8")
    refused = offset(*how)
    assert refused.exit_code == 1
    assert "notes holds something other than results" in refused.stderr


def test_replicated_studies_are_put_where_a_dashboard_finds_them(monkeypatch, tmp_path):
    ships = predictions.shipped_predictions("trial-evidence")
    ours = replace(ships, table=ships.table.assign(title="Ours"))
    monkeypatch.setattr("calibration.studies.validate_against_studies", lambda *asked, **named: ours)
    done = offset("validate-against-studies", "--lens", "trial-evidence", "--dashboard", tmp_path, "--quiet")
    assert done.exit_code == 0, done.output
    library = Library(tmp_path)
    assert set(library.predictions("trial-evidence").table["title"]) == {"Ours"}
    assert Library(tmp_path / "none").predictions("trial-evidence").table.equals(ships.table)


@pytest.mark.parametrize("command", ["validate-against-studies", "evaluate"])
def test_a_folder_that_no_dashboard_can_have_is_refused_before_anything_runs(command, tmp_path):
    (tmp_path / "file").write_text("x")
    named = ["complex_care_hub"] if command == "evaluate" else []
    done = offset(command, *named, "--dashboard", tmp_path / "file", "--quiet")
    assert done.exit_code != 0
    assert "Nothing was run." in str(done.stderr)


def test_studies_are_replicated_through_every_lens(monkeypatch, tmp_path):
    ships = predictions.shipped_predictions("trial-evidence")
    monkeypatch.setattr(predictions, "validate_against_studies", lambda **asked: ships)
    done = offset("bundle", "--studies", "--out", tmp_path / "made", "--workers", 1)
    assert done.exit_code == 0, done.output
    assert sorted(path.name for path in (tmp_path / "made").iterdir()) == sorted(lens_names())
    kept = predictions.read_predictions(tmp_path / "made" / "as-claimed")
    pd.testing.assert_frame_equal(kept.table, ships.table)
