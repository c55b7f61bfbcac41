"""A request that runs out of time ends with a sentence, and its thread serves the next one."""

from __future__ import annotations

import threading
import time

import pytest
from flask import Flask

from dashboard.server.deadlines import Deadlines, OutOfTimeError, _raise_in


@pytest.fixture
def client():
    server, threads = Flask(__name__), []

    @server.route("/<float:seconds>")
    def busy(seconds):
        threads.append(threading.get_ident())
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            pass
        return "done"

    Deadlines(0.4).install(server)
    yield server.test_client()
    assert len(set(threads)) == 1


@pytest.mark.thorough
def test_a_request_that_takes_too_long_is_ended_and_the_next_is_answered(client):
    began = time.monotonic()
    ended = client.get("/60.0")
    assert time.monotonic() - began < 20.0
    assert ended.status_code == 503
    assert ended.text == (
        "This took longer than 0.4 seconds and was ended; nothing is lost. "
        "Ask for less at once, or try again when the machine is less busy."
    )
    for _ in range(20):
        answered = client.get("/0.03")
        assert (answered.status_code, answered.text) == (200, "done")


def test_a_request_that_ends_just_as_its_time_runs_out_keeps_its_answer_and_spares_the_next():
    deadlines, begun, go, ended = Deadlines(60.0), threading.Event(), threading.Event(), []

    def request():
        deadlines._begin()
        begun.set()
        go.wait()
        deadlines._end(None)
        ended.append(sum(range(100_000)))

    thread = threading.Thread(target=request)
    thread.start()
    assert begun.wait(10.0)
    with deadlines._lock:  # as the one who watches has it
        go.set()
        time.sleep(0.2)
        _raise_in(thread.ident, OutOfTimeError)
    thread.join(10.0)
    assert ended
    assert deadlines._until == {}


def test_time_is_counted_for_each_request_anew(client):
    for _ in range(3):
        assert client.get("/0.2").text == "done"
