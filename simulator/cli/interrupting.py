"""Ctrl-C: the first asks what runs to end and says so, the second leaves at once."""

from __future__ import annotations

import os
import signal
from types import FrameType
from typing import Final

INTERRUPTED: Final = 130
STANDARD_ERROR: Final = 2
SAID: Final = "Interrupted. What is running now ends first; interrupt again to leave at once."


def answer_interrupts() -> None:
    """From now on answer interrupts, unless whoever started this process had it ignore them.

    A run cannot be stopped in the middle, and one of a very large place takes long. Leaving at once is as safe as being
    killed: worker processes end with their parent, and stores and folders are written whole or not at all.
    """
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _first)


def _first(number: int, frame: FrameType | None) -> None:
    signal.signal(signal.SIGINT, _second)
    os.write(STANDARD_ERROR, f"{SAID}\n".encode())  # a buffer may be in use just now
    signal.default_int_handler(number, frame)


def _second(*_: object) -> None:
    os._exit(INTERRUPTED)
