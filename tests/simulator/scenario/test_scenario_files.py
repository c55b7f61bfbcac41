"""Scenarios that extend each other, and where their files are found."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator.errors import ScenarioError
from simulator.scenario.scenario import load_scenario


def write(folder: Path, name: str, body: str) -> Path:
    path = folder / f"{name}.yaml"
    path.write_text(f"name: {name}\ntitle: {name.title()}\nquestion: What if?\n{body}", encoding="utf-8")
    return path


def test_a_child_replaces_whole_fields_and_adds_changes(tmp_path: Path) -> None:
    changes = "changes:\n  care.wait_days: {value: 3, reason: A}\n  care.urgent_share: {value: 0.3, reason: A}\n"
    write(tmp_path, "parent", f"place: somerset\ncalendar: {{years: 2}}\n{changes}")
    child = write(
        tmp_path, "child", "extends: parent\nplace: frome\nchanges:\n  care.wait_days: {value: 4, reason: B}\n"
    )
    scenario = load_scenario(child)
    assert (scenario.name, scenario.title, scenario.place, scenario.weeks) == ("child", "Child", "frome", 104)
    assert {path: change.value for path, change in scenario.changes.items()} == {
        "care.wait_days": 4.0,
        "care.urgent_share": 0.3,
    }
    assert scenario.changes["care.wait_days"].reason == "B"


def test_name_title_and_question_are_never_inherited(tmp_path: Path, messages) -> None:
    write(tmp_path, "parent", "")
    child = tmp_path / "child.yaml"
    child.write_text("extends: parent\n", encoding="utf-8")
    with messages.raised(ScenarioError):
        load_scenario(child)


def test_a_file_in_the_scenarios_folder_takes_precedence_over_a_shipped_one(tmp_path: Path) -> None:
    write(tmp_path, "relational_offset", "place: somerset\n")
    child = write(tmp_path, "child", "extends: relational_offset\n")
    assert load_scenario(child).place == "somerset"
    assert load_scenario(child).automate == ()


def test_a_scenario_may_have_the_name_of_the_shipped_one_it_extends(tmp_path: Path) -> None:
    own = write(tmp_path, "baseline", "extends: baseline\ncalendar: {years: 1}\n")
    scenario = load_scenario(own)
    assert (scenario.place, scenario.weeks) == ("frome", 52)


def test_extends_may_name_a_file(tmp_path: Path) -> None:
    (tmp_path / "plans").mkdir()
    write(tmp_path, "parent", "place: somerset\n")
    child = write(tmp_path / "plans", "child", "extends: ../parent.yaml\n")
    assert load_scenario(child).place == "somerset"


def test_scenarios_that_extend_each_other_are_reported(tmp_path: Path, messages) -> None:
    write(tmp_path, "first", "extends: second\n")
    write(tmp_path, "second", "extends: third\n")
    write(tmp_path, "third", "extends: first\n")
    with pytest.raises(ScenarioError) as caught:
        load_scenario(tmp_path / "first.yaml")
    (problem,) = caught.value.problems
    assert problem.file.endswith("third.yaml")
    assert (problem.line, problem.field) == (4, "extends")
    messages.check(problem)


def test_an_unknown_parent_is_reported_with_the_nearest(tmp_path: Path, messages) -> None:
    child = write(tmp_path, "child", "extends: basline\n")
    with messages.raised(ScenarioError):
        load_scenario(child)


def test_a_problem_of_the_parent_is_reported_in_the_parents_file(tmp_path: Path) -> None:
    write(tmp_path, "parent", "changes:\n  care.wait_days: {value: soon, reason: A}\nreinvest: {share: 7}\n")
    child = write(
        tmp_path, "child", "extends: parent\nplace: 5\nchanges:\n  care.urgent_share: {value: x, reason: A}\n"
    )
    with pytest.raises(ScenarioError) as caught:
        load_scenario(child)
    assert [(Path(problem.file).name, problem.line, problem.field) for problem in caught.value.problems] == [
        ("child.yaml", 5, "place"),
        ("child.yaml", 7, "changes.care.urgent_share.value"),
        ("parent.yaml", 5, "changes.care.wait_days.value"),
        ("parent.yaml", 6, "reinvest.share"),
    ]


def test_a_problem_of_the_parent_that_the_child_replaces_does_not_matter(tmp_path: Path) -> None:
    write(tmp_path, "parent", "reinvest: {share: 7}\n")
    child = write(tmp_path, "child", "extends: parent\nreinvest: {share: 0 %}\n")
    assert load_scenario(child).reinvest.share == 0.0


def test_a_missing_file_is_reported_with_the_nearest(tmp_path: Path, messages) -> None:
    write(tmp_path, "my_plan", "")
    with messages.raised(ScenarioError):
        load_scenario(tmp_path / "my_plann.yaml")


def test_a_broken_link_is_reported_as_such_and_never_suggested(tmp_path: Path, messages) -> None:
    (tmp_path / "l.yaml").symlink_to("gone.yaml")
    with messages.raised(ScenarioError) as caught:
        load_scenario(tmp_path / "l.yaml")
    write(tmp_path, "child", "extends: l\n")
    for path in (tmp_path / "child.yaml", tmp_path / "l1.yaml"):
        with messages.raised(ScenarioError) as caught:
            load_scenario(path)
        assert ["'l" in problem.right for problem in caught.value.problems] == [False]


def test_a_file_that_is_a_list_is_reported(tmp_path: Path, messages) -> None:
    path = tmp_path / "plan.yaml"
    path.write_text("- name: plan\n", encoding="utf-8")
    with messages.raised(ScenarioError):
        load_scenario(path)


def test_a_place_file_is_found_in_the_scenarios_folder(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    write(tmp_path, "parent", "place: my_town.yaml\n")
    child = write(tmp_path / "deep", "child", "extends: ../parent.yaml\n")
    assert load_scenario(child).place_reference == tmp_path.resolve() / "my_town.yaml"
    assert load_scenario("baseline").place_reference == "frome"
