"""Processes that write to a store, for tests that kill them, run several at once, or take the disk from them.

python -m tests.simulator.store.writers killed FOLDER MOMENTS    a child for each moment, killed while it writes one run
python -m tests.simulator.store.writers keep FOLDER FIRST LAST   keep runs FIRST to LAST, and say which is next
python -m tests.simulator.store.writers refused FOLDER LOCKED    keep a run where no file may be longer than 4 KB, then
    where there is no right to write
Several such commands, with "then" between them, are done by one process.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from types import FrameType

from simulator.errors import StoreError
from simulator.store import open_store
from tests.helpers.small_runs import small_spec
from tests.helpers.synthetic_results import lively

RUNS = lively(8, 0.1, quarters=1)
WATCHED = ("simulator/store/", "simulator/results/folder.py")
"""A moment is any call or return, of Python or of C, in these files."""


def write_one(folder: Path | str, seed: int) -> None:
    open_store(folder).keep(small_spec(), seed, seed // 2, RUNS[seed])


def say(what: object) -> None:
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


class Watch:
    """Counts moments, and dies at one."""

    def __init__(self, last: int | None) -> None:
        self.last, self.count = last, 0

    def __call__(self, frame: FrameType, event: str, argument: object) -> None:
        if any(part in frame.f_code.co_filename for part in WATCHED):
            self.count += 1
            if self.count == self.last:
                os.kill(os.getpid(), signal.SIGKILL)


def killed(folder: Path, moments: int) -> None:
    """Write run 0 whole, then kill a writer of run 1 at as many moments, spread over all that there are."""
    write_one(folder / "rehearsal", 0)
    watch = Watch(None)
    sys.setprofile(watch)
    write_one(folder / "counted", 1)
    sys.setprofile(None)
    for moment in spread(watch.count, moments):
        child = os.fork()
        if child == 0:
            sys.setprofile(Watch(moment))
            write_one(folder / f"{moment:06d}", 1)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        assert os.WIFSIGNALED(status), f"moment {moment} was never reached"
    say(watch.count)


def spread(count: int, moments: int) -> list[int]:
    """So many of ``count`` moments, from the first to nearly the last."""
    return [1 + number * (count - 4) // (moments - 1) for number in range(moments)]


def keep(folder: str, first: int, last: int) -> None:
    for seed in range(first, last + 1):
        write_one(folder, seed)
        say(seed)


def refused(full: Path, locked: Path) -> None:
    import resource  # Windows has none

    write_one(full.with_name("elsewhere"), 1)  # imports all there is to import, while it can be read
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
    for folder in (full, locked):
        if folder == locked and os.geteuid() == 0:
            os.seteuid(65534)  # whoever may do everything becomes nobody
        try:
            write_one(folder, 0)
        except StoreError as error:
            say(error)


def do(what: str, where: str, *rest: str) -> None:
    if what == "killed":
        killed(Path(where), int(rest[0]))
    elif what == "keep":
        keep(where, int(rest[0]), int(rest[1]))
    else:
        refused(Path(where), Path(rest[0]))


if __name__ == "__main__":
    for command in " ".join(sys.argv[1:]).split(" then "):
        do(*command.split())
