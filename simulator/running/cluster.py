"""A Dask cluster as an executor, on this computer or at the address of a scheduler.

A task is sent to a worker as the seed and a reference to the specifications, which are sent to the cluster once. If a
worker dies, its tasks are retried on another, up to a limit. Dask blames every task assigned to a dead worker, even one
that had not started, so a task that Dask gives up on is retried once when nothing else runs; if workers die again, it
counts as failed. Only workers with the same package, evidence and libraries are used: all workers are checked before
the first task, and each task checks again in case a worker has joined later.

This is the only module that uses Dask. Install it with ``python -m pip install -c constraints.txt ".[cluster]"``.
"""

from __future__ import annotations

import logging
import signal
import threading
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final

from simulator.errors import ClusterError
from simulator.evidence import load_evidence
from simulator.foundations import compiling
from simulator.model.simulation import compile_ahead, is_compiled_ahead
from simulator.results.run_record import library_versions, model_version
from simulator.running.ensemble import cores, import_only_this_package
from simulator.running.futures import FollowingFuture
from simulator.specification.spec import Spec

LOCAL: Final = "local"
INSTALL: Final = 'python -m pip install -c constraints.txt ".[cluster]"'
RETRIES: Final = 1
"""Number of Dask retries after a worker died; an external scheduler has its own setting."""
PATIENCE: Final = 30
"""Seconds to wait for a scheduler to answer, and for a first worker."""
_DIED: Final = (
    "the worker of this run died at every attempt, even with nothing else running, perhaps because it ran out of "
    "memory. Give workers more memory, or run fewer workers per computer"
)
Fingerprint = dict[str, str]


@contextmanager
def cluster_executor(address: str = LOCAL, workers: int | None = None) -> Iterator[ClusterExecutor]:
    """An executor on a Dask cluster: ``local`` starts one here, ``tcp://host:port`` connects to a scheduler.

    ``workers`` is the number of processes of a local cluster (default: one per core). Tasks that have not begun are
    cancelled when the block is left. Raises ClusterError if Dask is not installed, if no scheduler or no worker
    answers, if a worker's software differs from this process's, or if the scheduler is lost.
    """
    distributed = _distributed()
    if address == LOCAL:
        _require_certificates()
        with _local(distributed, workers) as own:
            yield own
        return
    if workers is not None:
        raise ClusterError(f"The cluster at {address} already has its workers. Leave out the number of workers.")
    try:
        client = distributed.Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        raise ClusterError(
            f"No scheduler answers at {address}: {error}. Start one with 'dask scheduler', or use --cluster local."
        ) from error
    with client, _executor_of(client, address) as executor:
        yield executor


@contextmanager
def _local(distributed: Any, workers: int | None) -> Iterator[ClusterExecutor]:
    settings = {"distributed.scheduler.allowed-failures": RETRIES, "distributed.scheduler.worker-saturation": 1.0}
    # The death of a worker is reported as a failed run, if it causes one, and not by the cluster's own log.
    with import_module("dask").config.set(settings), import_only_this_package():
        cluster = distributed.LocalCluster(
            n_workers=workers or cores(),
            threads_per_worker=1,
            dashboard_address="127.0.0.1:0",  # any port: a fixed one may be taken
            silence_logs=logging.CRITICAL,
            preload=__name__,
            security=True,  # certificates of its own: whoever reaches a port without one could run code as this user
        )
    with (
        cluster,
        distributed.Client(cluster, set_as_default=False) as client,
        _executor_of(client, "this computer") as executor,
    ):
        yield executor


@contextmanager
def _executor_of(client: Any, where: str) -> Iterator[ClusterExecutor]:
    require_same_workers(client, where)
    executor = ClusterExecutor(client)
    try:
        yield executor
    except CancelledError as error:
        raise ClusterError(
            f"The connection to the cluster at {where} was lost, or it dropped a task. Runs in a store are kept; run "
            "the same command again to continue."
        ) from error
    finally:
        executor.shutdown(wait=False)


class _Task(FollowingFuture[Any]):
    """A call for a worker, and its present Dask future."""

    def __init__(self, call: tuple[Any, ...], options: dict[str, Any]) -> None:
        super().__init__(Future())
        self.call, self.options = call, options
        self.alone = False  # retried with nothing else running


class ClusterExecutor(Executor):
    """Tasks on the workers of a Dask client; made by `cluster_executor`."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._inner = client.get_executor(pure=False)
        self._expected = fingerprint()
        self._sent: dict[str, Any] = {}
        self._lock = threading.Lock()
        self._running: set[_Task] = set()
        self._given_up: list[_Task] = []
        self._ends = ThreadPoolExecutor(1)  # completes tasks, so that Dask's thread need not wait for the disk

    def submit(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Run a function on a worker. Specifications among its arguments are sent to the cluster only once."""
        for argument in args:
            if _is_specs(argument) and _key_of(argument) not in self._sent:
                self._compile(self._once(argument))
        task = _Task((do, self._expected, function, *args), kwargs)
        with self._lock:
            self._running.add(task)
        self._send(task)
        return task

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Accept no more tasks; wait for the present ones, or cancel them."""
        self._inner.shutdown(wait=wait and not cancel_futures)
        self._ends.shutdown(wait=wait)

    def _send(self, task: _Task) -> None:
        call = (self._once(argument) if _is_specs(argument) else argument for argument in task.call)
        task.now = self._inner.submit(*call, **task.options)
        task.now.add_done_callback(lambda ended: self._ends.submit(self._end, task, ended))

    def _end(self, task: _Task, ended: Future[Any]) -> None:
        with self._lock:
            self._running.discard(task)
        error = None if ended.cancelled() else ended.exception()
        given_up = type(error).__name__ == "KilledWorker"
        if ended.cancelled():
            task.end_cancelled()
        elif error is None:
            task.set_result(ended.result())
        elif given_up and not task.alone:
            task.alone = True
            with self._lock:
                self._given_up.append(task)
        else:
            task.set_exception(ClusterError(_DIED) if given_up else error)
        self._try_alone()

    def _try_alone(self) -> None:
        """Once nothing else runs, retry tasks that Dask has given up, one by one."""
        with self._lock:
            if self._running or not self._given_up:
                return
            task = self._given_up.pop(0)
            self._running.add(task)
        self._send(task)

    def _once(self, specs: tuple[Spec, ...]) -> Any:
        """Specifications as a result on the cluster, which is recreated if the worker that held it dies."""
        key = _key_of(specs)
        with self._lock:
            if key not in self._sent or self._sent[key].status not in ("pending", "finished"):  # given up, or lost
                self._sent[key] = self._client.submit(_as_they_are, specs, key=f"specs-{uuid.uuid4().hex}", pure=False)
            return self._sent[key]

    def _compile(self, specs: Any) -> None:
        """Compile on one worker of each computer; if that fails, so will the runs, which report the cause."""
        hosts: dict[str, str] = {}
        for address, worker in self._client.scheduler_info(n_workers=-1)["workers"].items():
            hosts.setdefault(str(worker["host"]), address)
        where = {"pure": False, "allow_other_workers": True}  # in case that worker dies in the meantime
        tasks = [
            self._client.submit(do, self._expected, _compile_if_need_be, specs, workers=[address], **where)
            for address in hosts.values()
        ]
        for task in tasks:
            task.exception()


def fingerprint() -> Fingerprint:
    """Versions and hashes that must be the same on a worker, for a run to give the same results there."""
    return dict(_fingerprint())


@lru_cache(maxsize=1)
def _fingerprint() -> Fingerprint:
    return {
        "package": model_version(),
        "compiled sources": compiling.source_hash(),
        "evidence": load_evidence().hash,
        **library_versions(),
    }


def differences(here: Fingerprint, there: Fingerprint) -> str:
    """Differences between two fingerprints as a clause; empty if there are none.

    >>> differences({"evidence": "0a", "numpy": "2.4"}, {"evidence": "0b", "numpy": "2.4"})
    'evidence 0b, here 0a'
    """
    unlike = [name for name, value in here.items() if there.get(name) != value]
    return "; ".join(f"{name} {there.get(name, 'unknown')}, here {here[name]}" for name in unlike)


def require_same_workers(client: Any, where: str) -> None:
    """Raise ClusterError if there is no worker, or if any worker's software differs from this process's."""
    try:
        client.wait_for_workers(1, timeout=PATIENCE)
    except TimeoutError as error:
        raise ClusterError(f"The cluster at {where} has no workers. Start them with 'dask worker'.") from error
    here, faults = fingerprint(), []
    for address, there in client.run(fingerprint, on_error="return").items():
        if isinstance(there, BaseException):
            faults.append(f"{address} cannot load this package ({there})")
        elif differences(here, there):
            faults.append(f"{address} has {differences(here, there)}")
    if faults:
        raise ClusterError(
            f"{len(faults)} workers of the cluster at {where} could give different results: {'. '.join(faults)}. "
            "Install the same version of this package and its libraries everywhere, with the same evidence files."
        )


def do(expected: Fingerprint, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """On a worker: do a task. Raises ClusterError if this worker's software differs from the submitting process's."""
    different = differences(expected, fingerprint())
    if different:
        raise ClusterError(
            f"A worker that joined later could give different results: it has {different}. Install the same versions "
            "on all workers."
        )
    return function(*args, **kwargs)


def dask_setup(worker: object) -> None:  # noqa: ARG001 (Dask passes it)
    """On a worker of a local cluster, at its start: leave interrupts to the parent, which ends the work in order."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _as_they_are(specs: tuple[Spec, ...]) -> tuple[Spec, ...]:
    return specs


def _compile_if_need_be(specs: tuple[Spec, ...]) -> None:
    if not is_compiled_ahead():
        compile_ahead(specs[0])


def _key_of(specs: tuple[Spec, ...]) -> str:
    return " ".join(spec.hash for spec in specs)


def _is_specs(argument: Any) -> bool:
    return isinstance(argument, tuple) and len(argument) > 0 and all(isinstance(part, Spec) for part in argument)


def _require_certificates() -> None:
    if find_spec("cryptography") is None:
        raise ClusterError(
            "A local cluster needs the package cryptography, so that nobody else on this computer can reach it. "
            f"Install it with: {INSTALL}"
        )


def _distributed() -> Any:
    try:
        return import_module("distributed")
    except ModuleNotFoundError as error:
        raise ClusterError(f"A cluster needs Dask, which is not installed. Install it with: {INSTALL}") from error
