"""What is said of an evidence file that cannot be used, and of a change that cannot be made."""

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


def refusal(folder: Path, text: str, name: str = "care.yaml") -> str:
    (folder / name).write_text(text, encoding="utf-8")
    with pytest.raises(EvidenceError) as caught:
        load_evidence(folder)
    return str(caught.value)


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A copy of the shipped folder, to spoil."""
    for path in SHIPPED_FOLDER.glob("*.yaml"):
        shutil.copy(path, tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("was", "becomes", "told"),
    [
        ("unit: days", "unit: dais", "line 5, values.wait_days.unit: there is no unit 'dais'. Did you mean 'days'?"),
        ("value: 7", "value: -7", "line 6, values.wait_days.value: -7 is not 0 days or more. Give 0 days or more."),
        (
            "value: 7",
            "value: 70",
            "line 6, values.wait_days.value: low 5, value 70, high 9 are out of order. Order them",
        ),
        ("value: 7", "value: .nan", "values.wait_days.value: nan is not 0 days or more"),
        ("value: 7", "value: seven", "line 6, values.wait_days.value: 'seven' is not a number. Write a number."),
        ("value: 7", "value: {0-4: 7}", "a single value is given as a table. Give one number."),
        ("low: 5", "low: 0", "line 7, values.wait_days.low: a lognormal value must be above 0. Change low, or choose"),
        ("    low: 5\n", "", "line 8, values.wait_days.distribution: a lognormal value lacks 'low'. Give low and high"),
        ("lognormal", "fixed", "line 9, values.wait_days.distribution: a fixed value has 'low'. Give low and high, or"),
        ("lognormal", "gaussian", "'gaussian' is not one of the known words. Known: fixed, logit-normal, lognormal"),
        ("grade: B", "grade: D", "line 10, values.wait_days.grade: 'D' is not one of the known words. Known: A, B, C,"),
        (
            "    reference: doi:10.1000/xyz\n",
            "",
            "line 3, values.wait_days: a value of grade B has no reference. Add 're",
        ),
        (
            "doi:10.1000/xyz",
            "a book",
            "line 12, values.wait_days.reference: 'a book' does not have the right form. Write",
        ),
        (
            "source: A study of waiting, 2020",
            "source: me",
            "line 11, values.wait_days.source: 'me' is too short. Write",
        ),
        ("    unit: days\n", "", "line 3, values.wait_days.unit: 'unit' is missing. Add 'unit: ...'."),
        ("label:", "lable:", "line 4, values.wait_days.lable: there is no field 'lable' here. Did you mean 'label'?"),
        (
            "topic: care",
            "topic: cure",
            "line 1, topic: the topic is 'cure' in a file named 'care.yaml'. Write 'topic: c",
        ),
    ],
)
def test_faults_of_a_value(tmp_path: Path, was: str, becomes: str, told: str) -> None:
    assert was in GOOD
    assert told in refusal(tmp_path, GOOD.replace(was, becomes))


@pytest.mark.parametrize(
    ("was", "becomes", "told"),
    [
        (", 5: 0.1", "", "line 7, values.minor.value: 5 missing in a table by deprivation. Give a number for each."),
        ("5: 0.1", "6: 0.1", "values.minor.value: there is no deprivation '6'."),
        (
            "{1: 0.3, 2: 0.3, 3: 0.2, 4: 0.2, 5: 0.1}",
            "0.2",
            "a table by deprivation is given as one number. Give a num",
        ),
        ("5: 0.1", "5: -0.1", "line 7, values.minor.value.5: -0.1 is not a rate of 0 or more per person per year."),
        ("by: deprivation", "by: wealth", "line 6, values.minor.by: 'wealth' is not one of the known words."),
    ],
)
def test_faults_of_a_table(tmp_path: Path, was: str, becomes: str, told: str) -> None:
    assert was in TABLE
    assert told in refusal(tmp_path, TABLE.replace(was, becomes))


def test_every_fault_of_every_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "digital.yaml").write_text("topic: digital\nvalues: {}\n", encoding="utf-8")
    told = refusal(tmp_path, GOOD.replace("unit: days", "unit: dais").replace("label:", "lable:"))
    assert told.startswith("2 problems in this evidence file:")
    assert "care.yaml, line 4" in told
    assert "digital.yaml, line 2" in told


def test_an_empty_folder_is_no_evidence(tmp_path: Path) -> None:
    with pytest.raises(EvidenceError, match=r"there are no evidence files in this folder\. Give a folder that holds"):
        load_evidence(tmp_path)


def test_a_folder_of_ones_own_is_read(own: Path) -> None:
    file = own / "care.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("value: 7\n", "value: 6\n"), encoding="utf-8")
    evidence = load_evidence(own)
    assert evidence["care.wait_days"].value == 6.0
    assert evidence.hash != load_evidence().hash
    assert evidence["digital.offline_share"].value == load_evidence()["digital.offline_share"].value


def test_a_folder_of_ones_own_must_have_the_same_values_in_the_same_units(own: Path) -> None:
    file = own / "care.yaml"
    text = file.read_text(encoding="utf-8").replace("  wait_days:", "  wait_dais:").replace("minutes", "hours")
    file.write_text(text, encoding="utf-8")
    prices = own / "prices.yaml"
    prices.write_text(prices.read_text(encoding="utf-8").replace("unit: pounds\n", "unit: days\n", 1), encoding="utf-8")
    with pytest.raises(EvidenceError) as caught:
        load_evidence(own)
    told = str(caught.value)
    assert "the simulator knows no value 'care.wait_dais'. Did you mean 'wait_days'?" in told
    assert "care.wait_days: this value is missing. Copy it from the shipped file." in told
    assert "prices.zero_night_admission: its unit is days. Give it in pounds." in told


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
    ("path", "value", "reason", "told"),
    [
        ("loneliness.onset_rat", 1, "why", "there is no evidence value 'loneliness.onset_rat'. Did you mean 'loneline"),
        ("lonelyness.onset_rate", 1, "why", "Did you mean 'loneliness.onset_rate'?"),
        ("care.wait_days", -1, "why", "-1 is not 0 days or more. Give 0 days or more: care.wait_days is in 'days'."),
        ("care.wait_days", {"0-4": 1}, "why", "a single value is given as a table. Give one number."),
        (
            "digital.offline_share",
            0.1,
            "why",
            "a table by age_band is given as one number. Give a number for each of 0-4",
        ),
        ("digital.offline_share", {"85": 0.1}, "why", "there is no age_band '85'. Did you mean '85+'?"),
        ("digital.offline_share", {"85+": 1.1}, "why", "1.1 is not a share between 0 and 1."),
        ("care.wait_days", 5, "  ", "the change has no reason. Say why the value differs: 'reason: ...'."),
    ],
)
def test_a_change_that_cannot_be_made_names_its_line(path: str, value: object, reason: str, told: str) -> None:
    change = Change(value, reason, "plan.yaml", 12)  # type: ignore[arg-type]
    with pytest.raises(EvidenceError) as caught:
        load_evidence().with_changes({path: change})
    assert f"plan.yaml, line 12, changes.{path}: " in str(caught.value)
    assert told in str(caught.value)
