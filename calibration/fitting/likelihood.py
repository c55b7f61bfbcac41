"""Likelihood of the published figures at a point, allowing for emulator error and model discrepancy.

The difference between target and emulator is normal. Its variance is the sum of the target's own error, the model
discrepancy, the emulator's error and, where the target is a single random outcome, the nugget. The discrepancy is a
multiple of the target's sd, common to all targets and fitted with them (half-normal prior), so targets that the model
cannot meet together widen the posterior instead of moving it (Kennedy MC, O'Hagan A 2001, Bayesian calibration of
computer models, J R Stat Soc B 63:425, here with an unstructured discrepancy).

Targets of one group are not double counted. Where the problem states the correlation r of their errors, it applies to
their errors and discrepancies: n targets that agree count for n / (1 + (n - 1) r). Where it states none, the variance
of each is multiplied by their number, so that together they count as one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, Protocol

import numpy as np
from scipy.special import ndtr, ndtri

from calibration.fitting.priors import Priors
from calibration.fitting.problem import Floats, Problem

_LOG_TWO_PI: Final = float(np.log(2.0 * np.pi))


class Predictor(Protocol):
    """The part of an emulator that a likelihood needs."""

    def mean_and_variance(self, points: Floats) -> tuple[Floats, Floats]:
        """Expected output at coordinates (n, parameters), and the variance of the error in it, each of shape (n,)."""


class Errors(NamedTuple):
    """Errors of the targets: independent ones, and blocks of correlated ones."""

    alone: tuple[int, ...]
    blocks: tuple[tuple[tuple[int, ...], float], ...]  # columns, and the correlation of their errors
    variance: Floats  # (targets,), each multiplied by the size of its group where no correlation is stated
    weight: Floats  # (targets,): the fraction of a target that each counts for
    own: Floats  # (targets,): variance of the discrepancy that a target states; NaN where the common one applies
    chance: Floats  # (targets,): 1 where the nugget is added, otherwise 0


class Prediction(NamedTuple):
    """Emulated targets at some points, each of shape (n, targets)."""

    mean: Floats
    variance: Floats  # of the emulator's error, and of the nugget where it applies


@dataclass(frozen=True)
class Likelihood:
    """Log likelihood of target values at normal scores (n, parameters + 1); the last score is the discrepancy's.

    ``left_out`` are columns of targets that are not used.
    """

    priors: Priors
    emulators: Sequence[Predictor]
    nuggets: Floats  # (targets,): variance between seeds
    errors: Errors
    values: Floats  # (targets,)
    discrepancy: float  # scale of the common one, in sd; 0: none
    left_out: frozenset[int] = frozenset()

    @property
    def dimensions(self) -> int:
        """Length of a vector of scores."""
        return len(self.priors) + 1

    @property
    def correlations(self) -> Floats:
        """Correlations of the targets' errors, shape (targets, targets)."""
        correlations = np.eye(len(self.values))
        for columns, stated in self.errors.blocks:
            correlations[np.ix_(columns, columns)] = stated
        np.fill_diagonal(correlations, 1.0)
        return correlations

    def predict(self, scores: Floats) -> Prediction:
        """Means and variances of the targets at scores, without the targets' own errors."""
        points = self.priors.coordinates(scores[:, : len(self.priors)])
        pairs = [emulator.mean_and_variance(points) for emulator in self.emulators]
        mean, variance = (np.column_stack([pair[part] for pair in pairs]) for part in (0, 1))
        return Prediction(mean, variance + self.errors.chance * self.nuggets)

    def log_density(self, scores: Floats) -> Floats:
        """Log likelihood at each of the scores, shape (n,)."""
        return self.of(self.predict(scores), self.scale(scores))

    def scale(self, scores: Floats) -> Floats:
        """Discrepancy in sd of the targets, shape (n,): the half-normal's value at the quantile of the last score."""
        return np.asarray(-self.discrepancy * ndtri(0.5 * ndtr(-scores[:, -1])), dtype=np.float64)

    def of(self, predicted: Prediction, scale: Floats) -> Floats:
        """Log likelihood of predictions, with the discrepancy's scale at each, shape (n,)."""
        total = np.zeros(len(scale))
        residual = self.values - predicted.mean
        stated = self.stated_variance(scale)
        alone = [column for column in self.errors.alone if column not in self.left_out]
        variance = (stated + predicted.variance)[:, alone]
        total -= 0.5 * (np.square(residual[:, alone]) / variance + np.log(variance) + _LOG_TWO_PI).sum(axis=1)
        for columns, correlation in self.errors.blocks:
            kept = [column for column in columns if column not in self.left_out]
            if kept:
                covariance = _correlated(stated[:, kept], correlation, predicted.variance[:, kept])
                root = np.linalg.cholesky(covariance)
                white = np.linalg.solve(root, residual[:, kept][..., None])[..., 0]
                logs = np.log(np.diagonal(root, axis1=1, axis2=2)).sum(axis=1)
                total -= 0.5 * np.square(white).sum(axis=1) + logs + 0.5 * len(kept) * _LOG_TWO_PI
        return total

    def stated_variance(self, scale: Floats) -> Floats:
        """Variance of the targets' errors and discrepancies, shape (n, targets)."""
        return self.errors.variance + self.discrepancy_variance(scale)

    def discrepancy_variance(self, scale: Floats) -> Floats:
        """Variance of the model discrepancy, shape (n, targets)."""
        common = np.square(scale)[:, None] * self.errors.variance
        return np.where(np.isnan(self.errors.own), common, self.errors.own)


def errors_of(problem: Problem) -> Errors:
    """Variances and correlations of the errors of a problem's targets."""
    groups: dict[str, list[int]] = {}
    for column, target in enumerate(problem.targets):
        if target.group is not None:
            groups.setdefault(target.group, []).append(column)
    weight = np.ones(len(problem.targets))
    blocks = []
    for name, columns in groups.items():
        correlation = problem.correlations.get(name)
        if correlation is None:
            weight[columns] = 1.0 / len(columns)
        elif correlation > 0.0:
            blocks.append((tuple(columns), correlation))
            weight[columns] = 1.0 / (1.0 + (len(columns) - 1) * correlation)
    blocked = {column for columns, _ in blocks for column in columns}
    targets = problem.targets
    own = np.array([np.nan if target.discrepancy is None else target.discrepancy**2 for target in targets])
    tempered = np.where(np.isin(np.arange(len(targets)), list(blocked)), 1.0, weight)
    return Errors(
        alone=tuple(column for column in range(len(targets)) if column not in blocked),
        blocks=tuple(blocks),
        variance=np.array([target.sd**2 for target in targets]) / tempered,
        weight=weight,
        own=own / tempered,
        chance=np.array([0.0 if target.chance_in_sd else 1.0 for target in targets]),
    )


def _correlated(stated: Floats, correlation: float, other: Floats) -> Floats:
    """Covariances (n, targets, targets): stated variances with a correlation, and independent ones on the diagonal."""
    sd = np.sqrt(stated)
    covariance = correlation * sd[:, :, None] * sd[:, None, :]
    diagonal = np.arange(stated.shape[1])
    covariance[:, diagonal, diagonal] = stated + other
    return np.asarray(covariance, dtype=np.float64)
