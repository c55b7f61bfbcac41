"""A user's own programme, from two files to results, as documented, with every error on the way."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dashboard.command_line.commands import app
from simulator.description.describe import describe
from simulator.errors import ScenarioError
from simulator.foundations.categories import PROGRAMMES
from simulator.model.simulation import simulate
from simulator.programme_files import load_programme
from simulator.scenario.scenario import load_scenario
from simulator.specification.spec import Spec, build_spec
from tests.helpers.messages import about
from tests.helpers.support import small_place, small_spec

PAGE = (Path(__file__).parents[3] / "docs" / "programmes.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(name: .*?)```", PAGE, re.DOTALL)


ALSO = "  - {programme: befriending, kind: new_money, payer: nhs, units: 1}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    club, gardens = EXAMPLES
    (tmp_path / "garden_club.yaml").write_text(club, encoding="utf-8")
    (tmp_path / "gardens.yaml").write_text(gardens, encoding="utf-8")
    return tmp_path


def rewrite(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def refused(messages, folder: Path, at: str) -> None:
    with messages.raised(ScenarioError, at):
        build_spec(load_scenario(folder / "gardens.yaml"))


def test_the_example_of_the_documentation_runs_from_end_to_end(folder: Path, messages) -> None:
    done = CliRunner().invoke(app, ["validate", str(folder / "garden_club.yaml"), str(folder / "gardens.yaml")])
    assert done.exit_code == 0, done.output
    messages.check(done.output)
    frames = simulate(build_spec(load_scenario(folder / "gardens.yaml"), small_place(), weeks=52), seed=1)
    rows = frames.programmes.set_index("quarter")
    assert set(rows["programme"]) == {"garden_club"}
    assert rows["pence"].sum() == pytest.approx(3 * 9000 * 100, rel=1e-3)
    assert rows["engagements"].sum() > 0
    assert rows["offers"].sum() > rows["engagements"].sum()
    assert rows["member_weeks"].sum() > 10 * rows["engagements"].sum()
    assert frames.parameters["programme.garden_club.duration"] == 30.0


def test_the_page_names_every_shipped_programme_and_field() -> None:
    for name in PROGRAMMES:
        assert f"`{name}`" in PAGE
    fields = {"randomise", "channel", "ties", "introduces", "care_plan", "adds", "trains", "volunteer_asks", "waiting"}
    assert all(f"`{field}" in PAGE for field in fields)


def test_parameters_of_a_programme_are_drawn_by_its_path(folder: Path) -> None:
    spec = build_spec(load_scenario(folder / "gardens.yaml"), small_place(), weeks=13)
    drawn = [spec.programme_numbers(draw)[3] for draw in range(40)]
    assert len({numbers["engagement"] for numbers in drawn}) == 40
    assert {numbers["duration"] for numbers in drawn} == {30.0}
    rewrite(
        folder / "gardens.yaml",
        "units: 3}",
        "units: 3}\n  - {programme: befriending, kind: new_money, payer: nhs, units: 1}",
    )
    beside = build_spec(load_scenario(folder / "gardens.yaml"), small_place(), weeks=13)
    assert [plan.name for plan in beside.programmes[3:]] == ["befriending", "garden_club"]
    assert [beside.programme_numbers(draw)[4] for draw in range(40)] == drawn, "in whatever slot"


def test_numbers_of_programmes_can_be_changed_by_their_present_or_former_path(folder: Path) -> None:
    changes = "changes:\n  programme.garden_club.caseload: {value: 50, reason: More tables}\n"
    with (folder / "gardens.yaml").open("a", encoding="utf-8") as file:
        file.write(changes)
    spec = build_spec(load_scenario(folder / "gardens.yaml"))
    assert spec.programmes[3].central("caseload") == 50.0
    value = spec.programmes[3].values["programme.garden_club.caseload"]
    assert (value.distribution, value.source) == ("fixed", "More tables")
    new = small_spec(changes={"programme.health_connectors.lag": 3.0, "programme.talking_cafes.contacts_per_week": 0.9})
    old = small_spec(changes={"programmes.lag": {"health_connectors": 3.0}, "programmes.attendance": 0.9})
    assert new.programmes == old.programmes
    assert new.programmes != small_spec().programmes
    assert new.evidence == small_spec().evidence


@pytest.mark.parametrize(
    ("file", "old", "new", "at"),
    [
        (
            "gardens.yaml",
            "programme: garden_club",
            "programme: garden_clubs",
            "8 funding[0].programme",
        ),
        (
            "gardens.yaml",
            "[garden_club.yaml]",
            "[garden_club.yaml, more/garden_club.yaml]",
            "6 programmes[1]",
        ),
        (
            "gardens.yaml",
            "[garden_club.yaml]",
            "[befriending]",
            "6 programmes[0]; 8 funding[0].programme",
        ),
        (
            "gardens.yaml",
            "[garden_club.yaml]",
            "[rose_club.yaml]",
            "6 programmes[0]",
        ),
        (
            "gardens.yaml",
            "[garden_club.yaml]",
            "[5, more/gone.yaml]",
            "6 programmes[0]; 6 programmes[1]",
        ),
        ("garden_club.yaml", "caseload: 15", "caseload: many", "16 caseload"),
        (
            "garden_club.yaml",
            "duration: 30",
            "duration: 30\nintroduces: talking_cafe\nintroduction: 0.1",
            "22 introduces",
        ),
        (
            "gardens.yaml",
            "extends: baseline",
            "extends: baseline\nchanges:\n  programme.garden_club.caselod: {value: 3, reason: Fewer}",
            "6 changes.programme.garden_club.caselod",
        ),
        (
            "gardens.yaml",
            "extends: baseline",
            "extends: baseline\nchanges:\n  programme.garden_club.engagement: {value: 3, reason: Fewer}",
            "6 changes.programme.garden_club.engagement",
        ),
    ],
)
def test_a_problem_is_reported_with_its_place_in_the_file(
    folder: Path, file: str, old: str, new: str, at: str, messages
) -> None:
    rewrite(folder / file, old, new)
    with messages.raised(ScenarioError, at):
        build_spec(load_scenario(folder / "gardens.yaml"))


def test_a_missing_programme_file_is_reported(folder: Path, messages) -> None:
    (folder / "garden_club.yaml").rename(folder / "garden_clubs.yaml")
    refused(messages, folder, "6 programmes[0]")


def test_a_missing_programme_file_is_reported_before_unknown_names_from_it(folder: Path, messages) -> None:
    rewrite(folder / "gardens.yaml", "[garden_club.yaml]", "[garden_clubs.yaml]")
    rewrite(folder / "gardens.yaml", "extends: baseline", "extends: baseline\ncalendar: 5")
    refused(messages, folder, "5 calendar; 7 programmes[0]")


def test_a_broken_link_to_a_programme_file_is_reported(folder: Path, messages) -> None:
    (folder / "garden_club.yaml").unlink()
    (folder / "garden_club.yaml").symlink_to("gone.yaml")
    refused(messages, folder, "6 programmes[0]")


def test_a_run_has_room_for_eight_programmes(folder: Path, messages) -> None:
    names = PROGRAMMES[3:8]
    lines = "".join(f"  - {{programme: {name}, kind: new_money, payer: nhs, units: 1}}\n" for name in names)
    with (folder / "gardens.yaml").open("a", encoding="utf-8") as file:
        file.write(lines)
    refused(messages, folder, "1")


def test_programme_files_are_found_in_the_folder_of_the_scenario(folder: Path) -> None:
    inner = folder / "inner"
    inner.mkdir()
    text = "name: more\ntitle: More\nquestion: More?\nextends: ../gardens.yaml\n"
    (inner / "more.yaml").write_text(text, encoding="utf-8")
    assert build_spec(load_scenario(inner / "more.yaml")).programmes[3].name == "garden_club"


def test_programmes_are_described(folder: Path, messages) -> None:
    table = describe("programmes")
    assert list(table["name"]) == list(PROGRAMMES)
    by_name = table.set_index("name")
    messages.check(by_name.loc["trusted_adult", "for_whom"])
    messages.check(by_name.loc["home_care_hours", "for_whom"])
    assert by_name.loc["health_connectors", "cost"] == "£45,600 a year"
    numbers = describe("programmes", "befriending")
    assert len(numbers) == len(load_programme("befriending").values)
    everything = describe("evidence")
    assert "programme.health_connectors.caseload" in set(everything["path"])
    messages.check(about(describe("model"), "befriending.duration"))


def spec_of(folder: Path) -> Spec:
    return build_spec(load_scenario(folder / "gardens.yaml"), small_place(), weeks=13)


def test_a_scenario_that_lists_a_file_and_pays_for_nothing_in_it_runs_without(folder: Path) -> None:
    rewrite(folder / "gardens.yaml", "programme: garden_club", "programme: talking_cafes")
    assert len(spec_of(folder).programmes) == 3
