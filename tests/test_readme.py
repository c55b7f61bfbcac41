"""The README is tested: its commands are those of .ci/run, and its Python lines run as written."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

import simulator
from simulator import api
from simulator.foundations.measures import NAMES
from simulator.places import load_place
from tests.helpers.small_runs import small_frome

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CI = (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def blocks(language: str, text: str = README) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def marked(name: str) -> str:
    found = re.findall(rf"^<!-- ci: {name} -->\n```sh\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    assert len(found) == 1
    return found[0]


def test_ci_runs_exactly_the_marked_commands():
    in_readme = re.findall(r"^<!-- ci: (\w+) -->$", README, re.MULTILINE)
    in_ci = re.findall(r"^run_readme_command (\w+)", CI, re.MULTILINE)
    assert in_readme == in_ci == ["compare", "tests"]
    assert [marked(name).count("\n") for name in in_ci] == [1, 1]


def test_windows_runs_the_same_as_linux_and_macos():
    translated = [
        marked(name).replace("python3 -m", "py -m").replace(".venv/bin/", ".venv\\Scripts\\").replace(" &&", ";")
        for name in ("compare", "tests")
    ]
    assert blocks("powershell") == translated


def test_the_main_job_is_the_whole_job():
    command = marked("compare")
    assert "--seeds" not in command
    assert "--years" not in command
    assert "--place frome" in command


def test_the_python_lines_work_as_they_stand(monkeypatch):
    """In a Frome of fewer residents, on one processor."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(api, "load_place", lambda name: {"frome": small_frome()}[name])
    monkeypatch.setattr("simulator.running.ensemble.cores", lambda: 1)
    (lines,) = blocks("python")
    *before, last = lines.strip().splitlines()
    names: dict[str, object] = {}
    exec("\n".join(before), names)
    table = eval(last, names)
    assert isinstance(table, pd.DataFrame)
    assert set(table["age_band"]) >= {"65-74", "85+"}
    admissions = table[table["measure"] == "emergency_admissions"]
    assert admissions[["difference", "low", "high"]].notna().all(axis=None)


def test_the_place_file_of_the_documentation_is_a_place(tmp_path):
    (example,) = blocks("yaml", (ROOT / "docs" / "places.md").read_text(encoding="utf-8"))
    path = tmp_path / "my_town.yaml"
    path.write_text(example, encoding="utf-8")
    assert load_place(path).residents == 12_000


def test_the_lines_that_read_results_use_existing_names():
    page = (ROOT / "docs" / "results.md").read_text(encoding="utf-8")
    (lines,) = blocks("python", page)
    assert "read_results" in simulator.__all__
    assert all(measure in NAMES for measure in re.findall(r'\["(\w+)"\]', lines))


def test_every_test_named_in_ci_exists():
    named = re.findall(r"tests/[\w/]+(?:\.py)?", CI)
    assert named != []
    assert [name for name in named if not (ROOT / name).exists()] == []
