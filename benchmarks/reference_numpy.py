"""The reference workload in whole-array NumPy, with the same addressed draws."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from benchmarks.reference import (
    ADMISSION_PENCE,
    GROUPS,
    GROWTH,
    IMPROVE,
    KEEP,
    LONELY_PENCE,
    LONELY_RATIO,
    NEED,
    OFTEN_LONELY,
    STEEPNESS,
    STREAM,
    WORSEN,
    World,
)

_LOW_WORD = np.uint64(0xFFFFFFFF)
_HALF = np.uint64(32)


def philox_arrays(rows: NDArray[np.uint64], week: int, stream: int, seed: int) -> tuple[NDArray[np.float64], ...]:
    """Two uniforms per row: `simulator.foundations.random_numbers.draw` for whole arrays (generation 0)."""
    c0, c1 = rows, np.zeros_like(rows)
    c2, c3 = np.full_like(rows, week), np.full_like(rows, stream)
    k0, k1 = seed & 0xFFFFFFFF, seed >> 32
    for _ in range(10):
        product0, product1 = c0 * np.uint64(0xD2511F53), c2 * np.uint64(0xCD9E8D57)
        c0 = (product1 >> _HALF) ^ c1 ^ np.uint64(k0)
        c2 = (product0 >> _HALF) ^ c3 ^ np.uint64(k1)
        c1, c3 = product1 & _LOW_WORD, product0 & _LOW_WORD
        k0, k1 = (k0 + 0x9E3779B9) & 0xFFFFFFFF, (k1 + 0xBB67AE85) & 0xFFFFFFFF
    return tuple((word.astype(np.float64) + 0.5) * 2.3283064365386963e-10 for word in (c0, c1))


def run_numpy(world: World, weeks: int, seed: int) -> None:
    """Simulate ``weeks`` weeks in place. Array exp may differ from scalar exp in the last bit, which rarely matters."""
    size = len(world.group)
    rows = world.rows()
    berths = np.arange(size, dtype=np.uint64)
    other = world.other.astype(np.int64)
    group = world.group.astype(np.int64)
    hazard = world.rate[group] * world.frailty
    for week in range(weeks):
        apart = world.absent[rows] | world.absent[other]
        strength = world.strength
        strength[:] = np.where(apart, strength * KEEP, strength * (1.0 - GROWTH) + GROWTH)
        support = np.bincount(rows, weights=strength, minlength=size)
        u_feel, u_fall_ill = philox_arrays(berths, week, STREAM, seed)
        tilt = np.exp(STEEPNESS * (support - NEED))
        state = world.loneliness.astype(np.int64)
        worse = (state < OFTEN_LONELY) & (u_feel < WORSEN / tilt)
        better = (state > 0) & (u_feel > 1.0 - IMPROVE * tilt) & ~worse
        state = state + worse - better
        ill = u_fall_ill < 1.0 - np.exp(-hazard * (1.0 + LONELY_RATIO * state))
        world.loneliness[:] = state
        world.absent[:] = ill | (state == OFTEN_LONELY)
        admitted = np.bincount(group[ill], minlength=GROUPS)
        lonely = np.bincount(group, weights=state, minlength=GROUPS).astype(np.int64)
        world.admissions[:] += admitted
        world.pence[:] += ADMISSION_PENCE * admitted + LONELY_PENCE * lonely


def prepare(world: World, weeks: int, seed: int) -> Callable[[], World]:
    """A run in NumPy, ready to start."""

    def run() -> World:
        run_numpy(world, weeks, seed)
        return world

    return run
