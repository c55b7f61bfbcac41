"""Errors of evidence files and of changes to evidence."""

from __future__ import annotations

import pickle
import shutil
from pathlib import Path

import pytest

from simulator.errors import EvidenceError
from simulator.evidence import Change, load_evidence
from simulator.evidence.loading import SHIPPED_FOLDER

GOOD = """\
topic: care
values:
  wait_days:
    label: Days waited
    unit: days
    value: 7
    low: 5
    high: 9
    distribution: lognormal
    grade: B
    source: A study of waiting, 2020
    reference: doi:10.1000/xyz
"""
TABLE = """\
topic: care
values:
  minor:
    label: Minor attendances
    unit: per person per year
    by: deprivation
    value: {1: 0.3, 2: 0.3, 3: 0.2, 4: 0.2, 5: 0.1}
    distribution: fixed
    grade: assumption
    source: A judgement of the test
"""


def refusal(folder: Path, text: str, name: str = "care.yaml") -> EvidenceError:
    (folder / name).write_text(text, encoding="utf-8")
    with pytest.raises(EvidenceError) as caught:
        load_evidence(folder)
    return caught.value


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A copy of the shipped folder, to spoil."""
    for path in SHIPPED_FOLDER.glob("*.yaml"):
        shutil.copy(path, tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("was", "becomes", "at"),
    [
        ("unit: days", "unit: dais", "5 values.wait_days.unit"),
        ("value: 7", "value: -7", "6 values.wait_days.value"),
        (
            "value: 7",
            "value: 70",
            "6 values.wait_days.value",
        ),
        ("value: 7", "value: .nan", "6 values.wait_days.value"),
        ("value: 7", "value: seven", "6 values.wait_days.value"),
        ("value: 7", "value: {0-4: 7}", "6 values.wait_days.value"),
        ("low: 5", "low: 0", "7 values.wait_days.low"),
        ("    low: 5\n", "", "8 values.wait_days.distribution"),
        ("lognormal", "fixed", "9 values.wait_days.distribution"),
        ("lognormal", "gaussian", "9 values.wait_days.distribution"),
        ("grade: B", "grade: D", "10 values.wait_days.grade"),
        (
            "    reference: doi:10.1000/xyz\n",
            "",
            "3 values.wait_days",
        ),
        (
            "doi:10.1000/xyz",
            "a book",
            "12 values.wait_days.reference",
        ),
        (
            "source: A study of waiting, 2020",
            "source: me",
            "11 values.wait_days.source",
        ),
        ("    unit: days\n", "", "3 values.wait_days.unit"),
        ("label:", "lable:", "4 values.wait_days.lable"),
        (
            "topic: care",
            "topic: cure",
            "1 topic",
        ),
    ],
)
def test_problems_of_a_value(tmp_path: Path, was: str, becomes: str, at: str, messages) -> None:
    assert was in GOOD
    messages.check(refusal(tmp_path, GOOD.replace(was, becomes)), at=at)


@pytest.mark.parametrize(
    ("was", "becomes", "at"),
    [
        (", 5: 0.1", "", "7 values.minor.value"),
        ("5: 0.1", "6: 0.1", "7 values.minor.value"),
        (
            "{1: 0.3, 2: 0.3, 3: 0.2, 4: 0.2, 5: 0.1}",
            "0.2",
            "7 values.minor.value",
        ),
        ("5: 0.1", "5: -0.1", "7 values.minor.value.5"),
        ("by: deprivation", "by: wealth", "6 values.minor.by"),
    ],
)
def test_problems_of_a_table(tmp_path: Path, was: str, becomes: str, at: str, messages) -> None:
    assert was in TABLE
    messages.check(refusal(tmp_path, TABLE.replace(was, becomes)), at=at)


def test_every_fault_of_every_file_is_reported(tmp_path: Path, messages) -> None:
    (tmp_path / "digital.yaml").write_text("topic: digital\nvalues: {}\n", encoding="utf-8")
    told = refusal(tmp_path, GOOD.replace("unit: days", "unit: dais").replace("label:", "lable:"))
    messages.check(told)


def test_an_empty_evidence_folder_is_refused(tmp_path: Path, messages) -> None:
    with messages.raised(EvidenceError):
        load_evidence(tmp_path)


def test_a_users_own_folder_is_read(own: Path) -> None:
    file = own / "care.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("value: 7\n", "value: 6\n"), encoding="utf-8")
    evidence = load_evidence(own)
    assert evidence["care.wait_days"].value == 6.0
    assert evidence.hash != load_evidence().hash
    assert evidence["digital.offline_share"].value == load_evidence()["digital.offline_share"].value


def test_a_users_own_folder_must_have_the_same_values_in_the_same_units(own: Path, messages) -> None:
    file = own / "care.yaml"
    text = file.read_text(encoding="utf-8").replace("  wait_days:", "  wait_dais:").replace("minutes", "hours")
    file.write_text(text, encoding="utf-8")
    prices = own / "prices.yaml"
    prices.write_text(prices.read_text(encoding="utf-8").replace("unit: pounds\n", "unit: days\n", 1), encoding="utf-8")
    with pytest.raises(EvidenceError) as caught:
        load_evidence(own)
    told = str(caught.value)
    messages.check(told)


def test_a_change_is_fixed_and_keeps_its_reason() -> None:
    evidence = load_evidence()
    changed = evidence.with_changes({"care.wait_days": Change(5, "discharge lounge", "plan.yaml", 9)})
    value = changed["care.wait_days"]
    assert (value.value, value.low, value.high, value.distribution) == (5.0, 5.0, 5.0, "fixed")
    assert value.at(0.01) == value.at(0.99) == 5.0
    assert (value.source, value.file, value.line, value.grade) == ("discharge lounge", "plan.yaml", 9, "assumption")
    assert changed.hash != evidence.hash
    assert evidence["care.wait_days"].value == 7.0
    assert pickle.loads(pickle.dumps(changed)) == changed


def test_a_table_can_be_changed_in_part() -> None:
    change = Change({"85+": 0.3}, "local survey", "plan.yaml", 4)
    before = load_evidence()["digital.offline_share"]
    after = load_evidence().with_changes({"digital.offline_share": change})["digital.offline_share"]
    assert after.value[:-1] == before.value[:-1]  # type: ignore[index]
    assert after.value[-1] == 0.3  # type: ignore[index]


def test_no_change_is_the_same_evidence() -> None:
    assert load_evidence().with_changes({}) is load_evidence()


@pytest.mark.parametrize(
    ("path", "value", "reason", "at"),
    [
        ("loneliness.threshol", 1, "why", "12 changes.loneliness.threshol"),
        ("lonelyness.threshold", 1, "why", "12 changes.lonelyness.threshold"),
        ("care.wait_days", -1, "why", "12 changes.care.wait_days"),
        ("care.wait_days", {"0-4": 1}, "why", "12 changes.care.wait_days"),
        (
            "digital.offline_share",
            0.1,
            "why",
            "12 changes.digital.offline_share",
        ),
        ("digital.offline_share", {"85": 0.1}, "why", "12 changes.digital.offline_share"),
        ("digital.offline_share", {"85+": 1.1}, "why", "12 changes.digital.offline_share"),
        ("care.wait_days", 5, "  ", "12 changes.care.wait_days"),
    ],
)
def test_a_change_that_cannot_be_made_names_its_line(path: str, value: object, reason: str, at: str, messages) -> None:
    change = Change(value, reason, "plan.yaml", 12)  # type: ignore[arg-type]
    with messages.raised(EvidenceError, at):
        load_evidence().with_changes({path: change})
