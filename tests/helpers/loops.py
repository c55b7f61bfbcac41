"""For tests: the loop of each phase by itself, which the simulator runs in passes with others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from simulator.foundations.compiling import compiled
from simulator.kernels.care import ask, get_care, recover
from simulator.kernels.count import count, count_roles
from simulator.kernels.health import fall_ill, feel
from simulator.kernels.live import cast_luck, live
from simulator.kernels.meet import keep_apart, meet
from simulator.kernels.programmes import take_part
from simulator.kernels.social_care import need_care

PHASES: Final = (live, meet, feel, fall_ill, ask, get_care, recover, need_care, take_part, count)


def _by_itself(loop: Callable[..., Any]) -> Callable[..., Any]:
    @compiled
    def run(r, w, x, now, rows):  # type: ignore[no-untyped-def]
        loop(r, w, x[0], now[0], rows)

    return run


@compiled
def _meet(r, w, x, now, rows):  # type: ignore[no-untyped-def]
    keep_apart(r, w)
    meet(r, w, x[0], now[0], rows)


@compiled
def _count(r, w, x, now, rows):  # type: ignore[no-untyped-def]
    count(r, w, x[0], now[0], rows)
    count_roles(r, w, rows)


@compiled
def _cast_luck(r, w, now, rows):  # type: ignore[no-untyped-def]
    cast_luck(r, w, now[0], rows)


LOOPS: Final[dict[str, Callable[..., Any]]] = {
    "cast_luck": _cast_luck,
    **{loop.__name__: _by_itself(loop) for loop in PHASES},
    "meet": _meet,
    "count": _count,
}
"""The loop of each phase, and what draws luck, so compiled that a test can call it by itself."""
