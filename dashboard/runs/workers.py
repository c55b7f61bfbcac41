"""Work through the queue: one job at a time, on a fixed number of processes, in slices.

Between two slices a job makes way for an urgent one. Every replication is stored as soon as it is done, so a resumed
job, on this server or another, continues where it stopped.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
import uuid
from collections.abc import Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from pathlib import Path
from typing import Final

from dashboard.runs.answers import write_answer
from dashboard.runs.job_table import ClaimedJob, JobTable
from dashboard.runs.question import Places, Question
from dashboard.runs.states import JobError, Phase, faults_of
from simulator.api import run_comparable
from simulator.comparison.comparability import failed_runs
from simulator.results.results import Results
from simulator.results.run_record import model_version
from simulator.running.ensemble import cores, own_executor
from simulator.running.processes import end_now
from simulator.specification.spec import Spec
from simulator.store import Store, open_store, storing_executor

TASKS_A_WORKER: Final = 2
"""Seeds in a slice, for each process."""
LOOK_AGAIN: Final = 1.0
"""Seconds after which an idle worker looks for jobs that another server abandoned."""
_LOG: Final = logging.getLogger(__name__)
_LOST_POOL: Final = "BrokenProcessPool"


class _StopError(Exception):
    """The job is no longer this worker's, or the server is closing."""


class _OvertakenError(Exception):
    """An urgent job is waiting."""


class Workers:
    """One thread that claims jobs, and the processes that run them."""

    def __init__(self, folder: Path, table: JobTable, places: Places, how: tuple[int | None, float]) -> None:
        """``how`` is the number of processes (None: one per core) and the seconds of `Jobs`' lease."""
        workers, lease = how
        self.name = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
        self._folder, self._table, self._places, self._lease = folder, table, places, lease
        self._count = workers or cores()
        self._pool: Executor | None = None
        self._cold = True  # the first runs wait for processes and compilation
        self._store: Store | None = None
        self._closing, self._news = threading.Event(), threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Start the threads, once."""
        if not self._threads:
            self._threads = [
                threading.Thread(target=work, name=f"jobs-{work.__name__}", daemon=True)
                for work in (self._take_jobs, self._stay_alive)
            ]
            for thread in self._threads:
                thread.start()

    def wake(self) -> None:
        """Look for a new job."""
        self._news.set()

    def close(self) -> None:
        """Return the job to the queue and end the processes, in the middle of their runs."""
        self._closing.set()
        self._news.set()
        if self._pool is not None:
            end_now(self._pool)
        for thread in self._threads:
            thread.join()

    def _stay_alive(self) -> None:
        while not self._closing.wait(self._lease / 4.0):
            self._table.beat(self.name)

    def _take_jobs(self) -> None:
        with ThreadPoolExecutor(max_workers=1) as one:  # a future stores any error as data
            while not self._closing.is_set():
                self._news.clear()
                claim = one.submit(self._table.claim, self.name, self._lease)
                job = None if claim.exception() else claim.result()
                if job is not None:
                    self._end(job, one.submit(self._work, job).exception())
                    continue
                if claim.exception():
                    _LOG.error("the job table cannot be used: %s", claim.exception())
                self._news.wait(LOOK_AGAIN)

    def _end(self, job: ClaimedJob, error: BaseException | None) -> None:
        if error is None:
            self._table.end(job.key, self.name, Phase.FINISHED)
        elif self._closing.is_set() or isinstance(error, _StopError | _OvertakenError):
            self._table.end(job.key, self.name, Phase.QUEUED)
        else:
            self._table.end(job.key, self.name, Phase.FAILED, faults_of(error))

    def _work(self, job: ClaimedJob) -> None:
        """Run a whole job. Raises any error of its runs."""
        question = Question.from_text(job.question)
        specs = question.specs(self._places)
        if job.model_version != model_version() or question.key(specs) != job.key:
            raise JobError(
                f"This run was requested from model {job.model_version}, and this is model {model_version()}; or a "
                "file that it names has changed since. Request it again."
            )
        work = _Progress(job, len(specs))
        size = TASKS_A_WORKER * self._count
        for first in range(0, question.pairs, size):
            self._slice(specs, question.seeds[first : first + size], work)
            if not job.urgent and first + size < question.pairs and self._table.overtaken():
                raise _OvertakenError
        arms = self._slice(specs, question.seeds, work)  # all of them, from the store
        write_answer(self._folder / "answers" / job.key, question, arms, question.note(self._places))

    def _slice(self, specs: Sequence[Spec], seeds: Sequence[int], work: _Progress) -> list[Results]:
        arms = self._run(specs, seeds, work)
        if self._closing.is_set():
            raise _StopError
        if any((arm.failures["error"] == _LOST_POOL).any() for arm in arms):
            self._renew()  # a process was killed, which breaks its pool; try once more
            arms = self._run(specs, seeds, work)
        lost = [failed_runs(arm) for arm in arms if len(arm.failures)]
        if lost:
            raise JobError(" ".join(lost))
        return arms

    def _run(self, specs: Sequence[Spec], seeds: Sequence[int], work: _Progress) -> list[Results]:
        if self._store is None:
            self._store = open_store(self._folder / "runs", _LOG.warning)
        if self._pool is None:
            self._pool = own_executor(self._count)
        with storing_executor(self._store, self._pool) as remembers:
            work.begin(seeds[0], self._count * len(specs) if self._cold else 0)
            self._cold = False

            def progress(done: int, _: int) -> None:
                mine = self._table.progress(work.job.key, self.name, *work.now(done, remembers.made))
                if not mine or self._closing.is_set():
                    raise _StopError

            return run_comparable(specs, seeds, remembers, progress)

    def _renew(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
        self._pool = None


class _Progress:
    """Progress of a job, which never decreases, and its pace in runs and seconds."""

    def __init__(self, job: ClaimedJob, arms: int) -> None:
        self.job, self._arms = job, arms
        self._done, self._made, self._seconds = job.done, job.made, job.seconds
        self._before, self._began, self._pace = 0, 0.0, (job.made, job.seconds)
        self._untimed, self._ignored = 0, 0

    def begin(self, first_seed: int, untimed: int) -> None:
        """Begin a slice, whose clock starts after ``untimed`` runs."""
        self._before = first_seed * self._arms
        self._began = time.monotonic()
        self._made, self._seconds = self._pace
        self._untimed, self._ignored = untimed, 0

    def now(self, done: int, made: int) -> tuple[int, tuple[int, float]]:
        """Runs done of the whole job, and the pace, given runs done and computed in this slice."""
        self._done = max(self._done, self._before + done)
        if made <= self._untimed:
            self._began, self._ignored = time.monotonic(), made
        else:
            self._pace = (self._made + made - self._ignored, self._seconds + time.monotonic() - self._began)
        return self._done, self._pace
