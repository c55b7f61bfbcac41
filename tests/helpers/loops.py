"""The loop of each phase separately; the simulator runs several in one pass."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np

from simulator.foundations.compiling import compiled, no_garbage_collected
from simulator.kernels import passes
from simulator.kernels.care import ask, ask_practice, contact_services
from simulator.kernels.live import draw_random_words
from simulator.kernels.meet import count_lonely_ties, keep_apart, meet
from simulator.kernels.programmes import screen
from simulator.model.place_model import PlaceModel
from simulator.population.columns import empty_residents
from simulator.rules import ties
from simulator.specification.spec import Spec

PHASES: Final = tuple(phase for phases in passes.PASS_OF_PHASES for phase in phases)
"""The phases that have a loop, by name and in order."""


def _of_everyone(loop: Callable[..., Any]) -> Callable[..., Any]:
    @compiled
    def run(r, w, x, now, span):  # type: ignore[no-untyped-def]
        loop(r, w, x[0], now[0], np.arange(span[0], span[1], dtype=np.uint32))

    return run


@compiled
def _ask(r, w, x, now, span):  # type: ignore[no-untyped-def]
    rows = np.arange(span[0], span[1], dtype=np.uint32)
    ask(r, w, x[0], now[0], rows)
    ask_practice(r, w, x[0], now[0], rows)
    contact_services(r, w, x[0], now[0], rows)


@compiled
def _meet(r, w, x, now, span):  # type: ignore[no-untyped-def]
    keep_apart(r, w, now[0])
    if ties.ends_step(now[0].week):
        count_lonely_ties(r, w, x[0].rates.ties.close_strength)
    meet(r, w, x[0], now[0], np.arange(span[0], span[1], dtype=np.uint32))


@compiled
def _draw_words(r, w, now, rows):  # type: ignore[no-untyped-def]
    draw_random_words(w, now[0], rows)


LOOPS: Final[dict[str, Callable[..., Any]]] = {
    "draw_random_words": _draw_words,
    **{phase: _of_everyone(getattr(passes, phase)) for phase in PHASES if phase not in ("meet", "ask", "take_part")},
    "meet": _meet,
    "ask": _ask,
    "take_part": lambda r, w, x, now, rows: passes.pass_take_part(r, w, x, now, 0, r.shape[0]),
}
"""The loop of each phase and of random draws, compiled so that a test can call it separately."""


@no_garbage_collected()
def compile_loops(spec: Spec) -> None:
    """Compile all of them, and the search for whom a programme fits, which a run does not need. In the process that has
    compiled the simulator this takes under half as long as in another.
    """
    model = PlaceModel(spec, seed=0, warmed_up=empty_residents(64))
    LOOPS["draw_random_words"](model.records, model.workspace, model.packed_now, (0, 64))
    for phase in PHASES:
        LOOPS[phase](model.records, model.workspace, model.packed, model.packed_now, (0, 64))
    screen(model.records, model.packed, model.packed_now, 0, np.zeros(64, np.uint8))
