"""The worked example: shipped scenarios against their baseline for every lens shown, run where missing."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Executor
from typing import Final, NamedTuple

from dashboard.application.parts.settings import Settings
from dashboard.runs.library import Library
from dashboard.runs.view import BASELINE, FIRST_SCENARIO, STUDIED_PROGRAMME
from dashboard.text.lens_names import LensSettings, applied_lens_by_key, key_title, shown_lenses
from simulator.api import STUDIED, attribute, evaluate, load, run_comparable, specify_comparable
from simulator.districts import load_place
from simulator.errors import SimulatorError, StudyError
from simulator.experiments.lens_comparisons import CAUSAL_SHARES
from simulator.results.folder import read_record
from simulator.running.ensemble import own_executor
from simulator.running.processes import end_now
from simulator.scenario.scenario import scenario_names
from simulator.specification.spec import Spec

FIRST: Final = (FIRST_SCENARIO, "automation_only", "volunteers_only", "frome_without_hub")
"""Default scenario of pages, run before the others."""


STOPPED: Final = "It was stopped before it was done."


class Progress(NamedTuple):
    """Progress of the worked example."""

    done: int  # runs
    total: int
    now: str  # title of the running task; empty if there is none
    problem: str | None = None  # why it stopped, if it did


class Task(NamedTuple):
    """Specifications to run together, through one lens."""

    title: str
    lens: str  # with its settings (`dashboard.text.lens_names`)
    specs: list[Spec]
    seeds: int

    @property
    def runs(self) -> int:
        """The number of runs."""
        return len(self.specs) * self.seeds


def example_scenarios() -> tuple[str, ...]:
    """The shipped scenarios in a single place, in the order in which they are run."""
    others = [name for name in scenario_names() if name not in (*FIRST, BASELINE)]
    return tuple(name for name in (*FIRST, *others) if load(name).spread is None)


class WorkedExample:
    """Runs what is missing in the library, by scenario and lens, on one pool of processes."""

    def __init__(self, library: Library, settings: Settings) -> None:
        self._library, self._settings = library, settings
        self._progress = Progress(0, 0, "")
        self._executor: Executor | None = None
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._work, name="worked-example", daemon=True)

    def start(self) -> None:
        """Start in the background."""
        self._thread.start()

    def stop(self) -> None:
        """Stop at once, and drop tasks that have not finished."""
        self._stopped.set()
        if self._executor is not None:
            end_now(self._executor)

    def join(self) -> None:
        """Wait until everything has been run."""
        self._thread.join()

    @property
    def working(self) -> bool:
        """Whether tasks are left."""
        return self._thread.is_alive()

    @property
    def progress(self) -> Progress:
        """The current progress."""
        return self._progress

    def _work(self) -> None:
        tasks, unexplained = self.missing(), self._unexplained()
        unevaluated = self._unevaluated()
        total = sum(task.runs for task in tasks) + self._settings.explained_seeds * len(unexplained)
        total += self._settings.evaluated_seeds * len(unevaluated)
        self._progress = Progress(0, total, "")
        if not total:
            return
        if self._stopped.is_set():
            self._progress = self._progress._replace(problem=STOPPED)
            return
        executor = self._executor = own_executor(self._settings.workers)
        try:
            for task in tasks:
                self._run(task, executor)
            for lens in unexplained:
                self._explain(lens, executor)
            for lens in unevaluated:
                self._evaluate(lens, executor)
        except (CancelledError, RuntimeError):  # RuntimeError: the pool of processes is closed
            if not self._stopped.is_set():
                raise
            self._progress = self._progress._replace(now="", problem=STOPPED)
        except (SimulatorError, OSError) as error:
            said = STOPPED if self._stopped.is_set() else str(error)
            self._progress = self._progress._replace(now="", problem=said)
        finally:
            executor.shutdown(cancel_futures=True)

    def _begin(self, now: str) -> Callable[[int, int], None]:
        """Note the running task; return a callback for its progress."""
        begun = self._progress.done
        self._progress = self._progress._replace(now=now)

        def on_progress(done: int, _total: int) -> None:
            self._progress = self._progress._replace(done=begun + done)

        return on_progress

    def _run(self, task: Task, executor: Executor) -> None:
        begun = self._progress.done
        on_progress = self._begin(f"{task.title} ({key_title(task.lens)})")
        made = run_comparable(task.specs, range(task.seeds), executor, on_progress)
        if self._stopped.is_set():  # runs that were ended in the middle count as failed
            raise CancelledError
        for results in made:
            self._library.keep(results, task.lens)
        self._progress = self._progress._replace(done=begun + task.runs, now="")

    def _explain(self, lens: str, executor: Executor) -> None:
        """Split the first scenario's effect by channel; progress is in seeds, each with all coalitions."""
        on_progress = self._begin(f"{load(FIRST_SCENARIO).title}, channel by channel ({key_title(lens)})")
        where, seeds = self._settings.place, range(self._settings.explained_seeds)
        through = applied_lens_by_key(lens)
        found = attribute(
            FIRST_SCENARIO, BASELINE, seeds=seeds, place=where, lens=through, workers=executor, progress=on_progress
        )
        self._library.keep_attribution(found, lens)
        self._progress = self._progress._replace(now="")

    def _evaluate(self, lens: str, executor: Executor) -> None:
        """Simulate studies of a programme; progress is in seeds, each with one study per design."""
        begun = self._progress.done
        on_progress = self._begin(f"Studies of a programme, simulated ({key_title(lens)})")
        where, seeds = self._settings.place, range(self._settings.evaluated_seeds)
        try:
            found = evaluate(
                STUDIED_PROGRAMME,
                seeds=seeds,
                place=where,
                lens=applied_lens_by_key(lens),
                workers=executor,
                progress=on_progress,
            )
            self._library.keep_evaluation(found, lens)
        except StudyError:  # no one in a very small place was eligible for a year; the command of the page reports this
            pass
        self._progress = self._progress._replace(done=begun + len(seeds), now="")

    def _unevaluated(self) -> list[str]:
        """Lenses without simulated studies of the programme."""
        if not self._settings.evaluated_seeds:
            return []
        place = load_place(self._settings.place).name
        return [lens for lens in shown_lenses() if not self._is_evaluated(place, lens)]

    def _is_evaluated(self, place: str, lens: str) -> bool:
        found = self._library.evaluation(STUDIED_PROGRAMME, place, lens)
        if found is None:
            return False
        through = applied_lens_by_key(lens)
        (planned,) = specify_comparable([load(STUDIED)], place=self._settings.place, lens=through).specs
        return bool(found[1]["spec_hash"] == planned.hash)

    def _unexplained(self) -> list[str]:
        """Lenses without the first scenario's effect by channel."""
        if not self._settings.explained_seeds:
            return []
        place = load_place(self._settings.place).name
        return [lens for lens in shown_lenses() if not self._is_explained(place, lens)]

    def _is_explained(self, place: str, lens: str) -> bool:
        found = self._library.attribution(FIRST_SCENARIO, BASELINE, place, lens)
        return found is not None and found[1]["spec_hash"] == self._specs(FIRST_SCENARIO, lens)[-1].hash

    def _specs(self, scenario: str, lens: str) -> tuple[Spec, ...]:
        both = [load(BASELINE), load(scenario)]
        return specify_comparable(both, place=self._settings.place, lens=applied_lens_by_key(lens)).specs

    def missing(self) -> list[Task]:
        """Missing tasks in order, each with the specifications that still need runs."""
        wanted: list[Task] = []
        seen: dict[tuple[str, str], int] = {}  # number of seeds, by lens and specification
        for name, lens, seeds in self._asked():
            specs = self._specs(name, lens)
            lacking = [spec for spec in specs if seen.get((lens, spec.hash), 0) < seeds]
            new = [spec for spec in lacking if not self._is_there(spec, lens, seeds)]
            seen |= {(lens, spec.hash): seeds for spec in lacking}
            if new:
                wanted.append(Task(load(name).title, lens, new, seeds))
        return wanted

    def _asked(self) -> Iterator[tuple[str, str, int]]:
        """Scenario, lens and seeds: the first, then at other causal shares, then with more seeds, then the others."""
        first, *others = self._settings.scenarios or example_scenarios()
        for lens in shown_lenses():
            yield first, lens, self._settings.seeds
        if self._settings.causal_seeds:
            for share in CAUSAL_SHARES:
                for lens in shown_lenses() if share != 1.0 else ():
                    yield first, LensSettings(lens, causal=share).key, self._settings.causal_seeds
        for lens in shown_lenses():
            yield first, lens, max(self._settings.seeds, self._settings.first_seeds)
        for name in others:
            for lens in shown_lenses():
                yield name, lens, self._settings.seeds

    def will_hold(self, scenario: str, place: str, lens: str) -> bool:
        """Whether the runs of a scenario in a place through a lens are part of the worked example."""
        if place != load_place(self._settings.place).name:
            return False
        return any(lens == asked and scenario in (name, BASELINE) for name, asked, _ in self._asked())

    def _is_there(self, spec: Spec, lens: str, seeds: int) -> bool:
        """Whether this specification has at least this number of seeds; a refitted lens or edited place differs."""
        calendar = f"{spec.starts.isoformat()}-{spec.weeks}"
        folder = self._library.find(spec.scenario.name, spec.place.name, lens, calendar)
        record = {} if folder is None else read_record(folder)
        return record.get("spec_hash") == spec.hash and len(record["seeds"]) >= seeds
