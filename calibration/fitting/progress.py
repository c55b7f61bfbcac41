"""How far a fit has come, and how long it will take."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple


class Progress(NamedTuple):
    """How far a fit has come: ``done`` of ``total`` simulations of all stages; ``read`` of them were found kept."""

    stage: str
    done: int
    total: int
    read: int
    seconds_left: float | None  # None until a first simulation has been timed


Tell = Callable[[Progress], None]
"""Called whenever a simulation or a stage ends."""
