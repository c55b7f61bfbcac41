"""Predicted risk of admission, by which a programme may select the top share of a practice list."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from simulator.agents.place_state import PlaceState
from simulator.evidence.parameters import Table
from simulator.foundations.categories import ALTERNATIVES, PROGRAMME_SLOTS
from simulator.kernels.cells import by_conditions
from simulator.rules import eligibility


def risk_thresholds(model: PlaceState) -> Table:
    """Lowest predicted risk in the eligible top share of the list, shape (P * ALTERNATIVES,).

    A quantile over all residents, independent of the order of rows; ties with the last one selected are included.
    """
    thresholds = np.zeros(PROGRAMME_SLOTS * ALTERNATIVES)
    shares = {
        slot * ALTERNATIVES + number: wanted.top_share
        for slot, plan in enumerate(model.spec.programmes)
        for number, wanted in enumerate(plan.eligible)
        if wanted.top_share < 1.0
    }
    if shares:
        risks = _predicted_risks(model)
        risks.sort()
        for position, share in shares.items():
            chosen = math.ceil(share * len(risks))
            thresholds[position] = risks[-chosen] if chosen else math.inf
    return thresholds


def _predicted_risks(model: PlaceState) -> Table:
    """Predicted risk of every resident, by the rule that residents and loops use, shape (N,)."""
    risks = np.empty(len(model.columns))
    usual, each = model.tables.episode, model.rates.programmes.risk_per_admission
    rule: Any = eligibility.predicted_risk  # also works on columns
    for rows in parts_of(len(risks)):
        r: Any = model.columns[rows]
        kinds: Any = (r[name].astype(np.int64) for name in ("age_band", "deprivation", "conditions"))
        risks[rows] = rule(usual[by_conditions(*kinds) * 2], r.admissions_by_quarter.astype(np.int64).sum(axis=1), each)
    return risks


_PART: Final = 131_072


def parts_of(size: int) -> Iterator[slice]:
    """Rows 0 to ``size`` in parts, so that NumPy's temporary arrays stay small.

    >>> list(parts_of(200_000))
    [slice(0, 131072, None), slice(131072, 200000, None)]
    """
    return (slice(start, min(size, start + _PART)) for start in range(0, size, _PART))
