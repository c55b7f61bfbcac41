"""The README is what is run: its commands are those of .ci/run, and its Python lines work as they stand."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

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
    monkeypatch.chdir(ROOT)
    (lines,) = blocks("python")
    *before, last = lines.strip().splitlines()
    names: dict[str, object] = {}
    exec("\n".join(before), names)
    table = eval(last, names)
    assert isinstance(table, pd.DataFrame)
    assert set(table["age_band"]) >= {"65-74", "85+"}
    assert table[["difference", "low", "high"]].notna().all(axis=None)
