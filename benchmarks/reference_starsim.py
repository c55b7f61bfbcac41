"""The reference workload as an idiomatic Starsim module: array states, a network, its random numbers.

Starsim's networks can store a tie once, which halves the work here because this workload's rule is the same at both
ends; the other implementations store both ends. Both variants are measured. Starsim uses its own random numbers, so
its counts agree with the others only within chance.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import starsim as ss

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
    WORSEN,
    World,
)


class Ties(ss.Network):
    """A fixed network whose edges carry a strength in ``beta``."""

    def __init__(self, world: World, *, once: bool) -> None:
        super().__init__()
        rows = world.rows()
        kept = rows < world.other if once else np.full(len(rows), True)
        self.once = once
        self.fixed = (rows[kept], world.other[kept].astype(np.int64), world.strength[kept])

    def init_post(self) -> None:
        """Add the edges once the people exist."""
        super().init_post()
        one_end, other_end, strength = self.fixed
        self.append(p1=one_end, p2=other_end, beta=strength)

    def step(self) -> None:
        """Do nothing: `Loneliness`, which knows who is present, changes the ties."""


class Loneliness(ss.Module):
    """Ties, loneliness, admissions and costs."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self.group_of = world.group.astype(np.int64)
        self.hazard = (world.rate[self.group_of] * world.frailty).astype(ss.dtypes.float)
        self.define_states(ss.FloatArr("state", default=0.0), ss.BoolState("absent", default=False))
        self.u_feel = ss.random()
        self.u_fall_ill = ss.random()
        self.admissions = np.zeros(GROUPS, np.int64)
        self.pence = np.zeros(GROUPS, np.int64)

    def step(self) -> None:
        """Simulate one week."""
        people = self.sim.people.auids
        ties = self.sim.networks[0]
        edges = ties.edges
        absent = self.absent.values
        apart = absent[edges.p1] | absent[edges.p2]
        edges.beta = np.where(apart, edges.beta * KEEP, edges.beta * (1.0 - GROWTH) + GROWTH)
        support = np.bincount(edges.p1, edges.beta, len(people))
        if ties.once:
            support += np.bincount(edges.p2, edges.beta, len(people))
        tilt = np.exp(STEEPNESS * (support - NEED))
        state = self.state.values
        u_feel, u_fall_ill = self.u_feel.rvs(people), self.u_fall_ill.rvs(people)
        worse = (state < OFTEN_LONELY) & (u_feel < WORSEN / tilt)
        better = (state > 0) & (u_feel > 1.0 - IMPROVE * tilt) & ~worse
        state = state + worse - better
        ill = u_fall_ill < 1.0 - np.exp(-self.hazard * (1.0 + LONELY_RATIO * state))
        self.state[people] = state
        self.absent[people] = ill | (state == OFTEN_LONELY)
        admitted = np.bincount(self.group_of[ill], minlength=GROUPS)
        lonely = np.bincount(self.group_of, weights=state, minlength=GROUPS).astype(np.int64)
        self.admissions += admitted
        self.pence += ADMISSION_PENCE * admitted + LONELY_PENCE * lonely


def prepare_both(world: World, weeks: int, seed: int) -> Callable[[], World]:
    """A run with every tie stored at both ends, as in the other implementations."""
    return _prepare(world, weeks, seed, once=False)


def prepare_once(world: World, weeks: int, seed: int) -> Callable[[], World]:
    """A run with every tie stored once."""
    return _prepare(world, weeks, seed, once=True)


def _prepare(world: World, weeks: int, seed: int, *, once: bool) -> Callable[[], World]:
    ss.options(crn=True)
    module = Loneliness(world)
    simulation = ss.Sim(
        n_agents=len(world.group),
        networks=Ties(world, once=once),
        modules=module,
        start=0,
        dur=weeks - 1,
        dt=1,
        rand_seed=seed,
        verbose=0,
        copy_inputs=False,
    )
    simulation.init()

    def run() -> World:
        simulation.run()
        loneliness = module.state.values.astype(np.uint8)
        return world._replace(loneliness=loneliness, admissions=module.admissions, pence=module.pence)

    return run
