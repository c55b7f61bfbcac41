"""Runs returned one group at a time: in order, few at once, and few losses when a worker dies."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager

import pytest

from simulator.foundations.measures import INDEX
from simulator.results.results import Failure
from simulator.running import ensemble
from simulator.running.ensemble import RunGroup
from simulator.running.stream import stream_groups
from tests.helpers.small_runs import small_spec
from tests.helpers.synthetic_results import run


@pytest.fixture
def calls(monkeypatch):
    """Runs are made up; their seeds are kept."""
    seen = []

    def simulate(spec, seed, parameter_draw):
        seen.append((spec.scenario.name, seed, parameter_draw))
        if seed == 666:
            raise MemoryError("no room")
        return run({"bed_days": seed}, quarters=1)

    monkeypatch.setattr(ensemble, "simulate", simulate)
    return seen


def groups(count: int) -> Iterator[RunGroup]:
    specs = (small_spec("baseline"), small_spec("relational_offset"))
    yield from (RunGroup(specs, seed_offset=100 * number) for number in range(count))


def bed_days(outcomes) -> list[int]:
    return [int(outcome.cells[..., INDEX["bed_days"]].sum()) for outcome in outcomes]


def test_groups_return_in_order_with_their_random_numbers_and_parameter_draws(calls):
    found = list(stream_groups(groups(3), [1, 2], lambda: ThreadPoolExecutor(2)))
    assert [group.seed_offset for group, _ in found] == [0, 100, 200]
    assert [[bed_days(outcomes) for outcomes in runs] for _, runs in found] == [
        [[1, 1], [2, 2]],
        [[101, 101], [102, 102]],
        [[201, 201], [202, 202]],
    ]
    assert {(seed, draw) for _, seed, draw in calls} == {
        (luck + seed, draw) for luck in (0, 100, 200) for seed, draw in ((1, 0), (2, 1))
    }


def test_groups_are_requested_lazily(calls):
    asked = []

    def slowly() -> Iterator[RunGroup]:
        for number, group in enumerate(groups(50)):
            asked.append(number)
            yield group

    handed_on = stream_groups(slowly(), [0], lambda: ThreadPoolExecutor(1), ahead=4)
    for _ in range(10):
        next(handed_on)
    assert len(asked) <= 10 + 4 + 1
    handed_on.close()
    assert len(asked) < 50


def test_a_run_that_fails_is_a_failure_beside_the_others(calls):
    ((_, (first, second)),) = stream_groups(groups(1), [5, 666], lambda: ThreadPoolExecutor(1))
    assert bed_days(first) == [5, 5]
    assert second == [Failure("MemoryError", "no room")] * 2


class Mortal(Executor):
    """Stands for processes: one task kills them, and then nothing works until others are started."""

    def __init__(self, kills: set[int], starts: list[int]) -> None:
        starts.append(1)
        self._kills, self._dead = kills, False

    def submit(self, function, /, *args, **kwargs):
        if self._dead:
            raise BrokenProcessPool("dead already")
        future: Future = Future()
        if args[1] in self._kills:
            self._dead = True
            future.set_exception(BrokenProcessPool("died"))
        else:
            future.set_result(function(*args, **kwargs))
        return future


def test_only_what_kills_workers_is_lost_with_them(calls):
    starts: list[int] = []

    @contextmanager
    def opened() -> Iterator[Executor]:
        yield Mortal({101}, starts)

    found = list(stream_groups(groups(4), [1], opened))
    outcomes = [runs[0] for _, runs in found]
    assert [bed_days(outcomes[number]) for number in (0, 2, 3)] == [[1, 1], [201, 201], [301, 301]]
    assert all(isinstance(one, Failure) and "worker process was ended" in one.message for one in outcomes[1])
    assert len(starts) == 3
