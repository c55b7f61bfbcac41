"""Passes over the residents: phases that use only a resident's own row, run in blocks that fit in the cache.

The order is that of `simulator.model.place_model.WEEK` (a test checks it); blocks affect only speed. Nine residents in
ten ask services for nothing in a week. Their week does not depend on demand, so it ends in the same pass.
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
from simulator.kernels.meet import count_lonely_ties, keep_apart, meet
from simulator.kernels.programmes import list_affected, take_part
from simulator.kernels.social_care import need_care
from simulator.rules.illness import NO_EPISODE

BLOCK: Final = 1024
"""Residents per block: about 320 kB of records."""


@inlined
def partition_rows(r, w, rows):  # type: ignore[no-untyped-def]
    """Fill ``w.sequence`` with the rows of residents who ask for nothing, then the others; return where these begin.

    Patients in hospital are among the others, because discharge affects the residents they meet.
    """
    first, last = rows
    for i in range(rows[0], rows[1]):
        person = r[i]
        if person.asking == 0 and person.episode == NO_EPISODE and person.days_in_hospital == 0:
            w.sequence[first] = i
            first += 1
        else:
            last -= 1
            w.sequence[last] = i
    w.asking_from[rows[0]] = first
    return first


@inlined
def end_week(r, w, x, now, rows):  # type: ignore[no-untyped-def]
    """Phases recover, need_care and count, for these positions of ``w.sequence``."""
    recover(r, w, x, now, rows)
    need_care(r, w, x, now, rows)
    count(r, w, x, now, rows)


@compiled
def pass_live(r, w, x, now):  # type: ignore[no-untyped-def]
    """Draw the week's random words and run phase live."""
    x, now = x[0], now[0]
    for start in range(0, r.shape[0], BLOCK):
        rows = (start, min(r.shape[0], start + BLOCK))
        draw_random_words(r, w, now, rows)
        live(r, w, x, now, rows)


@compiled
def pass_meet_to_ask(r, w, x, now):  # type: ignore[no-untyped-def]
    """Phases meet, feel, fall_ill and ask, and the end of the week for those who ask for nothing."""
    x, now = x[0], now[0]
    keep_apart(r, w)
    if x.rates.loneliness.travel_effect > 0.0:
        count_lonely_ties(r, w, x.rates.ties.close_strength)
    for start in range(0, r.shape[0], BLOCK):
        rows = (start, min(r.shape[0], start + BLOCK))
        meet(r, w, x, now, rows)
        feel(r, w, x, now, rows)
        fall_ill(r, w, x, now, rows)
        ask(r, w, x, now, rows)
        end_week(r, w, x, now, (start, partition_rows(r, w, rows)))


@compiled
def pass_care(r, w, x, now):  # type: ignore[no-untyped-def]
    """Phase get_care, and the end of the week for those who ask for something."""
    x, now = x[0], now[0]
    for start in range(0, r.shape[0], BLOCK):
        rows = (np.int64(w.asking_from[start]), min(r.shape[0], start + BLOCK))
        get_care(r, w, x, now, rows)
        end_week(r, w, x, now, rows)


@compiled
def pass_take_part(r, w, x, now):  # type: ignore[no-untyped-def]
    """Phase take_part."""
    x, now = x[0], now[0]
    w.joined[:], w.attended[:] = 0, 0
    take_part(r, w, x, now, w.queue[: list_affected(r, w, x, now)])


@compiled
def pass_count(r, w, x, now):  # type: ignore[no-untyped-def]
    """The remaining part of phase count."""
    count_roles(r, w)


PASS_OF_PHASES: Final[dict[tuple[str, ...], Callable[..., None]]] = {
    ("live",): pass_live,
    ("meet", "feel", "fall_ill", "ask"): pass_meet_to_ask,
    ("get_care", "recover", "need_care"): pass_care,
    ("take_part",): pass_take_part,
    ("count",): pass_count,
}
"""The pass that runs each group of phases, apart from what an earlier pass has done."""
