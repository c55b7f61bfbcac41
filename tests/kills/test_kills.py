"""The kills find what is lost and what is wrong: each is tried on a command that has the defect."""

from __future__ import annotations

import json
import sqlite3
import sys
from contextlib import closing

import pytest

from calibration.targets.priors import load_priors
from calibration.targets.targets import load_target_file
from simulator.places import load_place
from tests.kills.__main__ import _alone, finished, killed_again_and_again
from tests.kills.commands import COMMANDS, OUT, Command, digests, prepare

_SCRIPT = """
import os, pathlib, shutil, sys, time
runs, out = pathlib.Path("store/runs"), pathlib.Path("out")
{first}
for seed in range(3):
    run = runs / f"{{seed}}.txt"
    if not run.exists():
        new = pathlib.Path(f"new{{seed}}")
        runs.mkdir(parents=True, exist_ok=True)
        new.write_text(str(seed))
        new.replace(run)
        time.sleep(0.02)
out.mkdir(exist_ok=True)
(out / "found.txt").write_text({said})
"""


def command(first: str = "", said: str = "'the same'") -> Command:
    script = _SCRIPT.format(first=first, said=said)
    return Command((sys.executable, "-c", script), lambda folder: digests(folder / OUT))


def faults(command: Command, folder, moments=(0.05, 0.3, 60.0)) -> list[str]:
    """The last moment comes after the command has ended, however busy the machine is."""
    assert finished(command, folder / "alone") is None
    alone = dict(command.found(folder / "alone"))
    return list(killed_again_and_again(command, folder / "killed", list(moments), alone))


def test_a_command_that_keeps_its_runs_and_finds_the_same_has_no_fault(tmp_path):
    assert faults(command(), tmp_path) == []


def test_a_run_that_is_gone_after_a_kill_is_lost(tmp_path):
    begun = command("runs.mkdir(parents=True, exist_ok=True); (runs / 'own.txt').write_text(str(os.getpid()))")
    (first, *_) = faults(begun, tmp_path / "changed", (60.0, 60.0))
    assert "lost or changed, the first own.txt" in first


def test_another_finding_is_wrong(tmp_path):
    (fault,) = faults(command(said="str(os.getpid())"), tmp_path)
    assert fault == "1 files are not those of the command left alone, the first found.txt"


def test_a_command_that_leaves_nothing_cannot_be_tried(tmp_path):
    nothing = Command((sys.executable, "-c", "raise SystemExit(1)"), lambda folder: digests(folder / OUT), (0, 1))
    with pytest.raises(RuntimeError, match="left nothing that could be lost"):
        _alone(nothing, tmp_path / "a")


def test_databases_with_the_same_rows_are_the_same_and_others_are_not(tmp_path):
    found = []
    for number, rows in enumerate(([1, 2], [2, 1], [1, 3])):
        folder = tmp_path / str(number)
        folder.mkdir()
        with closing(sqlite3.connect(folder / "runs.sqlite")) as database, database:
            database.execute("create table simulated (point integer)")
            database.executemany("insert into simulated values (?)", [(row,) for row in rows])
        found.append(digests(folder))
    assert found[0] == found[1] != found[2]


def test_the_files_that_commands_read_are_valid(tmp_path):
    prepare(tmp_path)
    assert load_place(tmp_path / "town.yaml").residents == 2000
    assert set(load_target_file(tmp_path / "targets" / "targets.yaml").targets) == {"admissions"}
    assert set(load_priors(tmp_path / "targets" / "priors.yaml")) == {"small"}


def test_a_command_that_fails_says_how(tmp_path):
    fault = finished(Command((sys.executable, "-c", "raise SystemExit('no place')"), lambda folder: {}), tmp_path / "a")
    assert fault is not None
    assert "exit code 1: no place" in fault


def test_a_digest_is_of_all_that_a_command_finds_and_not_of_what_differs_between_two_runs_of_it(tmp_path):
    record = {"created": "2026-04-01", "seeds": [0, 1], "parts": [{"versions": {"numpy": "2"}, "rows": 3}]}

    def digest(name: str, content: str) -> str:
        (tmp_path / name).write_text(content, encoding="utf-8")
        return digests(tmp_path)[name]

    held = digest("record.json", json.dumps(record))
    later = {"seeds": [0, 1], "created": "2026-04-02", "parts": [{"versions": {"numpy": "3"}, "rows": 3}]}
    assert digest("record.json", json.dumps(later)) == held
    for other in ({"seeds": [0, 2]}, {"parts": [{"rows": 4}]}, {"failed": []}):
        assert digest("record.json", json.dumps({**record, **other})) != held
    assert digest("found.csv", "seed,rows\n0,3\n") != digest("found.csv", "seed,rows\n0,4\n")
    assert digest("report.html", "Made on 1 April") == digest("report.html", "Made on 2 April")


@pytest.mark.parametrize("name", list(COMMANDS))
def test_every_command_keeps_its_runs_in_the_store(name):
    arguments = COMMANDS[name].arguments
    assert "store" in arguments or name in ("job", "calibrate")  # which keep them in files of their own
