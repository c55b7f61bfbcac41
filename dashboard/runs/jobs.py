"""The desk where questions are handed in and answers are picked up."""

from __future__ import annotations

from functools import lru_cache, partial
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from dashboard.runs.answers import Answer, read_answer
from dashboard.runs.job_table import JobRow, JobTable
from dashboard.runs.question import QUICK_PAIRS, Places, Question, place_of
from dashboard.runs.states import Fault, JobState, Phase
from dashboard.runs.workers import Workers
from simulator.comparison.comparison import Comparison
from simulator.errors import ResultsError
from simulator.places import Place
from simulator.results.folder import RECORD
from simulator.results.run_record import model_version

NOBODY: Final = ""
"""An owner who has asked for nothing."""
KEPT_IN_MEMORY: Final = 4
"""Answers; one of 100 pairs in two arms takes some 100 MB."""


class Jobs:
    """Jobs in one folder. Threads, and several servers, may share it.

    jobs.sqlite  the table     runs/     the store of runs
    answers/     by key        places/   places of one's own, beside the shipped ones
    """

    def __init__(
        self, folder: Path, *, workers: int | None = None, lease: float = 10.0, places: tuple[Place, ...] = ()
    ) -> None:
        """Open the folder, or make it. ``workers`` is a number of processes (default: one a core).

        ``places`` may be asked of beside the shipped ones and those of the folder.
        ``lease`` is the number of seconds after which a job of a worker that is not heard of is taken up by another.
        """
        self.folder = folder
        for name in ("answers", "places"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        self._table = JobTable(folder / "jobs.sqlite")
        self.place: Places = partial(place_of, folder=folder / "places", given=places)
        self._workers = Workers(folder, self._table, self.place, (workers, lease))
        self._read = lru_cache(maxsize=KEPT_IN_MEMORY)(read_answer)

    def start(self) -> None:
        """Begin to work through the queue, beside the caller; without this, jobs wait."""
        self._workers.start()

    def submit(self, question: Question, owner: str = NOBODY) -> str:
        """Hand in a question; return its key. The same question is computed once, whoever asks it.

        One of a few pairs goes before larger ones. Raises ScenarioError, PlaceError, IncomparableRunsError or
        UnknownNameError at once for what could never be run.
        """
        specs = question.specs(self.place)
        key = question.key(specs)
        asked = JobRow(
            key=key,
            question=question.as_text(),
            title=question.title,
            names=",".join(question.names),
            place=question.place,
            lens=question.lens,
            pairs=question.pairs,
            model_version=model_version(),
            total=len(specs) * question.pairs,
            run_size=float(specs[0].place.residents * specs[0].weeks),
            urgent=question.pairs <= QUICK_PAIRS,
        )
        self._table.ask(asked, owner, again=not (self._answer(key) / RECORD).is_file())
        self._workers.wake()
        return key

    def key(self, question: Question) -> str:
        """The key that the question has, or would have. Raises as `submit` does."""
        return question.key(question.specs(self.place))

    def state(self, key: str, owner: str = NOBODY) -> JobState:
        """Where a job is, as its owner or anybody else sees it. Raises JobError if there is none of this key."""
        return self._table.state(key, owner)

    def states(self, owner: str | None = None) -> list[JobState]:
        """Every job, or those of one owner, the newest first."""
        return self._table.states(owner)

    def cancel(self, key: str, owner: str) -> bool:
        """Take back a question; whether its job ended, which it does not while somebody else still asks it.

        Runs that had finished are kept. Raises JobError if this owner had not asked for it.
        """
        return self._table.withdraw(key, owner)

    def question(self, key: str) -> Question:
        """The question of a job. Raises JobError if there is none."""
        return Question.from_text(self._table.question(key))

    def result(self, key: str) -> Answer:
        """The answer to a question. Raises JobError if there is no such job, ResultsError if it has no answer.

        An answer that was damaged on disk makes its job a failed one, which can be asked again.
        """
        state = self._table.state(key, NOBODY)
        if state.phase is not Phase.FINISHED:
            raise ResultsError(f"The run {key} has no answer yet. {state.in_words()}")
        try:
            return self._read(self._answer(key))
        except ResultsError as error:
            self._table.spoil(key, Fault(str(error)))
            raise

    def comparison(self, scenario: str, base: str, place: str, lens: str, version: str) -> Comparison | None:
        """A finished comparison by the names that a link has, with the most replications; None if there is none."""
        key = self._table.finished(f"{base},{scenario}", place, lens, version)
        return None if key is None else self.result(key).comparison()

    def close(self) -> None:
        """Stop working; what is unfinished goes on when a server is started again."""
        self._workers.close()
        self._table.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _answer(self, key: str) -> Path:
        return self.folder / "answers" / key
