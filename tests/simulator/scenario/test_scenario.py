"""What a scenario file may say by itself, and how each fault is told."""

from __future__ import annotations

import datetime
import pickle
from pathlib import Path

import pytest

from simulator.errors import ScenarioError, UnknownNameError
from simulator.scenario.scenario import Scenario, load_scenario, scenario_names

HEAD = "name: plan\ntitle: Plan\nquestion: What if?\n"
TASK = "{service: gp_practice, task: test_result, share: 50 %, ramp_weeks: 13}"


def write(folder: Path, body: str, name: str = "plan") -> Path:
    path = folder / f"{name}.yaml"
    path.write_text(HEAD.replace("plan", name) + body, encoding="utf-8")
    return path


def told(folder: Path, body: str) -> str:
    """The one problem of a file with this body, as a reader sees it; body begins on line 4."""
    with pytest.raises(ScenarioError) as caught:
        load_scenario(write(folder, body))
    assert len(caught.value.problems) == 1, str(caught.value)
    return str(caught.value.problems[0]).removeprefix(f"{folder.as_posix()}/")


def test_the_least_scenario_changes_nothing(tmp_path: Path) -> None:
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


def test_automation_only_automates_what_the_offset_does_and_banks_it() -> None:
    offset, banked = load_scenario("relational_offset"), load_scenario("automation_only")
    assert banked.automate == offset.automate
    assert (offset.reinvest.share, banked.reinvest.share) == (0.85, 0.0)


def test_shares_are_written_as_percentages_or_numbers(tmp_path: Path) -> None:
    first = load_scenario(write(tmp_path, "reinvest: {share: 85 %, programmes: {talking_cafes: 100%}}"))
    second = load_scenario(write(tmp_path, "reinvest: {share: 0.85, programmes: {talking_cafes: 1}}"))
    assert first == second
    assert first.hash == second.hash


def test_the_hash_knows_every_number(tmp_path: Path) -> None:
    first = load_scenario(write(tmp_path, f"automate: [{TASK}]"))
    second = load_scenario(write(tmp_path, f"automate: [{TASK.replace('13', '26')}]"))
    assert len(first.hash) == 8
    assert first != second
    assert first.hash != second.hash


def test_a_scenario_survives_pickling_and_can_be_a_key() -> None:
    scenario = load_scenario("relational_offset")
    again = pickle.loads(pickle.dumps(scenario))
    assert again == scenario
    assert again.hash == scenario.hash
    assert len({scenario, again}) == 1
    problem = again.problem(("automate", 0, "share"), "wrong", "right")
    assert problem.line == 16


def test_a_scenario_is_frozen_and_says_so() -> None:
    scenario = load_scenario("baseline")
    with pytest.raises(AttributeError, match=r"Scenario is frozen; cannot set 'title'. Write a scenario file that ext"):
        scenario.title = "Other"
    with pytest.raises(AttributeError, match="cannot set 'share'"):
        scenario.reinvest.share = 0.5
    with pytest.raises(AttributeError, match="cannot set 'place'"):
        del scenario.place
    with pytest.raises(TypeError):
        load_scenario("relational_offset").reinvest.programmes["talking_cafes"] = 1.0  # type: ignore[index]


def test_an_unknown_name_is_told_with_the_nearest() -> None:
    with pytest.raises(
        UnknownNameError, match=r"there is no scenario 'relasional_offset'. Did you mean 'relational_of"
    ):
        load_scenario("relasional_offset")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            "automat: []",
            "plan.yaml, line 4, automat: there is no field 'automat' here. Did you mean 'automate'?.",
        ),
        (
            "automate:\n  - {service: gp_practise, task: test_result, share: 50 %, ramp_weeks: 13}",
            "plan.yaml, line 5, automate[0].service: there is no service 'gp_practise'. Did you mean 'gp_practice'?.",
        ),
        (
            "automate:\n  - {service: gp_practice, task: test_results, share: 50 %, ramp_weeks: 13}",
            "automate[0].task: gp_practice has no task 'test_results'. Did you mean 'test_result'?.",
        ),
        (
            "automate:\n  - {service: gp_practice, task: housing, share: 50 %, ramp_weeks: 13}",
            "automate[0].task: gp_practice has no task 'housing'. It is a task of council_contact_centre.",
        ),
        (
            "automate:\n  - {service: adult_social_care, task: housing, share: 50 %, ramp_weeks: 13}",
            "adult_social_care has no task that can be automated. Choose among gp_practice, hospital, "
            "council_contact_centre, community_hub.",
        ),
        (
            "automate:\n  - {service: gp_practice, task: test_result, share: 60, ramp_weeks: 13}",
            "line 5, automate[0].share: 60 is more than the whole. Write 60 % or 0.6.",
        ),
        (
            "automate:\n  - {service: gp_practice, task: test_result, share: 160 %, ramp_weeks: 13}",
            "automate[0].share: '160 %' is more than the whole. Write 100 % or less.",
        ),
        (
            "automate:\n  - {service: gp_practice, task: test_result, share: -5 %, ramp_weeks: 13}",
            "automate[0].share: '-5 %' is less than nothing. Write a share from 0 % to 100 %.",
        ),
        (
            "automate:\n  - {service: gp_practice, task: test_result, share: most, ramp_weeks: 13}",
            "'most' is not a share. Write a percentage such as 60 %, or a number such as 0.6.",
        ),
        (
            "automate:\n  - {service: gp_practice, task: test_result, share: 50 %, ramp_weeks: -1}",
            "line 5, automate[0].ramp_weeks: -1 is too small. Write 0 or more.",
        ),
        (
            "automate:\n  - {service: gp_practice, task: test_result, share: 50 %}",
            "line 5, automate[0].ramp_weeks: 'ramp_weeks' is missing. Add 'ramp_weeks: ...'.",
        ),
        (
            f"automate:\n  - {TASK}\n  - {TASK}",
            "line 6, automate[1]: gp_practice.test_result is automated twice, first in entry 1. Keep one of the two.",
        ),
        (
            "calendar: {years: 1}\n"
            "automate:\n  - {service: gp_practice, task: test_result, share: 1 %, ramp_weeks: 60}",
            "ramp_weeks: 60 weeks from week 0 end in week 60, after the end at 52. Write 52 or less, "
            "begin earlier, or lengthen the calendar.",
        ),
        (
            "commitments:\n  - {programme: talking_cafes, units: 1, from_week: 260}",
            "line 5, commitments[0].from_week: week 260 is after the end: the last week is 259. Begin earlier, or "
            "lengthen the calendar.",
        ),
        (
            "funding:\n"
            "  - {programme: talking_cafes, kind: new_money, payer: nhs, units: 1, from_week: 250, weeks: 20}",
            "line 5, funding[0].weeks: 20 weeks from week 250 end in week 270, after the end at 260.",
        ),
        (
            "funding:\n  - {programme: talking_cafes, kind: pump_priming, payer: nhs, units: 1}",
            "line 5, funding[0].kind: pump priming has no end. Add 'weeks: ...', or call money that stays new_money.",
        ),
        (
            "funding:\n  - {programme: talking_cafes, kind: new_money, payer: nhs}",
            "line 5, funding[0]: no amount is given. Add 'pounds_per_year: ...' or 'units: ...'.",
        ),
        (
            "funding:\n  - {programme: talking_cafes, kind: new_money, payer: nhs, units: 1, pounds_per_year: 9}",
            "line 5, funding[0].units: the amount is given twice. Give either pounds_per_year or units.",
        ),
        (
            "funding:\n  - {programme: talking_cafe, kind: new_money, payer: nhs, units: 1}",
            "line 5, funding[0].programme: there is no programme 'talking_cafe'. Did you mean 'talking_cafes'?.",
        ),
        (
            "reinvest:\n  share: 85 %\n  programmes: {health_connectors: 45 %, talking_cafes: 45 %}",
            "line 6, reinvest.programmes: the shares add up to 90 %. Make it 100 %: add 10 %.",
        ),
        (
            "reinvest:\n  share: 85 %",
            "line 5, reinvest.share: nothing is bought with what is reinvested. Add 'programmes:' with shares.",
        ),
        (
            "reinvest:\n  share: 85 %\n  programmes: {health_conectors: 100 %}",
            "programmes.health_conectors: there is no programme 'health_conectors'. Did you mean 'health_connectors'?.",
        ),
        (
            "calendar: {weeks: 100}",
            "line 4, calendar.weeks: 100 weeks are not whole quarters. Write a multiple of 13, such as 104.",
        ),
        (
            "calendar: {weeks: 52, years: 1}",
            "line 4, calendar.weeks: the length is given twice. Give either years or weeks.",
        ),
        (
            "calendar: {starts: spring}",
            "line 4, calendar.starts: 'spring' is not a date. Write a date as 2026-04-01.",
        ),
        (
            "calendar: {starts: 0026-04-01}",
            "line 4, calendar.starts: 26 is not a calendar year. Write a date from 1900 to 2200.",
        ),
        ("place:", "line 4, place: nothing is given. Give a value, or remove the line."),
        (
            "changes:\n  care.wait_days: {value: 3 %, reason: Pilot}",
            "line 5, changes.care.wait_days.value: '3 %' is not a number. Write 0.03.",
        ),
        (
            "changes:\n  care.wait_days: {value: 1e30, reason: Pilot}",
            "line 5, changes.care.wait_days.value: 1e+30 is too large. Write a number from -1e+12 to 1e+12.",
        ),
        (
            "changes:\n  contacts.hourly_cost: {value: {gp_practice.consultation: dear}, reason: Pilot}",
            "changes.contacts.hourly_cost.value.gp_practice.consultation: 'dear' is not a number. Write a number",
        ),
        (
            "changes:\n  care.wait_days: {value: 3}",
            "line 5, changes.care.wait_days.reason: 'reason' is missing. Add 'reason: ...'.",
        ),
    ],
)
def test_a_fault_is_told_with_its_line_and_what_would_be_right(tmp_path: Path, body: str, expected: str) -> None:
    message = told(tmp_path, body)
    assert message.startswith("plan.yaml, line ")
    assert expected.replace("?.", "?") in message.replace("?.", "?")


def test_a_bad_name_is_told(tmp_path: Path) -> None:
    path = tmp_path / "plan.yaml"
    path.write_text(HEAD.replace("name: plan", "name: My plan"), encoding="utf-8")
    with pytest.raises(
        ScenarioError, match=r"line 1, name: 'My plan' is not a name. Use small letters, digits and und"
    ):
        load_scenario(path)


def test_all_faults_of_a_file_are_told_at_once_in_file_order(tmp_path: Path) -> None:
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
    assert str(caught.value).startswith("5 problems in this scenario file:\n  ")


def test_a_scenario_made_in_code_is_held_to_the_same_rules() -> None:
    task = {"service": "gp_practice", "task": "test_result", "share": 0.5, "ramp_weeks": 13}
    with pytest.raises(ValueError, match="automated twice"):
        Scenario.model_validate({"name": "a", "title": "A", "question": "?", "automate": [task, task]})
