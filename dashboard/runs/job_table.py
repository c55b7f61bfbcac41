"""The job table: one row a question, and who asked. Processes and threads may share it; each change is one statement
or one transaction that writes first, so that two of them never both do what only one may."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from dashboard.runs.states import Fault, JobError, JobState, Phase

PATIENCE: Final = 60.0
"""Seconds to wait for another's change, which lasts some thousandths of a second."""
_METADATA: Final = sa.MetaData()
_JOBS: Final = sa.Table(
    "jobs",
    _METADATA,
    sa.Column("key", sa.String, primary_key=True),
    sa.Column("question", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("names", sa.Text, nullable=False, index=True),  # of the scenarios, base first, with commas
    sa.Column("place", sa.String, nullable=False),
    sa.Column("lens", sa.String, nullable=False),
    sa.Column("pairs", sa.Integer, nullable=False),
    sa.Column("urgent", sa.Boolean, nullable=False),
    sa.Column("model_version", sa.String, nullable=False),
    sa.Column("phase", sa.String, nullable=False, index=True),
    sa.Column("asked", sa.Float, nullable=False),
    sa.Column("total", sa.Integer, nullable=False),  # runs
    sa.Column("done", sa.Integer, nullable=False),  # runs
    sa.Column("run_size", sa.Float, nullable=False),  # resident-weeks of a run
    sa.Column("made", sa.Integer, nullable=False),  # runs that were made for it, others were in the store
    sa.Column("seconds", sa.Float, nullable=False),  # that making them took
    sa.Column("worker", sa.String),
    sa.Column("beat", sa.Float, nullable=False),  # when the worker was last alive
    sa.Column("faults", sa.Text, nullable=False),
)
_ASKERS: Final = sa.Table(
    "askers",
    _METADATA,
    sa.Column("key", sa.String, primary_key=True),
    sa.Column("owner", sa.String, primary_key=True),
    sa.Column("asked", sa.Float, nullable=False),
    sa.Column("withdrawn", sa.Boolean, nullable=False),
)
_OPEN: Final = (Phase.QUEUED, Phase.RUNNING)
_ORDER: Final = (_JOBS.c.urgent.desc(), _JOBS.c.asked, _JOBS.c.key)
_AGAIN: Final = {"done": 0, "made": 0, "seconds": 0.0, "worker": None, "beat": 0.0, "faults": "[]"}


class Asked(NamedTuple):
    """A question as the table keeps it."""

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


class Claimed(NamedTuple):
    """A job that this worker has taken."""

    key: str
    question: str
    model_version: str
    urgent: bool
    done: int
    made: int
    seconds: float


class Table:
    """The table in one SQLite file."""

    def __init__(self, path: Path) -> None:
        """Open the file, or make it."""
        self._engine = sa.create_engine(sa.URL.create("sqlite", database=str(path)), connect_args={"timeout": PATIENCE})
        with self._engine.begin() as connection:
            connection.execute(sa.text("PRAGMA journal_mode=WAL"))
        _METADATA.create_all(self._engine)

    def ask(self, asked: Asked, owner: str, *, again: bool = False) -> None:
        """Queue a question, unless it is there; one that failed or was cancelled is queued anew.

        ``again`` queues one that had finished, too. An ``urgent`` asker makes it urgent for all.
        """
        now = time.time()
        row = {**asked._asdict(), **_AGAIN, "phase": Phase.QUEUED, "asked": now}
        over = [Phase.FAILED, Phase.CANCELLED, *([Phase.FINISHED] if again else [])]
        asker = insert(_ASKERS).values(key=asked.key, owner=owner, asked=now, withdrawn=False)
        with self._engine.begin() as connection:
            connection.execute(insert(_JOBS).values(**row).on_conflict_do_nothing())
            connection.execute(sa.update(_JOBS).where(_is(asked.key), _JOBS.c.phase.in_(over)).values(**row))
            if asked.urgent:
                connection.execute(sa.update(_JOBS).where(_is(asked.key)).values(urgent=True))
            connection.execute(asker.on_conflict_do_update(["key", "owner"], set_={"withdrawn": False, "asked": now}))

    def withdraw(self, key: str, owner: str) -> bool:
        """Take back an owner's question; whether the job ended with that, since nobody else asks it.

        Raises JobError for a job that is not there, or is not this owner's.
        """
        asking = sa.select(_ASKERS.c.owner).where(_ASKERS.c.key == key, _ASKERS.c.withdrawn.is_(False))
        mine = sa.update(_ASKERS).where(_ASKERS.c.key == key, _ASKERS.c.owner == owner).values(withdrawn=True)
        with self._engine.begin() as connection:
            withdrawn: Any = connection.execute(mine)
            if not withdrawn.rowcount:
                raise JobError("This run is somebody else's. Only those who asked for it may cancel it.")
            if connection.execute(asking).first() is not None:
                return False
            ended: Any = connection.execute(
                sa.update(_JOBS).where(_is(key), _JOBS.c.phase.in_(_OPEN)).values(phase=Phase.CANCELLED, worker=None)
            )
            return bool(ended.rowcount)

    def claim(self, worker: str, lease: float) -> Claimed | None:
        """Take the next job: urgent ones first, then by time; also one whose worker was not heard of for ``lease``."""
        while True:
            now = time.time()
            free = sa.or_(
                _JOBS.c.phase == Phase.QUEUED,
                sa.and_(_JOBS.c.phase == Phase.RUNNING, _JOBS.c.beat < now - lease),
            )
            with self._engine.connect() as connection:
                row = connection.execute(sa.select(_JOBS).where(free).order_by(*_ORDER).limit(1)).first()
            if row is None:
                return None
            take = sa.update(_JOBS).where(_is(row.key), free)
            with self._engine.begin() as connection:
                taken: Any = connection.execute(take.values(phase=Phase.RUNNING, worker=worker, beat=now))
            if taken.rowcount:
                return Claimed(**{name: row._mapping[name] for name in Claimed._fields})

    def beat(self, worker: str) -> None:
        """Say that a worker is alive."""
        with self._engine.begin() as connection:
            connection.execute(sa.update(_JOBS).where(_JOBS.c.worker == worker).values(beat=time.time()))

    def progress(self, key: str, worker: str, done: int, pace: tuple[int, float]) -> bool:
        """Note runs done, and runs made in how many seconds; False if the job is no longer this worker's."""
        made, seconds = pace
        return self._change(key, worker, {"done": done, "made": made, "seconds": seconds, "beat": time.time()})

    def end(self, key: str, worker: str, phase: Phase, faults: Sequence[Fault] = ()) -> bool:
        """Finish, fail, or give back to the queue; False if the job is no longer this worker's."""
        content: dict[str, Any] = {"phase": phase, "worker": None, "faults": json.dumps(faults)}
        if phase is Phase.FINISHED:
            content["done"] = _JOBS.c.total
        return self._change(key, worker, content)

    def spoil(self, key: str, fault: Fault) -> None:
        """Call a finished job failed: its answer can no longer be read."""
        with self._engine.begin() as connection:
            connection.execute(
                sa.update(_JOBS)
                .where(_is(key), _JOBS.c.phase == Phase.FINISHED)
                .values(phase=Phase.FAILED, faults=json.dumps([fault]))
            )

    def overtaken(self) -> bool:
        """Whether an urgent job waits."""
        waits = sa.select(_JOBS.c.key).where(_JOBS.c.phase == Phase.QUEUED, _JOBS.c.urgent.is_(True)).limit(1)
        with self._engine.connect() as connection:
            return connection.execute(waits).first() is not None

    def state(self, key: str, owner: str) -> JobState:
        """The job as this owner sees it. Raises JobError if there is none."""
        with self._engine.connect() as connection:
            row = connection.execute(sa.select(_JOBS).where(_is(key))).first()
            if row is None:
                raise JobError(f"There is no run {key}. It may have been asked of another server, or removed.")
            return self._as_state(connection, row, owner)

    def states(self, owner: str | None = None) -> list[JobState]:
        """Every job, or those that an owner asked for, the newest first."""
        query = sa.select(_JOBS).order_by(_JOBS.c.asked.desc(), _JOBS.c.key)
        if owner is not None:
            query = query.where(_JOBS.c.key.in_(sa.select(_ASKERS.c.key).where(_ASKERS.c.owner == owner)))
        with self._engine.connect() as connection:
            return [self._as_state(connection, row, owner or "") for row in connection.execute(query).all()]

    def finished(self, names: str, place: str, lens: str, model_version: str) -> str | None:
        """The key of the finished job of these scenarios with the most replications; None if there is none."""
        query = (
            sa.select(_JOBS.c.key)
            .where(
                _JOBS.c.names == names,
                _JOBS.c.place == place,
                _JOBS.c.lens == lens,
                _JOBS.c.model_version == model_version,
                _JOBS.c.phase == Phase.FINISHED,
            )
            .order_by(_JOBS.c.pairs.desc(), _JOBS.c.asked.desc())
            .limit(1)
        )
        with self._engine.connect() as connection:
            found = connection.execute(query).scalar()
        return None if found is None else str(found)

    def question(self, key: str) -> str:
        """The text of the question. Raises JobError if there is none of this key."""
        with self._engine.connect() as connection:
            found = connection.execute(sa.select(_JOBS.c.question).where(_is(key))).scalar()
        if found is None:
            raise JobError(f"There is no run {key}. It may have been asked of another server, or removed.")
        return str(found)

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()

    def _change(self, key: str, worker: str, content: dict[str, Any]) -> bool:
        mine = sa.update(_JOBS).where(_is(key), _JOBS.c.worker == worker, _JOBS.c.phase == Phase.RUNNING)
        with self._engine.begin() as connection:
            changed: Any = connection.execute(mine.values(**content))
            return bool(changed.rowcount)

    def _as_state(self, connection: sa.Connection, row: Any, owner: str) -> JobState:
        asker = sa.select(_ASKERS.c.withdrawn).where(_ASKERS.c.key == row.key, _ASKERS.c.owner == owner)
        withdrawn = connection.execute(asker).scalar()
        ahead = self._ahead(connection, row) if row.phase in _OPEN else []
        return JobState(
            key=row.key,
            title=row.title,
            phase=Phase(row.phase),
            ahead=len(ahead) if row.phase == Phase.QUEUED else 0,
            done=row.done,
            total=row.total,
            seconds_left=self._seconds_left(connection, row, ahead),
            faults=tuple(Fault(*fault) for fault in json.loads(row.faults)),
            mine=withdrawn is False,
            asked=row.asked,
            names=tuple(row.names.split(",")),
            place=row.place,
            lens=row.lens,
            pairs=row.pairs,
            model_version=row.model_version,
        )

    def _ahead(self, connection: sa.Connection, row: Any) -> Sequence[Any]:
        """Jobs that are worked on, or will be, before this one."""
        if row.phase == Phase.RUNNING:
            return ()
        earlier = sa.or_(
            _JOBS.c.phase == Phase.RUNNING,
            sa.and_(_JOBS.c.urgent.is_(True), sa.literal(not row.urgent)),
            sa.and_(
                _JOBS.c.urgent.is_(bool(row.urgent)),
                sa.tuple_(_JOBS.c.asked, _JOBS.c.key) < sa.tuple_(sa.literal(row.asked), sa.literal(row.key)),
            ),
        )
        return connection.execute(
            sa.select(_JOBS).where(_JOBS.c.phase.in_(_OPEN), _JOBS.c.key != row.key, earlier)
        ).all()

    def _seconds_left(self, connection: sa.Connection, row: Any, ahead: Sequence[Any]) -> float | None:
        """By how long a resident-week took in this job, or in the last one in which any run was made."""
        if row.phase not in _OPEN:
            return None
        paced = row
        if not row.made:
            paced = connection.execute(
                sa.select(_JOBS).where(_JOBS.c.made > 0).order_by(_JOBS.c.beat.desc()).limit(1)
            ).first()
        if paced is None:
            return None
        pace = paced.seconds / (paced.made * paced.run_size)
        return float(sum(pace * one.run_size * (one.total - one.done) for one in (row, *ahead)))


def _is(key: str) -> sa.ColumnElement[bool]:
    return _JOBS.c.key == key
