"""Paperwork: work of its own that is automated, fails and frees time, and takes nobody's conversation away."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pytest

from simulator.agents.ledger import ACCOUNTS
from simulator.agents.paperwork import hours_of, pieces_of
from simulator.events.service_week import new_numbers, week_of_paperwork
from simulator.foundations import categories as c
from simulator.foundations.measures import INDEX
from simulator.model.place_model import PlaceModel
from simulator.specification.task_rates import Drivers, task_rates
from tests.helpers.support import differing, place_model, random_residents, small_spec

NOTES: dict[str, Any] = {"service": "gp_practice", "task": "clinical_notes", "share": 0.8, "ramp_weeks": 0}
PRESCRIPTION = c.TASKS.index("gp_practice.repeat_prescription")
RECORDS = {"service": "adult_social_care", "task": "assessment_records", "share": 0.6, "ramp_weeks": 0}
CLAIMS = {"service": "council_contact_centre", "task": "claims_processing", "share": 0.6, "ramp_weeks": 0}
ALL = [
    {"service": task.split(".")[0], "task": task.split(".")[1], "share": 0.4, "ramp_weeks": 0} for task in c.PAPERWORK
]
PLENTY = {"care.gp_appointments": 400.0}
NOTHING_FREED = {"paperwork.realisation_rate": dict.fromkeys(c.PAPERWORK, 0.0)}
NEVER_FAILS = {"paperwork.failure_probability": dict.fromkeys(c.PAPERWORK, 0.0)}
EVERY = list(range(len(c.PAPERWORK)))
DRIVERS = Drivers(38.0, 200.0, 150.0, 3.0, 2.0, 0.5, 180.0, 60.0, 10.0)


def lived(weeks: int = 27, **parts: Any) -> PlaceModel:
    model = place_model(small_spec(weeks=weeks, **parts), random_residents(400, 3))
    while model.elapsed < weeks:
        model.step()
    return model


class PaperHours(NamedTuple):
    """Hours by role that paperwork takes, and those that automation has freed."""

    taken: np.ndarray
    freed: np.ndarray


def a_week(model: PlaceModel, level: float, failing: float = 1.0) -> tuple[PaperHours, np.ndarray]:
    """A week with so much of everything automated, and the pieces attempted and done again, by task."""
    numbers, count = new_numbers(np.zeros(len(c.SERVICES)), EVERY), len(c.PAPERWORK)
    hours = PaperHours(np.zeros(len(c.ROLES)), np.zeros(len(c.ROLES)))
    shares = np.full(count, level), np.full(count, failing)
    week_of_paperwork(DRIVERS, shares, model.rates.paperwork, numbers, hours)
    return hours, numbers.paperwork


@pytest.fixture(scope="module")
def model() -> PlaceModel:
    return place_model(small_spec(), random_residents(60, 1))


def test_what_brings_paperwork_is_in_the_order_of_its_names() -> None:
    assert Drivers._fields == c.DRIVERS


def test_without_automation_paperwork_takes_its_minutes_and_frees_nothing(model: PlaceModel) -> None:
    week, book = a_week(model, 0.0)
    pieces = pieces_of(model.rates, DRIVERS)
    assert pieces[c.PAPERWORK.index("gp_practice.clinical_notes")] == 200.0
    assert week.taken.sum() == pytest.approx(hours_of(model.rates, pieces).sum())
    assert not week.freed.any()
    assert not book.any()


def test_more_automation_frees_more_and_failure_gives_it_back(model: PlaceModel) -> None:
    freed = [a_week(model, level)[0].freed.sum() for level in (0.0, 0.2, 0.4)]
    assert freed[0] == 0.0 < freed[1]
    assert freed[2] == pytest.approx(2.0 * freed[1])
    perfect, usual, worse = (a_week(model, 0.4, failing)[0].freed.sum() for failing in (0.0, 1.0, 2.0))
    assert perfect > usual > worse


def test_the_hours_freed_are_those_that_the_ledger_prices(model: PlaceModel) -> None:
    """Pounds freed less rework, task by task, over the cost of an hour: what staff no longer spend."""
    week, book = a_week(model, 0.3)
    hours = 0.0
    for task, (attempts, again) in enumerate(book.tolist()):
        one = task_rates(model.rates, len(c.TASKS) + task)
        assert again == pytest.approx(attempts * model.rates.paperwork.failure_probability[task])
        hours += (attempts - again) * one.minutes * one.realisation / 60 - again * one.rework_minutes / 60
    assert week.freed.sum() == pytest.approx(hours)


def test_paperwork_takes_nobodys_conversation_away() -> None:
    """With nothing freed and no money moved the residents live as they would have; a front desk would change them."""
    frozen = {**NOTHING_FREED, **NEVER_FAILS}
    free = {f"paperwork.technology_cost_per_{unit}": dict.fromkeys(c.PAPERWORK, 1e-9) for unit in ("piece", "year")}
    usual, automated = lived(), lived(automate=ALL, changes={**frozen, **free})
    assert differing(usual.columns, automated.columns) == []
    desk = {"service": "gp_practice", "task": "appointment_booking", "share": 0.5, "ramp_weeks": 0}
    assert "trust" in differing(usual.columns, lived(automate=[desk]).columns)


def test_notes_that_write_themselves_leave_time_for_appointments_unless_it_goes() -> None:
    cheap = {"paperwork.technology_cost_per_piece": dict.fromkeys(c.PAPERWORK, 1e-6)}
    cheap |= {"paperwork.technology_cost_per_year": dict.fromkeys(c.PAPERWORK, 1e-6)}
    goes = cheap | {"paperwork.redeployable_share": dict.fromkeys(c.PAPERWORK, 1.0), "contacts.backlog_share": 0.0}
    idle = cheap | {"staffing.absorbed_time_used": 0.0}
    usual, stays, left, unused = (
        lived(automate=plan, changes=changes).practice.appointments
        for plan, changes in (([], {}), ([NOTES], cheap), ([NOTES], goes), ([NOTES], idle))
    )
    assert stays > 1.01 * usual
    assert left == pytest.approx(usual, rel=0.004)
    assert unused == pytest.approx(usual, rel=0.004)


def test_records_that_write_themselves_leave_time_for_assessments() -> None:
    def assessors(model: PlaceModel) -> Any:
        return next(one for service in model.services for one in service.staff if one.role == c.ASSESSOR)

    many = {
        "social_care.advice_share": 0.0,
        "social_care.request_rate": dict.fromkeys(c.AGE_BANDS[c.ADULT_BAND :], 800.0),
    }
    usual, freed = (assessors(lived(automate=plan, changes=many)) for plan in ([], [RECORDS]))
    assert freed.freed > usual.freed == 0.0
    assert freed.capacity > 1.01 * usual.capacity


def test_a_front_desk_with_time_to_spare_is_easier_to_reach_unless_it_is_idle() -> None:
    booking = {"service": "gp_practice", "task": "repeat_prescription", "share": 0.6, "ramp_weeks": 0}
    free = {"contacts.redeployable_share": dict.fromkeys(c.TASKS, 0.0)}
    cheap = {f"contacts.technology_cost_per_{unit}": dict.fromkeys(c.TASKS, 1e-9) for unit in ("contact", "year")}
    usual, eased, idle, without = (
        lived(automate=plan, changes={**free, **cheap, **changes}).now.not_through[
            c.TASKS.index("gp_practice.repeat_prescription")
        ]
        for plan, changes in (
            ([], {}),
            ([booking], {}),
            ([booking], {"staffing.absorbed_time_used": 0.0}),
            ([booking], {"contacts.relief_through_effect": 0.0}),
        )
    )
    assert eased < 0.85 * usual
    assert eased < 0.9 * idle
    assert without == pytest.approx(0.2)


def test_desk_work_that_is_automated_lightens_the_load_of_its_role() -> None:
    def officers(model: PlaceModel) -> Any:
        return next(one for service in model.services for one in service.staff if one.role == c.CLAIMS_OFFICER)

    cheap = {"contacts.backlog_share": 1.0}
    assert officers(lived(automate=[CLAIMS], changes=cheap)).load < 0.9 * officers(lived()).load


def test_failure_falls_while_a_task_is_automated() -> None:
    booking = {"service": "gp_practice", "task": "appointment_booking", "share": 0.6, "from_week": 4, "ramp_weeks": 0}
    learns = {"contacts.failure_learnable": 0.6, "contacts.failure_half_life": 4.0}
    never = {"contacts.failure_learnable": 0.0}
    taught, same = (lived(40, automate=[booking], changes=changes) for changes in (learns, never))
    at = c.TASKS.index("gp_practice.appointment_booking")
    assert same.automation.failing[at] == 1.0
    assert taught.automation.failing[at] == pytest.approx(0.4, abs=0.01)
    failed = [np.stack(one.book.cells)[:, :, INDEX["failed_contacts"]].sum() for one in (taught, same)]
    assert 0 < failed[0] < 0.85 * failed[1]


def test_what_leaves_and_what_stays_are_all_that_is_freed() -> None:
    """Hours withdrawn at their cost are technology, reinvested and saved; with idle time, absorbed as well."""
    plan = [NOTES, {"service": "gp_practice", "task": "letters_coded", "share": 0.6, "ramp_weeks": 0}]
    for used in (1.0, 0.0):
        half = {"share": 0.5, "programmes": {"talking_cafes": 1.0}}
        model = lived(13, automate=plan, reinvest=half, changes={"staffing.absorbed_time_used": used})
        booked = {name: model.ledger.balance(0, 0, name) for name in ACCOUNTS}
        pence = booked["technology"] + booked["reinvested"] + booked["saved"] + (1.0 - used) * booked["absorbed"]
        assert booked["absorbed"] > 0
        tasks = "gp_practice.clinical_notes", "gp_practice.letters_coded"
        gone = sum(
            one.withdrawn * 13 * task_rates(model.rates, len(c.TASKS) + c.PAPERWORK.index(task)).hourly_cost
            for one, task in zip(model.practice.staff[::2], tasks, strict=True)
        )
        assert gone == pytest.approx(pence / 100.0, rel=0.001)
