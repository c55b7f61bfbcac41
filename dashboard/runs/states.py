"""State of a job: phase, position in the queue, progress, time left, and errors."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from simulator.errors import FileError, SimulatorError


class JobError(SimulatorError):
    """An unknown job, or one that the user may not see or cancel."""


class Phase(StrEnum):
    """Phases of a job."""

    QUEUED = "queued"
    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Fault(NamedTuple):
    """One error: a sentence, with file, line and field if a file caused it."""

    message: str
    file: str | None = None
    line: int | None = None
    field: str | None = None


class JobState(NamedTuple):
    """A job from an owner's point of view."""

    key: str
    title: str
    phase: Phase
    ahead: int  # jobs before it in the queue
    done: int  # runs
    total: int  # runs
    seconds_left: float | None  # None: over, or no run yet from which to estimate it
    faults: tuple[Fault, ...]
    mine: bool  # this owner asked for it, and may cancel it
    asked: float  # seconds since 1970
    names: tuple[str, ...]  # of the scenarios in links, base first
    place: str
    lens: str
    pairs: int  # replications
    model_version: str

    @property
    def over(self) -> bool:
        """Whether the job has ended."""
        return self.phase in (Phase.FINISHED, Phase.FAILED, Phase.CANCELLED)

    def in_words(self) -> str:
        """A sentence on the state.

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
    """A length of time, rounded in line with the precision of the estimate.

    >>> time_text(3), time_text(42), time_text(95), time_text(8000)
    ('A few seconds', 'About 40 seconds', 'About 2 minutes', 'About 2 hours')
    """
    for least, length, unit in ((5400.0, 3600.0, "hour"), (90.0, 60.0, "minute")):
        if seconds >= least:
            return f"About {round(seconds / length)} {unit}s"
    return f"About {max(1, round(seconds / 10)) * 10} seconds" if seconds >= 5 else "A few seconds"


def faults_of(error: BaseException) -> tuple[Fault, ...]:
    """The problems of an error, with file, line and field where it names them."""
    if isinstance(error, FileError):
        problems = error.without_folders().problems  # others may see them
        return tuple(Fault(f"{one.wrong}. {one.right}", one.file, one.line, one.field) for one in problems)
    if isinstance(error, SimulatorError):
        return (Fault(str(error)),)
    return (Fault(f"{type(error).__name__}: {error}"),)
