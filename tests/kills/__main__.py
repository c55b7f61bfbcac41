"""Kill commands at random moments: ``python -m tests.kills --kills 1000 --seed 0``.

Each command is first left alone. Then, in a new folder, it is started and killed with all its processes, again and
again, after a random part of the time it took; at the end it is left to finish. Nothing may be lost: a run that a store
held before a kill is there after it, unchanged. Nothing may be wrong: the files are those of the command left alone,
byte by byte. Exit code 1 if either happens.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

from tests.kills.commands import COMMANDS, STORE, Command, digests, prepare

IN_A_ROW = 10
"""Kills of one command before it may finish."""
LONGEST = 600.0
"""Seconds after which a command that is left alone has failed."""


def main() -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m tests.kills", description=__doc__)
    parser.add_argument("--kills", type=int, default=1000, help="number of kills (1000)")
    parser.add_argument("--seed", type=int, default=0, help="of the moments (0)")
    parser.add_argument("--command", choices=list(COMMANDS), action="append", help="only these commands")
    given = parser.parse_args()
    random, killed, defects = Random(given.seed), 0, 0
    with tempfile.TemporaryDirectory() as folder:
        alone = {name: _alone(COMMANDS[name], Path(folder) / name) for name in given.command or COMMANDS}
        turn = 0
        while killed < given.kills:
            name = list(alone)[turn % len(alone)]
            found, seconds = alone[name]
            kills = min(IN_A_ROW, given.kills - killed)
            moments = [random.uniform(0.0, seconds) for _ in range(kills)]
            for fault in killed_again_and_again(COMMANDS[name], Path(folder) / f"{name}-{turn}", moments, found):
                defects += 1
                print(f"{name}, turn {turn}: {fault}")  # noqa: T201
            killed, turn = killed + kills, turn + 1
    print(f"{killed} kills of {', '.join(alone)}: {defects} lost or wrong.")  # noqa: T201
    return int(defects > 0)


def _alone(command: Command, folder: Path) -> tuple[dict[str, str], float]:
    """What a command leaves that nobody kills, and how long it takes. Raises RuntimeError if it fails."""
    began = time.monotonic()
    fault = finished(command, folder)
    if fault:
        raise RuntimeError(fault)
    found = dict(command.found(folder))
    if not found:
        raise RuntimeError(f"{' '.join(command.arguments)} left nothing that could be lost")
    return found, time.monotonic() - began


def killed_again_and_again(
    command: Command, folder: Path, moments: list[float], alone: dict[str, str]
) -> Iterator[str]:
    """Kill a command after each of these seconds, then let it finish; a sentence on each run lost or file wrong."""
    for moment in moments:
        before = stored(folder)
        process = begun(command, folder)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(moment)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        after = stored(folder)
        lost = [path for path, digest in before.items() if after.get(path) != digest]
        if lost:
            yield f"{len(lost)} files of finished runs were lost or changed, the first {lost[0]}"
    fault = finished(command, folder)
    if fault:
        yield fault
        return
    found = dict(command.found(folder))
    wrong = sorted(path for path in {*found, *alone} if found.get(path) != alone.get(path))
    if wrong:
        yield f"{len(wrong)} files are not those of the command left alone, the first {wrong[0]}"


def begun(command: Command, folder: Path) -> subprocess.Popen[bytes]:
    """Start a command in a folder, in a group of processes of its own."""
    if not folder.exists():
        folder.mkdir(parents=True)
        prepare(folder)
    with (folder / "log.txt").open("ab") as log:
        return subprocess.Popen(command.arguments, cwd=folder, stdout=log, stderr=log, start_new_session=True)


def finished(command: Command, folder: Path) -> str | None:
    """Let a command finish; a sentence if it does not."""
    process = begun(command, folder)
    try:
        code = process.wait(LONGEST)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        return f"it did not finish within {LONGEST:g} s"
    said = (folder / "log.txt").read_text(encoding="utf-8", errors="replace")[-300:]
    return None if code in command.ends_with else f"it ended with exit code {code}: {said}"


def stored(folder: Path) -> dict[str, str]:
    """Digests of the finished runs in a folder's store."""
    return digests(folder / STORE / "runs")


if __name__ == "__main__":
    sys.exit(main())
