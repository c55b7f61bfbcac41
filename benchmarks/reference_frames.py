"""The reference workload in mesa-frames: residents as a Polars agent set, ties as a separate Polars frame.

mesa-frames requires an older NumPy than Numba does here, but works with the newer one if installed without its
dependencies (see docs/performance.md).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl
from mesa_frames import AgentSetPolars, ModelDF

from benchmarks.reference import (
    ADMISSION_PENCE,
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
from benchmarks.reference_numpy import philox_arrays


class Residents(AgentSetPolars):
    """All residents; random numbers are addressed draws, supplied as columns."""

    agents: Any  # a Polars frame

    def __init__(self, model: ModelDF, world: World, seed: int) -> None:
        super().__init__(model)
        self.seed, self.week = seed, 0
        size = len(world.group)
        self.berths = np.arange(size, dtype=np.uint64)
        self.ties = pl.DataFrame({"row": world.rows(), "other": world.other, "strength": world.strength})
        self.admissions, self.pence = world.admissions.copy(), world.pence.copy()
        self += pl.DataFrame(
            {
                "unique_id": np.arange(size),
                "group": world.group.astype(np.int64),
                "hazard": world.rate[world.group] * world.frailty,
                "state": world.loneliness.astype(np.int64),
                "absent": world.absent.astype(bool),
            }
        )

    def step(self) -> None:
        """Simulate one week."""
        absent, strength = self.agents["absent"], pl.col("strength")
        apart = absent.gather(self.ties["row"]) | absent.gather(self.ties["other"])
        self.ties = self.ties.with_columns(
            pl.when(apart).then(strength * KEEP).otherwise(strength * (1.0 - GROWTH) + GROWTH).alias("strength")
        )
        supports = self.ties.group_by("row").agg(strength.sum().alias("support"))
        u_feel, u_fall_ill = philox_arrays(self.berths, self.week, STREAM, self.seed)
        state, tilt = pl.col("state"), pl.col("tilt")
        worse = (state < OFTEN_LONELY) & (pl.Series(u_feel) < WORSEN / tilt)
        better = (state > 0) & (pl.Series(u_feel) > 1.0 - IMPROVE * tilt) & ~worse
        hazard = pl.col("hazard") * (1.0 + LONELY_RATIO * state)
        lived = (
            self.agents.join(supports, left_on="unique_id", right_on="row", how="left", maintain_order="left")
            .with_columns(tilt=(STEEPNESS * (pl.col("support").fill_null(0.0) - NEED)).exp())
            .with_columns(state=state + worse.cast(pl.Int64) - better.cast(pl.Int64))
            .with_columns(ill=pl.Series(u_fall_ill) < 1.0 - (-hazard).exp())
            .with_columns(absent=pl.col("ill") | (state == OFTEN_LONELY))
        )
        sums = lived.group_by("group").agg(pl.col("ill").sum().cast(pl.Int64), state.sum())
        groups = sums["group"].to_numpy()
        self.admissions[groups] += sums["ill"].to_numpy()
        self.pence[groups] += ADMISSION_PENCE * sums["ill"].to_numpy() + LONELY_PENCE * sums["state"].to_numpy()
        self.agents = lived.drop("support", "tilt", "ill")
        self.week += 1


class Place(ModelDF):
    """One agent set."""

    def __init__(self, world: World, seed: int) -> None:
        super().__init__(seed)
        self.residents = Residents(self, world, seed)
        self.agents += self.residents

    def step(self) -> None:
        """Simulate one week."""
        self.agents.do("step")


def prepare(world: World, weeks: int, seed: int) -> Callable[[], World]:
    """A run in mesa-frames, ready to start."""
    place = Place(world, seed)

    def run() -> World:
        for _ in range(weeks):
            place.step()
        residents = place.residents
        return world._replace(
            strength=residents.ties["strength"].to_numpy(),
            loneliness=residents.agents["state"].to_numpy().astype(np.uint8),
            absent=residents.agents["absent"].to_numpy().astype(np.uint8),
            admissions=residents.admissions,
            pence=residents.pence,
        )

    return run
