"""What is said of a job: its phase, its place in the queue, how far it is, when it may be done, what went wrong."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from simulator.errors import FileError, SimulatorError


class JobError(SimulatorError):
    """A job that is not there, or that somebody may not have or end."""


class Phase(StrEnum):
    """Where a job is."""

    QUEUED = "queued"
    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Fault(NamedTuple):
    """One thing that went wrong: file, line and field where a file is to blame, and a sentence on it."""

    message: str
    file: str | None = None
    line: int | None = None
    field: str | None = None


class JobState(NamedTuple):
    """A job as one owner sees it."""

    key: str
    title: str
    phase: Phase
    ahead: int  # jobs before it in the queue
    done: int  # runs
    total: int  # runs
    seconds_left: float | None  # None: over, or nothing has been run yet that it could be told from
    faults: tuple[Fault, ...]
    mine: bool  # this owner asked for it, and may cancel it
    asked: float  # seconds since 1970
    names: tuple[str, ...]  # of the scenarios, as links have them, base first
    place: str
    lens: str
    pairs: int  # replications
    model_version: str

    @property
    def over(self) -> bool:
        """Whether nothing more will happen by itself."""
        return self.phase in (Phase.FINISHED, Phase.FAILED, Phase.CANCELLED)

    def in_words(self) -> str:
        """A sentence on where it is.

        >>> state = JobState("k", "t", Phase.QUEUED, 2, 0, 32, 95.0, (), True, 0.0, ("a", "b"), "p", "l", 16, "1")
        >>> state.in_words()
        'Waiting: 2 jobs before it. About 2 minutes left.'
        """
        left = "" if self.seconds_left is None else f" {time_text(self.seconds_left)} left."
        if self.phase is Phase.QUEUED:
            before = "next in the queue" if not self.ahead else f"{self.ahead} job{'s' * (self.ahead > 1)} before it"
            return f"Waiting: {before}.{left}"
        if self.phase is Phase.RUNNING:
            return f"Running: {self.done} of {self.total} runs done.{left}"
        return {
            Phase.FINISHED: f"Finished: {self.pairs} pairs of runs.",
            Phase.FAILED: "Failed.",
            Phase.CANCELLED: "Cancelled.",
        }[self.phase]


def time_text(seconds: float) -> str:
    """A length of time, as precisely as such an estimate deserves.

    >>> time_text(3), time_text(42), time_text(95), time_text(8000)
    ('A few seconds', 'About 40 seconds', 'About 2 minutes', 'About 2 hours')
    """
    for least, length, unit in ((5400.0, 3600.0, "hour"), (90.0, 60.0, "minute")):
        if seconds >= least:
            return f"About {round(seconds / length)} {unit}s"
    return f"About {max(1, round(seconds / 10)) * 10} seconds" if seconds >= 5 else "A few seconds"


def faults_of(error: BaseException) -> tuple[Fault, ...]:
    """What an error says, with file, line and field where it names them."""
    if isinstance(error, FileError):
        return tuple(Fault(f"{one.wrong}. {one.right}", one.file, one.line, one.field) for one in error.problems)
    if isinstance(error, SimulatorError):
        return (Fault(str(error)),)
    return (Fault(f"{type(error).__name__}: {error}"),)
