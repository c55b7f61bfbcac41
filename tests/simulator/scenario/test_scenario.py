"""Single scenario files: valid contents, and messages for problems."""

from __future__ import annotations

import datetime
import pickle
from pathlib import Path

import pytest

from simulator.errors import ScenarioError, UnknownNameError
from simulator.evidence import load_evidence
from simulator.foundations.categories import CONSULTATION, PAPERWORK, TASKS
from simulator.scenario.files import find_scenario
from simulator.scenario.scenario import Scenario, load_scenario, scenario_names

HEAD = "name: plan\ntitle: Plan\nquestion: What if?\n"
TASK = "{service: gp_practice, task: test_result, share: 50 %, ramp_weeks: 13}"


def write(folder: Path, body: str, name: str = "plan") -> Path:
    path = folder / f"{name}.yaml"
    path.write_text(HEAD.replace("plan", name) + body, encoding="utf-8")
    return path


def test_a_minimal_scenario_changes_nothing(tmp_path: Path) -> None:
    scenario = load_scenario(write(tmp_path, ""))
    assert (scenario.starts, scenario.weeks) == (datetime.date(2026, 4, 1), 260)
    assert (scenario.automate, scenario.funding, scenario.commitments) == ((), (), ())
    assert scenario.reinvest.share == 0.0
    assert not scenario.changes


def test_every_shipped_scenario_loads_by_name_and_by_path() -> None:
    names = scenario_names()
    first = {
        "automate_the_wrong_thing",
        "automation_only",
        "baseline",
        "candles",
        "frome",
        "relational_offset",
        "rollout",
    }
    assert first <= set(names)
    folder = Path(__file__).parents[3] / "scenarios"
    for name in names:
        assert load_scenario(name) == load_scenario(folder / f"{name}.yaml")
        assert load_scenario(name).name == name


def test_frome_runs_on_its_own_calendar_and_automates_nothing() -> None:
    frome = load_scenario("frome")
    last_day = frome.starts + datetime.timedelta(weeks=frome.weeks)
    assert frome.starts == datetime.date(2013, 4, 1)
    assert datetime.date(2017, 12, 15) < last_day < datetime.date(2018, 1, 1)
    assert frome.automate == ()
    primed = sum(fund.pounds_per_year or 0 for fund in frome.funding if fund.kind == "pump_priming")
    assert primed == 110_000


def test_automation_only_saves_what_the_relational_offset_reinvests() -> None:
    offset, saved = load_scenario("relational_offset"), load_scenario("automation_only")
    assert saved.automate == offset.automate
    assert (offset.reinvest.share, saved.reinvest.share) == (0.85, 0.0)


def test_the_relational_offset_automates_every_transactional_task_up_to_its_ceiling() -> None:
    evidence = load_evidence()
    ceilings = {}
    for topic, tasks in (("contacts", TASKS), ("paperwork", PAPERWORK)):
        ceilings |= dict(zip(tasks, evidence[f"{topic}.automation_ceiling"].value, strict=True))
    ceilings.pop(TASKS[CONSULTATION])
    assert {task.path: task.share for task in load_scenario("relational_offset").automate} == pytest.approx(ceilings)


def test_national_claims_at_their_word_are_the_net_saving_shared_out_by_population() -> None:
    evidence = load_evidence()
    each = evidence["wider.claimed_net_saving"].value / evidence["wider.uk_population"].value
    spent = sum(fund.pounds_per_resident for fund in load_scenario("relational_offset_as_claimed").funding)
    assert spent == pytest.approx(each, abs=0.6)


def test_shares_are_written_as_percentages_or_numbers(tmp_path: Path) -> None:
    first = load_scenario(write(tmp_path, "reinvest: {share: 85 %, programmes: {talking_cafes: 100%}}"))
    second = load_scenario(write(tmp_path, "reinvest: {share: 0.85, programmes: {talking_cafes: 1}}"))
    assert first == second
    assert first.hash == second.hash


def test_the_hash_depends_on_every_number(tmp_path: Path) -> None:
    first = load_scenario(write(tmp_path, f"automate: [{TASK}]"))
    second = load_scenario(write(tmp_path, f"automate: [{TASK.replace('13', '26')}]"))
    assert len(first.hash) == 8
    assert first != second
    assert first.hash != second.hash


def test_a_scenario_survives_pickling_and_can_be_a_key() -> None:
    scenario = load_scenario("relational_offset_today")
    again = pickle.loads(pickle.dumps(scenario))
    assert again == scenario
    assert again.hash == scenario.hash
    assert len({scenario, again}) == 1
    problem = again.problem(("automate", 0, "share"), "wrong", "right")
    lines = find_scenario("relational_offset_today").read_text(encoding="utf-8").splitlines()
    assert "share: 60 %" in lines[problem.line - 1]


def test_changing_a_frozen_scenario_is_an_error(messages) -> None:
    scenario = load_scenario("baseline")
    with messages.raised(AttributeError):
        scenario.title = "Other"
    with messages.raised(AttributeError):
        scenario.reinvest.share = 0.5
    with messages.raised(AttributeError):
        del scenario.place
    with pytest.raises(TypeError):
        load_scenario("relational_offset_today").reinvest.programmes["talking_cafes"] = 1.0  # type: ignore[index]


def test_an_unknown_name_is_reported_with_the_nearest(messages) -> None:
    with messages.raised(UnknownNameError):
        load_scenario("relasional_offset")


@pytest.mark.parametrize(
    ("body", "at"),
    [
        ("automat: []", "4 automat"),
        (
            "automate:\n  - {service: gp_practise, task: test_result, share: 50 %, ramp_weeks: 13}",
            "5 automate[0].service",
        ),
        (
            "automate:\n  - {service: gp_practice, task: test_results, share: 50 %, ramp_weeks: 13}",
            "5 automate[0].task",
        ),
        ("automate:\n  - {service: gp_practice, task: housing, share: 50 %, ramp_weeks: 13}", "5 automate[0].task"),
        (
            "automate:\n  - {service: adult_social_care, task: housing, share: 50 %, ramp_weeks: 13}",
            "5 automate[0].task",
        ),
        ("automate:\n  - {service: gp_practice, task: test_result, share: 60, ramp_weeks: 13}", "5 automate[0].share"),
        (
            "automate:\n  - {service: gp_practice, task: test_result, share: 160 %, ramp_weeks: 13}",
            "5 automate[0].share",
        ),
        (
            "automate:\n  - {service: gp_practice, task: test_result, share: -5 %, ramp_weeks: 13}",
            "5 automate[0].share",
        ),
        (
            "automate:\n  - {service: gp_practice, task: test_result, share: most, ramp_weeks: 13}",
            "5 automate[0].share",
        ),
        (
            "automate:\n  - {service: gp_practice, task: test_result, share: 50 %, ramp_weeks: -1}",
            "5 automate[0].ramp_weeks",
        ),
        ("automate:\n  - {service: gp_practice, task: test_result, share: 50 %}", "5 automate[0].ramp_weeks"),
        (f"automate:\n  - {TASK}\n  - {TASK}", "6 automate[1]"),
        (
            "calendar: {years: 1}\n"
            "automate:\n  - {service: gp_practice, task: test_result, share: 1 %, ramp_weeks: 60}",
            "6 automate[0].ramp_weeks",
        ),
        ("commitments:\n  - {programme: talking_cafes, units: 1, from_week: 260}", "5 commitments[0].from_week"),
        (
            "funding:\n"
            "  - {programme: talking_cafes, kind: new_money, payer: nhs, units: 1, from_week: 250, weeks: 20}",
            "5 funding[0].weeks",
        ),
        ("funding:\n  - {programme: talking_cafes, kind: pump_priming, payer: nhs, units: 1}", "5 funding[0].kind"),
        ("funding:\n  - {programme: talking_cafes, kind: new_money, payer: nhs}", "5 funding[0]"),
        (
            "funding:\n  - {programme: talking_cafes, kind: new_money, payer: nhs, units: 1, pounds_per_year: 9}",
            "5 funding[0].units",
        ),
        ("funding:\n  - {programme: talking_cafe, kind: new_money, payer: nhs, units: 1}", "5 funding[0].programme"),
        (
            "reinvest:\n  share: 85 %\n  programmes: {health_connectors: 45 %, talking_cafes: 45 %}",
            "6 reinvest.programmes",
        ),
        ("reinvest:\n  share: 85 %", "5 reinvest.share"),
        ("reinvest:\n  share: 85 %\n  programmes: {health_conectors: 100 %}", "6 reinvest.programmes.health_conectors"),
        ("calendar: {weeks: 100}", "4 calendar.weeks"),
        ("calendar: {weeks: 52, years: 1}", "4 calendar.weeks"),
        ("calendar: {starts: spring}", "4 calendar.starts"),
        ("calendar: {starts: 0026-04-01}", "4 calendar.starts"),
        ("place:", "4 place"),
        ("changes:\n  care.wait_days: {value: 3 %, reason: Pilot}", "5 changes.care.wait_days.value"),
        ("changes:\n  care.wait_days: {value: 1e30, reason: Pilot}", "5 changes.care.wait_days.value"),
        (
            "changes:\n  contacts.hourly_cost: {value: {gp_practice.consultation: dear}, reason: Pilot}",
            "5 changes.contacts.hourly_cost.value.gp_practice.consultation",
        ),
        ("changes:\n  care.wait_days: {value: 3}", "5 changes.care.wait_days.reason"),
    ],
)
def test_a_problem_is_reported_with_its_line_and_what_would_be_right(
    tmp_path: Path, body: str, at: str, messages
) -> None:
    with messages.raised(ScenarioError, at):
        load_scenario(write(tmp_path, body))


def test_a_bad_name_is_reported(tmp_path: Path, messages) -> None:
    path = tmp_path / "plan.yaml"
    path.write_text(HEAD.replace("name: plan", "name: My plan"), encoding="utf-8")
    with messages.raised(ScenarioError):
        load_scenario(path)


def test_all_faults_of_a_file_are_reported_at_once_in_file_order(tmp_path: Path, messages) -> None:
    body = f"""place: frome
automate:
  - {TASK.replace("gp_practice", "gp")}
  - {TASK}
  - {TASK.replace("13", "1300")}
reinvest: {{share: 60}}
fundin: []
"""
    with pytest.raises(ScenarioError) as caught:
        load_scenario(write(tmp_path, body))
    assert [(problem.line, problem.field) for problem in caught.value.problems] == [
        (6, "automate[0].service"),
        (8, "automate[2]"),
        (8, "automate[2].ramp_weeks"),
        (9, "reinvest.share"),
        (10, "fundin"),
    ]
    messages.check(caught.value)


def test_a_scenario_created_in_code_is_checked_by_the_same_rules(messages) -> None:
    task = {"service": "gp_practice", "task": "test_result", "share": 0.5, "ramp_weeks": 13}
    with messages.raised(ValueError):
        Scenario.model_validate({"name": "a", "title": "A", "question": "?", "automate": [task, task]})
