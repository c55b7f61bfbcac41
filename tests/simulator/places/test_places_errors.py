"""Problems of place files and their messages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from simulator.errors import PlaceError, UnknownNameError
from simulator.foundations.input_files import json_schema, read_yaml
from simulator.places import PlaceFile, load_place, read_place
from simulator.places.margins import share_of_whole
from tests.helpers.place_files import GOOD, refused, write


def test_an_unknown_name_gets_a_suggestion(messages) -> None:
    with messages.raised(UnknownNameError):
        load_place("from")


def test_a_missing_file_is_reported(tmp_path: Path, messages) -> None:
    with messages.raised(PlaceError):
        load_place(tmp_path / "nowhere.yaml")


@pytest.mark.parametrize(
    ("old", "new", "at"),
    [
        ("residents: 12000", "residents: 1500", "3 residents"),
        ("residents: 12000", "residents: many", "3 residents"),
        ("title: My Town", "titel: My Town", "2 titel"),
        ("0-15: 18 %", "0-15: 28 %", "5 age.shares"),
        ("0-15: 18 %", "0-15: -18 %", "5 age.shares.0-15"),
        ("0-15: 18 %", "0-15: 18", "5 age.shares.0-15"),
        ("0-15: 18 %", "0-15: [1]", "5 age.shares.0-15"),
        ("0-15: 18 %", "0-14: 18 %", "5 age.shares"),
        ('"5": 10 %', '"6": 10 %', "10 deprivation.shares.6"),
        ('"4": 15 %, "5": 10 %', '"4": 25 %', "10 deprivation.shares"),
        ("  grade: A\nd", "  grade: D\nd", "8 age.grade"),
        ("  reference: https://www.gov.uk/\n", "", "9 deprivation"),
        ("  source: Census 2021, My Town\n", "", "4 age.source"),
        ("name: my_town", "name: your_town", "1 name"),
        ("residents: 12000", "residents: 12000\nresidents: 2000", "4 residents"),
        ('"1": 20 %, "2": 30 %', '"1": 0.1 %, "2": 49.9 %', "9 deprivation"),
        ("0-15: 18 %, 16-64: 60 %", "0-15: 58 %, 16-64: 20 %", "4 age"),
    ],
)
def test_an_invalid_file_is_reported_by_line_field_and_remedy(
    tmp_path: Path, old: str, new: str, at: str, messages
) -> None:
    assert GOOD.count(old) == 1
    refused(messages, tmp_path, GOOD.replace(old, new), at=at)


def test_shares_and_counts_are_one_or_the_other(tmp_path: Path, messages) -> None:
    both = GOOD.replace("age:\n", "age:\n  counts: {0+: 100}\n")
    refused(messages, tmp_path, both)
    neither = GOOD.replace("  shares: {0-15: 18 %, 16-64: 60 %, 65-84: 19 %, 85+: 3 %}\n", "")
    refused(messages, tmp_path, neither)


@pytest.mark.parametrize(
    ("counts", "at"),
    [
        ("{0-15: -5, 16+: 100}", "5 age.counts.0-15"),
        ("{0-15: few, 16+: 100}", "5 age.counts.0-15"),
        ("{0-15: 0, 16+: 0}", "5 age.counts"),
    ],
)
def test_counts_must_be_numbers_of_people(tmp_path: Path, counts: str, at: str, messages) -> None:
    text = GOOD.replace("shares: {0-15: 18 %, 16-64: 60 %, 65-84: 19 %, 85+: 3 %}", f"counts: {counts}")
    refused(messages, tmp_path, text, at=at)


def test_age_and_deprivation_are_required_unless_given_jointly(tmp_path: Path, messages) -> None:
    text = GOOD[: GOOD.index("deprivation:")]
    refused(messages, tmp_path, text)


JOINT = """\
age_by_deprivation:
  counts:
    "1": {0-15: 20, 16+: 80}
    "2": {0-15: 20, 16+: 80}
    "3": {0-15: 20, 16+: 80}
    "4": {0-15: 20, 16+: 80}
    "5": {0-15: 20, 16+: 80}
  source: A made-up table for a test
  grade: assumption
"""
ALONE = GOOD[: GOOD.index("age:")] + JOINT


def test_age_by_deprivation_alone_gives_both_margins(tmp_path: Path) -> None:
    place = read_place(write(tmp_path, ALONE))
    assert place.deprivation == pytest.approx((0.2,) * 5)
    assert sum(place.age[:2]) == pytest.approx(0.2)


@pytest.mark.parametrize(
    ("old", "new", "at"),
    [
        ('"1": {0-15: 20, 16+: 80}', '"1": {0-15: 60, 16+: 40}', "4 age_by_deprivation"),
        ('"1": {0-15: 20, 16+: 80}', '"9": {0-15: 20, 16+: 80}', "6 age_by_deprivation.counts.9"),
        ('"1": {0-15: 20, 16+: 80}', '"1": {0-15: 20, 18+: 80}', "6 age_by_deprivation.counts.1"),
        ('"1": {0-15: 20, 16+: 80}', '"1": {0-15: 20, 16+: -80}', "6 age_by_deprivation.counts.1.16+"),
    ],
)
def test_problems_of_a_joint_table_are_reported(tmp_path: Path, old: str, new: str, at: str, messages) -> None:
    refused(messages, tmp_path, ALONE.replace(old, new), at=at)


def test_margins_that_contradict_the_joint_table_are_reported(tmp_path: Path, messages) -> None:
    ages = "{0-84: 20, 85+: 0}"
    nobody_old = GOOD + JOINT.replace("{0-15: 20, 16+: 80}", ages)
    refused(messages, tmp_path, nobody_old)
    empty = GOOD + JOINT.replace('"2": {0-15: 20, 16+: 80}', '"2": {0-15: 0, 16+: 0}')
    refused(messages, tmp_path, empty)


def test_living_alone_and_household_sizes_may_be_given(tmp_path: Path, messages) -> None:
    more = """\
living_alone:
  shares: {16-64: 10 %, 65+: 30 %}
  source: A made-up share for a test
  grade: assumption
household_sizes:
  counts: {"1": 300, "2": 340, "3": 160, "4": 130, "5": 50, "6+": 20}
  source: A made-up count for a test
  grade: assumption
"""
    place = read_place(write(tmp_path, GOOD + more))
    assert place.living_alone == pytest.approx((0.0, 0.0, 0.1, 0.1, 0.1, 0.1, 0.3, 0.3, 0.3))
    assert place.household_sizes[0] == pytest.approx(0.3)
    refused(messages, tmp_path, GOOD + more.replace("16-64", "18-64"))
    refused(messages, tmp_path, GOOD + more.replace('"6+"', '"7+"'))


@given(st.floats(0.0, 1.0))
def test_shares_are_read_as_numbers_or_percentages(share: float) -> None:
    assert share_of_whole(share) == share
    assert share_of_whole(f"{100 * share:.4f} %") == pytest.approx(share, abs=1e-6)


def mutated(data: dict[str, Any], path: list[str]) -> dict[str, Any]:
    """The data without the key at ``path``."""
    if len(path) == 1:
        return {key: value for key, value in data.items() if key != path[0]}
    return {**data, path[0]: mutated(data[path[0]], path[1:])}


@pytest.mark.parametrize("path", [["name"], ["title"], ["residents"], ["age"], ["deprivation"], ["age", "grade"]])
def test_what_the_reader_refuses_the_schema_refuses(tmp_path: Path, path: list[str]) -> None:
    data = mutated(read_yaml(write(tmp_path, GOOD)).data, path)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(data, json_schema(PlaceFile))
    with pytest.raises(ValidationError):
        PlaceFile.model_validate(data)
