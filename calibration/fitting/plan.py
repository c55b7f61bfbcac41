"""The numbers of runs and draws of a fit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from simulator.errors import FitError


@dataclass(frozen=True)
class Plan:
    """Runs and draws of each stage; the default is about 800 runs.

    A fit has four stages that simulate: noise (``noise_points`` x ``noise_seeds``), a space-filling design over the
    prior (``design_points``), waves where the targets are plausible (``waves`` of ``wave_points``, then one of
    ``finer_points`` by the finer simulation of the problem), and ``check_points`` draws of the posterior, by the same.
    ``discrepancy`` is the scale of the half-normal prior of the model's own error, as a multiple of the targets' sd;
    0 means none. ``most_steps`` limits the sampler, which stops as soon as it has converged with an effective sample
    size of ``effective_size``.
    """

    noise_points: int = 10
    noise_seeds: int = 5
    design_points: int = 256
    waves: int = 2
    wave_points: int = 100
    finer_points: int = 0
    check_points: int = 300
    truths: int = 60
    effective_size: int = 1000
    most_steps: int = 4000
    draws: int = 1000
    discrepancy: float = 0.5
    stop_if_unreachable: bool = True
    seed: int = 1

    def __post_init__(self) -> None:
        least = {"noise_points": 2, "noise_seeds": 2, "design_points": 8, "waves": 0, "truths": 0, "draws": 100}
        for name, smallest in least.items():
            if getattr(self, name) < smallest:
                raise FitError(f"the plan has {name} = {getattr(self, name)}. Set it to {smallest} or more")
        if self.waves and self.wave_points < 1:
            raise FitError(f"the plan has waves of {self.wave_points} points. Set wave_points to 1 or more")

    @property
    def points_of_waves(self) -> tuple[int, ...]:
        """Number of points of each wave, in order."""
        return (*[self.wave_points] * self.waves, *[self.finer_points] * (self.finer_points > 0))

    @property
    def runs(self) -> int:
        """Total number of simulations."""
        return self.noise_points * self.noise_seeds + self.design_points + sum(self.points_of_waves) + self.check_points


DEFAULT: Final = Plan()
"""About 800 runs."""
QUICK: Final = Plan(
    noise_points=4,
    noise_seeds=2,
    design_points=40,
    waves=1,
    wave_points=16,
    check_points=20,
    truths=0,
    effective_size=400,
    most_steps=1500,
)
"""About a tenth of the runs: tests files, targets and priors, and names targets that are clearly out of reach. It
certifies nothing: coverage is not tested, emulators of many parameters are poor (which widens the intervals), and the
posterior is checked by too few runs."""
