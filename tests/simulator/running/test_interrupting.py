"""Ctrl-C: the first waits for running work, the second exits at once, and ignored interrupts stay ignored."""

from __future__ import annotations

import signal
import subprocess
import sys
import time

from dashboard.command_line.commands import INTERRUPTED, INTERRUPTED_MESSAGE, answer_interrupts

LONG_RUN = """
import signal, time
from concurrent.futures import ThreadPoolExecutor
from dashboard.command_line.commands import answer_interrupts

signal.signal(signal.SIGINT, signal.{before})
answer_interrupts()
with ThreadPoolExecutor(1) as thread:
    run = thread.submit(time.sleep, {seconds})
    print("running", flush=True)
    run.result()
print("ended", flush=True)
"""


def interrupted(before: str, seconds: float) -> subprocess.Popen[str]:
    """A command that waits for a run of so many seconds, interrupted once it runs."""
    command = [sys.executable, "-c", LONG_RUN.format(before=before, seconds=seconds)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "running\n"
    process.send_signal(signal.SIGINT)
    return process


def test_the_first_interrupt_waits_and_the_second_exits_at_once() -> None:
    began = time.monotonic()
    process = interrupted("default_int_handler", 60.0)
    assert process.stderr is not None
    assert process.stderr.readline() == f"{INTERRUPTED_MESSAGE}\n"
    assert process.poll() is None, "what runs is not ended by the first"
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=30) == INTERRUPTED
    assert time.monotonic() - began < 30.0
    process.communicate()


def test_an_interrupt_that_is_to_be_ignored_is_ignored() -> None:
    """As of a command that a shell started in the background."""
    said, warned = interrupted("SIG_IGN", 0.5).communicate(timeout=30)
    assert (said, warned) == ("ended\n", "")


def test_an_existing_interrupt_handler_is_kept() -> None:
    def other(number: int, frame: object) -> None: ...

    before = signal.signal(signal.SIGINT, other)
    try:
        answer_interrupts()
        assert signal.getsignal(signal.SIGINT) is other
    finally:
        signal.signal(signal.SIGINT, before)
