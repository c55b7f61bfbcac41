"""The worked example: every shipped scenario against its baseline, run in the background where it is missing."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import CancelledError, Executor
from typing import Final, NamedTuple

from dashboard.application.settings import Settings
from dashboard.application.view import BASELINE, EVIDENCE_LENS, FIRST_SCENARIO
from dashboard.library import Library
from simulator.api import attribute, load, run_alike, specify_alike
from simulator.ensemble import own_executor
from simulator.errors import SimulatorError
from simulator.places import load_place
from simulator.scenario import scenario_names
from simulator.spec import Spec

FIRST: Final = (FIRST_SCENARIO, "automation_only", "volunteers_only", "frome_without_hub")
"""Run before the others: what the pages open on."""


STOPPED: Final = "It was stopped before it was done."


class Progress(NamedTuple):
    """How far the worked example is."""

    done: int  # runs
    total: int
    now: str  # title of what is running; empty if nothing is
    problem: str | None = None  # why it stopped, if it did


def example_scenarios() -> tuple[str, ...]:
    """The shipped scenarios that play in one place, in the order they are run."""
    others = [name for name in scenario_names() if name not in (*FIRST, BASELINE)]
    return tuple(name for name in (*FIRST, *others) if load(name).spread is None)


class WorkedExample:
    """Runs what the library lacks, scenario by scenario, on one pool of processes."""

    def __init__(self, library: Library, settings: Settings) -> None:
        self._library, self._settings = library, settings
        self._progress = Progress(0, 0, "")
        self._executor: Executor | None = None
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._work, name="worked-example", daemon=True)

    def start(self) -> None:
        """Begin, in the background."""
        self._thread.start()

    def stop(self) -> None:
        """Leave what has not begun, and what was begun but not done."""
        self._stopped.set()
        if self._executor is not None:
            self._executor.shutdown(wait=False, cancel_futures=True)

    def join(self) -> None:
        """Wait until everything has been run."""
        self._thread.join()

    @property
    def working(self) -> bool:
        """Whether there is more to come."""
        return self._thread.is_alive()

    @property
    def progress(self) -> Progress:
        """How far it is."""
        return self._progress

    def _work(self) -> None:
        missing, explain = self.missing(), self._is_unexplained()
        runs = sum(len(specs) for _, specs in missing) * self._settings.seeds
        total = runs + (self._settings.explained_seeds if explain else 0)
        self._progress = Progress(0, total, "")
        if not total:
            return
        if self._stopped.is_set():
            self._progress = self._progress._replace(problem=STOPPED)
            return
        executor = self._executor = own_executor(self._settings.workers)
        try:
            for title, specs in missing:
                self._run(title, specs, executor)
            if explain:
                self._explain(executor)
        except (CancelledError, RuntimeError):  # RuntimeError: the pool of processes takes nothing more
            if not self._stopped.is_set():
                raise
            self._progress = self._progress._replace(now="", problem=STOPPED)
        except (SimulatorError, OSError) as error:
            self._progress = self._progress._replace(now="", problem=str(error))
        finally:
            executor.shutdown(cancel_futures=True)

    def _run(self, title: str, specs: Sequence[Spec], executor: Executor) -> None:
        begun = self._progress.done
        self._progress = self._progress._replace(now=title)

        def told(done: int, _total: int) -> None:
            self._progress = self._progress._replace(done=begun + done)

        for results in run_alike(specs, range(self._settings.seeds), executor, told):
            self._library.keep(results)
        self._progress = self._progress._replace(done=begun + len(specs) * self._settings.seeds, now="")

    def _explain(self, executor: Executor) -> None:
        """Through which channels the first scenario works; the progress counts seeds, each of all coalitions."""
        begun = self._progress.done
        self._progress = self._progress._replace(now=f"{load(FIRST_SCENARIO).title}, channel by channel")

        def told(done: int, _total: int) -> None:
            self._progress = self._progress._replace(done=begun + done)

        where, seeds = self._settings.place, range(self._settings.explained_seeds)
        found = attribute(FIRST_SCENARIO, BASELINE, seeds=seeds, place=where, workers=executor, progress=told)
        self._library.keep_attribution(found)
        self._progress = self._progress._replace(now="")

    def _is_unexplained(self) -> bool:
        if not self._settings.explained_seeds:
            return False
        place = load_place(self._settings.place).name
        return self._library.attribution(FIRST_SCENARIO, BASELINE, place) is None

    def missing(self) -> list[tuple[str, list[Spec]]]:
        """What is to be run: the title of a scenario, and the specifications that it still needs."""
        wanted: list[tuple[str, list[Spec]]] = []
        seen: set[str] = set()
        for name in self._settings.scenarios or example_scenarios():
            scenario = load(name)
            specs = specify_alike([load(BASELINE), scenario], place=self._settings.place).specs
            new = [spec for spec in specs if spec.hash not in seen and not self._is_there(spec)]
            seen |= {spec.hash for spec in specs}
            if new:
                wanted.append((scenario.title, new))
        return wanted

    def _is_there(self, spec: Spec) -> bool:
        calendar = f"{spec.starts.isoformat()}-{spec.weeks}"
        return self._library.find(spec.scenario.name, spec.place.name, EVIDENCE_LENS, calendar) is not None
