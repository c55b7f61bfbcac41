"""Eligibility for a programme: every condition, alternatives, and the top share by predicted risk."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simulator.kernels.programmes import screen
from simulator.model.place_model import PlaceModel
from simulator.population.columns import Residents
from tests.helpers.own_programme import SIZE, crowd, own_spec
from tests.helpers.support import place_model


def eligible_by_columns(model: PlaceModel) -> np.ndarray:
    """Who could be offered the user's own programme, as compiled loops see it, shape (N,)."""
    found = np.zeros(SIZE, np.uint8)
    screen(model.records, model.packed, model.packed_now, 3, found)
    return found == 1


def in_last_quarters(r: Residents, quarters: int, slot: int) -> np.ndarray:
    return sum(r.admissions_by_quarter[:, (slot - back) % 4].astype(int) for back in range(quarters))


def lasting(rates: Any, r: Any) -> Any:
    """Loneliness score of everyone in their usual mood."""
    support = r.support * (1.0 + rates.outlook_effect * r.outlook)
    return (
        rates.need[r.age_band] + r.personal_need - rates.support_effect * support + rates.illness_effect * r.conditions
    )


CONDITIONS: dict[str, Callable[[PlaceModel, Residents], np.ndarray]] = {
    "{}": lambda m, r: np.full(len(r), True),
    "{age: {from: 16, to: 64}}": lambda m, r: (r.age_weeks >= 16 * 52) & (r.age_weeks < 65 * 52),
    "{conditions: {at_least: 2}}": lambda m, r: r.conditions >= 2,
    "{admissions: {at_least: 2, months: 3}}": lambda m, r: in_last_quarters(r, 1, m.now.quarter_slot) >= 2,
    "{admissions: {at_least: 1, months: 9}}": lambda m, r: in_last_quarters(r, 3, m.now.quarter_slot) >= 1,
    "{admissions: {at_least: 3}}": lambda m, r: in_last_quarters(r, 4, m.now.quarter_slot) >= 3,
    "{discharged_weeks: 4}": lambda m, r: (r.weeks_since_discharge <= 4) | (r.days_in_hospital > 0),
    "{lonely: true}": lambda m, r: r.lonely == 1,
    "{lonely: false, lives_alone: true}": lambda m, r: (r.lonely == 0) & (r.lives_alone == 1),
    "{lives_alone: false}": lambda m, r: r.lives_alone == 0,
    "{unmet_connection: true}": lambda m, r: lasting(m.rates.loneliness, r) > m.now.score_centre,
    "{deprivation: [1, 5]}": lambda m, r: (r.deprivation == 0) | (r.deprivation == 4),
    "{digital_capability: [offline]}": lambda m, r: r.digital_capability == 0,
    "{sex: male}": lambda m, r: r.sex == 1,
    "{top_share_by_risk: 0 %}": lambda m, r: np.full(len(r), False),
    "{top_share_by_risk: 100 %}": lambda m, r: np.full(len(r), True),
}


@pytest.mark.parametrize("alternative", CONDITIONS)
def test_each_condition_makes_eligible_whom_it_says(tmp_path: Path, alternative: str) -> None:
    model = place_model(own_spec(tmp_path, **{"for": f"[{alternative}]"}), crowd())
    expected = CONDITIONS[alternative](model, model.columns)
    assert eligible_by_columns(model).tolist() == expected.tolist()
    assert [model.resident(row)._eligible(3) for row in range(SIZE)] == expected.tolist()


def test_meeting_one_alternative_makes_eligible(tmp_path: Path) -> None:
    model = place_model(own_spec(tmp_path, **{"for": "[{lonely: true}, {age: {from: 80}}, {sex: male}]"}), crowd())
    r = model.columns
    expected = (r.lonely == 1) | (r.age_weeks >= 80 * 52) | (r.sex == 1)
    assert [model.resident(row)._eligible(3) for row in range(SIZE)] == expected.tolist()


@pytest.mark.parametrize("share", [0.02, 0.1, 0.5])
def test_the_top_share_by_risk_are_those_whom_records_show_at_risk(tmp_path: Path, share: float) -> None:
    spec = own_spec(tmp_path, **{"for": f"[{{top_share_by_risk: {share}}}]"})
    model = place_model(spec, crowd())
    chosen = eligible_by_columns(model)
    assert math.ceil(share * SIZE) <= chosen.sum() <= math.ceil(share * SIZE) + 3  # equals at the edge come along
    other = crowd().copy()
    other.frailty, other.transient, other.lonely = 9.0, 0.1, 0
    unseen = place_model(spec, other)
    assert (unseen.now.risk_at_least == model.now.risk_at_least).all(), "what no record shows does not count"
    order = np.random.default_rng(1).permutation(SIZE)
    assert (place_model(spec, crowd()[order]).now.risk_at_least == model.now.risk_at_least).all()
