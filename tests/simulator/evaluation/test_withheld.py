"""A programme withheld from randomised residents, or from all; nothing else changes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from simulator.foundations import categories as c
from simulator.foundations import random_numbers as draws
from simulator.model.place_model import PlaceModel
from simulator.rules.programmes import CONTROL, ENROLLED, NOT_ENROLLED
from simulator.specification.entries import ControlArm
from tests.helpers.support import (
    EVENTFUL,
    FUNDED,
    differing,
    everything_spec,
    place_model,
    random_residents,
    small_spec,
)

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


def allocation(model: PlaceModel, programme: int, rows: np.ndarray) -> np.ndarray:
    r = model.columns
    return np.array(
        [draws.draw(1, draws.TRIAL + programme, 0, r.berth[row], r.generation[row])[1] for row in rows.tolist()]
    )


@pytest.mark.parametrize("programme", [c.HEALTH_CONNECTORS, c.TALKING_CAFES])
def test_people_who_take_up_an_offer_are_randomised_and_only_then(programme: int) -> None:
    """Half of them join; the others, who would have joined, have a status of their own and no place."""
    model = lived(ControlArm(programme, 0.5, takes_up=True))
    joined = members(model, programme)
    controls = np.flatnonzero(model.columns.programme_status[:, programme] == CONTROL)
    assert min(len(joined), len(controls)) >= 5
    assert (allocation(model, programme, joined) >= 0.5).all()
    assert (allocation(model, programme, controls) < 0.5).all()
    assert not (model.columns.enrolled[controls] >> programme & 1).any()
    assert model.workspace.members[programme] == (model.columns.programme_status[:, programme] == ENROLLED).sum()


def test_a_trial_of_those_who_take_up_an_offer_changes_only_the_controls_of_the_first_week() -> None:
    """The same people are offered a place, with the same answers; of the others nothing is different yet."""
    plain, trial = lived(ControlArm(-1, 0.0), 2), lived(ControlArm(c.HEALTH_CONNECTORS, 0.5, takes_up=True), 2)
    joined = members(plain, c.HEALTH_CONNECTORS)
    controls = np.flatnonzero(trial.columns.programme_status[:, c.HEALTH_CONNECTORS] == CONTROL)
    assert set(members(trial, c.HEALTH_CONNECTORS)) | set(controls) == set(joined)
    assert set(controls) == set(joined[allocation(plain, c.HEALTH_CONNECTORS, joined) < 0.5])
    assert 0 < len(controls) < len(joined)
    others = np.setdiff1d(np.arange(len(plain.columns)), controls)
    assert (plain.columns.programme_status[others] == trial.columns.programme_status[others]).all()


@pytest.mark.parametrize("programme", [c.HEALTH_CONNECTORS, c.TALKING_CAFES])
def test_a_trial_of_those_who_take_up_an_offer_is_the_same_for_agents_and_columns(programme: int) -> None:
    spec = replace(everything_spec(), control_arm=ControlArm(programme, 0.5, takes_up=True))
    residents = random_residents(200, 12)
    by_columns, by_agents = (place_model(spec, residents, engine=engine) for engine in ("columns", "agents"))
    took_up = 0
    for _ in range(16):
        by_columns.step()
        by_agents.step()
        assert differing(by_columns.columns, by_agents.columns) == [], f"week {by_columns.elapsed}"
        took_up += int((by_columns.columns.programme_status[:, programme] == CONTROL).sum())
    assert took_up > 10
