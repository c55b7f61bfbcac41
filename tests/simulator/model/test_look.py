"""Weeks in which only some residents are looked at: nobody is missed, and most are left alone."""

from __future__ import annotations

import numpy as np
import pytest

from simulator.foundations.categories import TASKS
from simulator.kernels.look import EPISODE, RULED_OUT_NOTHING
from simulator.model.place_model import PlaceModel
from tests.helpers.support import differing, everything_spec

WEEKS = 78
OFTEN_ILL = {"illness.emergency_admission_rate": dict.fromkeys(("65-74", "75-84", "85+"), 1500.0)}
NEEDY = {
    "illness.unmet_need_effect": 2.0,
    "contacts.unmet_need_weight": dict.fromkeys(TASKS, 1.5),
    "care.waiting_need": 1.5,
    "social_care.carer_need": 1.5,
    "social_care.waiting_need": 1.5,
}
"""What goes wrong in one week makes illness many times as likely in the next."""


@pytest.mark.parametrize("changes", [{}, OFTEN_ILL, NEEDY], ids=["as written", "often ill", "needs make ill"])
def test_looking_at_everyone_every_week_changes_nothing(changes: dict[str, object]) -> None:
    spec = everything_spec(residents=2_000, weeks=WEEKS, changes=changes)
    some, everyone = PlaceModel(spec, 3), PlaceModel(spec, 3)
    while some.elapsed < WEEKS:
        work = everyone.workspace
        work.bounds[:], work.busy[:], work.life_due[:] = RULED_OUT_NOTHING, 7, 1
        some.step()
        everyone.step()
        assert differing(some.columns, everyone.columns) == [], f"week {some.week}"
    assert all((one == other).all() for one, other in zip(some.book.cells, everyone.book.cells, strict=True))


def test_most_residents_are_ruled_out_in_most_weeks() -> None:
    model = PlaceModel(everything_spec(residents=2_000, weeks=26), 3)
    looked_at = []
    while model.elapsed < 26:
        model.step()
        may_fall_ill = model.workspace.random_words[4] <= model.workspace.bounds[EPISODE]
        looked_at.append(np.mean(may_fall_ill | (model.workspace.busy != 0)))
    assert np.mean(looked_at) < 0.4
