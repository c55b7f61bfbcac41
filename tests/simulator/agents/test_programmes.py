"""Programmes: money by week to the penny, time to fill posts, places, and the end of funding."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.agents.ledger import share_out
from simulator.agents.programmes import RELEASED, Programme, buy
from simulator.foundations import categories as c
from simulator.model.place_model import PlaceModel
from simulator.rules.programmes import ENROLLED
from simulator.specification.entries import Commitment
from tests.helpers.support import AUTOMATED, CORE, EVENTFUL, REINVESTED, place_model, random_residents, small_spec

NHS, COUNCIL, VOLUNTARY = range(3)
LAGS = {"health_connectors": 4.0, "talking_cafes": 2.0, "complex_care_hub": 6.0}
QUARTERS = 8


def model_of(size: int = 40, **parts: Any) -> PlaceModel:
    parts = {"weeks": QUARTERS * c.WEEKS_PER_QUARTER, "changes": {"programmes.lag": LAGS}, **parts}
    return place_model(small_spec(**parts), random_residents(size, 1))


@lru_cache(maxsize=1)
def usual_model() -> PlaceModel:
    return model_of()


def funding(programme: str, **terms: Any) -> dict[str, Any]:
    return {"programme": programme, "kind": "new_money", "payer": "nhs", **terms}


def unit_pence(model: PlaceModel, programme: Programme) -> float:
    """The weekly cost of a unit, in pence."""
    return programme.number("unit_cost") * 100 / c.WEEKS_PER_YEAR


@given(pence=st.integers(0, 10**11), parts=st.lists(st.floats(0.0, 1.0), min_size=1, max_size=5))
def test_money_is_shared_out_without_losing_a_penny(pence: int, parts: list[float]) -> None:
    total = sum(parts)
    shares = tuple(part / total for part in parts) if total > 0 else tuple(parts)
    found = share_out(pence, shares)
    assert sum(found) == (pence if total > 0 else 0)
    assert all(
        part == pytest.approx(share * pence, abs=1 + len(parts)) for part, share in zip(found, shares, strict=True)
    )


@given(pence=st.integers(0, 10**10), quarter=st.integers(0, QUARTERS - 1))
def test_a_quarters_money_is_spread_over_its_weeks_to_the_penny(pence: int, quarter: int) -> None:
    programme = Programme(usual_model(), c.HEALTH_CONNECTORS)
    programme.receive_quarter(quarter, pence, "nhs")
    first = quarter * c.WEEKS_PER_QUARTER
    by_week = [programme._pence_by_week[week] for week in range(QUARTERS * c.WEEKS_PER_QUARTER)]
    assert sum(by_week) == sum(by_week[first : first + c.WEEKS_PER_QUARTER]) == programme.received(quarter) == pence
    assert max(by_week[first : first + c.WEEKS_PER_QUARTER]) - min(by_week[first : first + c.WEEKS_PER_QUARTER]) <= 1
    assert dict(programme.booked) == {(quarter, RELEASED, "nhs"): pence}


def test_funding_is_booked_by_quarter_source_and_payer() -> None:
    model = model_of(
        funding=[
            funding("health_connectors", units=2.0, from_week=6, weeks=10),
            {**funding("talking_cafes", pounds_per_year=5200, weeks=13), "kind": "pump_priming", "payer": "voluntary"},
        ]
    )
    connectors, cafes, hub = model.programmes
    weekly = model.spec.funding[0].pence_per_week
    assert dict(connectors.booked) == {(0, "new_money", "nhs"): 7 * weekly, (1, "new_money", "nhs"): 3 * weekly}
    assert dict(cafes.booked) == {(0, "pump_priming", "voluntary"): 13 * 100 * 100}
    assert (connectors.received(0), connectors.received(1), connectors.received(2)) == (7 * weekly, 3 * weekly, 0)
    assert dict(hub.booked) == {}


def test_posts_fill_after_their_lag_and_end_with_their_funding() -> None:
    model = model_of(funding=[funding("complex_care_hub", units=1.5, from_week=3, weeks=20)])
    hub = model.programmes[c.COMPLEX_CARE_HUB]
    at_work = [week for week in range(104) if hub.units(week) > 0.0]
    assert at_work == list(range(9, 23))
    assert hub.units(15) == pytest.approx(1.5, abs=1e-3)
    assert hub.units(-5) == 0.0


def test_posts_follow_the_smaller_of_past_and_present_funding() -> None:
    model = model_of()
    connectors = model.programmes[c.HEALTH_CONNECTORS]
    weekly = round(unit_pence(model, connectors))
    for week in range(40):
        connectors.receive(week, weekly if week < 20 else 3 * weekly if week < 30 else 2 * weekly, "new_money", "nhs")
    found = [connectors.units(week) for week in (3, 4, 21, 23, 24, 29, 30, 39)]
    assert found == pytest.approx([0, 1, 1, 1, 3, 3, 2, 2], rel=1e-4)


def test_places_are_units_times_caseload_and_cafes_need_volunteers() -> None:
    model = model_of(funding=[funding(name, units=2.0) for name in CORE])
    connectors, cafes, hub = model.programmes
    assert connectors.places(50) == pytest.approx(2.0 * connectors.number("caseload"), rel=1e-3)
    assert hub.places(50) == pytest.approx(2.0 * hub.number("caseload"), rel=1e-3)
    model.volunteers = model.volunteers[:3]
    model.columns.days_in_hospital = 0
    for hours, volunteer in zip((1.0, 0.5, 2.0), model.volunteers, strict=True):
        volunteer.hours = hours
    wanted = 2.0 * cafes.number("volunteers_per_unit") * cafes.number("volunteer_hours")
    assert cafes.places(50) == pytest.approx(3.5 / wanted * 2.0 * cafes.number("caseload"), rel=1e-3)
    model.volunteers = []
    assert cafes.places(50) == 0.0


def test_a_full_programme_offers_no_place() -> None:
    model = model_of(funding=[funding("health_connectors", units=1.0)])
    connectors = model.programmes[c.HEALTH_CONNECTORS]
    model.workspace.eligible[:] = 500
    model.workspace.members[:] = int(connectors.number("caseload")) + 1
    assert connectors.offer(model.workspace, 50) == 0.0
    model.workspace.members[:] = 0
    model.workspace.eligible[:] = 10
    assert connectors.offer(model.workspace, 50) == connectors.number("offer_rate")
    assert connectors.offer(model.workspace, 2) == 0.0


def test_what_is_reinvested_is_bought_for_the_next_quarter_in_the_scenarios_shares() -> None:
    model = model_of(automate=AUTOMATED, reinvest=REINVESTED)
    buy(model, 1_000_003, COUNCIL)
    assert [programme.received(0) for programme in model.programmes] == [0, 0, 0]
    received = [programme.received(1) for programme in model.programmes]
    assert sum(received) == 1_000_003
    assert received == pytest.approx([450_001, 200_001, 350_001], abs=1)
    assert dict(model.programmes[0].booked) == {(1, RELEASED, "council"): received[0]}


def test_commitments_are_paid_first_and_only_as_far_as_nobody_else_pays() -> None:
    model = model_of(automate=AUTOMATED, reinvest=REINVESTED, funding=[funding("complex_care_hub", units=0.5)])
    model.spec = replace(model.spec, commitments=(Commitment(c.COMPLEX_CARE_HUB, 2.0, 20),))
    hub = model.programmes[c.COMPLEX_CARE_HUB]
    assert hub.committed(0) == 0
    quarterly = hub.committed(1)
    assert quarterly == pytest.approx(2 * 13 * unit_pence(model, hub), abs=1)
    funded = hub.received(1)
    buy(model, 300_000, NHS)
    assert hub.received(1) == funded + 300_000
    assert model.programmes[0].received(1) == 0
    missing = quarterly - hub.received(1)
    buy(model, missing + 100_000, NHS)
    assert hub.received(1) == quarterly + 35_000
    assert model.programmes[0].received(1) == 45_000


@pytest.mark.parametrize("pence", [0, -500])
def test_no_money_buys_nothing(pence: int) -> None:
    model = model_of(automate=AUTOMATED, reinvest=REINVESTED)
    buy(model, pence, NHS)
    assert [dict(programme.booked) for programme in model.programmes] == [{}, {}, {}]


def test_nothing_is_bought_for_after_the_end() -> None:
    model = model_of(automate=AUTOMATED, reinvest=REINVESTED, weeks=13)
    buy(model, 10_000, NHS)
    assert [programme.received(1) for programme in model.programmes] == [0, 0, 0]


def test_money_in_is_what_was_reinvested_a_quarter_before_and_what_was_funded() -> None:
    """On a year with everything on, from the book alone."""
    model = model_of(
        300, automate=AUTOMATED, reinvest=REINVESTED, weeks=52, funding=[funding("talking_cafes", units=1.0)]
    )
    model.run_model()
    frames = model.book.frames(model)
    ledger, programmes = frames.ledger, frames.programmes
    released = programmes[programmes["source"] == RELEASED].groupby("quarter")["pence"].sum()
    reinvested = ledger[ledger["account"] == "reinvested"].groupby("quarter")["pence"].sum()
    assert (reinvested > 0).any()
    assert released.reindex(range(1, 4), fill_value=0).tolist() == reinvested.loc[[0, 1, 2]].tolist()
    assert 0 not in released.index
    by_payer = programmes[programmes["source"] == "new_money"].groupby("payer")["pence"].sum()
    assert by_payer.to_dict() == {"nhs": 52 * model.spec.funding[0].pence_per_week}


def test_members_leave_when_the_money_ends_though_nothing_else_is_open() -> None:
    """A programme without money has no members, care plans or volunteers."""
    funded = [funding(name, units=2.0, weeks=15) for name in CORE]
    model = model_of(150, funding=funded, changes=EVENTFUL)
    while model.elapsed < 15:
        model.step()
    assert (model.workspace.members[: len(CORE)] > 0).all()
    assert model.columns.care_plan.any()
    assert len(model.volunteers) > 0
    model.step()
    assert not model.workspace.members.any()
    assert not (model.columns.programme_status == ENROLLED).any()
    assert not model.columns.care_plan.any()
    assert not model.columns.volunteer.any()
    assert model.volunteers == []
