"""Global sensitivity of an output: Sobol indices and Morris screening, by SALib on the emulators.

Both sample uniform quantiles of the priors. An emulator predicts the expected output, without stochastic variation, and
so do the indices (Saltelli A et al. 2010, Comput Phys Commun 181:259; Campolongo F et al. 2007, Environ Model Softw
22:1509).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from SALib.analyze import morris as morris_analysis
from SALib.analyze import sobol as sobol_analysis
from SALib.sample import morris as morris_design
from SALib.sample import sobol as sobol_design

from calibration.fitting.emulation import EmulatorSet
from calibration.fitting.fit import Fit
from calibration.fitting.priors import Priors
from calibration.fitting.problem import Floats, Parameter
from simulator.errors import UnknownNameError

_ENDS: Final = (0.005, 0.995)  # quantiles: emulators have no data further out
_LEVELS: Final = 6


@dataclass(frozen=True)
class OutputEmulators:
    """Emulators of outputs, in the order of ``columns``; from a fit or from any other runs."""

    parameters: tuple[Parameter, ...]
    columns: tuple[str, ...]
    emulated: EmulatorSet
    seed: int = 1

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the parameters, in the order of a point."""
        return tuple(parameter.name for parameter in self.parameters)

    def expected(self, column: str, scores: Floats) -> Floats:
        """Expected values of a column at normal scores of the priors (n, parameters), shape (n,)."""
        if column not in self.columns:
            raise UnknownNameError("target or output", column, self.columns)
        emulator = self.emulated.emulators[self.columns.index(column)]
        points = Priors(self.parameters).coordinates(scores)
        parts = np.array_split(points, max(1, len(points) // 2000))  # limits the size of an array (points, runs)
        return np.concatenate([emulator.mean(part) for part in parts])


def sobol(fit: Fit | OutputEmulators, columns: tuple[str, ...] | None = None, size: int = 512) -> pd.DataFrame:
    """Share of an output's variance that each parameter explains, alone and with interactions.

    ``columns`` are targets or outputs (default: all); ``size`` x (parameters + 2) points are emulated. Columns: column,
    parameter, first, first_error, total, total_error; errors are half-widths of 95 % intervals.
    """
    emulators = _output_emulators(fit)
    design = _design(emulators)
    points = sobol_design.sample(design, size, calc_second_order=False, seed=emulators.seed)
    frames = []
    for column in columns or emulators.columns:
        found = sobol_analysis.analyze(
            design, _emulated(emulators, column, points), calc_second_order=False, seed=emulators.seed
        )
        values = {"first": found["S1"], "first_error": found["S1_conf"]}
        values |= {"total": found["ST"], "total_error": found["ST_conf"]}
        frames.append(pd.DataFrame({"column": column, "parameter": emulators.names, **values}))
    return pd.concat(frames, ignore_index=True)


def morris(fit: Fit | OutputEmulators, columns: tuple[str, ...] | None = None, trajectories: int = 50) -> pd.DataFrame:
    """Mean effect of moving one parameter across its prior, and how much it depends on the other parameters.

    Columns: column, parameter, effect (mean), strength (mean absolute effect), strength_error, spread (sd).
    """
    emulators = _output_emulators(fit)
    design = _design(emulators)
    points = morris_design.sample(design, trajectories, num_levels=_LEVELS, seed=emulators.seed)
    frames = []
    for column in columns or emulators.columns:
        outputs = _emulated(emulators, column, points)
        found = morris_analysis.analyze(design, points, outputs, num_levels=_LEVELS, seed=emulators.seed)
        values = {"effect": found["mu"], "strength": found["mu_star"], "strength_error": found["mu_star_conf"]}
        frames.append(
            pd.DataFrame({"column": column, "parameter": emulators.names, **values, "spread": found["sigma"]})
        )
    return pd.concat(frames, ignore_index=True)


def _output_emulators(fit: Fit | OutputEmulators) -> OutputEmulators:
    if isinstance(fit, OutputEmulators):
        return fit
    return OutputEmulators(fit.problem.parameters, fit.problem.columns, fit.emulated, fit.plan.seed)


def _design(emulators: OutputEmulators) -> dict[str, object]:
    names = list(emulators.names)
    return {"num_vars": len(names), "names": names, "bounds": [list(_ENDS)] * len(names)}


def _emulated(emulators: OutputEmulators, column: str, quantiles: Floats) -> Floats:
    """Expected values of a column at quantiles of the priors, shape (n,)."""
    return emulators.expected(column, Priors(emulators.parameters).scores(quantiles))
