"""The practice's queue over some weeks: who waits, who is turned away, what relief and cuts do to it and its staff."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import pytest

from simulator.events.service_week import chasing_hours, week_of_work
from simulator.foundations import categories as c
from simulator.foundations.measures import INDEX
from simulator.kernels.workspace import FROM_LIST, ON_LIST
from simulator.model.place_model import PlaceModel
from simulator.model.simulation import simulate
from simulator.results.results import RunFrames
from simulator.rules.practice_queue import BOOKED, NO_REQUEST
from tests.helpers.support import place_model, random_residents, small_spec

PEOPLE = 6_000
NOBODY_LAPSES = {"care.waiting_lapse": 0.0, "care.turned_away_by_list": 0.0}


def clinicians(utilisation: float) -> dict[str, Any]:
    return {"staffing.usual_utilisation": {"gp_practice.clinician": utilisation}}


def total(frames: RunFrames, measure: str, quarters: slice = slice(None)) -> int:
    return int(frames.cells[quarters, :, INDEX[measure]].sum())


@lru_cache(maxsize=16)
def lived(share: float = 0.0, weeks: int = 104, changes: tuple[tuple[str, Any], ...] = ()) -> RunFrames:
    """A place in which ``share`` of clinicians' usual hours is added or cut."""
    hours = PlaceModel(small_spec(residents=PEOPLE), 1).practice.staff[0].hours
    entry = {"service": "gp_practice", "role": "clinician", "hours_per_week": share * hours, "reason": "a test"}
    spec = small_spec(weeks=weeks, residents=PEOPLE, staffing=[entry] if share else [], changes=dict(changes))
    return simulate(spec, 1)


def list_in_weeks(frames: RunFrames, quarters: slice = slice(None)) -> float:
    return total(frames, "gp_waiting_weeks", quarters) / total(frames, "consultations", quarters)


def test_with_appointments_for_all_nobody_waits_and_nobody_is_turned_away() -> None:
    frames = simulate(small_spec(weeks=26, changes=clinicians(0.05)), 1)
    asked, reached = total(frames, "practice_attempts"), total(frames, "routine_requests")
    assert total(frames, "requests_turned_away") == total(frames, "late_consultations") == 0
    assert total(frames, "gp_waiting_weeks") == 0
    assert 0.6 < reached / asked < 0.8, "and getting through is no easier"
    assert 0 < total(frames, "gp_requests_given_up") < 0.02 * reached, "those who did not get through"


def test_when_every_attempt_gets_through_and_appointments_are_there_nothing_is_given_up() -> None:
    changes = clinicians(0.05) | {"care.attempt_fails": dict.fromkeys(c.AGE_BANDS, 0.0)}
    frames = simulate(small_spec(weeks=26, changes=changes), 1)
    assert total(frames, "practice_attempts_failed") == total(frames, "gp_requests_given_up") == 0
    assert total(frames, "practice_attempts") == total(frames, "routine_requests")


def test_without_appointments_everyone_waits_and_nobody_forgets() -> None:
    model = place_model(small_spec(changes=clinicians(1e9) | NOBODY_LAPSES), random_residents(300, 1))
    for _ in range(4):
        model.step()
    before = model.columns.copy()
    waits = (before.gp_request == BOOKED) & (before.days_in_hospital == 0) & (before.gp_request_weeks < 255)
    assert waits.sum() > 50
    model.step()
    waits &= model.columns.generation == before.generation
    assert (model.columns.gp_request[waits] == BOOKED).all()
    assert (model.columns.gp_request_weeks[waits] == before.gp_request_weeks[waits] + 1).all()


def test_the_list_is_what_came_on_it_less_what_left_it() -> None:
    """Of people who stay: each on the list was on it or asked; each who left it was seen or gave up."""
    model = place_model(small_spec(), random_residents(2_000, 1))
    for _ in range(10):
        before, counted = model.columns.copy(), model.workspace.counts.sum(axis=0)
        model.step()
        after, week = model.columns, model.workspace.counts.sum(axis=0) - counted
        if model.week % c.WEEKS_PER_QUARTER == 0:
            continue  # the quarter's counts have begun anew
        same = before.generation == after.generation
        left = same & (before.gp_request == BOOKED) & (after.gp_request == NO_REQUEST)
        joined = same & (before.gp_request != BOOKED) & (after.gp_request == BOOKED)
        asked = week[INDEX["routine_requests"]] - week[INDEX["requests_turned_away"]]
        assert joined.sum() <= asked
        assert left.sum() <= model.workspace.requests[FROM_LIST] + week[INDEX["gp_requests_given_up"]]
        paused = (before.days_in_hospital > 0) & (after.gp_request == BOOKED)
        on_list = int(model.workspace.requests[ON_LIST])
        assert week[INDEX["gp_waiting_weeks"]] == on_list
        assert on_list == ((after.gp_request == BOOKED) & ~paused).sum()


def test_more_clinicians_mean_shorter_waits_fewer_turned_away_and_less_ae() -> None:
    for measure in ("gp_waiting_weeks", "requests_turned_away", "gp_requests_given_up", "ae_attendances"):
        short, usual, relieved = (total(lived(share), measure) for share in (-0.1, 0.0, 0.1))
        assert short > usual > relieved, measure


def test_what_is_switched_off_does_nothing() -> None:
    nobody = lived(-0.1, 52, (("care.turned_away_by_list", 0.0),))
    assert total(nobody, "requests_turned_away") == 0
    assert list_in_weeks(nobody) > list_in_weeks(lived(-0.1, 52)), "who is not turned away waits"
    patient = lived(-0.1, 52, (("care.waiting_lapse", 0.0),))
    assert total(patient, "gp_requests_given_up") < total(lived(-0.1, 52), "gp_requests_given_up")


def test_those_turned_away_go_to_ae_as_often_as_the_evidence_says() -> None:
    never, mostly = (
        simulate(
            small_spec(
                weeks=26,
                residents=PEOPLE,
                changes=clinicians(1.3) | {"care.turned_away_to_ae": dict.fromkeys(c.AGE_BANDS, to_ae)},
            ),
            1,
        )
        for to_ae in (0.0, 0.8)
    )
    extra = total(mostly, "ae_attendances") - total(never, "ae_attendances")
    assert extra > 0.6 * total(mostly, "requests_turned_away") > 0


def test_a_busier_reception_is_harder_to_reach_and_the_list_makes_it_busier() -> None:
    model = place_model(small_spec(), random_residents(600, 1))
    reception = next(one for service in model.services for one in service.staff if one.role == c.RECEPTIONIST)
    usual = model.now.attempt_fails
    reception.load = 1.2 * reception.usual_load
    model.begin_week()
    assert (model.now.attempt_fails > usual).all()
    hours = np.zeros((2, len(c.ROLES)))
    tasks, counted = np.zeros_like(model.workspace.task_counts), np.zeros(7, np.int64)
    for waiting, work in zip((0, 600), hours, strict=True):
        model.workspace.requests[ON_LIST] = waiting
        week_of_work(tasks, counted, model.workspace.requests, model.rates, work)
    extra = hours[1] - hours[0]
    assert extra[c.RECEPTIONIST] == pytest.approx(chasing_hours(600, model.rates))
    assert extra[c.RECEPTIONIST] == pytest.approx(extra.sum()) != 0.0


def test_waiting_raises_need_only_as_far_as_it_is_said_to() -> None:
    without, with_need = (
        place_model(small_spec(changes=clinicians(3.0) | NOBODY_LAPSES | {"care.waiting_need": need}), people)
        for people, need in ((random_residents(600, 1), 0.0), (random_residents(600, 1), 0.1))
    )
    for model in (without, with_need):
        model.step()
    waited = (with_need.columns.gp_request == BOOKED) & (with_need.columns.gp_request_weeks > 0)
    extra = with_need.columns.unmet_need - without.columns.unmet_need
    assert extra[waited].max() == pytest.approx(0.1)
    assert not extra[with_need.columns.gp_request == NO_REQUEST].any()


def test_the_first_year_begins_where_the_practice_already_was() -> None:
    """The list fills in the warm-up: in the first quarter it is within a quarter of what it is over two years."""
    usual = lived()
    assert list_in_weeks(usual, slice(0, 1)) == pytest.approx(list_in_weeks(usual), rel=0.25)
    turnover = usual.services.query("role == 'clinician'")["turnover"]
    assert turnover.between(0.097, 0.103).all(), "the published rate, under the pressure of the present"


def test_a_practice_relieved_by_a_tenth_clears_its_list_within_a_quarter() -> None:
    """By more than half within thirteen weeks (`docs/access.md`); staff stay longer, and fewer posts are vacant."""
    hours = PlaceModel(small_spec(residents=PEOPLE), 1).practice.staff[0].hours
    entry = {"service": "gp_practice", "role": "clinician", "hours_per_week": 0.1 * hours, "reason": "relief"}
    model = PlaceModel(small_spec(weeks=26, residents=PEOPLE, staffing=[entry]), 1)
    on_list = []
    while model.elapsed < 26:
        model.step()
        on_list.append(int(model.workspace.requests[ON_LIST]))
    begin = float(np.mean(on_list[c.WARM_UP_WEEKS - 8 : c.WARM_UP_WEEKS]))
    assert on_list[c.WARM_UP_WEEKS + 13] < 0.5 * begin
    relieved, usual = (lived(share).services.query("role == 'clinician'") for share in (0.1, 0.0))
    assert relieved["turnover"].iloc[-1] < 0.9 * usual["turnover"].iloc[-1]
    assert relieved["vacancies"].iloc[-1] < 0.85 * usual["vacancies"].iloc[-1]


def test_a_practice_squeezed_by_a_tenth_spirals_down() -> None:
    """Leaving and vacancies rise over four half-years, the list until it levels off; more than the cut is lost."""
    short = lived(-0.1)
    halves = [slice(2 * half, 2 * half + 2) for half in range(4)]
    waiting = [list_in_weeks(short, half) for half in halves]
    staff = short.services.query("role == 'clinician'")
    turnover, vacancies, hours = (
        [staff[column].iloc[half].mean() for half in halves] for column in ("turnover", "vacancies", "hours")
    )
    assert waiting[0] < waiting[1] < waiting[2] < 1.03 * waiting[3]
    assert waiting[0] > 1.5 * list_in_weeks(lived())
    assert turnover == sorted(turnover)
    assert vacancies == sorted(vacancies)
    assert hours == sorted(hours, reverse=True)
    usual = lived().services.query("role == 'clinician'")["hours"].iloc[0]
    assert hours[-1] < 0.89 * usual, "beyond the tenth that was cut"
