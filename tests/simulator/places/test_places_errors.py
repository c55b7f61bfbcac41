"""The faults a place file can have, and how they are told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.errors import PlaceError, UnknownNameError
from simulator.foundations.input_files import read_yaml
from simulator.places import PlaceFile, load_place, places_schema, read_place
from simulator.places.margins import share_of_whole
from tests.helpers.place_files import GOOD, message, write


def test_an_unknown_name_gets_a_suggestion() -> None:
    with pytest.raises(UnknownNameError) as caught:
        load_place("from")
    assert str(caught.value) == "there is no place 'from'. Did you mean 'frome'?"


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(PlaceError, match="there is no such file"):
        load_place(tmp_path / "nowhere.yaml")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("residents: 12000", "residents: 1500", "line 3, residents: 1500 residents are too few"),
        ("residents: 12000", "residents: many", "line 3, residents: 'many' is not a whole number"),
        ("title: My Town", "titel: My Town", "line 2, titel: there is no field 'titel' here. Did you mean 'title'?"),
        ("0-15: 18 %", "0-15: 28 %", "line 5, age.shares: the shares add up to 110 %. Make it 100 %: take away 10 %."),
        ("0-15: 18 %", "0-15: -18 %", "line 5, age.shares.0-15: '-18 %' is not between nothing and the whole"),
        ("0-15: 18 %", "0-15: 18", "line 5, age.shares.0-15: 18 is not between nothing and the whole"),
        ("0-15: 18 %", "0-15: [1]", "line 5, age.shares.0-15: a list is not a share"),
        ("0-15: 18 %", "0-14: 18 %", "line 5, age.shares: ages 15 to 15 are in no band"),
        ('"5": 10 %', '"6": 10 %', "line 10, deprivation.shares.6: there is no deprivation '6'. Known: 1, 2, 3, 4, 5."),
        ('"4": 15 %, "5": 10 %', '"4": 25 %', "line 10, deprivation.shares: 5 missing"),
        ("  grade: A\nd", "  grade: D\nd", "line 8, age.grade: 'D' is not one of the known words"),
        ("  reference: https://www.gov.uk/\n", "", "a margin of grade A has no reference"),
        ("  source: Census 2021, My Town\n", "", "line 4, age.source: 'source' is missing"),
        ("name: my_town", "name: your_town", "the name is 'your_town' in a file named 'my_town.yaml'"),
        ("residents: 12000", "residents: 12000\nresidents: 2000", "residents"),
        ('"1": 20 %, "2": 30 %', '"1": 0.1 %, "2": 49.9 %', "12 residents in deprivation fifth 1 are too few"),
        ("0-15: 18 %, 16-64: 60 %", "0-15: 58 %, 16-64: 20 %", "more than half are under 16"),
    ],
)
def test_a_faulty_file_is_told_by_line_field_and_remedy(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert GOOD.count(old) == 1
    assert told in message(tmp_path, GOOD.replace(old, new))


def test_shares_and_counts_are_one_or_the_other(tmp_path: Path) -> None:
    both = GOOD.replace("age:\n", "age:\n  counts: {0+: 100}\n")
    assert "age: counts and shares are both given. Give either counts or shares." in message(tmp_path, both)
    neither = GOOD.replace("  shares: {0-15: 18 %, 16-64: 60 %, 65-84: 19 %, 85+: 3 %}\n", "")
    assert "age: neither counts nor shares is given" in message(tmp_path, neither)


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ("{0-15: -5, 16+: 100}", "line 5, age.counts.0-15: -5 is less than nothing. Write a number of 0 or more."),
        ("{0-15: few, 16+: 100}", "line 5, age.counts.0-15: 'few' is not a number"),
        ("{0-15: 0, 16+: 0}", "line 5, age.counts: nobody is counted"),
    ],
)
def test_counts_must_be_numbers_of_people(tmp_path: Path, counts: str, told: str) -> None:
    text = GOOD.replace("shares: {0-15: 18 %, 16-64: 60 %, 65-84: 19 %, 85+: 3 %}", f"counts: {counts}")
    assert told in message(tmp_path, text)


def test_age_and_deprivation_are_wanted_unless_given_together(tmp_path: Path) -> None:
    text = GOOD[: GOOD.index("deprivation:")]
    assert "'deprivation' is missing. Add 'deprivation: ...', or age_by_deprivation for both." in message(
        tmp_path, text
    )


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
    ("old", "new", "told"),
    [
        ('"1": {0-15: 20, 16+: 80}', '"1": {0-15: 60, 16+: 40}', "more than half of deprivation fifth 1 are under 16"),
        ('"1": {0-15: 20, 16+: 80}', '"9": {0-15: 20, 16+: 80}', "there is no deprivation fifth '9'"),
        ('"1": {0-15: 20, 16+: 80}', '"1": {0-15: 20, 18+: 80}', "ages 16 to 17 are in no band"),
        ('"1": {0-15: 20, 16+: 80}', '"1": {0-15: 20, 16+: -80}', "-80 is less than nothing"),
    ],
)
def test_faults_of_a_joint_table_are_told(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert told in message(tmp_path, ALONE.replace(old, new))


def test_margins_that_contradict_the_joint_table_are_told(tmp_path: Path) -> None:
    ages = "{0-84: 20, 85+: 0}"
    nobody_old = GOOD + JOINT.replace("{0-15: 20, 16+: 80}", ages)
    assert "age 85+ has residents, but no deprivation fifth has any of that age" in message(tmp_path, nobody_old)
    empty = GOOD + JOINT.replace('"2": {0-15: 20, 16+: 80}', '"2": {0-15: 0, 16+: 0}')
    assert "deprivation fifth 2 has residents, but none of any age" in message(tmp_path, empty)


def test_living_alone_and_household_sizes_may_be_given(tmp_path: Path) -> None:
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
    told = message(tmp_path, GOOD + more.replace("16-64", "18-64"))
    assert "living_alone.shares: ages 16 to 17 are in no band" in told
    told = message(tmp_path, GOOD + more.replace('"6+"', '"7+"'))
    assert "there is no household_sizes '7+'" in told


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
        jsonschema.validate(data, places_schema())
    with pytest.raises(ValueError, match=r"missing|required"):
        PlaceFile.model_validate(data)
