"""A fitting problem: parameters with priors, targets, and a function that simulates (a county, or just a formula)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from simulator.errors import FitError, did_you_mean
from simulator.evidence.distributions import Distribution, why_impossible

Floats = npt.NDArray[np.float64]
Seeds = Sequence[int]


@dataclass(frozen=True)
class Parameter:
    """An uncertain number and its prior (`simulator.evidence.distributions`).

    ``value`` is the prior's median; ``low`` and ``high`` are its 2.5 and 97.5 % quantiles, or the ends of a uniform
    or triangular one. All three are in the unit in which ``simulate`` takes the parameter.
    """

    name: str
    distribution: Distribution
    value: float
    low: float
    high: float

    def __post_init__(self) -> None:
        if self.distribution == "fixed" or self.low == self.high:
            raise FitError(
                f"parameter '{self.name}' is fixed. Leave it out, or give it a distribution with low below high"
            )
        if not self.low < self.value < self.high:
            raise FitError(
                f"parameter '{self.name}': value {self.value:g} is not between {self.low:g} and {self.high:g}. "
                "Give low < value < high"
            )
        impossible = why_impossible(self.distribution, self.value, self.low, self.high)
        if impossible is not None:
            raise FitError(f"parameter '{self.name}': {impossible}")


@dataclass(frozen=True)
class Target:
    """A published figure that the simulation should reproduce.

    ``sd`` is the standard deviation of its error (a 95 % range is about four wide). ``group`` names targets that carry
    nearly the same information (`Problem.correlations`); a target without one is independent.

    ``chance_in_sd``: the error already includes chance variation of the one place or sample observed, as a published
    standard error does. Set it to False where the figure is a single outcome of the process that is simulated; the
    simulator's own noise is then added.

    ``discrepancy`` is the standard deviation of the model discrepancy, in the unit of ``value``; None uses a
    multiple of ``sd`` common to all such targets, which is fitted (`Plan.discrepancy`).
    """

    name: str
    value: float
    sd: float
    group: str | None = None
    chance_in_sd: bool = True
    discrepancy: float | None = None

    def __post_init__(self) -> None:
        if not (np.isfinite(self.value) and np.isfinite(self.sd) and self.sd > 0.0):
            raise FitError(
                f"target '{self.name}' has value {self.value:g} and sd {self.sd:g}. Give a finite value and sd > 0"
            )
        if self.discrepancy is not None and not 0.0 <= self.discrepancy < np.inf:
            raise FitError(f"target '{self.name}' has discrepancy {self.discrepancy:g}. Give 0 or more, or None")


class SimulatedValues(NamedTuple):
    """Simulated ``values`` (points, targets + outputs), with a reason for each row of NaN."""

    values: Floats
    reasons: tuple[str, ...]  # one per point; "" where the run succeeded


Simulate = Callable[[Floats, Seeds], Floats | SimulatedValues]
"""``simulate(points, seeds)``: points (n, parameters) in the parameters' units, one seed per point; returns values
(n, targets + outputs) in the order of the problem. A failed run is a row of NaN (return `SimulatedValues` to give a
reason) or an exception. It must be picklable (a module's function, or a frozen dataclass with ``__call__``) to run in
other processes, and must depend on its arguments alone."""


class SimulateDraws(NamedTuple):
    """A finer simulation, such as one of a town at full size, with its own ``version``."""

    simulate: Simulate
    version: str


@dataclass(frozen=True)
class Problem:
    """Parameters, targets and the simulation.

    ``outputs`` names further columns that ``simulate`` returns after the targets; they are emulated but not fitted.
    ``correlations`` gives, by group of targets, the correlation of their errors (0 to below 1); the targets of a group
    without one share the weight of a single target. ``version`` must change whenever ``simulate`` would give other
    values at the same point and seed, since cached runs are found by it. ``prepare`` is called once in a worker before
    any simulation, to compile code that the others then only load. ``simulate_draws`` takes the place of ``simulate``
    in the last wave (`Plan.finer_points`) and at draws of the posterior; it returns the same columns.
    """

    parameters: tuple[Parameter, ...]
    targets: tuple[Target, ...]
    simulate: Simulate
    version: str
    outputs: tuple[str, ...] = ()
    correlations: Mapping[str, float] = field(default_factory=dict)
    prepare: Callable[[], object] | None = None
    simulate_draws: SimulateDraws | None = None

    def __post_init__(self) -> None:
        for kind, names in (("parameter", self.names), ("target or output", self.columns)):
            if not names:
                raise FitError(f"the problem has no {kind}s. Give at least one")
            twice = sorted({name for name in names if names.count(name) > 1})
            if twice:
                raise FitError(f"{kind} '{twice[0]}' appears twice. Give each a different name")
        groups = {target.group for target in self.targets if target.group is not None}
        for group, correlation in self.correlations.items():
            if group not in groups:
                raise FitError(f"no target is in group '{group}'. {did_you_mean(group, groups)}")
            if not 0.0 <= correlation < 1.0:
                raise FitError(f"group '{group}' has correlation {correlation:g}. Give 0 or more, and below 1")

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the parameters, in the order of a point."""
        return tuple(parameter.name for parameter in self.parameters)

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the simulated columns, in order: targets, then outputs."""
        return (*(target.name for target in self.targets), *self.outputs)

    @property
    def simulation_hash(self) -> str:
        """Digest of what determines a simulated value, besides point and seed; it does not depend on target values."""
        return _digest([self.version, self.names, self.columns])

    @property
    def at_draws(self) -> Problem:
        """The problem as simulated in the last wave and at draws of the posterior."""
        if self.simulate_draws is None:
            return self
        return replace(self, simulate=self.simulate_draws.simulate, version=self.simulate_draws.version)

    @property
    def hash(self) -> str:
        """Digest of the whole problem."""
        return _digest(
            [
                self.simulation_hash,
                [asdict(parameter) for parameter in self.parameters],
                [asdict(target) for target in self.targets],
                dict(self.correlations),
            ]
        )


def _digest(content: object) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]
