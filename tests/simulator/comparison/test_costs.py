"""Costs against examples by hand (docs/costs.md), and general laws of costing."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from simulator.comparison.comparison import compare
from simulator.comparison.costs import CARE_ITEMS, KINDS, care_costs, costs, prices
from simulator.foundations.measures import INDEX
from tests.helpers.synthetic_results import ledger, lively, programmes, results, run, services

BASELINE = {
    "zero_night_admissions": 100,
    "overnight_admissions": 200,
    "bed_days": 1400,
    "ae_attendances": 1000,
    "consultations": 10_000,
}
SCENARIO = {
    "zero_night_admissions": 98,
    "overnight_admissions": 190,
    "bed_days": 1300,
    "ae_attendances": 990,
    "consultations": 9900,
    "volunteer_weeks": 100,
}
BOOK = ledger(
    (0, "gp_practice", "automated", 10_000_000),
    (0, "gp_practice", "rework", 1_000_000),
    (0, "gp_practice", "technology", 2_000_000),
    (0, "gp_practice", "released", 7_000_000),
    (0, "gp_practice", "reinvested", 4_000_000),
    (0, "gp_practice", "saved", 1_000_000),
    (0, "gp_practice", "absorbed", 2_000_000),
)
BOUGHT = programmes(
    (0, "health_connectors", "pump_priming", "nhs", 1_500_000, 0.5, 10),
    (0, "health_connectors", "released", "nhs", 3_000_000, 0.5, 10),
)


def differences(scenario, baseline, *keys, **changed):
    """Pounds by key, scenario less baseline, for one pair."""
    one = compare(results("offset", {0: scenario}, **changed), results("baseline", {0: baseline}, **changed))
    table = one.per("total").costs(*keys, rounded=False)
    return {tuple(row[key] for key in keys): row["difference"] for _, row in table.iterrows()}


@pytest.fixture(scope="module")
def pair():
    return run(SCENARIO, book=BOOK, bought=BOUGHT), run(BASELINE)


def test_the_example_by_hand_item_by_item(pair):
    found = differences(*pair, "item", "kind")
    assert found == {
        ("short_admissions", "cashable"): pytest.approx(-240),
        ("short_admissions", "capacity"): pytest.approx(-1360),
        ("overnight_admissions", "cashable"): pytest.approx(-750 - 6300),
        ("overnight_admissions", "capacity"): pytest.approx(-4250 - 35_700),
        ("ae", "cashable"): pytest.approx(-115),
        ("ae", "capacity"): pytest.approx(-2185),
        ("gp", "cashable"): pytest.approx(-150),
        ("gp", "capacity"): pytest.approx(-2850),
        ("released_staff_time", "cashable"): pytest.approx(-70_000),
        ("technology", "cashable"): pytest.approx(20_000),
        ("programmes_released", "cashable"): pytest.approx(40_000),
        ("programmes_pump_priming", "cashable"): pytest.approx(15_000),
        ("absorbed_staff_time", "capacity"): pytest.approx(-20_000),
        ("volunteers", "volunteer_time"): pytest.approx(2600),
    }


def test_the_example_by_hand_adds_up(pair):
    scenario, baseline = pair
    one = compare(results("offset", {0: scenario}), results("baseline", {0: baseline}))
    rows = one.per("total").summary(("care_cost", "net_cash", "net_capacity", "net_cost"), rounded=False)
    assert rows.set_index("measure")["difference"].to_dict() == {
        "care_cost": pytest.approx(-53_900),
        "net_cash": pytest.approx(-2555),
        "net_capacity": pytest.approx(-66_345),
        "net_cost": pytest.approx(-68_900),
    }


@given(
    technology=st.integers(0, 10**9),
    reinvested=st.integers(0, 10**9),
    saved=st.integers(-(10**9), 10**9),
    absorbed=st.integers(0, 10**9),
)
@example(technology=144_272_509, reinvested=611_178_002, saved=0, absorbed=909_925_047)
@settings(max_examples=10)
def test_the_offset_alone_costs_minus_saved_minus_absorbed(technology, reinvested, saved, absorbed):
    amounts = {"technology": technology, "reinvested": reinvested, "saved": saved, "absorbed": absorbed}
    amounts |= {"rework": 5, "released": reinvested + saved + absorbed}
    amounts["automated"] = amounts["released"] + amounts["rework"] + technology
    book = ledger(*((0, "community_hub", account, pence) for account, pence in amounts.items()))
    found = costs(results("offset", {0: run(book=book)})).groupby(["payer", "kind"])["pounds"].sum()
    # What cancels is up to 20 million pounds, of which a float leaves up to some billionths of a pound.
    assert found.get(("voluntary", "cashable"), 0.0) == pytest.approx(-saved / 100, abs=1e-7)
    assert found.get(("voluntary", "capacity"), 0.0) == pytest.approx(-absorbed / 100)
    assert set(found.index) <= {("voluntary", "cashable"), ("voluntary", "capacity")}


def test_each_services_money_belongs_to_its_payer():
    book = ledger((0, "council_contact_centre", "saved", 500), (0, "gp_practice", "saved", 700))
    found = differences(run(book=book), run(), "payer", "kind")
    assert found[("council", "cashable")] == pytest.approx(-5)
    assert found[("nhs", "cashable")] == pytest.approx(-7)


def test_unspent_programme_money_is_not_a_saving():
    book = ledger((0, "gp_practice", "reinvested", 900))
    spent = programmes((0, "talking_cafes", "released", "nhs", 300, 0.1, 1))
    assert differences(run(book=book, bought=spent), run(), "payer", "kind")[("nhs", "cashable")] == pytest.approx(0)


def test_a_consultation_answered_automatically_is_no_second_saving():
    found = differences(run({"consultations": 40, "automated_consultations": 60}), run({"consultations": 100}), "item")
    assert found[("gp",)] == pytest.approx(0)


@pytest.mark.parametrize("factor", [2.0, 0.5])
def test_doubling_every_price_doubles_every_cost(factor):
    names = [price for item in CARE_ITEMS for _, price in item.terms if price != "first_days"]
    dearer = {f"prices.{name}": factor for name in [*names, "overnight_admission", "volunteer_hour"]}
    counts = {**SCENARIO, "automated_consultations": 7}
    usual = run(counts)
    prices = {path: usual.parameters[path] * times for path, times in dearer.items()}
    once = costs(results("x", {0: usual})).set_index(["item", "kind"])["pounds"]
    twice = costs(results("x", {0: run(counts, prices=prices)})).set_index(["item", "kind"])["pounds"]
    assert once.abs().sum() > 0
    assert (twice / once)[once != 0].to_numpy() == pytest.approx(factor)


def test_the_second_year_is_discounted_once_and_the_first_not():
    book = ledger(*((quarter, "gp_practice", "saved", 100) for quarter in (0, 4, 19)))
    table = costs(results("x", {0: run(book=book, quarters=20)}, weeks=260))
    saved = table[table["item"] == "released_staff_time"].set_index("year")
    assert saved["pounds"].loc[[1, 2, 5]].tolist() == [-1.0, -1.0, -1.0]
    assert saved["discounted_pounds"].loc[[1, 2, 5]].tolist() == pytest.approx([-1.0, -1 / 1.035, -1 / 1.035**4])


def test_costs_by_cell_add_up_to_costs_of_all():
    found = results("x", lively(2, 0.1), weeks=260)
    counts = found.counts((0, 1))
    cells = care_costs(prices(found, (0, 1)), counts).sum(axis=(1, 2, 3, 4))
    assert cells == pytest.approx(care_costs(prices(found, (0, 1)), counts.sum(axis=(1, 2, 3, 4))))


def test_volunteers_time_is_in_no_net_cost():
    busy = run({"volunteer_weeks": 1000})
    one = compare(results("offset", {0: busy}), results("baseline", {0: run()}))
    assert set(costs(one.scenario)["kind"]) == {"volunteer_time"} < set(KINDS)
    assert one.summary(("net_cost",), rounded=False)["difference"].tolist() == [0.0]
    assert one.per("total").costs("kind", rounded=False).set_index("kind")["difference"]["volunteer_time"] == 26_000


def test_a_last_year_that_is_short_is_discounted_as_a_year():
    short = run(quarters=5)
    short.cells[4, 0, INDEX["ae_attendances"]] = 1
    table = costs(results("x", {0: short}, weeks=65))
    assert table["year"].unique().tolist() == [2]
    assert table["discounted_pounds"].sum() == pytest.approx(230 / 1.035)


@pytest.mark.parametrize(
    ("service", "role", "item", "worth"),
    [
        ("adult_social_care", "home_carer", "home_care", 30 * 24.0),
        ("adult_social_care", "assessor", "assessments", 30 / 6 * 340.0),
        ("gp_practice", "clinician", "gp", 30 / (10 / 60) * 30.0),
    ],
)
def test_care_that_added_staff_give_is_paid_once(service, role, item, worth):
    """Thirty hours a quarter; a cut of as many is saved as staff, and is no saving of care."""
    implied_strengths = {
        "prices.home_care_hour": 24.0,
        "prices.assessment": 340.0,
        "prices.gp_consultation": 30.0,
        "social_care.assessment_hours": 6.0,
        "contacts.minutes_per_contact.gp_practice.consultation": 10.0,
    }
    none, more, fewer = (
        run(prices=implied_strengths, staff=services((0, service, role, pence, done)))
        for pence, done in ((0, 0.0), (70_000, 30.0), (-70_000, -30.0))
    )
    assert differences(more, none, "item") == {("staffing",): 700.0, (item,): pytest.approx(-worth)}
    assert differences(fewer, none, "item") == {("staffing",): -700.0, (item,): pytest.approx(worth)}
