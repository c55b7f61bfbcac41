"""A limit on the time of a request: one that runs out of time ends, so that its thread can serve others."""

from __future__ import annotations

import ctypes
import threading
import time
from typing import Final

from flask import Flask, Response

MOST_SECONDS: Final = 120.0
"""Time for one request. The longest on a busy machine, slides and workbooks, take a third of it."""
_WAKES: Final = 4
"""How often the limit is looked at while it lasts, and at least once a second."""


class OutOfTimeError(Exception):
    """Raised in the thread of a request that has taken too long."""


class Deadlines:
    """The requests that are being answered, by thread, and when each has to end."""

    def __init__(self, seconds: float = MOST_SECONDS) -> None:
        self.seconds = seconds
        self._lock = threading.Lock()
        self._until: dict[int, float] = {}

    def install(self, server: Flask) -> None:
        """Watch every request of a server; those that run out of time are answered with status 503."""
        server.before_request(self._begin)
        server.teardown_request(self._end)
        server.register_error_handler(OutOfTimeError, lambda _: self._refusal())
        threading.Thread(target=self._watch, name="deadlines", daemon=True).start()

    def _begin(self) -> None:
        with self._lock:
            self._until[threading.get_ident()] = time.monotonic() + self.seconds

    def _end(self, _: BaseException | None) -> None:
        thread = threading.get_ident()
        try:
            with self._lock:
                self._until.pop(thread, None)
        except OutOfTimeError:  # raised as the request ended: its answer stands, and the next must not end for it
            self._until.pop(thread, None)

    def _watch(self) -> None:
        while True:
            time.sleep(min(1.0, self.seconds / _WAKES))
            with self._lock:
                for thread, until in self._until.items():
                    if time.monotonic() > until:
                        _raise_in(thread, OutOfTimeError)
                        self._until[thread] = until + self.seconds

    def _refusal(self) -> Response:
        said = (
            f"This took longer than {self.seconds:g} seconds and was ended; nothing is lost. "
            "Ask for less at once, or try again when the machine is less busy."
        )
        return Response(said, 503, mimetype="text/plain; charset=utf-8")


def _raise_in(thread: int, error: type[Exception]) -> None:
    """Raise an error in a thread when it next runs Python."""
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(error))
