"""People and hours of work are conserved: what was there and came, less what went, is there; and a leak is noticed."""

from __future__ import annotations

import numpy as np
import pytest

from simulator.errors import StockError
from simulator.foundations.categories import WEEKS_PER_QUARTER
from simulator.kernels.workspace import BEDS, CAME, PLACES, VOLUNTEERS, WENT
from simulator.model.place_model import PlaceModel
from simulator.model.stocks import people_in
from simulator.rules.programmes import ENROLLED
from tests.helpers.small_runs import small_spec


@pytest.fixture
def model():
    """A quarter into a plan with programmes and volunteers, a week before the next ends."""
    spec = small_spec("relational_offset_as_claimed", 2 * WEEKS_PER_QUARTER)
    started = PlaceModel(spec, 3)
    while started.elapsed < 2 * WEEKS_PER_QUARTER - 1:
        started.step()
    return started


def test_people_come_and_go_and_every_quarter_agrees(model):
    flows = model.workspace.flows
    assert (flows[[BEDS, PLACES], CAME] > 0).all()
    assert flows[BEDS, WENT] > 0
    assert flows[:, CAME].sum() > flows[:, WENT].sum() > 0
    held = people_in(model)
    assert held[BEDS] > 0
    assert held[VOLUNTEERS] == len(model.volunteers) > 0
    assert held[PLACES:].sum() == model.workspace.members.sum() > 0
    model.step()
    assert (model.workspace.flows == 0).all()


def lose_a_patient(model):
    patient = np.flatnonzero(model.columns.days_in_hospital > 14)[0]
    model.columns.days_in_hospital[patient] = 0


def lose_a_member(model):
    person, programme = np.argwhere(model.columns.programme_status == ENROLLED)[0]
    model.columns.programme_status[person, programme] = 0


def lose_volunteers(model):
    model.columns.volunteer[:] = 0


def count_nobody_for_a_week(model):
    model.workspace.stock[:] = 0


def lose_work(model):
    model.staff["asked_of_quarter"][0] += 1.0


def work_without_hours(model):
    model.staff["hours_of_quarter"][0] = 0.0


def share_a_berth(model):
    model.columns.berth[0] = model.columns.berth[1]


def take_a_berth_that_is_not_there(model):
    model.columns.berth[0] = len(model.columns.berth)


@pytest.mark.parametrize(
    "leak",
    [
        lose_a_patient,
        lose_a_member,
        lose_volunteers,
        count_nobody_for_a_week,
        share_a_berth,
        take_a_berth_that_is_not_there,
        lose_work,
        work_without_hours,
    ],
)
def test_a_leak_ends_the_run_with_what_is_missing(model, leak, messages):
    leak(model)
    with pytest.raises(StockError) as raised:
        model.step()
    messages.check(str(raised.value))
