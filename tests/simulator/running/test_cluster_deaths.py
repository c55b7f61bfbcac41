"""Tasks that kill their workers: retried, finally alone, and then failed runs."""

from __future__ import annotations

import os
from concurrent.futures import Executor, Future

import pytest
from distributed import Client, KilledWorker

from simulator.api import run_comparable
from simulator.errors import ClusterError
from simulator.running.cluster import ClusterExecutor, cluster_executor
from tests.helpers.small_runs import small_spec
from tests.simulator.running.test_cluster import until


class MadeUpClient:
    """A client whose tasks end as requested."""

    def __init__(self):
        self.tasks = []

    def get_executor(self, pure):
        return self

    def submit(self, function, expected, *call):
        self.tasks.append((call, Future()))
        return self.tasks[-1][1]

    def shutdown(self, wait):
        pass


def test_tasks_that_dask_gives_up_are_retried_alone(messages):
    client = MadeUpClient()
    executor = ClusterExecutor(client)
    guilty, innocent, other = (executor.submit(len, name) for name in ("guilty", "innocent", "other"))
    for _, task in client.tasks[:2]:
        task.set_exception(KilledWorker("do", None, 1))
    executor._ends.submit(len, "").result()
    assert len(client.tasks) == 3
    client.tasks[2][1].set_result(5)
    assert other.result(timeout=60) == 5
    until(lambda: len(client.tasks) == 4)
    assert client.tasks[3][0] == (len, "guilty")
    client.tasks[3][1].set_exception(KilledWorker("do", None, 1))
    with messages.raised(ClusterError):
        guilty.result(timeout=60)
    until(lambda: len(client.tasks) == 5)
    client.tasks[4][1].set_result(8)
    assert innocent.result(timeout=60) == 8
    last = executor.submit(len, "last")
    assert last.cancel()
    executor.shutdown()
    assert last.cancelled()


class Deadly(Executor):
    """Runs on a cluster, but kills the worker instead of running seed 1."""

    def __init__(self, workers):
        self.workers = workers

    def submit(self, function, /, *args, **kwargs):
        return self.workers.submit(os._exit, 1) if args[1] == 1 else self.workers.submit(function, *args, **kwargs)


@pytest.mark.slow
def test_a_run_that_kills_its_workers_is_a_failure_and_the_only_one(messages):
    with cluster_executor("local", 2) as workers:
        address = workers._client.scheduler.address
        assert address.startswith("tls://")
        with pytest.raises(OSError, match=r"Timed out|closed|reset"):  # someone without its certificates
            Client(address.replace("tls://", "tcp://"), timeout=2, set_as_default=False)
        (results,) = run_comparable([small_spec()], range(5), Deadly(workers))
    assert results.finished == (0, 2, 3, 4)
    failure = results.failures.iloc[0]
    assert (len(results.failures), failure["seed"], failure["error"]) == (1, 1, "ClusterError")
    messages.check(failure["message"])
