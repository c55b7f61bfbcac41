"""A plan at several sizes: what grows, what stops at a limit, and who pays for the rest."""

from __future__ import annotations

import pytest

from simulator.experiments.scaled_plans import Limit, scaled_plan, unscaled
from simulator.foundations.categories import WEEKS_PER_QUARTER
from simulator.scenario.scenario import scenario_from_text
from simulator.specification.spec import build_spec, expected_release
from tests.helpers.small_runs import small_frome, small_spec

HEAD = "name: {name}\ntitle: A plan\nquestion: What if?\nextends: baseline\n"
OFFSET = """
automate:
  - {service: gp_practice, task: appointment_booking, share: 60 %, from_week: 0, ramp_weeks: 13}
  - {service: gp_practice, task: repeat_prescription, share: 70 %, from_week: 0, ramp_weeks: 0}
reinvest:
  share: 100 %
  programmes: {health_connectors: 75 %, talking_cafes: 25 %}
"""
CAFE = "  - {programme: talking_cafes, kind: new_money, payer: voluntary, units: 1}\n"


@pytest.fixture
def written(tmp_path):
    def spec(more, name="plan", weeks=104):
        text = HEAD.format(name=name) + more
        return build_spec(scenario_from_text(text, tmp_path / f"{name}.yaml"), small_frome(), weeks=weeks)

    return spec


def test_at_one_a_plan_is_itself():
    plan, base = small_spec("relational_offset", 104), small_spec("baseline", 104)
    found = scaled_plan(plan, base, 1.0)
    assert found.spec is plan
    assert (found.limits, found.topped_up) == ((), 0.0)


def test_money_and_posts_are_multiplied_and_dates_and_payers_are_not():
    plan, base = small_spec("frome", 247), small_spec("baseline", 247)
    found = scaled_plan(plan, base, 2.5)
    for own, more in zip(plan.funding, found.spec.funding, strict=True):
        assert more.pence_per_week == pytest.approx(2.5 * own.pence_per_week, abs=1.0)
        assert more._replace(pence_per_week=0) == own._replace(pence_per_week=0)
    assert (found.limits, found.topped_up) == ((), 0.0)
    assert found.spec.scenario.name == "frome_times_2_5"
    assert found.spec.hash != plan.hash


def test_money_for_each_resident_and_training_are_multiplied(written):
    plan = written(
        "funding:\n  - {programme: befriending, kind: new_money, payer: nhs, pounds_per_resident: 2}\n"
        "staffing:\n  - {service: gp_practice, role: clinician, training_hours_per_week: 2, reason: Lessons}\n"
    )
    found = scaled_plan(plan, written("", "nothing"), 3.0)
    assert found.spec.funding[0].pence_per_week == pytest.approx(3 * 2 * 2000 * 100 / 52, abs=1.0)
    assert found.spec.staffing[0].training_per_week == 6.0
    assert found.limits == ()


def test_new_money_is_that_of_the_place_where_amounts_are_stated_for_another(written):
    spread = "spread: {mode: rollout, places_per_wave: 1, weeks_between_waves: 13, amounts_for: 4000, reason: All}\n"
    posts = "commitments:\n  - {programme: health_connectors, units: 0.02, from_week: 26}\n"
    plan = written(f"{OFFSET}{posts}{spread}")
    found = scaled_plan(plan, written("", "nothing"), 4.0)
    spent = sum(fund.pence_per_week * (fund.until_week - fund.from_week) for fund in found.spec.funding) / 100.0
    assert found.topped_up == pytest.approx(spent / plan.weeks * 52, rel=1e-3)
    same = scaled_plan(written(OFFSET + posts.replace("0.02", "0.01")), written("", "nothing"), 4.0)
    assert found.topped_up == pytest.approx(same.topped_up, rel=1e-3)


def test_automation_stops_at_its_ceiling_and_new_money_pays_the_rest(written):
    plan, base = written(OFFSET), written("", "nothing")
    found = scaled_plan(plan, base, 4.0)
    tasks = ("gp_practice.appointment_booking", "gp_practice.repeat_prescription")
    assert [(limit.kind, limit.name) for limit in found.limits] == [("automation", task) for task in tasks]
    assert [task.share for task in found.spec.automation] == [limit.most for limit in found.limits]
    own, grown = expected_release(plan), expected_release(found.spec)
    for quarter in range(1, len(own)):
        week = quarter * WEEKS_PER_QUARTER
        money = {fund.programme: fund.pence_per_week for fund in found.spec.funding if fund.from_week == week}
        slots = [slot for slot, share in enumerate(plan.programme_shares) if share > 0.0]
        yearly = sum(money[slot] for slot in slots) * 52 / 100.0
        assert grown[quarter - 1].reinvested + yearly == pytest.approx(4.0 * own[quarter - 1].reinvested, rel=1e-3)
        assert max(money.values()) == pytest.approx(3.0 * min(money.values()), rel=0.01)
    assert found.topped_up > 0.0


def test_a_smaller_plan_automates_less_and_gets_no_new_money(written):
    plan = written(OFFSET)
    found = scaled_plan(plan, written("", "nothing"), 0.5)
    assert [task.share for task in found.spec.automation] == [0.3, 0.35]
    assert (found.spec.funding, found.topped_up, found.limits) == ((), 0.0, ())


def test_automation_grows_by_what_the_plan_adds_to_its_base(written):
    entry = "  - {{service: gp_practice, task: appointment_booking, share: {} %, from_week: 0, ramp_weeks: 0}}\n"
    base, plan = (written(f"automate:\n{entry.format(share)}", name) for share, name in ((10, "some"), (15, "more")))
    assert [task.share for task in scaled_plan(plan, base, 2.0).spec.automation] == pytest.approx([0.20])
    assert [task.share for task in scaled_plan(base, base, 2.0).spec.automation] == [0.10]


def test_what_the_base_has_too_is_left_alone(written):
    base = written(f"funding:\n{CAFE}", "with_cafe")
    plan = written(f"funding:\n{CAFE}  - {{programme: befriending, kind: new_money, payer: nhs, units: 2}}\n")
    own, more = plan.funding, scaled_plan(plan, base, 3.0).spec.funding
    assert more[0] == own[0]
    assert more[1].pence_per_week == pytest.approx(3 * own[1].pence_per_week, abs=1.0)


def test_promised_posts_grow_although_the_release_does_not(written):
    plan = written(f"{OFFSET}commitments:\n  - {{programme: health_connectors, units: 0.01, from_week: 26}}\n")
    found = scaled_plan(plan, written("", "nothing"), 5.0).spec
    slot = plan.commitments[0].programme
    paid = [
        fund for fund in found.funding if fund.programme == slot and fund.from_week == 26 and fund.until_week == 104
    ]
    cost = plan.programmes[slot].central("unit_cost")
    posts = found.commitments[0].units + sum(fund.pence_per_week for fund in paid) * 52 / 100.0 / cost
    assert posts == pytest.approx(0.05, rel=1e-3)
    assert 0.01 < found.commitments[0].units < 0.05


def test_a_cut_stops_where_no_hours_are_left_and_a_surge_at_all_adults(written):
    cut = written(
        "staffing:\n  - {service: gp_practice, role: clinician, hours_per_week: -10, reason: A cut}\n"
        "volunteer_surge: {from_week: 0, weeks: 26, extra_share_of_adults: 20 %, hours_per_week: 2, reason: Many, "
        "source: A guess}\n"
    )
    found = scaled_plan(cut, written("", "nothing"), 50.0)
    assert {limit.kind for limit in found.limits} == {"staff hours", "volunteer surge"}
    (hours,) = [limit.most for limit in found.limits if limit.kind == "staff hours"]
    assert found.spec.staffing[0].hours_per_week == -hours > -500.0
    assert found.spec.volunteer_surge.extra_share == 1.0
    assert Limit("volunteer surge", "", 1.0) in found.limits


def test_a_changed_evidence_value_is_named_as_not_growing(written):
    plan = written("changes:\n  contacts.realisation_rate: {value: 0.45, reason: A pilot}\n")
    assert unscaled(plan.scenario, small_spec().scenario) == ("changed evidence values",)
    assert unscaled(small_spec().scenario, small_spec().scenario) == ()


@pytest.mark.parametrize("multiple", [0.0, -1.0, float("nan"), 1001.0])
def test_a_multiple_is_above_nothing(multiple, messages):
    with pytest.raises(ValueError) as refused:  # noqa: PT011
        scaled_plan(small_spec("frome"), small_spec(), multiple)
    messages.check(refused.value)
