"""Predicted risk of admission, by which a programme may choose the top share of a list."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from simulator.categories import ALTERNATIVES, PROGRAMME_SLOTS
from simulator.kernels.shared import by_conditions
from simulator.parts import parts_of
from simulator.rates import Table
from simulator.rules import eligibility

if TYPE_CHECKING:
    from simulator.model import PlaceModel


def risk_thresholds(model: PlaceModel) -> Table:
    """The predicted risk from which on the asked top share of the list is eligible, shape (P * ALTERNATIVES,).

    A quantile of everyone's predicted risk, whatever the order of rows; equals of the last one chosen are chosen too.
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


def _predicted_risks(model: PlaceModel) -> Table:
    """Everyone's predicted risk, by the rule that residents and loops use, shape (N,)."""
    risks = np.empty(len(model.columns))
    usual, each = model.tables.episode, model.rates.programmes.risk_per_admission
    rule: Any = eligibility.predicted_risk  # as good for columns as for one resident
    for rows in parts_of(len(risks)):
        r: Any = model.columns[rows]
        kinds: Any = (r[name].astype(np.int64) for name in ("age_band", "deprivation", "conditions"))
        risks[rows] = rule(usual[by_conditions(*kinds) * 2], r.admissions_by_quarter.astype(np.int64).sum(axis=1), each)
    return risks
