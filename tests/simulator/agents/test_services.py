"""Services: automation over time, released time, and limited appointments."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.agents.services import Answers, Practice, Service, automation_shares
from simulator.agents.workload import usual_work
from simulator.foundations import categories as c
from simulator.model.place_model import PlaceModel
from simulator.rules import offset
from simulator.specification.task_rates import task_rates
from tests.helpers.support import AUTOMATED as TASKS_AUTOMATED
from tests.helpers.support import REINVESTED, place_model, random_residents, small_spec

BOOKING = c.TASKS.index("gp_practice.appointment_booking")
TEST_RESULT = c.TASKS.index("gp_practice.test_result")


def model_of(**parts: object) -> PlaceModel:
    return place_model(small_spec(**parts), random_residents(60, 1))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def model() -> PlaceModel:
    return model_of(automate=TASKS_AUTOMATED, reinvest=REINVESTED)


def counts(**by_task: tuple[int, int]) -> np.ndarray:
    found = np.zeros((len(c.ALL_TASKS), 2))
    for name, (automated, returned) in by_task.items():
        task = next(task for task, path in enumerate(c.ALL_TASKS) if path.endswith(f".{name}"))
        found[task] = automated, returned
    return found


def yearly(model: PlaceModel, task: int) -> float:
    return task_rates(model.rates, task).technology_yearly


def test_every_service_has_its_tasks_and_its_payer(model: PlaceModel) -> None:
    assert [service.name for service in model.services] == list(c.SERVICES)
    assert sorted(task for service in model.services for task in service.tasks) == list(range(len(c.ALL_TASKS)))
    assert tuple(c.PAYERS[service.payer] for service in model.services) == c.SERVICE_PAYERS
    assert [type(service) for service in model.services] == [Practice, *[Service] * 4]
    assert model.practice is model.services[0]


def test_a_task_is_automated_by_its_own_service(model: PlaceModel) -> None:
    plans = {plan.task: service.name for service in model.services for plan in service.automation}
    assert plans == {plan.task: c.ALL_TASKS[plan.task].split(".")[0] for plan in model.spec.automation}
    assert len(plans) == len(TASKS_AUTOMATED)


def test_levels_rise_along_the_ramp(model: PlaceModel) -> None:
    levels = [automation_shares(model.services, model.rates, week).levels[BOOKING] for week in range(12)]
    assert levels[:2] == [0.0, 0.0]
    assert levels == sorted(levels)
    assert levels[10:] == [0.6, 0.6]
    assert levels[2:10] == pytest.approx([0.6 * (k + 0.5) / 8 for k in range(8)])


def test_nothing_is_automated_before_the_scenario_begins(model: PlaceModel) -> None:
    assert not automation_shares(model.services, model.rates, -1).levels.any()


def test_automation_never_exceeds_the_drawn_ceiling() -> None:
    spec = small_spec(automate=[{"service": "gp_practice", "task": "consultation", "share": 0.1, "ramp_weeks": 0}])
    capped = 0
    for draw in range(12):
        model = PlaceModel(spec, 0, parameter_draw=draw, warmed_up=random_residents(40, 1))
        ceiling = float(model.rates.contacts.automation_ceiling[c.CONSULTATION])
        level = automation_shares(model.services, model.rates, 10).levels[c.CONSULTATION]
        assert level == min(0.1, ceiling)
        capped += ceiling < 0.1
    assert 0 < capped < 12


def test_a_release_by_hand(model: PlaceModel) -> None:
    """One task, one quarter, from the contacts to the pence."""
    rate = model.rates.contacts
    release = model.practice.release(counts(appointment_booking=(1000, 40)), 3, 2000)
    minutes, cost = float(rate.minutes_per_contact[BOOKING]), float(rate.hourly_cost[BOOKING])
    assert release.automated == round(1000 * minutes / 60 * cost * rate.realisation_rate * 100)
    rework = 40 * (minutes * rate.realisation_rate + float(rate.rework_minutes[BOOKING])) / 60 * cost
    assert release.rework == round(rework * 100)
    licences = sum(yearly(model, plan.task) for plan in model.practice.automation) * 2 / 4
    per_contact = 1000 * float(rate.technology_cost_per_contact[BOOKING])
    assert release.technology == pytest.approx((licences + per_contact) * 100, abs=3)
    assert release.redeployable_share == pytest.approx(float(rate.redeployable_share[BOOKING]))
    assert (release.backlog_share, release.reinvest_share) == (rate.backlog_share, 0.85)


def test_the_redeployable_share_is_that_of_the_tasks_that_release_something(model: PlaceModel) -> None:
    rate = model.rates.contacts
    release = model.practice.release(
        counts(appointment_booking=(9000, 0), test_result=(9000, 0), consultation=(10, 10)), 3, 2000
    )
    low, high = sorted([float(rate.redeployable_share[BOOKING]), float(rate.redeployable_share[TEST_RESULT])])
    assert low < release.redeployable_share < high


def test_licences_are_paid_only_while_something_is_automated(model: PlaceModel) -> None:
    council = model.services[c.SERVICES.index("council_contact_centre")]
    benefits, street = (yearly(model, plan.task) for plan in council.automation)
    first, second = (council.release(counts(), quarter, 2000) for quarter in (0, 1))
    assert first.technology == pytest.approx((benefits * 13 + street * 8) / 52 * 2 * 100, abs=2)  # from week 5
    assert second.technology == pytest.approx((benefits + street) * 13 / 52 * 2 * 100, abs=2)


def test_a_quarter_cut_short_pays_for_the_weeks_it_has() -> None:
    model = model_of(automate=TASKS_AUTOMATED, reinvest=REINVESTED, weeks=16)
    council = model.services[c.SERVICES.index("council_contact_centre")]
    full, short = (council.release(counts(), quarter, 2000) for quarter in (0, 1))
    a_year = sum(yearly(model, plan.task) for plan in council.automation)
    assert short.technology == pytest.approx(a_year * 3 / 52 * 2 * 100, abs=2)
    assert short.technology < full.technology


@given(automated=st.integers(0, 10**6), returned=st.integers(0, 10**6), people=st.integers(0, 10**6))
def test_a_net_loss_releases_nothing(model: PlaceModel, automated: int, returned: int, people: int) -> None:
    release = model.practice.release(counts(appointment_booking=(automated, returned)), 2, people)
    left = release.automated - release.rework - release.technology
    reinvested, saved, absorbed = offset.split_release(left, *release[3:])
    assert reinvested + saved + absorbed == left
    assert 0.0 <= release.redeployable_share <= 1.0
    if left <= 0:
        assert (reinvested, saved, absorbed) == (0, left, 0)


def test_a_service_that_automates_nothing_releases_nothing(model: PlaceModel) -> None:
    hospital = model.services[c.SERVICES.index("hospital")]
    release = hospital.release(counts(appointment_booking=(500, 5)), 0, 2000)
    assert release[:4] == (0, 0, 0, 0.0)


def test_more_automated_contacts_release_more(model: PlaceModel) -> None:
    left = []
    for contacts in (0, 100, 1000, 10_000):
        release = model.practice.release(counts(appointment_booking=(contacts, contacts // 50)), 2, 2000)
        left.append(release.automated - release.rework - release.technology)
    assert left == sorted(left)
    assert left[0] < 0 < left[-1]


def test_the_practice_has_appointments_for_its_list() -> None:
    spec = small_spec()
    small, large = (PlaceModel(spec, 0, warmed_up=random_residents(size, 1)) for size in (100, 300))
    assert 2.0 < large.practice.appointments / small.practice.appointments < 4.0
    minutes = float(spec.rates().contacts.minutes_per_contact[c.CONSULTATION])
    expected = usual_work(large).roles[c.CLINICIAN] * 60.0 / minutes
    utilisation = float(spec.rates().staffing.usual_utilisation[c.CLINICIAN])
    assert large.practice.appointments == pytest.approx(expected / utilisation)


def test_a_practice_with_enough_appointments_sees_everyone_and_an_overloaded_one_refuses(model: PlaceModel) -> None:
    practice = model.practice
    there = practice.appointments
    practice.waiting = 0
    assert practice.serve(np.array([int(there * 0.5), 0, int(there * 0.3), 0]), practice.plan()) == Answers()
    practice.waiting = int(there * 0.4)
    assert practice.plan().booked_seen == 1.0
    kept, booked = model.rates.care.urgent_share, model.rates.care.booked_share
    asked = np.array([int(there * 4), int(there), int(there * 0.2), 0])
    for _ in range(2):  # the second week expects what the first was asked
        practice.waiting = int(there * 3)
        planned = practice.plan()
        answers = practice.serve(asked, planned)
    assert answers.urgent_seen == pytest.approx(kept * there / asked[1])
    assert answers.booked_seen == pytest.approx((1.0 - kept) * booked * there / practice.waiting)
    through = asked[0] * (1.0 - answers.turned_away)
    assert answers.routine_seen == pytest.approx(((1.0 - kept) * there - asked[2]) / through)
    rate = model.rates.care.turned_away_by_list * practice.waiting / there
    assert answers.turned_away == pytest.approx(1.0 - np.exp(-rate))
