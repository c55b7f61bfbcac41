"""Curves through results at several multiples of a plan that rise or fall throughout, and where they cross a level.

A curve is the nearest that only rises or only falls (isotonic regression: Barlow RE and others 1972, Statistical
Inference under Order Restrictions), in the direction that lies closer to the points. A net cost may turn once, since
what is saved can level off while what is spent does not. Between points a curve is straight.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

import numpy as np
from scipy.optimize import isotonic_regression

from simulator.comparison.paired_statistics import Floats

_FIRM: Final = 1e12
"""Weight of a point that the curve must go through, relative to the others."""


def smoothed(found: Floats, *, from_nothing: bool = False, may_turn: bool = False) -> Floats:
    """The curve at each multiple, in their order, shape (multiples,).

    With ``from_nothing`` it starts at 0 before the first, as every difference from the base does. With ``may_turn`` it
    may turn once.

    >>> smoothed(np.array([-1.0, -3.0, -2.0])).tolist(), smoothed(np.array([1.0, -1.0]), from_nothing=True).tolist()
    ([-1.0, -2.5, -2.5], [0.0, -1.0])
    >>> smoothed(np.array([-1.0, -3.0, -2.0]), may_turn=True).tolist()
    [-1.0, -3.0, -2.0]
    """
    points = np.concatenate([[0.0], found]) if from_nothing else found
    weights = np.ones(len(points))
    weights[0] = _FIRM if from_nothing else 1.0
    fits = _fits(points, weights, range(1, len(points)) if may_turn else ())
    nearest = min(fits, key=lambda fit: float((weights * (fit - points) ** 2).sum()))
    return np.asarray(nearest[1:] if from_nothing else nearest, np.float64).round(9) + 0.0


def _fits(points: Floats, weights: Floats, turns: range | tuple[()]) -> Iterator[Floats]:
    """Curves that rise, fall, and turn once at each of these positions."""
    for rising in (True, False):
        yield isotonic_regression(points, weights=weights, increasing=rising).x
        for at in turns:
            parts = ((slice(None, at), rising), (slice(at, None), not rising))
            fits = [isotonic_regression(points[part], weights=weights[part], increasing=up).x for part, up in parts]
            yield np.concatenate(fits)


def left_out(multiples: Floats, found: Floats, *, may_turn: bool = False) -> Floats:
    """For each multiple but the largest, what the curve through the others says there less what was found.

    The curve has not seen the runs at that multiple. Shape (multiples - 1,).
    """
    misses = []
    for at in range(len(multiples) - 1):
        others = np.concatenate([[0.0], np.delete(multiples, at)])
        curve = smoothed(np.delete(found, at), from_nothing=True, may_turn=may_turn)
        misses.append(np.interp(multiples[at], others, np.concatenate([[0.0], curve])) - found[at])
    return np.array(misses)


def crossing(multiples: Floats, curve: Floats, level: float) -> tuple[float, float]:
    """The smallest multiple at which a curve is at least ``level``, and up to which it stays there; NaN if it never is.

    >>> crossing(np.array([1.0, 2.0, 4.0]), np.array([0.2, 0.6, 1.0]), 0.8)
    (3.0, 4.0)
    >>> crossing(np.array([1.0, 2.0]), np.array([0.2, 0.6]), 0.8)
    (nan, nan)
    """
    there = curve >= level
    if not there.any():
        return math.nan, math.nan
    first = int(there.argmax())
    after = np.flatnonzero(~there[first:])
    last = len(curve) - 1 if not len(after) else first + int(after[0]) - 1
    start = float(multiples[first]) if first == 0 else _between(multiples, curve, level, first - 1)
    end = float(multiples[last]) if last == len(curve) - 1 else _between(multiples, curve, level, last)
    return start, end


def _between(multiples: Floats, curve: Floats, level: float, at: int) -> float:
    """Where the straight line from one multiple to the next crosses a level."""
    share = (level - curve[at]) / (curve[at + 1] - curve[at])
    return float(multiples[at] + share * (multiples[at + 1] - multiples[at]))


def levelling(multiples: Floats, curve: Floats) -> float:
    """The multiple from which a curve from 0 rises less than half as steeply as at its steepest before; NaN if none.

    >>> levelling(np.array([1.0, 2.0, 4.0]), np.array([-2.0, -4.0, -4.5])), levelling(np.array([1.0]), np.array([1.0]))
    (2.0, nan)
    """
    slopes = np.abs(np.diff(curve, prepend=0.0) / np.diff(multiples, prepend=0.0))
    flat = slopes < 0.5 * np.maximum.accumulate(slopes)
    return next((float(multiples[at - 1]) for at in range(1, len(flat)) if flat[at:].all()), math.nan)
