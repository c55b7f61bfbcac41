"""``offset dashboard``: unsafe options are refused before anything is served."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dashboard.command_line import app

ROOT = Path(__file__).parents[3]


def run(*arguments):
    return CliRunner().invoke(app, ["dashboard", "--no-prepare", *arguments])


def test_an_open_address_without_sign_in_is_refused(tmp_path, messages):
    found = run("--host", "0.0.0.0", "--folder", str(tmp_path))
    assert found.exit_code == 1
    messages.check(found.output)


def test_two_ways_to_sign_in_are_refused(tmp_path, messages):
    found = run("--passwords", str(tmp_path / "people"), "--proxy", "127.0.0.1", "--folder", str(tmp_path))
    assert found.exit_code == 2
    messages.check(found.output)


def test_an_unknown_place_is_refused(tmp_path):
    found = run("--place", "from", "--folder", str(tmp_path))
    assert found.exit_code == 1
    assert "frome" in found.output


def test_a_port_that_is_taken_is_reported(tmp_path, messages):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        found = run("--port", str(port), "--folder", str(tmp_path))
    assert found.exit_code == 1
    messages.check(" ".join(found.output.split()), PORT=port)


@pytest.mark.thorough
def test_a_dashboard_in_the_middle_of_its_runs_ends_within_five_seconds_and_starts_again_at_its_port(tmp_path):
    command = [sys.executable, "-m", "dashboard.command_line", "dashboard", "--folder", str(tmp_path / "finished")]
    port = "0"
    for page, prepares in (("", []), ("/compare", ["--no-prepare"])):
        asked = [*command, "--port", port, *prepares]
        with subprocess.Popen(asked, cwd=ROOT, stderr=subprocess.PIPE, text=True) as served:
            address = re.search(r"http://127\.0\.0\.1:([1-9]\d+)", served.stderr.readline())
            assert address is not None
            port = address[1]
            assert "Relational offset policy simulator" in first_answer(address[0] + page)
            if not prepares:
                wait_for(lambda pid=served.pid: len(workers_of(pid)) >= 2)
            served.terminate()
            begun = time.monotonic()
            assert served.wait(30) == 0
            assert time.monotonic() - begun < 5.0
            wait_for(lambda pid=served.pid: not workers_of(pid))


def workers_of(pid):
    """Processes that a process started and that run."""
    found = subprocess.run(["ps", "--ppid", str(pid), "-o", "stat="], capture_output=True, text=True, check=False)
    return [state for state in found.stdout.split() if not state.startswith("Z")]


def wait_for(condition):
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.2)


def first_answer(url):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url) as answer:
                return answer.read().decode()
        except urllib.error.URLError:
            time.sleep(0.1)
    raise AssertionError(f"{url} did not answer within a minute")
