"""Passes over the residents: phases that use only a resident's own row, run in blocks that fit in the cache.

The order is that of `simulator.model.place_model.WEEK` (a test checks it); blocks affect only speed, and so do lists of
those to whom something can happen this week. Nine residents in ten ask services for nothing in a week. Their week does
not depend on demand, so it ends in the same pass.

Several threads can each run a pass over a part of the rows, from ``first`` to before ``stop``, with the part's own
counters and lists (`simulator.kernels.workspace.parts_of`). What reaches other residents' rows runs before it, for all.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from simulator.foundations.compiling import compiled, helper, inlined
from simulator.kernels.care import ask, ask_practice, contact_services, get_care, recover
from simulator.kernels.cells import fetch
from simulator.kernels.count import count
from simulator.kernels.health import fall_ill, feel
from simulator.kernels.live import draw_random_words, live, looks_at_everyone
from simulator.kernels.look import RENEWAL, RENEWS, busy_bits, list_for_life, list_for_week, renew, set_margins
from simulator.kernels.meet import count_lonely_ties, keep_apart, meet
from simulator.kernels.programmes import list_affected, take_part
from simulator.kernels.social_care import need_care
from simulator.rules import ties
from simulator.rules.illness import NO_EPISODE
from simulator.rules.social_care import NO_CARE

_FETCHED: Final = 64
"""Members and others concerned by programmes whose records are fetched together."""
BLOCK: Final = 1024
"""Residents per block: about 320 kB of records."""


@inlined
def end_week(r, w, x, now, rows):  # type: ignore[no-untyped-def]
    """Phases recover and need_care, and a note of who is looked at next week."""
    recover(r, w, x, now, rows)
    need_care(r, w, x, now, rows)
    for i in rows:
        person = r[i]
        w.busy[i] = busy_bits(person)
        w.life_due[i] |= person.care_state != NO_CARE


@compiled
def pass_live(r, w, x, now):  # type: ignore[no-untyped-def]
    """Draw the week's random words and run phase live."""
    x, now = x[0], now[0]
    everyone, rows = looks_at_everyone(now.week), np.empty(BLOCK, np.uint32)
    for start in range(0, r.shape[0], BLOCK):
        span = (start, min(r.shape[0], start + BLOCK))
        draw_random_words(w, now, span)
        listed = rows[: list_for_life(w, x, span, everyone, rows)]
        fetch(r, listed, 2)
        live(r, w, x, now, listed)


@compiled
def begin_meet(r, w, x, now):  # type: ignore[no-untyped-def]
    """Before phase meet: who is away meets no one; the bounds that say who need not be looked at are to be renewed at
    the start and every eight weeks. Returns whether the pass has anything to do this week.
    """
    x, now = x[0], now[0]
    keep_apart(r, w, now)
    ends_step, has_bounds = ties.ends_step(now.week), w.margins[0] < np.inf
    renews = not has_bounds or (ends_step and (now.week + 1) % RENEWAL == 0)
    w.margins[RENEWS] = renews
    if renews:
        set_margins(w, x, now)
    if ends_step and x.rates.loneliness.travel_effect > 0.0:
        count_lonely_ties(r, w, x.rates.ties.close_strength)
    return ends_step or renews


@compiled
def pass_meet(r, w, x, now, first, stop):  # type: ignore[no-untyped-def]
    """Phases meet and feel, after which bounds are renewed."""
    x, now = x[0], now[0]
    renews = w.margins[RENEWS] > 0.0
    for start in range(first, stop, BLOCK):
        rows = np.arange(start, min(stop, start + BLOCK), dtype=np.uint32)
        meet(r, w, x, now, rows)
        feel(r, w, x, now, rows)
        if renews:
            renew(r, w, x, rows)


@inlined
def goes_on(person):  # type: ignore[no-untyped-def]
    """Whether a resident's week goes on after phase ask; in hospital too, as discharge affects those they meet."""
    return person.asking != 0 or person.episode != NO_EPISODE or person.days_in_hospital > 0


@helper
def split(r, w, rows):  # type: ignore[no-untyped-def]
    """Add to ``w.patients`` those of ``rows`` whose week goes on; move the others to the front and return how many."""
    done, found = 0, w.found[0]
    for i in rows:
        rows[done] = i
        w.patients[found] = i
        more = goes_on(r[i])
        done += not more
        found += more
    w.found[0] = found
    return done


@compiled
def pass_ask(r, w, x, now, first, stop):  # type: ignore[no-untyped-def]
    """Phases fall_ill and ask, and the end of the week for those who ask for nothing."""
    x, now = x[0], now[0]
    for i in w.patients[: w.found[0]]:
        r[i].episode = NO_EPISODE
        r[i].asking = 0
    w.found[0] = 0
    lists = np.empty((4, BLOCK), np.uint32)
    for start in range(first, stop, BLOCK):
        span = (start, min(stop, start + BLOCK))
        ill, wanting, only_wanting, calling = list_for_week(w, x, now, span, lists)
        rows = lists[0, :ill]
        fetch(r, rows, 2)
        fetch(r, lists[1, :wanting], 1)
        fetch(r, lists[3, :calling], 1)
        fall_ill(r, w, x, now, rows)
        ask(r, w, x, now, rows)
        ask_practice(r, w, x, now, lists[1, :wanting])
        contact_services(r, w, x, now, lists[3, :calling])
        end_week(r, w, x, now, rows[: split(r, w, rows)])
        rows = lists[2, :only_wanting]
        end_week(r, w, x, now, rows[: split(r, w, rows)])


@compiled
def pass_care(r, w, x, now, first, stop):  # type: ignore[no-untyped-def]
    """Phase get_care, and the end of the week for those who ask for something: whom the part's last pass has listed."""
    x, now = x[0], now[0]
    for start in range(0, w.found[0], BLOCK):
        rows = w.patients[start : min(w.found[0], start + BLOCK)]
        fetch(r, rows, 2)
        get_care(r, w, x, now, rows)
        end_week(r, w, x, now, rows)


@compiled
def pass_take_part(r, w, x, now, first, stop):  # type: ignore[no-untyped-def]
    """Phase take_part."""
    x, now = x[0], now[0]
    w.joined[first:stop], w.attended[first:stop] = 0, 0
    rows = w.queue[: list_affected(r, w, x, now, first, stop)]
    for start in range(0, rows.shape[0], _FETCHED):
        fetch(r, rows[start : start + _FETCHED], 3)
        take_part(r, w, x, now, rows[start : start + _FETCHED])


@compiled
def pass_count(r, w, x, now, first, stop):  # type: ignore[no-untyped-def]
    """Phase count."""
    count(r, w, x[0], now[0], np.arange(first, stop, dtype=np.uint32))


BEFORE: Final[dict[str, Callable[..., bool | None]]] = {"live": pass_live, "feel": begin_meet}
"""What is run for all residents before the pass that ends with a phase, which is left out if this returns False."""

PASS_OF_PHASES: Final[dict[tuple[str, ...], Callable[..., None] | None]] = {
    ("live",): None,
    ("meet", "feel"): pass_meet,
    ("fall_ill", "ask"): pass_ask,
    ("get_care", "recover", "need_care"): pass_care,
    ("take_part",): pass_take_part,
    ("count",): pass_count,
}
"""The pass that runs each group of phases, apart from what an earlier pass has done. Phase live has none of its own,
since strain at home and the ages of housemates are in other residents' rows."""
