"""Futures that follow another: the result of a task is processed as soon as it is available."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from simulator.errors import SimulatorError

Answer = TypeVar("Answer")


class FollowingFuture(Future[Answer]):
    """A future that follows another, ``now``; cancelling it cancels that."""

    def __init__(self, now: Future[Any]) -> None:
        super().__init__()
        self.now = now

    def cancel(self) -> bool:
        """Cancel the future it follows, if that has not ended."""
        return self.now.cancel()

    def end_cancelled(self) -> None:
        """Become cancelled, and notify those who wait."""
        super().cancel()
        self.set_running_or_notify_cancel()


def follow(
    task: Future[Any],
    answer: Callable[[Future[Any]], Answer],
) -> Future[Answer]:
    """A future of ``answer(task)``, which is called once the task is done; its exception becomes the future's.

    If the task failed or was cancelled, ``answer`` is not called, and so is the future.
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
            future.set_exception(fault)  # so that no one waits for ever
            raise
        else:
            future.set_result(result)

    task.add_done_callback(done)
    return future


def finished_future(result: Answer) -> Future[Answer]:
    """A future that already has its result."""
    future: Future[Answer] = Future()
    future.set_result(result)
    return future
