"""Phases that read and write only a resident's own row, run block by block so that a block stays in the cache.

The order is that of `simulator.model.WEEK` (held by a test); blocks change nothing but speed.
"""

from __future__ import annotations

from typing import Final

from simulator.compiling import compiled
from simulator.kernels.care import ask, get_care, recover
from simulator.kernels.count import count
from simulator.kernels.health import fall_ill, feel
from simulator.kernels.live import cast_luck, live
from simulator.kernels.meet import meet
from simulator.kernels.programmes import take_part
from simulator.kernels.social_care import need_care

BLOCK: Final = 512
"""Residents in a block: about 200 kB of records."""
TOGETHER: Final = (
    ("live",),
    ("meet", "feel", "fall_ill", "ask"),
    ("get_care", "recover", "need_care"),
    ("take_part",),
    ("count",),
)
"""Phases that run together in one pass over the residents."""


@compiled
def pass_live(r, w, x, now):  # type: ignore[no-untyped-def]
    """Luck of the week, and live."""
    x, now = x[0], now[0]
    for start in range(0, r.shape[0], BLOCK):
        rows = (start, min(r.shape[0], start + BLOCK))
        cast_luck(r, w, now, rows)
        live(r, w, x, now, rows)


@compiled
def pass_meet_to_ask(r, w, x, now):  # type: ignore[no-untyped-def]
    """Meet, feel, fall_ill, ask."""
    x, now = x[0], now[0]
    for start in range(0, r.shape[0], BLOCK):
        rows = (start, min(r.shape[0], start + BLOCK))
        meet(r, w, x, now, rows)
        feel(r, w, x, now, rows)
        fall_ill(r, w, x, now, rows)
        ask(r, w, x, now, rows)


@compiled
def pass_care(r, w, x, now):  # type: ignore[no-untyped-def]
    """Get_care, recover, need_care."""
    x, now = x[0], now[0]
    for start in range(0, r.shape[0], BLOCK):
        rows = (start, min(r.shape[0], start + BLOCK))
        get_care(r, w, x, now, rows)
        recover(r, w, x, now, rows)
        need_care(r, w, x, now, rows)


@compiled
def pass_take_part(r, w, x, now):  # type: ignore[no-untyped-def]
    """Take_part."""
    x, now = x[0], now[0]
    take_part(r, w, x, now, (0, r.shape[0]))


@compiled
def pass_count(r, w, x, now):  # type: ignore[no-untyped-def]
    """Count."""
    x, now = x[0], now[0]
    count(r, w, x, now, (0, r.shape[0]))
