"""Vectorised priors: from normal scores to parameter values, and to the coordinates of the emulators.

A normal score z is Phi^-1 of the prior's quantile, so the prior of every parameter is a standard normal. An emulator's
coordinate is the value on the scale on which its prior is symmetric (logarithm for a lognormal, log odds for a
logit-normal), with low at -1 and high at 1: a response that is linear there stays linear, and a bounded prior stays
bounded. The distributions are those of `simulator.evidence.distributions`; tests compare the two.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from scipy.special import expit, logit, ndtr, ndtri

from calibration.fitting.problem import Floats, Parameter
from simulator.evidence.distributions import INTERVAL_ENDS

Z_HIGH: Final = float(ndtri(INTERVAL_ENDS[1]))
"""Normal score of the upper end of the middle 95 %."""
_FARTHEST: Final = 8.0  # in normal scores; beyond it a quantile is 0 or 1 in floating point


class Priors:
    """The priors of some parameters, in their order."""

    def __init__(self, parameters: Sequence[Parameter]) -> None:
        self.parameters = tuple(parameters)
        self._scales = np.array([_to_scale(parameter) for parameter in parameters])  # (parameters, low-value-high)

    def __len__(self) -> int:
        return len(self.parameters)

    def scores(self, quantiles: Floats) -> Floats:
        """Normal scores of quantiles between 0 and 1, both excluded."""
        return np.asarray(ndtri(quantiles), dtype=np.float64)

    def quantiles(self, scores: Floats) -> Floats:
        """Quantiles of normal scores."""
        return np.asarray(ndtr(scores), dtype=np.float64)

    def coordinates(self, scores: Floats) -> Floats:
        """Coordinates of the emulator, shape of ``scores`` (n, parameters)."""
        low, _, high = self._scales.T
        scaled = self._scaled(scores)
        return np.asarray(2.0 * (scaled - 0.5 * (low + high)) / (high - low), dtype=np.float64)

    def values(self, scores: Floats) -> Floats:
        """Values in the units of the parameters, shape of ``scores`` (n, parameters)."""
        scaled = self._scaled(scores)
        for column, parameter in enumerate(self.parameters):
            if parameter.distribution == "lognormal":
                scaled[:, column] = np.exp(scaled[:, column])
            elif parameter.distribution == "logit-normal":
                scaled[:, column] = expit(scaled[:, column])
        return scaled

    def _scaled(self, scores: Floats) -> Floats:
        """Values on the scale on which each prior is symmetric."""
        z = np.clip(scores, -_FARTHEST, _FARTHEST)
        distance = np.abs(z) / Z_HIGH
        for column, parameter in enumerate(self.parameters):
            if parameter.distribution == "uniform":
                distance[:, column] = np.abs(2.0 * ndtr(z[:, column]) - 1.0)
            elif parameter.distribution == "triangular":
                distance[:, column] = 1.0 - np.sqrt(2.0 * ndtr(-np.abs(z[:, column])))
        low, middle, high = self._scales.T
        far = np.where(z < 0.0, low, high)
        return np.asarray(middle + (far - middle) * distance, dtype=np.float64)


def _to_scale(parameter: Parameter) -> list[float]:
    ends = np.array([parameter.low, parameter.value, parameter.high])
    if parameter.distribution == "lognormal":
        ends = np.log(ends)
    elif parameter.distribution == "logit-normal":
        ends = logit(ends)
    return [float(end) for end in ends]
