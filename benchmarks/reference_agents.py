"""The reference workload in plain Mesa: one Agent per resident, ties in lists, one method per phase, ``agents.do``."""

from __future__ import annotations

from collections.abc import Callable

import mesa
import numpy as np

from benchmarks.reference import (
    ADMISSION_PENCE,
    GAINS,
    KEEPS,
    LONELY_PENCE,
    OFTEN_LONELY,
    STREAM,
    World,
    admission_probability,
    loneliness_after_week,
    tie_after_week,
)
from simulator.foundations.random_numbers import draw


class Resident(mesa.Agent):
    """One resident with lists of ties."""

    def __init__(self, model: Town, world: World, row: int) -> None:
        super().__init__(model)
        self.town = model
        ties = slice(int(world.first_tie[row]), int(world.first_tie[row + 1]))
        self.row = row
        self.group = int(world.group[row])
        self.rate = float(world.rate[self.group])
        self.frailty = float(world.frailty[row])
        self.loneliness = int(world.loneliness[row])
        self.absent = int(world.absent[row])
        self.strengths: list[float] = world.strength[ties].tolist()
        self.others: list[Resident] = []
        self.support = 0.0

    def meet(self) -> None:
        """Let ties grow or fade, and sum them."""
        own, support = self.absent, 0.0
        for slot, other in enumerate(self.others):
            apart = own | other.absent
            strength = tie_after_week(self.strengths[slot], KEEPS[apart], GAINS[apart])
            self.strengths[slot] = strength
            support += strength
        self.support = support

    def feel_and_fall_ill(self) -> None:
        """Update loneliness, draw an admission, count costs."""
        town = self.town
        u_feel, u_fall_ill, _, _ = draw(town.random_words, STREAM, town.week, self.row, 0)
        state = self.loneliness = loneliness_after_week(self.loneliness, self.support, u_feel)
        ill = u_fall_ill < admission_probability(self.rate, self.frailty, state)
        self.absent = int(ill or state == OFTEN_LONELY)
        town.admissions[self.group] += ill
        town.pence[self.group] += ADMISSION_PENCE * ill + LONELY_PENCE * state


class Town(mesa.Model):
    """All residents; a step is a week."""

    def __init__(self, world: World, seed: int) -> None:
        super().__init__(rng=seed)
        self.random_words = seed
        self.week = 0
        self.admissions = [0] * len(world.admissions)
        self.pence = [0] * len(world.pence)
        self.residents = [Resident(self, world, row) for row in range(len(world.group))]
        for row, resident in enumerate(self.residents):
            ends = world.other[world.first_tie[row] : world.first_tie[row + 1]].tolist()
            resident.others = [self.residents[end] for end in ends]

    def step(self) -> None:
        """Simulate one week."""
        self.agents.do("meet")
        self.agents.do("feel_and_fall_ill")
        self.week += 1

    def write_back(self, world: World) -> None:
        """Copy the agents' state into the columns of ``world``, for a digest."""
        world.strength[:] = [strength for resident in self.residents for strength in resident.strengths]
        world.loneliness[:] = [resident.loneliness for resident in self.residents]
        world.absent[:] = [resident.absent for resident in self.residents]
        world.admissions[:] = np.array(self.admissions, np.int64)
        world.pence[:] = np.array(self.pence, np.int64)


def prepare(world: World, weeks: int, seed: int) -> Callable[[], World]:
    """A run as Mesa agents, built and ready to start; the state is written back into ``world``."""
    town = Town(world, seed)

    def run() -> World:
        for _ in range(weeks):
            town.step()
        town.write_back(world)
        getattr(mesa.Agent, "_ids", {}).pop(town, None)  # Mesa 3.3 would never release the town
        return world

    return run
