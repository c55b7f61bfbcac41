"""The parameter draws of a comparison: every uncertain value in each draw.

A table varies as a whole, so it is one parameter, represented by the mean of its categories. A value that the scenario
sets itself varies in the baseline alone; values that both sides fix are left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from calibration.fitting.problem import Floats
from calibration.sensitivity.screening import normal_scores
from simulator.evidence import Value
from simulator.specification.spec import Spec


@dataclass(frozen=True)
class ComparisonDraws:
    """Parameters of a comparison by path, and their values (draws, paths), draws numbered from 0."""

    of: dict[str, Value]
    values: pd.DataFrame

    @property
    def scores(self) -> Floats:
        """Normal scores of every parameter over the draws, shape (draws, paths); equal values have equal scores."""
        return normal_scores(self.values.to_numpy(np.float64))

    def label(self, path: str) -> str:
        """Label of a parameter, which mentions if it is the mean of a table."""
        value = self.of[path]
        return value.label if value.by is None else f"{value.label} (mean over its table)"


def comparison_draws(before: Spec, after: Spec, draws: int) -> ComparisonDraws:
    """The first ``draws`` draws of every parameter that is uncertain in either specification."""
    of = {**dict(before.evidence), **{path: value for plan in _plans(before, after) for path, value in plan.items()}}
    rows = [numbers_at(before, after, draw, of) for draw in range(draws)]
    values = pd.DataFrame(rows)
    open_ones = values.columns[values.nunique() > 1]
    return ComparisonDraws({path: of[path] for path in open_ones}, values[open_ones])


def numbers_at(before: Spec, after: Spec, draw: int, of: dict[str, Value]) -> dict[str, float]:
    """Every value of a draw by path; a table is its mean."""
    settled = set(before.scenario.changes)
    rates = before.rates(draw)
    others = after.rates(draw) if settled else rates
    found = {}
    for path in before.evidence:
        topic, _, name = path.partition(".")
        found[path] = float(np.mean(getattr(getattr(others if path in settled else rates, topic), name)))
    for spec in (before, after):
        for plan, numbers in zip(spec.programmes, spec.programme_draws(draw), strict=True):
            found.update({plan.path(name): number for name, number in numbers.items() if plan.path(name) in of})
    return found


def table_at(spec: Spec, path: str, draw: int) -> tuple[float, ...]:
    """The values of a table in a draw, in category order."""
    topic, _, name = path.partition(".")
    return tuple(float(number) for number in getattr(getattr(spec.rates(draw), topic), name))


def _plans(*specs: Spec) -> Sequence[dict[str, Value]]:
    return [dict(plan.values) for spec in specs for plan in spec.programmes]
