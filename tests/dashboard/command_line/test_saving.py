"""Results that cannot be written where the user asked: said before anything runs, or written elsewhere."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dashboard.command_line import app, saving
from simulator.errors import ResultsError


def test_a_folder_that_cannot_be_written_is_refused_before_anything_runs(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    done = CliRunner().invoke(app, ["run", "baseline", "--seeds", "1", "--out", str(blocked / "inside" / "out")])
    assert done.exit_code == 1
    assert done.stdout == ""
    assert "cannot be used: not a directory. Name another folder. Nothing was run." in done.stderr


def test_results_are_written_elsewhere_if_the_disk_is_full(tmp_path: Path, monkeypatch, capsys) -> None:
    wanted = tmp_path / "full" / "out"

    def write(folder: Path) -> None:
        if folder == wanted:
            raise OSError(errno.ENOSPC, "No space left on device")
        folder.mkdir()
        (folder / "kept.txt").write_text("whole")

    monkeypatch.setattr(saving.tempfile, "mkdtemp", lambda prefix: str(tmp_path))
    found = saving.keep(write, wanted)
    assert (found / "kept.txt").read_text() == "whole"
    said = capsys.readouterr().err
    assert f"{wanted} cannot be written: the disk is full. Free some space, or name another folder." in said
    assert f"The results were written to {found} instead." in said


def test_an_unwritable_file_of_any_command_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = CliRunner().invoke(app, ["schema", "scenario", "--out", str(tmp_path / "file" / "schema.json")])
    assert done.exit_code == 1
    assert "Traceback" not in done.stderr
    assert "cannot be used" in done.stderr


def test_an_unwritable_file_is_refused_before_anything_runs(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for subject in ("baseline", "loneliness", "model"):
        done = CliRunner().invoke(app, ["describe", subject, "--out", str(tmp_path / "file" / "page.md")])
        assert done.exit_code == 1
        assert "cannot be used: file exists. Name another folder. Nothing was run." in done.stderr


@pytest.mark.parametrize("seeds", ["99999999999999999999", "1-99999999999999999999", "0", "4-2"])
def test_seeds_beyond_their_range_are_a_usage_error(seeds: str) -> None:
    done = CliRunner().invoke(app, ["run", "baseline", "--seeds", seeds])
    assert done.exit_code == 2
    assert "write a number of replications" in " ".join(done.stderr.split())


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letters.txt").write_text("mine")
    with pytest.raises(ResultsError, match="something other than results"):
        saving.refuse_unwritable(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["letters.txt"]
