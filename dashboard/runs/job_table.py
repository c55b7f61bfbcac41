"""The job table: one row per question, with its askers. Processes and threads may share it: each change is one
exclusive transaction, so that, for example, two workers never claim the same job."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from dashboard.runs.states import Fault, JobError, JobState, Phase
from simulator.store.database import Database, Row

_TABLES: Final = """
    create table if not exists jobs (
        key text primary key,
        question text not null,
        title text not null,
        names text not null, -- of the scenarios, base first, with commas
        place text not null,
        lens text not null,
        pairs integer not null,
        urgent boolean not null,
        model_version text not null,
        phase text not null,
        asked real not null,
        total integer not null, -- runs
        done integer not null, -- runs
        run_size real not null, -- resident-weeks of a run
        made integer not null, -- runs that were made for it, others were in the store
        seconds real not null, -- that making them took
        worker text,
        beat real not null, -- when the worker was last alive
        faults text not null -- JSON
    );
    create index if not exists ix_jobs_names on jobs (names);
    create index if not exists ix_jobs_phase on jobs (phase);
    create table if not exists askers (
        key text not null,
        owner text not null,
        asked real not null,
        withdrawn boolean not null,
        primary key (key, owner)
    )
"""
_NONE: Final = "There is no run {}. It may have been requested on another server, or removed."
_OPEN: Final = (Phase.QUEUED, Phase.RUNNING)
_AGAIN: Final = {"done": 0, "made": 0, "seconds": 0.0, "worker": None, "beat": 0.0, "faults": "[]"}


class JobRow(NamedTuple):
    """A question as stored in the table."""

    key: str
    question: str
    title: str
    names: str  # of the scenarios, base first, with commas
    place: str
    lens: str
    pairs: int
    model_version: str
    total: int
    run_size: float
    urgent: bool


class ClaimedJob(NamedTuple):
    """A job that this worker has claimed."""

    key: str
    question: str
    model_version: str
    urgent: bool
    done: int
    made: int
    seconds: float


class JobTable:
    """The table in one SQLite file."""

    def __init__(self, path: Path) -> None:
        """Open or create the file. Raises StoreError if it cannot be used."""
        remedy = "Move this file away to start with no jobs; finished runs in the same folder are kept and used."
        self._file = Database(path, _TABLES, holds="the jobs", remedy=remedy)
        self.close = self._file.close

    def ask(self, asked: JobRow, owner: str, *, again: bool = False) -> None:
        """Queue a question, unless it is in the table; one that failed or was cancelled is queued again.

        ``again`` also queues a finished one again. An ``urgent`` asker makes it urgent for all.
        """
        row = {**asked._asdict(), **_AGAIN, "phase": Phase.QUEUED, "asked": time.time()}
        over = (Phase.FAILED, Phase.CANCELLED, Phase.FINISHED if again else Phase.FAILED)
        with self._file.change() as change:
            held = change.execute("select phase from jobs where key = ?", (asked.key,)).fetchone()
            if held is None or held["phase"] in over:
                change.execute(
                    f"insert or replace into jobs ({', '.join(row)}) values ({', '.join(f':{name}' for name in row)})",
                    row,
                )
            elif asked.urgent:
                change.execute("update jobs set urgent = true where key = ?", (asked.key,))
            change.execute("insert or replace into askers values (?, ?, ?, false)", (asked.key, owner, row["asked"]))

    def withdraw(self, key: str, owner: str) -> bool:
        """Withdraw an owner's question; return whether the job ended, because there is no other asker.

        Raises JobError for an unknown job, or one that is not this owner's.
        """
        with self._file.change() as change:
            if not change.execute(
                "update askers set withdrawn = true where key = ? and owner = ?", (key, owner)
            ).rowcount:
                raise JobError("This run belongs to someone else. Only the people who requested it may cancel it.")
            if change.execute("select 1 from askers where key = ? and not withdrawn", (key,)).fetchone():
                return False
            end = "update jobs set phase = ?, worker = null where key = ? and phase in (?, ?)"
            return bool(change.execute(end, (Phase.CANCELLED, key, *_OPEN)).rowcount)

    def claim(self, worker: str, lease: float) -> ClaimedJob | None:
        """Claim the next job, urgent ones first, then by time; or one whose worker is silent for ``lease`` seconds."""
        now = time.time()
        with self._file.change() as change:
            row = change.execute(
                "select * from jobs where phase = ? or (phase = ? and beat < ?) order by urgent desc, asked, key",
                (*_OPEN, now - lease),
            ).fetchone()
            if row is None:
                return None
            take = "update jobs set phase = ?, worker = ?, beat = ? where key = ?"
            change.execute(take, (Phase.RUNNING, worker, now, row["key"]))
        return ClaimedJob(**{name: row[name] for name in ClaimedJob._fields})

    def beat(self, worker: str) -> None:
        """Note that a worker is alive."""
        with self._file.change() as change:
            change.execute("update jobs set beat = ? where worker = ?", (time.time(), worker))

    def progress(self, key: str, worker: str, done: int, pace: tuple[int, float]) -> bool:
        """Note runs done, and the pace (runs computed, seconds); False if the job is no longer this worker's."""
        made, seconds = pace
        new = {"done": done, "made": made, "seconds": seconds, "beat": time.time()}
        return self._change(key, worker, "done = :done, made = :made, seconds = :seconds, beat = :beat", new)

    def end(self, key: str, worker: str, phase: Phase, faults: Sequence[Fault] = ()) -> bool:
        """Finish a job, fail it, or return it to the queue; False if the job is no longer this worker's."""
        change = "phase = :phase, worker = null, faults = :faults" + ", done = total" * (phase is Phase.FINISHED)
        return self._change(key, worker, change, {"phase": phase, "faults": json.dumps(faults)})

    def spoil(self, key: str, fault: Fault) -> None:
        """Mark a finished job as failed, since its answer can no longer be read."""
        spoilt = (Phase.FAILED, json.dumps([fault]), key, Phase.FINISHED)
        with self._file.change() as change:
            change.execute("update jobs set phase = ?, faults = ? where key = ? and phase = ?", spoilt)

    def overtaken(self) -> bool:
        """Whether an urgent job is waiting."""
        return self._file.first("select 1 from jobs where phase = ? and urgent", (Phase.QUEUED,)) is not None

    def state(self, key: str, owner: str) -> JobState:
        """The job from this owner's point of view. Raises JobError if there is none."""
        states = self._states("where jobs.key = ?", owner, key)
        if not states:
            raise JobError(_NONE.format(key))
        return states[0]

    def states(self, owner: str | None = None) -> list[JobState]:
        """All jobs, or those of an owner, the newest first."""
        mine = "" if owner is None else "where mine.owner is not null"
        return self._states(f"{mine} order by jobs.asked desc, jobs.key", owner or "")

    def finished(self, names: str, place: str, lens: str, model_version: str) -> str | None:
        """The key of the finished job of these scenarios with the most replications, or None."""
        row = self._file.first(
            "select key from jobs where names = ? and place = ? and lens = ? and model_version = ? and phase = ? "
            "order by pairs desc, asked desc",
            (names, place, lens, model_version, Phase.FINISHED),
        )
        return None if row is None else str(row["key"])

    def question(self, key: str) -> str:
        """The text of the question. Raises JobError for an unknown key."""
        row = self._file.first("select question from jobs where key = ?", (key,))
        if row is None:
            raise JobError(_NONE.format(key))
        return str(row["question"])

    def _change(self, key: str, worker: str, what: str, new: dict[str, Any]) -> bool:
        """Change a worker's job; False if it is no longer this worker's."""
        mine = {"key": key, "worker": worker, "running": Phase.RUNNING}
        with self._file.change() as change:
            statement = f"update jobs set {what} where key = :key and worker = :worker and phase = :running"
            return bool(change.execute(statement, new | mine).rowcount)

    def _states(self, which: str, owner: str, *values: str) -> list[JobState]:
        """Jobs from an owner's point of view."""
        rows = self._file.read(
            "select jobs.*, mine.withdrawn from jobs left join askers mine on mine.key = jobs.key and mine.owner = ? "
            f"{which}",
            (owner, *values),
        )
        return [self._as_state(row) for row in rows]

    def _as_state(self, row: Row) -> JobState:
        ahead = self._ahead(row) if row["phase"] == Phase.QUEUED else []
        return JobState(
            key=row["key"],
            title=row["title"],
            phase=Phase(row["phase"]),
            ahead=len(ahead),
            done=row["done"],
            total=row["total"],
            seconds_left=self._seconds_left(row, ahead),
            faults=tuple(Fault(*fault) for fault in json.loads(row["faults"])),
            mine=row["withdrawn"] == 0,  # None: never asked
            asked=row["asked"],
            names=tuple(row["names"].split(",")),
            place=row["place"],
            lens=row["lens"],
            pairs=row["pairs"],
            model_version=row["model_version"],
        )

    def _ahead(self, row: Row) -> list[Row]:
        """Jobs that are running, or will run, before a waiting one."""
        return self._file.read(
            "select * from jobs where phase = :running or (phase = :phase and "
            "(urgent > :urgent or (urgent = :urgent and (asked, key) < (:asked, :key))))",
            {**dict(row), "running": Phase.RUNNING},
        )

    def _seconds_left(self, row: Row, ahead: list[Row]) -> float | None:
        """Time left, from the pace per resident-week in this job, or in the last job with computed runs."""
        if row["phase"] not in _OPEN:
            return None
        paced = row if row["made"] else self._file.first("select * from jobs where made > 0 order by beat desc")
        if paced is None:
            return None
        pace = paced["seconds"] / (paced["made"] * paced["run_size"])
        return float(sum(pace * one["run_size"] * (one["total"] - one["done"]) for one in (row, *ahead)))
