"""Screening of many parameters for detectable effects, from few runs: forward selection with a strict test.

At each step the parameter whose linear and quadratic terms explain most of the remaining variance is kept, if chance
would explain as much in fewer than one in twenty searches through all of them (F test, Bonferroni).
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import stats
from scipy.special import ndtri

from calibration.fitting.problem import Floats

CHANCE: Final = 0.05
"""Probability that a search among parameters without effect selects one."""
RUNS_EACH: Final = 10
"""Smallest number of parameter draws per parameter of an emulator."""
_TERMS: Final = 2  # linear and quadratic


def select_parameters(scores: Floats, output: Floats) -> list[int]:
    """Columns of ``scores`` (runs, parameters) with an effect on ``output`` (runs,) beyond chance, strongest first.

    The output is replaced by its normal scores, so that a single outlying run does not pass for an effect.
    """
    runs, parameters = scores.shape
    output = normal_scores(output)
    kept: list[int] = []
    basis = np.full((runs, 1), runs**-0.5)
    while len(kept) < min(parameters, runs // RUNS_EACH):
        rest = output - basis @ (basis.T @ output)
        left = float(rest @ rest)
        if left <= 1e-12 * float(output @ output):
            break
        others = [column for column in range(parameters) if column not in kept]
        explained = np.array([_explained(scores[:, column], basis, rest) for column in others])
        freedom = runs - basis.shape[1] - _TERMS
        best = int(explained.argmax())
        remains = max(left - float(explained[best]), 1e-300)
        ratio = float(explained[best]) / _TERMS / (remains / freedom)
        if float(stats.f.sf(ratio, _TERMS, freedom)) * len(others) > CHANCE:
            break
        kept.append(others[best])
        basis = np.hstack([basis, _terms(scores[:, others[best]], basis)])
    return kept


def normal_scores(values: Floats) -> Floats:
    """Normal scores of values (n, ...) by their ranks along the first axis; equal values have equal scores.

    >>> normal_scores(np.array([5.0, 1.0, 9.0])).round(2).tolist()
    [0.0, -0.97, 0.97]
    """
    ranks = stats.rankdata(values, axis=0)
    return np.asarray(ndtri((ranks - 0.5) / len(values)), dtype=np.float64)


def detectable_share(runs: int, parameters: int) -> float:
    """Share of the variance that a single parameter must explain to be detected among ``parameters``.

    >>> round(detectable_share(100, 200), 2), round(detectable_share(400, 200), 2)
    (0.16, 0.04)
    """
    freedom = runs - 1 - _TERMS
    bar = float(stats.f.isf(CHANCE / parameters, _TERMS, freedom))
    return _TERMS * bar / (_TERMS * bar + freedom)


def _explained(score: Floats, basis: Floats, rest: Floats) -> float:
    terms = _terms(score, basis)
    return float(np.square(terms.T @ rest).sum())


def _terms(score: Floats, basis: Floats) -> npt.NDArray[np.float64]:
    """Orthonormal linear and quadratic terms of a parameter, orthogonal to ``basis`` (runs, terms)."""
    terms = np.column_stack([score, score**2])
    terms = terms - basis @ (basis.T @ terms)
    left, sizes, _ = np.linalg.svd(terms, full_matrices=False)
    return np.asarray(left[:, sizes > 1e-8 * np.sqrt(len(score))], dtype=np.float64)
