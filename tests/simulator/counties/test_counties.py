"""Counties: the shipped one, user files, and their problems."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from simulator.counties import county_names, load_county, read_county, scaled
from simulator.counties.county import CountyFile, fewest_residents
from simulator.counties.loading import SHIPPED_FOLDER
from simulator.errors import CountyError, UnknownNameError
from simulator.foundations.input_files import json_schema, read_yaml
from simulator.places import FEWEST_RESIDENTS, load_place
from tests.helpers.place_files import GOOD

COUNTY = """\
name: my_county
title: My county
origin: hill
source: A map of our own
grade: assumption
places:
  - {name: hill, title: Hill, based_on: frome, residents: 5000, neighbours: [vale]}
  - {name: vale, title: Vale, based_on: rural_district, neighbours: [town]}
  - {name: town, title: Town, based_on: my_town.yaml, neighbours: [hill]}
"""


def write(folder: Path, text: str = COUNTY, name: str = "my_county") -> Path:
    (folder / "my_town.yaml").write_text(GOOD, encoding="utf-8")
    path = folder / f"{name}.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_shipped_county_has_twelve_places_and_says_that_it_is_made_up():
    county = load_county("somerset_like")
    assert county_names() == ("somerset_like",)
    assert len(county.places) == 12
    assert county.composite
    assert all(2_000 <= place.residents <= 60_000 for place in county)
    assert len({place.hash for place in county}) == 12
    assert county.residents == sum(place.residents for place in county.places)


def test_a_place_of_a_county_has_the_margins_of_its_model(tmp_path: Path):
    county = read_county(write(tmp_path))
    hill, vale, town = county
    frome = load_place("frome")
    assert (hill.name, hill.title, hill.residents, hill.age) == ("hill", "Hill", 5000, frome.age)
    assert hill.composite  # Frome with another size is no place there is
    assert (vale.residents, town.residents) == (20_000, 12_000)
    assert not town.composite
    assert county.neighbours == (("hill", "vale"), ("town", "vale"), ("hill", "town"))


def test_scaling_keeps_every_place_large_enough_to_build(tmp_path: Path, messages):
    county = read_county(write(tmp_path))
    assert [place.residents for place in scaled(county, 0.5)] == [2500, 10_000, 6000]
    tiny = scaled(county, 0.0001)
    assert [place.residents for place in tiny] == [fewest_residents(place) for place in county]
    assert min(place.residents for place in tiny) >= FEWEST_RESIDENTS
    assert scaled(county, 1.0) == county
    assert tiny.hash != county.hash
    with messages.raised(ValueError):
        scaled(county, 0.0)


@pytest.mark.parametrize(
    ("old", "new", "at"),
    [
        ("origin: hill", "origin: hil", "3 origin"),
        (
            "neighbours: [town]",
            "neighbours: [towm]",
            "8 places[1].neighbours[0]",
        ),
        ("neighbours: [vale]", "neighbours: [hill]", "7 places[0].neighbours[0]"),
        (
            "name: vale",
            "name: hill",
            "8 places[1].name",
        ),
        ("based_on: frome", "based_on: from", "7 places[0].based_on"),
        ("based_on: my_town.yaml", "based_on: no_town.yaml", "9 places[2].based_on"),
        ("residents: 5000", "residents: 500", "7 places[0].residents"),
        (
            "based_on: rural_district",
            "based_on: rural_district, residents: 2000",
            "8 places[1].residents",
        ),
        ("source: A map of our own\n", "", "1 source"),
        ("name: my_county", "name: your_county", "1 name"),
        ("title: My county", "titel: My county", "2 titel"),
        ("neighbours: [town]}", "neighbourss: [town]}", "8 places[1].neighbourss"),
    ],
)
def test_a_problem_is_reported_with_its_line(tmp_path: Path, old: str, new: str, at, messages):
    assert old in COUNTY
    with messages.raised(CountyError, at):
        read_county(write(tmp_path, COUNTY.replace(old, new)))


def test_an_unconnected_place_is_reported(tmp_path: Path, messages):
    island = """\
  - {name: isle, title: Isle, based_on: frome, neighbours: [rock]}
  - {name: rock, title: Rock, based_on: frome, neighbours: [isle]}
"""
    with messages.raised(CountyError):
        read_county(write(tmp_path, COUNTY + island))


def test_an_unknown_county_gets_a_suggestion(tmp_path: Path, messages):
    with messages.raised(UnknownNameError):
        load_county("somerset")
    with messages.raised(CountyError):
        load_county(tmp_path / "nowhere.yaml")


def test_the_shipped_schema_is_current_and_fits_the_shipped_counties():
    schema = json.loads((SHIPPED_FOLDER / "schema.json").read_text(encoding="utf-8"))
    assert schema == json_schema(CountyFile), "write it anew: offset schema county --out simulator/counties/schema.json"
    for name in county_names():
        path = SHIPPED_FOLDER / f"{name}.yaml"
        jsonschema.validate(read_yaml(path).data, schema)
        assert path.read_text(encoding="utf-8").startswith("# yaml-language-server: $schema=schema.json\n")
