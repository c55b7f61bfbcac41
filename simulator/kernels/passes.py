"""Phases that read and write only a resident's own row, run block by block so that a block stays in the cache.

The order is that of `simulator.model.place_model.WEEK` (held by a test); blocks change nothing but speed. Nine
residents of ten ask services for nothing in a week. For them nothing hangs on how many ask, so their week ends in the
same pass.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from simulator.foundations.compiling import compiled, inlined
from simulator.kernels.care import ask, get_care, recover
from simulator.kernels.count import count, count_roles
from simulator.kernels.health import fall_ill, feel
from simulator.kernels.live import draw_random_words, live
from simulator.kernels.meet import keep_apart, meet
from simulator.kernels.programmes import take_part
from simulator.kernels.social_care import need_care
from simulator.rules.illness import NO_EPISODE

BLOCK: Final = 1024
"""Residents in a block: about 320 kB of records."""


@inlined
def line_up(r, w, rows):  # type: ignore[no-untyped-def]
    """Put into ``w.turn`` first those of these rows who ask for nothing, then the others; return where these begin.

    Who is in hospital is among the others: going home changes what others see of them when they meet.
    """
    first, last = rows
    for i in range(rows[0], rows[1]):
        person = r[i]
        if person.asking == 0 and person.episode == NO_EPISODE and person.days_in_hospital == 0:
            w.turn[first] = i
            first += 1
        else:
            last -= 1
            w.turn[last] = i
    w.asking_from[rows[0]] = first
    return first


@inlined
def end_week(r, w, x, now, rows):  # type: ignore[no-untyped-def]
    """Recover, need_care and count of those in these places of ``w.turn``."""
    recover(r, w, x, now, rows)
    need_care(r, w, x, now, rows)
    count(r, w, x, now, rows)


@compiled
def pass_live(r, w, x, now):  # type: ignore[no-untyped-def]
    """Luck of the week, and live."""
    x, now = x[0], now[0]
    for start in range(0, r.shape[0], BLOCK):
        rows = (start, min(r.shape[0], start + BLOCK))
        draw_random_words(r, w, now, rows)
        live(r, w, x, now, rows)


@compiled
def pass_meet_to_ask(r, w, x, now):  # type: ignore[no-untyped-def]
    """Meet, feel, fall_ill, ask; and the week's end of those who ask for nothing."""
    x, now = x[0], now[0]
    keep_apart(r, w)
    for start in range(0, r.shape[0], BLOCK):
        rows = (start, min(r.shape[0], start + BLOCK))
        meet(r, w, x, now, rows)
        feel(r, w, x, now, rows)
        fall_ill(r, w, x, now, rows)
        ask(r, w, x, now, rows)
        end_week(r, w, x, now, (start, line_up(r, w, rows)))


@compiled
def pass_care(r, w, x, now):  # type: ignore[no-untyped-def]
    """Get_care, and the week's end of those who ask for something."""
    x, now = x[0], now[0]
    for start in range(0, r.shape[0], BLOCK):
        rows = (np.int64(w.asking_from[start]), min(r.shape[0], start + BLOCK))
        get_care(r, w, x, now, rows)
        end_week(r, w, x, now, rows)


@compiled
def pass_take_part(r, w, x, now):  # type: ignore[no-untyped-def]
    """Take_part."""
    x, now = x[0], now[0]
    take_part(r, w, x, now, (0, r.shape[0]))


@compiled
def pass_count(r, w, x, now):  # type: ignore[no-untyped-def]
    """Count, what is left of it."""
    count_roles(r, w, (0, r.shape[0]))


TOGETHER: Final[dict[tuple[str, ...], Callable[..., None]]] = {
    ("live",): pass_live,
    ("meet", "feel", "fall_ill", "ask"): pass_meet_to_ask,
    ("get_care", "recover", "need_care"): pass_care,
    ("take_part",): pass_take_part,
    ("count",): pass_count,
}
"""Phases that run together, by their loops' names, as far as they are not done in the pass before; and their pass."""
