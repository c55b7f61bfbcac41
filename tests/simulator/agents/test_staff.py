"""Staff: stable with unchanged work, decline under overload, recovery with relief."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest

from simulator.agents.services import access
from simulator.agents.staff import Staff, added_by_scenario
from simulator.events.service_week import staff_weeks
from simulator.evidence import load_evidence
from simulator.evidence.parameters import Staffing
from simulator.foundations import categories as c
from simulator.foundations.measures import INDEX
from simulator.model.place_model import PlaceModel
from simulator.model.simulation import simulate
from simulator.results.results import RunFrames
from simulator.rules import staffing
from simulator.rules.offset import whole_pence
from simulator.specification.entries import StaffingChange
from simulator.specification.spec import rates_from
from tests.helpers.support import differing, place_model, random_residents, small_spec

YEAR = c.WEEKS_PER_YEAR
BUSY = 0.92
"""Work of an hour of staff in a usual week, at the upper end of belief."""


@lru_cache(maxsize=1)
def rates() -> Staffing:
    return rates_from(load_evidence()).staffing


BOOKING = {"service": "gp_practice", "task": "appointment_booking", "share": 0.6, "ramp_weeks": 0}
DEAR = {"gp_practice.appointment_booking": 50.0}


def receptionists(changed: dict[str, float] | None = None) -> Staff:
    return Staff(c.RECEPTIONIST, rates()._replace(**(changed or {}))).begin(100.0, BUSY)


def live(staff: Staff, weeks: int, work: float = 1.0, relief: float = 0.0) -> Staff:
    """Weeks with ``work`` and ``relief`` relative to a usual week's work and hours."""
    for _ in range(weeks):
        staff.week(100.0 * BUSY * work, 100.0 * relief)
    return staff


@pytest.mark.parametrize("role", range(len(c.ROLES)))
def test_usual_workload_changes_nothing(role: int) -> None:
    staff = Staff(role, rates()).begin(100.0, 0.9)
    for _ in range(10 * YEAR):
        staff.week(90.0, 0.0)
    assert (staff.in_post, staff.load, staff.known) == pytest.approx((1.0, 0.9, 1.0))
    assert staff.capacity == pytest.approx(100.0)
    assert staff.backlog == 0.0
    assert staff.left * YEAR == pytest.approx(float(rates().leaver_rate[role]))


def test_vacancies_at_equilibrium_are_those_of_home_care() -> None:
    """Skills for Care 2024: 11.9 % of posts in home care vacant, 8.3 % in all social care."""
    carers = Staff(c.HOME_CARER, rates()).begin(100.0, 0.9)
    assert 0.083 < carers.vacancies < 0.119


def test_an_overloaded_service_spirals_down() -> None:
    """A quarter more work than usual for a year: worse each half-year, beyond the overload that began it."""
    staff = receptionists()
    seen = []
    for _ in range(2):
        live(staff, YEAR // 2, work=1.25)
        seen.append((staff.capacity, -staff.backlog, -staff.load, -staff.left, staff.in_post))
    assert all(later < earlier for earlier, later in zip(seen[0], seen[1], strict=True))
    assert staff.in_post < 0.95
    assert staff.left * YEAR > 1.5 * staff.leaver_rate
    assert staff.load > 1.5, "far beyond the quarter that came"


def test_an_overloaded_service_recovers_only_with_relief() -> None:
    """Work is back to normal after a year, but backlog and lost staff depress the service for years."""
    alone = live(live(receptionists(), YEAR, work=1.25), 2 * YEAR)
    assert alone.load > 2.0
    assert alone.backlog > 0.0
    assert alone.vacancies > 1.5 * receptionists().vacancies
    relieved = live(live(receptionists(), YEAR, work=1.25), 39, relief=0.4)
    assert relieved.backlog == 0.0
    assert relieved.load < 1.0
    back = live(relieved, YEAR)
    assert (back.load, back.in_post) == pytest.approx((BUSY, 1.0), abs=0.02)


def test_a_little_more_work_than_usual_does_no_lasting_harm() -> None:
    staff = live(live(receptionists(), YEAR, work=1.05), 13)
    assert staff.backlog == 0.0
    assert staff.in_post == pytest.approx(1.0, abs=0.01)


@pytest.mark.parametrize("work", [1.0, 1.1, 1.25, 1.5])
def test_more_work_never_leaves_more_staff_or_less_backlog(work: float) -> None:
    less, more = live(receptionists(), YEAR, work), live(receptionists(), YEAR, work + 0.1)
    assert more.in_post <= less.in_post
    assert more.backlog >= less.backlog
    assert more.known <= less.known


def test_overload_without_effect_keeps_its_staff() -> None:
    off = {"overload_turnover_ratio": 1.0, "overload_absence": 0.0, "overload_hiring_ratio": 1.0}
    staff = live(receptionists(off), 2 * YEAR, work=1.5)
    assert (staff.in_post, staff.capacity) == pytest.approx((1.0, 100.0))
    assert staff.backlog > 0.0


def test_turnover_breaks_continuity_as_it_did_in_english_practices() -> None:
    """Parisi and others 2023: 5.2 points fewer see the doctor they prefer where many leave year after year."""
    mean, weeks = 0.61, rates().weeks_to_be_known
    usual, high = (staffing.newcomers_at_equilibrium(rate, weeks) for rate in (0.08, 0.25))
    assert mean * (1.0 - staffing.usual_doctor_ratio(high, usual)) == pytest.approx(0.052, abs=0.006)


def test_a_cut_never_takes_the_last_of_the_staff() -> None:
    staff = live(receptionists(), 4, relief=-5.0)
    assert staff.capacity == pytest.approx(1.0)
    assert np.isfinite([staff.load, staff.backlog, staff.in_post]).all()


def test_only_hours_that_exist_can_be_cut_and_only_what_is_cut_is_saved() -> None:
    cost = float(rates().hourly_cost[c.RECEPTIONIST])
    cut_all, cut_more, cut_some = receptionists(), receptionists(), receptionists()
    for staff, cut in ((cut_all, 99.0), (cut_more, 1000.0), (cut_some, 40.0)):
        staff.week(100.0 * BUSY, -cut, -whole_pence(cut * cost), cut)
    assert cut_more.capacity == cut_all.capacity == pytest.approx(1.0)
    assert cut_more.row(0, 0.5).pence == pytest.approx(-99.0 * cost * 100.0, abs=1.0)
    assert cut_some.row(0, 0.5).pence == -whole_pence(40.0 * cost)
    nobody = Staff(c.HOME_CARER, rates()).begin(0.0, 0.9)
    nobody.week(0.0, -5.0, -whole_pence(5.0 * float(rates().hourly_cost[c.HOME_CARER])), 5.0)
    assert nobody.row(0, 0.5).pence == 0


def test_a_role_nobody_needs_has_no_hours_and_no_load() -> None:
    staff = Staff(c.HOME_CARER, rates()).begin(0.0, 0.9)
    staff.week(20.0, 0.0)
    assert (staff.work, staff.capacity, staff.in_post) == (20.0, 20.0, 1.0)
    assert staff.row(0, 0.5).utilisation == 1.0


def test_what_a_scenario_adds_is_paid_by_the_hour() -> None:
    changes = (
        StaffingChange(c.RECEPTIONIST, 10.0, 0.0, 2, 4),
        StaffingChange(c.RECEPTIONIST, -4.0, 0.0, 3, 9),
        StaffingChange(c.CLINICIAN, 0.0, 5.0, 0, 9),
    )
    added = added_by_scenario(changes, 3, rates())
    assert added.hours[c.RECEPTIONIST] == 6.0
    assert added.training[c.CLINICIAN] == 5.0
    assert added.pence[c.RECEPTIONIST] == round(600 * float(rates().hourly_cost[c.RECEPTIONIST]))
    assert added.pence[c.CLINICIAN] == round(500 * float(rates().hourly_cost[c.CLINICIAN]))
    later = added_by_scenario(changes, 9, rates())
    assert not np.any(later)


def train(model: PlaceModel, hours: float) -> None:
    """A week without work, in which clinicians are trained for so many hours."""
    nothing, training = np.zeros(len(c.ROLES)), np.zeros(len(c.ROLES))
    training[c.CLINICIAN] = hours
    staff, numbers = model.staff.view(np.recarray), model.service_numbers.view(np.recarray)[0]
    staff_weeks(staff, numbers, model.rates.staffing, nothing, (nothing, training, nothing, nothing), nothing)
    model.practice.learn()


def skills(model: PlaceModel) -> np.ndarray:
    access(model)
    return model.now.skill


def test_training_raises_skill_and_disuse_lowers_it() -> None:
    model = place_model(small_spec(), random_residents(300, 1))
    practice, room = model.practice, model.rates.staffing
    usual = practice.skill
    train(model, 0.0)
    assert practice.skill == usual
    for _ in range(10):
        train(model, 5.0)
    trained = practice.skill
    assert usual < trained < 1.0
    assert skills(model)[c.CONSULTATION] > 1.0
    for _ in range(int(room.skill_half_life)):
        train(model, 0.0)
    assert (practice.skill - usual) / (trained - usual) == pytest.approx(0.5, abs=0.06), "and some leave"


def test_skill_without_weight_changes_no_contact() -> None:
    spec = small_spec(changes={"staffing.skill_weight": 0.0})
    model = place_model(spec, random_residents(300, 1))
    train(model, 50.0)
    assert model.practice.skill > 0.5
    assert (skills(model) == 1.0).all()


def test_services_start_with_the_work_their_residents_bring() -> None:
    """Ten weeks of a place of 14,000 against what was expected of its residents: within a tenth, discharges aside."""
    model = PlaceModel(small_spec(residents=14_000, weeks=13), 3)
    model.run_model()
    for row in model.book.services:
        known = {"discharge_coordinator": 0.35, "assessor": 0.25, "adviser": 0.12, "home_carer": 0.2}
        usual = float(rates().usual_utilisation[c.ROLES.index(f"{row.service}.{row.role}")])
        if row.role != "clinician":
            assert row.utilisation == pytest.approx(usual, rel=known.get(row.role, 0.08)), row.role


def staffed(*entries: dict[str, object], weeks: int = 104, **parts: object) -> RunFrames:
    return simulate(small_spec(weeks=weeks, residents=4_000, staffing=list(entries), **parts), 1)  # type: ignore[arg-type]


def measured(frames: RunFrames, name: str, quarters: slice = slice(None)) -> int:
    return int(frames.cells[quarters, :, INDEX[name]].sum())


def test_a_cut_shows_in_the_place_and_in_its_price() -> None:
    cut = {"service": "gp_practice", "role": "receptionist", "hours_per_week": -20.0, "reason": "a cut"}
    usual, short = staffed(), staffed(cut)
    before, after = (frames.services.query("role == 'receptionist'") for frames in (usual, short))
    assert after["backlog_hours"].iloc[-1] > 0.0
    assert after["turnover"].iloc[-1] > before["turnover"].iloc[-1]
    assert after["vacancies"].iloc[-1] > before["vacancies"].iloc[-1]
    assert measured(short, "unmet_needs") > 1.1 * measured(usual, "unmet_needs")
    assert after["pence"].sum() == -round(20.0 * 104 * 100 * float(rates().hourly_cost[c.RECEPTIONIST]))
    assert not before["pence"].any()


def test_a_place_without_staff_changes_has_identical_results() -> None:
    """A cut in the last week cannot change earlier weeks; it has an effect from the following week."""
    late = {"service": "gp_practice", "role": "clinician", "hours_per_week": -30.0, "from_week": 11, "reason": "late"}
    models = [place_model(small_spec(weeks=13, staffing=entries), random_residents(400, 3)) for entries in ([], [late])]
    for _ in range(12):
        for model in models:
            model.step()
    assert differing(models[0].columns, models[1].columns) == []
    assert models[1].practice.appointments < 0.5 * models[0].practice.appointments


def withdrawn(model: PlaceModel) -> dict[int, float]:
    return {one.role: one.withdrawn for one in model.practice.staff if one.withdrawn != 0.0}


def test_money_saved_in_a_service_removes_staff_hours() -> None:
    spec = small_spec(weeks=26, automate=[BOOKING], reinvest={"share": 0.0})
    model = PlaceModel(spec, 1)
    while model.elapsed < 13:
        model.step()
    saved = sum(model.ledger.balance(0, model.practice.index, account) for account in ("saved", "technology"))
    hourly = float(model.rates.contacts.hourly_cost[c.TASKS.index("gp_practice.appointment_booking")])
    assert saved > 0
    assert withdrawn(model) == {c.RECEPTIONIST: pytest.approx(saved / 100 / 13 / hourly, rel=1e-4)}
    before = model.practice.staff[1].capacity
    model.step()
    assert model.practice.staff[1].capacity < before - 0.5 * saved / 100 / 13 / hourly


def test_a_loss_leaves_nobody_freed_time() -> None:
    """Technology that costs more than it frees is paid for with all of the time that it frees."""
    spec = small_spec(weeks=26, automate=[BOOKING], changes={"contacts.technology_cost_per_contact": DEAR})
    model = PlaceModel(spec, 1)
    while model.elapsed < 13:
        model.step()
    assert model.ledger.balance(0, model.practice.index, "saved") < 0
    freed = sum(model.ledger.balance(0, model.practice.index, name) for name in ("saved", "technology"))
    hourly = float(model.rates.contacts.hourly_cost[c.TASKS.index("gp_practice.appointment_booking")])
    assert withdrawn(model) == {c.RECEPTIONIST: pytest.approx(freed / 100 / 13 / hourly, rel=1e-4)}


def test_repeat_contacts_take_time_but_add_no_backlog() -> None:
    """Whatever people believe of chasing, no more can wait than has been asked and has not lapsed."""
    impatient = rates()._replace(backlog_chasing=0.5, backlog_lapse=0.05)
    staff = Staff(c.RECEPTIONIST, impatient).begin(100.0, 0.9)
    for _ in range(1_000):
        staff.week(130.0, 0.0)
    assert 0.0 < staff.backlog <= 130.0 * 0.95 / 0.05
