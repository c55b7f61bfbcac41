"""``offset dashboard``: refuses what would not be safe before anything is served."""

from __future__ import annotations

from typer.testing import CliRunner

from simulator.cli import app


def run(*arguments):
    return CliRunner().invoke(app, ["dashboard", "--no-prepare", *arguments])


def test_an_open_address_without_sign_in_is_refused(tmp_path):
    found = run("--host", "0.0.0.0", "--folder", str(tmp_path))
    assert found.exit_code == 1
    assert "0.0.0.0 can be reached from other computers, and nobody would have to sign in" in found.output


def test_two_ways_to_sign_in_are_one_too_many(tmp_path):
    found = run("--passwords", str(tmp_path / "people"), "--proxy", "127.0.0.1", "--folder", str(tmp_path))
    assert found.exit_code == 2
    assert "give a password file or a proxy, not both" in found.output


def test_an_unknown_place_is_refused(tmp_path):
    found = run("--place", "from", "--folder", str(tmp_path))
    assert found.exit_code == 1
    assert "frome" in found.output
