"""Many people at once: ``python -m benchmarks.load --people 50 --minutes 10``; exit code 1 if a bar is missed.

Each person opens pages, turns the dial and now and then asks how runs are getting on, with a pause after each, over
loopback and in one process beside the server's. A few ask for runs. Measured are the time of each answer and the memory
of the server; the bars are no error, dials within 0.5 s and pages within 1 s in 95 of 100 cases, and memory that at the
end is at most a tenth above what it was after a quarter of the time.
"""

from __future__ import annotations

import argparse
import http.client
import json
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

import numpy as np

from benchmarks.visits import address_of
from dashboard.application.page_list import PAGES

PAUSE: Final = (1.0, 6.0)
"""Seconds between two requests of a person."""
SLOWEST_DIAL: Final = 0.5
SLOWEST_PAGE: Final = 1.0
GROWTH: Final = 1.1
_PERCENTILE: Final = 95
_ASKING: Final = 0.02
"""Share of requests that ask for runs, of the people who may."""
_ASKERS: Final = 3


class Callback(NamedTuple):
    """A callback as the server describes it: its outputs, and the ids and properties that it reads."""

    output: str
    outputs: Any
    inputs: list[tuple[str, str]]
    state: list[tuple[str, str]]


class Answered(NamedTuple):
    """One request."""

    kind: str  # page, dial, progress or run
    at: float  # seconds since the start
    seconds: float
    fault: str  # empty if there is none


def main() -> int:
    """Run the measurement."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    with _served() as (address, pid):
        found, memory = load(address, pid, given.people, 60.0 * given.minutes, given.seed)
    met = True
    for kind, bar in {
        "page": SLOWEST_PAGE,
        "dial": SLOWEST_DIAL,
        "progress": SLOWEST_PAGE,
        "run": SLOWEST_PAGE,
    }.items():
        mine = [one.seconds for one in found if one.kind == kind]
        if mine:
            slow = float(np.percentile(mine, _PERCENTILE))
            met &= slow <= bar
            half = float(np.median(mine))
            print(f"{kind}: {len(mine)} requests, half within {half:.3f} s, 95 % within {slow:.3f} s (bar {bar} s)")
    faults = [one.fault for one in found if one.fault]
    early, late = memory[len(memory) // 4], memory[-1]
    print(f"errors: {len(faults)}{f', the first: {faults[0]}' if faults else ''}")
    print(f"memory of the server: {early:.0f} MB after a quarter of the time, {late:.0f} MB at the end")
    return int(bool(faults) or not met or late > GROWTH * early)


@contextmanager
def _served() -> Iterator[tuple[str, int]]:
    """The address and process of a dashboard with an empty folder: what it shows are the results that ship."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        command = [sys.executable, "-m", "dashboard.command_line", "dashboard", "--folder", folder, "--no-prepare"]
        server = subprocess.Popen([*command, "--port", "0"], stderr=subprocess.PIPE, text=True)
        try:
            yield address_of(server), server.pid
        finally:
            server.terminate()
            server.wait()


def load(address: str, pid: int, people: int, seconds: float, seed: int) -> tuple[list[Answered], list[float]]:
    """The requests of everybody, and the server's memory [MB] every second."""
    callbacks = {one["output"]: _callback(one) for one in json.loads(_get(address, "/_dash-dependencies"))}
    dial = next(one for name, one in callbacks.items() if "answer.children" in name)
    ask = next(one for name, one in callbacks.items() if "ask-words.children" in name and "ask.disabled" in name)
    began, found = time.monotonic(), list[Answered]()

    def person(number: int) -> None:
        draw = random.Random(f"{seed}-{number}")
        while time.monotonic() - began < seconds:
            found.append(_one(address, draw, dial, ask, number < _ASKERS, began))
            time.sleep(draw.uniform(*PAUSE))

    threads = [threading.Thread(target=person, args=(number,), daemon=True) for number in range(people)]
    for thread in threads:
        thread.start()
    memory = []
    while any(thread.is_alive() for thread in threads):
        memory.append(_megabytes(pid))
        time.sleep(1.0)
    return found, memory


def _one(address: str, draw: random.Random, dial: Callback, ask: Callback, asker: bool, began: float) -> Answered:
    kind = draw.choices(("page", "dial", "progress"), (0.35, 0.55, 0.1))[0]
    wanted = [["baseline", "cautious", "frome", "evidence", 4]]
    if kind == "page":
        path = draw.choice(PAGES).PATH
        return _timed(kind, began, lambda: _get(address, path))
    if kind == "dial":
        values = {("dial", "value"): round(draw.uniform(0.0, 10.0), 1), ("dose-outcome", "value"): "net_cash"}
        return _timed(kind, began, lambda: _call(address, dial, values, "dial.value"))
    asked = asker and draw.random() < _ASKING
    values = {("ask", "n_clicks"): 1 if asked else None, ("ask-for", "data"): wanted}
    changed = "ask.n_clicks" if asked else "ask-for.data"
    return _timed("run" if asked else kind, began, lambda: _call(address, ask, values, changed))


def _timed(kind: str, began: float, request: Callable[[], str]) -> Answered:
    at = time.monotonic()
    try:
        request()
        fault = ""
    except (OSError, http.client.HTTPException) as error:
        fault = f"{kind}: {error}"
    return Answered(kind, at - began, time.monotonic() - at, fault)


def _callback(described: dict[str, Any]) -> Callback:
    parts = [part.partition("@")[0].rpartition(".") for part in described["output"].strip(".").split("...")]
    outputs = [{"id": name, "property": prop} for name, _, prop in parts]
    inputs, state = ([(one["id"], one["property"]) for one in described[name]] for name in ("inputs", "state"))
    several = described["output"].startswith("..")
    return Callback(described["output"], outputs if several else outputs[0], inputs, state)


def _call(address: str, one: Callback, values: dict[tuple[str, str], Any], changed: str) -> str:
    def filled(parts: list[tuple[str, str]]) -> list[dict[str, Any]]:
        return [{"id": name, "property": prop, "value": values.get((name, prop))} for name, prop in parts]

    body = {
        "output": one.output,
        "outputs": one.outputs,
        "inputs": filled(one.inputs),
        "state": filled(one.state),
        "changedPropIds": [changed],
    }
    return _get(address, "/_dash-update-component", json.dumps(body))


def _get(address: str, path: str, body: str | None = None) -> str:
    """The answer to a request. Raises OSError for a status of 400 or more."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60.0)
    try:
        headers = {"Accept": "*/*"} if body is None else {"Content-Type": "application/json"}
        connection.request("GET" if body is None else "POST", path, body, headers)
        response = connection.getresponse()
        text = response.read().decode()
        if response.status >= http.client.BAD_REQUEST:
            raise OSError(f"{path} has status {response.status}: {text[:200]}")
        return text
    finally:
        connection.close()


def _megabytes(pid: int) -> float:
    """Resident memory of a process."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024.0


if __name__ == "__main__":
    sys.exit(main())
