"""Amounts that no place can have are refused, so that whole pence stay exact; plans for another size say so."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator.api import specify_comparable
from simulator.errors import ScenarioError
from simulator.foundations.categories import WEEKS_PER_YEAR
from simulator.foundations.units import UNITS
from simulator.places import load_place
from simulator.places.margins import MOST_RESIDENTS
from simulator.scenario.parts import MOST_YEARS
from simulator.scenario.scenario import Scenario, load_scenario
from simulator.specification.amounts import MOST_POUNDS, most_pounds
from simulator.specification.spec import build_spec
from tests.helpers.messages import where

HEAD = "name: plan\ntitle: Plan\nquestion: What if?\nextends: baseline\n"
SMALL = load_place("frome").model_copy(update={"residents": 2000, "title": "Small"})
NEW_MONEY = "{programme: complex_care_hub, kind: new_money, payer: nhs, "


def plan(folder: Path, body: str) -> Scenario:
    path = folder / "plan.yaml"
    path.write_text(HEAD + body, encoding="utf-8")
    return load_scenario(path)


@pytest.mark.parametrize(
    ("body", "at"),
    [
        (f"funding:\n  - {NEW_MONEY}units: 1e12}}", "6 funding[0].units"),
        (f"funding:\n  - {NEW_MONEY}pounds_per_year: 9e6}}\n  - {NEW_MONEY}units: 100}}", "7 funding[1].units"),
        ("staffing:\n  - {service: hospital, role: booking_clerk, hours_per_week: 1e6, reason: r}", "6 staffing[0]"),
        (
            "staffing:\n  - {service: gp_practice, role: clinician, training_hours_per_week: 1e6, reason: r}",
            "6 staffing[0].training_hours_per_week",
        ),
        (
            "automate:\n  - {service: gp_practice, task: appointment_booking, share: 20 %, ramp_weeks: 0}\n"
            "changes:\n  contacts.minutes_per_contact: {value: {gp_practice.appointment_booking: 10080}, reason: r}\n"
            "  contacts.hourly_cost: {value: {gp_practice.appointment_booking: 10000}, reason: r}",
            "7 changes",
        ),
    ],
)
def test_more_than_the_place_can_have_is_refused_with_its_line(tmp_path: Path, body: str, at: str, messages) -> None:
    with messages.raised(ScenarioError) as caught:
        build_spec(plan(tmp_path, body), SMALL)
    assert at in where(caught.value)


def test_cuts_of_one_role_are_counted_together_while_they_overlap(tmp_path: Path, messages) -> None:
    there = build_spec(load_scenario("baseline"), SMALL)
    clinicians = "{{service: gp_practice, role: clinician, hours_per_week: -{}, from_week: {}, weeks: {}, reason: r}}"
    together = [clinicians.format(20, 0, 30), clinicians.format(30, 26, 13)]
    with messages.raised(ScenarioError, "7 staffing[1].hours_per_week"):
        build_spec(plan(tmp_path, "staffing:\n  - " + "\n  - ".join(together)), SMALL)
    one_after_another = [clinicians.format(20, 0, 26), clinicians.format(30, 26, 13)]
    spec = build_spec(plan(tmp_path, "staffing:\n  - " + "\n  - ".join(one_after_another)), SMALL)
    assert len(spec.staffing) == 2
    assert spec.place == there.place


def test_all_ceilings_together_leave_whole_pence_exact() -> None:
    largest = load_place("frome").model_copy(update={"residents": MOST_RESIDENTS})
    pence_of_a_run = most_pounds(largest) * 100 * MOST_YEARS
    assert pence_of_a_run < 2**53
    assert pence_of_a_run * 1000 < 2**63  # replications, which are added up as whole numbers
    assert most_pounds(largest) == MOST_POUNDS * MOST_RESIDENTS
    assert all(unit.low > -float("inf") and unit.high < float("inf") for unit in UNITS.values())


def test_a_plan_for_a_place_of_another_size_says_so(tmp_path: Path, messages) -> None:
    funded = plan(tmp_path, f"funding:\n  - {NEW_MONEY}units: 1}}")
    note = specify_comparable([load_scenario("baseline"), funded], place=SMALL).note
    messages.check(note)
    assert note is not None
    assert "14 times" in note
    assert specify_comparable([funded]).note is None
    assert specify_comparable([load_scenario("baseline"), load_scenario("relational_offset")], place=SMALL).note is None
    large = SMALL.model_copy(update={"residents": 280_000, "title": "Large"})
    messages.check(specify_comparable([funded], place=large).note)


def test_a_run_of_more_than_a_century_is_refused() -> None:
    with pytest.raises(ValueError, match="at most 5,200, not 5201"):
        build_spec(load_scenario("baseline"), weeks=MOST_YEARS * WEEKS_PER_YEAR + 1)
