"""Savings and costs by service: complete and without double counting."""

from __future__ import annotations

import numpy as np
import pytest

from simulator.comparison.comparison import compare
from simulator.comparison.costs import NET_KINDS, costs
from simulator.comparison.costs_by_service import by_service, service_costs
from tests.helpers.synthetic_results import ledger, lively, programmes, results, run, services


@pytest.fixture(scope="module")
def comparison():
    return compare(results("plan", lively(6, 0.2), weeks=260), results("baseline", lively(6, 0.0), weeks=260))


@pytest.mark.parametrize("kind", ["cashable", "capacity", "volunteer_time"])
def test_services_add_up_to_what_payers_do(comparison, kind):
    services = by_service(comparison, rounded=False)
    payers = comparison.costs(rounded=False)
    for payer in payers["payer"].unique():
        here = (services["payer"] == payer) & (services["kind"] == kind)
        there = (payers["payer"] == payer) & (payers["kind"] == kind)
        assert services[here]["difference"].sum() == pytest.approx(payers[there]["difference"].sum(), abs=1e-6)


def test_services_add_up_to_the_net_cost_in_every_run(comparison):
    for results_of, arm in zip((comparison.baseline, comparison.scenario), comparison.arms, strict=True):
        table = service_costs(results_of, arm.costs, arm.seeds)
        mine = table[table["kind"].isin(NET_KINDS)].groupby("seed")["discounted_pounds"].sum()
        all_costs = costs(results_of)
        theirs = all_costs[all_costs["kind"].isin(NET_KINDS)].groupby("seed")["discounted_pounds"].sum()
        assert np.allclose(mine, theirs)
    net = comparison.per("total").summary(("net_cost",), rounded=False)["difference"].iloc[0]
    assert by_service(comparison.per("total"), "service", rounded=False)["difference"].sum() == pytest.approx(net)


def test_a_worked_example_by_hand():
    """One year: the practice banks 100 pounds and absorbs 200, the hospital has one A&E attendance more at 230."""
    book = ledger(
        (0, "gp_practice", "automated", 60_000),
        (0, "gp_practice", "technology", 20_000),
        (0, "gp_practice", "released", 40_000),
        (0, "gp_practice", "reinvested", 10_000),
        (0, "gp_practice", "saved", 10_000),
        (0, "gp_practice", "absorbed", 20_000),
    )
    bought = programmes((0, "talking_cafes", "new_money", "council", 5_000, 1.0, 9))
    plan = results("plan", {0: run({"ae_attendances": 1}, book=book, bought=bought)})
    found = by_service(compare(plan, results("baseline", {0: run()})), rounded=False)
    pounds = {tuple(row[:3]): row["difference"] for _, row in found.iterrows()}
    assert pounds == pytest.approx(
        {
            ("gp_practice", "nhs", "cashable"): -100.0,
            ("gp_practice", "nhs", "capacity"): -200.0,
            ("hospital", "nhs", "cashable"): 230.0 * 0.05,
            ("hospital", "nhs", "capacity"): 230.0 * 0.95,
            ("programmes", "council", "cashable"): 50.0,
        }
    )


def test_staff_added_and_cut_stand_under_the_service_where_they_work():
    """Home carers for 60 pounds more, in the second year and so discounted; receptionists for 30 less in the first."""
    staff = services((4, "adult_social_care", "home_carer", 6_000), (0, "gp_practice", "receptionist", -3_000))
    plan = results("plan", {0: run(quarters=8, staff=staff)}, weeks=104)
    comparison = compare(plan, results("baseline", {0: run(quarters=8)}, weeks=104)).per("total")
    found = by_service(comparison, rounded=False)
    pounds = {tuple(row[:3]): row["difference"] for _, row in found.iterrows()}
    assert pounds == pytest.approx(
        {("gp_practice", "nhs", "cashable"): -30.0, ("adult_social_care", "council", "cashable"): 60.0 / 1.035}
    )
    net = comparison.summary(("net_cost",), rounded=False)["difference"].iloc[0]
    assert found["difference"].sum() == pytest.approx(net)
