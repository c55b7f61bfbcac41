"""The command line: output, exit codes, and nothing run or written when a file is invalid."""

from __future__ import annotations

import json
import re
import runpy
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from calibration.targets.targets import TargetFile
from dashboard.command_line import app, commands, work
from dashboard.command_line.first_screen import _chance
from dashboard.command_line.options import seeds_of
from dashboard.command_line.output import SCREEN
from dashboard.exports.reproduce import commands as commands_of
from dashboard.report.folder import read_comparison
from simulator.foundations.input_files import json_schema
from simulator.results.results import read_results
from simulator.results.run_record import model_version, package_version
from simulator.running import ensemble
from simulator.scenario.scenario import Scenario
from tests.helpers.messages import about, titles, unboxed
from tests.helpers.synthetic_results import lively, run

ROOT = Path(__file__).parents[3]
BAD = """name: bad_plan
title: A bad plan
question: What if?
extends: baseline
automate:
  - {service: gp_practice, task: appointment_booking, share: 60, ramp_weeks: 52}
"""


@pytest.fixture(autouse=True)
def _without_ready_results(monkeypatch):
    """What ships is made again now and then; test_ready_sizes.py has its own."""
    monkeypatch.setattr("dashboard.command_line.comparing.ready_sizes", lambda _: [])


@pytest.fixture
def made_up(monkeypatch):
    """Runs are made up; the specs that were run are kept."""
    ran = []
    quick = {name: lively(6, effect) for name, effect in (("baseline", 0.0), ("relational_offset", 0.1))}

    def simulate(spec, seed, parameter_draw):
        ran.append(spec)
        return quick[spec.scenario.name][seed]._replace(cells=quick[spec.scenario.name][seed].cells[: spec.weeks // 13])

    monkeypatch.setattr(ensemble, "simulate", simulate)
    return ran


def offset(*arguments):
    """Run the command line in this process, piped."""
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def compared(scenario, *words):
    return offset("compare", scenario, "--lens", "evidence", *words)


def test_compare_prints_the_finding_and_a_table(made_up, messages):
    done = compared("relational_offset", "--seeds", 6, "--workers", 1)
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    messages.check(lines[0])
    table = "\n".join(lines)
    messages.check(table)
    assert done.stderr == ""
    assert {spec.scenario.name for spec in made_up} == {"baseline", "relational_offset"}


def test_compare_prints_everything_if_asked(made_up, messages):
    done = compared("relational_offset", "--seeds", 6, "--workers", 1, "--all")
    messages.check(done.stdout)


def test_one_screen_of_a_comparison_is_no_wider_and_no_longer_than_a_screen(made_up, messages):
    done = compared("relational_offset", "--seeds", 6, "--workers", 1, "--matters", "admissions=20", "--by", "lonely")
    screen, _, groups = done.stdout.partition("By group")
    assert max(map(len, screen.splitlines())) <= SCREEN
    assert len(screen.splitlines()) <= 24
    messages.check(screen)
    assert re.match(r"\s+Outcome +Often or always lonely +Baseline", groups)


def test_a_chance_on_the_first_screen_keeps_the_thousands_of_its_size():
    row = {"measure": "net_cost", "unit": "pounds a year", "runs": 8, "matters": 251_234.0, "verdict": "unsure"}
    row |= {"less_chance": 0.3, "small_chance": 0.1, "more_chance": 0.6}
    assert _chance(pd.Series(row)) == "60 %: at least £250,000 more"


@pytest.mark.thorough
def test_smallest_differences_that_matter_go_into_the_folder_and_its_report(made_up, tmp_path):
    how = ("--seeds", 6, "--workers", 1, "--matters", "admissions=20", "--matters", "cost=3", "--out", tmp_path / "out")
    assert compared("relational_offset", *how).exit_code == 0
    again, _ = read_comparison(tmp_path / "out")
    assert again.matters == {"admissions": 20.0, "cost": 3.0}
    row = again.summary(("emergency_admissions",), rounded=False).iloc[0]
    assert row["matters"] == pytest.approx(row["baseline"] / 5.0)
    report = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "bed days and A&amp;E attendances 20 % of the baseline" in report
    assert "--matters admissions=20 --matters cost=3" in commands_of([again])[0]


@pytest.mark.parametrize("wrong", ["admision=2", "admissions=none"])
def test_an_unusable_smallest_difference_is_refused_before_anything_runs(made_up, wrong, messages):
    done = compared("relational_offset", "--matters", wrong)
    assert (done.exit_code, made_up) == (2, [])
    messages.check(unboxed(done.output))


def test_offset_alone_says_what_to_do_first_and_its_version_is_known(messages):
    alone = offset()
    assert alone.exit_code == 0
    messages.check(alone.stdout)
    assert max(map(len, alone.stdout.splitlines())) <= SCREEN
    said = offset("--version").stdout
    assert said.strip() == f"offset {package_version()}, model {model_version()}"


def test_compare_as_json_holds_everything_and_nothing_else_is_printed(made_up):
    done = compared("relational_offset", "--seeds", 4, "--workers", 1, "--json", "--by", "age_band", "--per", "1,000")
    content = json.loads(done.stdout)
    assert {"headline", "summary", "by", "costs", "ledger", "scenario", "baseline"} <= set(content)
    admissions = content["summary"][0]
    assert (admissions["measure"], admissions["unit"]) == (
        "emergency_admissions",
        "admissions per 1,000 residents a year",
    )
    assert [row["age_band"] for row in content["by"][:2]] == ["0-4", "5-15"]
    assert content["by"][37]["difference"] is None  # children are asked nothing about loneliness


def test_compare_writes_results_records_and_the_report(made_up, tmp_path, messages):
    done = compared("relational_offset", "--seeds", "2-5", "--workers", 1, "--out", tmp_path / "out")
    messages.check(done.stderr)
    assert read_results(tmp_path / "out" / "scenario").seeds == (2, 3, 4, 5)
    first = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    again = offset("report", tmp_path / "out", "--out", tmp_path / "again.html")
    assert again.exit_code == 0
    assert (tmp_path / "again.html").read_text(encoding="utf-8") == first


def test_quiet_suppresses_remarks(made_up, tmp_path):
    done = compared("relational_offset", "--seeds", 2, "--workers", 1, "--quiet", "--out", tmp_path / "out")
    assert (done.exit_code, done.stderr) == (0, "")


def test_one_stated_calendar_serves_both_and_is_said(monkeypatch, messages):
    ran = []

    def simulate(spec, seed, parameter_draw):
        ran.append((spec.scenario.name, spec.weeks, spec.starts.isoformat()))
        return run(quarters=19)

    monkeypatch.setattr(ensemble, "simulate", simulate)
    done = compared("frome", "--seeds", 2, "--workers", 1)
    assert set(ran) == {("baseline", 247, "2013-04-01"), ("frome", 247, "2013-04-01")}
    messages.check(done.stderr)


def test_run_prints_levels_and_writes_results(made_up, tmp_path, messages):
    done = offset("run", "baseline", "--seeds", 4, "--years", 2, "--workers", 1, "--out", tmp_path / "run")
    assert done.exit_code == 0
    messages.check(done.stdout)
    assert read_results(tmp_path / "run").weeks == 104
    content = json.loads(offset("run", "baseline", "--seeds", 4, "--workers", 1, "--json").stdout)
    assert content["levels"][0]["measure"] == "emergency_admissions"
    assert content["failures"] == []


def test_a_run_has_the_threads_that_are_asked_for_and_a_cluster_takes_none(made_up, monkeypatch, messages):
    asked, own = [], ensemble.own_executor
    monkeypatch.setattr(ensemble, "own_executor", lambda *given: asked.append(given) or own(1))
    monkeypatch.setattr(ensemble, "cores", lambda: 4)
    for command in (("run", "baseline"), ("compare", "relational_offset", "--lens", "evidence")):
        assert offset(*command, "--seeds", 2, "--threads", 2, "--quiet").exit_code == 0
    assert offset("run", "baseline", "--seeds", 1, "--threads", 3, "--workers", 1, "--quiet").exit_code == 0
    assert asked == [(2, 2), (2, 2), (1, 3)]
    refused = offset("run", "baseline", "--threads", 2, "--cluster", "local")
    assert refused.exit_code == 2
    messages.check(refused.stderr)


def test_a_bad_file_stops_everything_before_it_begins(made_up, tmp_path, messages):
    (tmp_path / "bad.yaml").write_text(BAD, encoding="utf-8")
    done = offset("compare", tmp_path / "bad.yaml", "--seeds", 2, "--out", tmp_path / "out")
    assert done.exit_code == 1
    messages.check(done.stderr)
    assert made_up == []
    assert not (tmp_path / "out").exists()


def test_an_unknown_scenario_is_reported_with_a_suggestion():
    done = offset("run", "relational_ofset")
    assert (done.exit_code, done.stderr.strip()) == (
        1,
        "there is no scenario 'relational_ofset'. Did you mean 'relational_offset'?",
    )


def test_an_unknown_place_is_reported_with_a_suggestion():
    done = offset("run", "baseline", "--place", "from")
    assert (done.exit_code, done.stderr.strip()) == (1, "there is no place 'from'. Did you mean 'frome'?")


def test_a_foreign_folder_is_refused_before_anything_runs(made_up, tmp_path, messages):
    (tmp_path / "letter.txt").write_text("dear", encoding="utf-8")
    done = compared("relational_offset", "--seeds", 2, "--out", tmp_path)
    assert done.exit_code == 1
    messages.check(done.stderr)
    assert made_up == []


@pytest.mark.parametrize("seeds", ["0", "x", "9-3", "-4", "1-2-3"])
def test_invalid_seeds_are_a_usage_error(seeds, messages):
    done = offset("run", "baseline", f"--seeds={seeds}")
    assert done.exit_code == 2
    messages.check(" ".join(done.stderr.replace("│", " ").split()))


def test_seeds_are_a_number_or_a_range():
    assert (seeds_of("3"), seeds_of("100-129")) == (range(3), range(100, 130))


def test_failed_runs_leave_with_3_and_are_named(monkeypatch, messages):
    def simulate(spec, seed, parameter_draw):
        if seed == 1:
            raise RuntimeError("out of luck")
        return run(quarters=20)

    monkeypatch.setattr(ensemble, "simulate", simulate)
    cause = "1 of 4 runs of baseline failed (seeds 1; first cause: RuntimeError: out of luck)."
    done = offset("run", "baseline", "--seeds", 4, "--workers", 1)
    assert (done.exit_code, done.stderr.strip()) == (3, cause)
    messages.check(titles(done.stdout))
    refused = compared("relational_offset", "--seeds", 4, "--workers", 1)
    assert (refused.exit_code, refused.stdout) == (3, "")
    assert cause.replace("baseline", "relational_offset") in refused.stderr
    assert "--incomplete" in refused.stderr
    allowed = compared("relational_offset", "--seeds", 4, "--workers", 1, "--incomplete")
    assert allowed.exit_code == 3
    messages.check(titles(allowed.stdout))


def test_a_command_without_any_finished_run_says_so(monkeypatch, messages):
    def simulate(spec, seed, parameter_draw):
        raise RuntimeError("out of luck")

    monkeypatch.setattr(ensemble, "simulate", simulate)
    done = offset("run", "baseline", "--seeds", 2, "--workers", 1)
    assert done.exit_code == 3
    messages.check(done.stderr)


def test_validate_reports_the_kind_of_each_file_and_every_problem(tmp_path, messages):
    (tmp_path / "bad.yaml").write_text(BAD, encoding="utf-8")
    good = (
        ROOT / "scenarios" / "relational_offset.yaml",
        ROOT / "simulator" / "places" / "frome.yaml",
        ROOT / "calibration" / "targets" / "targets.yaml",
        ROOT / "simulator" / "evidence",
    )
    done = offset("validate", *good, tmp_path / "bad.yaml")
    assert done.exit_code == 1
    kinds = ("a scenario", "a place", "targets", "evidence")
    expected = [f"{path}: {kind}, no problems found" for path, kind in zip(good, kinds, strict=True)]
    assert done.stdout.splitlines() == expected
    messages.check(done.stderr)
    assert offset("validate", good[0]).exit_code == 0


def test_describe_baseline_prints_it_beside_its_targets(made_up, messages):
    done = offset("describe", "baseline", "--place", "frome", "--seeds", 2, "--workers", 1)
    assert done.exit_code == 0
    messages.check(done.stdout)
    messages.check(done.stdout.splitlines()[-1])
    rows = json.loads(offset("describe", "baseline", "--seeds", 2, "--workers", 1, "--json").stdout)
    assert rows[0]["target"] == "lonely_adults"


def test_describe_evidence_lists_every_value_with_its_source():
    rows = json.loads(offset("describe", "evidence", "loneliness", "--json").stdout)
    paths = [row["path"] for row in rows]
    assert "loneliness.threshold" in paths
    assert all(row["source"] for row in rows)
    assert "loneliness.threshold" in offset("describe", "evidence", "loneliness").stdout
    missing = offset("describe", "evidence", "lonelyness")
    assert (missing.exit_code, missing.stderr.strip()) == (
        1,
        "there is no evidence topic 'lonelyness'. Did you mean 'loneliness'?",
    )


def test_describe_scenario_says_what_it_does(messages):
    text = offset("describe", "scenario", "relational_offset").stdout
    messages.check(text)


def test_describe_can_write_a_file(tmp_path, messages):
    done = offset("describe", "scenario", "baseline", "--out", tmp_path / "deep" / "page.md")
    messages.check(done.stderr.strip())
    written = (tmp_path / "deep" / "page.md").read_bytes()
    assert written.endswith(b"\n- Runs 260 weeks from 2026-04-01 (default calendar).\n")


def test_schema_prints_the_schema_of_each_kind_of_file(tmp_path):
    assert json.loads(offset("schema", "scenario").stdout) == json.loads(json.dumps(json_schema(Scenario)))
    offset("schema", "targets", "--out", tmp_path / "schema.json")
    assert json.loads((tmp_path / "schema.json").read_text(encoding="utf-8")) == json_schema(TargetFile)
    for kind in ("place", "evidence"):
        assert json.loads(offset("schema", kind).stdout)["$schema"].startswith("https://json-schema.org/")


def test_help_imports_nothing_heavy_and_gives_examples(messages):
    code = (
        "import sys\nfrom dashboard.command_line import main\nsys.argv = ['offset', '--help']\n"
        "try:\n    main()\nexcept SystemExit as leave:\n    code = leave.code\n"
        "heavy = {'numpy', 'pandas', 'numba', 'mesa', 'plotly', 'pydantic'} & set(sys.modules)\n"
        "print(code, sorted(heavy))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.splitlines()[-1] == "0 []"
    messages.check(about(done.stdout, "offset"))


def test_every_command_has_an_example(messages):
    for command in ("run", "compare", "runs", "attribute", "evaluate", "validate", "describe", "schema", "report"):
        messages.check(about(offset(command, "--help").stdout, "Example: offset", command))


def test_a_terminal_gets_a_progress_bar_and_other_output_none(monkeypatch, capsys):
    monkeypatch.setattr(work, "is_interactive", lambda: True)
    with work.progress_bar(quiet=False) as update:
        assert update is not None
        update(1, 2)
    with work.progress_bar(quiet=True) as update:
        assert update is None
    monkeypatch.setattr(work, "is_interactive", lambda: False)
    with work.progress_bar(quiet=False) as update:
        assert update is None
    assert capsys.readouterr().out == ""


def test_the_package_can_be_run_as_a_module(messages, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["offset", "validate", "scenarios/baseline.yaml"])
    monkeypatch.setattr(commands, "answer_interrupts", lambda: None)  # those of the tests stay as they are
    monkeypatch.chdir(ROOT)
    with pytest.raises(SystemExit) as left:
        runpy.run_module("dashboard.command_line", run_name="__main__")
    assert not left.value.code
    messages.check(capsys.readouterr().out.strip())
