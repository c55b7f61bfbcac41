"""Drafts: forms from the models, edits that keep comments and style, and the checks of files."""

from __future__ import annotations

from pathlib import Path

import pytest
from dash import html

from dashboard.application.pages.build.page import first_cards
from dashboard.building import edits, facts
from dashboard.building.check import check
from dashboard.building.difference import differences, line_difference
from dashboard.building.facts import ledger_bar, whole_run
from dashboard.building.forms import fields_of
from dashboard.building.text import data_of, new_text, with_value, without
from simulator.api import load, specify_comparable
from simulator.errors import ScenarioError
from simulator.foundations.categories import TASKS
from simulator.places import load_place
from simulator.scenario.files import SHIPPED_FOLDER
from simulator.scenario.parts import (
    ROLES_OF,
    AutomationEntry,
    Calendar,
    Commitment,
    Funding,
    Reinvestment,
    Spread,
    StaffingEntry,
    VolunteerSurge,
)
from simulator.scenario.scenario import Scenario, scenario_names
from simulator.specification.spec import expected_release

PARTS = {
    "automate": AutomationEntry,
    "funding": Funding,
    "commitments": Commitment,
    "staffing": StaffingEntry,
    "reinvest": Reinvestment,
    "calendar": Calendar,
    "volunteer_surge": VolunteerSurge,
    "spread": Spread,
}
WALKING_GROUP = Path(__file__).parents[2] / "helpers" / "walking_group.yaml"
COMMENTED = """\
# Why this plan: agreed in March.
name: my_plan
title: My plan
question: What if?
extends: baseline
automate:
  # Reception asked for this one first.
  - {service: gp_practice, task: appointment_booking, share: 60 %, from_week: 0, ramp_weeks: 52} # firm
  - {service: gp_practice, task: test_result, share: 50 %, from_week: 26, ramp_weeks: 52}
reinvest:
  share: 85 %
  programmes: {health_connectors: 100 %}
"""


def checked(text, tmp_path, base="baseline"):
    return check(text, tmp_path / "draft.yaml", load(base), load_place("frome"))


def edited(text, tmp_path, path, value):
    found = checked(text, tmp_path)
    return edits.set_field(text, found.own, found.whole, path, value)


@pytest.mark.parametrize(("part", "model"), PARTS.items())
def test_a_form_has_every_plain_field_of_its_model(part, model):
    nested = {"programmes"} if model is Reinvestment else set()
    fields = {field.name: field for field in fields_of(model)}
    assert set(fields) == set(model.model_fields) - nested
    for name, info in model.model_fields.items():
        if name not in nested:
            assert fields[name].description == info.description
            assert fields[name].required == info.is_required()


def test_choices_follow_the_field_that_decides_them():
    role = next(field for field in fields_of(StaffingEntry) if field.name == "role")
    assert role.offered({"service": "hospital"}) == ROLES_OF["hospital"]
    assert role.offered({"service": "nowhere"}) == ()


@pytest.mark.parametrize("name", scenario_names())
def test_every_shipped_scenario_can_be_opened_and_changed_and_is_then_still_what_it_says(name, tmp_path):
    text = (SHIPPED_FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
    changed = with_value(text, ("title",), "Another title")
    before, after = data_of(text), data_of(changed)
    assert {**before, "title": "Another title"} == after
    comments = [line for line in text.splitlines() if line.startswith("#")]
    assert [line for line in changed.splitlines() if line.startswith("#")] == comments


def test_an_edit_changes_its_own_line_and_keeps_every_comment(tmp_path):
    changed = edited(COMMENTED, tmp_path, ("automate", 0, "share"), "55 %")
    assert changed == COMMENTED.replace("share: 60 %", "share: 55 %")
    assert without(COMMENTED, ("automate", 1)) == COMMENTED.replace(COMMENTED.splitlines(keepends=True)[8], "")


def test_a_part_that_is_inherited_is_taken_over_by_its_first_edit_and_can_be_given_back(tmp_path):
    text = edits.extending(load("relational_offset_today"), "my_plan")
    found = checked(text, tmp_path)
    assert edits.inherits(found.own, found.whole, "automate")
    assert found.scenario is not None
    changed = edited(text, tmp_path, ("automate", 1, "share"), "10 %")
    shares = [entry["share"] for entry in data_of(changed)["automate"]]
    assert shares == ["60 %", "10 %", "50 %", "50 %", "70 %"]
    again = checked(changed, tmp_path)
    assert edits.reset_part(changed, again.own, "automate") == text


def test_entries_are_added_and_removed_and_an_empty_list_stays(tmp_path):
    text = COMMENTED
    for part in ("funding", "commitments", "staffing", "calendar", "volunteer_surge", "spread"):
        found = checked(text, tmp_path)
        text = edits.added(text, found.own, found.whole, part)
        assert part in data_of(text)
    order = [name for name in Scenario.model_fields if name in data_of(text)]
    assert list(data_of(text)) == order
    found = checked(text, tmp_path)
    text = edits.removed(text, found.own, found.whole, ("funding", 0))
    assert data_of(text)["funding"] == []


def test_an_evidence_value_begins_at_what_it_is_and_needs_a_reason(tmp_path):
    text = edits.with_change(COMMENTED, data_of(COMMENTED), "contacts.realisation_rate")
    found = checked(text, tmp_path)
    assert [problem.field for problem in found.problems] == ["changes.contacts.realisation_rate.reason"]
    text = edited(text, tmp_path, ("changes", "contacts.realisation_rate", "reason"), "Our own pilot")
    assert checked(text, tmp_path).problems == ()
    table = edits.with_change(COMMENTED, data_of(COMMENTED), "digital.offline_share")
    assert list(data_of(table)["changes"]["digital.offline_share"]["value"]) == ["0-4"]
    assert edits.with_change(COMMENTED, data_of(COMMENTED), "no.such_value") == COMMENTED


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        (("automate", 0, "share"), "120 %", "automate[0].share"),
        (("automate", 0, "share"), "99 %", "automate[0].share"),
        (("automate", 0, "ramp_weeks"), 1.5, "automate[0].ramp_weeks"),
        (("automate", 0, "service"), "hospital", "automate[0].task"),
        (("reinvest", "programmes", "talking_cafes"), "5 %", "reinvest.programmes"),
        (("name",), "My plan", "name"),
        (("question",), None, "question"),
        (("calendar", "starts"), "soon", "calendar.starts"),
        (("extends",), "../elsewhere.yaml", "extends"),
        (("extends",), "/etc/passwd.yaml", "extends"),
        (("programmes", 0), "../../x.yaml", "programmes[0]"),
        (("place",), "/etc/place.yaml", "place"),
        (("extends",), "nothing_here", "extends"),
    ],
)
def test_a_problem_is_reported_at_its_field_as_in_a_file(tmp_path, path, value, field, messages):
    found = checked(edited(COMMENTED, tmp_path, path, value), tmp_path)
    messages.check(" ".join(problem.wrong for problem in found.problems_at(field)))
    assert found.spec is None
    if value == "120 %":
        file = tmp_path / "my_plan.yaml"
        file.write_text(found.text, encoding="utf-8")
        with pytest.raises(ScenarioError) as caught:
            load(file)
        assert [problem.wrong for problem in caught.value.problems] == [problem.wrong for problem in found.problems]


def test_invalid_yaml_is_reported_by_line_and_anchors_and_tags_are_refused(tmp_path, messages):
    assert checked("a: [", tmp_path).problems[0].line == 1
    assert not checked("a: [", tmp_path).legible
    messages.check(checked("name: !!python/object:os.system x\n", tmp_path).problems[0].wrong)
    messages.check(checked("name: &a x\n", tmp_path).problems[0].wrong)
    messages.check(checked("- 1\n", tmp_path).problems[0].wrong)
    with messages.raised(ScenarioError):
        with_value("name: !!python/object:os.system x\n", ("title",), "x")


def test_what_cannot_be_compared_is_reported(tmp_path, messages):
    text = COMMENTED + "calendar: {starts: 2020-01-01, years: 5}\n"
    found = checked(text, tmp_path, base="frome")
    messages.check(found.problems[0].wrong)


def test_the_ledger_bar_is_the_expected_release_and_adds_up():
    bar = ledger_bar(specify_comparable([load("relational_offset")], place="frome").specs[0])
    assert bar is not None
    assert bar.released == pytest.approx(bar.reinvested + bar.saved + bar.absorbed)
    assert bar.released == pytest.approx(bar.automated - bar.rework - bar.technology)
    assert bar.released > 0.0
    spec = specify_comparable([load("relational_offset")], place="frome").specs[0]
    whole = whole_run(spec)
    assert whole.released == pytest.approx(whole.reinvested + whole.saved + whole.absorbed)
    quarters = expected_release(spec)
    assert whole.saved == pytest.approx(sum(one.saved for one in quarters) / 4.0)
    dear = {"value": dict.fromkeys(TASKS, 20.0), "reason": "technology that costs more than it frees"}
    text = {**load("automate_the_wrong_thing").model_dump(mode="json", exclude_unset=True), "name": "dear"}
    dearly = Scenario.model_validate({**text, "changes": {"contacts.technology_cost_per_contact": dear}})
    wrong = ledger_bar(specify_comparable([dearly], place="frome").specs[0])
    assert wrong is not None
    assert wrong.released < 0.0
    assert wrong.released == pytest.approx(wrong.reinvested + wrong.saved + wrong.absorbed, abs=1.0)
    assert ledger_bar(specify_comparable([load("baseline")], place="frome").specs[0]) is None


def test_differences_name_what_differs_and_nothing_else():
    offset, cautious = load("relational_offset"), load("automation_only")
    assert differences(offset, offset) == ()
    found = differences(cautious, offset)
    assert [(one.part, one.what, one.before, one.after) for one in found][:1] == [("Reinvest", "share", "0 %", "85 %")]
    assert line_difference("a\n", "b\n", ("then", "now")).splitlines()[-2:] == ["-a", "+b"]


def test_facts_say_value_range_unit_and_source(messages):
    ceiling = facts.ceiling_fact("gp_practice", "test_result")
    assert ceiling is not None
    messages.check(ceiling.said)
    assert "%" in ceiling.said
    assert ceiling.source
    cost = facts.cost_fact("health_connectors")
    assert cost is not None
    assert cost.said.startswith("£")
    assert facts.hour_fact("gp_practice", "receptionist") is not None
    for nothing in (facts.ceiling_fact("moon", "x"), facts.cost_fact("x"), facts.hour_fact("a", "b")):
        assert nothing is None
    assert facts.evidence_fact("no.such") is None


def test_a_new_text_reads_back():
    content = {"name": "x", "title": "T: with a colon", "question": "q?", "automate": []}
    assert data_of(new_text(content)) == content


def test_a_page_opens_with_its_first_card_and_the_headings_of_the_entries_of_the_second_and_loses_nothing():
    entries = [html.Details([html.Summary(str(number)), html.P("field")], className="entry") for number in range(3)]
    second = html.Section([html.H2("Second"), *entries, html.Div("Add")], className="card")
    others = [html.Section([html.H2(str(number))], className="card") for number in range(7)]
    opened = first_cards([others[0], second, *others[1:]])
    heading, *folded, add = vars(opened[1])["children"]
    assert (heading.children, add.children) == ("Second", "Add")
    for entry, shown in zip(entries, folded, strict=True):
        summary, waiting = shown.children
        assert (summary, waiting.children) == (entry.children[0], entry.children[1:])
    assert [one for part in opened[2:] for one in part.children] == others[1:]
    assert first_cards([others[0], others[1]])[0] == others[0]
