"""Who is looked at in a week: for most residents nothing happens, and bounds on probabilities say for whom.

A bound only says for whom nothing can happen; the rules decide for everyone else. Bounds are renewed every eight weeks,
and before that for residents whose probabilities may have risen.
"""

from __future__ import annotations

import math

import numpy as np

from simulator.foundations.categories import SLOW_STEP
from simulator.foundations.compiling import helper, inlined
from simulator.kernels.cells import by_conditions
from simulator.rules.care import NEVER_DISCHARGED
from simulator.rules.practice_queue import NO_REQUEST
from simulator.rules.social_care import NO_CARE

DEATH, CARE, EPISODE, CONSULTATION, CONTACT = range(5)
"""Rows of ``Workspace.bounds``: on death; a new condition or a request for social care; an acute episode; wanting a
consultation; other contacts."""
RENEWAL = 2 * SLOW_STEP
"""Weeks after which everyone's bounds are renewed."""
RENEWS = 2
"""Position in ``Workspace.margins`` of whether bounds are renewed this week."""
RULED_OUT_NOTHING = np.uint32(0xFFFFFFFF)
_ILL, _PRACTICE, _CONTACT = np.uint8(1), np.uint8(2), np.uint8(4)
"""Bits of who is looked at: may fall ill or need care; may want something of the practice; may contact another service.
"""
_ANY = np.uint8(7)
_GROWTH, _UNMET = 1.1, 1.0
"""Room in the bound on episodes: local demand may grow by a tenth and unmet needs by one before it no longer holds."""


@inlined
def bound(probability):  # type: ignore[no-untyped-def]
    """A random word above this is certainly not below ``probability``."""
    if not probability < 0.999:
        return RULED_OUT_NOTHING
    return np.uint32(probability * (4294967296.0 * (1.0 + 1e-9))) + np.uint32(1)


@helper
def set_margins(w, x, now):  # type: ignore[no-untyped-def]
    """How far episodes may become more frequent until bounds are renewed: local demand [ratio], and a log ratio for
    continuity, programmes, living alone and years with the usual GP.
    """
    effect, mean = x.rates.illness.continuity_effect, x.rates.care.mean_continuity
    in_programme, alone = 0.0, 0.0
    for one in x.programmes.acute_episodes:
        in_programme = max(in_programme, one)
    for one in x.tables.circumstances:
        alone = max(alone, one)
    w.margins[0] = now.local_demand * _GROWTH
    w.margins[1] = max(0.0, -effect * mean, effect * (1.0 - mean)) + in_programme + alone


@inlined
def bounds_of(person, x, margins, most_unmet):  # type: ignore[no-untyped-def]
    """The five bounds of a resident, in the order of ``Workspace.bounds``."""
    tables, ill = x.tables, x.rates.illness
    band, fifth, level = np.int64(person.age_band), np.int64(person.deprivation), np.int64(person.conditions)
    cell, kind = by_conditions(band, fifth, level), band * 4 + level
    onset = tables.onset[band * 5 + fifth]
    request = tables.care_request[kind] * max(1.0, x.rates.social_care.request_alone_ratio)
    usual = max(tables.episode[cell * 2], tables.episode[cell * 2 + 1]) * margins[0]
    own = np.float64(person.frailty) * np.float64(person.transient)
    wanted = max(tables.wanted[kind * 4], tables.wanted[kind * 4 + 1])
    wanted = max(wanted, max(tables.wanted[kind * 4 + 2], tables.wanted[kind * 4 + 3]))
    return (
        bound(tables.death[cell] * max(1.0, tables.death_lonely_ratio)),
        bound(onset + (1.0 - onset) * request),
        bound(usual * own * math.exp(margins[1] + max(0.0, ill.unmet_need_effect) * most_unmet)),
        bound(wanted),
        bound(tables.contacts[kind]),
    )


@helper
def renew(r, w, x, rows):  # type: ignore[no-untyped-def]
    """Renew the bounds of these rows, and note whose state asks for a look every week.

    Here and where bounds are dropped, functions take numbers and one record: passing arrays updates reference counts.
    """
    margins = w.margins[0], w.margins[1]
    for i in rows:
        person = r[i]
        w.most_unmet[i] = person.unmet_need + _UNMET
        one = bounds_of(person, x, margins, w.most_unmet[i])
        for k in range(5):
            w.bounds[k, i] = one[k]
        w.busy[i] = busy_bits(person)
        w.life_due[i] |= person.care_state != NO_CARE


@inlined
def episode_bound(now, unmet, most):  # type: ignore[no-untyped-def]
    """The bound on an episode: as ``now``, or none if unmet needs have grown beyond what it allows for."""
    return now if unmet <= most else RULED_OUT_NOTHING


@inlined
def busy_bits(person):  # type: ignore[no-untyped-def]
    """Bits for which a resident's state asks for a look every week: with social care, in hospital or out for less than
    a year; waiting for the practice.
    """
    known = person.weeks_since_discharge != NEVER_DISCHARGED or person.days_in_hospital > 0
    ill = known or person.care_state != NO_CARE
    return np.uint8(ill) * _ILL | np.uint8(person.gp_request != NO_REQUEST) * _PRACTICE


@helper
def rule_nothing_out(w, i):  # type: ignore[no-untyped-def]
    """Look at row ``i`` every week until its bounds are renewed."""
    w.bounds[:, i] = RULED_OUT_NOTHING
    w.busy[i] = _ANY
    w.life_due[i] = 1


@helper
def _mark(codes, words, bounds, code):  # type: ignore[no-untyped-def]
    for q in range(codes.shape[0]):
        codes[q] |= np.uint8(words[q] <= bounds[q]) * code


@helper
def _mark_below(codes, words, most, code):  # type: ignore[no-untyped-def]
    for q in range(codes.shape[0]):
        codes[q] |= np.uint8(words[q] <= most) * code


@helper
def _mark_flagged(codes, flags, code):  # type: ignore[no-untyped-def]
    for q in range(codes.shape[0]):
        codes[q] |= np.uint8(flags[q] != 0) * code


@helper
def _mark_busy(codes, busy):  # type: ignore[no-untyped-def]
    for q in range(codes.shape[0]):
        codes[q] |= busy[q]


@helper
def _list(codes, mask, code, start, rows):  # type: ignore[no-untyped-def]
    """Fill ``rows`` with the rows from ``start`` on whose bits in ``mask`` are ``code``; returns their number."""
    found = 0
    for q in range(codes.shape[0]):
        rows[found] = start + q
        found += np.int64((codes[q] & mask) == code)
    return found


@helper
def list_for_life(w, x, span, everyone, rows):  # type: ignore[no-untyped-def]
    """Fill ``rows`` with those in this span who may die or move or have a household event; returns their number."""
    start, stop = span
    codes = np.zeros(stop - start, np.uint8)
    if everyone:
        codes[:] = _ILL
    else:
        tables = x.tables
        friends = tables.friend_making * max(1.0, x.rates.loneliness.friend_making_ratio)
        event = bound(tables.leave_home + tables.separation + tables.moving_in + friends)
        _mark_flagged(codes, w.life_due[start:stop], _ILL)
        _mark(codes, w.random_words[0, start:stop], w.bounds[DEATH, start:stop], _ILL)
        _mark_below(codes, w.random_words[1, start:stop], event, _ILL)
    return _list(codes, _ILL, _ILL, start, rows)


@helper
def list_for_week(w, x, now, span, lists):  # type: ignore[no-untyped-def]
    """Fill ``lists`` (4, size) with the rows in this span who may fall ill or need care; who may want something of the
    practice, and of these those not in the first list; and who may contact another service. Returns the four numbers.
    """
    start, stop = span
    codes = np.zeros(stop - start, np.uint8)
    if not now.local_demand <= w.margins[0]:
        codes[:] = _ANY
    else:
        minor = 0.0
        for one in x.tables.minor_attendance:
            minor = max(minor, one)
        transient = x.tables.transient
        words, bounds = w.random_words, w.bounds
        _mark_busy(codes, w.busy[start:stop])
        _mark_flagged(codes, w.strain[start:stop], _ILL)
        # A new condition makes everything else more probable, in the same week.
        _mark(codes, words[2, start:stop], bounds[CARE, start:stop], _ANY)
        _mark_below(codes, words[3, start:stop], bound(transient + (1.0 - transient) * minor), _ILL)
        _mark(codes, words[4, start:stop], bounds[EPISODE, start:stop], _ILL)
        _mark(codes, words[6, start:stop], bounds[CONSULTATION, start:stop], _PRACTICE)
        _mark(codes, words[7, start:stop], bounds[CONTACT, start:stop], _CONTACT)
    return (
        _list(codes, _ILL, _ILL, start, lists[0]),
        _list(codes, _PRACTICE, _PRACTICE, start, lists[1]),
        _list(codes, _ILL | _PRACTICE, _PRACTICE, start, lists[2]),
        _list(codes, _CONTACT, _CONTACT, start, lists[3]),
    )
