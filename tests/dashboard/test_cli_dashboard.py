"""``offset dashboard``: refuses what would not be safe before anything is served."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from typer.testing import CliRunner

from simulator.cli import app

ROOT = Path(__file__).parents[2]


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


def test_it_serves_its_pages_and_leaves_no_process_behind(tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "simulator.cli", "dashboard", "--port", str(port), "--folder", str(tmp_path)]
    with subprocess.Popen([*command, "--no-prepare"], cwd=ROOT, stderr=subprocess.PIPE, text=True) as served:
        assert f"The dashboard is at http://127.0.0.1:{port}" in served.stderr.readline()
        answer = first_answer(f"http://127.0.0.1:{port}/compare")
        assert "Relational offset policy simulator" in answer
        served.terminate()
        assert served.wait(60) == 0


def first_answer(url):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url) as answer:
                return answer.read().decode()
        except urllib.error.URLError:
            time.sleep(0.1)
    raise AssertionError(f"{url} did not answer within a minute")
