"""On the way home from hospital: who waits to leave, and what for."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from simulator.foundations import categories as c
from simulator.foundations.measures import INDEX
from simulator.model.place_model import PlaceModel
from simulator.model.simulation import simulate
from tests.helpers.support import small_spec

CAUSES = ("waiting_for_home_care_days", "waiting_for_assessment_days", "nobody_at_home_days", "waiting_otherwise_days")


def days(changes: dict[str, Any] | None = None) -> list[int]:
    """Days waited in a year: in all, and by cause."""
    cells = simulate(small_spec(residents=4_000, changes=changes), 1).cells
    return [int(cells[:, :, INDEX[name]].sum()) for name in ("waiting_days", *CAUSES)]


def test_every_day_waited_has_one_cause() -> None:
    total, *causes = days()
    assert total == sum(causes)
    assert min(causes) > 0


@pytest.mark.parametrize("cause", range(4))
def test_a_cause_that_is_switched_off_keeps_nobody(cause: int) -> None:
    none = {"care.wait_by_cause": {c.WAIT_CAUSES[cause]: 0.0}}
    total, *causes = days(none)
    assert causes[cause] == 0
    assert total == sum(causes) < days()[0]


def test_nobody_waits_who_needs_no_support() -> None:
    assert days({"care.discharge_need": dict.fromkeys(c.AGE_BANDS, 0.0)}) == [0] * 5


@pytest.mark.parametrize(("role", "cause"), [(c.HOME_CARER, 0), (c.ASSESSOR, 1), (c.DISCHARGE_COORDINATOR, 3)])
def test_each_cause_follows_the_load_of_its_own_staff(role: int, cause: int) -> None:
    model = PlaceModel(small_spec(), 1)
    usual = model.rates.care.wait_by_cause
    assert (model.now.waits == usual).all()
    load = model.staff["load"][role]
    model.staff["load"][role] *= 1.5
    model.begin_week()
    ratios = model.now.waits / usual
    assert ratios[cause] > 1.2
    assert (np.delete(ratios, cause) == 1.0).all()
    off = {f"staffing.{name}_wait_effect": 0.0 for name in ("discharge", "home_care", "assessment")}
    without = PlaceModel(small_spec(changes=off), 1)
    without.staff["load"][role] = 1.5 * load
    without.begin_week()
    assert (without.now.waits == usual).all()
