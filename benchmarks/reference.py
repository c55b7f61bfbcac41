"""The reference workload: a small model run identically by every implementation, and its compiled columns.

Each week every tie grows if both residents are present and fades if not; support is the sum over a resident's ties; a
three-state model of loneliness depends on support; an admission is drawn from a hazard; costs are added by group.
Presence (neither often lonely nor admitted) is read from the week before, so the order of residents does not matter.
The numbers are invented: the workload measures implementations and says nothing about people.

Rules and loop share this file because Numba's cache detects edits only in the file of the function it compiled.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.foundations.compiling import compiled, rule
from simulator.foundations.random_numbers import philox, unit

STREAM: Final = 255
"""Stream of random numbers of the workload."""
GROUPS: Final = 9
MEAN_TIES: Final = 10
GROWTH: Final = 0.05
KEEP: Final = 0.97
KEEPS: Final = (1.0 - GROWTH, KEEP)
GAINS: Final = (GROWTH, 0.0)
"""A tie after a week together (0) or apart (1): strength * keep + gain."""
NEED: Final = 5.0
STEEPNESS: Final = 0.5
WORSEN: Final = 0.01
IMPROVE: Final = 0.03
OFTEN_LONELY: Final = 2
LONELY_RATIO: Final = 0.15
ADMISSION_PENCE: Final = 320_000
LONELY_PENCE: Final = 210


class World(NamedTuple):
    """State of N residents and their T tie ends (about 10 N), laid out row after row."""

    first_tie: NDArray[np.uint32]  # (N + 1,) where each resident's ties begin
    other: NDArray[np.uint32]  # (T,) row at the other end
    strength: NDArray[np.float64]  # (T,)
    group: NDArray[np.uint8]  # (N,)
    frailty: NDArray[np.float64]  # (N,)
    rate: NDArray[np.float64]  # (GROUPS,) weekly hazard of admission
    loneliness: NDArray[np.uint8]  # (N,) 0, 1 or 2
    absent: NDArray[np.uint8]  # (N,) 1 = often lonely or admitted last week
    admissions: NDArray[np.int64]  # (GROUPS,)
    pence: NDArray[np.int64]  # (GROUPS,)

    def rows(self) -> NDArray[np.int64]:
        """The row at this end of each tie."""
        return np.repeat(np.arange(len(self.group)), np.diff(self.first_tie).astype(np.int64))

    def digest(self) -> str:
        """Twelve hexadecimal digits of everything that a run changes."""
        changed = (self.strength, self.loneliness, self.absent, self.admissions, self.pence)
        return hashlib.sha256(b"".join(column.tobytes() for column in changed)).hexdigest()[:12]

    def admitted(self) -> int:
        """Admissions so far."""
        return int(self.admissions.sum())

    def often_lonely(self) -> float:
        """Share often lonely."""
        return float(np.mean(self.loneliness == OFTEN_LONELY))


def build_world(residents: int, seed: int = 1, mean_ties: int = MEAN_TIES) -> World:
    """A world of ``residents`` in random pairs, so that each has about ``mean_ties`` ties."""
    generator = np.random.default_rng(seed)
    pairs = generator.integers(0, residents, (residents * mean_ties // 2, 2)).astype(np.uint32)
    pairs = pairs[pairs[:, 0] != pairs[:, 1]]
    strength = generator.random(len(pairs))
    rows = np.concatenate([pairs[:, 0], pairs[:, 1]])
    order = np.argsort(rows, kind="stable")
    first_tie = np.zeros(residents + 1, np.uint32)
    first_tie[1:] = np.cumsum(np.bincount(rows, minlength=residents))
    return World(
        first_tie=first_tie,
        other=np.concatenate([pairs[:, 1], pairs[:, 0]])[order],
        strength=np.concatenate([strength, strength])[order],
        group=generator.integers(0, GROUPS, residents).astype(np.uint8),
        frailty=generator.lognormal(-0.5, 1.0, residents),
        rate=np.linspace(0.0005, 0.005, GROUPS),
        loneliness=np.zeros(residents, np.uint8),
        absent=np.zeros(residents, np.uint8),
        admissions=np.zeros(GROUPS, np.int64),
        pence=np.zeros(GROUPS, np.int64),
    )


@rule
def tie_after_week(strength: float, keep: float, gain: float) -> float:
    """Strength after a week; `KEEPS` and `GAINS` hold ``keep`` and ``gain`` for a week together (0) and apart (1)."""
    return strength * keep + gain


@rule
def loneliness_after_week(loneliness: int, support: float, u: float) -> int:
    """State of the three-state machine, given support and a uniform draw."""
    tilt = math.exp(STEEPNESS * (support - NEED))
    if loneliness < OFTEN_LONELY and u < WORSEN / tilt:
        return loneliness + 1
    if loneliness > 0 and u > 1.0 - IMPROVE * tilt:
        return loneliness - 1
    return loneliness


@rule
def admission_probability(rate: float, frailty: float, loneliness: int) -> float:
    """Probability of an admission this week, from a weekly hazard."""
    return 1.0 - math.exp(-rate * frailty * (1.0 + LONELY_RATIO * loneliness))


@compiled
def draw_week(seed, week, u_feel, u_fall_ill):  # type: ignore[no-untyped-def]
    """Two uniforms per resident, as from ``draw(seed, STREAM, week, i, 0)``.

    In a separate loop, which the compiler can vectorise.
    """
    key = np.uint64(seed)
    low, high = np.uint32(key & np.uint64(0xFFFFFFFF)), np.uint32(key >> np.uint64(32))
    for i in range(u_feel.size):
        a, b, _, _ = philox(np.uint32(i), np.uint32(0), np.uint32(week), np.uint32(STREAM), low, high)
        u_feel[i] = unit(a)
        u_fall_ill[i] = unit(b)


@compiled
def live_week(world, before, after, u_feel, u_fall_ill):  # type: ignore[no-untyped-def]
    """Simulate one week in place: reads absences from ``before`` and writes ``after``."""
    first_tie, other, strength, group, frailty, rate, loneliness, _, admissions, pence = world
    for i in range(group.size):
        support = 0.0
        own = before[i]
        for slot in range(first_tie[i], first_tie[i + 1]):
            apart = own | before[other[slot]]
            new = tie_after_week(strength[slot], KEEPS[apart], GAINS[apart])
            strength[slot] = new
            support += new
        state = loneliness_after_week(loneliness[i], support, u_feel[i])
        loneliness[i] = state
        ill = u_fall_ill[i] < admission_probability(rate[group[i]], frailty[i], state)
        after[i] = ill or state == OFTEN_LONELY
        admissions[group[i]] += ill
        pence[group[i]] += ADMISSION_PENCE * ill + LONELY_PENCE * state


@compiled
def run_columns(world, weeks, seed):  # type: ignore[no-untyped-def]
    """Simulate ``weeks`` weeks in place, with two buffers for absences."""
    before, after = world.absent, world.absent.copy()
    u_feel, u_fall_ill = np.empty(world.group.size), np.empty(world.group.size)
    for week in range(weeks):
        draw_week(seed, week, u_feel, u_fall_ill)
        live_week(world, before, after, u_feel, u_fall_ill)
        before, after = after, before
    for i in range(before.size):  # a copy of one array to another takes a second to compile
        world.absent[i] = before[i]


def prepare(world: World, weeks: int, seed: int) -> Callable[[], World]:
    """A run of the compiled columns, ready to start."""

    def run() -> World:
        run_columns(world, weeks, seed)
        return world

    return run
