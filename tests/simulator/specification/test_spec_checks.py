"""Checks of a scenario against evidence and place before a run, and its expected release."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from simulator.errors import PlaceError, ScenarioError
from simulator.evidence import load_evidence
from simulator.foundations.categories import AGE_BANDS, TASKS
from simulator.places import load_place
from simulator.programme_files import load_programme
from simulator.scenario.scenario import load_scenario
from simulator.specification.expected_release import Demand, expected_demand, expected_residents, release_by_quarter
from simulator.specification.spec import Automation, Spec, build_spec, expected_release, rates_from

BOOKING = "{service: gp_practice, task: appointment_booking, share: 50 %, ramp_weeks: 0}"
GENEROUS = """
changes:
  contacts.realisation_rate: {value: 1.0, reason: A world in which all freed time can be used}
  contacts.return_share: {value: 0.0, reason: A world in which nothing comes back}
"""


def spec_of(folder: Path, body: str) -> Spec:
    path = folder / "plan.yaml"
    path.write_text(f"name: plan\ntitle: Plan\nquestion: What if?\n{body}", encoding="utf-8")
    return build_spec(load_scenario(path))


def refused(messages, folder: Path, body: str, at: str, **names: object) -> None:
    with messages.raised(ScenarioError, at, **names):
        spec_of(folder, body)


def test_an_unknown_place_is_reported_with_the_nearest(tmp_path: Path, messages) -> None:
    refused(messages, tmp_path, "place: from", "4 place")


def test_a_scenario_without_a_place_needs_one(tmp_path: Path, messages) -> None:
    refused(messages, tmp_path, "", "1 place")


def test_a_bad_place_file_is_reported_by_its_own_lines(tmp_path: Path, messages) -> None:
    (tmp_path / "my_town.yaml").write_text("name: my_town\ntitle: My town\nresidents: many\n", encoding="utf-8")
    with messages.raised(PlaceError):
        spec_of(tmp_path, "place: my_town.yaml")


def test_an_unknown_evidence_value_is_reported_with_the_nearest(tmp_path: Path, messages) -> None:
    refused(
        messages,
        tmp_path,
        "place: frome\nchanges:\n  loneliness.thresholds: {value: 1, reason: Pilot}",
        "6 changes.loneliness.thresholds",
    )


def test_negative_minutes_are_reported(tmp_path: Path, messages) -> None:
    change = "contacts.minutes_per_contact: {value: {gp_practice.test_result: -4}, reason: Pilot}"
    refused(messages, tmp_path, f"place: frome\nchanges:\n  {change}", "6 changes.contacts.minutes_per_contact")


def test_more_than_can_be_automated_is_reported(tmp_path: Path, messages) -> None:
    ceiling = rates_from(load_evidence()).contacts.automation_ceiling[TASKS.index("gp_practice.appointment_booking")]
    refused(
        messages,
        tmp_path,
        f"place: frome\nautomate:\n  - {BOOKING.replace('50', '99')}",
        "6 automate[0].share",
        CEILING=f"{100 * ceiling:g}",
    )


def test_the_ceiling_can_be_changed_with_a_reason(tmp_path: Path) -> None:
    change = "contacts.automation_ceiling: {value: {gp_practice.appointment_booking: 1}, reason: A new system}"
    spec = spec_of(tmp_path, f"place: frome\nautomate:\n  - {BOOKING.replace('50', '99')}\nchanges:\n  {change}")
    assert spec.automation[0].share == 0.99


def test_all_problems_are_reported_at_once_in_file_order(tmp_path: Path, messages) -> None:
    body = f"""place: nowhere
automate:
  - {BOOKING.replace("50", "99")}
changes:
  care.wait_day: {{value: 3, reason: Pilot}}
  care.wait_days: {{value: -3, reason: Pilot}}
"""
    at = "4 place; 6 automate[0].share; 8 changes.care.wait_day; 9 changes.care.wait_days"
    refused(messages, tmp_path, body, at)


def test_a_value_that_leaves_nothing_to_divide_by_is_reported(tmp_path: Path, messages) -> None:
    changes = "contacts.trust_half_life: {value: 0, reason: Pilot}\n  care.wait_days: {value: 3, reason: Pilot}"
    refused(messages, tmp_path, f"place: frome\nchanges:\n  {changes}", "6 changes.contacts.trust_half_life")


def test_posts_that_nobody_pays_for_are_reported(tmp_path: Path, messages) -> None:
    cost = 2 * load_programme("complex_care_hub").central("unit_cost")
    refused(
        messages,
        tmp_path,
        "place: frome\ncommitments:\n  - {programme: complex_care_hub, units: 2, from_week: 52}",
        "5 commitments",
        COST=f"{cost:,.0f}",
    )


def test_posts_that_others_pay_for_may_be_promised(tmp_path: Path, messages) -> None:
    posts = "place: frome\ncommitments:\n  - {programme: complex_care_hub, units: 2, from_week: 52}\n"
    fund = "  - {programme: complex_care_hub, kind: new_money, payer: nhs, units: 2, from_week: 52}\n"
    assert spec_of(tmp_path, f"{posts}funding:\n{fund}").commitments[0].units == 2.0
    refused(
        messages, tmp_path, f"{posts}funding:\n{fund.replace('complex_care_hub', 'talking_cafes')}", "5 commitments"
    )
    refused(messages, tmp_path, f"{posts}funding:\n{fund.replace('from_week: 52', 'weeks: 60')}", "5 commitments")


def test_posts_are_paid_from_the_release_of_the_quarter_before(tmp_path: Path, messages) -> None:
    plan = f"place: frome\nautomate:\n  - {BOOKING}\nreinvest: {{share: 1, programmes: {{talking_cafes: 1}}}}{GENEROUS}"
    first, *_ = expected_release(spec_of(tmp_path, plan))
    cost = load_programme("talking_cafes").central("unit_cost")
    affordable = 0.99 * first.reinvested / cost
    posts = "commitments:\n  - {{programme: talking_cafes, units: {units}, from_week: {week}}}"
    assert spec_of(tmp_path, plan + posts.format(units=affordable, week=13)).commitments[0].from_week == 13
    refused(messages, tmp_path, plan + posts.format(units=1.02 * affordable, week=13), "11 commitments")
    refused(messages, tmp_path, plan + posts.format(units=affordable, week=12), "11 commitments")


def test_residents_meet_both_margins() -> None:
    place = load_place("frome")
    people = expected_residents(place)
    assert people.sum(axis=1) == pytest.approx(np.array(place.age) * place.residents, rel=1e-6)
    assert people.sum(axis=0) == pytest.approx(np.array(place.deprivation) * place.residents, rel=1e-6)


def test_council_contacts_are_those_of_adults() -> None:
    place, rates = load_place("frome"), rates_from(load_evidence())
    adults = sum(place.age[AGE_BANDS.index("16-24") :]) * place.residents
    housing = TASKS.index("council_contact_centre.housing")
    demand = expected_demand(place, rates)
    assert demand.contacts[housing] == pytest.approx(adults * rates.contacts.contacts_per_year[housing])
    assert demand.people == place.residents


def test_failures_lie_between_those_of_the_capable_and_of_the_offline() -> None:
    rates = rates_from(load_evidence())
    failing = expected_demand(load_place("frome"), rates).failing
    offline, _, capable = rates.contacts.failure_probability
    contacts = failing[: len(TASKS)]
    assert np.all(contacts > np.minimum(1.0, capable * rates.contacts.failure_ratio))
    assert np.all(contacts < np.minimum(1.0, offline * rates.contacts.failure_ratio))


def test_twice_the_place_makes_twice_the_contacts() -> None:
    place, rates = load_place("frome"), rates_from(load_evidence())
    double = place.model_copy(update={"residents": 2 * place.residents})
    assert expected_demand(double, rates).contacts == pytest.approx(2 * expected_demand(place, rates).contacts)


def test_a_cut_of_more_hours_than_there_are_is_reported_with_its_line(tmp_path: Path) -> None:
    def cut(hours: int) -> str:
        return f"""place: frome
staffing:
  - {{service: gp_practice, role: administrator, hours_per_week: {hours}, reason: A cut}}
"""

    assert spec_of(tmp_path, cut(-250)).staffing[0].hours_per_week == -250.0
    with pytest.raises(ScenarioError) as caught:
        spec_of(tmp_path, cut(-400))
    (problem,) = caught.value.problems
    assert problem.field == "staffing[0].hours_per_week"
    assert problem.line == 6
    assert "400 hours a week of gp_practice.administrator are cut, of about 2" in problem.wrong
    assert "Cut at most 2" in problem.right


def test_more_paperwork_than_can_be_automated_is_reported(tmp_path: Path) -> None:
    plan = "place: frome\nautomate:\n  - {service: gp_practice, task: letters_coded, share: 99 %, ramp_weeks: 0}\n"
    with pytest.raises(ScenarioError) as caught:
        spec_of(tmp_path, plan)
    (problem,) = caught.value.problems
    assert "paperwork.automation_ceiling" in problem.right


def test_a_quarter_matches_a_calculation_by_hand() -> None:
    rates = rates_from(load_evidence())
    rates = rates._replace(contacts=rates.contacts._replace(failure_learnable=0.0))
    rate, task = rates.contacts, TASKS.index("council_contact_centre.housing")
    demand = Demand(np.full(8, 52_000.0), np.full(8, 0.25), 20_000.0)
    first, second = release_by_quarter(demand, rates, [Automation(task, 0.4, 0, 13)], 0.5, 26)
    hour = rate.hourly_cost[task] / 60.0
    yearly = 52_000 * 0.4
    licence = 20 * rate.technology_cost_per_year[task]
    assert second.automated == pytest.approx(yearly * rate.minutes_per_contact[task] * hour * rate.realisation_rate)
    minutes = rate.minutes_per_contact[task] * rate.realisation_rate + rate.rework_minutes[task]
    assert second.rework == pytest.approx(yearly * 0.25 * rate.return_share * minutes * hour)
    assert second.technology == pytest.approx(yearly * rate.technology_cost_per_contact[task] + licence)
    assert first.automated == pytest.approx(second.automated / 2)
    assert first.technology - licence == pytest.approx((second.technology - licence) / 2)


def test_the_released_amount_is_accounted_for_to_the_penny(tmp_path: Path) -> None:
    plan = (
        f"place: frome\nautomate:\n  - {BOOKING}\nreinvest: {{share: 70 %, programmes: {{talking_cafes: 1}}}}{GENEROUS}"
    )
    spec = spec_of(tmp_path, plan)
    rate, task = spec.rates().contacts, spec.automation[0].task
    for quarter in expected_release(spec):
        assert quarter.reinvested + quarter.saved + quarter.absorbed == pytest.approx(quarter.released, abs=0.02)
        movable = quarter.released * rate.redeployable_share[task] * (1 - rate.backlog_share)
        assert quarter.redeployable == pytest.approx(movable, abs=0.1)
        assert quarter.reinvested == pytest.approx(0.7 * movable, abs=0.1)


def test_a_loss_of_one_task_is_offset_within_its_service_first() -> None:
    rates = rates_from(load_evidence())
    pays, loses = TASKS.index("gp_practice.repeat_prescription"), TASKS.index("gp_practice.consultation")
    failing = np.where(np.arange(8) == loses, 1.0, 0.0)
    demand = Demand(np.full(8, 100_000.0), failing, 20_000.0)
    automation = [Automation(pays, 0.5, 0, 0), Automation(loses, 0.001, 0, 0)]
    alone, both = (release_by_quarter(demand, rates, plan, 1.0, 13)[0] for plan in (automation[:1], automation))
    assert 0.0 < both.reinvested < alone.reinvested
    assert both.reinvested / both.released == pytest.approx(alone.reinvested / alone.released, rel=1e-4)


def test_baseline_releases_nothing_and_a_part_quarter_counts_as_one() -> None:
    spec = build_spec(load_scenario("baseline"), weeks=20)
    quarters = expected_release(spec)
    assert len(quarters) == 2
    assert all(quarter == (0.0,) * 6 for quarter in quarters)


def test_automating_the_wrong_tasks_releases_a_smaller_share() -> None:
    right, wrong = (
        expected_release(build_spec(load_scenario(name)))[-1]
        for name in ("relational_offset", "automate_the_wrong_thing")
    )
    assert wrong.released / wrong.automated < right.released / right.automated
