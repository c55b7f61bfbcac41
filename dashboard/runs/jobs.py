"""Submission of questions and retrieval of answers."""

from __future__ import annotations

from functools import lru_cache, partial
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from dashboard.runs.answers import Answer, read_answer
from dashboard.runs.job_table import JobRow, JobTable
from dashboard.runs.question import MOST_PAIRS, QUICK_PAIRS, Places, Question, place_of
from dashboard.runs.states import Fault, JobError, JobState, Phase
from dashboard.runs.workers import Workers
from simulator.comparison.comparison import Comparison
from simulator.errors import ResultsError
from simulator.places import Place
from simulator.results.folder import RECORD
from simulator.results.run_record import model_version

NOBODY: Final = ""
"""An owner without questions."""
KEPT_IN_MEMORY: Final = 4
"""Answers kept in memory; one of 100 pairs in two arms takes about 100 MB."""


class Jobs:
    """Jobs in one folder. Threads, and several servers, may share it.

    jobs.sqlite  the table     runs/     the store of runs
    answers/     by key        places/   users' own places, in addition to the shipped ones
    """

    def __init__(
        self, folder: Path, *, workers: int | None = None, lease: float = 10.0, places: tuple[Place, ...] = ()
    ) -> None:
        """Open or create the folder. ``workers`` is the number of processes (default: one per core).

        ``places`` are available in addition to the shipped ones and those of the folder.
        ``lease`` is the number of seconds after which the job of a silent worker is claimed by another.
        """
        self.folder = folder
        for name in ("answers", "places"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        self._table = JobTable(folder / "jobs.sqlite")
        self.place: Places = partial(place_of, folder=folder / "places", given=places)
        self._workers = Workers(folder, self._table, self.place, (workers, lease))
        self._read = lru_cache(maxsize=KEPT_IN_MEMORY)(read_answer)

    def start(self) -> None:
        """Start to work through the queue in the background; without this, jobs wait."""
        self._workers.start()

    def submit(self, question: Question, owner: str = NOBODY) -> str:
        """Submit a question; return its key. The same question from several owners is computed once.

        A question with few pairs goes before larger ones. Raises ScenarioError, PlaceError, IncomparableRunsError or
        UnknownNameError at once for a question that cannot be run, JobError for fewer than 1 or more than 1,000 pairs.
        """
        if not 1 <= question.pairs <= MOST_PAIRS:
            raise JobError(f"{question.pairs:,} pairs cannot be asked for: write a number from 1 to {MOST_PAIRS:,}.")
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
        """The key of a question, submitted or not. Raises as `submit`."""
        return question.key(question.specs(self.place))

    def state(self, key: str, owner: str = NOBODY) -> JobState:
        """The state of a job from an owner's point of view. Raises JobError for an unknown key."""
        return self._table.state(key, owner)

    def states(self, owner: str | None = None) -> list[JobState]:
        """All jobs, or those of one owner, the newest first."""
        return self._table.states(owner)

    def cancel(self, key: str, owner: str) -> bool:
        """Withdraw a question; return whether its job ended, which it does not while there is another asker.

        Finished runs are kept. Raises JobError if this owner did not submit it.
        """
        return self._table.withdraw(key, owner)

    def question(self, key: str) -> Question:
        """The question of a job. Raises JobError if there is none."""
        return Question.from_text(self._table.question(key))

    def result(self, key: str) -> Answer:
        """The answer to a question. Raises JobError if there is no such job, ResultsError if it has no answer.

        If the answer on disk is damaged, the job is marked as failed and can be submitted again.
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
        """The finished comparison with the most replications, by names in a link, or None."""
        key = self._table.finished(f"{base},{scenario}", place, lens, version)
        return None if key is None else self.result(key).comparison()

    def close(self) -> None:
        """Stop working; unfinished jobs continue when a server is started again."""
        self._workers.close()
        self._table.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _answer(self, key: str) -> Path:
        return self.folder / "answers" / key
