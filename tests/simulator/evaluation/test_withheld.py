"""A programme withheld from randomised residents, or from all; nothing else changes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from simulator.foundations import categories as c
from simulator.foundations import random_numbers as draws
from simulator.model.place_model import PlaceModel
from simulator.rules.programmes import ENROLLED, NOT_ENROLLED
from simulator.specification.entries import ControlArm
from tests.helpers.support import EVENTFUL, FUNDED, differing, place_model, random_residents, small_spec

SPEC = small_spec(weeks=26, funding=FUNDED, changes=EVENTFUL)


def lived(control_arm: ControlArm, weeks: int = 20) -> PlaceModel:
    """Some weeks of 400 residents who have not joined any programme yet."""
    residents = random_residents(400, 3)
    residents.volunteer = 0
    residents.programme_status = NOT_ENROLLED
    residents.care_plan = 0
    model = place_model(replace(SPEC, control_arm=control_arm), residents)
    for _ in range(weeks):
        model.step()
    return model


def members(model: PlaceModel, programme: int) -> np.ndarray:
    enrolled = model.columns.programme_status[:, programme] == ENROLLED
    return np.flatnonzero(enrolled & (model.columns.volunteer == 0))


@pytest.mark.parametrize("programme", [c.HEALTH_CONNECTORS, c.TALKING_CAFES])
def test_people_randomised_to_control_never_join_and_others_do(programme: int) -> None:
    model = lived(ControlArm(programme, 0.5))
    joined = members(model, programme)
    random_allocation = [
        draws.draw(1, draws.TRIAL + programme, 0, model.columns.berth[row], model.columns.generation[row])[1]
        for row in joined
    ]
    assert len(random_allocation) >= 5
    assert min(random_allocation) >= 0.5


def test_an_empty_control_arm_changes_nothing() -> None:
    plain, nobody = lived(ControlArm(-1, 0.0)), lived(ControlArm(c.COMPLEX_CARE_HUB, 0.0))
    assert differing(plain.columns, nobody.columns) == []
    assert replace(SPEC, control_arm=ControlArm(-1, 0.0)).hash == SPEC.hash
    assert replace(SPEC, control_arm=ControlArm(c.COMPLEX_CARE_HUB, 0.0)).hash != SPEC.hash


def test_a_programme_withheld_from_all_has_no_workers_and_no_members() -> None:
    model = lived(ControlArm(c.TALKING_CAFES, 1.0))
    assert not model.now.still_open[c.TALKING_CAFES]
    assert members(model, c.TALKING_CAFES).size == 0
    assert model.workspace.members[c.TALKING_CAFES] == 0
    assert members(model, c.HEALTH_CONNECTORS).size > 0
