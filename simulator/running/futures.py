"""A future that follows another: what a task gives is worked on as soon as it is there, wherever it was run."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from simulator.errors import SimulatorError

Answer = TypeVar("Answer")


class FollowingFuture(Future[Answer]):
    """A future that stands for another, ``now``; cancelled by cancelling that."""

    def __init__(self, now: Future[Any]) -> None:
        super().__init__()
        self.now = now

    def cancel(self) -> bool:
        """Cancel the one it stands for, if that has not ended."""
        return self.now.cancel()

    def end_cancelled(self) -> None:
        """Be cancelled, and tell whoever waits."""
        super().cancel()
        self.set_running_or_notify_cancel()


def follow(
    task: Future[Any],
    answer: Callable[[Future[Any]], Answer],
) -> Future[Answer]:
    """A future of ``answer(task)``, which is called once the task is done; what it raises is the future's exception.

    A task that failed is not answered: the future fails likewise. One that was cancelled cancels it.
    """
    future: FollowingFuture[Answer] = FollowingFuture(task)

    def done(ended: Future[Any]) -> None:
        if ended.cancelled():
            future.end_cancelled()
            return
        error = ended.exception()
        if error is not None:
            future.set_exception(error)
            return
        try:
            result = answer(ended)
        except SimulatorError as fault:
            future.set_exception(fault)
        except BaseException as fault:
            future.set_exception(fault)  # whoever waits must not wait for ever
            raise
        else:
            future.set_result(result)

    task.add_done_callback(done)
    return future


def finished_future(result: Answer) -> Future[Answer]:
    """A future whose result is there already."""
    future: Future[Answer] = Future()
    future.set_result(result)
    return future
