"""Emulators of all targets and outputs, cross-validated run by run, with the error found in validation added."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from calibration.fitting.emulator import Emulator, emulate
from calibration.fitting.priors import Priors
from calibration.fitting.problem import Floats, Parameter
from calibration.fitting.simulating import Runs

NOISE: Final = "noise"
"""Stage whose points are simulated with several seeds each."""
_SURE: Final = 0.01
"""Probability, over all outputs, below which a nugget above the noise between seeds is not attributed to chance."""
_FEWEST: Final = 20
"""Number of wave runs below which they are not checked separately."""


class EmulationProblem(Protocol):
    """Inputs and outputs to be emulated, such as a `calibration.fitting.problem.Problem`."""

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """Inputs, in the order of a point."""

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the outputs, in the order of a row."""


class Noise(NamedTuple):
    """Variance between the seeds of a point, shape (columns,), and its degrees of freedom."""

    variance: Floats
    freedom: int


@dataclass(frozen=True)
class CheckedEmulator:
    """An emulator with the error found in validation: its variance multiplied, and the unresolved variance added."""

    emulator: Emulator
    inflation: float
    unresolved: float  # variance: the nugget beyond the noise between seeds

    def mean(self, points: Floats) -> Floats:
        """Expected output at coordinates (n, parameters), shape (n,)."""
        return self.emulator.mean(points)

    def mean_and_variance(self, points: Floats) -> tuple[Floats, Floats]:
        """Expected output at coordinates (n, parameters), and the variance of the error in it, each of shape (n,)."""
        mean, variance = self.emulator.mean_and_variance(points)
        return mean, variance * self.inflation + self.unresolved

    @property
    def noise(self) -> float:
        """Variance between seeds at one point, in runs of the kind that is predicted."""
        return float(self.emulator.nuggets[-1]) - self.unresolved


class EmulatorSet(NamedTuple):
    """Emulators in the order of the problem's columns, and their validation (columns as in `Fit`)."""

    emulators: tuple[CheckedEmulator, ...]
    table: pd.DataFrame
    leave_one_out: pd.DataFrame


def noise_between_seeds(runs: Runs, seeds_each: int) -> Noise:
    """Variance between seeds; the ``seeds_each`` runs of a point are adjacent. Needs two good runs of a point."""
    parts = [part[np.isfinite(part).all(axis=1)] for part in np.split(runs.values, len(runs.values) // seeds_each)]
    parts = [part for part in parts if len(part) > 1]
    freedom = sum(len(part) - 1 for part in parts)
    squares = np.array([np.square(part - part.mean(axis=0)).sum(axis=0) for part in parts])
    columns = runs.values.shape[1]
    return Noise(squares.sum(axis=0) / freedom if freedom else np.full(columns, np.nan), freedom)


def emulate_all(
    problem: EmulationProblem, stages: Sequence[Runs], noise: Noise, before: EmulatorSet | None = None
) -> EmulatorSet:
    """Fit an emulator to every target and output from the successful runs of these stages."""
    priors = Priors(problem.parameters)
    good = [stage.succeeded for stage in stages]
    points = priors.coordinates(np.vstack([stage.scores[kept] for stage, kept in zip(stages, good, strict=True)]))
    values = np.vstack([stage.values[kept] for stage, kept in zip(stages, good, strict=True)])
    names, kinds = (
        np.concatenate([np.full(kept.sum(), getattr(stage, field)) for stage, kept in zip(stages, good, strict=True)])
        for field in ("stage", "kind")
    )
    earlier = () if before is None else before.emulators
    emulators, rows, parts = [], [], []
    for column, name in enumerate(problem.columns):
        start = earlier[column].emulator.scales if column < len(earlier) else None
        emulator = emulate(points, np.ascontiguousarray(values[:, column]), start, kinds)
        left = emulator.leave_one_out()
        z = (emulator.outputs - left.mean) / left.sd
        variance, sure = float(noise.variance[column]), _SURE / len(problem.columns)
        checked, row = _checked(emulator, z, names, (variance, noise.freedom), sure)
        emulators.append(checked)
        rows.append({"column": name, **row})
        parts.append(
            pd.DataFrame(
                {
                    "column": name,
                    "stage": names,
                    "run": np.arange(len(names)),
                    "simulated": emulator.outputs,
                    "predicted": left.mean,
                    "sd": left.sd,
                    "z": z,
                }
            )
        )
    return EmulatorSet(tuple(emulators), pd.DataFrame(rows), pd.concat(parts, ignore_index=True))


def _checked(
    emulator: Emulator, z: Floats, stages: npt.NDArray[np.str_], between: tuple[float, int], sure: float
) -> tuple[CheckedEmulator, dict[str, float]]:
    """The emulator with the error found by leave-one-out validation, and that validation as a row.

    ``between``: variance between seeds and its degrees of freedom.
    """
    noise, freedom = between
    alone = stages != NOISE  # a run whose point has other seeds does not test the emulator
    waves = alone & np.char.startswith(stages, "wave")
    z_rms = _rms(z[alone])
    z_rms_waves = _rms(z[waves]) if waves.sum() >= _FEWEST else np.nan
    unresolved = 0.0
    nugget, least = emulator.nuggets[0], emulator.nuggets.min()
    if freedom and nugget > noise * stats.f.isf(sure, len(z), freedom):
        unresolved = min(nugget - noise, least)  # what is missed is missed by runs of every kind
    inflation = max(1.0, z_rms**2, 0.0 if np.isnan(z_rms_waves) else z_rms_waves**2)
    residual = z[alone] * emulator.leave_one_out().sd[alone]
    spread = float(np.var(emulator.outputs[alone]))
    row = {
        "noise_sd": float(np.sqrt(noise)),
        "nugget_sd": float(np.sqrt(nugget)),
        "lack_of_fit": float(np.sqrt(nugget / noise)) if noise > 0.0 else np.inf,
        "unresolved_sd": float(np.sqrt(unresolved)),
        "z_rms": z_rms,
        "z_rms_waves": z_rms_waves,
        "explained": float(1.0 - np.mean(residual**2) / spread) if spread > 0.0 else np.nan,
        "inflation": inflation,
    }
    return CheckedEmulator(emulator, inflation, unresolved), row


def _rms(z: Floats) -> float:
    return float(np.sqrt(np.mean(z**2)))
