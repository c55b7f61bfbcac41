"""Files written by users: contents with lines, and messages for every problem."""

from __future__ import annotations

import datetime
import json
import pickle
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from simulator.errors import FileError, ScenarioError
from simulator.foundations.input_files import (
    MOST_BYTES,
    Document,
    InvalidValue,
    field_names,
    in_file_order,
    problems_from_pydantic,
    read_yaml,
    show,
)
from simulator.foundations.yaml_reader import MOST_NUMBER, YamlReader


class Automation(BaseModel):
    model_config = ConfigDict(extra="forbid")
    service: str
    share: float = Field(ge=0, le=1)
    kind: Literal["pump_priming", "new_money"] = "new_money"


class Plan(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str
    starts: datetime.date | None = None
    weeks: int = 1
    automate: tuple[Automation, ...] = ()
    named: dict[str, Automation | float] = {}

    @model_validator(mode="after")
    def _short_enough(self) -> Plan:
        if self.weeks > 52:
            raise InvalidValue(f"{self.weeks} weeks are more than a year", "Write 52 or less", ("weeks",))
        return self


def read(folder: Path, text: str | bytes) -> Document:
    path = folder / "plan.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_yaml(path, ScenarioError, "plan.yaml")


def refusal(folder: Path, text: str | bytes) -> ScenarioError:
    with pytest.raises(ScenarioError) as caught:
        read(folder, text)
    return caught.value


def faults(folder: Path, text: str) -> FileError:
    document = read(folder, text)
    with pytest.raises(ValidationError) as caught:
        Plan.model_validate(document.data)
    return FileError(problems_from_pydantic(caught.value, document, Plan))


def test_data_is_plain_and_keys_are_text(tmp_path: Path) -> None:
    document = read(
        tmp_path, "starts: 2026-04-01\n0-4: 1e-3\n1: [60 %, yes, true, null, 012]\nlong: >\n  two\n  lines\n"
    )
    assert document.data == {
        "starts": datetime.date(2026, 4, 1),
        "0-4": 0.001,
        "1": ["60 %", "yes", True, None, 12],
        "long": "two lines\n",
    }


def test_lines_of_present_and_missing_parts(tmp_path: Path) -> None:
    document = read(tmp_path, "# head\nname: x\nautomate:\n  - service: gp\n    share: 0.5\n  - {service: hub}\n")
    assert document.line(("name",)) == 2
    assert document.line(("automate", 0, "share")) == 5
    assert document.line(("automate", 1, "service")) == 6
    assert document.line(("automate", 1, "share")) == 6, "a missing field has the line of the group around it"
    assert Document("x", {}, {}).line(("name",)) is None
    assert pickle.loads(pickle.dumps(document)) == document


def test_byte_order_mark_and_document_start_are_harmless(tmp_path: Path) -> None:
    assert read(tmp_path, b"\xef\xbb\xbf---\nname: x\n...\n").data == {"name": "x"}


def test_file_is_named_relative_to_the_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "a.yaml").write_text("a: 1\n", encoding="utf-8")
    assert read_yaml(tmp_path / "inner" / "a.yaml").file == "inner/a.yaml"


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("a: 1\nb: 2\na: 3\n", "3 a"),
        ("a: &x 1\n", "1 a"),
        ("a: *x\n", "1 a"),
        ("a: !python/name:os 1\n", "1 a"),
        ("a: 1\n---\nb: 2\n", "3"),
        ("? [a, b]\n: 1\n", "1"),
        ("a: 2026-13-40\n", "1 a"),
        ("a:\n\tb: 1\n", "2"),
        ("a: b: c\n", "1"),
        ("a: 'x\n", "2"),
        ("a: [1, 2\nb: 3\n", "2"),
        ("a: 1\nb: \x00\n", "2"),
        (b"a: 1\nb: \xff\n", "2"),
        ("", ""),
        ("[" * 25 + "]" * 25, "1"),
    ],
)
def test_problems_of_a_text(tmp_path: Path, text: str | bytes, at: str, messages) -> None:
    messages.check(refusal(tmp_path, text), at=at)


def test_all_problems_are_reported_at_once_even_before_a_syntax_error(tmp_path: Path, messages) -> None:
    refused = refusal(tmp_path, "a: 1\na: 2\nb: *x\n c: 3\n")
    messages.check(refused)
    assert [problem.line for problem in refused.problems] == [2, 3, 4]


def test_a_missing_file_suggests_a_similar_one(tmp_path: Path, messages) -> None:
    (tmp_path / "baseline.yaml").write_text("a: 1\n", encoding="utf-8")
    with messages.raised(FileError):
        read_yaml(tmp_path / "baselin.yaml")
    with messages.raised(FileError):
        read_yaml(tmp_path / "club.yaml")
    with messages.raised(FileError):
        read_yaml(tmp_path / "nowhere" / "x.yaml")


def test_a_broken_link_is_reported_by_its_own_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, messages) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "l.yaml").symlink_to("gone.yaml")
    with messages.raised(FileError):
        read_yaml(Path("l.yaml"))


def test_a_folder_is_refused_as_a_file(tmp_path: Path, messages) -> None:
    with messages.raised(FileError):
        read_yaml(tmp_path)


def test_a_file_may_not_be_large(tmp_path: Path, messages) -> None:
    messages.check(refusal(tmp_path, b"#" * (MOST_BYTES + 1)))


TEXT = st.text(
    st.characters(exclude_categories=["Cc", "Cs", "Cn", "Zl", "Zp"], exclude_characters="\ufeff"), max_size=20
)
DATA = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-MOST_NUMBER, MOST_NUMBER)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT,
    lambda inner: st.lists(inner, min_size=1, max_size=4) | st.dictionaries(TEXT, inner, min_size=1, max_size=4),
    max_leaves=12,
)


@given(DATA)
def test_json_values_keep_their_meaning(data: object) -> None:
    """JSON is a subset of YAML 1.2."""
    reader = YamlReader("any.yaml")
    assert reader.read(json.dumps(data, ensure_ascii=False)) == data
    assert not reader.problems


@given(st.binary(max_size=60).map(lambda raw: raw.decode("latin-1")))
def test_any_text_is_data_or_a_problem_with_a_line(text: str) -> None:
    reader = YamlReader("any.yaml")
    reader.read(text)
    assert all(problem.line is not None and problem.line >= 1 for problem in reader.problems)


def test_a_misspelt_key_is_reported_once_with_a_suggestion(tmp_path: Path, messages) -> None:
    messages.check(faults(tmp_path, "nam: x\n"), at="1 nam")


def test_a_key_like_no_other_lists_the_known_ones(tmp_path: Path, messages) -> None:
    messages.check(faults(tmp_path, "name: x\nzzz: 1\n"), at="2 zzz")


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("weeks: 2\n", "1 name"),
        ("name: 3\n", "1 name"),
        ("name: x\nweeks: many\n", "2 weeks"),
        ("name: x\nstarts: soon\n", "2 starts"),
        ("name: x\nautomate: {}\n", "2 automate"),
        ("name: x\nautomate: [3]\n", "2 automate[0]"),
        ("name: x\nautomate:\n  - service: gp\n    share: 60\n", "4 automate[0].share"),
        ("name: x\nautomate:\n  - {service: gp, share: -1}\n", "3 automate[0].share"),
        ("name: x\nautomate:\n  - {service: gp, share: ~}\n", "3 automate[0].share"),
        ("name: x\nautomate:\n  - {service: gp, share: 0, kind: pumping}\n", "3 automate[0].kind"),
        ("name: x\nnamed:\n  a: {service: gp, shere: 1}\n", "3 named.a.shere"),
        ("name: x\nweeks: 60\n", "2 weeks"),
    ],
)
def test_what_pydantic_finds_is_reported_in_words(tmp_path: Path, text: str, at: str, messages) -> None:
    messages.check(faults(tmp_path, text), at=at)


def test_problems_come_in_file_order(tmp_path: Path) -> None:
    document = read(tmp_path, "weeks: no\nautomate: 3\nname: 1\n")
    with pytest.raises(ValidationError) as caught:
        Plan.model_validate(document.data)
    problems = problems_from_pydantic(caught.value, document, Plan)
    assert [problem.line for problem in problems] == [1, 2, 3]
    whole = document.problem((), "x", "y")
    assert in_file_order([whole, *problems])[0] == whole, "the file itself begins on line 1"


def test_a_rule_without_its_own_message_is_still_reported(tmp_path: Path, messages) -> None:
    class Even(BaseModel):
        number: int

        @model_validator(mode="after")
        def _even(self) -> Even:
            if self.number % 2:
                raise ValueError("the number is odd")
            return self

    document = read(tmp_path, "number: 3\n")
    with pytest.raises(ValidationError) as caught:
        Even.model_validate(document.data)
    (problem,) = problems_from_pydantic(caught.value, document, Even)
    assert problem.wrong == "the number is odd"
    messages.check(problem)


def test_names_allowed_inside_lists_maps_and_unions() -> None:
    assert field_names(Plan, ("automate", 0)) == ("service", "share", "kind")
    assert field_names(Plan, ("named", "anything")) == ("service", "share", "kind")
    assert field_names(Plan, ("name",)) == ()


def test_long_text_is_shortened_in_a_message() -> None:
    assert show("x" * 100) == repr("x" * 57 + "...")
    assert show([1, 2]) == "a list"
    assert str(InvalidValue("this is wrong", "Do that")) == "this is wrong. Do that"
